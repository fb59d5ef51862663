"""Registries in PostgreSQL for an asyncio program: a pool, and the table of postgresql_store.py."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

import attrs
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from lastgood import Event, InvalidData, from_entries, to_entries

#: What the server ends by itself: a statement, the wait for a lock, and the transaction of a
#: controller that was paused in the middle of it.
TIMEOUTS: Final = (
    "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s"
)


#: Connections to PostgreSQL.
Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[TupleRow]]


@asynccontextmanager
async def pool_of(address: str, size: int = 10) -> AsyncGenerator[Pool]:
    """Open a pool of at most ``size`` connections. Whoever waits for one for 10 s gets an error."""
    keywords = {"autocommit": True, "connect_timeout": 5, "options": TIMEOUTS}
    pool: Pool = AsyncConnectionPool(
        address, kwargs=keywords, min_size=1, max_size=size, timeout=10, open=False
    )
    async with pool:
        yield pool


@attrs.frozen
class AsyncPostgresqlStore:
    """The record of one registry: one row per event. Whoever writes a revision first has won it.

    Args:
        pool: What `pool_of` gives, to a database in which the table is made.
        name: The name of the registry: ``prod`` and ``staging`` are two.
    """

    pool: Pool
    name: str

    async def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        async with self.pool.connection() as connection:
            rows = await self._rows(connection, max(since - 1, 0))
            if since and rows and rows[0][0] == fingerprint:
                return from_entries(map(_entry, rows[1:]), after=fingerprint)
            if since and not (rows := await self._rows(connection, 0)):
                raise InvalidData(self.name, f"its {since} events are gone")
        return from_entries(map(_entry, rows))

    async def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
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
            async with (
                self.pool.connection() as connection,
                connection.transaction(),
                connection.cursor() as cursor,
            ):
                _ = await cursor.execute(head, [self.name])
                last = await cursor.fetchone()
                if (last[0] if last else "0-00000000") != fingerprint:
                    return False  # somebody else was quicker, or the record was restored
                _ = await cursor.execute(insert, [self.name, *columns])
        except UniqueViolation:  # somebody else was quicker after the question
            return False
        return True

    async def _rows(self, connection: AsyncConnection, after: int) -> list[tuple[str, int, str]]:
        query = (
            "SELECT fingerprint, format, event::text FROM lastgood"
            " WHERE registry = %s AND revision > %s ORDER BY revision"
        )
        found = await connection.execute(query, [self.name, after])
        return await found.fetchall()


def _entry(row: tuple[str, int, str]) -> dict[str, object]:
    fingerprint, number, event = row
    return {"fingerprint": fingerprint, "format": number, "event": json.loads(event)}
