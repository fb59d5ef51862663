"""Right stores in memory, synchronous and asynchronous, and how their calls are made at once."""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import attrs

from lastgood import Event, InvalidData, VersionRegistry, from_entries, to_entries

NOTHING = VersionRegistry().fingerprint


def together(calls: list[Callable[[], None]]) -> None:
    """Make the calls at once, in a thread each."""
    with ThreadPoolExecutor(len(calls)) as pool:
        for running in [pool.submit(call) for call in calls]:
            running.result()


async def gathered(calls: list[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Make the calls at once, in a task each."""
    _ = await asyncio.gather(*(call() for call in calls))


@attrs.define
class Server:
    """What all handles share: the lines of each record, and one lock."""

    lines: dict[str, list[str]] = attrs.field(factory=lambda: defaultdict(list))
    lock: threading.Lock = attrs.field(factory=threading.Lock)
    waits: asyncio.Lock = attrs.field(factory=asyncio.Lock)
    meeting: threading.Barrier = attrs.field(factory=lambda: threading.Barrier(4))


def lacking(name: str, record: VersionRegistry, since: int, fingerprint: str) -> tuple[Event, ...]:
    """Return the events of a record that a caller lacks who knows this fingerprint."""
    if since and not record.revision:
        raise InvalidData(name, "the record is gone")
    knows = since <= record.revision and record.at_revision(since).fingerprint == fingerprint
    return tuple(record.events[since if knows else 0 :])


@attrs.define
class Memory:
    """A line of JSON for each event."""

    server: Server
    name: str

    @property
    def lines(self) -> list[str]:
        """The lines of this record."""
        return self.server.lines[self.name]

    @property
    def head(self) -> str:
        """The fingerprint of this record."""
        return json.loads(self.lines[-1])["fingerprint"] if self.lines else NOTHING

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events that the caller lacks."""
        with self.server.lock:
            lines = [*self.lines]
        record = VersionRegistry.replay(from_entries(map(json.loads, lines)))
        return lacking(self.name, record, since, fingerprint)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record events if the record ends with this fingerprint."""
        assert fingerprint.startswith(f"{before}-")
        lines = [json.dumps(entry) for entry in to_entries(events, after=fingerprint)]
        with self.server.lock:
            if self.head != fingerprint:
                return False
            self.lines.extend(lines)
        return True


@attrs.define
class Objects:
    """The events themselves, without any data: a fake for tests."""

    server: dict[str, VersionRegistry]
    name: str

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events that the caller lacks."""
        return lacking(self.name, self.server.get(self.name, VersionRegistry()), since, fingerprint)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record events if the record ends with this fingerprint."""
        record = self.server.get(self.name, VersionRegistry())
        if (record.revision, record.fingerprint) != (before, fingerprint):
            return False
        self.server[self.name] = record.extend(events)
        return True


@attrs.define
class AsyncMemory:
    """A line of JSON for each event, behind a network on which others get their turn."""

    server: Server
    name: str

    async def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events that the caller lacks."""
        await asyncio.sleep(0)
        async with self.server.waits:
            return Memory(self.server, self.name).load(since, fingerprint)

    async def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record events if the record ends with this fingerprint."""
        await asyncio.sleep(0)
        async with self.server.waits:
            answer = Memory(self.server, self.name).append(before, fingerprint, events)
        await asyncio.sleep(0)
        return answer


@attrs.define
class Counted:
    """Opens handles, and counts those that are open."""

    server: Server = attrs.field(factory=Server)
    opened: int = 0
    closed: int = 0

    @contextmanager
    def __call__(self, name: str) -> Generator[Memory]:
        """Open a handle that must be closed."""
        self.opened += 1
        yield Memory(self.server, name)
        self.closed += 1
