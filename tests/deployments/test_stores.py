"""The promises of every kind of store, tried on the real thing."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import attrs
import pytest

from docs.examples.controller import Store, leave_failed, reconcile, record, step_back
from lastgood import NoRollbackTarget, VersionRegistry
from tests.deployments.conftest import Served
from tests.tools.deployments.kinds.kind import kind_of
from tests.tools.deployments.racing import Alias, failed_update

#: Values that are hard to keep exactly: the largest numbers, signs, and texts with odd characters.
HARD = {
    "largest int": 2**63 - 1,
    "smallest int": -(2**63),
    "float beyond ints": 1e22,
    "whole float": 1.0,
    "negative zero": -0.0,
    "digits": 0.1 + 0.2,
    "smallest float": 5e-324,
    "largest float": 1.7976931348623157e308,
    "true": True,
    "null": None,
    "empty": "",
    "text": "NUL \0, quote \" ' \\, lines \r\n\u2028, é, 模型, 🚀",
    "🚀 as a key \0": "%s {} $1 KEYS[1]",
}


@attrs.define
class Cut:
    """A store whose connection is cut after a request was carried out: the answer never comes."""

    store: Store

    def load(self, name: str, /) -> VersionRegistry:
        """Return the record."""
        return self.store.load(name)

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record, and answer nothing."""
        _ = self.store.append(name, before, after)
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
def failed(store: Store, name: str) -> VersionRegistry:
    """The record: v3 has failed after two stable versions."""
    assert store.append(name, VersionRegistry(), failed_update())
    return store.load(name)


def test_a_name_without_events_is_an_empty_registry(store: Store, name: str) -> None:
    """A registry needs no preparation before its first event."""
    assert store.load(name) == VersionRegistry()


def test_what_is_recorded_is_read_exactly(store: Store, name: str) -> None:
    """Numbers keep their kind, sign and digits, and texts keep every character."""
    at = datetime(2026, 5, 1, 12, 0, 0, 1, tzinfo=UTC)
    registry = VersionRegistry().register("v\u20281 '\"🚀", metadata=HARD, digest="é", at=at)
    registry = registry.mark_failed(*registry, reason=str(HARD["text"]), at=at)

    assert store.append(name, VersionRegistry(), registry)

    assert store.load(name) == registry
    assert json.dumps(store.load(name).to_dict()) == json.dumps(registry.to_dict())


def test_events_are_read_in_the_order_of_recording(store: Store, name: str) -> None:
    """Also the tenth append follows the ninth, in many appends of different lengths."""
    registry = VersionRegistry()
    for number in range(12):
        longer = registry.register(f"v{number}").deploy(f"v{number}")
        longer = longer.mark_stable(f"v{number}") if number % 2 else longer
        assert store.append(name, registry, longer)
        registry = longer

    assert store.load(name).events == registry.events


def test_an_append_may_be_long(store: Store, name: str) -> None:
    """A history of a thousand events is brought in at once."""
    registry = VersionRegistry()
    for number in range(500):
        registry = registry.register(f"v{number}").deploy(f"v{number}")

    assert store.append(name, VersionRegistry(), registry)

    assert store.load(name) == registry


def test_a_late_append_records_nothing(store: Store, name: str, failed: VersionRegistry) -> None:
    """An append to a record that has grown is refused as a whole, with all its events."""
    news = failed.register("quicker")
    late = failed.register("late").deploy("late").mark_stable("late")
    assert store.append(name, failed, news)

    assert not store.append(name, failed, late)

    assert store.load(name) == news


def test_a_record_of_other_events_is_another_record(
    store: Store, name: str, failed: VersionRegistry
) -> None:
    """As many events do not make it the same: the fingerprint is compared, not the count."""
    restored = failed.at_revision(failed.revision - 1).mark_failed("v3", reason="crash loop")
    assert restored.revision == failed.revision

    assert not store.append(name, restored, restored.register("v4"))

    assert store.load(name) == failed


def test_the_first_append_is_the_first(store: Store, name: str, failed: VersionRegistry) -> None:
    """A first append is refused if there is a record, and a later one if there is not."""
    begun = VersionRegistry().register("v1")

    assert not store.append(name, VersionRegistry(), begun)
    assert not store.append(f"{name}-lost", begun, begun.deploy("v1"))

    assert store.load(name) == failed
    assert store.load(f"{name}-lost") == VersionRegistry()


