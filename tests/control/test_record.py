"""Recording a change: once, whatever answers are lost."""

from datetime import timedelta

import pytest

from lastgood import LastStable, VersionRegistry
from lastgood.control import (
    Annotate,
    Append,
    Change,
    Deploy,
    Done,
    Load,
    MarkFailed,
    MarkStable,
    Observe,
    Outcome,
    Register,
    Reinstate,
    Retire,
    RollBack,
    Undeploy,
    Wait,
    record,
)
from tests.control.talking import ended, outcome, serving, told
from tests.rows import each_row
from tests.tools.control.worlds import NOW

REGISTRY = VersionRegistry().register("v1").deploy("v1").mark_stable("v1").register("v2")
SERVES = REGISTRY.deploy("v2")
PLAN = LastStable().plan(SERVES, leaving="v2")


def test_a_change_is_recorded() -> None:
    """The record is read, and the change is appended where it ends, at the time of the answer."""
    talk = record(Deploy("v2", replacing="v1", by="ci"), REGISTRY)
    assert talk.wants == Load(REGISTRY.revision, REGISTRY.fingerprint)
    talk = told(talk, ())
    append = talk.wants
    assert isinstance(append, Append)
    assert append.plan is None
    (event,) = append.events
    assert (event.kind, event.version, event.by, event.at) == ("deployed", "v2", "ci", NOW)
    talk = told(talk, True)
    assert talk.wants == Done(Outcome.SETTLED, "the change is on record")
    assert talk.registry.current == "v2"


def test_several_changes_are_one() -> None:
    """All of them are recorded, or none."""
    changes = [Register("v3", digest="sha256:3"), Deploy("v3", replacing="v1")]
    done, after, _ = ended(record(changes, VersionRegistry()), REGISTRY, serving("v1", 2))
    assert done.outcome is Outcome.SETTLED
    assert after.current == "v3"

    done, after, _ = ended(record(changes, VersionRegistry()), SERVES, serving("v1", 2))
    assert done.outcome is Outcome.REFUSED
    assert after == SERVES


def test_what_is_so_already_is_no_news() -> None:
    """A retry of a job finds its work done, and appends nothing."""
    talk = told(record(Deploy("v2", replacing="v1"), SERVES), ())
    assert talk.wants == Done(Outcome.SETTLED, "there was nothing to record")


def test_a_refused_change_ends_with_the_message_of_its_command() -> None:
    """Another version serves meanwhile: the job is told so, and nothing is recorded."""
    talk = told(record(Deploy("v1", replacing="v3"), SERVES), ())
    done = talk.wants
    assert isinstance(done, Done)
    assert done.outcome is Outcome.REFUSED
    assert done.detail.startswith("'v3' is not the current version: 'v2' serves")


def test_a_change_is_applied_again_to_a_longer_record() -> None:
    """Somebody else was quicker: the answer is that of the record as it is now."""
    talk = told(record(MarkFailed("v2", by="monitor"), SERVES), (), False)
    assert talk.wants == Wait(1.0)
    note = SERVES.annotate("v1", {"warm": True})
    talk = told(talk, None, note.events[SERVES.revision :])
    append = talk.wants
    assert isinstance(append, Append)
    assert (append.before, append.fingerprint) == (note.revision, note.fingerprint)


@pytest.mark.parametrize("answer", [None, False])
def test_who_recorded_it_is_told_so(answer: bool | None) -> None:  # an answer
    """The answer was lost, and more was recorded since: own events stand at their place."""
    talk = told(record(Reinstate("v2", by="ana"), SERVES.mark_failed("v2")), ())
    append = talk.wants
    assert isinstance(append, Append)
    after = SERVES.mark_failed("v2").extend(append.events).mark_failed("v2", by="monitor")
    talk = told(talk, answer, None, after.events[append.before :])
    assert talk.wants == Done(Outcome.SETTLED, "the change is on record")
    assert talk.registry == after


def test_a_restored_record_is_another_one() -> None:
    """Own events are compared at their place, and with what stands before it."""
    talk = told(record(Annotate("v1", {"warm": True}), SERVES), ())
    append = talk.wants
    assert isinstance(append, Append)
    other = REGISTRY.register("v3").extend(append.events)
    assert other.revision == SERVES.revision + 1
    talk = told(talk, None, None, other.events)
    assert talk.wants == Done(Outcome.SETTLED, "there was nothing to record")


def test_a_time_that_was_given_is_kept() -> None:
    """An alarm has a time of its own, which is earlier."""
    alarm = NOW - timedelta(minutes=5)
    talk = told(record(MarkFailed("v2", at=alarm), SERVES), ())
    assert isinstance(talk.wants, Append)
    assert talk.wants.events[0].at == alarm


def test_a_clock_that_is_ahead_does_not_silence_an_alarm() -> None:
    """Nothing is decided by the clock here, and bad news is never refused."""
    ahead = SERVES.annotate("v1", {"warm": True}, at=NOW + timedelta(days=1))
    assert isinstance(told(record(MarkFailed("v2"), ahead), ()).wants, Append)


def test_a_store_that_is_silent_is_given_up() -> None:
    """It is not known whether the change is on record."""
    talk = told(record(MarkFailed("v2"), SERVES, attempts=1), (), None)
    assert talk.wants == Done(Outcome.GAVE_UP, "it is not known whether the events are on record")


def test_a_change_is_sent_again_as_it_was() -> None:
    """It rests on no look: where the record ends where it begins, it is not made anew."""
    talk = told(record(MarkFailed("v2"), SERVES), ())
    later = NOW + timedelta(minutes=1)
    again = talk.told(None, now=later).told(None, now=later).told((), now=later)
    assert again.wants == talk.wants


def test_a_record_that_cannot_be_read_ends_it() -> None:
    """Nothing is recorded where nobody knows what is."""
    talk = told(record(MarkFailed("v2"), SERVES), [{"kind": "new"}])
    assert outcome(talk) is Outcome.UNREADABLE


CHANGES: list[tuple[Change, VersionRegistry, VersionRegistry]] = [
    (
        Register("v3", metadata={"auc": 0.9}, digest="sha256:3"),
        REGISTRY,
        REGISTRY.register("v3", metadata={"auc": 0.9}, digest="sha256:3"),
    ),
    (Annotate("v1", {"warm": True}), REGISTRY, REGISTRY.annotate("v1", {"warm": True})),
    (Deploy("v2"), REGISTRY, REGISTRY.deploy("v2")),
    (Undeploy("v1"), REGISTRY, REGISTRY.undeploy("v1")),
    (MarkStable("v2", reason="24 h"), SERVES, SERVES.mark_stable("v2", reason="24 h")),
    (MarkFailed("v2"), SERVES, SERVES.mark_failed("v2")),
    (Retire("v1"), SERVES, SERVES.retire("v1")),
    (Reinstate("v1"), SERVES.retire("v1"), SERVES.retire("v1").reinstate("v1")),
    (RollBack(PLAN, by="ana"), SERVES, SERVES.roll_back(PLAN, by="ana")),
    (Observe("v1"), SERVES, SERVES.observe("v1")),
]


@each_row(("change", "before", "after"), CHANGES)
def test_a_change_does_what_its_command_does(
    change: Change, before: VersionRegistry, after: VersionRegistry
) -> None:
    """Each command of a registry is there as a value, with its arguments."""
    assert change.apply(before) == after
    timed = change.apply(before, at=NOW).events[-1]
    assert timed.at == NOW
    assert (timed.reason, timed.by) == (change.reason, change.by)
