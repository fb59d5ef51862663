"""Which versions count as good: what people said of them, and what nobody said."""

import pytest

from lastgood import (
    BestBy,
    IllegalTransition,
    LastStable,
    NothingDeployed,
    Previous,
    RollbackNotNeeded,
    Status,
)
from tests.scenarios.story import (
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    ok,
    reasons,
    register,
    story,
    target,
)


def test_a_version_that_nobody_judged_is_not_the_last_good_one() -> None:
    """The way to the last good version passes over one without a verdict, and says so.

    The way to the previous version takes it.

    Restates helm/helm#5237 and helm/helm#1796.
    """
    registry = story(deploy("1"), ok("1"), deploy("2"), deploy("3"), bad("3"))

    plan = LastStable().plan(registry)

    assert plan.target == "1"
    assert reasons(plan) == {"2": "unproven", "1": "stable"}
    assert target(Previous(), registry) == "2"


def test_the_release_just_before_the_failed_one_failed_too() -> None:
    """A version that failed cannot be the way back, not even the one right before.

    Restates helm/helm#5395.
    """
    registry = story(
        deploy("1"),
        ok("1"),
        deploy("2"),
        bad("2", "crash loop"),
        deploy("3"),
        bad("3"),
    )

    for strategy in (LastStable(), Previous()):
        plan = strategy.plan(registry)
        assert plan.target == "1"
        assert looked_at(plan) == ["2", "1"]
        assert reasons(plan)["2"] == "failed: crash loop"


def test_a_good_version_turns_bad_later() -> None:
    """A later failure overrides the earlier verdict, and the version must be left.

    Restates openshift/origin#2854.
    """
    registry = story(deploy("1"), ok("1"), deploy("2"), ok("2"), bad("2", "memory leak"))

    assert registry["2"].status is Status.FAILED
    assert registry["2"].reason == "memory leak"
    assert registry.needs_rollback
    assert target(LastStable(), registry) == "1"


def test_the_first_release_fails() -> None:
    """If nothing served before, the answer is a refusal and never a silent success.

    Restates deployphp/deployer#2052.
    """
    registry = story(deploy("1"), bad("1"))

    refusal = no_target(LastStable(), registry)

    assert refusal.source == "1"
    assert refusal.considered == ()


def test_nothing_was_ever_deployed() -> None:
    """A registered version does not serve, so there is nothing to leave.

    Restates helm/helm#9548.
    """
    registry = story(register("1"))

    with pytest.raises(NothingDeployed):
        _ = LastStable().plan(registry)


def test_nobody_ever_confirmed_a_version() -> None:
    """Without any verdict there is no last good version, and the refusal says why of each one.

    Restates p2pool-starter-stack/pithead#793.
    """
    registry = story(deploy("1"), deploy("2"), deploy("3"), bad("3"))

    refusal = no_target(LastStable(), registry)

    assert looked_at(refusal) == ["2", "1"]
    assert reasons(refusal) == {"2": "unproven", "1": "unproven"}
    assert refusal.explain().count("unproven") == 2
    assert target(Previous(), registry) == "2"


def test_the_alarm_rang_during_a_canary_but_was_about_the_serving_version() -> None:
    """A verdict hits the version that it names, and the canary stays untouched.

    The version that serves must be left, and there is nowhere to go.

    Restates the alarms of SageMaker's deployment guardrails.
    """
    registry = story(deploy("1"), ok("1"), register("2"), bad("1", "error rate"))

    assert registry["2"].status is Status.UNPROVEN
    assert registry.current == "1"
    assert registry.needs_rollback
    refusal = no_target(LastStable(), registry)
    assert looked_at(refusal) == ["2"]


def test_a_failed_canary_is_no_reason_to_leave_the_healthy_version() -> None:
    """Only the current version's own state calls for a rollback.

    Restates capistrano/capistrano#1885 and capistrano/capistrano#514.
    """
    registry = story(deploy("1"), ok("1"), deploy("2"), ok("2"), register("3"), bad("3"))

    assert not registry.needs_rollback
    assert LastStable().recover(registry) is registry
    assert registry.current == "2"


def test_an_abort_without_any_failure_changes_nothing() -> None:
    """If nothing failed, nothing moves; if nothing served before, going back is refused.

    Restates argoproj/argo-rollouts#1292.
    """
    registry = story(good("1"))

    assert LastStable().recover(registry) is registry
    assert no_target(LastStable(), registry, leaving="1").considered == ()
    assert registry.current == "1"


def test_a_healthy_version_is_not_left_by_mistake() -> None:
    """If nothing failed there is no plan: who wants one says which version is to be left.

    The refusal says what serves, and that there is nothing to do.

    Restates argoproj/argo-rollouts#1292.
    """
    registry = story(good("1", "2"))

    with pytest.raises(RollbackNotNeeded) as refusal:
        _ = LastStable().plan(registry)

    for fact in ("2", "stable", "leaving="):
        assert fact in str(refusal.value)
    assert target(LastStable(), registry, leaving="2") == "1"


def test_a_release_was_cancelled_by_a_rollback() -> None:
    """A version that was cancelled before it served stays out, with the reason; nothing moves.

    Restates InVisionApp/kit-deployer#89.
    """
    registry = story(good("5"), register("6"), bad("6", "cancelled by a rollback"))

    assert LastStable().recover(registry) is registry
    with pytest.raises(IllegalTransition, match="cancelled by a rollback"):
        _ = registry.deploy("6")


def test_a_promoted_canary_fails() -> None:
    """The way back from a promoted canary is what served until then, not one further back.

    Restates kserve/kserve#2040.
    """
    canary = story(good("1", "2"), register("3"))
    promoted = story(deploy("3"), bad("3"), since=canary)

    assert canary.current == "2"
    assert target(LastStable(), promoted) == "2"


def test_the_best_model_is_the_one_with_the_lowest_error() -> None:
    """Whether less is better is said by the caller and never guessed from the name of a metric.

    Restates selcukorkmaz/fastml#86.
    """
    registry = story(
        good("1", metadata={"rmse": 0.30}),
        good("2", metadata={"rmse": 0.12}),
        good("3", metadata={"rmse": 0.20}),
        deploy("4", metadata={"rmse": 0.05}),
        bad("4", "trained on its own test set"),
    )

    assert target(BestBy("rmse", lowest=True), registry) == "2"
    assert target(BestBy("rmse"), registry) == "1"
