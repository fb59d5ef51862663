"""Registries in PostgreSQL, for controllers on many machines: two layouts of the same store."""

import json
from collections.abc import Sequence
from typing import Final

import attrs
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.types.json import Json

from lastgood import Event, VersionRegistry

TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood (
    registry text,
    revision bigint,
    event json NOT NULL, -- not jsonb, which would turn 1e22 into an integer and refuses \\u0000
    PRIMARY KEY (registry, revision)
)
"""

ROW_TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood_row (
    registry text PRIMARY KEY,
    revision bigint NOT NULL,
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
        """Return what is recorded; an empty registry where nothing is."""
        query = "SELECT event FROM lastgood WHERE registry = %s ORDER BY revision"
        with self.connection.transaction():
            events = [event for (event,) in self.connection.execute(query, [name])]
        return VersionRegistry.from_dict({"format": 1, "events": events})

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Record all of these events if just ``before`` are recorded so far, or else none."""
        insert = "INSERT INTO lastgood VALUES (%s, %s, %s)"
        try:
            with self.connection.transaction():  # all rows or none
                for revision, event in enumerate(events, before + 1):
                    _ = self.connection.execute(insert, [name, revision, Json(event.to_dict())])
        except UniqueViolation:  # this revision is taken
            return False
        return True


@attrs.frozen
class PostgresqlRowStore:
    """One row per registry, which knows its revision. Whoever updates that revision has won.

    Args:
        connection: To a database in which ``ROW_TABLE`` was executed, with no transaction open.
    """

    connection: Connection

    def load(self, name: str, /) -> VersionRegistry:
        """Return what is recorded; an empty registry where nothing is."""
        query = "SELECT events FROM lastgood_row WHERE registry = %s"
        with self.connection.transaction():
            (text,) = self.connection.execute(query, [name]).fetchone() or [""]
        events = [json.loads(line) for line in text.splitlines()]
        return VersionRegistry.from_dict({"format": 1, "events": events})

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Record all of these events if just ``before`` are recorded so far, or else none."""
        lines = "".join(f"{json.dumps(event.to_dict())}\n" for event in events)
        begin = "INSERT INTO lastgood_row VALUES (%s, 0, '') ON CONFLICT DO NOTHING"
        extend = (
            "UPDATE lastgood_row SET revision = revision + %s, events = events || %s"
            " WHERE registry = %s AND revision = %s"
        )
        with self.connection.transaction():
            _ = self.connection.execute(begin, [name])
            updated = self.connection.execute(extend, [len(events), lines, name, before])
        return updated.rowcount == 1
