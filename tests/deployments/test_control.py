"""The loop on real stores: one rollback, whatever answers are lost and whoever else is there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from typing import Final, TypeVar

import attrs
import pytest

from docs.examples.controller import Stores
from docs.examples.driver import Store, run
from lastgood import Event, LastStable, VersionRegistry
from lastgood.control import (
    Change,
    Conversation,
    Deploy,
    Done,
    MarkFailed,
    MarkStable,
    Outcome,
    Register,
    Seen,
    keep,
    record,
)
from tests.deployments.conftest import Served
from tests.tools.deployments.kinds.kind import kind_of

T = TypeVar("T")

NOTHING: Final = VersionRegistry()
CONTROLLERS: Final = 4


@attrs.define
class Cluster:
    """A world that compares revisions, for all the controllers of one test."""

    version: str | None = None
    revision: int = 0
    moves: int = 0
    lock: Lock = attrs.field(factory=Lock)

    def look(self) -> Seen:
        """Return what serves."""
        with self.lock:
            return Seen(self.version, self.revision)

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Serve this version, unless a later revision was asked for."""
        with self.lock:
            if revision < self.revision:
                return False
            if revision == self.revision and version != self.version:
                return False
            self.moves += (version, revision) != (self.version, self.revision)
            self.version, self.revision = version, revision
            return True


@attrs.define
class Unreliable:
    """A store that loses one answer: the request was carried out, or never arrived."""

    store: Store
    lost: int
    arrives: bool
    calls: int = 0

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events, unless this is the answer that is lost."""
        return self._answered(lambda: tuple(self.store.load(since, fingerprint)))

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Append the events, unless the request never arrives."""
        return self._answered(lambda: self.store.append(before, fingerprint, events))

    def _answered(self, call: Callable[[], T]) -> T:
        self.calls += 1
        if self.calls != self.lost:
            return call()
        if self.arrives:
            _ = call()
        raise ConnectionResetError


def done(talk: Conversation) -> Outcome:
    """Return how a conversation ended."""
    assert isinstance(talk.wants, Done)
    return talk.wants.outcome


def begin(store: Store, world: Cluster) -> None:
    """Bring about a stable v1, and an update to v2."""
    changes: list[Change] = [Register("v1"), Deploy("v1"), MarkStable("v1")]
    update: list[Change] = [Register("v2"), Deploy("v2", replacing="v1")]
    for each in (changes, update):
        assert done(run(record(each, NOTHING), store)) is Outcome.SETTLED
        assert done(run(keep(LastStable(), NOTHING), store, world)) is Outcome.SETTLED


def kept(store: Store, world: Cluster) -> Conversation:
    """Run a controller that does not sleep."""
    return run(keep(LastStable(), NOTHING, by="controller"), store, world, sleep=lambda _: None)


def rollbacks(store: Store) -> int:
    """Return how many rollbacks are on record."""
    events = store.load(0, NOTHING.fingerprint)
    return sum(event.kind == "rolled_back" for event in events)


@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "never arrives"])
@pytest.mark.parametrize("lost", range(1, 8))
def test_any_answer_may_be_lost(store: Stores, name: str, lost: int, arrives: bool) -> None:  # noqa: FBT001  # parametrised
    """An alarm and a rollback are on record once, whichever answer of the store is lost."""
    world = Cluster()
    begin(store(name), world)
    unreliable = Unreliable(store(name), lost, arrives)

    alarm = record(MarkFailed("v2", reason="p99 900 ms", by="monitor"), NOTHING)
    assert done(run(alarm, unreliable, sleep=lambda _: None)) is Outcome.SETTLED
    assert done(kept(unreliable, world)) is Outcome.SETTLED
    assert done(kept(unreliable, world)) is Outcome.SETTLED

    events = store(name).load(0, NOTHING.fingerprint)
    assert sum(event.by == "monitor" for event in events) == 1
    assert rollbacks(store(name)) == 1
    assert (world.version, world.revision, world.moves) == ("v1", len(events), 3)


def test_several_controllers_roll_back_once(served: Served, store: Stores, name: str) -> None:
    """Each on a connection of its own, at the same time: one decides, and all find it done."""
    world, together = Cluster(), Barrier(CONTROLLERS)
    begin(store(name), world)
    _ = run(record(MarkFailed("v2"), NOTHING), store(name))

    def controller(_number: int) -> Conversation:
        with kind_of(served.kind).opened(served.address) as stores:
            _ = together.wait(30)
            return kept(stores(name), world)

    with ThreadPoolExecutor(CONTROLLERS) as pool:
        talks = [*pool.map(controller, range(CONTROLLERS))]

    assert {done(talk) for talk in talks} == {Outcome.SETTLED}
    assert rollbacks(store(name)) == 1
    assert (world.version, world.moves) == ("v1", 3)
