"""A fact that changes: what it was at every revision, in memory proportional to its changes.

The rules of this module:

1. What is told here is never changed, so readers and forks share it.
2. A fact that seldom changes is a chain (`History`), one that changes with most events is two lists
   (`Series`).
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """A value of a fact, the revision since which it holds, and the history before it."""

    __slots__ = ("before", "depth", "jump", "revision", "value")

    revision: int
    value: T
    #: What was before it; `None` at the first.
    before: History[T] | None
    #: One further back, which makes finding what held at a revision cheap
    #: (Myers, 1983, "An applicative random-access stack").
    jump: History[T] | None
    #: How many there are before it.
    depth: int

    def __init__(self, revision: int, value: T, before: History[T] | None = None) -> None:
        self.revision = revision
        self.value = value
        self.before = self.jump = before
        self.depth = 0
        if before is not None:
            self.depth, far = before.depth + 1, before.jump
            further = None if far is None else far.jump
            if far and further and before.depth - far.depth == far.depth - further.depth:
                self.jump = further

    def at(self, revision: int) -> History[T] | None:
        """Return the history up to the revision, which begins with what held then.

        It is `None` before the first.
        """
        known: History[T] | None = self
        while known is not None and known.revision > revision:
            jump = known.jump
            known = jump if jump is not None and jump.revision > revision else known.before
        return known


class Series(Generic[T]):
    """The values of one fact, each with the revision since which it holds.

    It only ever grows, and a reader asks about revisions that were complete before it asked; so
    readers need no lock. A value is in place before its revision, which is what readers look at.
    """

    __slots__ = ("_revisions", "_values")

    _revisions: list[int]
    #: All values, later ones than a reader may see as well.
    _values: list[T]

    def __init__(self) -> None:
        self._revisions = []
        self._values = []

    def add(self, revision: int, value: T) -> None:
        """Say that the value holds from the revision on, which is later than all before it."""
        self._values.append(value)
        self._revisions.append(revision)

    def count(self, revision: int) -> int:
        """Return how many values there were by the revision."""
        revisions = self._revisions
        count = len(revisions)
        if count and revisions[count - 1] > revision:
            return bisect_right(revisions, revision)
        return count

    def at(self, revision: int) -> T | None:
        """Return the value that held at the revision, or `None` before the first."""
        count = self.count(revision)
        return self._values[count - 1] if count else None

    def __getitem__(self, place: int) -> T:
        return self._values[place]

    def revision(self, place: int) -> int:
        """Return the revision since which the value at the place holds."""
        return self._revisions[place]

    def until(self, revision: int) -> Series[T]:
        """Return a copy of it as it was at the revision."""
        copy: Series[T] = Series()
        count = self.count(revision)
        copy._values = self._values[:count]
        copy._revisions = self._revisions[:count]
        return copy
