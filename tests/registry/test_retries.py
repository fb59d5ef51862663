"""Section 2.1: a command that would change nothing records nothing, and data may repeat it."""

from collections.abc import Callable

import pytest
from hypothesis import given

from lastgood import (
    DuplicateVersion,
    Event,
    IllegalTransition,
    InvalidText,
    InvalidTime,
    RollbackPlan,
    Status,
    VersionRegistry,
)
from tests.commands import Command, history, tell
from tests.registry.histories import commands
from tests.registry.making import answers, by_hand, deployed, hour, idle, lineage, untyped
from tests.rows import each_row

Retry = Callable[[VersionRegistry], VersionRegistry]


def start() -> VersionRegistry:
    """Return a registry with a version of every status, some of them with a reason."""
    registry = VersionRegistry().register("1", metadata={"auc": 1}, digest="x")
    registry = registry.deploy("1").mark_stable("1", reason="24 h").register("2").deploy("2")
    registry = registry.register("bad").mark_failed("bad", reason="slow")
    registry = registry.register("old").retire("old", reason="licence")
    registry = registry.register("worse").mark_failed("worse", reason="bad").retire("worse")
    return registry.register("silent").mark_stable("silent").register("unproven")


#: Commands that would change nothing, each with the event that data may have for it.
RETRIES: dict[str, tuple[Retry, Event]] = {
    "registered with the same facts": (
        lambda registry: registry.register("1", metadata={"auc": 1}, digest="x"),
        Event("registered", "1", metadata={"auc": 1}, digest="x"),
    ),
    "registered with an equal number": (
        lambda registry: registry.register("1", metadata={"auc": 1.0}, digest="x"),
        Event("registered", "1", metadata={"auc": 1.0}, digest="x"),
    ),
    "annotated with the values it has": (
        lambda registry: registry.annotate("1", {"auc": 1}),
        Event("annotated", "1", metadata={"auc": 1}),
    ),
    "deployed and current": (lambda registry: registry.deploy("2"), Event("deployed", "2")),
    "deployed in place of what it replaced": (
        lambda registry: registry.deploy("2", replacing="1"),
        Event("deployed", "2"),
    ),
    "stable, without a reason": (
        lambda registry: registry.mark_stable("1"),
        Event("marked_stable", "1"),
    ),
    "stable, with the recorded reason": (
        lambda registry: registry.mark_stable("1", reason="24 h"),
        Event("marked_stable", "1", reason="24 h"),
    ),
    "stable without a reason, again": (
        lambda registry: registry.mark_stable("silent"),
        Event("marked_stable", "silent"),
    ),
    "failed, without a reason": (
        lambda registry: registry.mark_failed("bad"),
        Event("marked_failed", "bad"),
    ),
    "failed, with the recorded reason": (
        lambda registry: registry.mark_failed("bad", reason="slow"),
        Event("marked_failed", "bad", reason="slow"),
    ),
    "retired, without a reason": (lambda registry: registry.retire("old"), Event("retired", "old")),
    "retired, with the recorded reason": (
        lambda registry: registry.retire("old", reason="licence"),
        Event("retired", "old", reason="licence"),
    ),
    "failed before it was retired": (
        lambda registry: registry.mark_failed("worse", reason="another reason"),
        Event("marked_failed", "worse", reason="another reason"),
    ),
    "unproven, and reinstated": (
        lambda registry: registry.reinstate("unproven", reason="a good mood"),
        Event("reinstated", "unproven", reason="a good mood"),
    ),
    "stable, and reinstated": (
        lambda registry: registry.reinstate("1"),
        Event("reinstated", "1"),
    ),
    "observed and current": (
        lambda registry: registry.observe("2", reason="still there"),
        Event("observed", "2", reason="still there"),
    ),
}
each_retry = each_row("case", RETRIES)


@each_retry
def test_a_retry_returns_this_very_registry(case: str) -> None:
    """A command that would change nothing records nothing."""
    registry = start()
    before = answers(registry)
    command, _ = RETRIES[case]
    assert command(registry) is registry
    assert answers(registry) == before


