"""What is known of a version besides its label: a flat, frozen table of plain values."""

import math
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, cast, final

from typing_extensions import override

from lastgood._errors import InvalidMetadata
from lastgood._frozen import Frozen, fill
from lastgood._number import GREATEST
from lastgood._show import shown
from lastgood._text import is_encodable

#: What the metadata of a version may hold under a key.
MetadataValue: TypeAlias = str | int | float | bool | None

_SMALLEST: Final = -(2**63)


@final
class Metadata(Frozen, Mapping[str, MetadataValue]):
    """A frozen copy of a table of plain values; equal to any mapping with the same items.

    Unlike in a `dict`, a truth value equals no number, since they do not mean the same.
    """

    __slots__ = ("_items",)

    _items: dict[str, MetadataValue]

    def __init__(self, items: Mapping[str, MetadataValue], /) -> None:
        if not isinstance(items, Mapping):
            raise TypeError(f"metadata is a mapping, and {shown(items)} is none")
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
        return Metadata, (self._items,)


#: The metadata of a version that has none.
NO_METADATA: Final = Metadata({})


def frozen_copy(items: Mapping[str, MetadataValue]) -> Metadata:
    """Return a frozen copy of the items, checked.

    Raises:
        TypeError: They are no mapping.
        InvalidMetadata: A key is no text, or a value is nested, too large or not finite.
    """
    return items if isinstance(items, Metadata) else Metadata(items)


def same_value(one: MetadataValue, other: MetadataValue) -> bool:
    """Whether two values are the same: equal, and both or neither a truth value."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _item(key: object, value: object) -> tuple[str, MetadataValue]:
    if not isinstance(key, str):
        raise InvalidMetadata(key, "is under a key that is no str: write str(key)")
    key = str.__str__(key)
    if not is_encodable(key):
        raise InvalidMetadata(key, "is under a key with a lone surrogate")
    return key, plain(key, value)


def plain(key: str, value: object) -> MetadataValue:
    """Return the value under a key as an exact plain one: a NumPy float becomes what it is.

    Raises:
        InvalidMetadata: It is nested, too large, not finite, or has a lone surrogate.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not is_encodable(value):
            raise InvalidMetadata(key, "has a lone surrogate")
        return str.__str__(value)
    if isinstance(value, int):
        whole = int.__index__(value)
        if not _SMALLEST <= whole <= GREATEST:
            raise InvalidMetadata(key, "is an int that does not fit in 64 bits: write str(value)")
        return whole
    if isinstance(value, float):
        number = float.__float__(value)
        if not math.isfinite(number):
            raise InvalidMetadata(key, f"is {number}: leave out what is not finite")
        return number
    raise InvalidMetadata(
        key, f"is {shown(value)}: only str, int, float, bool and None are kept, without nesting"
    )
