"""Rows: what events say, as plain values that were checked.

The rules of this module:

1. A ledger keeps rows. An `Event` is made from one when somebody asks for it.
2. What is read quickly here would be read to the same row by `Event.from_dict`. Whatever is unusual
   is left to it, since it finds the place and the words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from lastgood._basics import texts
from lastgood._basics.data import Reader
from lastgood._basics.kinds import COMMON_KEYS, KINDS, EventKind
from lastgood._basics.times import read_time, read_times
from lastgood._values.metadata import NO_METADATA, Metadata, read_metadata

#: What few events say: by, metadata, digest, source, strategy.
Details: TypeAlias = tuple[str, Metadata, str | None, str | None, str | None]

#: The kind, the version, the time, the reason, and the details; `None` for `NO_DETAILS`.
Row: TypeAlias = tuple[EventKind, str, datetime | None, str, Details | None]

#: The facts of several events: a list for each part of a row.
Columns: TypeAlias = tuple[
    list[EventKind], list[str], list[datetime | None], list[str], list[Details | None]
]

#: The details of an event that says none of them.
NO_DETAILS: Final[Details] = ("", NO_METADATA, None, None, None)

#: The names of the kinds, each as the one object that all rows have.
NAMES: Final[Mapping[object, EventKind]] = {name: name for name in KINDS}

#: What reads the value of a key of an event, besides its kind.
READERS: Final[Mapping[str, Reader]] = {
    "version": texts.label,
    "source": texts.label,
    "strategy": texts.strategy,
    "at": read_time,
    "reason": texts.reason,
    "by": texts.by,
    "metadata": read_metadata,
    "digest": texts.digest,
}

#: The keys that events of a kind may have besides those of all kinds, each with its reader and the
#: value that is not enough; `None` where any will do.
_OWN: Final[Mapping[EventKind, tuple[tuple[str, Reader, object], ...]]] = {
    kind: tuple(
        (key, READERS[key], NO_METADATA if key in row.needs else None)
        for key in row.keys
        if key not in COMMON_KEYS
    )
    for kind, row in KINDS.items()
}


_NOTHING_ELSE: Final = NO_DETAILS[1:]

#: The kinds of event that must say more.
_NEEDY: Final = frozenset(kind for kind, row in KINDS.items() if row.needs)


def details_of(
    by: str,
    metadata: Metadata = NO_METADATA,
    digest: str | None = None,
    source: str | None = None,
    strategy: str | None = None,
) -> Details | None:
    """Return the details of a row; `None` if all of them have their defaults."""
    if not by and metadata is NO_METADATA and digest is source is strategy is None:
        return None
    return by, metadata, digest, source, strategy


def written(row: Row) -> dict[str, Any]:
    """Return the row as plain JSON types; a key that has its default is left out."""
    kind, version, at, reason, details = row
    by, metadata, digest, source, strategy = details or NO_DETAILS
    data: dict[str, Any] = {"kind": kind, "version": version}
    if metadata is not NO_METADATA:
        data["metadata"] = dict(metadata)
    if digest is not None:
        data["digest"] = digest
    if source is not None:
        data["source"], data["strategy"] = source, strategy
    if at is not None:
        data["at"] = at.isoformat()
    if reason:
        data["reason"] = reason
    if by:
        data["by"] = by
    return data


def as_columns(row: Row) -> Columns:
    """Return the columns of one row."""
    kind, version, at, reason, details = row
    return [kind], [version], [at], [reason], [details]


def usual_columns(events: list[Any], known: Container[str]) -> Columns | None:
    """Return the columns of events that are written as nearly all are, or `None`.

    Args:
        events: Events as plain data.
        known: Labels that were checked.
    """
    try:
        return _columns(events, known) if _types(events) == {dict} else None
    except Exception:  # noqa: BLE001  # whatever is wrong is said by what reads them one by one
        return None


def _columns(events: list[dict[str, Any]], known: Container[str]) -> Columns | None:
    number = len(events)
    kinds: list[EventKind] = [NAMES[event["kind"]] for event in events]
    versions: list[str] = [event["version"] for event in events]
    if _types(versions) != {str}:
        return None
    texts.check_labels({version for version in versions if version not in known})
    rest = sum(map(len, events)) - 2 * number  # How many keys they have that were not read yet.
    times: list[Any] = [event.get("at") for event in events] if rest else [None] * number
    rest -= number - times.count(None)
    reasons, rest = _texts(events, "reason", rest)
    who, rest = _texts(events, "by", rest)
    details: list[Details | None] = [(by, *_NOTHING_ELSE) if by else None for by in who]
    if rest or not _NEEDY.isdisjoint(kinds):
        for place, kind in enumerate(kinds):
            if _OWN[kind]:
                values = _own(kind, events[place])
                if values:
                    details[place] = details_of(who[place], **values)
                    rest -= len(values)
    return None if rest else (kinds, versions, read_times(times), reasons, details)


def _texts(events: list[dict[str, Any]], key: str, rest: int) -> tuple[list[str], int]:
    """Return the texts under a key, and how many keys are not read yet."""
    number = len(events)
    if not rest:
        return [""] * number, rest
    values = [event.get(key) for event in events]
    found = [value for value in values if value is not None]
    if not _types(found) <= {str}:
        raise TypeError(key)
    _ = texts.text("".join(found), key)
    return [value or "" for value in values], rest - len(found)


def _own(kind: EventKind, event: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the keys that not all kinds have."""
    values: dict[str, Any] = {}
    for key, read, lacking in _OWN[kind]:
        if key in event or lacking is not None:
            values[key] = value = read(event[key])
            if value is lacking:
                raise ValueError(key)
    return values


def _types(values: Iterable[object]) -> set[type]:
    return set(map(type, values))
