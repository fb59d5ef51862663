"""When something happened, as far as the recorded times tell.

The rules of this module:

1. An event happened no earlier than the latest time recorded up to it, and no later than the
   earliest time recorded by it or after it. Without a later time, the end is not known.
2. Where the two bounds cross, a clock was wrong, and nothing between them is known.
3. A verdict bounds nothing: it may come late, with the time of the alarm.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeAlias

from lastgood._basics.kinds import KINDS, EventKind
from lastgood._basics.times import later
from lastgood._registry.history import Series

#: The earliest and the latest time at which an event may have happened; `None` where nothing tells.
Span: TypeAlias = tuple[datetime | None, datetime | None]

#: The kinds of event that judge a version.
_VERDICTS: Final = frozenset(kind for kind, row in KINDS.items() if row.is_verdict)

#: The place before the first time.
_ROOT: Final = 0


class Bounds:
    """The times of a ledger: those that go forward, and apart from them the few that go back."""

    __slots__ = ("_back", "_forward", "_verdicts")

    #: Those that are not before any recorded earlier.
    _forward: Series[datetime]
    #: The others, if there are any.
    _back: _Back | None
    #: Those of verdicts that are after all recorded earlier.
    _verdicts: Series[datetime]

    def __init__(self) -> None:
        self._forward, self._back, self._verdicts = Series(), None, Series()

    def add(
        self, revision: int, kinds: Iterable[EventKind], times: Iterable[datetime | None]
    ) -> None:
        """Record the times of the events after the revision."""
        forward, verdicts = self._forward, self._verdicts
        latest, late = forward.at(revision), verdicts.at(revision)
        for kind, when in zip(kinds, times, strict=True):
            revision += 1
            if when is None:
                continue
            if kind in _VERDICTS:
                if (latest is None or when > latest) and (late is None or when > late):
                    verdicts.add(revision, when)
                    late = when
            elif latest is None or when >= latest:
                forward.add(revision, when)
                latest = when
            else:
                self._back = self._back or _Back()
                self._back.add(revision, when)

    def clock(self, revision: int) -> datetime | None:
        """Return the latest time recorded by the revision."""
        return later(self._forward.at(revision), self._verdicts.at(revision))

    def span(self, event: int, revision: int) -> Span:
        """Return when the event that was recorded at ``event`` may have happened.

        Args:
            event: The revision at which it was recorded.
            revision: The revision up to which times are known.
        """
        forward, latest = self._forward, self._forward.at(event)
        place = forward.count(event - 1)
        earliest = forward[place] if place < forward.count(revision) else None
        back = None if self._back is None else self._back.earliest(event, revision)
        if back is not None and (earliest is None or back < earliest):
            earliest = back
        if latest is None or earliest is None:
            return latest, earliest
        return min(latest, earliest), max(latest, earliest)

    def until(self, revision: int) -> Bounds:
        """Return a copy of it as it was at the revision."""
        copy = Bounds()
        copy._forward = self._forward.until(revision)
        copy._verdicts = self._verdicts.until(revision)
        copy._back = None if self._back is None else self._back.until(revision)
        return copy


class _Back:
    """Times that go back, the n-th one at place n, so that the earliest of some is found quickly.

    From the latest of them as seen at a revision, the next earlier place with a smaller time, and
    so on, are all those that can be the earliest after some event.
    """

    __slots__ = ("_depths", "_jumps", "_smaller", "_times")

    _times: Series[datetime]
    #: At each place: the nearest place before it with a smaller time.
    _smaller: list[int]
    #: At each place: how many smaller ones lie before it, and one far down among them, as in
    #: `History.jump`.
    _depths: list[int]
    _jumps: list[int]

    def __init__(self) -> None:
        self._times = Series()
        self._smaller, self._depths, self._jumps = [_ROOT], [0], [_ROOT]

    def add(self, revision: int, when: datetime) -> None:
        """Record the time of the event at the revision."""
        place = len(self._smaller) - 1
        while place and self._times[place - 1] >= when:
            place = self._smaller[place]
        far = self._jumps[place]
        level = self._depths[place] - self._depths[far] == (
            self._depths[far] - self._depths[self._jumps[far]]
        )
        self._smaller.append(place)
        self._depths.append(self._depths[place] + 1)
        self._jumps.append(self._jumps[far] if level else place)
        self._times.add(revision, when)

    def earliest(self, event: int, revision: int) -> datetime | None:
        """Return the earliest of the times recorded from the event up to the revision."""
        place = self._times.count(revision)
        if not self._is_since(place, event):
            return None
        while self._is_since(self._smaller[place], event):
            jump = self._jumps[place]
            place = jump if self._is_since(jump, event) else self._smaller[place]
        return self._times[place - 1]

    def until(self, revision: int) -> _Back:
        """Return a copy of it as it was at the revision."""
        copy, places = _Back(), self._times.count(revision) + 1
        copy._times = self._times.until(revision)
        copy._smaller = self._smaller[:places]
        copy._depths = self._depths[:places]
        copy._jumps = self._jumps[:places]
        return copy

    def _is_since(self, place: int, event: int) -> bool:
        return place != _ROOT and self._times.revision(place - 1) >= event
