"""A plan names what it rests on: decided here, approved there, carried out once, and never late."""

from collections.abc import Iterable

import pytest
from hypothesis import assume, given

from lastgood import (
    LastgoodError,
    LastStable,
    NotCurrent,
    Pinned,
    Previous,
    RollbackPlan,
    RollbackStrategy,
    StalePlan,
    VersionRegistry,
)
from tests.commands import Command, along
from tests.rows import each_row
from tests.scenarios.chance import LABELS, commands
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    looked_at,
    note,
    observe,
    ok,
    reasons,
    register,
    reinstate,
    retire,
    story,
    target,
    through_json,
    undeploy,
)

FAILING = story(good("1", "2", "3"), bad("3", "errors"))
PLANNERS: tuple[RollbackStrategy, ...] = (LastStable(), Previous(), *map(Pinned, LABELS))


@pytest.mark.parametrize(
    "news",
    [
        pytest.param([deploy("3")], id="a fix serves"),
        pytest.param([deploy("3"), observe("2")], id="the fix was taken back by hand"),
    ],
)
def test_the_rollback_job_is_overtaken_by_a_new_deployment(news: list[Step]) -> None:
    """A plan cannot undo a decision that is newer than it; nothing is changed.

    Restates moby/moby#26421.
    """
    failing = story(good("1"), deploy("2"), bad("2"))
    plan = LastStable().plan(failing)
    overtaken = story(*news, since=failing)
    before = overtaken.to_dict()

    with pytest.raises(StalePlan):
        _ = overtaken.roll_back(plan)

    assert overtaken.to_dict() == before


def test_the_order_to_go_back_is_older_than_the_update() -> None:
    """A plan to leave one version does not touch the next one.

    Restates expo/expo#22433.
    """
    updated = story(good("embedded"), deploy("update-1"))
    plan = Previous().plan(updated, leaving="update-1")
    assert plan.target == "embedded"

    with pytest.raises(StalePlan) as refusal:
        _ = story(deploy("update-2"), since=updated).roll_back(plan)

    assert "update-2" in str(refusal.value)


def test_two_health_checks_report_the_same_failure() -> None:
    """Two plans for one failure are one rollback: the second finds itself carried out already.

    Restates AkhileshNS/heroku-deploy#70.
    """
    by_status, by_content = LastStable().plan(FAILING), Pinned("2").plan(FAILING)

    once = FAILING.roll_back(by_status)

    assert once.current == "2"
    assert once.roll_back(by_content) is once
    with pytest.raises(NotCurrent):
        _ = LastStable().plan(once, leaving="3")


def test_a_rollback_was_cancelled_before_it_began() -> None:
    """A plan is only a plan: one that was never carried out does not hinder the same one later.

    Restates cloudfoundry/capi-release#184.
    """
    cancelled, again = LastStable().plan(FAILING), LastStable().plan(FAILING)

    assert again == cancelled
    assert FAILING.roll_back(again).current == "2"


def test_a_rollback_was_cancelled_after_it_was_recorded() -> None:
    """What failed and serves again is left again, and the first plan cannot be used twice.

    Restates cloudfoundry/cloud_controller_ng#4232.
    """
    failing = story(good("1", "10"), bad("10"))
    plan = LastStable().plan(failing)
    again = story(back(LastStable()), observe("10", "the rollback was cancelled"), since=failing)

    assert again.needs_rollback
    assert target(LastStable(), again) == "1"
    with pytest.raises(StalePlan):
        _ = again.roll_back(plan)


def test_the_history_was_purged_after_the_plan() -> None:
    """A plan of the purged history is refused, though a version of the same number serves.

    Restates hashicorp/nomad#3052.
    """
    purged = story(good("195"), register("0"), deploy("1"), bad("1"))
    plan = LastStable().plan(purged)
    anew = story(good("0"), deploy("1"), bad("1"), note("0", purged=True))
    longer = story(*(register(str(number)) for number in range(5, 9)), since=anew)

    assert plan.target == "195"
    for registry in (anew, longer):
        with pytest.raises(StalePlan):
            _ = registry.roll_back(plan)


def test_the_plan_was_made_for_staging() -> None:
    """A plan for staging is refused in production: same labels, as many events, other facts.

    Production's own plan goes to another version, since 2 never served there.

    Restates triggerdotdev/trigger.dev#1154.
    """
    staging = story(good("1", "2"), deploy("3"), bad("3"))
    prod = story(good("1"), register("2"), deploy("3"), bad("3"), register("4"), register("5"))
    plan = LastStable().plan(staging)
    assert staging.revision == prod.revision
    before = prod.to_dict()

    with pytest.raises(StalePlan):
        _ = prod.roll_back(plan)
    with pytest.raises(StalePlan):
        _ = prod.roll_back(through_json(plan))

    assert prod.to_dict() == before
    assert plan.target == "2"
    assert target(LastStable(), prod) == "1"


def test_the_plan_was_made_where_another_version_serves() -> None:
    """A plan is refused if it leaves another version than the one that serves.

    Restates fujiwara/lambroll#366.
    """
    prod = story(good("7"), deploy("10"))
    staging = story(good("7"), deploy("9"))
    before = prod.to_dict()

    with pytest.raises(StalePlan):
        _ = prod.roll_back(LastStable().plan(staging, leaving="9"))

    assert prod.to_dict() == before


