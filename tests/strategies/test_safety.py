"""The safety check, which plans and reviews apply last and no strategy can switch off."""

from collections.abc import Callable

import pytest
from hypothesis import given

from lastgood import (
    Candidate,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    RollbackStrategy,
    Status,
    VersionRegistry,
)
from lastgood.rules import Except, Safe, Stable
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    no_target,
    ok,
    reasons,
    register,
    reinstate,
    retire,
    story,
    target,
)
from tests.strategies.custom import AcceptsAll, AcceptsLineage, Says
from tests.strategies.histories import histories

BAD = {Status.FAILED, Status.ROLLED_BACK, Status.RETIRED}


def vetoed(strategy: RollbackStrategy, registry: VersionRegistry) -> dict[str, str]:
    """Return what the safety check of a plan vetoes, with the reasons."""
    answer = no_target(strategy, registry)
    return {each.version: each.reason for each in answer.considered if each.by == "Safe()"}


@pytest.mark.parametrize(
    ("ruin", "reason"),
    [
        (bad("2", "tokenizer mismatch"), "failed: tokenizer mismatch"),
        (retire("2", "licence ended"), "retired: licence ended"),
    ],
    ids=["failed", "retired"],
)
def test_bad_versions_are_vetoed(ruin: Step, reason: str) -> None:
    """A failed or retired version is no target, whatever the strategy accepts, and says why."""
    registry = story(deploy("2"), ruin, deploy("3"))
    assert reason in vetoed(AcceptsAll(), registry)["2"]


@pytest.mark.parametrize("known", [register, deploy, good], ids=["new", "unproven", "stable"])
def test_other_versions_are_not_vetoed(known: Callable[..., Step]) -> None:
    """A stable or unproven version is a target, whether it was ever deployed or not."""
    assert target(AcceptsAll(), story(known("2"), deploy("3"))) == "2"


def test_a_rolled_back_version_is_vetoed() -> None:
    """What a rollback left is no target until it is reinstated."""
    registry = story(good("1"), deploy("2"), back(LastStable()))
    assert "rolled back" in vetoed(AcceptsAll(), registry)["2"]
    assert target(AcceptsAll(), story(reinstate("2"), since=registry)) == "2"


@pytest.mark.parametrize("verdict", [deploy("1"), bad("1"), ok("1")], ids=["none", "bad", "good"])
def test_the_current_version_is_vetoed(verdict: Step) -> None:
    """Going back to what serves already is no way back, whether it is good or bad."""
    assert "1" in vetoed(AcceptsAll(), story(deploy("1"), verdict))


def test_an_unregistered_version_is_vetoed() -> None:
    """A version that nobody registered is no target; the reason says that it is not registered."""
    registry = story(good("v1.0"), deploy("v1.1"))
    strategy = Says((Candidate.accept("v0.1", "was great"),))
    assert "not registered" in vetoed(strategy, registry)["v0.1"]


def test_the_contents_of_the_current_version_are_vetoed() -> None:
    """The very contents that are left are no way back under another label.

    The reason names the digest and the current version.
    """
    registry = story(good("1", digest="sha256:x"), deploy("2", digest="sha256:x"))
    assert "sha256:x" in vetoed(AcceptsAll(), registry)["1"]
    assert "2" in vetoed(AcceptsAll(), registry)["1"]


@pytest.mark.parametrize(
    ("ruin", "word"),
    [
        (bad("twin", "crash loop"), "failed"),
        (retire("twin", "security hole"), "retired"),
    ],
    ids=["failed", "retired"],
)
@pytest.mark.parametrize("known", [register, deploy], ids=["registered", "deployed"])
def test_the_contents_of_a_bad_version_are_vetoed(
    known: Callable[..., Step], ruin: Step, word: str
) -> None:
    """Contents that are known to be bad under one label are no way back under another one.

    That holds whether the bad one was ever deployed or not. The reason names the digest, the other
    version, and what is wrong with it.
    """
    registry = story(
        good("1", digest="sha256:x"), known("twin", digest="sha256:x"), ruin, deploy("2")
    )
    reason = vetoed(AcceptsAll(), registry)["1"]
    assert "sha256:x" in reason
    assert "twin" in reason
    assert word in reason


def test_the_contents_of_a_rolled_back_version_are_vetoed() -> None:
    """Contents that a rollback left are no way back under another label."""
    registry = story(
        good("1", digest="sha256:x"),
        good("2"),
        deploy("3", digest="sha256:x"),
        back(LastStable()),
    )
    assert registry.current == "2"
    assert "rolled back" in vetoed(AcceptsAll(), registry)["1"]


def test_contents_are_judged_whichever_came_first() -> None:
    """It does not matter whether the bad version was registered before or after its twin."""
    registry = story(
        register("twin", digest="x"), bad("twin"), good("1", digest="x"), deploy("2"), bad("2")
    )
    assert "twin" in vetoed(LastStable(), registry)["1"]


