"""PostgreSQL, with a row per registry."""

from collections.abc import Generator
from contextlib import contextmanager

import psycopg

from docs.examples.postgresql_store import PostgresqlRowStore
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.kinds.postgresql import release, serving


@contextmanager
def _opened(address: str) -> Generator[PostgresqlRowStore]:
    with psycopg.connect(address, autocommit=True) as connection:
        yield PostgresqlRowStore(connection)


KIND = Kind(serving, _opened, release)
