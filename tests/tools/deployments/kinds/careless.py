"""A store that reads, decides and writes without comparing: the race must find it out."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import attrs

from lastgood import VersionRegistry
from tests.tools.deployments.kinds.kind import Kind


@attrs.frozen
class CarelessStore:
    """One document per registry. Whoever writes last overwrites what the others wrote."""

    connection: sqlite3.Connection

    def load(self, name: str, /) -> VersionRegistry:
        """Return the record; an empty registry if nothing is recorded under this name."""
        query = "SELECT document FROM careless WHERE registry = ?"
        found = self.connection.execute(query, [name]).fetchone()
        (document,) = found or ['{"format": 1, "events": []}']
        return VersionRegistry.from_dict(json.loads(document))

    def append(self, name: str, _before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Write the record with the news, whatever was written since it was read."""
        document = json.dumps(after.to_dict())
        with self.connection:
            replace = "INSERT OR REPLACE INTO careless VALUES (?, ?)"
            _ = self.connection.execute(replace, [name, document])
        return True


@contextmanager
def _serving(folder: Path) -> Generator[str]:
    address = str(folder / "careless.db")
    with closing(sqlite3.connect(address)) as connection:
        _ = connection.execute("CREATE TABLE careless (registry TEXT PRIMARY KEY, document TEXT)")
    yield address


@contextmanager
def _opened(address: str) -> Generator[CarelessStore]:
    with closing(sqlite3.connect(address, timeout=60)) as connection:
        yield CarelessStore(connection)


def _release(_: str) -> str:
    return f"no comparison, on SQLite {sqlite3.sqlite_version}"


KIND = Kind(_serving, _opened, _release)