def test_a_reviewer_approves_the_plan_and_another_job_carries_it_out() -> None:
    """A plan goes through JSON to a reviewer and back, and means the same.

    Bad news about its target in the meantime makes it stale.

    Restates dguay/line-mover#98.
    """
    plan = through_json(LastStable().plan(FAILING))

    assert plan == LastStable().plan(FAILING)
    assert plan.target == "2"
    assert FAILING.roll_back(plan, by="reviewer").deployments[-1].by == "reviewer"
    with pytest.raises(StalePlan):
        _ = story(bad("2"), since=FAILING).roll_back(plan)


def test_the_target_does_not_load() -> None:
    """The caller tries the target first: one that does not load is retired, and the next is taken.

    Restates Pulsefy/Lumenpulse#1448.
    """
    first = LastStable().plan(FAILING)
    assert first.target == "2"

    tried = story(retire("2", "does not load"), since=FAILING)
    second = LastStable().plan(tried)

    assert second.target == "1"
    assert reasons(second)["2"] == "retired: does not load"
    assert "retired: does not load" in second.explain()
    with pytest.raises(StalePlan):
        _ = tried.roll_back(first)


AGAINST: dict[str, list[Step]] = {
    "another version was deployed": [deploy("4")],
    "another deployment was undone": [deploy("4"), observe("3")],
    "the source proved good": [reinstate("3"), ok("3")],
    "the source is reinstated": [reinstate("3", "false alarm")],
    "the target failed": [bad("2")],
    "the target failed, which was taken back": [bad("2"), reinstate("2"), ok("2")],
    "the target was retired": [retire("2", "deleted")],
    "contents of the target failed": [register("2a", digest="sha256:2"), bad("2a")],
    "what the target is was corrected": [note("2", schema="B")],
    "what the source is was corrected": [note("3", schema="B")],
    "a barrier became known": [note("3", migration=True)],
    "nothing serves any more, then another one": [undeploy("3"), deploy("4")],
}
NOT_AGAINST: dict[str, list[Step]] = {
    "a canary": [register("4")],
    "a verdict on a third version": [bad("1", "old"), register("4"), bad("4")],
    "the source failed again": [bad("3", "more errors")],
    "the source was retired": [retire("3")],
    "the target proved good again": [lambda registry: registry.mark_stable("2", reason="checked")],
    "a new fact about the target": [note("2", checked_by="ana")],
    "a fact about an older version": [note("1", schema="B")],
    "the source was undeployed": [undeploy("3")],
    "the source was undeployed and put back": [undeploy("3"), observe("3")],
}
RESTING = story(
    good("1", metadata={"schema": "A"}),
    good("2", metadata={"schema": "A"}, digest="sha256:2"),
    good("3", metadata={"schema": "A"}),
    bad("3", "errors"),
)


@each_row("news", AGAINST.values())
def test_news_against_a_plan_makes_it_stale(news: list[Step]) -> None:
    """What speaks against a plan that waits for approval makes it stale, and nothing is applied."""
    plan = through_json(LastStable().plan(RESTING))
    later = story(*news, since=RESTING)
    before = later.to_dict()

    with pytest.raises(StalePlan):
        _ = later.roll_back(plan)

    assert later.to_dict() == before


@each_row("news", NOT_AGAINST.values())
def test_other_news_does_not_make_a_plan_stale(news: list[Step]) -> None:
    """A plan that was approved is carried out if the news is for it, or about others."""
    plan = through_json(LastStable().plan(RESTING))

    assert story(*news, since=RESTING).roll_back(plan).current == "2"


def test_what_was_considered_survives_the_journey() -> None:
    """A reviewer sees the same explanation as the job that made the plan."""
    plan = LastStable().plan(RESTING)

    assert looked_at(through_json(plan)) == looked_at(plan)
    assert through_json(plan).explain() == plan.explain()


@given(one=commands, other=commands)
def test_no_plan_is_carried_out_in_another_registry(
    one: list[Command], other: list[Command]
) -> None:
    """A plan is carried out only by a registry that begins with the events that it rests on."""
    *_, staging = along(one)
    *_, prod = along(other)
    for plan in plans_of(staging):
        if prod.events[: plan.revision] == staging.events:
            continue
        with pytest.raises(StalePlan):
            _ = prod.roll_back(through_json(plan))


@given(one=commands, more=commands)
def test_a_plan_is_carried_out_once(one: list[Command], more: list[Command]) -> None:
    """However often and however late it is tried, a plan makes one rollback or none."""
    *_, registry = along(one)
    plans = plans_of(registry)
    _ = assume(plans)
    for plan in plans:
        for later in along(more, since=registry):
            try:
                once = later.roll_back(plan)
            except StalePlan:
                continue
            assert once.current == plan.target
            assert once.revision - later.revision <= 1
            assert once.roll_back(plan) is once


def plans_of(registry: VersionRegistry) -> list[RollbackPlan]:
    """Return a plan of every strategy that has one."""
    return list(_plans(registry))


def _plans(registry: VersionRegistry) -> Iterable[RollbackPlan]:
    for strategy in PLANNERS:
        for label in LABELS:
            try:
                yield strategy.plan(registry, leaving=label)
            except LastgoodError:
                continue
