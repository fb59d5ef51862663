"""Section 2.4: what was current at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import Event, InvalidTime, VersionRegistry
from tests.registry.making import by_hand, deployed, hour, untyped

#: What nobody told.
GAP = "?"

Told = tuple[str, float | None]

#: Histories of deployments, and registrations ("+" before the label), with the hour that each
#: told; and what was current at each of the hours 0 to 5.
CASES: dict[str, tuple[Sequence[Told], Sequence[str | None]]] = {
    "nothing": ([], [None] * 6),
    "never deployed": ([("+a", 2)], [None] * 6),
    "one": ([("a", 2)], [None, None, "a", "a", "a", "a"]),
    "one after the other": ([("a", 1), ("b", 3)], [None, "a", "a", "b", "b", "b"]),
    "back and forth": ([("a", 1), ("b", 2), ("a", 4)], [None, "a", "b", "b", "a", "a"]),
    "at the same time": ([("a", 2), ("b", 2)], [None, None, "b", "b", "b", "b"]),
    "told out of order": ([("a", 3), ("b", 1)], [None, None, None, "b", "b", "b"]),
    "out of order, then in order": (
        [("a", 3), ("b", 1), ("c", 4)],
        [None, None, None, "b", "c", "c"],
    ),
    "a registration moves the running maximum": (
        [("+a", 3), ("a", 1)],
        [None, None, None, "a", "a", "a"],
    ),
    "no time at all": ([("a", None)], [GAP] * 6),
    "no times at all": ([("a", None), ("b", None)], [GAP] * 6),
    "an untimed one before the first time": (
        [("a", None), ("b", 3)],
        [GAP, GAP, GAP, "b", "b", "b"],
    ),
    "an untimed one before a time that is no deployment": (
        [("a", None), ("+b", 3)],
        [GAP, GAP, GAP, "a", "a", "a"],
    ),
    "an untimed one after a time that is no deployment": (
        [("+a", 3), ("a", None)],
        [None, None, None, GAP, GAP, GAP],
    ),
    "an untimed one between two times": (
        [("a", 1), ("b", None), ("c", 4)],
        [None, GAP, GAP, GAP, "c", "c"],
    ),
    "an untimed one between two times of which one is no deployment": (
        [("a", 1), ("b", None), ("+c", 4)],
        [None, GAP, GAP, GAP, "b", "b"],
    ),
    "several untimed ones between two times": (
        [("a", 1), ("b", None), ("c", None), ("+d", 4)],
        [None, GAP, GAP, GAP, "c", "c"],
    ),
    "an untimed one at the end": ([("a", 2), ("b", None)], [None, None, GAP, GAP, GAP, GAP]),
    "an untimed one of the same version": (
        [("a", 2), ("a", None)],
        [None, None, GAP, GAP, GAP, GAP],
    ),
    "an untimed registration is no gap": (
        [("a", 2), ("+b", None), ("b", 4)],
        [None, None, "a", "a", "b", "b"],
    ),
    "a gap that is closed at once": (
        [("a", 2), ("b", None), ("c", 2)],
        [None, None, "c", "c", "c", "c"],
    ),
    "a gap that an earlier time closes": (
        [("a", 3), ("b", None), ("+c", 1)],
        [None, None, None, "b", "b", "b"],
    ),
    "a gap that begins at the running maximum": (
        [("a", 3), ("b", 1), ("c", None), ("d", 5)],
        [None, None, None, GAP, GAP, "d"],
    ),
    "two gaps": (
        [("a", None), ("b", 2), ("c", None), ("+d", 4)],
        [GAP, GAP, GAP, GAP, "c", "c"],
    ),
    "a timed one after a gap has its own time": (
        [("a", 0), ("b", None), ("+c", 2), ("d", 3)],
        [GAP, GAP, "b", "d", "d", "d"],
    ),
}


def told(history: Sequence[Told]) -> VersionRegistry:
    """Return the registry of a history."""
    registry = VersionRegistry()
    for name, number in history:
        label, at = name.lstrip("+"), None if number is None else hour(number)
        if name.startswith("+"):
            registry = registry.register(label, at=at)
            continue
        if label not in registry:
            registry = registry.register(label)
        registry = registry.deploy(label, at=at)
    return registry


def answer(registry: VersionRegistry, when: datetime) -> str | None:
    """Return what was current at the time, or `GAP` where nobody told."""
    try:
        return registry.current_at(when)
    except InvalidTime:
        return GAP


@pytest.mark.parametrize("case", CASES)
def test_what_was_current(case: str) -> None:
    """At each time the answer is what the times told so far say, or that nobody told."""
    history, right = CASES[case]
    registry = told(history)
    assert [answer(registry, hour(number)) for number in range(6)] == list(right)


@pytest.mark.parametrize("case", CASES)
def test_the_clock_does_not_count(case: str) -> None:
    """Only the times of events count, not what `with_clock` set."""
    history, right = CASES[case]
    registry = told(history)
    for clock in (hour(-9), hour(2), hour(99)):
        seen = registry.with_clock(clock)
        assert [answer(seen, hour(number)) for number in range(6)] == list(right)


def test_a_deployment_begins_at_its_time_to_the_microsecond() -> None:
    """The instant at which a deployment began belongs to it."""
    registry = told([("a", 1), ("b", 3)])
    just_before = hour(3) - timedelta(microseconds=1)
    assert registry.current_at(just_before) == "a"
    assert registry.current_at(hour(3)) == "b"


def test_a_gap_ends_when_the_next_time_is_told() -> None:
    """The earlier end of a gap belongs to it, the later one does not."""
    registry = told([("a", 1), ("b", None), ("+c", 4)])
    assert answer(registry, hour(1) - timedelta(microseconds=1)) is None
    assert answer(registry, hour(1)) == GAP
    assert answer(registry, hour(4) - timedelta(microseconds=1)) == GAP
    assert answer(registry, hour(4)) == "b"


def test_rollbacks_and_observations_are_deployments() -> None:
    """What was gone back to was current from then on."""
    registry = told([("1", 1), ("2", 2)])
    registry = registry.roll_back(by_hand(registry, "1"), at=hour(3))
    registry = registry.register("3").observe("3", at=hour(4))
    found = [registry.current_at(hour(number)) for number in range(6)]
    assert found == [None, "1", "2", "1", "3", "3"]


def test_verdicts_tell_times_too() -> None:
    """The time of a verdict bounds what was untimed before it."""
    registry = told([("a", 1), ("b", None)]).mark_failed("b", at=hour(3))
    assert answer(registry, hour(2)) == GAP
    assert answer(registry, hour(3)) == "b"


def test_an_old_registry_does_not_know_better() -> None:
    """What was told later does not close a gap in the registry of before."""
    before = told([("a", 1), ("b", None)])
    after = before.mark_failed("b", at=hour(3)).register("c").deploy("c", at=hour(4))
    assert answer(before, hour(5)) == GAP
    assert after.current_at(hour(5)) == "c"
    assert after.current_at(hour(3)) == "b"


def test_the_time_may_be_told_in_any_zone() -> None:
    """The same instant has the same answer in every zone."""
    registry = told([("a", 1), ("b", 3)])
    for offset in (-9.5, 0, 2, 14):
        zone = timezone(timedelta(hours=offset))
        assert registry.current_at(hour(2).astimezone(zone)) == "a"


def test_a_gap_says_what_to_do() -> None:
    """The message names the version whose time nobody told, and the time that was asked for."""
    with pytest.raises(InvalidTime, match="at=") as refusal:
        _ = told([("a", 1), ("b", None)]).current_at(hour(2))
    assert refusal.value.when == hour(2)
    assert "'b'" in str(refusal.value)


@pytest.mark.parametrize("when", [None, "2024-05-01", 0])
def test_a_time_is_a_datetime(when: object) -> None:
    """A time of another type is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = deployed("1").current_at(untyped(when))


