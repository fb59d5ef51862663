"""Registries in SQLite: nothing to install, for all the processes of one machine."""

import json
import sqlite3
from typing import Final

import attrs

from docs.examples.controller import whole
from lastgood import VersionRegistry

TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood (
    registry TEXT NOT NULL,
    revision INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, -- of all events up to this one
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
        """Return the record; an empty registry if nothing is recorded under this name."""
        query = "SELECT fingerprint, event FROM lastgood WHERE registry = ? ORDER BY revision"
        rows = self.connection.execute(query, [name]).fetchall()
        if not rows:
            return VersionRegistry()
        return whole(name, [json.loads(event) for _, event in rows], rows[-1][0])

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
        query = "SELECT fingerprint FROM lastgood WHERE registry = ? AND revision = ?"
        insert = "INSERT INTO lastgood VALUES (?, ?, ?, ?)"
        known = self.connection.execute(query, [name, before.revision]).fetchone()
        if known != (before.fingerprint,) and before.revision:
            return False  # another course of events: the record was restored from a backup
        rows = [
            (name, revision, after.at_revision(revision).fingerprint, json.dumps(event.to_dict()))
            for revision, event in enumerate(after.events[before.revision :], before.revision + 1)
        ]
        try:
            with self.connection:  # one transaction: all rows or none
                _ = self.connection.executemany(insert, rows)
        except sqlite3.IntegrityError:  # this revision is taken
            return False
        return True
