"""Section 2.1: a version that serves no more, and nothing in its place."""

import pytest

from lastgood import (
    IllegalTransition,
    LastStable,
    NotCurrent,
    NothingDeployed,
    Pinned,
    Previous,
    StalePlan,
    Status,
    UnknownVersion,
    VersionRegistry,
    prunable,
)
from lastgood.rules import Budget, SameMajor, Served
from tests.registry.making import answers, back, by_hand, deployed, hour, idle, labels, lineage


def off() -> VersionRegistry:
    """Return a registry in which "1", "2" and "3" served, and "3" was taken out of service."""
    return deployed("1", "2", "3").mark_stable("1").undeploy("3", reason="maintenance", by="ana")


def test_nothing_serves() -> None:
    """After an undeploy there is no current version, and nothing needs a rollback."""
    registry = off()
    assert registry.current is None
    assert not registry.needs_rollback
    with pytest.raises(NothingDeployed, match="'3'"):
        _ = registry.current_version
    event = registry.events[-1]
    assert (event.kind, event.version, event.reason) == ("undeployed", "3", "maintenance")


def test_an_undeploy_judges_nobody() -> None:
    """The version keeps its status and its reason, and is not held."""
    for status in (Status.UNPROVEN, Status.STABLE, Status.FAILED, Status.RETIRED):
        registry = idle(status).observe("it")
        after = registry.undeploy("it", reason="maintenance")
        assert after["it"] == registry["it"]
        assert after["base"] == registry["base"]


def test_an_undeploy_of_another_version_is_refused() -> None:
    """If another version serves it is `NotCurrent`, and nothing changes."""
    registry = deployed("1", "2")
    before = answers(registry)
    with pytest.raises(NotCurrent) as refusal:
        _ = registry.undeploy("1")
    assert (refusal.value.version, refusal.value.current) == ("1", "2")
    assert answers(registry) == before


def test_an_undeploy_where_nothing_serves_is_no_news() -> None:
    """Any known version serves no more already; an unknown one is refused."""
    for registry in (off(), VersionRegistry().register("1")):
        for label in registry:
            assert registry.undeploy(label, reason="again", at=hour(9)) is registry
        with pytest.raises(UnknownVersion):
            _ = registry.undeploy("7")


def test_an_undeploy_in_data() -> None:
    """An event that changes nothing is accepted and kept, with its time."""
    registry = off()
    data = registry.to_dict()
    data["events"].append({"kind": "undeployed", "version": "1", "at": "2024-05-01T15:00:00Z"})
    after = VersionRegistry.from_dict(data)
    assert after.revision == registry.revision + 1
    assert after.current is None
    assert after.clock == hour(3)
    assert lineage(after) == lineage(registry)


def test_the_deployment_has_ended() -> None:
    """The end of the last deployment is the time of the undeploy; no deployment is added."""
    registry = deployed("1").register("2").deploy("2", at=hour(1)).undeploy("2", at=hour(4))
    assert [each.ended_at for each in registry.deployments] == [hour(1), hour(4)]
    assert registry["2"].times_deployed == 1
    later = registry.deploy("1", at=hour(6))
    assert [each.ended_at for each in later.deployments] == [hour(1), hour(4), None]
    untimed = deployed("1").undeploy("1").register("2").deploy("2", at=hour(6))
    assert untimed.deployments[0].ended_at is None


# What served last stands for the current version


def test_the_lineage_is_that_of_what_served_last() -> None:
    """The version that served last is left out, as if it served."""
    assert lineage(off()) == ["2", "1"]
    assert lineage(off()) == lineage(deployed("1", "2", "3"))


def test_another_deployment_goes_on_from_what_served_last() -> None:
    """An undeploy in between adds no step: the lineage is as without it."""
    registry = off().register("4").deploy("4")
    assert lineage(registry) == ["3", "2", "1"]
    assert registry["3"].status is Status.UNPROVEN
    assert not registry.deployments[-1].rewound


@pytest.mark.parametrize("command", ["deploy", "observe"])
def test_serving_it_again_is_no_step_and_no_rewind(command: str) -> None:
    """It is a deployment on record, and the lineage is as before."""
    registry = off()
    again = registry.deploy("3") if command == "deploy" else registry.observe("3")
    assert again.current == "3"
    assert lineage(again) == ["2", "1"]
    assert len(again.deployments) == len(registry.deployments) + 1
    assert again["3"].times_deployed == 2
    last = again.deployments[-1]
    assert (last.kind, last.rewound) == ("deployed" if command == "deploy" else "observed", False)
    assert lineage(again.undeploy("3").deploy("3")) == ["2", "1"]


