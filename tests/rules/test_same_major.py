"""`SameMajor`: not across a major version."""

import pytest

from lastgood import LastStable, VersionRegistry
from lastgood.rules import SameMajor
from tests.rules.asked import asked, rejects
from tests.scenarios.story import deploy, good, story, target


def serving(current: str, *labels: str) -> VersionRegistry:
    """Return a registry in which one version serves and the others are known."""
    return VersionRegistry.from_statuses(
        {current: "stable", **dict.fromkeys(labels, "stable")}, current=current
    )


@pytest.mark.parametrize("label", ["2.0.0", "2.99", "v2", "2.1.3-rc.1", "02.1"])
def test_the_same_major_passes(label: str) -> None:
    """Whatever has the major of the current version passes, above it or below, however written."""
    assert asked(SameMajor(), serving("2.1.3", label), label) is None


@pytest.mark.parametrize("label", ["1.9.9", "3.0.0", "0.2.1", "v21", "20.1.3"])
def test_another_major_is_rejected(label: str) -> None:
    """Across the major, up or down, is rejected; the reason names both it and what serves."""
    reason = rejects(SameMajor(), serving("2.1.3", label), label)
    assert "major" in reason
    assert "2.1.3" in reason


def test_the_current_version_is_the_same_as_itself() -> None:
    """The current version passes: that it is no target is another rule's business."""
    assert asked(SameMajor(), serving("2.1.3"), "2.1.3") is None


@pytest.mark.parametrize("label", ["nightly", "9f86d08a", "2024-05-01"])
def test_what_is_no_version_is_rejected(label: str) -> None:
    """A label without a major is not known to have the same one; the reason names the label."""
    assert label in rejects(SameMajor(), serving("2.1.3", label), label)


def test_a_current_label_that_is_no_version() -> None:
    """Where the current version has no major nothing passes, and the reason names its label."""
    assert "nightly" in rejects(SameMajor(), serving("nightly", "2.1.3"), "2.1.3")
    assert rejects(SameMajor(), serving("nightly", "weekly"), "weekly")


def test_nothing_deployed() -> None:
    """Where nothing is deployed there is nothing to be the same as."""
    registry = VersionRegistry.from_statuses({"2.1.3": "stable"})
    assert "deployed" in rejects(SameMajor(), registry, "2.1.3")


def test_the_current_version_counts_not_the_highest() -> None:
    """What serves now decides, whatever else is registered."""
    registry = story(good("1.1.0", "2.0.0", "3.0.0"), deploy("1.1.1"))
    assert target(LastStable().where(SameMajor()), registry) == "1.1.0"
