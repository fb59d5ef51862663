"""Section 2.4: what was current at a time."""

from collections.abc import Sequence
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import Event, InvalidTime, VersionRegistry
from tests.registry.making import Step, back, deployed, hour, timed, untyped
from tests.rows import each_row

#: The answer is not known.
GAP = "?"

#: Histories, and what was current at each of the hours 0 to 5.
CASES: dict[str, tuple[Sequence[Step], Sequence[str | None]]] = {
    "nothing": ([], [None] * 6),
    "never deployed": ([("+a", 2)], [None] * 6),
    "one": ([("a", 2)], [None, None, "a", "a", "a", "a"]),
    "one after the other": ([("a", 1), ("b", 3)], [None, "a", "a", "b", "b", "b"]),
    "back and forth": ([("a", 1), ("b", 2), ("a", 4)], [None, "a", "b", "b", "a", "a"]),
    "at the same time": ([("a", 2), ("b", 2)], [None, None, "b", "b", "b", "b"]),
    "no time at all": ([("a", None)], [GAP] * 6),
    "no times at all": ([("a", None), ("b", None)], [GAP] * 6),
    "an untimed one before the first time": (
        [("a", None), ("b", 3)],
        [GAP, GAP, GAP, "b", "b", "b"],
    ),
    "an untimed one before a registration with a time": (
        [("a", None), ("+b", 3)],
        [GAP, GAP, GAP, "a", "a", "a"],
    ),
    "an untimed one after a registration with a time": (
        [("+a", 3), ("a", None)],
        [None, None, None, GAP, GAP, GAP],
    ),
    "an untimed one between two deployments": (
        [("a", 1), ("b", None), ("c", 4)],
        [None, GAP, GAP, GAP, "c", "c"],
    ),
    "an untimed one between a deployment and a registration": (
        [("a", 1), ("b", None), ("+c", 4)],
        [None, GAP, GAP, GAP, "b", "b"],
    ),
    "several untimed ones between two times": (
        [("a", 1), ("b", None), ("c", None), ("+d", 4)],
        [None, GAP, GAP, GAP, "c", "c"],
    ),
    "an untimed one at the end": ([("a", 2), ("b", None)], [None, None, GAP, GAP, GAP, GAP]),
    "an untimed registration does not matter": (
        [("a", 2), ("+b", None), ("b", 4)],
        [None, None, "a", "a", "b", "b"],
    ),
    "two times that leave no gap": (
        [("a", 2), ("b", None), ("c", 2)],
        [None, None, "c", "c", "c", "c"],
    ),
    "two gaps": (
        [("a", None), ("b", 2), ("c", None), ("+d", 4)],
        [GAP, GAP, GAP, GAP, "c", "c"],
    ),
    "one with a time after a gap": (
        [("a", 0), ("b", None), ("+c", 2), ("d", 3)],
        [GAP, GAP, "b", "d", "d", "d"],
    ),
    # Times that cross: between the bounds nothing is known.
    "two deployments out of order": ([("a", 3), ("b", 1)], [None, GAP, GAP, "b", "b", "b"]),
    "out of order, then in order": (
        [("a", 3), ("b", 1), ("c", 4)],
        [None, GAP, GAP, "b", "c", "c"],
    ),
    "a registration later than the deployment": (
        [("+a", 3), ("a", 1)],
        [None, GAP, GAP, "a", "a", "a"],
    ),
    "a clock that was far ahead once": (
        [("a", 1), ("b", 9), ("c", 3)],
        [None, "a", "a", GAP, GAP, GAP],
    ),
    "a clock that was behind once": (
        [("a", 2), ("b", 4), ("+c", 1)],
        [None, GAP, GAP, GAP, "b", "b"],
    ),
    "an untimed one between times that cross": (
        [("a", 3), ("b", None), ("+c", 1)],
        [None, GAP, GAP, "b", "b", "b"],
    ),
    # Undeploys
    "undeployed": ([("a", 1), ("-a", 3)], [None, "a", "a", None, None, None]),
    "undeployed at an unknown time": (
        [("a", 1), ("-a", None), ("+b", 4)],
        [None, GAP, GAP, GAP, None, None],
    ),
    "undeployed and deployed again": (
        [("a", 1), ("-a", 2), ("a", 4)],
        [None, "a", None, None, "a", "a"],
    ),
    "undeployed and deployed again at unknown times": (
        [("a", 1), ("-a", None), ("a", None), ("+b", 3)],
        [None, GAP, GAP, "a", "a", "a"],
    ),
    # Verdicts may come late, with the time of the alarm: they do not bound.
    "a verdict after an untimed one": (
        [("a", 1), ("b", None), ("!b", 3)],
        [None, GAP, GAP, GAP, GAP, GAP],
    ),
    "a verdict with the time of the alarm": (
        [("a", 1), ("b", 4), ("!a", 2)],
        [None, "a", "a", "a", "b", "b"],
    ),
    "a verdict with a time far ahead": (
        [("a", 1), ("!a", 9), ("b", 3)],
        [None, "a", "a", "b", "b", "b"],
    ),
    "an annotation after an untimed one": (
        [("a", 1), ("b", None), ("~b", 3)],
        [None, GAP, GAP, "b", "b", "b"],
    ),
}


