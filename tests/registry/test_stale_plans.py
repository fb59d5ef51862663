"""Sections 2.1 and 6: when a plan is carried out, already carried out, or stale."""

from collections.abc import Callable
from typing import Any

import pytest

from lastgood import (
    Event,
    IllegalTransition,
    LastStable,
    NotCurrent,
    Pinned,
    Previous,
    RollbackNotNeeded,
    RollbackPlan,
    StalePlan,
    UnknownVersion,
    VersionRegistry,
)
from tests.registry.making import answers, back, by_hand, deployed, hour, lineage
from tests.rows import each_row

News = Callable[[VersionRegistry], VersionRegistry]


def start() -> VersionRegistry:
    """Return a registry in which "2" serves, and "1" is its target.

    "twin" has the contents of "1", "other" those of "2"; "later" served after "1".
    """
    registry = VersionRegistry().register("1", digest="x", metadata={"auc": 0.9, "warm": False})
    registry = registry.register("twin", digest="x").register("2", digest="y", metadata={"db": 1})
    registry = registry.register("other", digest="y").register("third").register("later")
    return registry.deploy("1").deploy("later").deploy("2")


def planned(registry: VersionRegistry) -> RollbackPlan:
    """Return a plan from "2" to "1"."""
    plan = Pinned("1").plan(registry, leaving="2")
    assert (plan.source, plan.target, plan.revision) == ("2", "1", registry.revision)
    return plan


def failed_and_reinstated(label: str) -> News:
    """Return the news that a version failed, and that this was taken back."""
    return lambda registry: registry.mark_failed(label).reinstate(label)


#: News against the plan.
STALE: dict[str, News] = {
    "another version was deployed": lambda registry: registry.deploy("third"),
    "the target was deployed": lambda registry: registry.deploy("1"),
    "another version was observed": lambda registry: registry.observe("third"),
    "a version of the lineage was observed": lambda registry: registry.observe("later"),
    "the target was observed": lambda registry: registry.observe("1"),
    "another version was deployed, and the source again": lambda registry: registry.deploy(
        "third"
    ).deploy("2"),
    "another version was observed, and the source again": lambda registry: registry.observe(
        "third"
    ).observe("2"),
    "it was carried out, and the source came back": lambda registry: (
        registry.roll_back(planned(registry)).reinstate("2").deploy("2")
    ),
    "it was carried out, and another version was deployed": lambda registry: registry.roll_back(
        planned(registry)
    ).deploy("third"),
    "it was carried out, and the target was left and deployed again": lambda registry: (
        registry.roll_back(planned(registry)).deploy("third").deploy("1")
    ),
    "it was carried out, and the target was undeployed": lambda registry: registry.roll_back(
        planned(registry)
    ).undeploy("1"),
    "another rollback was carried out": lambda registry: back(registry, "third", source="2"),
    "the source was undeployed, and another one deployed": lambda registry: registry.undeploy(
        "2"
    ).deploy("third"),
    "the source proved good": lambda registry: registry.mark_stable("2"),
    "the source failed and was reinstated": failed_and_reinstated("2"),
    "the target failed": lambda registry: registry.mark_failed("1"),
    "the target was retired": lambda registry: registry.retire("1"),
    "the target failed and was reinstated": failed_and_reinstated("1"),
    "the twin of the target failed": lambda registry: registry.mark_failed("twin"),
    "the twin of the target failed and was reinstated": failed_and_reinstated("twin"),
    "the retired twin of the target failed": lambda registry: registry.retire("twin").mark_failed(
        "twin"
    ),
    "a new twin of the target failed": lambda registry: registry.register(
        "new", digest="x"
    ).mark_failed("new"),
    "a value of the target changed": lambda registry: registry.annotate("1", {"auc": 0.1}),
    "a value of the target became unknown": lambda registry: registry.annotate("1", {"auc": None}),
    "a value of the target changed and changed back": lambda registry: registry.annotate(
        "1", {"warm": True}
    ).annotate("1", {"warm": False}),
    "a value of the source changed": lambda registry: registry.annotate("2", {"db": 2}),
    "the source was annotated": lambda registry: registry.annotate("2", {"migration": True}),
    "what served after the target was annotated": lambda registry: registry.annotate(
        "later", {"migration": True}
    ),
}