FIRST, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def latest(events: Sequence[Event]) -> datetime:
    """Return the running maximum of the times told."""
    return max((event.at for event in events if event.at is not None), default=FIRST)


def beginning(events: Sequence[Event], place: int) -> tuple[datetime, datetime]:
    """Return the times between which the deployment of the event at the place began."""
    earliest = latest(events[: place + 1])
    if events[place].at is not None:
        return earliest, earliest
    later = range(place, len(events))
    told_next = [latest(events[: after + 1]) for after in later if events[after].at is not None]
    return earliest, told_next[0] if told_next else NEVER


def by_definition(registry: VersionRegistry, when: datetime) -> str | None:
    """Answer from the events, in the words of the contract."""
    events = registry.events
    current: str | None = None
    for place, event in enumerate(events):
        if event.event == "deployed":
            earliest, last = beginning(events, place)
            if earliest <= when < last:
                return GAP
            current = event.version if last <= when else current
    return current


@given(
    history=st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 5)), max_size=8)
)
def test_every_history_is_answered_by_the_definition(history: list[tuple[str, int | None]]) -> None:
    """Whatever was told, the answer is the one that the definition gives."""
    registry = told(history)
    for number in range(-2, 14):
        when = hour(number / 2)
        assert answer(registry, when) == by_definition(registry, when)
