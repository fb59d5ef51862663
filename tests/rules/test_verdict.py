"""`Stable`: only what proved good."""

import pytest

from lastgood import Previous, VersionRegistry
from lastgood.rules import Stable
from tests.rules.asked import passed, rejects
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    observe,
    ok,
    register,
    reinstate,
    story,
    target,
)


def test_it_lets_stable_versions_pass() -> None:
    """A stable version passes, deployed or not, current or not."""
    registry = story(good("1"), register("2"), ok("2"), good("3"))
    assert passed(Stable(), registry) == ["1", "2", "3"]


@pytest.mark.parametrize("status", ["unproven", "failed", "retired"])
def test_it_rejects_everything_else(status: str) -> None:
    """Any other status is rejected, and is the reason."""
    registry = VersionRegistry.from_statuses({"1": status, "2": "stable"}, current="2")
    assert rejects(Stable(), registry, "1") == status


def test_it_rejects_what_is_held() -> None:
    """A version that was left is rejected, in the words of people."""
    registry = story(good("1", "2"), observe("1", "the provider did it"))
    assert rejects(Stable(), registry, "2") == "rolled back: the provider did it"


def test_a_lifted_hold_brings_the_verdict_back() -> None:
    """What was stable when it was left is stable again once the hold is lifted."""
    registry = story(good("1", "2"), back(Previous(), leaving="2"), reinstate("2"))
    assert passed(Stable(), registry) == ["1", "2"]
    registry = story(good("1", "2"), observe("1"), observe("2"), deploy("3"))
    assert passed(Stable(), registry) == ["1", "2"]


def test_the_recorded_reason_is_named() -> None:
    """Why the version has its status is part of the answer."""
    registry = VersionRegistry().register("1").mark_failed("1", reason="tokenizer mismatch")
    assert rejects(Stable(), registry, "1") == "failed: tokenizer mismatch"


def test_it_makes_a_previous_one_the_last_stable_one() -> None:
    """On a strategy that takes unproven versions it leaves the stable ones."""
    registry = story(good("1"), deploy("2"), deploy("3"), bad("3"))
    assert target(Previous(), registry) == "2"
    assert target(Previous().where(Stable()), registry) == "1"
