"""`HasMetadata` and `SameMetadata`: rules that follow the metadata, as it is known now."""

from typing import Any

import pytest

from lastgood import InvalidMetadata, InvalidText, LastStable, MetadataValue, VersionRegistry
from lastgood.rules import HasMetadata, SameMetadata
from tests.ids import shown
from tests.rows import each_row
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import bad, deploy, good, note, story, target


def known(**metadata: MetadataValue) -> VersionRegistry:
    """Return a registry of one version with this metadata."""
    return VersionRegistry().register("1", metadata=metadata)


def serving(
    current: dict[str, MetadataValue], **others: dict[str, MetadataValue]
) -> VersionRegistry:
    """Return a registry whose current version, "now", and the others have this metadata."""
    registry = VersionRegistry()
    for label, metadata in {**others, "now": current}.items():
        registry = registry.register(label, metadata=metadata)
    return registry.deploy("now")


# HasMetadata


@each_row("value", ["eu", "", 3, 0, 0.5, True, False, None])
def test_the_value_passes(value: MetadataValue) -> None:
    """A version that has the value passes, whatever the value, `None` too."""
    assert asked(HasMetadata("region", value), known(region=value, other=1), "1") is None


@each_row("value", ["us", "EU", "", 1, None, False])
def test_another_value_is_rejected(value: MetadataValue) -> None:
    """Another value is rejected; the reason names the key and both values."""
    reason = rejects(HasMetadata("region", "eu"), known(region=value), "1")
    assert "region" in reason
    assert repr(value) in reason
    assert "'eu'" in reason


@each_row("value", ["eu", None, False, 0, ""])
def test_a_missing_value_is_rejected(value: MetadataValue) -> None:
    """A version without the key is rejected, whatever is asked for; the reason names the key."""
    assert "region" in rejects(HasMetadata("region", value), known(), "1")


def test_numbers_are_compared_by_value() -> None:
    """A whole number is the same written as a float, and a truth value is not a number."""
    assert asked(HasMetadata("gpus", 2), known(gpus=2.0), "1") is None
    assert rejects(HasMetadata("gpus", 1), known(gpus=True), "1")


def test_what_was_learned_later_counts() -> None:
    """An annotation is laid over the metadata, and the newest value decides."""
    rule = HasMetadata("warm", True)  # noqa: FBT003  # a metadata value
    registry = story(note("1", warm=True), since=known())
    assert asked(rule, registry, "1") is None
    assert rejects(rule, story(note("1", warm=False), since=registry), "1")


def test_what_serves_does_not_matter_for_a_value() -> None:
    """`HasMetadata` is about the version alone."""
    registry = known(region="eu")
    assert asked(HasMetadata("region", "eu"), registry, "1") is None
    assert asked(HasMetadata("region", "eu"), registry.deploy("1"), "1") is None


def test_a_strategy_passes_over_the_others() -> None:
    """On a strategy it leads to the next version that has the value."""
    registry = story(good("1", metadata={"region": "eu"}), good("2"), deploy("3"), bad("3"))
    assert target(LastStable().where(HasMetadata("region", "eu")), registry) == "1"


@each_row(
    "wrong", [["eu"], {"eu": 1}, b"eu", float("nan"), float("inf"), 2**63, -(2**63) - 1, "\ud800"]
)
def test_a_value_is_one_that_metadata_can_have(wrong: Any) -> None:
    """A value that no version can have would reject everything, so it is refused at once."""
    with pytest.raises(InvalidMetadata, match=r"^metadata\['region'\] "):
        _ = HasMetadata("region", wrong)


# SameMetadata


@each_row("value", ["A", "", 3, 0, 0.5, True, False])
def test_the_same_value_passes(value: MetadataValue) -> None:
    """A version that has the value of the current version passes, whatever the value."""
    registry = serving({"schema": value}, a={"schema": value, "other": 1})
    assert asked(SameMetadata("schema"), registry, "a") is None


@each_row("value", ["B", "a", 1, None, False])
def test_another_value_than_the_current_one_is_rejected(value: MetadataValue) -> None:
    """Another value is rejected; the reason names the key."""
    registry = serving({"schema": "A"}, a={"schema": value})
    assert "schema" in rejects(SameMetadata("schema"), registry, "a")


@pytest.mark.parametrize("unknown", [{}, {"schema": None}, {"scheme": "A"}], ids=shown)
def test_what_is_not_known_fails_closed(unknown: dict[str, MetadataValue]) -> None:
    """A missing value, or `None`, on either side rejects.

    The reason names the key, whose value is not known, and how to make it known.
    """
    rule = SameMetadata("schema")
    reason = rejects(rule, serving({"schema": "A"}, a=unknown), "a")
    assert "schema" in reason
    assert "annotate" in reason
    reason = rejects(rule, serving(unknown, a={"schema": "A"}), "a")
    assert "'now'" in reason
    assert "annotate" in reason
    assert rejects(rule, serving(unknown, a=unknown), "a")


def test_what_was_learned_later_makes_it_known() -> None:
    """An annotation of either side lets the version pass."""
    registry = serving({}, a={})
    registry = story(note("a", schema="A"), note("now", schema="A"), since=registry)
    assert asked(SameMetadata("schema"), registry, "a") is None


def test_any_of_several_keys_may_differ() -> None:
    """All keys must agree; the reason names the one that does not."""
    rule = SameMetadata("schema", "tokenizer")
    registry = serving(
        {"schema": "A", "tokenizer": 1},
        a={"schema": "A", "tokenizer": 1},
        b={"schema": "B", "tokenizer": 1},
        c={"schema": "A", "tokenizer": 2},
        d={"schema": "A"},
    )
    assert passed(rule, registry) == ["a", "now"]
    assert "schema" in rejects(rule, registry, "b")
    assert "tokenizer" in rejects(rule, registry, "c")
    assert "tokenizer" in rejects(rule, registry, "d")


def test_nothing_deployed() -> None:
    """If nothing is deployed there is nothing to be the same as."""
    registry = VersionRegistry().register("1", metadata={"schema": "A"})
    assert "deployed" in rejects(SameMetadata("schema"), registry, "1")


def test_the_current_version_counts() -> None:
    """What serves now decides, not what served when the version did."""
    registry = story(
        good("1", metadata={"schema": "A"}),
        good("2", metadata={"schema": "B"}),
        deploy("3", metadata={"schema": "A"}),
        bad("3"),
    )
    assert target(LastStable().where(SameMetadata("schema")), registry) == "1"


def test_it_compares_something() -> None:
    """Without a key it would let everything pass in silence, so it is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = SameMetadata()


# Keys


@pytest.mark.parametrize("wrong", [1, None, ["region"]], ids=shown)
def test_a_key_is_a_str(wrong: Any) -> None:
    """Metadata has `str` keys, so another key is a mistake."""
    with pytest.raises(TypeError):
        _ = HasMetadata(wrong, "eu")
    with pytest.raises(TypeError):
        _ = SameMetadata("schema", wrong)


def test_a_key_has_no_lone_surrogate() -> None:
    """A key that no metadata can have is refused."""
    with pytest.raises(InvalidText):
        _ = HasMetadata("\ud800", "eu")
    with pytest.raises(InvalidText):
        _ = SameMetadata("\udfff")
