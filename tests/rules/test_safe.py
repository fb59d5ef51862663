"""`Safe`: the safety check as a rule. What it means for plans is in `tests.strategies`."""

from typing import Any

import pytest

from lastgood import Version, VersionRegistry
from lastgood.rules import Safe
from tests.ids import shown
from tests.rows import each_row
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    observe,
    register,
    reinstate,
    retire,
    story,
)
from tests.strategies.custom import AcceptsLineage


def test_it_lets_good_and_unproven_versions_pass() -> None:
    """A registered version that is neither current nor bad is safe, deployed or not."""
    registry = story(good("1"), deploy("2"), register("3"), deploy("4"))
    assert passed(Safe(), registry) == ["1", "2", "3"]


@each_row(
    ("step", "reason"),
    [
        (bad("2", "tokenizer mismatch"), "failed: tokenizer mismatch"),
        (retire("2", "licence ended"), "retired: licence ended"),
        (bad("2"), "failed"),
        (back(AcceptsLineage(), "p99 900 ms", leaving="2"), "rolled back: p99 900 ms"),
        (back(AcceptsLineage(), leaving="2"), "rolled back to 1"),
        (observe("1"), "rolled back to 1"),
    ],
)
def test_it_rejects_what_is_bad(step: Step, reason: str) -> None:
    """A failed, retired or held version is rejected with its status and its reason."""
    registry = story(good("1"), deploy("2"), step, deploy("3"))
    assert rejects(Safe(), registry, "2") == reason


def test_it_rejects_the_current_version() -> None:
    """The version that serves is rejected, and the reason says so."""
    assert "current" in rejects(Safe(), story(good("1")), "1")


def test_it_rejects_what_is_not_registered() -> None:
    """A version that this registry does not know is rejected, and the reason says so."""
    reason = Safe()(Version("9"), story(good("1")))
    assert reason is not None
    assert "not registered" in reason


@pytest.mark.parametrize("label", ["1", 1, None], ids=shown)
def test_it_is_asked_about_a_version(label: Any) -> None:
    """A label in the place of its version is a `TypeError` that shows how to look it up."""
    with pytest.raises(TypeError, match=r"write registry\[label\]"):
        _ = Safe()(label, story(good("1")))


def test_it_goes_by_what_the_registry_knows() -> None:
    """What an older registry knew about the version does not count."""
    before = story(good("1"), deploy("2"))
    assert Safe()(before["1"], story(bad("1"), since=before)) is not None


def test_nothing_deployed() -> None:
    """If nothing is deployed, bad versions and failed contents are rejected all the same."""
    registry = story(register("1"), register("2", digest="x"), register("3", digest="x"), bad("3"))
    assert passed(Safe(), registry) == ["1"]


# Contents


@each_row(
    "steps",
    [
        [bad("twin", "crash loop")],
        [bad("twin", "crash loop"), retire("twin", "deleted")],
        [retire("twin", "deleted"), bad("twin", "crash loop")],
    ],
)
@each_row("known", [register, deploy])
def test_it_rejects_contents_that_failed(known: Any, steps: list[Step]) -> None:
    """Contents that failed under one label are rejected under every other one.

    That holds whether the one that failed was ever deployed or not, and also if it is retired. The
    reason names the digest, the version that failed, and why it failed.
    """
    registry = story(good("1", digest="sha256:x"), known("twin", digest="sha256:x"), deploy("2"))
    reason = rejects(Safe(), story(*steps, since=registry), "1")
    for words in ("sha256:x", "'twin'", "failed", "crash loop"):
        assert words in reason


def test_the_contents_of_the_current_version_count_once_it_failed() -> None:
    """A healthy current version says nothing about its contents; one that failed does."""
    registry = story(good("1", digest="x"), deploy("2", digest="x"))
    assert asked(Safe(), registry, "1") is None
    assert "'2'" in rejects(Safe(), story(bad("2"), since=registry), "1")


@pytest.mark.parametrize(
    "step",
    [retire("2"), back(AcceptsLineage(), leaving="2"), observe("1")],
    ids=["retired", "held", "observed"],
)
def test_retired_and_held_versions_say_nothing_about_contents(step: Step) -> None:
    """Only `mark_failed` speaks against contents."""
    registry = story(good("0", digest="x"), good("1"), deploy("2", digest="x"), step, deploy("3"))
    assert asked(Safe(), registry, "0") is None


def test_contents_are_judged_whichever_came_first() -> None:
    """It makes no difference whether the failed version was registered before its twin."""
    registry = story(
        register("twin", digest="x"), bad("twin"), register("1", digest="x"), deploy("2")
    )
    assert "twin" in rejects(Safe(), registry, "1")


@pytest.mark.parametrize("again", [[], [retire("twin")]], ids=["failed", "retired since"])
def test_contents_are_cleared_with_their_version(again: list[Step]) -> None:
    """Once the failed version is reinstated, its contents are not a reason any more."""
    registry = story(good("1", digest="x"), register("twin", digest="x"), bad("twin"), deploy("2"))
    registry = story(*again, since=registry)
    assert rejects(Safe(), registry, "1")
    registry = story(reinstate("twin"), since=registry)
    assert asked(Safe(), registry, "1") is None
    assert asked(Safe(), story(retire("twin"), since=registry), "1") is None


def test_contents_are_not_cleared_while_they_failed_under_another_label() -> None:
    """If one of two failed versions is reinstated, the other one is named."""
    registry = story(
        good("1", digest="x"),
        register("one", digest="x"),
        register("two", digest="x"),
        bad("one"),
        bad("two"),
        reinstate("two"),
        deploy("2"),
    )
    assert "'one'" in rejects(Safe(), registry, "1")


def test_digests_are_compared_exactly() -> None:
    """A digest is an identity, not a text to interpret: case counts, and none equals none."""
    registry = story(good("1", digest="sha256:AB"), deploy("2", digest="sha256:ab"), bad("2"))
    assert asked(Safe(), registry, "1") is None
    assert asked(Safe(), story(good("1"), deploy("2"), bad("2")), "1") is None


def test_an_old_registry_does_not_see_what_came_later() -> None:
    """The contents that failed later are safe in the registry of before."""
    before = story(good("1", digest="x"), register("2", digest="x"), deploy("3"))
    after = story(bad("2"), since=before)
    assert rejects(Safe(), after, "1")
    assert asked(Safe(), before, "1") is None
    assert asked(Safe(), after.at_revision(before.revision), "1") is None


def test_a_fork_knows_the_contents_that_failed() -> None:
    """In each of several ways from one registry the twin of a failed version stays rejected."""
    registry = story(
        deploy("1", digest="x"), register("2", digest="x"), deploy("3"), bad("2", "slow")
    )
    for way in (registry.mark_failed("3"), registry.retire("3"), registry.register("4")):
        assert "slow" in rejects(Safe(), way, "1")


def test_what_failed_itself_is_rejected_for_itself() -> None:
    """The own status of a version comes before what its contents did elsewhere."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x")
    registry = registry.mark_failed("1", reason="slow").mark_failed("2", reason="wrong")
    assert rejects(Safe(), registry, "1") == "failed: slow"
    assert rejects(Safe(), registry, "2") == "failed: wrong"