def test_contents_are_cleared_with_their_version() -> None:
    """Once the bad version is reinstated, its contents are no reason any more."""
    registry = story(good("1", digest="x"), register("twin", digest="x"), bad("twin"), deploy("2"))
    assert "1" in vetoed(AcceptsLineage(), registry)
    assert target(AcceptsLineage(), story(reinstate("twin"), since=registry)) == "1"


def test_contents_are_not_cleared_while_another_bad_version_has_them() -> None:
    """Reinstating one of two bad versions leaves the other one, which is named then."""
    registry = story(
        good("1", digest="x"),
        register("one", digest="x"),
        register("two", digest="x"),
        bad("one"),
        bad("two"),
        reinstate("two"),
        deploy("2"),
    )
    assert "one" in vetoed(AcceptsLineage(), registry)["1"]


def test_contents_that_are_good_or_unproven_are_no_reason() -> None:
    """Sharing contents with a version that is neither current nor bad is no reason."""
    registry = story(good("1", digest="x"), good("2", digest="x"), deploy("3", digest="y"))
    assert target(AcceptsLineage(), registry) == "2"


def test_no_digest_is_not_the_same_digest() -> None:
    """Versions whose contents were not told are not taken to have the same contents."""
    registry = story(good("1"), register("2"), bad("2"), deploy("3"), bad("3"))
    assert target(LastStable(), registry) == "1"


def test_the_safety_check_comes_last() -> None:
    """A rule that rejects is asked first, so the reason is the rule's."""
    registry = story(good("1"), good("2"), bad("1", "late news"), deploy("3"))
    answer = Previous().where(Except("2")).review(registry)
    said = {each.version: each for each in answer}
    assert said["2"].by == "Except('2')"
    answer = AcceptsAll().where(Stable()).review(registry)
    assert {each.version: each.by for each in answer}["1"] == "Stable()"


def test_a_rejection_of_the_strategy_keeps_its_reason() -> None:
    """What the strategy rejects by itself is not judged again."""
    registry = story(good("1"), deploy("2"), bad("1"))
    strategy = Says((Candidate.reject("1", "smells"),))
    assert reasons(no_target(strategy, registry))["1"] == "smells"


def test_the_veto_is_considered() -> None:
    """What the safety check vetoes on the way appears in the plan, signed by it."""
    registry = story(good("1"), good("2"), bad("2", "late news"), deploy("3"))
    plan = AcceptsAll().plan(registry)
    assert plan.target == "1"
    assert [(each.version, each.by) for each in plan.considered] == [
        ("3", "Safe()"),
        ("2", "Safe()"),
        ("1", "AcceptsAll()"),
    ]
    assert "failed: late news" in plan.considered[1].reason


def test_a_strategy_with_its_own_safety_check_is_no_different() -> None:
    """To add the safety check as a rule changes no decision."""
    registry = story(good("1"), good("2"), bad("2"), deploy("3"))
    assert target(AcceptsAll().where(Safe()), registry) == target(AcceptsAll(), registry)


STRATEGIES = (
    AcceptsAll(),
    AcceptsLineage(),
    Pinned("1.0.0") | AcceptsAll(),
    AcceptsAll().where(lambda _version, _registry: None),
)


def is_safe(label: str, registry: VersionRegistry) -> bool:
    """Say once more, naively, what a target must be."""
    version = registry[label]
    forbidden = {
        other.digest
        for other in registry.values()
        if other.digest is not None and (other.status in BAD or other.label == registry.current)
    }
    return (
        label != registry.current and version.status not in BAD and version.digest not in forbidden
    )


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
@given(registry=histories())
def test_no_strategy_goes_where_it_is_not_safe(
    strategy: RollbackStrategy, registry: VersionRegistry
) -> None:
    """Whatever happened, a strategy that accepts everything still goes back safely or not at all.

    It finds a way wherever there is a safe one in what it proposes.
    """
    proposed = {candidate.version for candidate in strategy.candidates(registry)}
    safe = {label for label in proposed & set(registry) if is_safe(label, registry)}
    try:
        found = {strategy.plan(registry).target}
    except NoRollbackTarget:
        found = set[str]()
    assert found <= safe
    assert bool(found) == bool(safe)


def test_a_fork_knows_the_contents_of_what_is_bad() -> None:
    """In each of two ways from one registry the twin of a failed version stays barred."""
    registry = VersionRegistry().register("1", digest="x").deploy("1").register("2", digest="x")
    registry = registry.register("3").deploy("3").mark_failed("2", reason="slow")
    for way in (registry.mark_failed("3"), registry.retire("3"), registry.register("4")):
        with pytest.raises(NoRollbackTarget, match=r"it has the contents of '2' \(failed: slow\)"):
            _ = Previous().plan(way)