@pytest.mark.parametrize(
    "other", ["{}/eu", "{}/0000000000000000000", "{}%2Feu", "{}:1", "{} ", "É{}"]
)
def test_registries_do_not_mix(store: Store, name: str, other: str) -> None:
    """Two names are two registries, whatever characters they are made of."""
    nothing = VersionRegistry()
    assert store.append(name, nothing, nothing.register("v1"))
    assert store.append(other.format(name), nothing, nothing.register("v2"))

    assert [*store.load(name)] == ["v1"]
    assert [*store.load(other.format(name))] == ["v2"]


def test_the_winner_decides_acts_and_records(
    store: Store, name: str, failed: VersionRegistry, world: Alias
) -> None:
    """One step: the rollback is on record with its strategy, and the world is where it says."""
    assert step_back(store, world, name)

    ended = store.load(name)
    assert (ended.current, world.serving()) == ("v2", "v2")
    assert ended.revision == failed.revision + 1
    assert ended.events[-1].strategy == "LastStable().where(Budget(2))"
    assert ended.events[-1].by == "controller"


@pytest.mark.usefixtures("failed")
def test_the_others_find_the_work_done(store: Store, name: str, world: Alias) -> None:
    """Whoever comes after the winner records and moves nothing, and does not step back twice."""
    assert step_back(store, world, name)
    after = store.load(name)

    assert not step_back(store, world, name)
    assert reconcile(store, world, name)

    assert store.load(name) == after
    assert world.served == ["v2"]


@pytest.mark.usefixtures("failed")
def test_an_answer_that_is_lost_does_no_harm(store: Store, name: str, world: Alias) -> None:
    """A controller that does not know whether it won asks again, and moves the world."""
    with pytest.raises(ConnectionResetError):
        _ = step_back(Cut(store), world, name)
    after = store.load(name)

    assert not step_back(store, world, name)
    assert reconcile(store, world, name)

    assert store.load(name) == after
    assert (after.current, world.serving()) == ("v2", "v2")


@pytest.mark.usefixtures("failed")
def test_a_winner_that_dies_before_it_acts_is_replaced(
    served: Served, store: Store, name: str, world: Alias
) -> None:
    """The rollback is on record, the world has not moved: whoever notices moves it."""
    child = get_context("spawn").Process(target=step_and_die, args=(served, world.file, name))
    child.start()
    child.join()
    assert child.exitcode == len("v2")
    assert (store.load(name).current, world.serving()) == ("v2", "v3")

    assert not step_back(store, world, name), "the decision is made"
    assert reconcile(store, world, name)

    assert world.serving() == "v2"


def step_and_die(served: Served, file: Path, name: str) -> None:
    """Decide in a process of its own, and die before anything moves."""
    with kind_of(served.kind).opened(served.address) as store:
        _ = step_back(store, Deadly(file), name)


@pytest.mark.usefixtures("failed")
def test_a_target_that_does_not_come_up_is_reported(store: Store, name: str, world: Alias) -> None:
    """One look is no evidence: no verdict, no second step, until somebody names the version."""
    broken = Broken(world.file)
    assert step_back(store, broken, name)
    after = store.load(name)
    assert after["v2"].status_text == "stable"

    assert not step_back(store, broken, name)
    assert not reconcile(store, broken, name)
    assert store.load(name) == after

    _ = record(store, name, lambda now: now.retire("v2", reason="does not load", by="ana"))
    assert step_back(store, broken, name)
    assert (store.load(name).current, world.serving()) == ("v1", "v1")


@pytest.mark.usefixtures("failed")
def test_a_controller_that_was_overtaken_blames_nobody(
    store: Store, name: str, world: Alias
) -> None:
    """Another version may serve because somebody decided so meanwhile: no verdict is recorded."""
    overtaken = Overtaken(world.file, overtake=lambda: record(store, name, deploy_v4))

    assert step_back(store, overtaken, name)

    ended = store.load(name)
    assert (ended.current, world.serving()) == ("v4", "v4")
    assert ended["v2"].status_text == "stable"


def deploy_v4(registry: VersionRegistry) -> VersionRegistry:
    """Deploy the next update."""
    return registry.register("v4").deploy("v4")


def test_where_there_is_no_way_back_nothing_is_recorded(
    store: Store, name: str, failed: VersionRegistry
) -> None:
    """A person has to decide, and reads why in the error."""
    registry = failed.mark_failed("v1").mark_failed("v2")
    assert store.append(name, failed, registry)

    with pytest.raises(NoRollbackTarget):
        _ = record(store, name, leave_failed)

    assert store.load(name) == registry
