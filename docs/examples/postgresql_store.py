"""Registries in PostgreSQL, for controllers on many machines: two layouts of the same store."""

import json
from typing import Final

import attrs
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.types.json import Json

from docs.examples.controller import whole
from lastgood import VersionRegistry

TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood (
    registry text,
    revision bigint,
    fingerprint text NOT NULL, -- of all events up to this one
    event json NOT NULL, -- not jsonb, which would turn 1e22 into an integer and refuse \\u0000
    PRIMARY KEY (registry, revision)
)
"""

ROW_TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood_row (
    registry text PRIMARY KEY,
    fingerprint text NOT NULL, -- of all events
    events text NOT NULL -- a line of JSON for each
)
"""


@attrs.frozen
class PostgresqlStore:
    """One row per event. Whoever writes a revision first has won it.

    Args:
        connection: To a database in which ``TABLE`` was executed, with no transaction open.
    """

    connection: Connection

    def load(self, name: str, /) -> VersionRegistry:
        """Return the record; an empty registry if nothing is recorded under this name."""
        query = "SELECT fingerprint, event FROM lastgood WHERE registry = %s ORDER BY revision"
        with self.connection.transaction():
            rows = self.connection.execute(query, [name]).fetchall()
        if not rows:
            return VersionRegistry()
        return whole(name, [event for _, event in rows], rows[-1][0])

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
        query = "SELECT fingerprint FROM lastgood WHERE registry = %s AND revision = %s"
        insert = "INSERT INTO lastgood VALUES (%s, %s, %s, %s)"
        news = enumerate(after.events[before.revision :], before.revision + 1)
        try:
            with self.connection.transaction():  # all rows or none
                known = self.connection.execute(query, [name, before.revision]).fetchone()
                if known != (before.fingerprint,) and before.revision:
                    return False  # another course of events: the record was restored
                for revision, event in news:
                    fingerprint = after.at_revision(revision).fingerprint
                    row = [name, revision, fingerprint, Json(event.to_dict())]
                    _ = self.connection.execute(insert, row)
        except UniqueViolation:  # this revision is taken
            return False
        return True


@attrs.frozen
class PostgresqlRowStore:
    """One row per registry, which knows its fingerprint. Whoever updates it first has won.

    Args:
        connection: To a database in which ``ROW_TABLE`` was executed, with no transaction open.
    """

    connection: Connection

    def load(self, name: str, /) -> VersionRegistry:
        """Return the record; an empty registry if nothing is recorded under this name."""
        query = "SELECT fingerprint, events FROM lastgood_row WHERE registry = %s"
        with self.connection.transaction():
            row = self.connection.execute(query, [name]).fetchone()
        if row is None:
            return VersionRegistry()
        fingerprint, text = row
        return whole(name, [json.loads(line) for line in text.splitlines()], fingerprint)

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
        news = after.events[before.revision :]
        lines = "".join(f"{json.dumps(event.to_dict())}\n" for event in news)
        begin = "INSERT INTO lastgood_row VALUES (%s, %s, '') ON CONFLICT DO NOTHING"
        extend = (
            "UPDATE lastgood_row SET fingerprint = %s, events = events || %s"
            " WHERE registry = %s AND fingerprint = %s"
        )
        with self.connection.transaction():
            _ = self.connection.execute(begin, [name, VersionRegistry().fingerprint])
            updated = self.connection.execute(
                extend, [after.fingerprint, lines, name, before.fingerprint]
            )
        return updated.rowcount == 1
