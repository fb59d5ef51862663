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

from lastgood import Event, InvalidData, from_entries, to_entries


@attrs.frozen
class EtcdStore:
    """The record of one registry: one key per append, and one for the fingerprint.

    Args:
        connect: Returns a connection to a member of the cluster, such as
            ``HTTPConnection("127.0.0.1", 2379, timeout=5)`` or an `HTTPSConnection`.
        name: The name of the registry: ``prod`` and ``staging`` are two.
    """

    connect: Callable[[], HTTPConnection]
    name: str

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        appends, last = self._read(since)
        if since and fingerprint == (appends[0]["after"] if appends else last):
            return from_entries(_entries(appends), after=fingerprint)
        if since and not (appends := self._read(0)[0]):
            raise InvalidData(self.name, f"its {since} events are gone")
        entries = _entries(appends)
        if since and [one["fingerprint"] for one in entries[since - 1 : since]] == [fingerprint]:
            return from_entries(entries[since:], after=fingerprint)  # within an append
        return from_entries(entries)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        entries = to_entries(events, after=fingerprint)
        key = _encoded(f"{self._folder}{before:019}")
        value = _encoded(json.dumps({"after": fingerprint, "entries": entries}))
        end = _encoded(f"{self._folder}fingerprint")
        ends = {"key": end, "target": "VALUE", "value": _encoded(fingerprint)}
        is_new = {"key": end, "target": "CREATE", "create_revision": 0}
        put = [
            {"request_put": {"key": key, "value": value}},
            {"request_put": {"key": end, "value": _encoded(entries[-1]["fingerprint"])}},
        ]
        compare = {**(ends if before else is_new), "result": "EQUAL"}
        answer = self._ask("txn", {"compare": [compare], "success": put})
        return bool(answer.get("succeeded"))

    def _read(self, since: int) -> tuple[list[dict[str, Any]], str | None]:
        """Return the appends from this revision on, and the fingerprint of the record."""
        first = f"{self._folder}{since:019}"
        end = self._folder[:-1] + chr(ord("/") + 1)  # the first key behind the folder
        # All keys are read at one revision of etcd. The one of the fingerprint sorts last.
        found = self._ask("range", {"key": _encoded(first), "range_end": _encoded(end)})
        values = [b64decode(pair["value"]).decode() for pair in found.get("kvs", [])]
        if not values:
            return [], None
        try:
            return [json.loads(value) for value in values[:-1]], values[-1]
        except ValueError as error:
            raise InvalidData(f"{self._folder}{since}", f"cannot be read: {error}") from error

    @property
    def _folder(self) -> str:
        """What the keys of the registry begin with; a name may contain any character."""
        return f"/lastgood/{quote(self.name, safe='')}/"

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


def _entries(appends: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for append in appends for entry in append["entries"]]


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()
