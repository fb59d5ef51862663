"""Section 6: when a plan is stale, and when it is not."""

from collections.abc import Callable

import pytest

from lastgood import (
    IllegalTransition,
    LastStable,
    Pinned,
    Previous,
    RollbackPlan,
    StalePlan,
    UnknownVersion,
    VersionRegistry,
)
from tests.registry.making import answers, by_hand, deployed, hour, lineage

News = Callable[[VersionRegistry], VersionRegistry]


def told() -> VersionRegistry:
    """Return a registry in which "2" serves, and "1" is what to go back to."""
    registry = VersionRegistry().register("1", digest="x").register("twin", digest="x")
    registry = registry.register("2", digest="y").register("other", digest="y").register("third")
    return registry.deploy("1").deploy("2")


def planned(registry: VersionRegistry) -> RollbackPlan:
    """Return a plan from "2" to "1"."""
    plan = Pinned("1").plan(registry)
    assert (plan.source, plan.target, plan.revision) == ("2", "1", registry.revision)
    return plan


#: What makes the plan stale.
STALE: dict[str, News] = {
    "another version was deployed": lambda registry: registry.deploy("third"),
    "the source was deployed again": lambda registry: registry.deploy("2"),
    "the target was deployed": lambda registry: registry.deploy("1"),
    "another version was observed": lambda registry: registry.observe("third"),
    "the target was observed": lambda registry: registry.observe("1"),
    "another version was deployed, and the source again": lambda registry: registry.deploy(
        "third"
    ).deploy("2"),
    "another version was observed, and the source again": lambda registry: registry.observe(
        "third"
    ).observe("2"),
    "it was carried out": lambda registry: registry.roll_back(planned(registry)),
    "it was carried out, and the source came back": lambda registry: (
        registry.roll_back(planned(registry)).reinstate("2").deploy("2")
    ),
    "another rollback was carried out": lambda registry: registry.roll_back(
        by_hand(registry, "third")
    ),
    "the source failed": lambda registry: registry.mark_failed("2"),
    "the source was retired": lambda registry: registry.retire("2"),
    "the source proved good": lambda registry: registry.mark_stable("2"),
    "the source failed and was reinstated": lambda registry: registry.mark_failed("2").reinstate(
        "2"
    ),
    "the target failed": lambda registry: registry.mark_failed("1"),
    "the target was retired": lambda registry: registry.retire("1"),
    "the target proved good": lambda registry: registry.mark_stable("1"),
    "the target failed and was reinstated": lambda registry: registry.mark_failed("1").reinstate(
        "1"
    ),
    "the twin of the target failed": lambda registry: registry.mark_failed("twin"),
    "the twin of the target was retired": lambda registry: registry.retire("twin"),
    "the twin of the target proved good": lambda registry: registry.mark_stable("twin"),
    "the twin of the target failed and was reinstated": lambda registry: registry.mark_failed(
        "twin"
    ).reinstate("twin"),
    "a new twin of the target failed": lambda registry: registry.register(
        "new", digest="x"
    ).mark_failed("new"),
}

#: What does not.
FRESH: dict[str, News] = {
    "nothing happened": lambda registry: registry,
    "a canary was registered": lambda registry: registry.register("canary"),
    "a new twin of the target was registered": lambda registry: registry.register(
        "new", digest="x"
    ),
    "a new twin of the source failed": lambda registry: registry.register(
        "new", digest="y"
    ).mark_failed("new"),
    "a third version failed": lambda registry: registry.mark_failed("third"),
    "a third version proved good": lambda registry: registry.mark_stable("third"),
    "a third version was retired": lambda registry: registry.retire("third"),
    "a twin of the source failed": lambda registry: registry.mark_failed("other"),
    "the clock was set": lambda registry: registry.with_clock(hour(9)),
    "the current version was observed": lambda registry: registry.observe("2"),
    "time went by": lambda registry: registry.mark_failed("third", at=hour(9)),
}


