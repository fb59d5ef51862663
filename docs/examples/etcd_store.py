"""Registries in etcd, through its JSON gateway: nothing to install on the side of the client."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote

import attrs

from docs.examples.controller import whole
from lastgood import VersionRegistry


@attrs.frozen
class EtcdStore:
    """One key per append, and one for the fingerprint. Whoever changes that one first has won.

    Args:
        connect: Returns a connection to a member of the cluster, such as
            ``HTTPConnection("127.0.0.1", 2379, timeout=10)`` or an `HTTPSConnection`.
    """

    connect: Callable[[], HTTPConnection]

    def load(self, name: str, /) -> VersionRegistry:
        """Return the record; an empty registry if nothing is recorded under this name."""
        first = _folder(name)
        end = first[:-1] + chr(ord("/") + 1)  # the first key behind the folder
        # All keys are read at one revision of etcd. The one of the fingerprint sorts last.
        found = self._ask("range", {"key": _encoded(first), "range_end": _encoded(end)})
        if "kvs" not in found:
            return VersionRegistry()
        *appends, fingerprint = [b64decode(pair["value"]).decode() for pair in found["kvs"]]
        events = [event for append in appends for event in json.loads(append)]
        return whole(name, events, fingerprint)

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
        news = [event.to_dict() for event in after.events[before.revision :]]
        key = _encoded(f"{_folder(name)}{before.revision:019}")
        end = _encoded(f"{_folder(name)}fingerprint")
        ends = {"key": end, "target": "VALUE", "value": _encoded(before.fingerprint)}
        is_new = {"key": end, "target": "CREATE", "create_revision": 0}
        compare = {**(ends if before.revision else is_new), "result": "EQUAL"}
        put = [
            {"request_put": {"key": key, "value": _encoded(json.dumps(news))}},
            {"request_put": {"key": end, "value": _encoded(after.fingerprint)}},
        ]
        answer = self._ask("txn", {"compare": [compare], "success": put})
        return bool(answer.get("succeeded"))

    def _ask(self, what: str, question: dict[str, Any]) -> dict[str, Any]:
        """Return the answer; raise `HTTPException` if etcd refuses the question."""
        with closing(self.connect()) as connection:
            connection.request("POST", f"/v3/kv/{what}", json.dumps(question))
            response = connection.getresponse()
            said = response.read().decode()
        if response.status != HTTPStatus.OK:
            raise HTTPException(f"etcd refused {what}: {said}")
        answer: dict[str, Any] = json.loads(said)
        return answer


def _folder(name: str) -> str:
    """Return what the keys of a registry begin with; a name may contain any character."""
    return f"/lastgood/{quote(name, safe='')}/"


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()
