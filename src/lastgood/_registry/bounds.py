"""When something happened, as far as the recorded times tell.

The rules of this module:

1. An event happened no earlier than the latest time recorded up to it, and no later than the
   earliest time recorded by it or after it. Without a later time, nobody knows until when.
2. Where the two bounds cross, a clock was wrong, and nothing between them is known.
3. A verdict bounds nothing: it may come late, with the time of the alarm.
"""

from datetime import UTC, datetime
from typing import Final, TypeAlias

from lastgood._registry.history import History

#: The earliest and the latest time at which an event may have happened; `None` where nothing tells.
Span: TypeAlias = tuple[datetime | None, datetime | None]

#: The place before the first time, and what stands there.
_ROOT: Final = 0
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


class Bounds:
    """The times of a ledger, the n-th one at place n, so that both bounds are found quickly.

    From the latest time as seen at a revision, the next earlier place with a smaller time, and so
    on, are all those that can be the earliest time after some event.
    """

    __slots__ = ("_depths", "_jumps", "_latest", "_smaller", "_times")

    _times: History[datetime]
    #: At each place: the latest time up to it.
    _latest: list[datetime]
    #: At each place: the nearest place before it with a smaller time.
    _smaller: list[int]
    #: At each place: how many smaller ones lie before it, and one far down among them, as in
    #: `Step.jump`.
    _depths: list[int]
    _jumps: list[int]

    def __init__(self) -> None:
        self._times = History()
        self._latest = [_EARLIEST]
        self._smaller, self._depths, self._jumps = [_ROOT], [0], [_ROOT]

    def add(self, revision: int, when: datetime) -> None:
        """Record the time of the event at the revision."""
        place = len(self._latest) - 1
        self._latest.append(max(when, self._latest[place]) if place else when)
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

    def span(self, event: int, revision: int) -> Span:
        """Return when the event that was recorded at ``event`` may have happened.

        Args:
            event: The revision at which it was recorded.
            revision: The revision up to which times are known.
        """
        place = self._times.count(event)
        latest = self._latest[place] if place else None
        earliest = self._earliest(event, revision)
        if latest is None or earliest is None:
            return latest, earliest
        return min(latest, earliest), max(latest, earliest)

    def until(self, revision: int) -> "Bounds":
        """Return a copy of it as it was at the revision."""
        copy = Bounds.__new__(Bounds)
        copy._times = self._times.until(revision)
        places = self._times.count(revision) + 1
        copy._latest = self._latest[:places]
        copy._smaller = self._smaller[:places]
        copy._depths = self._depths[:places]
        copy._jumps = self._jumps[:places]
        return copy

    def _earliest(self, event: int, revision: int) -> datetime | None:
        """Return the earliest time recorded by the event or after it."""
        place = self._times.count(revision)
        if not self._is_since(place, event):
            return None
        while self._is_since(self._smaller[place], event):
            jump = self._jumps[place]
            place = jump if self._is_since(jump, event) else self._smaller[place]
        return self._times[place - 1]

    def _is_since(self, place: int, event: int) -> bool:
        return place != _ROOT and self._times.revision(place - 1) >= event
