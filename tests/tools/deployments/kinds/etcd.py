"""etcd: a cluster of one."""

import json
from base64 import b64encode
from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from docs.examples.etcd_store import EtcdStore
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.kinds.server import free_port, running
from tests.tools.deployments.needs import need_program
from tests.tools.deployments.records import Stores


@contextmanager
def _serving(folder: Path) -> Generator[str]:
    program = need_program("etcd", "etcd-server")
    address = str(free_port())
    clients, peers = (f"http://127.0.0.1:{port}" for port in (address, free_port()))
    command = [
        program,
        "--data-dir=data",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
    ]
    with running(command, folder=folder, ready=lambda: _ready(address)):
        yield address


def _connect(address: str) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", int(address), timeout=60)


def _ready(address: str) -> None:
    _ = EtcdStore(partial(_connect, address), "ready").load(0, "0-00000000")


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    yield partial(EtcdStore, partial(_connect, address))


def _damage(address: str, name: str) -> None:
    """Delete the second append, which has one event."""
    key = b64encode(f"/lastgood/{quote(name, safe='')}/{2:019}".encode()).decode()
    with closing(_connect(address)) as connection:
        connection.request("POST", "/v3/kv/deleterange", json.dumps({"key": key}))
        assert json.load(connection.getresponse())["deleted"] == "1"


def _release(address: str) -> str:
    with closing(_connect(address)) as connection:
        connection.request("GET", "/version")
        return f"etcd {json.load(connection.getresponse())['etcdserver']}"


KIND = Kind(_serving, _opened, _damage, _release)
