"""Read-only sequences that cost what is read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, cast, final, overload

from typing_extensions import override

from lastgood._basics.frozen import Frozen, fill

T_co = TypeVar("T_co", covariant=True)


@final
class Lazy(Frozen, Sequence[T_co], Generic[T_co]):
    """A sequence whose items are looked up as they are read; slices are tuples.

    It equals any lazy sequence, tuple or list of equal items. Its pickle is a tuple.
    """

    __slots__ = ("_item", "_length")

    _item: Callable[[int], T_co]
    _length: int

    def __init__(self, length: int, item: Callable[[int], T_co]) -> None:
        fill(self, "_length", length)
        fill(self, "_item", item)

    @overload
    def __getitem__(self, index: int, /) -> T_co: ...
    @overload
    def __getitem__(self, index: slice, /) -> tuple[T_co, ...]: ...
    @override
    def __getitem__(self, index: int | slice, /) -> T_co | tuple[T_co, ...]:
        places = range(self._length)[index]
        return self._item(places) if isinstance(places, int) else tuple(map(self._item, places))

    @override
    def __iter__(self) -> Iterator[T_co]:
        return map(self._item, range(self._length))

    @override
    def __reversed__(self) -> Iterator[T_co]:
        return map(self._item, range(self._length - 1, -1, -1))

    @override
    def __len__(self) -> int:
        return self._length

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lazy | tuple | list):
            return NotImplemented
        return tuple(self) == tuple(cast("Sequence[object]", other))

    @override
    def __hash__(self) -> int:
        return hash(tuple(self))

    @override
    def __repr__(self) -> str:
        return repr(tuple(self))

    def _repr_html_(self) -> str:
        """Return the latest items as a table of HTML, which is what a notebook shows."""
        from lastgood.render._tables import rows  # noqa: PLC0415  # paid for where it is shown

        return rows(self)

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (tuple(self),)
