"""Section 2.5: a registry from its events."""

import pytest

from lastgood import (
    DuplicateVersion,
    Event,
    IllegalTransition,
    LastgoodError,
    NotCurrent,
    UnknownVersion,
    VersionRegistry,
)
from tests.registry.making import deployed, hour, lineage, untyped

#: Two versions were deployed.
DEPLOYED = [
    Event("registered", "1"),
    Event("deployed", "1"),
    Event("registered", "2"),
    Event("deployed", "2"),
]


def back(target: str, source: str) -> Event:
    """Return the event of a rollback."""
    return Event("rolled_back", target, source=source, strategy="by hand")


#: What is refused as the fifth event, and with which error.
REFUSED: dict[str, tuple[list[Event], Event, type[LastgoodError]]] = {
    "registered twice": ([], Event("registered", "1"), DuplicateVersion),
    "deployed unknown": ([], Event("deployed", "3"), UnknownVersion),
    "marked unknown": ([], Event("marked_failed", "3"), UnknownVersion),
    "observed unknown": ([], Event("observed", "3"), UnknownVersion),
    "observed current": ([], Event("observed", "2"), IllegalTransition),
    "reinstated good": ([], Event("reinstated", "2"), IllegalTransition),
    "deployed failed": ([Event("marked_failed", "1")], Event("deployed", "1"), IllegalTransition),
    "back to failed": ([Event("marked_failed", "1")], back("1", "2"), IllegalTransition),
    "back to retired": ([Event("retired", "1")], back("1", "2"), IllegalTransition),
    "back to itself": ([], back("2", "2"), IllegalTransition),
    "back to unknown": ([], back("3", "2"), UnknownVersion),
    "back from another": ([], back("1", "3"), NotCurrent),
    "back from what was left": ([back("1", "2")], back("1", "2"), NotCurrent),
}


def test_replaying_makes_an_equal_registry() -> None:
    """The events of a registry make it again."""
    registry = deployed("1", "2").mark_failed("2", reason="slow", at=hour(1)).observe("1")
    assert VersionRegistry.replay(registry.events) == registry


def test_no_events() -> None:
    """No events make an empty registry."""
    assert VersionRegistry.replay([]) == VersionRegistry()


def test_any_iterable_will_do() -> None:
    """Events may come as they are read."""
    assert VersionRegistry.replay(iter(DEPLOYED)) == deployed("1", "2")
    assert VersionRegistry.replay(event for event in DEPLOYED) == deployed("1", "2")


def test_the_clock_is_what_the_events_tell() -> None:
    """A replayed registry has the clock that its events tell, in whatever order."""
    events = [Event("registered", "1", at=hour(5)), Event("deployed", "1", at=hour(2))]
    assert VersionRegistry.replay(events).clock == hour(5)


def test_a_rollback_is_replayed_without_its_plan() -> None:
    """The event of a rollback does what the rollback did."""
    registry = VersionRegistry.replay([*DEPLOYED, back("1", "2")])
    assert registry.current == "1"
    assert registry["2"].reason == "rolled back to 1"
    assert lineage(registry) == []


@pytest.mark.parametrize("case", REFUSED)
def test_an_event_is_checked_as_its_command(case: str) -> None:
    """The command's own error escapes, with a note that says which event was refused."""
    before, event, error = REFUSED[case]
    events = [*DEPLOYED, *before]
    assert VersionRegistry.replay(events).revision == len(events)
    with pytest.raises(error) as refusal:
        _ = VersionRegistry.replay([*events, event, Event("registered", "never read")])
    assert type(refusal.value) is error
    assert any(f"events[{len(events)}]" in note for note in refusal.value.__notes__)


def test_a_rollback_where_nothing_is_deployed() -> None:
    """A rollback whose source is not current, as nothing is, is `NotCurrent`."""
    events = [Event("registered", "1"), Event("registered", "2"), back("1", "2")]
    with pytest.raises(NotCurrent) as refusal:
        _ = VersionRegistry.replay(events)
    assert (refusal.value.version, refusal.value.current) == ("2", None)


def test_the_note_of_the_first_event() -> None:
    """The first event is `events[0]`."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = VersionRegistry.replay([Event("deployed", "1")])
    assert any("events[0]" in note for note in refusal.value.__notes__)


@pytest.mark.parametrize(
    "event", [{"event": "registered", "version": "1"}, "registered", None, Event]
)
def test_events_are_events(event: object) -> None:
    """Plain data where events belong is a `TypeError` that says what to write, with the note."""
    with pytest.raises(TypeError, match=r"Event\.from_dict") as refusal:
        _ = VersionRegistry.replay([Event("registered", "0"), untyped(event)])
    assert any("events[1]" in note for note in refusal.value.__notes__)


def test_an_iterable_that_fails() -> None:
    """What the iterable itself raises passes through."""

    def broken() -> list[Event]:
        raise OSError("disk on fire")

    with pytest.raises(OSError, match="disk on fire"):
        _ = VersionRegistry.replay(event for _ in range(1) for event in broken())


def test_news_continues_a_stored_registry() -> None:
    """What a store has and what it lacks make the registry, event by event."""
    registry = deployed("1", "2").mark_failed("2")
    stored = list(registry.events[:3])
    stored += registry.events[3:]
    assert VersionRegistry.replay(stored) == registry
