"""The claims of the page about SQLite files: backups, damage, locks."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from docs.examples.driver import run
from docs.examples.sqlite_store import TABLE, SqliteStore
from lastgood import InvalidData, LastStable, StalePlan, VersionRegistry
from lastgood.control import Deploy, Observe, Outcome, Register, keep
from tests.tools.deployments.alias import Alias
from tests.tools.deployments.racing import failed_update
from tests.tools.deployments.records import NOTHING, POLICY, append, change, load, outcome


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of the database."""
    return tmp_path / "registries.db"


@pytest.fixture
def connection(file: Path) -> Generator[sqlite3.Connection]:
    """A database in which v3 has failed."""
    with closing(sqlite3.connect(file, timeout=0)) as connected:
        _ = connected.execute(TABLE)
        assert append(partial(SqliteStore, connected), "prod", VersionRegistry(), failed_update())
        yield connected


def test_after_a_restored_backup_the_world_is_observed(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    """The world is further than the record: nothing moves until what serves is recorded."""
    copy, world = tmp_path / "copy.db", Alias(tmp_path / "alias")
    _ = change(SqliteStore(connection, "prod"), Register("v4"))
    _ = connection.execute(f"VACUUM INTO '{copy}'")
    later = change(SqliteStore(connection, "prod"), Deploy("v4"))
    plan = LastStable().plan(later, leaving="v4")
    world.put("v4", later.revision + 9)

    with closing(sqlite3.connect(copy)) as restored:
        store = SqliteStore(restored, "prod")
        with pytest.raises(StalePlan):
            _ = load(lambda _: store, "prod").roll_back(plan)
        talk = run(keep(POLICY, NOTHING), store, world, sleep=lambda _: None)
        assert outcome(talk) is Outcome.RECORD_BEHIND

        observed = change(store, Observe("v4", reason="after the backup"))
        world.put("v4", 0)

        assert outcome(run(keep(POLICY, NOTHING), store, world)) is Outcome.SETTLED
        assert observed.current == world.look().version == "v4"
        assert world.look().revision == observed.revision


def test_what_rests_on_lost_events_is_refused(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    """As many events as before the backup are on record again, and yet it is another record."""
    copy = tmp_path / "copy.db"
    _ = connection.execute(f"VACUUM INTO '{copy}'")
    lost = change(SqliteStore(connection, "prod"), Register("v4"))

    with closing(sqlite3.connect(copy)) as connected:
        restored = partial(SqliteStore, connected)
        instead = change(restored("prod"), Register("v5"))
        assert instead.revision == lost.revision

        assert not append(restored, "prod", lost, lost.deploy("v4"))

        assert load(restored, "prod") == instead


def test_a_row_that_was_changed_by_hand_is_named(connection: sqlite3.Connection) -> None:
    """Damage is refused when it is read, with its place."""
    change = "UPDATE lastgood SET event = ? WHERE revision = 2"
    with connection:
        _ = connection.execute(change, [json.dumps({"kind": "deployed", "version": "v9"})])

    with pytest.raises(InvalidData, match=r"^entries\[1\]\.fingerprint: 2-"):
        _ = load(partial(SqliteStore, connection), "prod")


def test_a_row_that_is_missing_is_noticed(connection: sqlite3.Connection) -> None:
    """Rows that do not have the stored fingerprint are not read as if they were the record."""
    verdict = failed_update().events[2]
    assert verdict.kind == "marked_stable"
    with connection:
        _ = connection.execute("DELETE FROM lastgood WHERE revision = 3")

    with pytest.raises(
        InvalidData, match=r"^entries\[2\]\.fingerprint: .* entries before it are missing"
    ):
        _ = load(partial(SqliteStore, connection), "prod")


def test_a_locked_file_is_an_error_and_records_nothing(
    connection: sqlite3.Connection, file: Path
) -> None:
    """A writer that waits longer than the timeout for another one has recorded nothing."""
    with closing(sqlite3.connect(file)) as other, other:
        _ = other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            _ = change(SqliteStore(connection, "prod"), Register("v4"))

    assert load(partial(SqliteStore, connection), "prod") == failed_update()
    assert change(SqliteStore(connection, "prod"), Register("v4")).current == "v3"
