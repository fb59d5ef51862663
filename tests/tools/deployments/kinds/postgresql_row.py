"""PostgreSQL, with a row per registry."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial

import psycopg

from docs.examples.postgresql_store import PostgresqlRowStore, connect
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.kinds.postgresql import release, serving
from tests.tools.deployments.records import Stores


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    with connect(address) as connection:
        yield partial(PostgresqlRowStore, connection)


def _damage(address: str, name: str) -> None:
    with psycopg.connect(address) as connection:
        lose = r"regexp_replace(entries, E'\n[^\n]*', '')"
        lose = f"UPDATE lastgood_row SET entries = {lose} WHERE registry = %s"  # noqa: S608  # as above
        _ = connection.execute(lose, [name])


KIND = Kind(serving, _opened, _damage, release)
