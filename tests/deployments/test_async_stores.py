"""The stores for asyncio programs keep the laws of stores, on the real servers and from a pool."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import closing
from typing import Any

import pytest

from lastgood import VersionRegistry
from lastgood.testing import STORE_LAWS, check_store
from tests.tools.deployments.kinds.kind import kind_of, need
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.needs import need_module

need("postgresql")
need("redis")
need_module("psycopg_pool", "deployments")

import psycopg
from redis.asyncio import Redis

from docs.examples.postgresql_async_store import AsyncPostgresqlStore, Pool, pool_of
from docs.examples.postgresql_store import PostgresqlStore
from docs.examples.postgresql_store import connect as connect_postgresql
from docs.examples.redis_async_store import AsyncRedisStore, connect

NOTHING = VersionRegistry().fingerprint
EVENTS = tuple(VersionRegistry().register("v1").deploy("v1").events)


@pytest.fixture(scope="module")
def postgresql() -> Generator[str]:
    """The address at which PostgreSQL is served."""
    kind = kind_of("postgresql")
    with own_folder("postgresql") as folder, kind.serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def redis() -> Generator[str]:
    """The port at which Redis is served."""
    kind = kind_of("redis")
    with own_folder("redis") as folder, kind.serving(folder) as served:
        yield served


async def gathered(calls: list[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Make the calls at once, in a task each."""
    _ = await asyncio.gather(*(call() for call in calls))


def test_postgresql_keeps_the_laws(postgresql: str) -> None:
    """Many handles share a pool of a few connections."""
    pools = list[Pool]()

    async def checked(main: Coroutine[Any, Any, None]) -> None:
        async with pool_of(postgresql, size=3) as pool:
            pools.append(pool)
            await main

    def opened(name: str) -> AsyncPostgresqlStore:
        return AsyncPostgresqlStore(pools[0], name)

    report = check_store(
        opened,
        together=gathered,
        run=lambda main: asyncio.run(checked(main)),
        damage=[lambda name: kind_of("postgresql").damage(postgresql, name)],
    )
    assert report.laws == STORE_LAWS


def test_redis_keeps_the_laws(redis: str) -> None:
    """Many handles share a client, which has a pool of its own."""
    clients = list[Redis]()

    async def checked(main: Coroutine[Any, Any, None]) -> None:
        async with connect(f"redis://127.0.0.1:{redis}", size=3) as client:
            clients.append(client)
            await main

    def opened(name: str) -> AsyncRedisStore:
        return AsyncRedisStore(clients[0], name)

    report = check_store(
        opened,
        together=gathered,
        run=lambda main: asyncio.run(checked(main)),
        damage=[lambda name: kind_of("redis").damage(redis, name)],
    )
    assert report.laws == STORE_LAWS


def test_both_stores_keep_one_record(postgresql: str) -> None:
    """A synchronous job and an asynchronous controller may share a table."""

    async def appended() -> bool:
        async with pool_of(postgresql) as pool:
            return await AsyncPostgresqlStore(pool, "shared").append(0, NOTHING, EVENTS)

    assert asyncio.run(appended())
    with closing(connect_postgresql(postgresql)) as connection:
        assert PostgresqlStore(connection, "shared").load(0, NOTHING) == EVENTS


def test_a_paused_controller_stops_nobody(postgresql: str) -> None:
    """The server ends the transaction of a controller that sleeps in the middle of it."""
    with closing(connect_postgresql(postgresql)) as paused:
        _ = paused.execute("SET idle_in_transaction_session_timeout = '200ms'")
        _ = paused.execute("BEGIN")
        rows = "('paused', 1, '1-00000000', 1, '{}')"
        _ = paused.execute(f"INSERT INTO lastgood VALUES {rows}")  # noqa: S608  # a constant
        with closing(connect_postgresql(postgresql)) as connection:
            assert PostgresqlStore(connection, "paused").append(0, NOTHING, EVENTS)
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            _ = paused.execute("COMMIT")