def test_what_served_again_is_left_as_one_step() -> None:
    """A target outside the lineage takes the place of it, however often it served in a row."""
    registry = off().deploy("3").undeploy("3").observe("3").register("hotfix")
    registry = back(registry, "hotfix", source="3")
    assert lineage(registry) == ["2", "1"]
    assert lineage(back(registry, "2", source="hotfix")) == ["1"]


def test_an_observation_that_rewinds_holds_what_served_last() -> None:
    """Seen again, a version of the lineage is gone back to, and what served last was left."""
    registry = off().observe("2", reason="switched by hand")
    assert registry.current == "2"
    assert registry.deployments[-1].rewound
    assert registry["3"].status is Status.ROLLED_BACK
    assert registry["3"].reason == "switched by hand"
    assert lineage(registry) == ["1"]


def test_what_served_last_may_fail_meanwhile() -> None:
    """It is not deployed again then, and nothing needs a rollback, as nothing serves."""
    registry = off().mark_failed("3", reason="leaks")
    assert not registry.needs_rollback
    with pytest.raises(IllegalTransition, match="leaks"):
        _ = registry.deploy("3")
    assert registry.observe("3").needs_rollback


def test_strategies_answer_as_if_it_served() -> None:
    """`review` and `plan(leaving=)` say after an undeploy what they said before."""
    registry = deployed("1", "2", "3").mark_stable("1").mark_failed("2", reason="slow")
    stopped = registry.undeploy("3")
    strategies = [
        LastStable(),
        Previous(),
        Pinned("1").where(SameMajor()),
        Previous().where(Served(), Budget(1)),
    ]
    for strategy in strategies:
        assert tuple(strategy.review(stopped)) == tuple(strategy.review(registry))
        before = strategy.plan(registry, leaving="3") if strategy.review(registry).target else None
        if before is not None:
            plan = strategy.plan(stopped, leaving="3")
            assert (plan.source, plan.target, plan.reason) == ("3", before.target, before.reason)
            assert plan.considered == before.considered
            assert plan.fingerprint == stopped.fingerprint


def test_a_rollback_puts_its_target_in_service() -> None:
    """A plan that leaves what served last is carried out as if it served."""
    registry = off()
    registry = registry.roll_back(LastStable().plan(registry, leaving="3"), reason="leaks")
    assert registry.current == "1"
    assert registry["3"].status_text == "rolled back: leaks"
    assert registry.deployments[-1].rewound
    assert lineage(registry) == []


def test_a_plan_made_before_the_undeploy_is_still_good() -> None:
    """An undeploy of the source does not make a plan stale."""
    registry = deployed("1", "2")
    plan = by_hand(registry, "1", source="2")
    assert registry.undeploy("2").roll_back(plan).current == "1"
    again = registry.undeploy("2").deploy("2")
    assert again.roll_back(plan).current == "1"


def test_a_rollback_that_was_undeployed_is_not_repeated() -> None:
    """A retried job does not put back in service what was taken out of service since."""
    registry = deployed("1", "2")
    plan = by_hand(registry, "1", source="2")
    after = registry.roll_back(plan).undeploy("1")
    with pytest.raises(StalePlan):
        _ = after.roll_back(plan)
    assert after.current is None


def test_a_budget_is_not_reset() -> None:
    """Serving what was undeployed again is not another version."""
    registry = deployed("1", "2", "3")
    registry = back(registry, "2", source="3").undeploy("2").deploy("2")
    assert Previous().where(Budget(1)).review(registry).target is None
    other = registry.register("4").deploy("4")
    assert Previous().where(Budget(1)).review(other).target == "2"


def test_what_served_last_is_not_prunable() -> None:
    """It is kept like the current version."""
    registry = deployed("1", "2", "3").mark_stable("1").undeploy("3")
    assert "3" not in labels(prunable(registry, keep=1))


def test_a_candidate_that_served_last_is_not_its_own_target() -> None:
    """The version that served last is refused as a target, like a current version."""
    registry = off()
    assert "3" not in [candidate.version for candidate in Previous().review(registry)]
    with pytest.raises(IllegalTransition):
        _ = registry.roll_back(by_hand(registry, "3", source="3"))


def test_the_exemption_of_the_current_contents_is_for_what_serves() -> None:
    """After an undeploy its contents are refused like those of any other version."""
    registry = VersionRegistry().register("1", digest="x").deploy("1").register("2", digest="x")
    registry = registry.mark_failed("2", reason="leaks")
    assert registry.deploy("1") is registry
    assert registry.mark_stable("1")["1"].status is Status.STABLE
    stopped = registry.undeploy("1")
    for command in (stopped.deploy, stopped.mark_stable):
        with pytest.raises(IllegalTransition):
            _ = command("1")
    assert stopped.observe("1").current == "1"
