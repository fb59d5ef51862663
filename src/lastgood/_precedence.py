"""The registered versions in the order of SemVer precedence, brought up to date when asked."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final, TypeAlias

from lastgood._history import History
from lastgood._semver import SemVer

#: The precedence of a version as one string, and its place in the order of registration.
Entry: TypeAlias = tuple[str, int]

#: Where more than one in so many is new, sorting all of them beats inserting each.
_FEW: Final = 16


class PrecedenceOrder:
    """The places of those labels that are versions, sorted by precedence.

    Readers bring it up to date, several at once if need be. An entry may then be inserted twice,
    which does no harm: whoever walks it only ever goes strictly down.
    """

    __slots__ = ("_count", "_entries")

    _entries: list[Entry]
    #: How many labels are in it; raised only after they are.
    _count: int

    def __init__(self, labels: History[str], count: int) -> None:
        self._entries = sorted(_entries(labels, 0, count))
        self._count = count

    def is_far_beyond(self, count: int) -> bool:
        """Whether it has so many labels more that sorting the few anew is less work."""
        return count * _FEW < self._count

    def caught_up(self, labels: History[str], count: int) -> "PrecedenceOrder":
        """Return the order with the first so many labels: this one, or a new one."""
        missing = count - self._count
        if missing * _FEW > self._count:
            return PrecedenceOrder(labels, count)
        for entry in _entries(labels, self._count, count):
            insort(self._entries, entry)
        self._count = max(self._count, count)
        return self

    def groups_below(self, precedence: str) -> Iterator[list[int]]:
        """Return the places of lower precedence, the highest first, equal ones together."""
        entry = self._before((precedence, -1))
        while entry is not None:
            key = entry[0]
            group: list[int] = []
            while entry is not None and entry[0] == key:
                group.append(entry[1])
                entry = self._before(entry)
            yield group

    def _before(self, bound: Entry) -> Entry | None:
        """Return the greatest entry that is less than the bound."""
        while True:
            place = bisect_left(self._entries, bound)
            if place == 0:
                return None
            found, *after = self._entries[place - 1 : place + 1]
            # Another reader may have inserted something between the two look-ups above, and so
            # moved what was looked for up by a place.
            if not after or after[0] >= bound:
                return found


def _entries(labels: History[str], start: int, stop: int) -> Iterator[Entry]:
    for place in range(start, stop):
        semver = SemVer.from_label(labels[place])
        if semver is not None:
            yield semver.precedence, place
