"""SQLite: the server is a file."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from docs.examples.sqlite_store import SqliteStore, connect
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.records import Stores


@contextmanager
def _serving(folder: Path) -> Generator[str]:
    address = str(folder / "registries.db")
    with closing(connect(address)):
        yield address


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    with closing(connect(address)) as connection:
        yield partial(SqliteStore, connection)


def _damage(address: str, name: str) -> None:
    with closing(connect(address)) as connection, connection:
        delete = "DELETE FROM lastgood WHERE registry = ? AND revision = 2"
        _ = connection.execute(delete, [name])


def _release(_: str) -> str:
    return f"SQLite {sqlite3.sqlite_version}"


KIND = Kind(_serving, _opened, _damage, _release)
