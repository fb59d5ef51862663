"""Stores as people get them wrong. Each says in its docstring what is wrong with it."""

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any

import attrs

from lastgood import Event, InvalidData, VersionRegistry, from_entries, to_entries
from tests.testing.stores.right import NOTHING, AsyncMemory, Memory

#: How many seconds calls wait for each other; then one of them was never made.
PATIENCE = 60.0


class Begun(Memory):
    """It puts an event of its own at the beginning."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return an event that nobody recorded."""
        return super().load(since, fingerprint) or (Event("registered", "root"),)


class AlwaysTrue(Memory):
    """It answers True when it did nothing, as after ON CONFLICT DO NOTHING."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Forget the answer."""
        _ = super().append(before, fingerprint, events)
        return True


class Forgetful(Memory):
    """It answers True before it has written, and then never writes: nobody committed."""

    def append(self, before: int, fingerprint: str, _events: tuple[Event, ...], /) -> bool:
        """Write nothing."""
        return (before, fingerprint) == (0, NOTHING)


class Rows(Memory):
    """It answers with the number of rows."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> Any:
        """Return a number."""
        return len(events) if super().append(before, fingerprint, events) else 0


class Silent(Memory):
    """It answers nothing."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> Any:
        """Return None."""
        _ = super().append(before, fingerprint, events)


class Dicts(Memory):
    """It answers with plain data."""

    def load(self, since: int, fingerprint: str, /) -> Any:
        """Return dicts."""
        return [event.to_dict() for event in super().load(since, fingerprint)]


class Text(Memory):
    """It answers with JSON."""

    def load(self, since: int, fingerprint: str, /) -> Any:
        """Return a text."""
        return json.dumps([event.to_dict() for event in super().load(since, fingerprint)])


class Raising(Memory):
    """It raises for a conflict, which a caller takes for a broken connection."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Raise what the database raised."""
        if not super().append(before, fingerprint, events):
            raise KeyError("duplicate key")
        return True


class WithoutTimes(Memory):
    """It has no column for the time."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Forget the time."""
        kept = tuple(attrs.evolve(event, at=None) if event.at else event for event in events)
        return super().append(before, fingerprint, kept)


class WholeFloats(Memory):
    """It makes integers of whole floats, as jsonb does."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return other numbers, which make the same fingerprint."""
        return tuple(map(_whole, super().load(since, fingerprint)))


def _whole(event: Event) -> Event:
    if not event.metadata:
        return event
    metadata = {
        key: int(value) if isinstance(value, float) and value == 1.0 else value
        for key, value in event.metadata.items()
    }
    return attrs.evolve(event, metadata=metadata)


class AsText(Memory):
    """It sorts revisions as texts: 10 comes before 9."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events in the order of their numbers as texts."""
        events = super().load(since, fingerprint)
        order = sorted(range(len(events)), key=lambda place: str(place + since))
        return tuple(events[place] for place in order)


class Pages(Memory):
    """It reads the first page of an answer only."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return a hundred events at most."""
        return super().load(since, fingerprint)[:100]


@attrs.define
class Cached(Memory):
    """It keeps what it loaded, and adds only what it appended itself."""

    kept: tuple[Event, ...] | None = None

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return what was there when this handle was first asked."""
        if self.kept is None:
            self.kept = super().load(0, NOTHING)
        record = VersionRegistry.replay(self.kept)
        known = since <= record.revision and record.at_revision(since).fingerprint == fingerprint
        return self.kept[since:] if known else self.kept

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record, and keep."""
        won = super().append(before, fingerprint, events)
        if won:
            self.kept = super().load(0, NOTHING)
        return won


class FreeKey(Memory):
    """It only looks whether the key of the next revision is free."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write where nothing is, and leave a hole before it."""
        entries = to_entries(events, after=fingerprint)
        with self.server.lock:
            if len(self.lines) > before:
                return False
            self.lines.extend(json.dumps(entry) for entry in entries)
        return True


class LastWins(Memory):
    """It compares nothing: whoever writes last overwrites what the others wrote."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write over whatever is there."""
        entries = to_entries(events, after=fingerprint)
        with self.server.lock:
            self.lines[before:] = [json.dumps(entry) for entry in entries]
        return True


class Numbered(Memory):
    """It compares the number of events, and not their fingerprint."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Take any record of this length for the same."""
        entries = to_entries(events, after=fingerprint)
        with self.server.lock:
            if len(self.lines) != before:
                return False
            self.lines.extend(json.dumps(entry) for entry in entries)
        return True


class OneByOne(Memory):
    """It writes each event in a transaction of its own."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write event by event."""
        for event in events:
            if not super().append(before, fingerprint, (event,)):
                return False
            fingerprint, before = self.head, before + 1
        return True


