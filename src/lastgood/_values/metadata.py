"""What is known of a version besides its label: a flat, frozen table of plain values.

The rules of this module:

1. A value is kept as an exact `str`, `int`, `float` or `bool`, or as `None`.
2. An integer fits in 64 bits, and a float is finite, so that every language can read it.
3. A command refuses what does not fit. Data are read as they were meant: JavaScript writes the
   float 3.1e20 as a whole number, so a whole number beyond 64 bits is read as the float it was.
"""

import math
from collections.abc import Callable, ItemsView, Iterator, Mapping
from typing import Any, Final, TypeAlias, cast, final

from typing_extensions import override

from lastgood._basics.data import items_of
from lastgood._basics.errors import InvalidMetadata
from lastgood._basics.frozen import Frozen, fill, named, setters
from lastgood._basics.messages import shown
from lastgood._basics.numbers import GREATEST, SMALLEST, in_64_bits
from lastgood._basics.texts import is_encodable

#: What the metadata of a version may hold under a key.
MetadataValue: TypeAlias = str | int | float | bool | None

#: The greatest float, as an integer. A greater number is refused, even if it would be rounded down
#: to it, so that the schemas can say the same.
_GREATEST_FLOAT: Final = int(1.7976931348623157e308)


@named("lastgood")
@final
class Metadata(Frozen, Mapping[str, MetadataValue]):
    """A frozen copy of a table of plain values; equal to any mapping with the same items.

    Unlike in a `dict`, a truth value equals no number, since they do not mean the same.

    >>> from lastgood import VersionRegistry
    >>> VersionRegistry().register("v1", metadata={"auc": 0.91})["v1"].metadata == {"auc": 0.91}
    True
    """

    __slots__ = ("_items",)

    _items: dict[str, MetadataValue]

    def __init__(self, items: Mapping[str, MetadataValue], /) -> None:
        if not isinstance(items, Mapping):
            raise TypeError(f"metadata must be a mapping, not {shown(items)}")
        given = cast("Mapping[object, object]", items)
        fill(self, "_items", dict(_item(key, value) for key, value in given.items()))

    @override
    def __getitem__(self, key: str, /) -> MetadataValue:
        return self._items[key]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    @override
    def __len__(self) -> int:
        return len(self._items)

    @override
    def items(self) -> ItemsView[str, MetadataValue]:
        """Return the keys with their values."""
        return self._items.items()

    @override
    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    @override
    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if not isinstance(other, Mapping):
            return NotImplemented
        items = dict(cast("Mapping[str, MetadataValue]", other))
        return self._items == items and all(
            same_value(value, items[key]) for key, value in self._items.items()
        )

    @override
    def __repr__(self) -> str:
        return repr(self._items)

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return Metadata._restored, (self._items,)

    @classmethod
    def _restored(cls, items: dict[str, MetadataValue]) -> "Metadata":
        """Return what was pickled. As a method it leaves only its class in pickles."""
        return _made(items)


#: The metadata of a version that has none: nothing else is empty.
NO_METADATA: Final = Metadata({})


def frozen_copy(items: Mapping[str, MetadataValue]) -> Metadata:
    """Return a frozen copy of the items, checked.

    Raises:
        TypeError: The items are not a mapping.
        InvalidMetadata: A key is not a text, or a value is nested, too large or not finite.
    """
    if isinstance(items, Metadata):
        return items or NO_METADATA
    usual = _usual(items)
    return usual if usual is not None else Metadata(items) or NO_METADATA


def read_metadata(data: object) -> Metadata:
    """Read metadata from plain data.

    Raises:
        TypeError: The data are not a `dict`.
        InvalidMetadata: A key is not a text, or a value is nested, too large or not finite.
    """
    usual = _usual(data)
    if usual is not None:
        return usual
    if not isinstance(data, dict):
        raise TypeError(f"must be an object, not {shown(data)}")
    items: dict[Any, Any] = {k: as_written(v) for k, v in items_of(cast("object", data))}
    return Metadata(items) or NO_METADATA


def laid_over(before: Metadata, metadata: Metadata) -> Metadata:
    """Return the items of both; where they have a key in common, those of the second."""
    return _made({**before, **metadata})


def _usual(data: Any) -> Metadata | None:  # noqa: ANN401  # whatever was given
    """Return metadata as nearly all are; `None` for what must be looked at more closely."""
    if type(data) is not dict:
        return None
    items = cast("dict[object, object]", data).copy()
    value: object
    for key, value in items.items():
        if type(key) is not str or not key.isascii():
            return None
        is_usual = _USUAL.get(type(value))
        if is_usual is None or not is_usual(value):
            return None
    return _made(items)


#: Whether a value of a type needs no closer look.
_USUAL: Final[Mapping[type, Callable[[Any], bool]]] = {
    str: str.isascii,
    float: math.isfinite,
    int: lambda value: SMALLEST <= value <= GREATEST,
    bool: lambda _: True,
    type(None): lambda _: True,
}


def _made(items: dict[Any, Any]) -> Metadata:
    if not items:
        return NO_METADATA
    made = Metadata.__new__(Metadata)  # It was checked, and is nobody else's.
    _set_items(made, items)
    return made


(_set_items,) = setters(Metadata)


def as_written(value: object) -> object:
    """Return the float that a whole number beyond 64 bits was, and any other value as it is.

    A number that is not finite as a float stays as it is, and is refused later.
    """
    if not isinstance(value, int):
        return value
    number = int.__index__(value)
    if in_64_bits(number) or abs(number) > _GREATEST_FLOAT:
        return value
    return float(number)


def same_value(one: MetadataValue, other: MetadataValue) -> bool:
    """Whether two values are the same: equal, and both or neither a truth value."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _item(key: object, value: object) -> tuple[str, MetadataValue]:
    if not isinstance(key, str):
        raise InvalidMetadata(key, "has a key that is not a str: write str(key)")
    key = str.__str__(key)
    if not is_encodable(key):
        raise InvalidMetadata(key, "has a key with a lone surrogate")
    return key, plain(key, value)


def plain(key: str, value: object) -> MetadataValue:
    """Return the value under a key as an exact plain one: an `IntEnum` becomes an `int`.

    Raises:
        InvalidMetadata: The value is nested, too large or not finite, or has a lone surrogate.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not is_encodable(value):
            raise InvalidMetadata(key, "has a lone surrogate")
        return str.__str__(value)
    if isinstance(value, int):
        whole = int.__index__(value)
        if not in_64_bits(whole):
            raise InvalidMetadata(key, "must fit in 64 bits: write float(value) or str(value)")
        return whole
    if isinstance(value, float):
        number = float.__float__(value)
        if not math.isfinite(number):
            raise InvalidMetadata(key, f"must be finite, not {number}: leave the key out")
        return number
    raise InvalidMetadata(
        key, f"must be a str, int, float, bool or None, not {shown(value)}{_remedy(value)}"
    )


def _remedy(value: object) -> str:
    """Return what to write for a value of NumPy, or of a library that follows it."""
    has_item = any("item" in vars(each) for each in type(value).__mro__)
    return ": write value.item()" if has_item else ""