def answer(registry: VersionRegistry, hours: float) -> str | None:
    """Return what was current at that hour, or `GAP` if that is not known."""
    try:
        return registry.current_at(hour(hours))
    except InvalidTime:
        return GAP


@each_row("case", CASES)
def test_what_was_current(case: str) -> None:
    """At each time the answer is what is known from the times of the events, or a refusal."""
    history, right = CASES[case]
    registry = timed(*history)
    assert [answer(registry, number) for number in range(6)] == list(right)


@each_row("case", CASES)
def test_the_clock_does_not_count(case: str) -> None:
    """Only the times of events count, not the one that `with_clock` set."""
    history, right = CASES[case]
    registry = timed(*history)
    for clock in (hour(-9), hour(2), hour(99)):
        seen = registry.with_clock(clock)
        assert [answer(seen, number) for number in range(6)] == list(right)


def test_a_deployment_begins_at_its_time_to_the_microsecond() -> None:
    """The instant at which a deployment began belongs to it."""
    registry = timed(("a", 1), ("b", 3))
    just_before = hour(3) - timedelta(microseconds=1)
    assert registry.current_at(just_before) == "a"
    assert registry.current_at(hour(3)) == "b"


def test_a_gap_ends_at_the_next_time() -> None:
    """The earlier end of a gap belongs to it, the later one does not."""
    registry = timed(("a", 1), ("b", None), ("+c", 4))
    tick = timedelta(microseconds=1).total_seconds() / 3600
    assert answer(registry, 1 - tick) is None
    assert answer(registry, 1) == GAP
    assert answer(registry, 4 - tick) == GAP
    assert answer(registry, 4) == "b"


def test_rollbacks_and_observations_are_deployments() -> None:
    """A version that was gone back to was current from then on."""
    registry = back(timed(("1", 1), ("2", 2)), "1", source="2", at=hour(3))
    registry = registry.register("3").observe("3", at=hour(4))
    found = [registry.current_at(hour(number)) for number in range(6)]
    assert found == [None, "1", "2", "1", "3", "3"]


def test_events_that_changed_nothing_bound_too() -> None:
    """In data an event that is already so is a later event with a time."""
    registry = timed(("a", 1), ("b", None))
    assert answer(registry, 4) == GAP
    for event in (Event("deployed", "b", at=hour(3)), Event("observed", "b", at=hour(3))):
        later = registry.extend([event])
        assert [answer(later, number) for number in (2, 3, 4)] == [GAP, "b", "b"]
        assert answer(later.register("c", at=hour(9)), 8) == "b"


def test_an_old_registry_does_not_know_better() -> None:
    """A time that was recorded later does not close a gap in an earlier registry."""
    before = timed(("a", 1), ("b", None))
    after = before.register("c", at=hour(3)).deploy("c", at=hour(4))
    assert answer(before, 5) == GAP
    assert after.current_at(hour(5)) == "c"
    assert after.current_at(hour(3)) == "b"


