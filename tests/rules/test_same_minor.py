"""`SameMinor`: not across a minor version."""

import pytest

from lastgood import LastStable, VersionRegistry
from lastgood.rules import SameMinor
from tests.rules.asked import asked, rejects
from tests.scenarios.story import deploy, good, story, target


def serving(current: str, *labels: str) -> VersionRegistry:
    """Return a registry in which one version serves and the others are known."""
    return VersionRegistry.from_statuses(
        {current: "stable", **dict.fromkeys(labels, "stable")}, current=current
    )


@pytest.mark.parametrize("label", ["2.1.0", "2.1.99", "v2.1", "2.1.3-rc.1", "2.01.3"])
def test_the_same_minor_passes(label: str) -> None:
    """Whatever has the minor of the current version passes, above it or below, however written."""
    assert asked(SameMinor(), serving("2.1.3", label), label) is None


@pytest.mark.parametrize("label", ["2.0.9", "2.2.0", "1.1.3", "v2", "2.10.3", "3.1.3"])
def test_another_minor_is_rejected(label: str) -> None:
    """Across the minor, up or down, is rejected; the reason names both it and what serves."""
    reason = rejects(SameMinor(), serving("2.1.3", label), label)
    assert "minor" in reason
    assert "2.1.3" in reason


def test_the_current_version_is_the_same_as_itself() -> None:
    """The current version passes: that it is no target is another rule's business."""
    assert asked(SameMinor(), serving("2.1.3"), "2.1.3") is None


@pytest.mark.parametrize("label", ["nightly", "9f86d08a", "2024-05-01"])
def test_what_is_no_version_is_rejected(label: str) -> None:
    """A label without a minor is not known to have the same one; the reason names the label."""
    assert label in rejects(SameMinor(), serving("2.1.3", label), label)


def test_a_current_label_that_is_no_version() -> None:
    """Where the current version has no minor nothing passes, and the reason names its label."""
    assert "nightly" in rejects(SameMinor(), serving("nightly", "2.1.3"), "2.1.3")
    assert rejects(SameMinor(), serving("nightly", "weekly"), "weekly")


def test_nothing_deployed() -> None:
    """Where nothing is deployed there is nothing to be the same as."""
    registry = VersionRegistry.from_statuses({"2.1.3": "stable"})
    assert "deployed" in rejects(SameMinor(), registry, "2.1.3")


def test_the_current_version_counts_not_the_highest() -> None:
    """What serves now decides, whatever else is registered."""
    registry = story(good("1.1.0", "2.0.0", "3.0.0"), deploy("1.1.1"))
    assert target(LastStable().where(SameMinor()), registry) == "1.1.0"
