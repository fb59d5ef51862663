"""The registered versions in the order of SemVer precedence.

The rules of this module:

1. An order is never changed: readers share it. What brings it up to date is a new order.
2. An order has all labels up to some place, sorted, and a few later ones in a list of their own, so
   that a new label costs little.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, Self, TypeAlias

from lastgood._registry.record import Record
from lastgood._values.semver import precedence_of

#: The precedence of a version as one string, and its place in the order of registration.
Entry: TypeAlias = tuple[str, int]

#: How many later labels are kept apart at most, whatever the number of the others.
_FEW: Final = 64
#: An order with this many times more labels than asked for is not worth wading through.
_FAR: Final = 16


class Precedence:
    """The versions of a ledger in the order of precedence."""

    __slots__ = ("_latest", "_versions")

    #: In the order of registration.
    _versions: Sequence[Record]
    #: The latest order that was made, which another reader may replace at any time.
    _latest: _Order | None

    def __init__(self, versions: Sequence[Record]) -> None:
        self._versions = versions
        self._latest = None

    def below(self, precedence: str, count: int, tip: int) -> Iterator[Record]:
        """Return the versions of lower precedence, the highest first.

        Of equal ones the most recently deployed comes first, then the most recently registered.

        Args:
            precedence: The precedence.
            count: How many versions, in the order of registration, are looked at.
            tip: The place of the latest deployment that is looked at.
        """
        versions, order = self._versions, self._order_of(count)
        equal: list[Record] = []

        def step() -> Record | None:
            nonlocal precedence, equal
            while not equal:
                below = order.below(precedence)
                if below is None:
                    return None
                precedence, places = below
                equal += [versions[place] for place in places if place < count]
                if len(equal) > 1:
                    equal.sort(key=lambda each: (each.last_deployment(tip), each.registered))
            return equal.pop()

        return iter(step, None)  # Unlike a generator, it costs nothing to leave it half way.

    def _order_of(self, count: int) -> _Order:
        """Return an order with at least the first ``count`` labels."""
        known = self._latest or _Order.of(self._versions, count)
        order = known.caught_up(self._versions, count)
        if order.count >= known.count:
            self._latest = order
        return order


class _Order:
    """The places of those labels that are SemVer, sorted by precedence."""

    __slots__ = ("_later", "_sorted", "count")

    _sorted: list[Entry]
    _later: list[Entry]
    #: How many labels it covers.
    count: int

    def __init__(self, entries: list[Entry], later: list[Entry], count: int) -> None:
        self._sorted = entries
        self._later = later
        self.count = count

    @classmethod
    def of(cls, order: Sequence[Record], count: int) -> Self:
        """Return the order of the first ``count`` labels."""
        return cls(sorted(_entries(order, 0, count)), [], count)

    def caught_up(self, order: Sequence[Record], count: int) -> _Order:
        """Return an order with at least the first ``count`` labels.

        One of few labels is made anew: that is less work than leaving out all the others.
        """
        if count <= self.count:
            return self if count * _FAR >= self.count else _Order.of(order, count)
        later = sorted([*self._later, *_entries(order, self.count, count)])
        if len(later) ** 2 <= max(_FEW**2, len(self._sorted)):
            return _Order(self._sorted, later, count)
        # Sorting two sorted lists merges them.
        return _Order(sorted(self._sorted + later), [], count)

    def below(self, precedence: str) -> tuple[str, list[int]] | None:
        """Return the next lower precedence, and the places that have it; `None` at the end."""
        bound = (precedence, -1)
        one, other = bisect_left(self._sorted, bound), bisect_left(self._later, bound)
        if not one and not other:
            return None
        key = self._sorted[one - 1][0] if one else ""
        if not other:
            return key, _with_key(self._sorted, key, one)
        key = max(key, self._later[other - 1][0])
        return key, _with_key(self._sorted, key, one) + _with_key(self._later, key, other)


def _with_key(entries: list[Entry], key: str, end: int) -> list[int]:
    """Return the places of the entries with this key, which are the last before the end."""
    start = end
    if start and entries[start - 1][0] == key:
        start -= 1  # Mostly it is the only one.
        if start and entries[start - 1][0] == key:
            start = bisect_left(entries, (key, -1), 0, start)
    return [place for _, place in entries[start:end]]


def _entries(order: Sequence[Record], start: int, stop: int) -> Iterator[Entry]:
    for place in range(start, stop):
        precedence = precedence_of(order[place].label)
        if precedence is not None:
            yield precedence, place
