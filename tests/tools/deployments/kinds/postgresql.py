"""PostgreSQL, with a row per event."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

from docs.examples.postgresql_store import ROW_TABLE, TABLE, PostgresqlStore, connect
from tests.tools.deployments.kinds.kind import FOLDERS, Kind
from tests.tools.deployments.kinds.server import free_port, running, user_for
from tests.tools.deployments.needs import need_program
from tests.tools.deployments.records import Stores


@contextmanager
def serving(folder: Path) -> Generator[str]:
    """Run PostgreSQL as a user of its own: it refuses to run as root."""
    initdb = need_program("initdb", "postgresql", folders=FOLDERS)
    postgres = need_program("postgres", "postgresql", folders=[Path(initdb).parent])
    user = user_for("postgres", folder)
    make = [initdb, "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
    _ = subprocess.run(
        [*make, "--locale=C", "--pgdata=data"],
        cwd=folder,
        check=True,
        capture_output=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    port = str(free_port())
    listen = ["-h", "127.0.0.1", "-p", port, "-c", "unix_socket_directories="]
    address = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    command = [postgres, "-D", "data", *listen]
    with running(command, folder=folder, ready=lambda: _prepare(address), user=user):
        yield address


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    with connect(address) as connection:
        yield partial(PostgresqlStore, connection)


def _damage(address: str, name: str) -> None:
    with psycopg.connect(address) as connection:
        delete = "DELETE FROM lastgood WHERE registry = %s AND revision = 2"
        _ = connection.execute(delete, [name])


def _prepare(address: str) -> None:
    with psycopg.connect(address) as connection:
        _ = connection.execute(TABLE)
        _ = connection.execute(ROW_TABLE)


def release(address: str) -> str:
    """Return the releases of PostgreSQL and psycopg."""
    with psycopg.connect(address) as connection:
        version = connection.info.parameter_status("server_version")
    return f"PostgreSQL {version}, psycopg {psycopg.__version__}"


KIND = Kind(serving, _opened, _damage, release)
