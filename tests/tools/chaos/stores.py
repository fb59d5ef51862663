"""The stores of `docs/examples` on servers that can be killed: how they are served and opened."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path
from typing import Final, TypeVar

import attrs

from docs.examples.etcd_store import EtcdStore
from lastgood import Event
from tests.tools.chaos.processes import Server, own_disk
from tests.tools.deployments.kinds.kind import FOLDERS, kind_of
from tests.tools.deployments.kinds.server import free_port
from tests.tools.deployments.needs import need_program
from tests.tools.deployments.records import Stores

T = TypeVar("T")

STORES: Final = ("sqlite", "postgresql", "redis", "etcd")
#: How long a member of etcd may take to answer, in seconds.
PATIENCE: Final = 2.0
#: How many members the cluster has.
_MEMBERS: Final = 3


@attrs.frozen
class Place:
    """Where a store is served.

    Args:
        kind: The kind of store.
        ports: The ports of its servers, or those of the proxy; none for SQLite.
        file: The file of SQLite.
    """

    kind: str
    ports: tuple[int, ...] = ()
    file: str = ""

    def open(self) -> tuple[Stores, Callable[[], None]]:
        """Return a store on a connection of its own, and what closes it."""
        if self.kind == "etcd":
            return partial(EtcdStore, _members(self.ports)), lambda: None
        stack = ExitStack()
        return stack.enter_context(kind_of(self.kind).opened(self._address)), stack.close

    @property
    def not_known(self) -> tuple[type[Exception], ...]:
        """The errors after which it is not known whether something was done."""
        return (OSError, *_errors(self.kind))

    @property
    def _address(self) -> str:
        if self.kind == "postgresql":
            return _postgresql(self.ports[0])
        return self.file or str(self.ports[0])


def _errors(kind: str) -> tuple[type[Exception], ...]:
    if kind == "postgresql":
        from psycopg import Error as PostgresqlError  # noqa: PLC0415  # may be missing

        return (PostgresqlError,)
    if kind == "redis":
        from redis import RedisError  # noqa: PLC0415  # may be missing

        return (RedisError,)
    if kind == "sqlite":
        from sqlite3 import Error as SqliteError  # noqa: PLC0415  # as the others

        return (SqliteError,)
    return (HTTPException,)


def _postgresql(port: int) -> str:
    address = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    return f"{address} sslmode=disable gssencmode=disable"


def _members(ports: Sequence[int]) -> Callable[[], HTTPConnection]:
    """Return what connects to one member of the cluster after the other."""
    turns = cycle(ports)
    return lambda: HTTPConnection("127.0.0.1", next(turns), timeout=PATIENCE)


class Reopened:
    """Stores whose connection is opened again after it broke. One thread uses it.

    Args:
        place: Where they are served.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._opened: tuple[Stores, Callable[[], None]] | None = None

    def load(self, name: str, since: int, fingerprint: str) -> Sequence[Event]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        return self._with(lambda stores: stores(name).load(since, fingerprint))

    def append(self, name: str, before: int, fingerprint: str, events: tuple[Event, ...]) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        return self._with(lambda stores: stores(name).append(before, fingerprint, events))

    def _with(self, work: Callable[[Stores], T]) -> T:
        try:
            if self._opened is None:
                self._opened = self._place.open()
            return work(self._opened[0])
        except self._place.not_known:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with suppress(*self._place.not_known):
                opened[1]()


@attrs.define
class Service:
    """A store that is served.

    Args:
        place: Where the servers listen.
        servers: The servers; for SQLite one without a process, which has a disk.
    """

    place: Place
    servers: list[Server]

    def leader(self) -> int | None:
        """Return which server leads the cluster, if one of them says so."""
        for number, port in enumerate(self.place.ports):
            try:
                with closing(HTTPConnection("127.0.0.1", port, timeout=0.3)) as connection:
                    connection.request("POST", "/v3/maintenance/status", "{}")
                    said = json.load(connection.getresponse())
            except (OSError, HTTPException, ValueError):
                continue
            if said.get("leader") == said["header"]["member_id"]:  # there may be none
                return number
        return None


def begun(kind: str, folder: Path) -> Service:
    """Start the servers of a store, each with its data on a disk in the folder."""
    return _BEGIN[kind](folder)


def _sqlite(folder: Path) -> Service:
    disk = own_disk(folder / "sqlite")
    return Service(Place("sqlite", file=str(disk.folder / "registries.db")), [Server([], disk)])


def _redis(folder: Path) -> Service:
    program, port = need_program("redis-server", "redis-server"), free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    command += ["--appendonly", "yes", "--appendfsync", "always"]
    server = Server(command, own_disk(folder / "redis"))
    server.start()
    return Service(Place("redis", (port,)), [server])


def _postgresql_server(folder: Path) -> Service:
    initdb = need_program("initdb", "postgresql", folders=FOLDERS)
    postgres = need_program("postgres", "postgresql", folders=[Path(initdb).parent])
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    disk = own_disk(folder / "postgresql", user=user)
    make = [initdb, "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
    _ = subprocess.run(
        [*make, "--locale=C", "--pgdata=data"],
        cwd=disk.folder,
        check=True,
        capture_output=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    port = free_port()
    options = ["-h", "127.0.0.1", "-p", str(port), "-c", "unix_socket_directories="]
    options += ["-c", "max_connections=200", "-c", "shared_buffers=32MB"]
    server = Server([postgres, "-D", "data", *options], disk, user)
    server.start()
    return Service(Place("postgresql", (port,)), [server])


def _etcd(folder: Path) -> Service:
    program = need_program("etcd", "etcd-server")
    clients, peers = ([free_port() for _ in range(_MEMBERS)] for _ in range(2))
    cluster = ",".join(f"m{n}=http://127.0.0.1:{port}" for n, port in enumerate(peers))
    servers: list[Server] = []
    for number, (client, peer) in enumerate(zip(clients, peers, strict=True)):
        command = [program, f"--name=m{number}", "--data-dir=data", "--log-level=error"]
        for what, port in (("client", client), ("peer", peer)):
            command.append(f"--listen-{what}-urls=http://127.0.0.1:{port}")
        command += [
            f"--advertise-client-urls=http://127.0.0.1:{client}",
            f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-cluster={cluster}",
        ]
        servers.append(Server(command, own_disk(folder / f"etcd-{number}")))
        servers[-1].start()
    return Service(Place("etcd", tuple(clients)), servers)


_BEGIN: Final = {
    "sqlite": _sqlite,
    "postgresql": _postgresql_server,
    "redis": _redis,
    "etcd": _etcd,
}


def prepare(place: Place) -> None:
    """Make what a store needs; raise as long as it does not answer."""
    if place.kind == "postgresql":
        import psycopg  # noqa: PLC0415  # may be missing

        from docs.examples.postgresql_store import TABLE  # noqa: PLC0415  # as above

        with psycopg.connect(_postgresql(place.ports[0])) as connection:
            _ = connection.execute(TABLE)
    store = Reopened(place)
    _ = store.load("ready", 0, "0-00000000")
    store.close()
