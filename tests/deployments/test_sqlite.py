"""What the page on SQLite says of files: backups, damage, locks."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from docs.examples.controller import reconcile, record
from docs.examples.sqlite_store import TABLE, SqliteStore
from lastgood import InvalidData, LastStable, StalePlan, VersionRegistry
from tests.deployments.racing import Alias, failed_update


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "registries.db"


@pytest.fixture
def connection(file: Path) -> Generator[sqlite3.Connection]:
    """A database in which v3 has failed."""
    with closing(sqlite3.connect(file, timeout=0)) as connected:
        _ = connected.execute(TABLE)
        assert SqliteStore(connected).append("prod", 0, failed_update().events)
        yield connected


def _register(registry: VersionRegistry) -> VersionRegistry:
    return registry.register("v4")


def test_after_a_restored_backup_the_world_is_observed(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    """The record is older than the world: what serves is recorded before anything moves it."""
    copy, world = tmp_path / "copy.db", Alias(tmp_path / "alias")
    _ = record(SqliteStore(connection), "prod", _register)
    _ = connection.execute(f"VACUUM INTO '{copy}'")
    later, _ = record(SqliteStore(connection), "prod", lambda now: now.deploy("v4"))
    plan = LastStable().plan(later)
    world.serve("v4")

    with closing(sqlite3.connect(copy)) as restored:
        store = SqliteStore(restored)
        with pytest.raises(StalePlan):
            _ = store.load("prod").roll_back(plan)
        _ = record(store, "prod", lambda now: now.observe("v4", reason="after the backup"))

        assert not reconcile(store, world, "prod")
        assert store.load("prod").current == "v4"


def test_a_row_that_was_changed_by_hand_is_named(connection: sqlite3.Connection) -> None:
    """Damage is refused when it is read, with its place."""
    change = "UPDATE lastgood SET event = ? WHERE revision = 2"
    with connection:
        _ = connection.execute(change, [json.dumps({"event": "deployed", "version": "v9"})])

    with pytest.raises(InvalidData, match=r"^events\[1\]"):
        _ = SqliteStore(connection).load("prod")


def test_a_row_that_is_missing_ends_the_loop(connection: sqlite3.Connection) -> None:
    """Where revisions and rows do not fit nothing can be recorded, and the loop says so."""
    with connection:
        _ = connection.execute("DELETE FROM lastgood WHERE revision = 3")

    with pytest.raises(TimeoutError):
        _ = record(SqliteStore(connection), "prod", _register)


def test_a_locked_file_is_an_error_and_records_nothing(
    connection: sqlite3.Connection, file: Path
) -> None:
    """Who waits longer than the timeout for another writer has recorded nothing."""
    with closing(sqlite3.connect(file)) as other, other:
        _ = other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            _ = record(SqliteStore(connection), "prod", _register)

    assert SqliteStore(connection).load("prod") == failed_update()
    assert record(SqliteStore(connection), "prod", _register)[1]
