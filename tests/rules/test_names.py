"""`Except`: anything but these versions."""

from typing import Any

import pytest

from lastgood import InvalidLabel, LastStable
from lastgood.rules import Except
from tests.ids import shown
from tests.rules.asked import passed, rejects
from tests.scenarios.story import bad, deploy, good, story, target

REGISTRY = story(good("1", "v1", "2"), deploy("3"), bad("3"))


def test_it_rejects_these_versions() -> None:
    """Every version named is rejected, and no other one."""
    assert passed(Except("1", "2"), REGISTRY) == ["v1", "3"]
    assert rejects(Except("1", "2"), REGISTRY, "2")


def test_labels_are_compared_exactly() -> None:
    """`v1` and `1` are two versions."""
    assert passed(Except("v1"), REGISTRY) == ["1", "2", "3"]


def test_without_versions_it_rejects_nothing() -> None:
    """An empty list excludes nothing: lists come out of programs, too."""
    assert passed(Except(), REGISTRY) == list(REGISTRY)


def test_unregistered_versions_may_be_named() -> None:
    """A list of versions may be longer than what one registry knows."""
    assert passed(Except("1", "9"), REGISTRY) == ["v1", "2", "3"]


def test_a_strategy_passes_over_them() -> None:
    """On a strategy it leads to the next version."""
    assert target(LastStable().where(Except("2")), REGISTRY) == "v1"


@pytest.mark.parametrize("wrong", [1, None, ["1"], ("1", "2")], ids=shown)
def test_a_label_is_a_str(wrong: Any) -> None:
    """Something else, such as a list of labels, is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match=r"str\(version\)|Except\(\*versions\)"):
        _ = Except("1", wrong)


@pytest.mark.parametrize("wrong", ["", "1 ", "v" * 257], ids=["empty", "space", "long"])
def test_a_label_is_checked(wrong: str) -> None:
    """A text that cannot be the label of a version is refused."""
    with pytest.raises(InvalidLabel):
        _ = Except(wrong)
