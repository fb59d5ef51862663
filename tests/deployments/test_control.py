"""The loop on real stores: one rollback, whatever answers are lost and whoever else is there."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier
from typing import Final, TypeVar

import attrs
import pytest

from docs.examples.driver import Store, World, run
from lastgood import Event, VersionRegistry
from lastgood.control import (
    Conversation,
    Deploy,
    MarkFailed,
    Outcome,
    Register,
    Retire,
    Seen,
    keep,
    record,
)
from tests.deployments.conftest import Served
from tests.tools.deployments.alias import Alias
from tests.tools.deployments.kinds.kind import kind_of
from tests.tools.deployments.racing import failed_update
from tests.tools.deployments.records import (
    NOTHING,
    POLICY,
    Stores,
    append,
    change,
    load,
    outcome,
)

T = TypeVar("T")

CONTROLLERS: Final = 4


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


class Deadly(Alias):
    """A world in which whoever moves it dies before it has moved."""

    def serve(self, _version: str | None, revision: int, /) -> bool:
        """Die, as by SIGKILL: nothing is closed, and no message is sent."""
        os._exit(revision)


class Broken(Alias):
    """A world that takes each request, and in which v2 does not come up."""

    def look(self) -> Seen:
        """Return what serves: v3 still, if v2 must."""
        seen = super().look()
        return attrs.evolve(seen, version="v3") if seen.version == "v2" else seen


@attrs.define
class Overtaken(Alias):
    """A world that somebody else moves to v4 at the same time, by a newer decision."""

    overtake: Callable[[], VersionRegistry] = attrs.field(kw_only=True)

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Let this version serve, for a moment."""
        _ = super().serve(version, revision)
        later = self.overtake()
        return super().serve(later.current, later.deployments[-1].revision)


@pytest.fixture
def world(tmp_path: Path) -> Alias:
    """A world in which v3 serves, as is on record."""
    alias = Alias(tmp_path / "alias")
    alias.put("v3", failed_update().deployments[-1].revision)
    alias.served.clear()
    return alias


@pytest.fixture
def failed(store: Stores, name: str) -> VersionRegistry:
    """The record: v3 has failed after two stable versions."""
    assert append(store, name, NOTHING, failed_update())
    return load(store, name)


def kept(store: Store, world: World) -> Conversation:
    """Run a controller that does not sleep."""
    return run(keep(POLICY, NOTHING, by="controller"), store, world, sleep=lambda _: None)


def rollbacks(registry: VersionRegistry) -> int:
    """Return how many rollbacks are on record."""
    return sum(event.kind == "rolled_back" for event in registry.events)


def test_the_winner_decides_acts_and_records(
    store: Stores, name: str, failed: VersionRegistry, world: Alias
) -> None:
    """The rollback is on record with its strategy, and the world is where it says."""
    assert outcome(kept(store(name), world)) is Outcome.SETTLED

    ended = load(store, name)
    assert ended.current == "v2"
    assert world.look() == Seen("v2", ended.revision)
    assert ended.revision == failed.revision + 1
    assert ended.events[-1].strategy == "LastStable().where(Budget(2))"
    assert ended.events[-1].by == "controller"


@pytest.mark.usefixtures("failed")
def test_the_others_find_the_work_done(store: Stores, name: str, world: Alias) -> None:
    """Whoever comes after the winner records and moves nothing, and does not step back twice."""
    _ = kept(store(name), world)
    after = load(store, name)

    assert outcome(kept(store(name), world)) is Outcome.SETTLED

    assert load(store, name) == after
    assert world.served == ["v2"]


