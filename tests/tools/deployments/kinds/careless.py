"""A store that reads, decides and writes without comparing: the race must find it out."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import cache, partial
from pathlib import Path

import attrs

from lastgood import Event, VersionRegistry
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.records import Stores


@attrs.define
class CarelessStore:
    """One document per registry. Whoever writes last overwrites what the others wrote."""

    connection: sqlite3.Connection
    name: str
    known: VersionRegistry = attrs.field(factory=VersionRegistry)

    def load(self, _since: int, _fingerprint: str, /) -> tuple[Event, ...]:
        """Return the record."""
        query = "SELECT document FROM careless WHERE registry = ?"
        found = self.connection.execute(query, [self.name]).fetchone()
        (document,) = found or ['{"format": 1, "events": []}']
        self.known = VersionRegistry.from_dict(json.loads(document))
        return tuple(self.known.events)

    def append(self, _before: int, _fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Write what was read last, with the news, over whatever was written since."""
        document = json.dumps(self.known.extend(events).to_dict())
        with self.connection:
            replace = "INSERT OR REPLACE INTO careless VALUES (?, ?)"
            _ = self.connection.execute(replace, [self.name, document])
        return True


@contextmanager
def _serving(folder: Path) -> Generator[str]:
    address = str(folder / "careless.db")
    with closing(sqlite3.connect(address)) as connection:
        _ = connection.execute("CREATE TABLE careless (registry TEXT PRIMARY KEY, document TEXT)")
    yield address


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    with closing(sqlite3.connect(address, timeout=60)) as connection:
        yield cache(partial(CarelessStore, connection))


def _damage(_address: str, _name: str) -> None:
    """Do nothing: it does not notice anyway."""


def _release(_: str) -> str:
    return f"no comparison, on SQLite {sqlite3.sqlite_version}"


KIND = Kind(_serving, _opened, _damage, _release)
