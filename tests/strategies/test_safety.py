"""The safety check, which plans and reviews apply last and no strategy can switch off.

What it rejects is in `tests.rules.test_safe`; here is what it means for decisions.
"""

import pytest
from hypothesis import given

from lastgood import (
    Candidate,
    Event,
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
    bad,
    deploy,
    good,
    no_target,
    ok,
    reasons,
    retire,
    reviewed,
    story,
    target,
)
from tests.strategies.custom import AcceptsAll, AcceptsLineage, Says
from tests.strategies.histories import histories

BAD = {Status.FAILED, Status.ROLLED_BACK, Status.RETIRED}


def vetoed(registry: VersionRegistry, leaving: str) -> dict[str, str]:
    """Return what the safety check vetoes for a strategy that accepts all, with the reasons."""
    answer = no_target(AcceptsAll(), registry, leaving=leaving)
    return {each.version: each.reason for each in answer.considered if each.by == "Safe()"}


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (bad("2", "tokenizer mismatch"), "failed: tokenizer mismatch"),
        (retire("2", "licence ended"), "retired: licence ended"),
    ],
    ids=["failed", "retired"],
)
def test_bad_versions_are_vetoed(verdict: Step, reason: str) -> None:
    """A failed or retired version is not the target, whatever the strategy accepts."""
    registry = story(deploy("2"), verdict, deploy("3"))
    assert vetoed(registry, "3")["2"] == reason


@pytest.mark.parametrize("verdict", [[], [bad("1")], [ok("1")]], ids=["none", "bad", "good"])
def test_the_current_version_is_vetoed(verdict: list[Step]) -> None:
    """What serves already is never the target, whether it is good or bad."""
    assert "current" in vetoed(story(deploy("1"), *verdict), "1")["1"]


def test_an_unregistered_version_is_vetoed() -> None:
    """A version that nobody registered is not the target, and the reason says so."""
    registry = story(good("v1.0"), deploy("v1.1"), bad("v1.1"))
    strategy = Says((Candidate.accept("v0.1", "was great"),))
    refusal = no_target(strategy, registry)
    assert refusal.considered[0].by == "Safe()"
    assert "not registered" in refusal.considered[0].reason


def test_failed_contents_are_vetoed() -> None:
    """The very contents that failed are no way back under another label."""
    registry = story(good("1", digest="sha256:x"), deploy("2", digest="sha256:x"), bad("2", "slow"))
    for words in ("sha256:x", "'2'", "slow"):
        assert words in vetoed(registry, "2")["1"]


def test_the_contents_that_serve_are_not_vetoed() -> None:
    """A version that serves and has no verdict says nothing against its contents."""
    registry = story(good("1", digest="x"), deploy("2", digest="x"))
    assert target(AcceptsLineage(), registry, leaving="2") == "1"


def test_the_safety_check_comes_last() -> None:
    """A rule that rejects is asked first, so the reason is the rule's."""
    registry = story(good("1", "2"), bad("1", "late news"), deploy("3"))
    assert reviewed(Previous().where(Except("2")), registry, "2").by == "Except('2')"
    assert reviewed(AcceptsAll().where(Stable()), registry, "1").by == "Stable()"


def test_a_rejection_of_the_strategy_keeps_its_reason() -> None:
    """What the strategy rejects by itself is not judged again."""
    registry = story(good("1"), deploy("2"), bad("1"), bad("2"))
    strategy = Says((Candidate.reject("1", "smells"),))
    assert reasons(no_target(strategy, registry))["1"] == "smells"


def test_the_veto_is_considered() -> None:
    """What the safety check vetoes on the way appears in the plan, signed by it."""
    registry = story(good("1", "2"), bad("2", "late news"), deploy("3"), bad("3"))
    plan = AcceptsAll().plan(registry)
    assert plan.target == "1"
    assert [(each.version, each.by) for each in plan.considered] == [
        ("3", "Safe()"),
        ("2", "Safe()"),
        ("1", "AcceptsAll()"),
    ]
    assert "failed: late news" in plan.considered[1].reason


STRATEGIES: tuple[RollbackStrategy, ...] = (
    AcceptsAll(),
    AcceptsLineage(),
    Pinned("1.0.0") | AcceptsAll(),
    AcceptsAll().where(lambda _version, _registry: None),
    AcceptsAll().where(Safe()),
)


def failed_contents(events: list[Event], registry: VersionRegistry) -> dict[str, str]:
    """Return the digest of each version that was marked failed and not reinstated since."""
    failed: dict[str, str] = {}
    for event in events:
        digest = registry[event.version].digest
        if event.kind == "marked_failed" and digest is not None:
            failed[event.version] = digest
        elif event.kind == "reinstated":
            _ = failed.pop(event.version, None)
    return failed


def is_safe(label: str, registry: VersionRegistry) -> bool:
    """Say once more, naively, what a target must be."""
    version = registry[label]
    failed = failed_contents([*registry.events], registry)
    return (
        label != registry.deployments[-1].version
        and version.status not in BAD
        and not any(other != label and digest == version.digest for other, digest in failed.items())
    )


@given(registry=histories(serving=False))
def test_no_strategy_goes_where_it_is_not_safe(registry: VersionRegistry) -> None:
    """Whatever happened, a strategy that accepts everything still goes back safely or not at all.

    It finds a way if there is a safe one in what it proposes.
    """
    for strategy in STRATEGIES:
        review = strategy.review(registry)
        proposed = {each.version for each in strategy.candidates(registry)}
        safe = {label for label in proposed & {*registry} if is_safe(label, registry)}
        try:
            found = {strategy.plan(registry, leaving=review.source).target}
        except NoRollbackTarget:
            found = set[str]()
        assert found <= safe, strategy
        assert bool(found) == bool(safe), strategy


@given(registry=histories(serving=False))
def test_a_target_can_be_gone_to(registry: VersionRegistry) -> None:
    """Whatever happened, what is planned is not refused when it is carried out."""
    for strategy in (AcceptsAll(), LastStable()):
        review = strategy.review(registry)
        if review.target is not None:
            plan = strategy.plan(registry, leaving=review.source)
            assert registry.roll_back(plan).current == review.target
