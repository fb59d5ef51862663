"""The deployments as lines of plain text."""

from collections.abc import Iterator
from typing import Final

from lastgood._basics.columns import width, wrapped
from lastgood._basics.frozen import named
from lastgood._basics.messages import one_line
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.render._layout import (
    LAST,
    Picture,
    Stop,
    checked_plan,
    minute,
    passed_over,
    picture_of,
)

#: No line has more columns.
_WIDEST: Final = 80
#: At most this many lanes are drawn; what lies further out is drawn in the last one.
_LANES: Final = 6
#: The words about a version have at least this many columns.
_ROOM: Final = 32
#: The line of the last deployment begins with one of these: its version serves, or does not.
_CURRENT: Final = "=> "
_SERVED_LAST: Final = "-- "
#: So do those of the target of a plan, and of what it passed over.
_TARGET: Final = "-> "
_PASSED_OVER: Final = "x  "
_LEGEND: Final = {_TARGET: "; -> the plan goes back to", _PASSED_OVER: "; x it passes over"}


@named("lastgood.render")
def timeline(
    registry: VersionRegistry, *, plan: RollbackPlan | None = None, last: int = LAST
) -> str:
    """Return the latest deployments as plain text, for a terminal or a chat message.

    It follows the order of deployments, oldest first. Each has its number, its time in UTC if that
    was recorded, a mark, what is known of the version now, and how the deployment came about. The
    leftmost marks are the lineage, which a rollback walks back along; what rollbacks left stands
    further to the right. No line is wider than 80 columns. With a plan, its target and what it
    passed over are marked, and its explanation stands below.

    Args:
        registry: The registry to draw.
        plan: A plan that was made for it. Whether it is stale by now is not checked.
        last: How many deployments are shown at most. The picture says how many came before.

    Raises:
        TypeError: ``registry`` is not a `VersionRegistry`, or ``plan`` is not a `RollbackPlan`.
        TypeError: ``last`` is not an `int`.
        ValueError: ``last`` is less than 1.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.render import timeline
    >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="v1.2")
    >>> registry = registry.roll_back(LastStable().plan(registry), reason="p99 900 ms")
    >>> print(timeline(registry))
    4 deployments, oldest first; => is current
       1  o    v1.0  stable
       2  | o  v1.1  unproven
       3  | o  v1.2  failed
    => 4  o    v1.0  stable; back from v1.2: p99 900 ms
    """
    picture, plan = picture_of(registry, last), checked_plan(plan)
    below = [] if plan is None else ["", plan.explain()]
    if not picture.stops:
        return "\n".join([picture.heading, *below])
    table = _Table(picture, plan)
    return "\n".join([*table.heading, *table.before, *table.rows, *below])


class _Table:
    """The columns of one timeline, and the lines in them."""

    __slots__ = ("_gutter", "_has_times", "_label", "_marks", "_number", "_picture")

    def __init__(self, picture: Picture, plan: RollbackPlan | None) -> None:
        stops = picture.stops
        self._picture = picture
        self._marks = _marks(picture, plan)
        self._number = len(str(stops[-1].number))
        self._has_times = any(stop.deployment.at for stop in stops)
        self._gutter = 2 * min(picture.lanes, _LANES) - 1
        widths = [int(width(one_line(stop.version.label))) for stop in stops]
        fitting = [each for each in widths if each <= _WIDEST - self._start - 2 - _ROOM]
        self._label = max(fitting, default=0)

    @property
    def heading(self) -> list[str]:
        """What stands above the table."""
        picture = self._picture
        legend = "=> is current" if picture.is_serving else "-- served last, nothing serves now"
        drawn = {*self._marks.values()}
        legend += "".join(words for mark, words in _LEGEND.items() if mark in drawn)
        return wrapped(f"{picture.heading}, {picture.notes}; {legend}", _WIDEST)

    @property
    def before(self) -> Iterator[str]:
        """The line that counts the deployments that are not shown."""
        if self._picture.earlier:
            start = " " * (self._start - self._gutter - 2)
            yield f"{start}:{' ' * self._gutter} {self._picture.earlier:,} came before"

    @property
    def rows(self) -> Iterator[str]:
        """The lines of the deployments."""
        for stop in self._picture.stops:
            yield from self._row(stop)

    @property
    def _start(self) -> int:
        """Where the labels begin."""
        times = len("2026-05-01 12:00  ") if self._has_times else 0
        return len(_CURRENT) + self._number + 2 + times + self._gutter + 2

    def _row(self, stop: Stop) -> Iterator[str]:
        start = self._head(stop) + self._lanes(stop, "o")
        for line in self._lines(stop):
            yield f"{start:<{self._start}}{line}".rstrip()
            start = " " * len(self._head(stop)) + self._lanes(stop, " ")

    def _head(self, stop: Stop) -> str:
        mark = _CURRENT if self._picture.is_serving else _SERVED_LAST
        mark = mark if stop.is_last else self._marks.get(stop.number, " " * len(mark))
        at = stop.deployment.at
        times = f"{minute(at) if at else '':<16}  " if self._has_times else ""
        return f"{mark}{stop.number:>{self._number}}  {times}"

    def _lanes(self, stop: Stop, mark: str) -> str:
        lane = min(stop.lane, _LANES - 1)
        return "".join("| " if each in stop.passing else "  " for each in range(lane)) + mark

    def _lines(self, stop: Stop) -> list[str]:
        """Return the label and what is known, in one line or in several."""
        label = one_line(stop.version.label)
        words = wrapped(stop.words, _WIDEST - self._start - self._label - 2)
        blank = " " * (self._label + 2)
        room = self._label - width(label)
        if room < 0:
            return [*wrapped(label, _WIDEST - self._start), *(blank + line for line in words)]
        first, *rest = words
        return [f"{label}{' ' * int(room)}  {first}", *(blank + line for line in rest)]


def _marks(picture: Picture, plan: RollbackPlan | None) -> dict[int, str]:
    """Return what a plan says of deployments, by their numbers; the last one has its own mark."""
    marks = {picture.place_of(label): _PASSED_OVER for label in passed_over(plan)}
    marks |= {} if plan is None else {picture.place_of(plan.target): _TARGET}
    stops = picture.stops[:-1]
    return {stop.number: marks[place] for place, stop in enumerate(stops) if place in marks}
