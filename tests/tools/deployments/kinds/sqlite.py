"""SQLite: the server is a file."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from docs.examples.sqlite_store import TABLE, SqliteStore
from tests.tools.deployments.kinds.kind import Kind


@contextmanager
def _serving(folder: Path) -> Generator[str]:
    address = str(folder / "registries.db")
    with closing(sqlite3.connect(address)) as connection:
        _ = connection.execute(TABLE)
    yield address


@contextmanager
def _opened(address: str) -> Generator[SqliteStore]:
    with closing(sqlite3.connect(address, timeout=60)) as connection:
        yield SqliteStore(connection)


def _release(_: str) -> str:
    return f"SQLite {sqlite3.sqlite_version}"


KIND = Kind(_serving, _opened, _release)
