"""Section 2.5: a registry from its events, and one that takes in the events of a store."""

from collections.abc import Callable, Iterable

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
from tests.registry.making import answers, back, deployed, hour, lineage, untyped
from tests.rows import each_row

#: Two versions were deployed.
DEPLOYED = [
    Event("registered", "1", digest="x"),
    Event("deployed", "1"),
    Event("registered", "2"),
    Event("deployed", "2"),
]

#: The two ways to read events after these four: all at once, or the rest after the first ones.
READ: dict[str, Callable[[Iterable[Event]], VersionRegistry]] = {
    "replay": lambda events: VersionRegistry.replay([*DEPLOYED, *events]),
    "extend": lambda events: VersionRegistry.replay(DEPLOYED).extend(events),
}
each_way = each_row("way", READ)


def rolled_back(target: str, source: str) -> Event:
    """Return the event of a rollback."""
    return Event("rolled_back", target, source=source, strategy="by hand")


TWIN = Event("registered", "twin", digest="x")

#: Events, one that is refused after them, and its error.
REFUSED: dict[str, tuple[list[Event], Event, type[LastgoodError]]] = {
    "registered with another digest": ([], Event("registered", "1"), DuplicateVersion),
    "registered with other metadata": (
        [],
        Event("registered", "2", metadata={"auc": 1}),
        DuplicateVersion,
    ),
    "deployed unknown": ([], Event("deployed", "3"), UnknownVersion),
    "marked unknown": ([], Event("marked_failed", "3"), UnknownVersion),
    "observed unknown": ([], Event("observed", "3"), UnknownVersion),
    "undeployed unknown": ([], Event("undeployed", "3"), UnknownVersion),
    "annotated unknown": ([], Event("annotated", "3", metadata={"a": 1}), UnknownVersion),
    "undeployed another": ([], Event("undeployed", "1"), NotCurrent),
    "deployed failed": ([Event("marked_failed", "1")], Event("deployed", "1"), IllegalTransition),
    "deployed and current, but failed": (
        [Event("marked_failed", "2")],
        Event("deployed", "2"),
        IllegalTransition,
    ),
    "deployed failed contents": (
        [TWIN, Event("marked_failed", "twin")],
        Event("deployed", "1"),
        IllegalTransition,
    ),
    "back to failed": (
        [Event("marked_failed", "1")],
        rolled_back("1", "2"),
        IllegalTransition,
    ),
    "back to failed contents": (
        [TWIN, Event("marked_failed", "twin")],
        rolled_back("1", "2"),
        IllegalTransition,
    ),
    "back to retired": ([Event("retired", "1")], rolled_back("1", "2"), IllegalTransition),
    "back to itself": ([], rolled_back("2", "2"), IllegalTransition),
    "back to unknown": ([], rolled_back("3", "2"), UnknownVersion),
    "back from another": ([TWIN], rolled_back("1", "twin"), NotCurrent),
    "back from unknown": ([], rolled_back("1", "3"), NotCurrent),
    "back from what was left": ([rolled_back("1", "2")], rolled_back("1", "2"), NotCurrent),
    "deployed while held": ([rolled_back("1", "2")], Event("deployed", "2"), IllegalTransition),
    "back after an undeploy, from what served before": (
        [Event("undeployed", "2"), TWIN],
        rolled_back("twin", "1"),
        NotCurrent,
    ),
}


def test_replaying_makes_an_equal_registry() -> None:
    """The events of a registry make it again."""
    registry = deployed("1", "2").mark_failed("2", reason="slow", at=hour(1)).observe("1")
    registry = registry.annotate("1", {"warm": True}).undeploy("1")
    assert VersionRegistry.replay(registry.events) == registry
    assert answers(VersionRegistry.replay(registry.events)) == answers(registry)


def test_no_events() -> None:
    """Without events `replay` makes an empty registry, and `extend` returns this very one."""
    assert VersionRegistry.replay([]) == VersionRegistry()
    registry = deployed("1").with_clock(hour(3))
    assert registry.extend([]) is registry
    assert registry.extend(iter(())) is registry


@each_way
def test_any_iterable_will_do(way: str) -> None:
    """Events may come as they are read."""
    events = [Event("registered", "3"), Event("deployed", "3")]
    assert READ[way](iter(events)) == READ[way](event for event in events)
    assert READ[way](iter(events)).current == "3"


@each_way
def test_a_rollback_is_read_without_its_plan(way: str) -> None:
    """The event of a rollback does what the rollback did."""
    registry = READ[way]([rolled_back("1", "2")])
    assert registry.current == "1"
    assert registry["2"].reason == "rolled back to 1"
    assert lineage(registry) == []


