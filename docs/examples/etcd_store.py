"""Registries in etcd, through its JSON gateway: nothing to install on the side of the client."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote

import attrs

from lastgood import Event, VersionRegistry


@attrs.frozen
class EtcdStore:
    """One key per append, which ends in the number of events before. Whoever creates it has won.

    Args:
        connect: Returns a connection to a member of the cluster, such as
            ``HTTPConnection("127.0.0.1", 2379, timeout=10)`` or an `HTTPSConnection`.
    """

    connect: Callable[[], HTTPConnection]

    def load(self, name: str, /) -> VersionRegistry:
        """Return what is recorded; an empty registry where nothing is."""
        return VersionRegistry.from_dict({"format": 1, "events": [*self._events(name)]})

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Record all of these events if just ``before`` are recorded so far, or else none."""
        key = _encoded(f"{_folder(name)}{before:019}")
        value = _encoded(json.dumps([event.to_dict() for event in events]))
        is_new = {"key": key, "target": "CREATE", "result": "EQUAL", "create_revision": 0}
        put = {"request_put": {"key": key, "value": value}}
        answer = self._ask("txn", {"compare": [is_new], "success": [put]})
        return bool(answer.get("succeeded"))

    def _events(self, name: str) -> Iterator[object]:
        """Yield the events as plain data; all are read at one revision of etcd."""
        first = _folder(name)
        end = first[:-1] + chr(ord("/") + 1)  # the first key behind the folder
        found = self._ask("range", {"key": _encoded(first), "range_end": _encoded(end)})
        for pair in found.get("kvs", []):
            yield from json.loads(b64decode(pair["value"]))

    def _ask(self, what: str, question: dict[str, Any]) -> dict[str, Any]:
        """Return the answer; `HTTPException` where it is a refusal."""
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
