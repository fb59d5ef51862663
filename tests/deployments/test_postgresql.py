"""The claims of the page about PostgreSQL itself."""

import json
import threading
import time
from collections.abc import Generator
from functools import partial

import pytest

from lastgood import VersionRegistry
from lastgood.control import Register
from tests.tools.deployments.kinds.kind import kind_of, need
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.records import Stores, append, change, load

need("postgresql")

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.errors import InsufficientPrivilege, SerializationFailure, UntranslatableCharacter

from docs.examples.postgresql_store import PostgresqlRowStore, PostgresqlStore

each_layout = pytest.mark.parametrize("layout", [PostgresqlStore, PostgresqlRowStore])


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    """The address at which PostgreSQL is served."""
    kind = kind_of("postgresql")
    with own_folder("postgresql") as folder, kind.serving(folder) as served:
        yield served


@pytest.fixture
def one(address: str) -> Generator[Connection]:
    """A connection as psycopg makes it, which is not in autocommit mode."""
    with psycopg.connect(address) as connection:
        yield connection


@pytest.fixture
def other(address: str) -> Generator[Connection]:
    """Another one."""
    with psycopg.connect(address) as connection:
        yield connection


@each_layout
def test_what_is_won_is_committed(
    one: Connection, other: Connection, name: str, layout: type[PostgresqlStore]
) -> None:
    """On a connection that begins transactions by itself, reading leaves none open to write in."""
    registry = VersionRegistry().register("v1")
    assert load(partial(layout, one), name) == VersionRegistry()

    assert append(partial(layout, one), name, VersionRegistry(), registry)

    assert load(partial(layout, other), name) == registry


def quicker_and_late(
    quicker: Stores, late: Stores, begun: Connection, name: str
) -> bool | Exception:
    """Return the answer to the late one, whose append waits for the transaction of the quicker."""
    registry = VersionRegistry().register("v1")
    assert append(quicker, name, VersionRegistry(), registry)
    longer = registry.register("v2")
    answers: list[bool | Exception] = []

    def append_late() -> None:
        try:
            answers.append(append(late, name, registry, longer))
        except psycopg.Error as error:
            answers.append(error)

    waiting = threading.Thread(target=append_late)
    with begun.transaction():
        assert append(quicker, name, registry, longer)
        waiting.start()
        while not begun.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
            assert waiting.is_alive(), "it does not wait for what is not committed yet"
            time.sleep(0.01)
    waiting.join()
    return answers[0]


@each_layout
def test_read_committed_suffices(
    one: Connection, other: Connection, name: str, layout: type[PostgresqlStore]
) -> None:
    """A writer of the same revision waits for the other transaction, and is then too late."""
    assert quicker_and_late(partial(layout, one), partial(layout, other), one, name) is False


def test_a_stricter_level_says_it_as_an_error(
    one: Connection, other: Connection, name: str
) -> None:
    """Above READ COMMITTED the row layout raises an error that means the same: read again."""
    other.isolation_level = IsolationLevel.REPEATABLE_READ
    stores = partial(PostgresqlRowStore, one), partial(PostgresqlRowStore, other)

    assert isinstance(quicker_and_late(*stores, one, name), SerializationFailure)


@pytest.mark.parametrize("number", [1e16, 1e22, -0.0])
def test_jsonb_changes_numbers(one: Connection, number: float) -> None:
    """A float may come out of jsonb as an int, or without its sign; json keeps it."""
    query = "SELECT %s::json, %s::jsonb"

    kept, changed = one.execute(query, [json.dumps(number)] * 2).fetchall()[0]

    assert repr(kept) == repr(number)
    assert repr(changed) != repr(number)


def test_jsonb_refuses_what_a_reason_may_hold(one: Connection) -> None:
    """A NUL character in a reason is no text for jsonb."""
    with pytest.raises(UntranslatableCharacter):
        _ = one.execute("SELECT %s::jsonb", [json.dumps("a NUL: \0")])


def test_a_controller_that_may_only_insert_can_do_its_work(
    address: str, one: Connection, name: str
) -> None:
    """With no more than SELECT and INSERT it records, and cannot rewrite what was recorded."""
    _ = one.execute("CREATE ROLE controller LOGIN")
    _ = one.execute("GRANT SELECT, INSERT ON lastgood TO controller")
    one.commit()

    with psycopg.connect(address, user="controller") as connection:
        known = change(PostgresqlStore(connection, name), Register("v1"))
        with pytest.raises(InsufficientPrivilege):
            _ = connection.execute("DELETE FROM lastgood")

    assert load(partial(PostgresqlStore, one), name) == known
