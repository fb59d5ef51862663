"""A store that reads, decides and writes without comparing: what the race must find out."""

import json
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import attrs

from lastgood import Event, VersionRegistry
from tests.deployments.kinds.kind import Kind


@attrs.define
class CarelessStore:
    """One document per registry. Whoever writes last overwrites what the others wrote."""

    connection: sqlite3.Connection
    known: VersionRegistry = attrs.field(factory=VersionRegistry, init=False)

    def load(self, name: str, /) -> VersionRegistry:
        """Return what is recorded; an empty registry where nothing is."""
        query = "SELECT document FROM careless WHERE registry = ?"
        found = self.connection.execute(query, [name]).fetchone()
        (document,) = found or ['{"format": 1, "events": []}']
        self.known = VersionRegistry.from_dict(json.loads(document))
        return self.known

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Write what was read with the news, whatever was written since."""
        assert before == self.known.revision
        document = VersionRegistry.replay([*self.known.events, *events]).to_dict()
        with self.connection:
            _ = self.connection.execute(
                "INSERT OR REPLACE INTO careless VALUES (?, ?)", [name, json.dumps(document)]
            )
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
