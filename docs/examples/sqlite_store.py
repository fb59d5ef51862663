"""Registries in SQLite: nothing to install, for all the processes of one machine."""

import json
import sqlite3
from typing import Final

import attrs

from lastgood import Event, InvalidData, from_entries, to_entries

TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood (
    registry TEXT NOT NULL,
    revision INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, -- of all events up to this one
    format INTEGER NOT NULL, -- of the event
    event TEXT NOT NULL,
    PRIMARY KEY (registry, revision)
)
"""

#: How many seconds to wait for a lock, before `OperationalError`.
TIMEOUT: Final = 10.0


def connect(path: str) -> sqlite3.Connection:
    """Return a connection to the file, which has the table."""
    connection = sqlite3.connect(path, timeout=TIMEOUT)
    _ = connection.execute(TABLE)
    return connection


@attrs.frozen
class SqliteStore:
    """The record of one registry: one row per event.

    Args:
        connection: What `connect` returned.
        name: The name of the registry: ``prod`` and ``staging`` are two.
    """

    connection: sqlite3.Connection
    name: str

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        if not since:
            return from_entries(map(_entry, self._rows(0)))
        rows = self._rows(since - 1)
        if rows and rows[0][0] == fingerprint:
            return from_entries(map(_entry, rows[1:]), after=fingerprint)
        if not (rows := self._rows(0)):
            raise InvalidData(self.name, f"its {since} events are gone")
        return from_entries(map(_entry, rows))

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        head = "SELECT fingerprint FROM lastgood WHERE registry = ? ORDER BY revision DESC LIMIT 1"
        insert = "INSERT INTO lastgood VALUES (?, ?, ?, ?, ?)"
        rows = [
            (self.name, revision, entry["fingerprint"], entry["format"], json.dumps(entry["event"]))
            for revision, entry in enumerate(to_entries(events, after=fingerprint), before + 1)
        ]
        with self.connection:  # one transaction: all rows or none
            _ = self.connection.execute("BEGIN IMMEDIATE")  # nobody else writes until its end
            last = self.connection.execute(head, [self.name]).fetchone()
            if (last[0] if last else "0-00000000") != fingerprint:
                return False  # somebody else was quicker, or the record was restored
            _ = self.connection.executemany(insert, rows)
        return True

    def _rows(self, after: int) -> list[tuple[str, int, str]]:
        query = (
            "SELECT fingerprint, format, event FROM lastgood"
            " WHERE registry = ? AND revision > ? ORDER BY revision"
        )
        return self.connection.execute(query, [self.name, after]).fetchall()


def _entry(row: tuple[str, int, str]) -> dict[str, object]:
    fingerprint, number, event = row
    return {"fingerprint": fingerprint, "format": number, "event": json.loads(event)}
