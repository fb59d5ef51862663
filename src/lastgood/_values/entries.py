"""Entries: what a store keeps of each event, as plain data.

The rules of this module:

1. An entry has the event, the format of its data, and the fingerprint of all events up to it.
2. So each entry says which entries must come before it, and which release can read it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from lastgood._basics.data import Reader, items_of, read_object, read_value
from lastgood._basics.errors import InvalidData
from lastgood._basics.frozen import named
from lastgood._basics.messages import compiled, shown
from lastgood._basics.numbers import whole
from lastgood._basics.texts import fingerprint as read_fingerprint
from lastgood._values.event import Event, read_event
from lastgood._values.fingerprint import NOTHING, continued


@named("lastgood")
def to_entries(events: Iterable[Event], *, after: str = NOTHING) -> list[dict[str, Any]]:
    """Return what a store keeps of events, one entry for each.

    An entry has ``event``, what `Event.to_dict` returns; ``format``, the format of that; and
    ``fingerprint``, that of all events of the record up to this one.

    Args:
        events: The events, oldest first.
        after: The fingerprint of the events before them. The default is that of no events.

    Returns:
        The entries, of plain JSON types. The fingerprint of the last one is that of the record.

    Raises:
        TypeError: ``after`` is not a `str`, or ``events`` has something that is not an event.
        ValueError: ``after`` is not the fingerprint of a registry.

    >>> from lastgood import VersionRegistry, to_entries
    >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
    >>> to_entries(registry.events[1:], after=registry.at_revision(1).fingerprint)
    [{'format': 1, 'fingerprint': '2-eaae5a58', 'event': {'kind': 'deployed', 'version': 'v1.0'}}]
    """
    _ = _revision(after)
    entries: list[dict[str, Any]] = []
    for event in events:
        if not isinstance(event, Event):
            raise TypeError(f"events must be events, not {shown(event)}")
        after = continued(after, event)
        entries.append({"format": event.format, "fingerprint": after, "event": event.to_dict()})
    return entries


@named("lastgood")
def from_entries(entries: Iterable[object], *, after: str = NOTHING) -> tuple[Event, ...]:
    """Return the events of the entries that a store kept, after checking that none is missing.

    A `ValueError` that the iterable raises for an entry, such as that of `json.loads` for a torn
    text, is reported as `InvalidData` as well: write ``from_entries(map(json.loads, lines))``.

    Args:
        entries: The entries, oldest first.
        after: The fingerprint of the events before them. The default is that of no events.

    Returns:
        The events, oldest first.

    Raises:
        InvalidData: An entry has a format that this release does not read, is not valid, or does
            not follow the one before it. The message begins with its place in the record.
        TypeError: ``after`` is not a `str`.
        ValueError: ``after`` is not the fingerprint of a registry.

    >>> from lastgood import VersionRegistry, from_entries, to_entries
    >>> registry = VersionRegistry().register("v1.0").register("v1.1").deploy("v1.1")
    >>> entries = to_entries(registry.events)
    >>> from_entries(entries) == tuple(registry.events)
    True
    >>> from_entries([entries[0], entries[2]])
    Traceback (most recent call last):
    ...
    lastgood.InvalidData: entries[1].fingerprint: 3-... does not follow 1-...: entries before it ...
    """
    events: list[Event] = []
    for place, entry in _places(entries, _revision(after)):
        _check_format(entry, place)
        read = read_object(entry, _READERS, required=_READERS, place=place)
        event = read_event(read["event"], f"{place}.event")
        follows = continued(after, event)
        if read["fingerprint"] != follows:
            raise InvalidData(
                f"{place}.fingerprint",
                f"{read['fingerprint']} does not follow {after}: entries before it are missing, "
                "or it was changed",
            )
        events.append(event)
        after = follows
    return tuple(events)


def _places(entries: Iterable[object], first: int) -> Iterator[tuple[str, object]]:
    """Yield each entry behind its place in the record; what cannot be read is `InvalidData`."""
    remaining = iter(entries)
    number = first
    while True:
        place = f"entries[{number}]"
        try:
            entry = next(remaining)
        except StopIteration:
            return
        except (ValueError, RecursionError) as error:
            raise InvalidData(place, f"cannot be read: {error}") from error
        yield place, entry
        number += 1


def _check_format(entry: object, place: str) -> None:
    """Raise `InvalidData` for a format of a later release, before anything else is read."""
    if isinstance(entry, dict):
        for key, value in items_of(cast("object", entry)):
            if key == "format":
                _ = read_value(value, _read_format, place, "format")


def _read_format(value: object) -> int:
    number = whole(value)
    if type(number) is not int or number != Event.format:
        raise ValueError(f"{shown(value)} is not supported; this release reads {Event.format}")
    return number


_READERS: Final[dict[str, Reader]] = {
    "format": _read_format,
    "fingerprint": read_fingerprint,
    "event": lambda data: data,
}


def _revision(fingerprint: str) -> int:
    """Return the number of events that a fingerprint is of."""
    found = compiled(r"([0-9]+)-[0-9a-f]{8}").fullmatch(read_fingerprint(fingerprint))
    if found is None:
        raise ValueError(
            f"after must be the fingerprint of a registry, such as {NOTHING!r}, "
            f"not {shown(fingerprint)}"
        )
    return int(found[1])
