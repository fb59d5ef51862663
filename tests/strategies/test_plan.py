"""`plan`: a rollback that is needed or asked for, from what the strategy accepts first."""

import pickle
from typing import Any

import pytest
from hypothesis import given

from lastgood import (
    Candidate,
    InvalidLabel,
    LastgoodError,
    LastStable,
    NoRollbackTarget,
    NotCurrent,
    NothingDeployed,
    Pinned,
    Previous,
    RollbackNotNeeded,
    RollbackPlan,
    RollbackStrategy,
    Status,
    VersionRegistry,
)
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    observe,
    ok,
    register,
    reinstate,
    retire,
    story,
)
from tests.strategies.custom import AcceptsAll, Answers, Endless, Fails, Says
from tests.strategies.histories import REGISTRY, histories

HEALTHY = story(good("v1", "v2"), deploy("v3"), register("v4"))
NOTHING_DEPLOYED = VersionRegistry.from_statuses({"v1": "stable"})
FAILING = Fails(RuntimeError("asked for candidates"))

accept = Candidate.accept
reject = Candidate.reject


# The first that is accepted and safe


def test_the_first_accepted_candidate_is_the_target() -> None:
    """The strategy's order decides: the first candidate that it accepts is the target."""
    strategy = Says(
        (reject("v4", "too young"), accept("v1", "known well"), accept("v2", "why not"))
    )
    plan = strategy.plan(REGISTRY)
    assert (plan.target, plan.reason) == ("v1", "known well")


def test_the_plan_carries_what_was_considered_with_the_target_last() -> None:
    """A plan keeps every candidate up to the target as it came, duplicates too, and none after."""
    said = (reject("v4", "too young"), reject("v4", "far too young"), accept("v1", "known well"))
    plan = Says((*said, accept("v2", "why not"))).plan(REGISTRY)
    assert plan.considered == said


def test_the_plan_names_what_it_rests_on() -> None:
    """A plan names its source, its strategy as code, and the registry that it was made for."""
    plan = LastStable().plan(REGISTRY)
    assert (plan.source, plan.strategy) == ("v3", "LastStable()")
    assert (plan.revision, plan.fingerprint) == (REGISTRY.revision, REGISTRY.fingerprint)


def test_planning_is_lazy() -> None:
    """Planning stops at the target: what the strategy would say or raise after it is not asked."""
    strategy = Fails(RuntimeError("asked too much"), before=(accept("v1", "known well"),))
    assert strategy.plan(REGISTRY).target == "v1"


def test_an_endless_strategy_can_be_planned_with() -> None:
    """A strategy that never ends does no harm as long as it accepts something."""
    strategy = Endless((reject("v4", "too young"), accept("v2", "why not")))
    assert strategy.plan(REGISTRY).target == "v2"


def test_candidates_may_come_in_any_iterable() -> None:
    """A list is as good as a generator."""
    assert Answers([accept("v1", "known well")]).plan(REGISTRY).target == "v1"


def test_planning_twice_gives_equal_plans() -> None:
    """The answer follows from the registry: equal registries give equal plans."""
    again = VersionRegistry.from_dict(REGISTRY.to_dict())
    plan: RollbackPlan = LastStable().plan(again)
    assert plan == LastStable().plan(REGISTRY)


def test_a_version_can_be_accepted_without_a_reason() -> None:
    """The reason of a version that is accepted or rejected is its status in words."""
    version = REGISTRY["v1"]
    assert Answers([accept(version)]).plan(REGISTRY).reason == "stable"
    assert Answers([reject(version)]).review(REGISTRY)[0].reason == "stable"


# Only what is needed


@each_row(
    ("registry", "status", "reason"),
    [
        (HEALTHY, Status.UNPROVEN, ""),
        (story(ok("v3"), since=HEALTHY), Status.STABLE, ""),
        (
            HEALTHY.mark_stable("v3", reason="soaked for a day"),
            Status.STABLE,
            "soaked for a day",
        ),
        (story(bad("v3", "slow"), reinstate("v3", "flaky probe"), since=HEALTHY), None, None),
        (story(back(LastStable(), leaving="v3"), observe("v3"), since=HEALTHY), None, None),
    ],
)
def test_a_healthy_version_is_not_left(
    registry: VersionRegistry, status: Status | None, reason: str | None
) -> None:
    """If no rollback is needed the strategy is not even asked; the error says what serves."""
    assert not registry.needs_rollback
    with pytest.raises(RollbackNotNeeded) as refusal:
        _ = FAILING.plan(registry)
    error = refusal.value
    assert error.serves
    assert error.version == "v3"
    assert error.status is registry["v3"].status
    assert error.reason == registry["v3"].reason
    if status is not None:
        assert (error.status, error.reason) == (status, reason)


@pytest.mark.parametrize("verdict", [bad("v3"), retire("v3")], ids=["failed", "retired"])
def test_a_bad_version_is_left(verdict: Step) -> None:
    """A current version that failed or was retired needs a rollback."""
    assert LastStable().plan(story(verdict, since=HEALTHY)).target == "v2"


def test_that_no_rollback_is_needed_is_said_as_a_runtime_error() -> None:
    """It is an error of the library and a `RuntimeError`, and can be pickled."""
    with pytest.raises(RollbackNotNeeded) as refusal:
        _ = LastStable().plan(HEALTHY)
    error = refusal.value
    assert isinstance(error, LastgoodError)
    assert isinstance(error, RuntimeError)
    copy: Any = pickle.loads(pickle.dumps(error))
    assert (copy.version, copy.status, copy.reason, copy.serves, str(copy)) == (
        error.version,
        error.status,
        error.reason,
        error.serves,
        str(error),
    )