class Meeting(Memory):
    """A store whose calls meet: nobody goes on before all who ask at the same time have come."""

    def meet(self) -> None:
        """Wait for the others, if there are any."""
        if threading.current_thread() is not threading.main_thread():
            _ = self.server.meeting.wait(PATIENCE)


class TwoTransactions(Meeting):
    """It writes the first event in one transaction, and the others in the next one."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Read between the two."""
        self.meet()
        events = super().load(since, fingerprint)
        self.meet()
        return events

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Let others read what is half written."""
        first, rest = [*events][:1], [*events][1:]
        won = super().append(before, fingerprint, tuple(first))
        self.meet()
        self.meet()
        return won and (not rest or super().append(before + 1, self.head, tuple(rest)))


class TornRead(Meeting):
    """It counts the lines in one question and reads them in another, while others write."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Refuse what grew between the two questions."""
        there = len(self.lines)
        self.meet()
        self.meet()
        if len(self.lines) != there:
            raise InvalidData("events", "there are more than were counted")
        return super().load(since, fingerprint)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write between the two questions of others."""
        self.meet()
        won = super().append(before, fingerprint, events)
        self.meet()
        return won


class Unsure(Memory):
    """It reports a broken connection after it has written what it could."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write all, whatever it is interrupted by, and raise."""
        try:
            return super().append(before, fingerprint, events)
        except Exception as error:
            whole = tuple(events[place] for place in range(len(events)))
            _ = super().append(before, fingerprint, whole)
            raise ConnectionResetError from error


class Locking(Memory):
    """It leaves its lock behind when it is interrupted."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Lock, and unlock only if all goes well."""
        if f"lock of {self.name}" in self.server.lines:
            raise TimeoutError("the record is locked")
        self.server.lines[f"lock of {self.name}"] = []
        won = super().append(before, fingerprint, events)
        del self.server.lines[f"lock of {self.name}"]
        return won