#: News that is for the plan, or that does not matter to it.
FRESH: dict[str, News] = {
    "nothing happened": lambda registry: registry,
    "the source failed": lambda registry: registry.mark_failed("2", reason="slow"),
    "the source was retired": lambda registry: registry.retire("2"),
    "the source failed twice": lambda registry: registry.mark_failed("2").mark_failed(
        "2", reason="a better reason"
    ),
    "the target proved good": lambda registry: registry.mark_stable("1"),
    "the twin of the target was retired": lambda registry: registry.retire("twin"),
    "the twin of the target proved good": lambda registry: registry.mark_stable("twin"),
    "a canary was registered": lambda registry: registry.register("canary"),
    "a twin of the target was registered": lambda registry: registry.register("new", digest="x"),
    "a third version failed": lambda registry: registry.mark_failed("third"),
    "a third version proved good": lambda registry: registry.mark_stable("third"),
    "a third version was retired": lambda registry: registry.retire("third"),
    "what served in between failed": lambda registry: registry.mark_failed("later"),
    "a twin of the source failed": lambda registry: registry.mark_failed("other"),
    "a new key on the target": lambda registry: registry.annotate("1", {"approved": "ana"}),
    "what never served was annotated": lambda registry: registry.annotate(
        "third", {"migration": True}
    ),
    "the source was undeployed": lambda registry: registry.undeploy("2"),
    "the source was undeployed and deployed again": lambda registry: registry.undeploy("2").deploy(
        "2"
    ),
    "the source was undeployed and observed again": lambda registry: registry.undeploy("2").observe(
        "2"
    ),
    "the clock was set": lambda registry: registry.with_clock(hour(9)),
    "the current version was observed": lambda registry: registry.observe("2"),
    "time went by": lambda registry: registry.mark_failed("third", at=hour(9)),
    "events that changed nothing": lambda registry: registry.extend(
        [
            Event("deployed", "2"),
            Event("observed", "2"),
            Event("reinstated", "1"),
            Event("reinstated", "2"),
            Event("annotated", "1", metadata={"auc": 0.9}),
            Event("annotated", "2", metadata={"db": 1.0}),
            Event("undeployed", "2"),
            Event("undeployed", "1"),
            Event("deployed", "2", at=hour(9)),
        ]
    ),
}


@each_row("news", STALE)
def test_news_against_a_plan_makes_it_stale(news: str) -> None:
    """Another deployment, bad news about the target, good news about the source, changed facts."""
    before = start()
    plan = planned(before)
    registry = STALE[news](before)
    facts = answers(registry)
    with pytest.raises(StalePlan) as refusal:
        _ = registry.roll_back(plan, reason="a retried job")
    error = refusal.value
    assert (error.source, error.target, error.revision) == ("2", "1", plan.revision)
    assert error.event in tuple(registry.events[plan.revision :])
    assert registry.events[error.at_revision - 1] == error.event
    assert answers(registry) == facts


@each_row("news", FRESH)
def test_other_news_does_not_make_a_plan_stale(news: str) -> None:
    """News for the plan, and news about other things, leave it good: it is carried out."""
    before = start()
    registry = FRESH[news](before).roll_back(planned(before))
    assert registry.current == "1"
    assert lineage(registry) == []


def test_the_news_against_the_plan_is_named() -> None:
    """The error has the event that made the plan stale, and the revision at which it came."""
    before = start()
    plan = planned(before)
    registry = before.register("canary").mark_failed("1", reason="leaks").mark_failed("third")
    with pytest.raises(StalePlan) as refusal:
        _ = registry.roll_back(plan)
    assert refusal.value.event == Event("marked_failed", "1", reason="leaks")
    assert refusal.value.at_revision == before.revision + 2


@each_row("annotated", ["1", "later", "2"])
@each_row("target", ["third", "twin"])
def test_a_target_that_never_served(annotated: str, target: str) -> None:
    """Any new metadata of a version that was deployed may have made a barrier known."""
    registry = start()
    plan = by_hand(registry, target, source="2")
    with pytest.raises(StalePlan):
        _ = registry.annotate(annotated, {"migration": True}).roll_back(plan)
    assert registry.annotate("other", {"migration": True}).roll_back(plan).current == target


def test_metadata_of_what_served_before_the_target_does_not_matter() -> None:
    """A barrier from before the target last served does not stand between."""
    registry = deployed("0", "1", "2", "3")
    plan = by_hand(registry, "1", source="3")
    assert registry.annotate("0", {"migration": True}).roll_back(plan).current == "1"
    with pytest.raises(StalePlan):
        _ = registry.annotate("2", {"migration": True}).roll_back(plan)


def test_good_news_about_a_bad_source() -> None:
    """A source that failed before the plan and was reinstated since need not be left."""
    registry = start().mark_failed("2")
    plan = planned(registry)
    with pytest.raises(StalePlan):
        _ = registry.reinstate("2", reason="false alarm").roll_back(plan)


