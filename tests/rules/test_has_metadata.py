"""`HasMetadata`: only what was told to be so."""

from typing import Any

import pytest

from lastgood import InvalidMetadata, InvalidText, LastStable, MetadataValue, VersionRegistry
from lastgood.rules import HasMetadata
from tests.rules.asked import asked, rejects
from tests.scenarios.story import deploy, good, story, target


def known(**metadata: MetadataValue) -> VersionRegistry:
    """Return a registry of one version with this metadata."""
    return VersionRegistry().register("1", metadata=metadata)


@pytest.mark.parametrize("value", ["eu", "", 3, 0, 0.5, True, False, None], ids=repr)
def test_the_value_passes(value: MetadataValue) -> None:
    """What has the value passes, whatever the value, `None` too."""
    assert asked(HasMetadata("region", value), known(region=value, other=1), "1") is None


@pytest.mark.parametrize("value", ["us", "EU", "", 1, None, False], ids=repr)
def test_another_value_is_rejected(value: MetadataValue) -> None:
    """What has another value is rejected; the reason tells the key and both values."""
    reason = rejects(HasMetadata("region", "eu"), known(region=value), "1")
    assert "region" in reason
    assert repr(value) in reason
    assert "'eu'" in reason


@pytest.mark.parametrize("value", ["eu", None, False, 0, ""], ids=repr)
def test_what_is_unknown_is_rejected(value: MetadataValue) -> None:
    """What was not told is rejected, whatever is asked for; the reason names the key."""
    assert "region" in rejects(HasMetadata("region", value), known(), "1")


def test_numbers_are_compared_by_value() -> None:
    """A whole number is the same written as a float."""
    assert asked(HasMetadata("gpus", 2), known(gpus=2.0), "1") is None


def test_nothing_deployed_does_not_matter() -> None:
    """The rule is about the version alone, so it is the same whatever serves."""
    registry = known(region="eu")
    assert asked(HasMetadata("region", "eu"), registry, "1") is None
    assert asked(HasMetadata("region", "eu"), registry.deploy("1"), "1") is None


def test_a_strategy_passes_over_the_others() -> None:
    """On a strategy it leads to the next version that has the value."""
    registry = story(good("1", metadata={"region": "eu"}), good("2"), deploy("3"))
    assert target(LastStable().where(HasMetadata("region", "eu")), registry) == "1"


@pytest.mark.parametrize("wrong", [1, None, ["region"]], ids=repr)
def test_a_key_is_a_str(wrong: Any) -> None:
    """Metadata has `str` keys, so another key is a mistake."""
    with pytest.raises(TypeError):
        _ = HasMetadata(wrong, "eu")


def test_a_key_has_no_lone_surrogate() -> None:
    """A key that no metadata can have is refused."""
    with pytest.raises(InvalidText):
        _ = HasMetadata("\ud800", "eu")


@pytest.mark.parametrize(
    "wrong", [["eu"], {"eu": 1}, b"eu", float("nan"), float("inf"), 2**63, -(2**63) - 1, "\ud800"]
)
def test_a_value_is_one_that_metadata_can_have(wrong: Any) -> None:
    """What no version can have would reject everything in silence, so it is refused at once."""
    with pytest.raises(InvalidMetadata, match=r"^metadata\['region'\] "):
        _ = HasMetadata("region", wrong)
