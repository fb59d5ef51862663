"""A controller may append and read, and not delete: the users that the pages describe."""

import inspect
import json
import re
from collections.abc import Mapping
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from lastgood import VersionRegistry
from tests.tools.deployments.kinds.kind import kind_of, need
from tests.tools.deployments.kinds.server import own_folder

need("redis")
need("etcd")

from redis import Redis
from redis.exceptions import NoPermissionError

from docs.examples.etcd_store import EtcdStore
from docs.examples.redis_store import RedisStore, connect

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "redis-etcd-dynamodb.md"
NOTHING = VersionRegistry().fingerprint
EVENTS = tuple(VersionRegistry().register("v1").deploy("v1").events)


class Known(HTTPConnection):
    """A connection to etcd that says who asks."""

    token = ""

    @override
    def request(
        self, method: str, url: str, body: Any = None, headers: Mapping[str, Any] = {}, **more: Any
    ) -> None:
        super().request(method, url, body, {**headers, "Authorization": self.token}, **more)


def test_a_user_of_redis_has_the_rights_of_the_page() -> None:
    """It appends and reads, and may not delete the record."""
    (command,) = re.findall(r"^ACL SETUSER (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    kind = kind_of("redis")
    with own_folder("redis") as folder, kind.serving(folder) as port:
        with Redis(port=int(port)) as administrator:
            administrator.execute_command("ACL SETUSER", *command.split())  # pyright: ignore[reportUnknownMemberType, reportUnusedCallResult]  # redis has no types for it
        with connect(f"redis://controller:secret@127.0.0.1:{port}") as client:
            store = RedisStore(client, "prod")
            assert store.append(0, NOTHING, EVENTS)
            assert store.load(0, NOTHING) == EVENTS
            with pytest.raises(NoPermissionError):
                _ = client.delete("lastgood:prod")


def test_a_connection_to_etcd_brings_a_token() -> None:
    """Without it, a store is refused when users are switched on; with it, it works."""
    assert inspect.getsource(Known) in PAGE.read_text("utf-8")
    kind = kind_of("etcd")
    with own_folder("etcd") as folder, kind.serving(folder) as port:
        asked = partial(ask, int(port))
        root = {"name": "root", "password": "secret"}
        _ = asked("auth/user/add", root)
        _ = asked("auth/role/add", {"name": "root"})
        _ = asked("auth/user/grant", {"user": "root", "role": "root"})
        _ = asked("auth/enable", {})
        assert "user name is empty" in str(asked("kv/range", {"key": "YQ=="}))
        token = str(asked("auth/authenticate", root)["token"])

        def known() -> HTTPConnection:
            connection = Known("127.0.0.1", int(port), timeout=5)
            connection.token = token
            return connection

        store = EtcdStore(known, "prod")
        assert store.append(0, NOTHING, EVENTS)
        assert store.load(0, NOTHING) == EVENTS


def ask(port: int, what: str, question: Mapping[str, str]) -> dict[str, Any]:
    """Return what etcd answers to an administrator."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", f"/v3/{what}", json.dumps(question))
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return answer
