"""The registered versions in the order of SemVer precedence.

The rules of this module:

1. An order is never changed: readers share it. What brings it up to date is a new order.
2. An order has all labels up to some place, sorted, and a few later ones in a list of their own, so
   that a new label costs little.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, Self, TypeAlias

from lastgood._registry.record import Record
from lastgood._values.semver import SemVer

#: The precedence of a version as one string, and its place in the order of registration.
Entry: TypeAlias = tuple[str, int]

#: How many later labels are kept apart at most, whatever the number of the others.
_FEW: Final = 64
#: An order with this many times more labels than asked for is not worth wading through.
_FAR: Final = 16


class PrecedenceOrder:
    """The places of those labels that are SemVer, sorted by precedence."""

    __slots__ = ("_count", "_later", "_sorted")

    _sorted: list[Entry]
    _later: list[Entry]
    #: How many labels it covers.
    _count: int

    def __init__(self, entries: list[Entry], later: list[Entry], count: int) -> None:
        self._sorted = entries
        self._later = later
        self._count = count

    @classmethod
    def of(cls, order: Sequence[Record], count: int) -> Self:
        """Return the order of the first ``count`` labels."""
        return cls(sorted(_entries(order, 0, count)), [], count)

    def is_far_beyond(self, count: int) -> bool:
        """Whether sorting the first ``count`` labels is less work than leaving out the others."""
        return count * _FAR < self._count

    def caught_up(self, order: Sequence[Record], count: int) -> "PrecedenceOrder":
        """Return an order with at least the first ``count`` labels."""
        if count <= self._count:
            return self
        later = sorted([*self._later, *_entries(order, self._count, count)])
        if len(later) ** 2 <= max(_FEW**2, len(self._sorted)):
            return PrecedenceOrder(self._sorted, later, count)
        # Sorting two sorted lists merges them.
        return PrecedenceOrder(sorted(self._sorted + later), [], count)

    def groups_below(self, precedence: str) -> Iterator[list[int]]:
        """Return the places of lower precedence, the highest first, equal ones together."""
        bound = (precedence, -1)
        one, other = bisect_left(self._sorted, bound), bisect_left(self._later, bound)
        while one or other:
            key = max(
                self._sorted[one - 1][0] if one else "", self._later[other - 1][0] if other else ""
            )
            group: list[int] = []
            while other and self._later[other - 1][0] == key:
                other -= 1
                group.append(self._later[other][1])
            while one and self._sorted[one - 1][0] == key:
                one -= 1
                group.append(self._sorted[one][1])
            yield group


def _entries(order: Sequence[Record], start: int, stop: int) -> Iterator[Entry]:
    for place in range(start, stop):
        semver = SemVer.from_label(order[place].label)
        if semver is not None:
            yield semver.precedence, place
