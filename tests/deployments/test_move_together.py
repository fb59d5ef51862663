"""`docs/examples/move_together.py`: releases in SQLite, and parts that are files in a folder."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import attrs
import pytest

from docs.examples.driver import run
from docs.examples.move_together import Together
from docs.examples.sqlite_store import TABLE, SqliteStore
from lastgood import VersionRegistry
from lastgood.control import Conversation, Deploy, Outcome, Register, Seen, keep
from tests.tools.deployments.alias import Alias
from tests.tools.deployments.records import NOTHING, POLICY, Stores, append, change, load, outcome

RELEASES = {
    "r1": {"model": "m1", "tokenizer": "t1", "features": "f1"},
    "r2": {"model": "m2", "tokenizer": "t2", "features": "f1"},
    "r3": {"model": "m3", "tokenizer": "t2", "features": "f2"},
}


@pytest.fixture
def store() -> Iterator[Stores]:
    """A store in which r3 serves, and failed after two releases that were good."""
    registry = VersionRegistry()
    for label, parts in RELEASES.items():
        registry = registry.register(label, metadata=parts).deploy(label).mark_stable(label)
    registry = registry.mark_failed("r3", reason="wrong answers")
    with closing(sqlite3.connect(":memory:")) as connection:
        _ = connection.execute(TABLE)
        store = partial(SqliteStore, connection)
        assert append(store, "prod", NOTHING, registry)
        yield store


@pytest.fixture
def world(store: Stores, tmp_path: Path) -> Together:
    """The three parts of r3."""
    parts = {name: Alias(tmp_path / name) for name in RELEASES["r3"]}
    for name, part in parts.items():
        part.put(RELEASES["r3"][name], load(store, "prod").deployments[-1].revision)
    return Together(lambda: load(store, "prod"), parts)


def kept(store: Stores, world: Together) -> Conversation:
    """Run a controller that does not sleep."""
    return run(keep(POLICY, NOTHING, attempts=2), store("prod"), world, sleep=lambda _: None)


class Stuck(Alias):
    """A part that cannot be moved for now."""

    def serve(self, _version: str | None, _revision: int, /) -> bool:
        """Fail."""
        raise ConnectionResetError


def served(world: Together) -> dict[str, str | None]:
    """Return what each part serves."""
    seen = {name: part.look() for name, part in world.parts.items()}
    return {name: None if each is None else each.version for name, each in seen.items()}


def test_all_parts_go_back_to_a_set_that_was_good_together(store: Stores, world: Together) -> None:
    """After the step back the parts are those of r2, and the world says so itself."""
    assert world.look() == Seen("r3", load(store, "prod").deployments[-1].revision)

    talk = kept(store, world)

    assert outcome(talk) is Outcome.SETTLED
    assert served(world) == RELEASES["r2"]
    assert talk.registry.current == "r2"
    assert world.look() == Seen("r2", talk.registry.revision)


def test_an_interrupted_move_is_no_release_and_is_finished(
    store: Stores, world: Together, tmp_path: Path
) -> None:
    """If one part could not be moved the mixture has no name, and the next job goes on."""
    stuck = attrs.evolve(world, parts={**world.parts, "features": Stuck(tmp_path / "features")})

    assert outcome(kept(store, stuck)) is Outcome.GAVE_UP

    assert served(world) == {"model": "m2", "tokenizer": "t2", "features": "f2"}
    assert world.look() == Seen(None, load(store, "prod").deployments[-2].revision)
    assert outcome(kept(store, world)) is Outcome.SETTLED
    assert served(world) == RELEASES["r2"]
    assert sum(event.kind == "rolled_back" for event in load(store, "prod").events) == 1


def test_a_part_that_was_moved_alone_is_put_back(
    store: Stores, world: Together, tmp_path: Path
) -> None:
    """A part that one pipeline deploys by itself is not on record, does not stay, and is told."""
    _ = kept(store, world)
    Alias(tmp_path / "model").put("m4")
    assert world.look() == Seen(None, None)

    talk = kept(store, world)

    assert outcome(talk) is Outcome.MOVED_BY_HAND
    assert served(world) == RELEASES["r2"]


def test_a_controller_that_slept_moves_no_part(store: Stores, world: Together) -> None:
    """An older revision is refused by the first part, and the others are not asked."""
    _ = kept(store, world)

    assert world.serve("r3", 8) is False

    assert served(world) == RELEASES["r2"]


def test_of_two_releases_with_the_same_parts_the_current_one_serves(
    store: Stores, world: Together
) -> None:
    """A release that was made again under another label serves, and no part has to change."""
    _ = kept(store, world)
    _ = change(store("prod"), Register("r4", metadata=RELEASES["r2"]), Deploy("r4"))

    assert outcome(kept(store, world)) is Outcome.SETTLED

    seen = world.look()
    assert seen is not None
    assert seen.version == "r4"
    assert served(world) == RELEASES["r2"]
