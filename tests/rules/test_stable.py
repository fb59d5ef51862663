"""`Stable`: only what proved good."""

import pytest

from lastgood import Previous, VersionRegistry
from lastgood.rules import Stable
from tests.rules.asked import asked, rejects
from tests.scenarios.story import deploy, good, ok, register, story, target


def test_it_lets_stable_versions_pass() -> None:
    """A stable version passes, deployed or not, current or not."""
    registry = story(good("1"), register("2"), ok("2"), good("3"))
    assert [asked(Stable(), registry, label) for label in registry] == [None] * 3


@pytest.mark.parametrize("status", ["unproven", "failed", "retired"])
def test_it_rejects_everything_else(status: str) -> None:
    """Any other status is rejected, and is the reason."""
    registry = VersionRegistry.from_statuses({"1": status, "2": "stable"}, current="2")
    assert rejects(Stable(), registry, "1") == status


def test_it_rejects_what_was_rolled_back() -> None:
    """A version that a rollback left is rejected, in the words of people."""
    registry = story(good("1"), deploy("2")).observe("1", reason="the provider did it")
    assert rejects(Stable(), registry, "2") == "rolled back: the provider did it"


def test_the_recorded_reason_is_told() -> None:
    """Why the version has its status is part of the answer."""
    registry = VersionRegistry().register("1").mark_failed("1", reason="tokenizer mismatch")
    assert rejects(Stable(), registry, "1") == "failed: tokenizer mismatch"


def test_it_makes_a_previous_one_the_last_stable_one() -> None:
    """On a strategy that takes unproven versions it leaves the stable ones."""
    registry = story(good("1"), deploy("2"), deploy("3"))
    assert target(Previous(), registry) == "2"
    assert target(Previous().where(Stable()), registry) == "1"
