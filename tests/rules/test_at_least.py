"""`AtLeast`: a floor of SemVer precedence."""

from typing import Any

import pytest

from lastgood import InvalidSemVer, LastStable, VersionRegistry
from lastgood.rules import AtLeast
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import deploy, good, story, target


def known(*labels: str) -> VersionRegistry:
    """Return a registry that knows these versions."""
    return VersionRegistry.from_statuses(dict.fromkeys(labels, "stable"))


@pytest.mark.parametrize(
    "label", ["1.3.0", "1.3.1", "1.10.0", "2.0.0-rc.1", "v1.4", "1.3.0+x", "2"]
)
def test_the_floor_and_what_is_above_it_pass(label: str) -> None:
    """The floor itself, and whatever has the same or a higher precedence, passes."""
    assert asked(AtLeast("1.3.0"), known(label), label) is None


@pytest.mark.parametrize("label", ["1.2.9", "1.3.0-rc.1", "0.9", "v1.2.99", "1", "1.3.0-0+x"])
def test_what_is_below_the_floor_is_rejected(label: str) -> None:
    """A lower precedence is rejected, and the reason names the floor."""
    assert "1.3.0" in rejects(AtLeast("1.3.0"), known(label), label)


@pytest.mark.parametrize("label", ["nightly", "9f86d08a", "2024-05-01", "1.2.3.4"])
def test_what_is_no_version_is_rejected(label: str) -> None:
    """A label without a precedence is not known to be above the floor, and fails closed."""
    assert "1.3.0" in rejects(AtLeast("1.3.0"), known(label), label)


@pytest.mark.parametrize("floor", ["v1.3", "1.3", "V1.3.0", "1.3.0+build", "01.03"])
def test_the_floor_is_read_as_labels_are(floor: str) -> None:
    """However the floor is written, the same versions pass."""
    assert passed(AtLeast(floor), known("1.2.9", "1.3.0", "1.3.1")) == ["1.3.0", "1.3.1"]


def test_the_floor_may_be_a_prerelease() -> None:
    """Clause 11 holds for the floor too."""
    assert passed(AtLeast("1.3.0-rc.2"), known("1.3.0-rc.1", "1.3.0-rc.10", "1.3.0")) == [
        "1.3.0-rc.10",
        "1.3.0",
    ]


def test_the_current_version_does_not_matter() -> None:
    """The floor is absolute: it holds the same whatever serves, or if nothing does."""
    registry = story(good("1.4.0"), deploy("1.2.0"))
    assert asked(AtLeast("1.3.0"), registry, "1.4.0") is None
    assert target(LastStable().where(AtLeast("1.3.0")), registry) == "1.4.0"


@pytest.mark.parametrize("wrong", ["nightly", "1.2.3.4", "1.2.3rc1", "≥1.2"])
def test_a_floor_is_a_version(wrong: str) -> None:
    """A floor that would let nothing pass is a mistake, and refused at once."""
    with pytest.raises(InvalidSemVer):
        _ = AtLeast(wrong)


@pytest.mark.parametrize("wrong", [1, 1.3, None, (1, 3)], ids=repr)
def test_a_floor_is_a_str(wrong: Any) -> None:
    """A number, such as 1.3, is a `TypeError`: it would be 1.30 as well."""
    with pytest.raises(TypeError):
        _ = AtLeast(wrong)
