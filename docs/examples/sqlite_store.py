"""Registries in SQLite: nothing to install, for all the processes of one machine."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Final

import attrs

from lastgood import Event, VersionRegistry

TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood (
    registry TEXT NOT NULL,
    revision INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (registry, revision)
)
"""


@attrs.frozen
class SqliteStore:
    """One row per event. Whoever writes a revision first has won it.

    Args:
        connection: What ``sqlite3.connect(path)`` returns; ``TABLE`` was executed in this file.
    """

    connection: sqlite3.Connection

    def load(self, name: str, /) -> VersionRegistry:
        """Return what is recorded; an empty registry where nothing is."""
        query = "SELECT event FROM lastgood WHERE registry = ? ORDER BY revision"
        events = [json.loads(text) for (text,) in self.connection.execute(query, [name])]
        return VersionRegistry.from_dict({"format": 1, "events": events})

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Record all of these events if just ``before`` are recorded so far, or else none."""
        texts = [json.dumps(event.to_dict()) for event in events]
        rows = [(name, revision, text) for revision, text in enumerate(texts, before + 1)]
        try:
            with self.connection:  # one transaction: all rows or none
                _ = self.connection.executemany("INSERT INTO lastgood VALUES (?, ?, ?)", rows)
        except sqlite3.IntegrityError:  # this revision is taken
            return False
        return True
