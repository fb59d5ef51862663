"""The drivers of `docs/examples/driver.py`, where no server is needed."""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import closing

import attrs
import pytest

from docs.examples.driver import run, run_async
from docs.examples.sqlite_store import SqliteStore, connect
from lastgood import Event, InvalidData, LastStable, VersionRegistry
from lastgood.control import Done, Outcome, Seen, keep

NOTHING = VersionRegistry()


@pytest.fixture
def store() -> Generator[SqliteStore]:
    """A store in which v2 failed after v1, which is stable."""
    registry = VersionRegistry.from_statuses({"v1": "stable", "v2": "failed"}, current="v2")
    with closing(connect(":memory:")) as connection:
        store = SqliteStore(connection, "prod")
        assert store.append(0, NOTHING.fingerprint, tuple(registry.events))
        yield store


@attrs.define
class Noted:
    """A world whose note was written by something else, a number of times."""

    spoiled: int
    seen: Seen = attrs.field(default=Seen("v2", 4))

    def look(self) -> Seen:
        """Return what serves, if the note can be read."""
        self._read()
        return self.seen

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Serve this version, and write the note anew."""
        self._read()
        self.seen = Seen(version, revision)
        return True

    def _read(self) -> None:
        if self.spoiled:
            self.spoiled -= 1
            raise InvalidData("note", "'v2' has no revision")


@attrs.frozen
class Slow:
    """A store and a world that are asynchronous."""

    store: SqliteStore
    world: Noted

    async def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the events."""
        return self.store.load(since, fingerprint)

    async def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events."""
        return self.store.append(before, fingerprint, events)

    async def look(self) -> Seen | None:
        """Return what serves."""
        return self.world.look()

    async def serve(self, version: str | None, revision: int, /) -> bool | None:
        """Serve this version."""
        return self.world.serve(version, revision)


def test_a_world_that_cannot_be_read_for_a_moment_is_asked_again(store: SqliteStore) -> None:
    """An error of lastgood that a world raises does not end the driver."""
    world = Noted(spoiled=1)
    talk = run(keep(LastStable(), NOTHING), store, world, sleep=lambda _: None)
    assert isinstance(talk.wants, Done)
    assert talk.wants.outcome is Outcome.SETTLED
    assert world.seen == Seen("v1", talk.registry.revision)


def test_a_world_that_cannot_be_read_is_named(store: SqliteStore) -> None:
    """The rollback is on record, and the end says what is wrong with the world."""
    talk = run(keep(LastStable(), NOTHING), store, Noted(spoiled=99), sleep=lambda _: None)
    assert talk.wants == Done(
        Outcome.GAVE_UP, "the world was not seen: it gave no answer: note: 'v2' has no revision"
    )
    assert talk.registry.current == "v1"


def test_the_asynchronous_driver_says_the_same(store: SqliteStore) -> None:
    """An error of the world, of the store, and none."""
    slow = Slow(store, Noted(spoiled=99))
    talk = asyncio.run(run_async(keep(LastStable(), NOTHING, attempts=1), slow, slow))
    assert talk.wants == Done(
        Outcome.GAVE_UP, "the world was not seen: it gave no answer: note: 'v2' has no revision"
    )
    slow = Slow(store, Noted(spoiled=0))
    talk = asyncio.run(run_async(keep(LastStable(), NOTHING), slow, slow))
    assert isinstance(talk.wants, Done)
    assert talk.wants.outcome is Outcome.SETTLED

    with store.connection:
        _ = store.connection.execute("DELETE FROM lastgood WHERE revision = 2")
    talk = asyncio.run(run_async(keep(LastStable(), NOTHING), slow, slow))
    assert isinstance(talk.wants, Done)
    assert talk.wants.outcome is Outcome.UNREADABLE
