"""`SameMetadata`: only what agrees with the current version."""

from typing import Any

import pytest

from lastgood import InvalidText, LastStable, MetadataValue, VersionRegistry
from lastgood.rules import SameMetadata
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import bad, deploy, good, story, target


def serving(
    current: dict[str, MetadataValue], **others: dict[str, MetadataValue]
) -> VersionRegistry:
    """Return a registry whose current version, and the others, have this metadata."""
    registry = VersionRegistry()
    for label, metadata in {**others, "now": current}.items():
        registry = registry.register(label, metadata=metadata)
    return registry.deploy("now")


@pytest.mark.parametrize("value", ["A", "", 3, 0, 0.5, True, False, None], ids=repr)
def test_the_same_value_passes(value: MetadataValue) -> None:
    """What has the value of the current version passes, whatever the value, `None` too."""
    registry = serving({"schema": value}, a={"schema": value, "other": 1})
    assert asked(SameMetadata("schema"), registry, "a") is None


@pytest.mark.parametrize("value", ["B", "a", 1, None, False], ids=repr)
def test_another_value_is_rejected(value: MetadataValue) -> None:
    """What has another value is rejected; the reason names the key."""
    registry = serving({"schema": "A"}, a={"schema": value})
    assert "schema" in rejects(SameMetadata("schema"), registry, "a")


def test_what_is_unknown_is_rejected() -> None:
    """A version that was not told a value fails closed; the reason names the key."""
    registry = serving({"schema": "A"}, a={}, b={"scheme": "A"})
    assert "schema" in rejects(SameMetadata("schema"), registry, "a")
    assert "schema" in rejects(SameMetadata("schema"), registry, "b")


def test_what_is_unknown_of_the_current_version_is_rejected() -> None:
    """Where the current version was not told a value nothing passes; the reason names it."""
    registry = serving({}, a={"schema": "A"}, b={})
    assert "now" in rejects(SameMetadata("schema"), registry, "a")
    assert rejects(SameMetadata("schema"), registry, "b")


def test_none_is_known() -> None:
    """`None` is a value like others, and not the same as no value."""
    registry = serving({"schema": None}, a={}, b={"schema": None})
    assert passed(SameMetadata("schema"), registry) == ["b", "now"]


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
    """Where nothing is deployed there is nothing to be the same as."""
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


@pytest.mark.parametrize("wrong", [1, None, ["schema"]], ids=repr)
def test_a_key_is_a_str(wrong: Any) -> None:
    """Metadata has `str` keys, so another key is a mistake."""
    with pytest.raises(TypeError):
        _ = SameMetadata("schema", wrong)


def test_a_key_has_no_lone_surrogate() -> None:
    """A key that no metadata can have is refused."""
    with pytest.raises(InvalidText):
        _ = SameMetadata("\udfff")
