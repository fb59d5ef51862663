"""Reading plain data: objects with known keys, and the place of everything wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias, cast

from lastgood._basics.errors import InvalidData
from lastgood._basics.messages import listed, shown

#: Turns one value of the data into what it stands for, or raises `TypeError` or `ValueError`.
Reader: TypeAlias = Callable[[Any], object]


# A subclass may redefine its methods; these see what it holds.
items_of: Callable[[object], Iterable[tuple[object, object]]] = cast("Any", dict).items
_copied: Callable[[object], list[object]] = cast("Any", list).copy


def read_object(
    data: object,
    readers: Mapping[str, Reader],
    *,
    required: Collection[str],
    place: str,
) -> dict[str, Any]:
    """Read an object key by key, and return the values.

    Args:
        data: The object, a `dict`.
        readers: The keys that the object may have, with the readers of their values.
        required: The keys that it must have.
        place: Where the object stands in the data; ``""`` for the whole.

    Raises:
        InvalidData: Something is wrong with the data; the message begins with the place.
    """
    if not isinstance(data, dict):
        hint = ": write json.loads(text)" if isinstance(data, str) and not place else ""
        raise InvalidData(place or "data", f"must be an object, not {shown(data)}{hint}")
    values: dict[str, Any] = {}
    for given, value in items_of(cast("object", data)):
        key = str.__str__(given) if isinstance(given, str) else ""
        if key not in readers:
            known = listed(list(readers), longest=len(readers))
            problem = f"unknown key {shown(given)}; expected one of {known}"
            raise InvalidData(place or "data", problem)
        values[key] = read_value(value, readers[key], place, key)
    for key in required:
        if key not in values:
            raise InvalidData(within(place, key), "the key is missing")
    return values


def read_value(value: object, reader: Reader, place: str, key: str = "") -> object:
    """Read one value. An error of its reader becomes `InvalidData` at the place of the value.

    Args:
        value: The value.
        reader: Its reader.
        place: Where the value stands in the data; with a key, where its object stands.
        key: The key of the value. It is joined with the place only if something is wrong.
    """
    if value is None:
        raise InvalidData(within(place, key), "must not be null")
    try:
        return reader(value)
    except InvalidData:
        raise
    except (TypeError, ValueError) as error:
        raise InvalidData(within(place, key), str(error)) from error


def read_list(data: object, place: str) -> list[object]:
    """Return the data as a list.

    Raises:
        InvalidData: The data are not a list.
    """
    if not isinstance(data, list):
        raise InvalidData(place, f"must be a list, not {shown(data)}")
    return _copied(cast("object", data))


def within(place: str, key: str) -> str:
    """Return the place of a key of the object at the place."""
    return f"{place}.{key}" if place and key else place or key