def test_that_no_rollback_is_needed_says_so() -> None:
    """The message says what serves, its status, and that there is nothing to do.

    It names `leaving=` without a label, so that nobody can copy a second rollback from it.
    """
    with pytest.raises(RollbackNotNeeded) as refusal:
        _ = LastStable().plan(HEALTHY.mark_stable("v3", reason="soaked"))
    message = str(refusal.value)
    for words in ("'v3'", "stable", "soaked", "nothing to do", "leaving="):
        assert words in message
    for label in ("v1", "v2", "v3", "current"):
        assert f"leaving='{label}'" not in message
        assert f"leaving=registry.{label}" not in message


def test_leaving_a_healthy_version_can_be_asked_for() -> None:
    """The caller says which version is to be left all the same."""
    plan = LastStable().plan(HEALTHY, leaving="v3")
    assert (plan.source, plan.target) == ("v3", "v2")
    assert LastStable().plan(REGISTRY, leaving="v3") == LastStable().plan(REGISTRY)


@each_row("registry", [REGISTRY, HEALTHY])
@each_row("believed", ["v1", "v4", "v9"])
def test_leaving_another_version_is_refused(registry: VersionRegistry, believed: str) -> None:
    """An alarm about a version that is not current moves nothing; the error names both."""
    with pytest.raises(NotCurrent) as refusal:
        _ = FAILING.plan(registry, leaving=believed)
    assert (refusal.value.version, refusal.value.current) == (believed, "v3")


@pytest.mark.parametrize("leaving", [None, "v1"])
@pytest.mark.parametrize("registry", [NOTHING_DEPLOYED, VersionRegistry()], ids=["some", "empty"])
def test_nothing_deployed_is_found_before_the_strategy_is_asked(
    registry: VersionRegistry, leaving: str | None
) -> None:
    """If nothing was ever deployed there is nothing to leave, whatever the strategy."""
    with pytest.raises(NothingDeployed):
        _ = FAILING.plan(registry, leaving=leaving)


@pytest.mark.parametrize("wrong", [3, b"v3", LastStable])
def test_leaving_takes_a_label(wrong: Any) -> None:
    """Something else than a `str` is a `TypeError` that says how to make a label of it."""
    with pytest.raises(TypeError, match=r"str\(version\)"):
        _ = LastStable().plan(REGISTRY, leaving=wrong)


def test_leaving_takes_no_empty_label() -> None:
    """An empty text is not a label, and not taken for nothing."""
    with pytest.raises(InvalidLabel):
        _ = LastStable().plan(HEALTHY, leaving="")


@pytest.mark.parametrize("wrong", [{"v1": "stable"}, None, VersionRegistry, "v1"])
def test_a_strategy_is_asked_about_a_registry(wrong: Any) -> None:
    """Anything else than a registry is a `TypeError` that says what to write."""
    for ask in (LastStable().plan, LastStable().review, LastStable().recover):
        with pytest.raises(TypeError, match="VersionRegistry"):
            _ = ask(wrong)


# A retry changes nothing


def steps_back(strategy: RollbackStrategy, registry: VersionRegistry, label: str) -> int:
    """Return how many rollbacks a job makes that runs three times for one alarm.

    The job does whatever the messages of the refusals tell it to do.
    """
    before = len(registry.deployments)
    for _ in range(3):
        try:
            registry = registry.roll_back(strategy.plan(registry, leaving=label))
        except NotCurrent as refusal:
            message = str(refusal)
        else:
            continue
        assert "if registry.needs_rollback: plan = strategy.plan(registry)" in message
        if registry.needs_rollback:
            registry = registry.roll_back(strategy.plan(registry))
    return len(registry.deployments) - before


@each_row("strategy", [LastStable(), Previous()])
@each_row("verdict", [[], [bad("4")], [ok("4")]])
def test_a_job_that_runs_again_never_steps_back_twice(
    strategy: RollbackStrategy, verdict: list[Step]
) -> None:
    """An alarm about one version leads to one rollback, however often it is handled."""
    assert steps_back(strategy, story(good("1", "2", "3"), deploy("4"), *verdict), "4") == 1


@pytest.mark.parametrize("strategy", [LastStable(), Previous()], ids=shown)
def test_a_job_without_a_label_never_steps_back_twice(strategy: RollbackStrategy) -> None:
    """Once the failed version is left, `plan` says that nothing is to be done."""
    registry = story(good("1", "2", "3"), deploy("4"), bad("4"))
    registry = registry.roll_back(strategy.plan(registry))
    with pytest.raises(RollbackNotNeeded):
        _ = strategy.plan(registry)


@given(registry=histories(serving=False))
def test_a_plan_is_carried_out_once(registry: VersionRegistry) -> None:
    """Whatever happened, the second time that a plan is carried out nothing changes."""
    strategy = AcceptsAll()
    try:
        plan = strategy.plan(registry, leaving=strategy.review(registry).source)
    except NoRollbackTarget:
        return
    registry = registry.roll_back(plan)
    assert registry.current == plan.target
    assert registry.roll_back(plan) is registry
    assert not registry.needs_rollback
    with pytest.raises(RollbackNotNeeded):
        _ = strategy.plan(registry)
    with pytest.raises(NotCurrent):
        _ = strategy.plan(registry, leaving=plan.source)


def test_a_pin_cannot_go_in_circles() -> None:
    """A pinned strategy that is asked again leaves what it went to only if that failed."""
    registry = story(good("1"), deploy("2"), bad("2"), back(Pinned("1")))
    with pytest.raises(RollbackNotNeeded):
        _ = Pinned("1").plan(registry)
    registry = story(bad("1"), since=registry)
    with pytest.raises(NoRollbackTarget):
        _ = Pinned("1").plan(registry)
