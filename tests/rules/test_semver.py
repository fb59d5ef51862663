"""`AtLeast`, `SameMajor` and `SameMinor`: rules that follow SemVer."""

from typing import Any

import pytest

from lastgood import InvalidSemVer, LastStable, Rule, VersionRegistry
from lastgood.rules import AtLeast, SameMajor, SameMinor
from tests.ids import shown
from tests.rows import each_row
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import bad, deploy, good, story, target

#: Labels that SemVer cannot read.
NOT_SEMVER = ["nightly", "9f86d08a", "2024-05-01", "1.2.3.4"]


def serving(current: str, *labels: str) -> VersionRegistry:
    """Return a registry in which one version serves and the others are known."""
    return VersionRegistry.from_statuses(
        {current: "stable", **dict.fromkeys(labels, "stable")}, current=current
    )


# AtLeast


@each_row("label", ["1.3.0", "1.3.1", "1.10.0", "2.0.0-rc.1", "v1.4", "1.3.0+x", "2"])
def test_the_floor_and_what_is_above_it_pass(label: str) -> None:
    """The floor itself passes, and so does everything of the same or a higher precedence."""
    assert asked(AtLeast("1.3.0"), serving("now", label), label) is None


@each_row("label", ["1.2.9", "1.3.0-rc.1", "0.9", "v1.2.99", "1", "1.3.0-0+x"])
def test_what_is_below_the_floor_is_rejected(label: str) -> None:
    """A lower precedence is rejected, and the reason names the floor."""
    assert "1.3.0" in rejects(AtLeast("1.3.0"), serving("now", label), label)


@pytest.mark.parametrize("label", NOT_SEMVER)
def test_what_semver_cannot_read_is_not_above_the_floor(label: str) -> None:
    """A label without a precedence is not known to be above the floor, and fails closed."""
    reason = rejects(AtLeast("1.3.0"), serving("now", label), label)
    assert "1.3.0" in reason
    assert "SemVer" in reason


@each_row("floor", ["v1.3", "1.3", "V1.3.0", "1.3.0+build", "01.03"])
def test_the_floor_is_read_as_labels_are(floor: str) -> None:
    """However the floor is written, the same versions pass."""
    registry = VersionRegistry.from_statuses(dict.fromkeys(["1.2.9", "1.3.0", "1.3.1"], "stable"))
    assert passed(AtLeast(floor), registry) == ["1.3.0", "1.3.1"]


def test_the_floor_may_be_a_prerelease() -> None:
    """The floor is compared as SemVer compares pre-releases."""
    labels = ["1.3.0-rc.1", "1.3.0-rc.10", "1.3.0"]
    registry = VersionRegistry.from_statuses(dict.fromkeys(labels, "stable"))
    assert passed(AtLeast("1.3.0-rc.2"), registry) == ["1.3.0-rc.10", "1.3.0"]


def test_the_floor_does_not_depend_on_the_current_version() -> None:
    """The floor is absolute: it is the same whatever serves."""
    registry = story(good("1.4.0"), deploy("1.2.0"), bad("1.2.0"))
    assert target(LastStable().where(AtLeast("1.3.0")), registry) == "1.4.0"


@pytest.mark.parametrize("wrong", ["nightly", "1.2.3.4", "1.2.3rc1", "≥1.2"])
def test_a_floor_is_a_semver_version(wrong: str) -> None:
    """A floor that would let nothing pass is a mistake, and refused at once."""
    with pytest.raises(InvalidSemVer):
        _ = AtLeast(wrong)


@pytest.mark.parametrize("wrong", [1, 1.3, None, (1, 3)], ids=shown)
def test_a_floor_is_a_str(wrong: Any) -> None:
    """A number, such as 1.3, is a `TypeError`: it would be 1.30 as well."""
    with pytest.raises(TypeError):
        _ = AtLeast(wrong)


# SameMajor, SameMinor

each_part = each_row(("rule", "word"), [(SameMajor(), "major"), (SameMinor(), "minor")])


@each_row(
    ("rule", "label"),
    [
        *((SameMajor(), label) for label in ["2.0.0", "2.99", "v2", "2.1.3-rc.1", "02.1"]),
        *((SameMinor(), label) for label in ["2.1.0", "2.1.99", "v2.1", "2.1.3-rc.1", "2.01.3"]),
    ],
)
def test_the_same_part_passes(rule: Rule, label: str) -> None:
    """Whatever has the part of the current version passes, above it or below, however written."""
    assert asked(rule, serving("2.1.3", label), label) is None


@each_row(
    ("rule", "label", "word"),
    [
        *((SameMajor(), label, "major") for label in ["1.9.9", "3.0.0", "0.2.1", "v21", "20.1.3"]),
        *((SameMinor(), label, "minor") for label in ["2.0.9", "2.2.0", "1.1.3", "v2", "2.10.3"]),
    ],
)
def test_another_part_is_rejected(rule: Rule, label: str, word: str) -> None:
    """Across the part, up or down, is rejected; the reason names both it and what serves."""
    reason = rejects(rule, serving("2.1.3", label), label)
    assert word in reason
    assert "2.1.3" in reason


@each_part
def test_the_current_version_is_the_same_as_itself(rule: Rule, word: str) -> None:
    """The current version passes: another rule says that it is not a target."""
    assert asked(rule, serving("2.1.3"), "2.1.3") is None, word


@each_part
@each_row("label", NOT_SEMVER)
def test_what_semver_cannot_read_is_not_the_same(rule: Rule, word: str, label: str) -> None:
    """A label that SemVer cannot read fails closed; the reason names the label and the part."""
    reason = rejects(rule, serving("2.1.3", label), label)
    assert label in reason
    assert word in reason


@each_part
def test_a_current_label_that_semver_cannot_read(rule: Rule, word: str) -> None:
    """If SemVer cannot read the current label nothing passes, and the reason names the label."""
    reason = rejects(rule, serving("nightly", "2.1.3"), "2.1.3")
    assert "nightly" in reason
    assert word in reason
    assert rejects(rule, serving("nightly", "weekly"), "weekly")


@each_part
def test_nothing_deployed(rule: Rule, word: str) -> None:
    """If nothing is deployed there is nothing to be the same as."""
    registry = VersionRegistry.from_statuses({"2.1.3": "stable"})
    assert "deployed" in rejects(rule, registry, "2.1.3"), word


def test_the_current_version_counts_not_the_highest() -> None:
    """What serves now decides, whatever else is registered."""
    registry = story(good("1.1.0", "2.0.0", "3.0.0"), deploy("1.1.1"), bad("1.1.1"))
    assert target(LastStable().where(SameMajor()), registry) == "1.1.0"
    assert target(LastStable().where(SameMinor()), registry) == "1.1.0"