@each_retry
def test_a_retry_is_accepted_in_data(case: str) -> None:
    """In data such an event is accepted and kept, and only its time counts."""
    registry = start()
    _, event = RETRIES[case]
    for after in (
        VersionRegistry.replay([*registry.events, event]),
        registry.extend([event]),
        VersionRegistry.from_dict(
            {"format": 1, "events": [*registry.to_dict()["events"], event.to_dict()]}
        ),
    ):
        assert after.revision == registry.revision + 1
        assert after.events[-1] == event
        assert list(after.values()) == list(registry.values())
        assert list(after.deployments) == list(registry.deployments)
        assert (after.current, lineage(after)) == (registry.current, lineage(registry))
        assert after.fingerprint != registry.fingerprint


@each_retry
def test_the_time_of_a_retry_in_data_counts(case: str) -> None:
    """The clock is moved by every event, also by one that changed nothing."""
    _, event = RETRIES[case]
    data = event.to_dict() | {"at": "2024-05-01T15:00:00+00:00"}
    assert start().extend([Event.from_dict(data)]).clock == hour(3)


def test_who_and_when_alone_are_not_recorded() -> None:
    """A retry with another name or time changes nothing, not even the clock."""
    registry = start()
    for after in (
        registry.deploy("2", reason="again", by="job 8", at=hour(9)),
        registry.mark_stable("1", by="job 8", at=hour(9)),
        registry.mark_failed("bad", reason="slow", by="job 8", at=hour(9)),
        registry.observe("2", reason="seen", by="job 8", at=hour(9)),
        registry.register("1", metadata={"auc": 1}, digest="x", reason="again", by="job 8"),
        registry.annotate("1", {"auc": 1}, reason="again", by="ana", at=hour(9)),
    ):
        assert after is registry


def test_commands_that_are_recorded() -> None:
    """A new reason, a first failure of a retired version and a new value are recorded."""
    registry = start()
    for after in (
        registry.mark_stable("1", reason="48 h"),
        registry.mark_stable("silent", reason="approved by ana"),
        registry.mark_failed("bad", reason="very slow"),
        registry.retire("old", reason="artifact deleted"),
        registry.retire("bad"),
        registry.mark_failed("old", reason="it also failed"),
        registry.mark_failed("old"),
        registry.annotate("1", {"auc": 2}),
        registry.annotate("1", {"auc": True}),
        registry.annotate("1", {"auc": 1, "warm": None}),
        registry.reinstate("worse"),
    ):
        assert after.revision == registry.revision + 1


def test_a_value_that_was_changed_back_is_news() -> None:
    """News is compared with what is known now, not with what ever was."""
    registry = start().annotate("1", {"auc": 2})
    assert registry.annotate("1", {"auc": 1}).revision == registry.revision + 1
    with pytest.raises(DuplicateVersion):
        _ = registry.register("1", metadata={"auc": 2}, digest="x")
    assert registry.register("1", metadata={"auc": 1}, digest="x") is registry


@each_row(
    ("facts", "same"),
    [
        ({"metadata": {"auc": 1}, "digest": "x"}, True),
        ({"metadata": {"auc": 1}}, False),
        ({"digest": "x"}, False),
        ({"metadata": {"auc": True}, "digest": "x"}, False),
        ({"metadata": {"auc": 1, "warm": None}, "digest": "x"}, False),
        ({"metadata": {"auc": 1}, "digest": "X"}, False),
        ({}, False),
    ],
)
def test_a_retried_registration(facts: dict[str, object], same: bool) -> None:  # noqa: FBT001  # a fact
    """The same facts change nothing; any others make a `DuplicateVersion`."""
    registry = start().annotate("1", {"late": True})
    if same:
        assert registry.register("1", **untyped(facts)) is registry
        return
    with pytest.raises(DuplicateVersion):
        _ = registry.register("1", **untyped(facts))