@each_way
def test_a_rollback_after_an_undeploy(way: str) -> None:
    """What served last may be left by a rollback, also in data."""
    registry = READ[way]([Event("undeployed", "2"), rolled_back("1", "2")])
    assert registry.current == "1"
    assert registry["2"].status == "rolled_back"


@each_row("case", REFUSED)
@each_way
def test_an_event_is_checked_as_its_command(way: str, case: str) -> None:
    """The command's own error escapes, with a note that says which event was refused."""
    before, event, error = REFUSED[case]
    assert READ[way](before).revision == 4 + len(before)
    with pytest.raises(error) as refusal:
        _ = READ[way]([*before, event, Event("registered", "never read")])
    assert type(refusal.value) is error
    place = len(before) + (4 if way == "replay" else 0)
    assert any(f"events[{place}]" in note for note in refusal.value.__notes__)


def test_a_rollback_if_nothing_was_deployed() -> None:
    """A rollback needs a source that serves, or served last."""
    events = [Event("registered", "1"), Event("registered", "2"), rolled_back("1", "2")]
    with pytest.raises(NotCurrent) as refusal:
        _ = VersionRegistry.replay(events)
    assert (refusal.value.version, refusal.value.current) == ("2", None)


def test_the_note_of_the_first_event() -> None:
    """The first event is `events[0]`."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = VersionRegistry.replay([Event("deployed", "1")])
    assert any("events[0]" in note for note in refusal.value.__notes__)


@each_row("event", [{"kind": "registered", "version": "1"}, "registered", None, Event])
@each_way
def test_events_are_events(way: str, event: object) -> None:
    """Plain data in place of events is a `TypeError` that shows what to write, with the note."""
    with pytest.raises(TypeError, match=r"Event\.from_dict") as refusal:
        _ = READ[way]([Event("registered", "0"), untyped(event)])
    place = 5 if way == "replay" else 1
    assert any(f"events[{place}]" in note for note in refusal.value.__notes__)


@pytest.mark.parametrize("events", [None, 7, deployed])
def test_events_come_in_an_iterable(events: object) -> None:
    """Anything else is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = VersionRegistry.replay(untyped(events))
    with pytest.raises(TypeError):
        _ = deployed("1").extend(untyped(events))


@each_way
def test_an_iterable_that_fails(way: str) -> None:
    """An error of the iterable itself passes through."""

    def broken() -> list[Event]:
        raise OSError("disk on fire")

    with pytest.raises(OSError, match="disk on fire"):
        _ = READ[way](event for _ in range(1) for event in broken())


# extend


def test_a_registry_takes_in_the_news_of_a_store() -> None:
    """At every revision, the events after it make the later registry."""
    later = back(deployed("1", "2").mark_failed("2", at=hour(1)), "1", source="2")
    later = later.annotate("1", {"warm": True}).undeploy("1", at=hour(3))
    for stored in range(later.revision + 1):
        kept = later.at_revision(stored)
        extended = kept.extend(later.events[stored:])
        assert extended == later
        assert extended.fingerprint == later.fingerprint
        assert answers(extended) == answers(later)


def test_extending_leaves_the_registry_as_it_is() -> None:
    """The old registry answers as before, also after a refusal in the middle."""
    registry = deployed("1", "2")
    before = answers(registry)
    assert registry.extend([Event("marked_failed", "2")]).needs_rollback
    with pytest.raises(UnknownVersion):
        _ = registry.extend([Event("registered", "3"), Event("deployed", "4")])
    assert answers(registry) == before
    assert "3" not in registry
    assert registry.register("3").revision == registry.revision + 1


def test_the_clock_is_that_of_the_events() -> None:
    """A replayed registry has the latest time of its events; an extended one keeps its clock."""
    events = [Event("registered", "3", at=hour(5)), Event("deployed", "3", at=hour(2))]
    assert READ["replay"](events).clock == hour(5)
    ahead = VersionRegistry.replay(DEPLOYED).with_clock(hour(9))
    assert ahead.extend(events).clock == hour(9)
    behind = VersionRegistry.replay(DEPLOYED).with_clock(hour(1))
    assert behind.extend(events).clock == hour(5)


def test_an_event_that_is_on_record_already_is_kept() -> None:
    """What two writers recorded stands twice in the record, and means the same."""
    registry = VersionRegistry.replay([*DEPLOYED, Event("deployed", "2"), DEPLOYED[0]])
    assert registry.revision == 6
    assert list(registry.values()) == list(VersionRegistry.replay(DEPLOYED).values())


def test_news_continues_a_stored_registry() -> None:
    """The events that a store has and those that it lacks make the registry."""
    registry = deployed("1", "2").mark_failed("2")
    stored = list(registry.events[:3])
    stored += registry.events[3:]
    assert VersionRegistry.replay(stored) == registry