def test_a_better_reason_changes_no_status() -> None:
    """A new reason for the status that a version had is not news against the plan."""
    registry = start().mark_stable("1", reason="24 h").mark_stable("2", reason="24 h")
    plan = planned(registry)
    later = registry.mark_stable("1", reason="48 h").mark_stable("2", reason="48 h")
    assert later.roll_back(plan).current == "1"


def test_a_source_with_the_contents_of_the_target() -> None:
    """If the source fails, the contents of the target failed with it."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x")
    registry = registry.deploy("1").deploy("2")
    plan = by_hand(registry, "1", source="2")
    assert registry.roll_back(plan).current == "1"
    with pytest.raises(StalePlan):
        _ = registry.mark_failed("2").roll_back(plan)


def test_versions_without_a_digest_are_not_twins() -> None:
    """If the target has no digest, news about others without one is not about its contents."""
    registry = deployed("1", "2").register("3")
    plan = Previous().plan(registry, leaving="2")
    assert registry.mark_failed("3").roll_back(plan).current == "1"


def test_news_before_the_plan_does_not_count() -> None:
    """Facts that were known when the plan was made do not make it stale."""
    registry = start().mark_failed("1").reinstate("1").deploy("third").deploy("2")
    registry = registry.annotate("1", {"auc": 0.5}).mark_failed("2").mark_stable("1")
    plan = LastStable().plan(registry)
    assert registry.roll_back(plan).current == "1"


def test_a_plan_whose_target_was_unknown() -> None:
    """A plan for a version that is registered later is good until there is news against it."""
    registry = start()
    plan = by_hand(registry, "unborn", source="2")
    later = registry.register("unborn")
    assert later.roll_back(plan).current == "unborn"
    with pytest.raises(StalePlan):
        _ = later.mark_failed("unborn").roll_back(plan)
    with pytest.raises(UnknownVersion):
        _ = registry.roll_back(plan)


# Already carried out


def test_a_retried_job_cannot_step_back_twice() -> None:
    """A plan is carried out once; the second time this very registry is returned."""
    registry = deployed("1", "2", "3")
    plan = Previous().plan(registry, leaving="3")
    after = registry.roll_back(plan, reason="slow")
    assert after.current == "2"
    assert after.roll_back(plan, reason="slow") is after
    assert lineage(after) == ["1"]


def test_whoever_carried_it_out() -> None:
    """Two controllers with plans of two strategies move once."""
    registry = deployed("1", "2", "3").mark_stable("2").mark_failed("3")
    one, two = Previous().plan(registry), LastStable().plan(registry)
    after = registry.roll_back(one, by="controller 1")
    assert after.roll_back(two, by="controller 2") is after
    assert by_hand(registry, "2", source="3").strategy != one.strategy
    assert after.roll_back(by_hand(registry, "2", source="3")) is after


def test_news_after_it_was_carried_out() -> None:
    """As long as its target serves, and nothing else served since, it is carried out already."""
    registry = start()
    plan = planned(registry)
    after = registry.roll_back(plan)
    for later in (
        after.mark_failed("1", reason="it was not the version"),
        after.mark_failed("2"),
        after.annotate("1", {"auc": 0.1, "migration": True}),
        after.register("canary").mark_stable("canary"),
        after.reinstate("2").mark_stable("2"),
        after.undeploy("1").deploy("1"),
        after.extend([Event("deployed", "1"), Event("observed", "1")]),
    ):
        assert later.roll_back(plan) is later


def test_a_failed_target_is_left_by_a_new_plan() -> None:
    """The retry of the old plan does not step back; a plan that is asked for does, once."""
    registry = deployed("1", "2", "3").mark_failed("3")
    old = Previous().plan(registry)
    registry = registry.roll_back(old).mark_failed("2")
    assert registry.roll_back(old) is registry
    new = Previous().plan(registry)
    registry = registry.roll_back(new)
    assert registry.current == "1"
    assert registry.roll_back(new) is registry
    with pytest.raises(StalePlan):
        _ = registry.roll_back(old)


def test_an_observation_of_the_target_did_not_carry_it_out() -> None:
    """Somebody moved the world, not this plan: it is stale."""
    registry = start()
    plan = planned(registry)
    with pytest.raises(StalePlan) as refusal:
        _ = registry.observe("1").roll_back(plan)
    assert refusal.value.event == Event("observed", "1")


def test_following_the_message_to_the_letter_steps_back_once() -> None:
    """A job that plans again when a plan is stale, or not needed, ends where it should."""
    registry = deployed("1", "2", "3", "4").mark_failed("4", reason="slow")
    plan = Previous().plan(registry)
    registry = registry.roll_back(plan)
    for _ in range(3):
        registry = registry.roll_back(plan)
        if registry.needs_rollback:
            plan = Previous().plan(registry)
        with pytest.raises(RollbackNotNeeded):
            _ = Previous().plan(registry)
        with pytest.raises(NotCurrent):
            _ = Previous().plan(registry, leaving="4")
    assert registry.current == "3"


def test_a_stale_plan_keeps_what_made_it_stale() -> None:
    """The refusal has the revision of the plan, and the event that speaks against it."""
    registry = deployed("1", "2")
    plan = Previous().plan(registry, leaving="2")
    newer = registry.register("3").deploy("3", by="pipeline 7")
    with pytest.raises(StalePlan) as refusal:
        _ = newer.roll_back(plan)
    assert refusal.value.revision == plan.revision
    assert refusal.value.event == newer.events[-1]
    assert not newer.needs_rollback


# Plans of other registries


def test_a_plan_of_the_future_is_stale() -> None:
    """A registry that is younger than the plan does not carry it out."""
    before = start()
    after = before.register("3")
    with pytest.raises(StalePlan) as refusal:
        _ = before.roll_back(planned(after))
    assert refusal.value.revision == before.revision + 1
    assert refusal.value.event is None
    assert refusal.value.at_revision == before.revision
    with pytest.raises(StalePlan):
        _ = after.at_revision(before.revision).roll_back(planned(after))
    with pytest.raises(StalePlan):
        _ = before.at_revision(1).roll_back(planned(before))


#: Registries whose versions have the labels of `staging`, or nearly.
PRODUCTION: dict[str, Callable[[], VersionRegistry]] = {
    "fewer versions": lambda: deployed("1", "2"),
    "other versions": lambda: deployed("1", "other", "2"),
    "another name in one event": lambda: (
        VersionRegistry().register("1", by="ci").deploy("1").register("2").deploy("2")
    ),
    "another order": lambda: deployed("2", "1").register("3").deploy("2"),
}


@pytest.mark.parametrize("case", PRODUCTION)
def test_a_plan_for_staging_is_not_carried_out_in_production(case: str) -> None:
    """A registry with other events is another one, whatever the versions are called."""
    staging = deployed("1", "1a", "2").mark_stable("1")
    plan = LastStable().plan(staging, leaving="2")
    production = PRODUCTION[case]().mark_stable("1").register("3").register("4").register("5")
    with pytest.raises(StalePlan) as refusal:
        _ = production.roll_back(plan)
    assert refusal.value.event is None
    assert refusal.value.at_revision == production.revision


def test_a_plan_of_an_equal_registry_is_good() -> None:
    """Registries with equal events are the same registry, on whatever machine."""
    plan = Previous().plan(deployed("1", "2"), leaving="2")
    assert deployed("1", "2").roll_back(plan).current == "1"
    assert deployed("1", "2").with_clock(hour(1)).roll_back(plan).current == "1"
    numbers = [
        VersionRegistry().register("1", metadata={"auc": auc}).deploy("1").register("2").deploy("2")
        for auc in (1, 1.0)
    ]
    plan = Previous().plan(numbers[0], leaving="2")
    assert numbers[1].roll_back(plan).current == "1"


def test_a_plan_of_another_course_of_history_is_stale() -> None:
    """After a restore other events were recorded at the same revisions."""
    common = deployed("1", "2")
    plan = Previous().plan(common.register("3"), leaving="2")
    with pytest.raises(StalePlan) as refusal:
        _ = common.register("4").roll_back(plan)
    assert refusal.value.event is None


def test_a_plan_is_good_for_both_of_two_ways() -> None:
    """A plan may be carried out on any registry that came from its own without news against it."""
    registry = deployed("1", "2")
    plan = Previous().plan(registry, leaving="2")
    one, two = registry.register("3").roll_back(plan), registry.register("4").roll_back(plan)
    assert one.current == two.current == "1"
    assert list(one) != list(two)


@pytest.mark.parametrize("source", ["third", "7", "1"])
def test_a_plan_whose_source_does_not_serve(source: str) -> None:
    """A plan by hand whose source does not serve, or is unknown, is refused."""
    registry = start()
    facts = answers(registry)
    with pytest.raises((StalePlan, NotCurrent)):
        _ = back(registry, "later", source=source)
    assert answers(registry) == facts


def test_a_rollback_of_another_version_did_not_carry_it_out() -> None:
    """A plan by hand that leaves the wrong version is stale once the right one was left."""
    registry = start()
    plan = by_hand(registry, "1", source="later")
    after = back(registry, "1", source="2")
    with pytest.raises(StalePlan):
        _ = after.roll_back(plan)


def test_a_source_that_became_known_later() -> None:
    """To register the source of a plan by hand is no news against it; it does not serve."""
    registry = start()
    plan = by_hand(registry, "1", source="unknown")
    with pytest.raises(NotCurrent):
        _ = registry.register("unknown").roll_back(plan)


def test_contents_that_failed_before_the_plan() -> None:
    """A plan by hand for contents that failed is refused, and is good once they are reinstated.

    What is said later of the version that failed is no news against the plan.
    """
    failed = start().mark_failed("twin")
    plan = by_hand(failed, "1", source="2")
    for registry in (failed, failed.retire("twin"), failed.register("x").retire("twin")):
        with pytest.raises(IllegalTransition):
            _ = registry.roll_back(plan)
    assert failed.reinstate("twin").roll_back(plan).current == "1"


def test_if_nothing_is_deployed_no_plan_is_carried_out() -> None:
    """A plan leaves a version; if nothing serves it was made for another registry."""
    registry = VersionRegistry().register("1").register("2")
    with pytest.raises((StalePlan, NotCurrent)):
        _ = back(registry, "1", source="2")


def test_a_stale_plan_comes_before_a_refused_target() -> None:
    """A plan that is stale and whose target is unknown or failed is said to be stale."""
    registry = start()
    plans = [by_hand(registry, "7", source="2"), by_hand(registry, "1", source="2")]
    later = registry.deploy("third").mark_failed("1")
    for plan in plans:
        with pytest.raises(StalePlan):
            _ = later.roll_back(plan)
    failed = registry.mark_failed("1")
    with pytest.raises(IllegalTransition):
        _ = back(failed, "1", source="2")
    with pytest.raises(UnknownVersion):
        _ = back(registry, "7", source="2")


def test_a_plan_travels_as_data() -> None:
    """A stored plan is as good, and goes as stale, as the plan itself."""
    registry = deployed("1", "2")
    plan = RollbackPlan.from_dict(Previous().plan(registry, leaving="2").to_dict())
    restored = VersionRegistry.from_dict(registry.to_dict())
    after = restored.roll_back(plan, reason="slow")
    assert after.current == "1"
    assert after.roll_back(plan, reason="slow") is after
    with pytest.raises(StalePlan):
        _ = after.register("3").deploy("3").roll_back(plan)


def test_a_changed_fingerprint_is_another_registry() -> None:
    """A plan whose fingerprint does not fit is not carried out, whatever its text is."""
    registry = deployed("1", "2")
    data: Any = by_hand(registry, "1", source="2").to_dict()
    for fingerprint in ("", "0-00000000", data["fingerprint"].upper() + " ", "x" * 100_000):
        with pytest.raises(StalePlan):
            _ = registry.roll_back(RollbackPlan.from_dict({**data, "fingerprint": fingerprint}))


def test_a_plan_of_any_revision_gives_a_readable_refusal() -> None:
    """The refusal of a plan of any revision can be printed."""
    data = by_hand(start(), "1", source="2").to_dict()
    for revision in (10**18, 2**63 - 1):
        with pytest.raises(StalePlan) as refusal:
            _ = start().roll_back(RollbackPlan.from_dict({**data, "revision": revision}))
        assert str(revision) in str(refusal.value)


def test_the_news_of_a_long_reason_is_readable() -> None:
    """A refusal is short and plain, however long and wild the reason of the news is."""
    registry = start()
    plan = planned(registry)
    later = registry.mark_failed("1", reason="line one\nline two\x1b[31m" + "x" * 100_000)
    with pytest.raises(StalePlan) as refusal:
        _ = later.roll_back(plan)
    message = str(refusal.value)
    assert "failed" in message
    assert "\x1b" not in message
    assert len(message) < 1_000


def test_what_changes_nothing_is_not_news_about_a_bad_target() -> None:
    """A plan by hand for a failed target is refused for its status, not for news said twice."""
    registry = deployed("1", "2").mark_failed("1", reason="slow")
    plan = by_hand(registry, "1", source="2")
    again = registry.extend([Event("marked_failed", "1")])
    with pytest.raises(IllegalTransition, match="failed"):
        _ = again.roll_back(plan)


def test_the_failure_of_a_retired_target_is_news() -> None:
    """A plan by hand for a retired target is stale once its contents failed as well."""
    registry = deployed("1", "2").retire("1")
    plan = by_hand(registry, "1", source="2")
    with pytest.raises(StalePlan):
        _ = registry.mark_failed("1", reason="slow").roll_back(plan)