def test_only_the_first_failure_of_a_retired_version_is_news() -> None:
    """Until it is reinstated: then the next one is news again."""
    registry = idle(Status.RETIRED).mark_failed("it", reason="first")
    assert registry.mark_failed("it", reason="second") is registry
    again = registry.reinstate("it").retire("it")
    assert again.mark_failed("it", reason="third").revision == again.revision + 1
    failed = idle(Status.FAILED).retire("it")
    assert failed.mark_failed("it", reason="second") is failed


def test_what_would_be_refused_is_refused_first() -> None:
    """Deploying a current version that failed is refused, though it serves already."""
    registry = deployed("1", "2").mark_failed("2", reason="slow")
    with pytest.raises(IllegalTransition, match="slow"):
        _ = registry.deploy("2")
    with pytest.raises(IllegalTransition):
        _ = registry.mark_stable("2")


def test_a_retry_is_checked_like_any_command() -> None:
    """Arguments that cannot be kept are refused even if there is nothing to record."""
    registry = start()
    with pytest.raises(InvalidText):
        _ = registry.observe("2", reason="\ud800")
    with pytest.raises(InvalidText):
        _ = registry.deploy("2", by="\ud800")
    with pytest.raises(InvalidTime):
        _ = registry.mark_stable("1", at=hour(1).replace(tzinfo=None))


def test_the_clock_of_a_retry_stays() -> None:
    """The very registry is returned, with the clock that was set."""
    registry = start().with_clock(hour(5))
    assert registry.deploy("2", at=hour(9)) is registry


# A plan that is carried out already


def test_a_plan_is_carried_out_once() -> None:
    """The second time nothing changes, whoever carried it out, and whatever was recorded since."""
    registry = deployed("1", "2", "3")
    plan = by_hand(registry, "2", source="3")
    after = registry.roll_back(plan, reason="slow")
    assert after.roll_back(plan, reason="slow") is after
    assert after.roll_back(plan, reason="another reason", by="ben", at=hour(9)) is after
    assert lineage(after) == ["1"]
    later = after.mark_failed("3").register("4").mark_failed("1").annotate("2", {"warm": True})
    assert later.roll_back(plan) is later


def test_a_retried_rollback_is_checked_like_any_command() -> None:
    """Arguments that cannot be kept are refused even if the plan is carried out already."""
    registry = deployed("1", "2")
    plan = by_hand(registry, "1", source="2")
    after = registry.roll_back(plan)
    with pytest.raises(InvalidText):
        _ = after.roll_back(plan, reason="\ud800")
    with pytest.raises(TypeError):
        _ = after.roll_back(plan, by=untyped(7))


# Jobs that run twice


def test_each_job_of_a_day_may_run_twice() -> None:
    """The registry of a day in which each job ran twice is that of the day itself."""
    plans: list[RollbackPlan] = []

    def carry_out(registry: VersionRegistry) -> VersionRegistry:
        if not plans:
            plans.append(by_hand(registry, "1", source="2"))
        return registry.roll_back(plans[0], reason="slow")

    jobs: list[Retry] = [
        lambda registry: registry.register("1", digest="x"),
        lambda registry: registry.deploy("1"),
        lambda registry: registry.mark_stable("1", reason="24 h"),
        lambda registry: registry.register("2", metadata={"auc": 0.9}),
        lambda registry: registry.deploy("2", replacing="1"),
        lambda registry: registry.annotate("2", {"migration": True}),
        lambda registry: registry.mark_failed("2", reason="p99"),
        lambda registry: registry.undeploy("2"),
        lambda registry: registry.reinstate("2", reason="false alarm"),
        lambda registry: registry.observe("2"),
        carry_out,
        lambda registry: registry.retire("2", reason="licence"),
    ]
    registry = VersionRegistry()
    for job in jobs:
        after = job(registry)
        assert after.revision == registry.revision + 1
        assert job(after) is after
        registry = after
    assert registry.current == "1"


@given(drawn=commands)
def test_any_command_repeated_changes_nothing(drawn: list[Command]) -> None:
    """After a command that was accepted, the same command returns the very registry."""
    registry = history(drawn)[-1]
    for tried in drawn:
        after = tell(registry, tried)
        if not isinstance(after, VersionRegistry) or tried.name == "roll_back":
            continue
        again = tell(after, tried)
        assert again is after
