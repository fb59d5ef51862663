"""Drivers of a conversation: it says what it wants, and they do it. Copy the one that you need.

Add to `NOT_KNOWN` what your client raises when it does not know whether something was done:
``psycopg.OperationalError``, ``redis.RedisError``, ``HTTPException``. Never catch more, so that a
mistake in your own code ends the loop. A `LastgoodError` of the store or of the world is an answer.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from lastgood import Event, LastgoodError
from lastgood.control import (
    Answer,
    Append,
    Conversation,
    Done,
    Load,
    Look,
    Request,
    Seen,
    Serve,
    Wait,
)

#: After these errors it is not known whether something was done.
NOT_KNOWN: Final[tuple[type[Exception], ...]] = (OSError,)


class Store(Protocol):
    """The record of one registry, such as a `SqliteStore`."""

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the events after ``since``; all, if the record has another fingerprint there.

        Raises:
            InvalidData: The record is damaged, or it is empty although events are known.
        """
        ...

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        ...


class World(Protocol):
    """What serves: an alias, a Kubernetes object, a deployment."""

    def look(self) -> Seen | None:
        """Return what serves, and for which revision: 0 if it was never asked, `None` by a hand."""
        ...

    def serve(self, version: str | None, revision: int, /) -> bool | None:
        """Ask for this version; put it back if something else was put there since.

        Return false if a later revision was asked for, or another version at this revision.
        """
        ...


def run(
    talk: Conversation,
    store: Store,
    world: World | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    not_known: tuple[type[Exception], ...] = NOT_KNOWN,
) -> Conversation:
    """Have a conversation to its end. One that records a change needs no world."""
    while not isinstance(talk.wants, Done):
        try:
            answer = carried_out(talk.wants, store, world, sleep)
        except LastgoodError as error:
            answer = error
        except not_known:
            answer = None
        talk = talk.told(answer, now=datetime.now(UTC))
    return talk


def carried_out(
    wants: Request, store: Store, world: World | None, sleep: Callable[[float], None]
) -> Answer:
    """Do what is wanted, and return the answer."""
    match wants:
        case Load(since, fingerprint):
            return store.load(since, fingerprint)
        case Append(before, fingerprint, events):
            return store.append(before, fingerprint, events)
        case Look() if world is not None:
            return world.look()
        case Serve(version, revision) if world is not None:
            return world.serve(version, revision)
        case Wait(seconds):
            sleep(seconds)
        case _:
            pass
    return None


class AsyncStore(Protocol):
    """The record of one registry, such as an `AsyncPostgresqlStore`."""

    def load(self, since: int, fingerprint: str, /) -> Awaitable[Sequence[Event]]:
        """Return the events after ``since``; all, if the record has another fingerprint there.

        Raises:
            InvalidData: The record is damaged, or it is empty although events are known.
        """
        ...

    def append(
        self, before: int, fingerprint: str, events: tuple[Event, ...], /
    ) -> Awaitable[bool]:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        ...


class AsyncWorld(Protocol):
    """What serves: an alias, a Kubernetes object, a deployment."""

    def look(self) -> Awaitable[Seen | None]:
        """Return what serves, and for which revision: 0 if it was never asked, `None` by a hand."""
        ...

    def serve(self, version: str | None, revision: int, /) -> Awaitable[bool | None]:
        """Ask for this version; put it back if something else was put there since.

        Return false if a later revision was asked for, or another version at this revision.
        """
        ...


async def run_async(
    talk: Conversation,
    store: AsyncStore,
    world: AsyncWorld | None = None,
    *,
    not_known: tuple[type[Exception], ...] = NOT_KNOWN,
) -> Conversation:
    """Have a conversation to its end. One that records a change needs no world."""
    while not isinstance(talk.wants, Done):
        try:
            answer = await carried_out_async(talk.wants, store, world)
        except LastgoodError as error:
            answer = error
        except not_known:
            answer = None
        talk = talk.told(answer, now=datetime.now(UTC))
    return talk


async def carried_out_async(wants: Request, store: AsyncStore, world: AsyncWorld | None) -> Answer:
    """Do what is wanted, and return the answer."""
    match wants:
        case Load(since, fingerprint):
            return await store.load(since, fingerprint)
        case Append(before, fingerprint, events):
            return await store.append(before, fingerprint, events)
        case Look() if world is not None:
            return await world.look()
        case Serve(version, revision) if world is not None:
            return await world.serve(version, revision)
        case Wait(seconds):
            await asyncio.sleep(seconds)
        case _:
            pass
    return None