@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "never arrives"])
@pytest.mark.parametrize("lost", range(1, 8))
def test_any_answer_may_be_lost(
    store: Stores,
    name: str,
    world: Alias,
    lost: int,
    arrives: bool,  # noqa: FBT001  # parametrised
) -> None:
    """An alarm and a rollback are on record once, whichever answer of the store is lost."""
    assert append(store, name, NOTHING, failed_update().at_revision(failed_update().revision - 1))
    unreliable = Unreliable(store(name), lost, arrives)

    alarm = record(MarkFailed("v3", reason="p99 900 ms", by="monitor"), NOTHING)
    assert outcome(run(alarm, unreliable, sleep=lambda _: None)) is Outcome.SETTLED
    assert outcome(kept(unreliable, world)) is Outcome.SETTLED
    assert outcome(kept(unreliable, world)) is Outcome.SETTLED

    ended = load(store, name)
    assert sum(event.by == "monitor" for event in ended.events) == 1
    assert rollbacks(ended) == 1
    assert world.served == ["v2"]


@pytest.mark.usefixtures("failed")
def test_several_controllers_roll_back_once(
    served: Served, store: Stores, name: str, world: Alias
) -> None:
    """Each on a connection of its own, at the same time: one decides, and all find it done."""
    together = Barrier(CONTROLLERS)

    def controller(_number: int) -> Conversation:
        with kind_of(served.kind).opened(served.address) as stores:
            _ = together.wait(30)
            return kept(stores(name), world)

    with ThreadPoolExecutor(CONTROLLERS) as pool:
        talks = [*pool.map(controller, range(CONTROLLERS))]

    assert {outcome(talk) for talk in talks} == {Outcome.SETTLED}
    assert rollbacks(load(store, name)) == 1
    assert world.served == ["v2"]


@pytest.mark.usefixtures("failed")
def test_a_winner_that_dies_before_it_acts_is_replaced(
    served: Served, store: Stores, name: str, world: Alias
) -> None:
    """The rollback is on record, the world has not moved: whoever notices moves it."""
    child = get_context("spawn").Process(target=keep_and_die, args=(served, world.file, name))
    child.start()
    child.join()
    decided = load(store, name)
    assert child.exitcode == decided.revision
    assert (decided.current, world.look().version) == ("v2", "v3")

    assert outcome(kept(store(name), world)) is Outcome.SETTLED

    assert load(store, name) == decided
    assert world.look().version == "v2"


def keep_and_die(served: Served, file: Path, name: str) -> None:
    """Decide in a process of its own, and die before anything moves."""
    with kind_of(served.kind).opened(served.address) as store:
        _ = kept(store(name), Deadly(file))


@pytest.mark.usefixtures("failed")
def test_a_target_that_does_not_come_up_is_reported(store: Stores, name: str, world: Alias) -> None:
    """No verdict on it and no second step, until somebody names the version."""
    broken = Broken(world.file)
    assert outcome(kept(store(name), broken)) is Outcome.TARGET_DOWN
    after = load(store, name)
    assert after["v2"].status_text == "stable"

    assert outcome(kept(store(name), broken)) is Outcome.TARGET_DOWN
    assert load(store, name) == after

    _ = change(store(name), Retire("v2", reason="does not load", by="ana"))
    assert outcome(kept(store(name), broken)) is Outcome.SETTLED
    assert (load(store, name).current, broken.look().version) == ("v1", "v1")


@pytest.mark.usefixtures("failed")
def test_a_controller_that_was_overtaken_blames_nobody(
    store: Stores, name: str, world: Alias
) -> None:
    """Another version may serve because somebody decided so meanwhile: no verdict is recorded."""
    newer = [Register("v4"), Deploy("v4", replacing="v2")]
    overtaken = Overtaken(world.file, overtake=lambda: change(store(name), *newer))

    assert outcome(kept(store(name), overtaken)) is Outcome.SETTLED

    ended = load(store, name)
    assert (ended.current, world.look().version) == ("v4", "v4")
    assert ended["v2"].status_text == "stable"


def test_where_there_is_no_way_back_nothing_is_recorded(
    store: Stores, name: str, failed: VersionRegistry, world: Alias
) -> None:
    """A person has to decide, and reads why for each version."""
    registry = failed.mark_failed("v1").mark_failed("v2")
    assert append(store, name, failed, registry)

    talk = kept(store(name), world)

    assert outcome(talk) is Outcome.NO_TARGET
    assert load(store, name) == registry
    assert world.served == []