@pytest.mark.parametrize("news", STALE)
def test_what_makes_a_plan_stale(news: str) -> None:
    """A deployment, or news of the source, the target or its contents, makes a plan stale."""
    before = told()
    plan = planned(before)
    registry = STALE[news](before)
    facts = answers(registry)
    with pytest.raises(StalePlan) as refusal:
        _ = registry.roll_back(plan, reason="a retried job")
    assert (refusal.value.source, refusal.value.target) == ("2", "1")
    assert refusal.value.revision == plan.revision
    assert answers(registry) == facts


@pytest.mark.parametrize("news", FRESH)
def test_what_does_not_make_a_plan_stale(news: str) -> None:
    """Other news does not make a plan stale: it is carried out."""
    before = told()
    registry = FRESH[news](before).roll_back(planned(before))
    assert registry.current == "1"
    assert lineage(registry) == []


def test_a_verdict_that_changes_no_status_is_no_news() -> None:
    """A better reason for the status that the source or the target had is no change of it."""
    registry = told().mark_stable("1", reason="24 h").mark_failed("2", reason="slow")
    registry = registry.mark_failed("twin").reinstate("twin")
    plan = planned(registry)
    later = registry.mark_stable("1", reason="48 h").mark_failed("2", reason="very slow")
    assert later.roll_back(plan).current == "1"


def test_versions_without_a_digest_are_no_twins() -> None:
    """Where the target has no digest, news of others without one is no news of its contents."""
    registry = deployed("1", "2").register("3")
    plan = Previous().plan(registry)
    assert registry.mark_failed("3").roll_back(plan).current == "1"


def test_news_before_the_plan_does_not_count() -> None:
    """What was known when the plan was made does not make it stale."""
    registry = told().mark_failed("1").reinstate("1").deploy("third").deploy("2")
    registry = registry.mark_failed("2").mark_stable("1")
    plan = LastStable().plan(registry)
    assert registry.roll_back(plan).current == "1"


def test_a_plan_of_the_future_is_stale() -> None:
    """A registry younger than the plan does not carry it out."""
    before = told()
    after = before.register("3")
    with pytest.raises(StalePlan) as refusal:
        _ = before.roll_back(planned(after))
    assert refusal.value.revision == before.revision + 1
    with pytest.raises(StalePlan):
        _ = after.at_revision(before.revision).roll_back(planned(after))


def test_a_plan_whose_source_is_not_current_is_stale() -> None:
    """A plan of another registry, whose source is not current here, is not carried out."""
    registry = told()
    foreign = by_hand(registry, "1", source="third")
    facts = answers(registry)
    with pytest.raises(StalePlan):
        _ = registry.roll_back(foreign)
    assert answers(registry) == facts


def test_a_plan_whose_source_is_unknown_is_stale() -> None:
    """A plan of another registry, whose source is not registered here, is not carried out."""
    registry = told()
    with pytest.raises(StalePlan):
        _ = registry.roll_back(by_hand(registry, "1", source="7"))


def test_where_nothing_is_deployed_every_plan_is_stale() -> None:
    """A plan leaves something; where nothing serves it was made for another registry."""
    registry = VersionRegistry().register("1").register("2")
    with pytest.raises(StalePlan):
        _ = registry.roll_back(by_hand(registry, "1", source="2"))


def test_a_stale_plan_comes_before_an_unknown_target() -> None:
    """Of a plan that is stale and whose target is unknown it is said that it is stale."""
    registry = told()
    with pytest.raises(StalePlan):
        _ = registry.roll_back(by_hand(registry, "7", source="1"))
    plan = by_hand(registry, "7")
    with pytest.raises(UnknownVersion):
        _ = registry.roll_back(plan)
    with pytest.raises(UnknownVersion):
        _ = registry.register("8").roll_back(plan)


