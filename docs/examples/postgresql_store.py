"""Registries in PostgreSQL, for controllers on many machines: two layouts of the same store."""

import json
from typing import Final

import attrs
import psycopg
from psycopg import Connection
from psycopg.errors import UniqueViolation

from lastgood import Event, InvalidData, from_entries, to_entries

TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood (
    registry text COLLATE "C",
    revision bigint,
    fingerprint text NOT NULL, -- of all events up to this one
    format integer NOT NULL, -- of the event
    event json NOT NULL, -- not jsonb, which would turn 1e22 into an integer and refuse \\u0000
    PRIMARY KEY (registry, revision)
)
"""

ROW_TABLE: Final = """
CREATE TABLE IF NOT EXISTS lastgood_row (
    registry text COLLATE "C" PRIMARY KEY,
    fingerprint text NOT NULL, -- of all events
    entries text NOT NULL -- a line of JSON for each
)
"""

#: What the server ends by itself: a statement, the wait for a lock, and the transaction of a
#: controller that was paused in the middle of it.
TIMEOUTS: Final = (
    "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s"
)


def connect(address: str) -> Connection:
    """Return a connection whose every wait has a limit."""
    return psycopg.connect(
        address, autocommit=True, connect_timeout=5, tcp_user_timeout=15_000, options=TIMEOUTS
    )


@attrs.frozen
class PostgresqlStore:
    """The record of one registry: one row per event. Whoever writes a revision first has won it.

    Args:
        connection: To a database in which ``TABLE`` was executed, with no transaction open.
        name: The name of the registry: ``prod`` and ``staging`` are two.
    """

    connection: Connection
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
        head = "SELECT fingerprint FROM lastgood WHERE registry = %s ORDER BY revision DESC LIMIT 1"
        insert = (
            "INSERT INTO lastgood SELECT %s, *"
            " FROM unnest(%s::bigint[], %s::text[], %s::integer[], %s::json[])"
        )
        entries = to_entries(events, after=fingerprint)
        columns = [
            [*range(before + 1, before + 1 + len(entries))],
            [entry["fingerprint"] for entry in entries],
            [entry["format"] for entry in entries],
            [json.dumps(entry["event"]) for entry in entries],
        ]
        try:
            with self.connection.transaction(), self.connection.cursor() as cursor:
                last = cursor.execute(head, [self.name]).fetchone()
                if (last[0] if last else "0-00000000") != fingerprint:
                    return False  # somebody else was quicker, or the record was restored
                _ = cursor.execute(insert, [self.name, *columns])
        except UniqueViolation:  # somebody else was quicker after the question
            return False
        return True

    def _rows(self, after: int) -> list[tuple[str, int, str]]:
        query = (
            "SELECT fingerprint, format, event::text FROM lastgood"
            " WHERE registry = %s AND revision > %s ORDER BY revision"
        )
        with self.connection.transaction():
            return self.connection.execute(query, [self.name, after]).fetchall()


def _entry(row: tuple[str, int, str]) -> dict[str, object]:
    fingerprint, number, event = row
    return {"fingerprint": fingerprint, "format": number, "event": json.loads(event)}


@attrs.frozen
class PostgresqlRowStore:
    """The record of one registry: one row, which knows its fingerprint. The first update wins.

    Args:
        connection: To a database in which ``ROW_TABLE`` was executed, with no transaction open.
        name: The name of the registry: ``prod`` and ``staging`` are two.
    """

    connection: Connection
    name: str

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        query = "SELECT entries FROM lastgood_row WHERE registry = %s"
        with self.connection.transaction():
            row = self.connection.execute(query, [self.name]).fetchone()
        lines: list[str] = row[0].splitlines() if row else []
        if since and not lines:
            raise InvalidData(self.name, f"its {since} events are gone")
        if since and any(_ends_with(fingerprint, line) for line in lines[since - 1 : since]):
            return from_entries(map(json.loads, lines[since:]), after=fingerprint)
        return from_entries(map(json.loads, lines))

    def append(self, _before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        entries = to_entries(events, after=fingerprint)
        lines = "".join(f"{json.dumps(entry)}\n" for entry in entries)
        begin = "INSERT INTO lastgood_row VALUES (%s, '0-00000000', '') ON CONFLICT DO NOTHING"
        extend = (
            "UPDATE lastgood_row SET fingerprint = %s, entries = entries || %s"
            " WHERE registry = %s AND fingerprint = %s"
        )
        last = entries[-1]["fingerprint"]
        with self.connection.transaction():
            _ = self.connection.execute(begin, [self.name])
            updated = self.connection.execute(extend, [last, lines, self.name, fingerprint])
        return updated.rowcount == 1


def _ends_with(fingerprint: str, line: str) -> bool:
    """Whether a line has this fingerprint; one that cannot be read has none."""
    try:
        return bool(json.loads(line)["fingerprint"] == fingerprint)
    except ValueError:
        return False
