"""The records of many models, read at once: in PostgreSQL by one query, in etcd by one transaction.

They read the tables and keys of `PostgresqlStore` and `EtcdStore`, and leave to these what is rare:
an append, and a record that is not what it was.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Protocol
from urllib.parse import quote

import attrs
from psycopg import Connection

from lastgood import Event, InvalidData, from_entries
from lastgood.control import Append, Load


class Store(Protocol):
    """The record of one registry, such as a `PostgresqlStore` or an `EtcdStore`."""

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        ...

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        ...


#: The rows after what is known, and the last of those that are known, whose fingerprint tells
#: whether the record is still what it was.
NEWS: Final = """
SELECT lastgood.registry, revision, fingerprint, format, event::text
FROM unnest(%s::text[], %s::bigint[]) AS known(registry, since)
JOIN lastgood ON lastgood.registry = known.registry COLLATE "C" AND revision >= known.since
ORDER BY lastgood.registry, revision
"""


@attrs.frozen
class PostgresqlFleet:
    """The records of all models in the table of `PostgresqlStore`.

    Args:
        connection: What `connect` of ``postgresql_store.py`` returned.
        store: Opens the record of one registry.
    """

    connection: Connection
    store: Callable[[str], Store]

    def load(self, wanted: Mapping[str, Load], /) -> dict[str, Sequence[Event] | InvalidData]:
        """Answer many loads with one query."""
        since = [load.since for load in wanted.values()]
        with self.connection.transaction():
            rows = self.connection.execute(NEWS, [[*wanted], since]).fetchall()
        found = {name: [*group] for name, group in groupby(rows, itemgetter(0))}
        return {
            name: _answered(self.store(name), load, partial(_rows, found.get(name, []), load))
            for name, load in wanted.items()
        }

    def append(self, name: str, wanted: Append, /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        return self.store(name).append(wanted.before, wanted.fingerprint, wanted.events)


def _rows(rows: Sequence[tuple[str, int, str, int, str]], load: Load) -> Iterable[Any] | None:
    """Return the entries of the news; `None` if the record is not what is known of it."""
    if load.since:
        if not rows or rows[0][2] != load.fingerprint:
            return None
        rows = rows[1:]
    return (
        {"fingerprint": fingerprint, "format": number, "event": json.loads(event)}
        for _, _, fingerprint, number, event in rows
    )


#: How many questions etcd takes in one transaction, unless it is told otherwise.
MOST: Final = 128


@attrs.frozen
class EtcdFleet:
    """The records of all models under the keys of `EtcdStore`.

    Args:
        connect: Returns a connection to a member of the cluster.
        store: Opens the record of one registry.
    """

    connect: Callable[[], HTTPConnection]
    store: Callable[[str], Store]

    def load(self, wanted: Mapping[str, Load], /) -> dict[str, Sequence[Event] | InvalidData]:
        """Answer many loads with one transaction for each 128 of them."""
        names, news = [*wanted], dict[str, Sequence[Event] | InvalidData]()
        for start in range(0, len(names), MOST):
            part = names[start : start + MOST]
            for name, values in zip(part, self._read(part, wanted), strict=True):
                load = wanted[name]
                news[name] = _answered(self.store(name), load, partial(_values, values, load))
        return news

    def append(self, name: str, wanted: Append, /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        return self.store(name).append(wanted.before, wanted.fingerprint, wanted.events)

    def _read(self, names: Sequence[str], wanted: Mapping[str, Load]) -> Iterator[list[str]]:
        """Yield what stands under the keys of each name, from what is known on."""
        ranges: list[dict[str, Any]] = []
        for name in names:
            folder = f"/lastgood/{quote(name, safe='')}/"
            first, end = f"{folder}{wanted[name].since:019}", f"{folder[:-1]}0"
            ranges.append({"request_range": {"key": _encoded(first), "range_end": _encoded(end)}})
        with closing(self.connect()) as connection:
            connection.request("POST", "/v3/kv/txn", json.dumps({"success": ranges}))
            response = connection.getresponse()
            said = response.read().decode()
        if response.status != HTTPStatus.OK:
            raise HTTPException(f"etcd refused a transaction: {said}")
        for answer in json.loads(said)["responses"]:
            pairs = answer["response_range"].get("kvs", [])
            yield [b64decode(pair["value"]).decode() for pair in pairs]


def _values(values: Sequence[str], load: Load) -> Iterable[Any] | None:
    """Return the entries of the news; `None` if the record is not what is known of it."""
    if not values:
        return None if load.since else ()
    appends = [json.loads(value) for value in values[:-1]]
    after = appends[0]["after"] if appends else values[-1]  # the last key has the fingerprint
    if load.since and after != load.fingerprint:
        return None
    return (entry for append in appends for entry in append["entries"])


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def _answered(
    store: Store, load: Load, entries: Callable[[], Iterable[Any] | None]
) -> Sequence[Event] | InvalidData:
    """Return the events of one record, or what is wrong with it, which is nobody else's trouble."""
    try:
        news = entries()
        if news is None:
            return store.load(load.since, load.fingerprint)
        return from_entries(news, after=load.fingerprint)
    except InvalidData as error:
        return error
    except ValueError as error:  # what stands there is not JSON
        return InvalidData("entries", f"cannot be read: {error}")
