"""The promises of every kind of store, tried on the real thing."""

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import attrs
import pytest

from docs.examples.controller import (
    Store,
    Stores,
    append,
    leave_failed,
    load,
    reconcile,
    record,
    step_back,
)
from lastgood import Event, NoRollbackTarget, VersionRegistry
from lastgood.testing import STORE_LAWS, check_store
from tests.deployments.conftest import Served
from tests.tools.deployments.kinds.kind import kind_of
from tests.tools.deployments.racing import Alias, failed_update


@attrs.frozen
class Cut:
    """Stores whose connection is cut after a request was carried out: the answer never comes."""

    store: Stores

    def __call__(self, name: str) -> Store:
        """Open the record of a name."""
        return CutStore(self.store(name))


@attrs.frozen
class CutStore:
    """A record that is written, and does not answer."""

    store: Store

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the record."""
        return self.store.load(since, fingerprint)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record, and answer nothing."""
        _ = self.store.append(before, fingerprint, events)
        raise ConnectionResetError


class Deadly(Alias):
    """A world in which whoever moves it dies before it has moved."""

    def serve(self, version: str, /) -> None:
        """Die, as by SIGKILL: nothing is closed, and no message is sent."""
        os._exit(len(version))


class Broken(Alias):
    """A world in which v2 does not come up."""

    def serve(self, version: str, /) -> None:
        """Let this version serve, if it can."""
        if version != "v2":
            super().serve(version)


@attrs.define
class Overtaken(Alias):
    """A world that somebody else moves to v4 at the same time, by a newer decision."""

    overtake: Callable[[], object] = attrs.field(kw_only=True)

    def serve(self, version: str, /) -> None:
        """Let this version serve, for a moment."""
        super().serve(version)
        _ = self.overtake()
        super().serve("v4")


@pytest.fixture
def world(tmp_path: Path) -> Alias:
    """A world in which v3 serves."""
    alias = Alias(tmp_path / "alias")
    alias.serve("v3")
    alias.served.clear()
    return alias


@pytest.fixture
def failed(store: Stores, name: str) -> VersionRegistry:
    """The record: v3 has failed after two stable versions."""
    assert append(store, name, VersionRegistry(), failed_update())
    return load(store, name)


def test_it_keeps_the_laws_of_stores(served: Served, name: str) -> None:
    """On the real server: nothing is lost, doubled, torn or mixed up, whoever writes with it."""
    kind = kind_of(served.kind)

    @contextmanager
    def opened(suffix: str) -> Generator[Store]:
        with kind.opened(served.address) as stores:
            yield stores(f"{name}-{suffix}")

    def damage(suffix: str) -> None:
        _ = kind.damage(served.address, f"{name}-{suffix}")

    report = check_store(opened, together=together, damage=[damage])

    assert report.laws == STORE_LAWS


def together(calls: list[Callable[[], None]]) -> None:
    """Make the calls at once, in a thread each."""
    with ThreadPoolExecutor(len(calls)) as pool:
        for running in [pool.submit(call) for call in calls]:
            running.result()


def test_the_winner_decides_acts_and_records(
    store: Stores, name: str, failed: VersionRegistry, world: Alias
) -> None:
    """One step: the rollback is on record with its strategy, and the world is where it says."""
    assert step_back(store, world, name)

    ended = load(store, name)
    assert (ended.current, world.serving()) == ("v2", "v2")
    assert ended.revision == failed.revision + 1
    assert ended.events[-1].strategy == "LastStable().where(Budget(2))"
    assert ended.events[-1].by == "controller"


@pytest.mark.usefixtures("failed")
def test_the_others_find_the_work_done(store: Stores, name: str, world: Alias) -> None:
    """Whoever comes after the winner records and moves nothing, and does not step back twice."""
    assert step_back(store, world, name)
    after = load(store, name)

    assert not step_back(store, world, name)
    assert reconcile(store, world, name)

    assert load(store, name) == after
    assert world.served == ["v2"]


@pytest.mark.usefixtures("failed")
def test_an_answer_that_is_lost_does_no_harm(store: Stores, name: str, world: Alias) -> None:
    """A controller that does not know whether it won asks again, and moves the world."""
    with pytest.raises(ConnectionResetError):
        _ = step_back(Cut(store), world, name)
    after = load(store, name)

    assert not step_back(store, world, name)
    assert reconcile(store, world, name)

    assert load(store, name) == after
    assert (after.current, world.serving()) == ("v2", "v2")


@pytest.mark.usefixtures("failed")
def test_a_winner_that_dies_before_it_acts_is_replaced(
    served: Served, store: Stores, name: str, world: Alias
) -> None:
    """The rollback is on record, the world has not moved: whoever notices moves it."""
    child = get_context("spawn").Process(target=step_and_die, args=(served, world.file, name))
    child.start()
    child.join()
    assert child.exitcode == len("v2")
    assert (load(store, name).current, world.serving()) == ("v2", "v3")

    assert not step_back(store, world, name), "the decision is made"
    assert reconcile(store, world, name)

    assert world.serving() == "v2"


def step_and_die(served: Served, file: Path, name: str) -> None:
    """Decide in a process of its own, and die before anything moves."""
    with kind_of(served.kind).opened(served.address) as store:
        _ = step_back(store, Deadly(file), name)


@pytest.mark.usefixtures("failed")
def test_a_target_that_does_not_come_up_is_reported(store: Stores, name: str, world: Alias) -> None:
    """One look is no evidence: no verdict, no second step, until somebody names the version."""
    broken = Broken(world.file)
    assert step_back(store, broken, name)
    after = load(store, name)
    assert after["v2"].status_text == "stable"

    assert not step_back(store, broken, name)
    assert not reconcile(store, broken, name)
    assert load(store, name) == after

    _ = record(store, name, lambda now: now.retire("v2", reason="does not load", by="ana"))
    assert step_back(store, broken, name)
    assert (load(store, name).current, world.serving()) == ("v1", "v1")


@pytest.mark.usefixtures("failed")
def test_a_controller_that_was_overtaken_blames_nobody(
    store: Stores, name: str, world: Alias
) -> None:
    """Another version may serve because somebody decided so meanwhile: no verdict is recorded."""
    overtaken = Overtaken(world.file, overtake=lambda: record(store, name, deploy_v4))

    assert step_back(store, overtaken, name)

    ended = load(store, name)
    assert (ended.current, world.serving()) == ("v4", "v4")
    assert ended["v2"].status_text == "stable"


def deploy_v4(registry: VersionRegistry) -> VersionRegistry:
    """Deploy the next update."""
    return registry.register("v4").deploy("v4")


def test_where_there_is_no_way_back_nothing_is_recorded(
    store: Stores, name: str, failed: VersionRegistry
) -> None:
    """A person has to decide, and reads why in the error."""
    registry = failed.mark_failed("v1").mark_failed("v2")
    assert append(store, name, failed, registry)

    with pytest.raises(NoRollbackTarget):
        _ = record(store, name, leave_failed)

    assert load(store, name) == registry
