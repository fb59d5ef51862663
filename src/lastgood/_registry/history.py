"""A fact that changes: what it was at every revision, in memory proportional to its changes."""

from bisect import bisect_right
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class History(Generic[T]):
    """The values of one fact, each with the revision since which it holds.

    It only ever grows, and a reader asks about revisions that were complete before it asked; so
    readers need no lock. A value is in place before its revision, which is what readers look at.
    """

    __slots__ = ("_revisions", "values")

    _revisions: list[int]
    #: All values, later ones than a reader may see as well: `count` says how many it may.
    values: list[T]

    def __init__(self) -> None:
        self._revisions = []
        self.values = []

    def add(self, revision: int, value: T) -> None:
        """Say that the value holds from the revision on, which is later than all before it."""
        self.values.append(value)
        self._revisions.append(revision)

    def count(self, revision: int) -> int:
        """Return how many values there were by the revision."""
        revisions = self._revisions
        count = len(revisions)
        if not count or revisions[count - 1] <= revision:
            return count
        return bisect_right(revisions, revision)

    def at(self, revision: int) -> T | None:
        """Return the value that held at the revision, or `None` before the first."""
        # As `count`, and a call less: this is what everything asks.
        revisions = self._revisions
        count = len(revisions)
        if count and revisions[count - 1] > revision:
            count = bisect_right(revisions, revision)
        return self.values[count - 1] if count else None

    def __getitem__(self, place: int) -> T:
        return self.values[place]

    def revision(self, place: int) -> int:
        """Return the revision since which the value at the place holds."""
        return self._revisions[place]

    def until(self, revision: int) -> "History[T]":
        """Return a copy of it as it was at the revision."""
        count = self.count(revision)
        copy = cast("History[T]", object.__new__(History))
        copy.values = self.values[:count]
        copy._revisions = self._revisions[:count]
        return copy
