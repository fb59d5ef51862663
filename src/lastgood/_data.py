"""Reading plain data: objects with known keys, and the place of whatever is wrong in them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias, cast

from lastgood._errors import InvalidData
from lastgood._show import listed, shown

#: Turns one value of the data into what it stands for, or raises `TypeError` or `ValueError`.
Reader: TypeAlias = Callable[[Any], object]


# A subclass may make of its methods what it likes; these see what is in it.
items_of: Callable[[object], Iterable[tuple[object, object]]] = cast("Any", dict).items
_copied: Callable[[object], list[object]] = cast("Any", list).copy


def read_object(
    data: object,
    readers: Mapping[str, Reader],
    *,
    required: Collection[str],
    place: str,
) -> dict[str, Any]:
    """Read an object key by key, and return the values that its readers made.

    Args:
        data: The object, a `dict`.
        readers: What reads the value of each key that the object may have.
        required: The keys that it must have.
        place: Where the object stands in the data; ``""`` for the whole.

    Raises:
        InvalidData: Something is wrong; the message begins with the place.
    """
    if not isinstance(data, dict):
        hint = ": write json.loads(text)" if isinstance(data, str) and not place else ""
        raise InvalidData(place or "data", f"expected an object, not {shown(data)}{hint}")
    values: dict[str, Any] = {}
    for given, value in items_of(cast("object", data)):
        key = str.__str__(given) if isinstance(given, str) else ""
        if key not in readers:
            known = listed(list(readers), longest=len(readers))
            raise InvalidData(place or "data", f"unknown key {shown(given)}; there are {known}")
        values[key] = read_value(value, readers[key], place, key)
    for key in required:
        if key not in values:
            raise InvalidData(within(place, key), "the key is missing")
    return values


def read_value(value: object, reader: Reader, place: str, key: str = "") -> object:
    """Read one value; whatever its reader says against it becomes `InvalidData` at its place.

    Args:
        value: The value.
        reader: What reads it.
        place: Where it stands in the data; with a key, where the object stands that has it.
        key: Put into words with the place only where something is wrong.
    """
    if value is None:
        raise InvalidData(within(place, key), "null is no value here")
    try:
        return reader(value)
    except InvalidData:
        raise
    except (TypeError, ValueError) as error:
        raise InvalidData(within(place, key), str(error)) from error


def read_list(data: object, place: str) -> list[object]:
    """Return the data where it is a list.

    Raises:
        InvalidData: It is something else.
    """
    if not isinstance(data, list):
        raise InvalidData(place, f"expected a list, not {shown(data)}")
    return _copied(cast("object", data))


def within(place: str, key: str) -> str:
    """Return the place of a key of the object at the place."""
    return f"{place}.{key}" if place and key else place or key