def test_a_fact_is_taken_back_when_a_clock_was_wrong() -> None:
    """A later event with an earlier time shows that a clock was wrong; then it is not known."""
    before = timed(("a", 1), ("b", 4))
    assert before.current_at(hour(3)) == "a"
    assert answer(before.register("c", at=hour(2)), 3) == GAP


def test_the_time_may_be_in_any_zone() -> None:
    """The same instant has the same answer in every zone."""
    registry = timed(("a", 1), ("b", 3))
    for offset in (-9.5, 0, 2, 14):
        zone = timezone(timedelta(hours=offset))
        assert registry.current_at(hour(2).astimezone(zone)) == "a"


def test_a_gap_says_what_to_do() -> None:
    """The message names the version whose time is missing, and the time that was asked for."""
    with pytest.raises(InvalidTime, match="at=") as refusal:
        _ = timed(("a", 1), ("b", None)).current_at(hour(2))
    assert refusal.value.when == hour(2)
    assert "'b'" in str(refusal.value)


def test_times_that_cross_are_named() -> None:
    """The message about a wrong clock names a version that the answer depends on."""
    with pytest.raises(InvalidTime) as refusal:
        _ = timed(("a", 1), ("b", 9), ("c", 3)).current_at(hour(4))
    assert refusal.value.when == hour(4)
    assert "'b'" in str(refusal.value) or "'c'" in str(refusal.value)


@pytest.mark.parametrize("when", [None, "2024-05-01", 0])
def test_a_time_is_a_datetime(when: object) -> None:
    """A time of another type is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = deployed("1").current_at(untyped(when))


# The definition

VERDICTS = {"marked_stable", "marked_failed", "retired", "reinstated"}


def has_happened(events: Sequence[Event], place: int, hours: float) -> bool | None:
    """Whether the event at the place has happened by that hour, or `None` if not known."""
    when = hour(hours)
    before = [each.at for each in events[: place + 1] if each.kind not in VERDICTS]
    after = [each.at for each in events[place:] if each.kind not in VERDICTS]
    latest = max((at for at in before if at is not None), default=None)
    earliest = min((at for at in after if at is not None), default=None)
    if earliest is not None and when >= max(earliest, latest or earliest):
        return True
    if latest is not None and when < min(latest, earliest or latest):
        return False
    return None


def by_definition(registry: VersionRegistry, hours: float) -> str | None:
    """Answer from the events, in the words of the contract."""
    events = registry.events
    serving: str | None = None
    answered: str | None = None
    for place, event in enumerate(events):
        changed = event.version if event.kind != "undeployed" else None
        if event.kind not in {"deployed", "undeployed"} or changed == serving:
            continue
        serving = changed
        happened = has_happened(events, place, hours)
        if happened is None:
            return GAP
        answered = serving if happened else answered
    return answered


@given(
    history=st.lists(
        st.tuples(
            st.sampled_from([*"abcabc", "+a", "+b", "~a", "~b", "!c"]),
            st.none() | st.integers(0, 5),
        ),
        max_size=8,
    )
)
def test_every_history_is_answered_by_the_definition(history: list[tuple[str, int | None]]) -> None:
    """Whatever was recorded, the answer is the one that the definition gives."""
    registry = VersionRegistry().register("a").register("b").register("c")
    for number, (name, hours) in enumerate(history):
        label, at = name.lstrip("+~!"), None if hours is None else hour(hours)
        kind = {"+": "registered", "~": "annotated", "!": "marked_stable"}.get(name[0], "deployed")
        if kind == "deployed" and registry.current == label and number % 2:
            kind = "undeployed"
        metadata = {"number": number} if kind == "annotated" else {}
        event = Event(untyped(kind), label, at=at, metadata=metadata)
        registry = registry.extend([event])
    for half in range(-2, 14):
        assert answer(registry, half / 2) == by_definition(registry, half / 2)
