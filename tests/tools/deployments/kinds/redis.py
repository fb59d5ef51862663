"""Redis, which writes each append to its disk before it answers."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import redis

from docs.examples.redis_store import RedisStore, connect, key
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.kinds.server import free_port, running
from tests.tools.deployments.needs import need_program
from tests.tools.deployments.records import Stores


@contextmanager
def _serving(folder: Path) -> Generator[str]:
    program = need_program("redis-server", "redis-server")
    address = str(free_port())
    listen = ["--bind", "127.0.0.1", "--port", address]
    durable = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
    with running([program, *listen, *durable], folder=folder, ready=lambda: release(address)):
        yield address


def _client(address: str) -> redis.Redis:
    return connect(f"redis://127.0.0.1:{address}")


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    with closing(_client(address)) as client:
        yield partial(RedisStore, client)


def _damage(address: str, name: str) -> None:
    with closing(_client(address)) as client:
        _ = client.lset(key(name), 1, "lost")
        _ = client.lrem(key(name), 1, "lost")


def release(address: str) -> str:
    """Return the releases of Redis and redis-py."""
    with closing(_client(address)) as client:
        version = client.info()["redis_version"]  # pyright: ignore[reportUnknownMemberType]  # its **kwargs
    return f"Redis {version}, redis-py {redis.__version__}"


KIND = Kind(_serving, _opened, _damage, release)