class CheckedBefore(Meeting):
    """It compares in one transaction and writes in another."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Read before anybody writes."""
        events = super().load(since, fingerprint)
        self.meet()
        return events

    def append(self, _before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Let others compare in between."""
        lines = [json.dumps(entry) for entry in to_entries(events, after=fingerprint)]
        same = self.head == fingerprint
        self.meet()
        if same:
            self.lines.extend(lines)
        return same


class TornRace(CheckedBefore):
    """It compares before it writes, and answers False if others wrote meanwhile."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Read before anybody writes."""
        events = super().load(since, fingerprint)
        self.meet()
        return events

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Leave what it wrote where it is."""
        won = super().append(before, fingerprint, events)
        self.meet()
        return won and len(self.lines) == before + len(events)


class Repeating(Memory):
    """Its client sends a request twice, and takes the answer to the second one."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Tell the winner of a race that it lost: only the first writer of `by-` labels races."""
        won = super().append(before, fingerprint, events)
        raced = any(event.version.startswith("by-") for event in events)
        return super().append(before, fingerprint, events) if won and raced else won


class Overwritten(Memory):
    """Two writers get the answer of their own shard, of which one is thrown away."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Answer True to the first one, and keep the last one."""
        won = super().append(before, fingerprint, events)
        if not won and any(event.version.startswith("by-") for event in events):
            entries = to_entries(events, after=fingerprint)
            with self.server.lock:
                self.lines[before:] = [json.dumps(entry) for entry in entries]
        return won


class Timid(Memory):
    """It refuses everybody when several write."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write nothing of a race."""
        if any(event.version.startswith("by-") for event in events):
            return False
        return super().append(before, fingerprint, events)


class Deadlocked(Memory):
    """It raises for everybody when several write."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write nothing of a race."""
        if any(event.version.startswith("by-") for event in events):
            raise TimeoutError("deadlock detected")
        return super().append(before, fingerprint, events)


class Helpful(Memory):
    """It answers True to a retry, because the events are there."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Look whether the events are there already."""
        if super().append(before, fingerprint, events):
            return True
        return bool(events) and self.load(before, fingerprint)[: len(events)] == events


class Twice(Memory):
    """It records a retry a second time."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Take a repeated request for a new one."""
        if super().append(before, fingerprint, events):
            return True
        if before and self.load(before, fingerprint) == events:
            return super().append(before + len(events), self.head, events)
        return False


class Stamped(Memory):
    """It writes who recorded an event over who said so, so a writer does not know its own."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return other events."""
        events = super().load(since, fingerprint)
        return tuple(attrs.evolve(event, by="store") for event in events)


class Whole(Memory):
    """It reads the whole record whatever the revision."""

    def load(self, _since: int, _fingerprint: str, /) -> tuple[Event, ...]:
        """Return all events."""
        return super().load(0, NOTHING)


class Tail(Memory):
    """It reads behind the revision, whatever the history is."""

    def load(self, since: int, _fingerprint: str, /) -> tuple[Event, ...]:
        """Return what is behind this number of events."""
        return super().load(0, NOTHING)[since:]


class Gone(Memory):
    """It answers with no events, as if there were no news, when the record is gone."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Take a lost record for one without news."""
        return super().load(since, fingerprint) if self.lines else ()


class CaseBlind(Memory):
    """Its names are compared without their case, as a collation may do."""

    def __init__(self, server: Any, name: str) -> None:
        super().__init__(server, name.lower())


class Trimmed(Memory):
    """Its names lose their white space, as CHAR(n) may do."""

    def __init__(self, server: Any, name: str) -> None:
        super().__init__(server, name.strip())


class Short(Memory):
    """Its names are cut, as VARCHAR(n) may do."""

    def __init__(self, server: Any, name: str) -> None:
        super().__init__(server, name[:100])


class Prefix(Memory):
    """It reads all keys that begin with the name."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events of other names as well."""
        events = super().load(since, fingerprint)
        for name in [*self.server.lines]:
            if name.startswith(f"{self.name}/"):
                events += Memory(self.server, name).load(0, NOTHING)
        return events


class AllAtOnce(Memory):
    """It reads all records to answer about one."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Fail with any of them."""
        for lines in [*self.server.lines.values()]:
            _ = from_entries(map(json.loads, [*lines]))
        return super().load(since, fingerprint)


class Global(Meeting):
    """It answers False if anybody appends anywhere at the same time."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Read what there is."""
        events = super().load(since, fingerprint)
        self.meet()
        return events

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Take any other append for a conflict."""
        mine = object()
        last: list[Any] = self.server.lines["last"]
        last.append(mine)
        self.meet()
        return last[-1] is mine and super().append(before, fingerprint, events)


class HardCoded(Memory):
    """It writes format 1 beside everything."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Lose the format."""
        won = super().append(before, fingerprint, events)
        if won:
            self.lines[before:] = [
                json.dumps(json.loads(line) | {"format": 1}) for line in self.lines[before:]
            ]
        return won


class Tolerant(Memory):
    """It leaves out what it does not understand."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events before the first one that cannot be read."""
        try:
            return super().load(since, fingerprint)
        except InvalidData:
            lines = self.lines[since if since <= len(self.lines) else 0 :]
            return tuple(_readable([json.loads(line) for line in lines]))


def _readable(entries: Sequence[Any]) -> list[Event]:
    return [Event.from_dict(each["event"]) for each in entries if each["format"] == 1]


class Nameless(Memory):
    """Its error does not say where."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Raise an error of its own."""
        try:
            return super().load(since, fingerprint)
        except InvalidData as error:
            raise RuntimeError("cannot read") from error


class Unchecked(Memory):
    """It does not compare what it reads with the stored fingerprint."""

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Read each event alone."""
        entries = [*map(json.loads, self.lines)]
        if since and not entries:
            raise InvalidData(self.name, "the record is gone")
        if since and [each["fingerprint"] for each in entries[since - 1 : since]] != [fingerprint]:
            since = 0
        for place, entry in enumerate(entries):
            if entry["format"] != 1:
                raise InvalidData(f"entries[{place}].format", "is later")
        return tuple(Event.from_dict(entry["event"]) for entry in entries[since:])


class Picky(Memory):
    """It refuses to write what a later release writes, which is right."""

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Refuse before anything is written."""
        data = [(event.format, event.to_dict()) for event in [*events]]
        if any(number != 1 for number, _ in data):
            raise ValueError("a later release wrote this")
        return super().append(before, fingerprint, events)


class AsyncTwoTransactions(AsyncMemory):
    """It writes the first event in one transaction, and the others in the next one."""

    async def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Let others read what is half written."""
        first, rest = [*events][:1], [*events][1:]
        if not await super().append(before, fingerprint, tuple(first)):
            return False
        head = Memory(self.server, self.name).head
        return not rest or await super().append(before + 1, head, tuple(rest))


class AsyncCheckedBefore(AsyncMemory):
    """It compares in one transaction and writes in another."""

    async def append(self, _before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Let others write in between."""
        store = Memory(self.server, self.name)
        lines = [json.dumps(entry) for entry in to_entries(events, after=fingerprint)]
        if store.head != fingerprint:
            return False
        await asyncio.sleep(0)
        store.lines.extend(lines)
        return True


class AsyncFailing(AsyncMemory):
    """Its connection breaks while it waits."""

    async def load(self, _since: int, _fingerprint: str, /) -> tuple[Event, ...]:
        """Raise after a while."""
        await asyncio.sleep(0)
        raise ConnectionResetError("reset by peer")


class Broken(Memory):
    """It never answers."""

    def load(self, _since: int, _fingerprint: str, /) -> tuple[Event, ...]:
        """Raise."""
        raise ConnectionResetError

    def append(self, _before: int, _fingerprint: str, _events: tuple[Event, ...], /) -> bool:
        """Raise."""
        raise ConnectionResetError