def test_a_target_that_never_served() -> None:
    """The verdict on a target that was registered and no more is news, and so is what came first
    after a plan for a target that was not yet registered.
    """
    registry = told()
    for plan in (by_hand(registry, "third"), by_hand(registry, "unborn")):
        later = registry if plan.target == "third" else registry.register("unborn")
        with pytest.raises(StalePlan):
            _ = later.mark_failed(plan.target).roll_back(plan)
        assert later.roll_back(plan).current == plan.target


def test_a_stale_plan_comes_before_a_refused_target() -> None:
    """Of a plan that is stale and whose target is failed it is said that it is stale."""
    registry = told().mark_failed("1")
    with pytest.raises(StalePlan):
        _ = registry.roll_back(by_hand(registry, "1", revision=0))
    with pytest.raises(IllegalTransition):
        _ = registry.roll_back(by_hand(registry, "1"))


def test_a_retried_job_cannot_step_back_twice() -> None:
    """A plan is carried out once, also where the next step back has the same source."""
    registry = deployed("1", "2", "3")
    plan = Previous().plan(registry)
    after = registry.roll_back(plan)
    assert after.current == "2"
    with pytest.raises(StalePlan):
        _ = after.roll_back(plan)
    assert lineage(after) == ["1"]


def test_an_older_plan_cannot_undo_a_newer_deployment() -> None:
    """A plan that waited while another version was deployed is not carried out."""
    registry = deployed("1", "2")
    plan = Previous().plan(registry)
    newer = registry.register("3").deploy("3")
    with pytest.raises(StalePlan):
        _ = newer.roll_back(plan)
    assert newer.current == "3"


def test_planning_again_is_the_answer() -> None:
    """The message says that nothing was applied, and to plan again."""
    registry = deployed("1", "2")
    plan = Previous().plan(registry)
    newer = registry.register("3").deploy("3")
    with pytest.raises(StalePlan, match="plan again") as refusal:
        _ = newer.roll_back(plan)
    message = str(refusal.value)
    assert "2" in message
    assert "1" in message
    assert f"revision {plan.revision}" in message
    assert "3" in message
    assert newer.roll_back(Previous().plan(newer)).current == "2"


def test_a_plan_is_good_for_both_of_two_ways() -> None:
    """A plan may be carried out on any registry that came from its own without such news."""
    registry = deployed("1", "2")
    plan = Previous().plan(registry)
    one, two = registry.register("3").roll_back(plan), registry.register("4").roll_back(plan)
    assert one.current == two.current == "1"
    assert list(one) != list(two)


def test_a_plan_travels_as_data() -> None:
    """A plan that was stored is as good, and goes as stale, as the plan itself."""
    registry = deployed("1", "2")
    plan = RollbackPlan.from_dict(Previous().plan(registry).to_dict())
    restored = VersionRegistry.from_dict(registry.to_dict())
    after = restored.roll_back(plan, reason="slow")
    assert after.current == "1"
    with pytest.raises(StalePlan):
        _ = after.roll_back(plan)


def test_a_plan_of_any_revision_gives_a_readable_refusal() -> None:
    """The refusal of a plan of any revision can be printed."""
    data = by_hand(told(), "1").to_dict()
    for revision in (10**18, 2**63 - 1):
        with pytest.raises(StalePlan) as refusal:
            _ = told().roll_back(RollbackPlan.from_dict({**data, "revision": revision}))
        assert str(revision) in str(refusal.value)


def test_the_news_of_a_long_reason_is_readable() -> None:
    """A refusal is one line that one can read, however long and wild the reason of the news is."""
    registry = told()
    plan = planned(registry)
    later = registry.mark_failed("1", reason="line one\nline two\x1b[31m" + "x" * 100_000)
    with pytest.raises(StalePlan) as refusal:
        _ = later.roll_back(plan)
    message = str(refusal.value)
    assert "failed" in message
    assert len(message.splitlines()) == 1
    assert "\x1b" not in message
    assert len(message) < 1_000
