"""`docs/examples/move_together.py`: releases in SQLite, and parts that are files in a folder."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import attrs
import pytest

from docs.examples.controller import Stores, append, load, reconcile, step_back
from docs.examples.move_together import Together
from docs.examples.sqlite_store import TABLE, SqliteStore
from lastgood import VersionRegistry

RELEASES = {
    "r1": {"model": "m1", "tokenizer": "t1", "features": "f1"},
    "r2": {"model": "m2", "tokenizer": "t2", "features": "f1"},
    "r3": {"model": "m3", "tokenizer": "t2", "features": "f2"},
}


@attrs.frozen
class Part:
    """A part, whose version is in a file. A folder that is not there is an outage."""

    file: Path

    def serving(self) -> str | None:
        """Return the version in the file."""
        return self.file.read_text("utf-8") if self.file.exists() else None

    def serve(self, version: str, /) -> None:
        """Write the version into the file."""
        _ = self.file.write_text(version, "utf-8")


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
        assert append(store, "prod", VersionRegistry(), registry)
        yield store


@pytest.fixture
def world(store: Stores, tmp_path: Path) -> Together:
    """The three parts of r3, each of which serves in a folder of its own."""
    parts = {name: Part(tmp_path / name / "version") for name in RELEASES["r3"]}
    for name, part in parts.items():
        part.file.parent.mkdir()
        part.serve(RELEASES["r3"][name])
    return Together(lambda: load(store, "prod"), parts)


def served(world: Together) -> dict[str, str | None]:
    """Return what each part serves."""
    return {name: part.serving() for name, part in world.parts.items()}


def test_all_parts_go_back_to_a_set_that_was_good_together(store: Stores, world: Together) -> None:
    """After the step back the parts are those of r2, and the world says so itself."""
    assert world.serving() == "r3"

    assert step_back(store, world, "prod")

    assert served(world) == RELEASES["r2"]
    assert world.serving() == load(store, "prod").current == "r2"


def test_an_interrupted_move_is_no_release_and_is_finished(
    store: Stores, world: Together, tmp_path: Path
) -> None:
    """If one part could not be moved the mixture has no name, and the next job goes on."""
    away = (tmp_path / "features").rename(tmp_path / "gone")
    with pytest.raises(FileNotFoundError):
        _ = step_back(store, world, "prod")
    _ = away.rename(tmp_path / "features")
    assert served(world) == {"model": "m2", "tokenizer": "t2", "features": "f2"}
    assert world.serving() is None

    assert reconcile(store, world, "prod")

    assert served(world) == RELEASES["r2"]
    assert not step_back(store, world, "prod")


def test_a_part_that_was_moved_alone_is_put_back(store: Stores, world: Together) -> None:
    """A part that one pipeline deploys by itself is not on record, and does not stay."""
    assert step_back(store, world, "prod")
    world.parts["model"].serve("m4")

    assert reconcile(store, world, "prod")

    assert served(world) == RELEASES["r2"]


def test_of_two_releases_with_the_same_parts_the_current_one_serves(
    store: Stores, world: Together
) -> None:
    """A release that was made again under another label serves, and nothing has to be moved."""
    assert step_back(store, world, "prod")
    registry = load(store, "prod")
    again = registry.register("r4", metadata=RELEASES["r2"]).deploy("r4")
    assert append(store, "prod", registry, again)

    assert reconcile(store, world, "prod")

    assert world.serving() == "r4"
    assert served(world) == RELEASES["r2"]
