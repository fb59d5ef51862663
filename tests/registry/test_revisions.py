"""Section 2.4: the past, and the clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lastgood import Event, InvalidTime, VersionRegistry
from tests.registry.making import answers, back, deployed, hour, untyped
from tests.rows import each_row

# at_revision


def history() -> list[VersionRegistry]:
    """Return the registries of a history, one for each revision."""
    first = VersionRegistry()
    steps = [first, first.register("1", at=hour(1))]
    steps.append(steps[-1].deploy("1"))
    steps.append(steps[-1].mark_stable("1", at=hour(3)))
    steps.append(steps[-1].register("2", at=hour(2)))
    steps.append(steps[-1].deploy("2", at=hour(4)))
    steps.append(steps[-1].mark_failed("2", reason="slow"))
    steps.append(back(steps[-1], "1", source="2", at=hour(5)))
    steps.append(steps[-1].annotate("1", {"warm": True}))
    steps.append(steps[-1].undeploy("1", at=hour(6)))
    steps.append(steps[-1].extend([Event("undeployed", "1", at=hour(7))]))
    return steps


HISTORY = history()
each_revision = each_row("revision", range(len(HISTORY)))


@each_revision
def test_a_revision_is_the_past(revision: int) -> None:
    """The registry of the first `n` events equals the one that was there after `n` commands."""
    past = HISTORY[-1].at_revision(revision)
    assert past == HISTORY[revision]
    assert answers(past) == answers(HISTORY[revision])


@each_revision
def test_its_own_revision_is_the_registry_itself(revision: int) -> None:
    """At its own revision a registry is the very same one."""
    registry = HISTORY[revision]
    assert registry.at_revision(revision) is registry


def test_its_own_revision_keeps_the_clock() -> None:
    """The registry itself has the clock that it was given."""
    registry = HISTORY[-1].with_clock(hour(99))
    assert registry.at_revision(registry.revision).clock == hour(99)


def test_the_clock_of_the_past_is_what_its_events_tell() -> None:
    """The clock at a revision is the latest time that the events tell, whatever was set later."""
    registry = HISTORY[-1].with_clock(hour(99))
    clocks = [registry.at_revision(revision).clock for revision in range(registry.revision)]
    hours = [None, 1, 1, 3, 3, 4, 4, 5, 5, 6]
    assert clocks == [None if number is None else hour(number) for number in hours]


@each_row("revision", [-1, -7, len(HISTORY), 10**30, -(10**30)])
def test_a_revision_out_of_range(revision: int) -> None:
    """There is no revision before the first event or after the last; -1 does not count back."""
    with pytest.raises(IndexError):
        _ = HISTORY[-1].at_revision(revision)


def test_the_past_does_not_see_the_future() -> None:
    """A revision that a later registry has is out of range in an earlier one."""
    with pytest.raises(IndexError, match=r"0 (to|and) 2.*3|3.*0 (to|and) 2"):
        _ = HISTORY[2].at_revision(3)


@pytest.mark.parametrize("revision", ["1", 1.0, None])
def test_a_revision_is_an_int(revision: object) -> None:
    """A revision of another type is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = HISTORY[-1].at_revision(untyped(revision))


@each_revision
def test_what_if(revision: int) -> None:
    """Commands go on from the past, and leave the present as it is."""
    registry = HISTORY[-1]
    before = answers(registry)
    other = registry.at_revision(revision).register("other").deploy("other")
    assert other.revision == revision + 2
    assert other.current == "other"
    assert answers(registry) == before
    assert answers(other.at_revision(revision)) == answers(HISTORY[revision])


# clock


def test_the_clock_is_the_latest_recorded_time() -> None:
    """The clock goes forward with the times of events, and never back."""
    registry = VersionRegistry()
    assert registry.clock is None
    registry = registry.register("1", at=hour(2))
    assert registry.clock == hour(2)
    registry = registry.deploy("1", at=hour(1))
    assert registry.clock == hour(2)
    registry = registry.mark_stable("1")
    assert registry.clock == hour(2)
    registry = registry.mark_failed("1", at=hour(3))
    assert registry.clock == hour(3)


def test_the_clock_can_be_set() -> None:
    """`with_clock` records nothing: the same registry with another clock."""
    registry = deployed("1")
    later = registry.with_clock(hour(9))
    assert later.clock == hour(9)
    assert later.revision == registry.revision
    assert later.events == registry.events
    assert registry.clock is None


def test_the_clock_can_be_set_backwards() -> None:
    """A clock that is ahead because of a wrong time can be corrected."""
    registry = VersionRegistry().register("1", at=hour(9))
    assert registry.with_clock(hour(1)).clock == hour(1)


def test_commands_carry_the_clock_on() -> None:
    """A command without a time, or with an earlier one, leaves the clock as it was set."""
    registry = deployed("1").with_clock(hour(5))
    assert registry.mark_stable("1").clock == hour(5)
    assert registry.mark_stable("1", at=hour(4)).clock == hour(5)
    assert registry.mark_stable("1", at=hour(6)).clock == hour(6)


def test_a_clock_that_was_set_back_goes_on_from_there() -> None:
    """After a clock was set back, it moves with the times of later events."""
    registry = VersionRegistry().register("1", at=hour(9)).with_clock(hour(1))
    assert registry.deploy("1", at=hour(2)).clock == hour(2)
    assert registry.deploy("1").clock == hour(1)


def test_the_clock_is_kept_in_utc() -> None:
    """A clock that is set in another zone is the same time in UTC."""
    clock = deployed("1").with_clock(hour(1).astimezone(timezone(timedelta(hours=2)))).clock
    assert clock == hour(1)
    assert clock is not None
    assert clock.tzinfo is UTC


def test_a_naive_clock_is_refused() -> None:
    """A clock needs a time zone as every time does."""
    with pytest.raises(InvalidTime):
        _ = deployed("1").with_clock(hour(1).replace(tzinfo=None))


@pytest.mark.parametrize("now", [None, "2024-05-01T00:00:00Z", 0, datetime])
def test_a_clock_is_a_datetime(now: object) -> None:
    """A clock of another type is a `TypeError`; it cannot be taken away either."""
    with pytest.raises(TypeError):
        _ = deployed("1").with_clock(untyped(now))


def test_two_clocks_of_one_registry() -> None:
    """Registries that differ in their clock only go on side by side."""
    registry = deployed("1")
    early, late = registry.with_clock(hour(1)), registry.with_clock(hour(2))
    one, two = early.register("2"), late.register("3")
    assert (list(one), one.clock) == (["1", "2"], hour(1))
    assert (list(two), two.clock) == (["1", "3"], hour(2))
