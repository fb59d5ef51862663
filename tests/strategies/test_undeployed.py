"""After an undeploy: what served last stands for the current version.

Strategies and rules are asked about the registry in which it serves again, so that their authors
need to know nothing about undeploys.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given

from lastgood import (
    Candidate,
    FirstOf,
    LastStable,
    NoRollbackTarget,
    NotCurrent,
    Pinned,
    RollbackNotNeeded,
    RollbackStrategy,
    Version,
    VersionRegistry,
)
from lastgood.rules import Budget
from tests.scenarios.story import bad, deploy, good, observe, register, story, target, undeploy
from tests.strategies.custom import AcceptsAll, Fails
from tests.strategies.histories import STRATEGIES, histories

REGISTRY = story(good("1", "2"), deploy("3"), undeploy("3"))


def test_no_rollback_is_needed() -> None:
    """Nothing serves, on purpose; the error says what served last, whatever its status."""
    for registry in (REGISTRY, story(bad("3"), since=REGISTRY)):
        assert registry.current is None
        with pytest.raises(RollbackNotNeeded) as refusal:
            _ = Fails(RuntimeError("asked")).plan(registry)
        assert (refusal.value.version, refusal.value.serves) == ("3", False)
        assert refusal.value.status is registry["3"].status
        assert "undeployed" in str(refusal.value)


def test_what_served_last_can_be_left() -> None:
    """The label comes from the person who wants something to serve again."""
    plan = LastStable().plan(REGISTRY, leaving="3")
    assert (plan.source, plan.target) == ("3", "2")
    assert (plan.revision, plan.fingerprint) == (REGISTRY.revision, REGISTRY.fingerprint)


@pytest.mark.parametrize("label", ["1", "2", "9"])
def test_nothing_else_can_be_left(label: str) -> None:
    """Another version neither serves nor served last; the error says that nothing serves."""
    with pytest.raises(NotCurrent) as refusal:
        _ = LastStable().plan(REGISTRY, leaving=label)
    assert (refusal.value.version, refusal.value.current) == (label, None)


def test_carrying_the_plan_out_puts_the_target_in_service() -> None:
    """The rollback ends the time in which nothing served, and is a rollback like any other."""
    plan = LastStable().plan(REGISTRY, leaving="3")
    registry = REGISTRY.roll_back(plan)
    assert registry.current == "2"
    assert registry["3"].status == "rolled_back"
    assert [version.label for version in registry.lineage()] == ["1"]
    assert registry.roll_back(plan) is registry


def test_what_served_last_is_not_the_target() -> None:
    """Serving it again is not a rollback."""
    assert "3" not in {each.version for each in AcceptsAll().review(REGISTRY)}
    registry = story(undeploy("3"), since=story(good("1"), good("3")))
    with pytest.raises(NoRollbackTarget):
        _ = Pinned("3").plan(registry, leaving="3")


def test_serving_it_again_is_as_before() -> None:
    """Nothing of the way back is lost."""
    for again in (deploy("3"), observe("3")):
        registry = story(again, since=REGISTRY)
        assert target(LastStable(), registry, leaving="3") == "2"


def test_a_strategy_and_a_rule_see_what_served_last() -> None:
    """The registry that they are given has a current version, and the same events otherwise."""
    seen: list[VersionRegistry] = []

    class Looks(RollbackStrategy):
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            seen.append(registry)
            yield Candidate.accept(registry["1"])

        def __repr__(self) -> str:
            return "Looks()"

    def looks(_version: Version, registry: VersionRegistry, /) -> None:
        seen.append(registry)

    assert target(Looks().where(looks), REGISTRY, leaving="3") == "1"
    assert Looks().where(looks).review(REGISTRY).target == "1"
    assert target(FirstOf(Looks(), LastStable()), REGISTRY, leaving="3") == "1"
    assert len(seen) == 5
    for registry in seen:
        assert registry.current == "3"
        assert registry.current_version == REGISTRY["3"]
        assert [*registry.lineage()] == [*REGISTRY.lineage()]
        assert [*registry.events] == [*REGISTRY.events]
        assert (registry.revision, registry.fingerprint) == (
            REGISTRY.revision,
            REGISTRY.fingerprint,
        )
    assert REGISTRY.current is None


def test_the_budget_goes_on() -> None:
    """An undeploy neither counts nor resets, and leaving what served last is a rollback."""
    registry = story(good("1", "2", "3"), deploy("4"))
    registry = registry.roll_back(LastStable().plan(registry, leaving="4")).undeploy("3")
    strategy = LastStable().where(Budget(1))
    with pytest.raises(NoRollbackTarget):
        _ = strategy.plan(registry, leaving="3")
    assert target(LastStable().where(Budget(2)), registry, leaving="3") == "2"


@given(registry=histories())
def test_an_undeploy_changes_no_answer(registry: VersionRegistry) -> None:
    """Whatever happened, a strategy answers about what served last as when it served."""
    for strategy in STRATEGIES:
        before = strategy.review(registry)
        undeployed = registry.undeploy(before.source)
        assert undeployed.current is None
        after = strategy.review(undeployed)
        assert after == before, strategy
        if before.target is not None:
            one = strategy.plan(registry, leaving=before.source)
            other = strategy.plan(undeployed, leaving=before.source)
            assert (one.target, one.considered) == (other.target, other.considered), strategy


def test_what_never_served_is_as_before() -> None:
    """A version that is registered while nothing serves is a spare like any other."""
    registry = story(register("4"), since=REGISTRY)
    assert target(Pinned("4"), registry, leaving="3") == "4"
