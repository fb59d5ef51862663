"""Answers about the record: what was read, and whether one's own events are on it.

The rules of this module:

1. After an append without an answer, the record is read and compared at the place where the events
   were to stand. There they stand, or others do, or the record ends there: then they are sent once
   more, and not made anew. What rests on a look is not sent again: the world is looked at first.
2. What is read is checked as a whole before anything rests on it.
3. Events that can follow the known ones, and can also be the whole of another record, are taken for
   news, and the store is asked once more: it compares the fingerprint, and knows.
"""

from collections.abc import Iterable

import attrs

from lastgood._basics.errors import LastgoodError
from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event, read_event
from lastgood.control._answers import events_in
from lastgood.control._memory import Memory, Step
from lastgood.control._requests import Append, Load
from lastgood.control._transitions import Finding


def read(memory: Memory, load: Load, answer: object) -> Step | Memory:
    """Return the memory with what was read, or the step if nothing can rest on it."""
    if answer is None:
        return Step(Finding.NO_ANSWER, memory, "the record was not read: the store gave no answer")
    if isinstance(answer, LastgoodError):
        return Step(Finding.UNREADABLE, memory, str(answer))
    listed = events_in(answer)
    try:
        events = [*_events(listed)]
        registry = _registry(memory, load, events)
    except LastgoodError as error:
        where = f"in the answer to Load(since={load.since}): " if load.since else ""
        place = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
        return Step(Finding.UNREADABLE, memory, f"{where}{place}{error}")
    is_new = memory.joined is None and registry.revision > len(events)
    joined = load.since if is_new and _is_whole(events) else None
    memory = attrs.evolve(memory, registry=registry, joined=joined)
    return memory if joined is None else Step(Finding.JOINED, memory)


def is_on_record(pending: Append, registry: VersionRegistry) -> bool:
    """Whether these events stand at their place."""
    end = pending.before + len(pending.events)
    if registry.revision < end:
        return False
    if registry.at_revision(pending.before).fingerprint != pending.fingerprint:
        return False
    return tuple(registry.events[pending.before : end]) == pending.events


def appended(memory: Memory, pending: Append) -> Memory:
    """Return the memory after it became known that the events are on record."""
    registry = memory.registry
    if not is_on_record(pending, registry):
        registry = registry.extend(pending.events)
    return attrs.evolve(memory, registry=registry, pending=None, plan=pending.plan)


def _events(answer: Iterable[object]) -> Iterable[Event]:
    for place, event in enumerate(answer):
        yield event if isinstance(event, Event) else read_event(event, f"events[{place}]")


def _registry(memory: Memory, load: Load, events: list[Event]) -> VersionRegistry:
    """Return the record, of which all events were read, or those after the known ones.

    All of them begin with the first event that is known, if they are of the same record. News never
    do: the same version would be registered twice, which no command records. All events of another
    record begin with a registration, as may news. Those that were joined to the known ones are that
    record if they are answered again.
    """
    known, begins = memory.registry, {0, memory.joined or 0}
    if load.since == 0 or (events and any(events[0] == known.events[n] for n in begins)):
        return VersionRegistry.replay(events)
    try:
        return known.extend(events)
    except LastgoodError:
        if events[0].kind != "registered":
            raise
        # Another record has taken the place of the known one.
        return VersionRegistry.replay(events)


def _is_whole(events: list[Event]) -> bool:
    """Whether these events can be all events of a record."""
    try:
        return VersionRegistry.replay(events).revision > 0
    except LastgoodError:
        return False
