"""The deployments as lines of plain text."""

from collections.abc import Iterator
from typing import Final

from lastgood._columns import width, wrapped
from lastgood._picture import LAST, Picture, Stop, picture_of
from lastgood._registry import VersionRegistry
from lastgood._show import one_line

#: No line has more columns.
_WIDEST: Final = 80
#: Lanes that lie further out are drawn as the last of so many.
_LANES: Final = 6
#: What is said of a version has at least so many columns.
_ROOM: Final = 32
#: A line begins with this, or with as many spaces.
_CURRENT: Final = "=> "


def timeline(registry: VersionRegistry, *, last: int = LAST) -> str:
    """Return the latest deployments as plain text, for a terminal or a chat message.

    It follows the order of deployments, oldest first. Each has its number, its time in UTC where
    that was told, a mark, and what is known of the version now. The leftmost marks are the lineage,
    which a rollback walks back along; what rollbacks left stands further to the right. No line is
    wider than 80 columns.

    Args:
        registry: What is drawn.
        last: How many deployments are shown at most. How many came before them is said.

    Raises:
        TypeError: It is no registry, or ``last`` is no `int`.
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
    picture = picture_of(registry, last)
    if not picture.stops:
        return picture.heading
    table = _Table(picture)
    return "\n".join([*table.heading, *table.before, *table.rows])


class _Table:
    """The columns of one timeline, and the lines in them."""

    __slots__ = ("_gutter", "_has_times", "_label", "_number", "_picture")

    def __init__(self, picture: Picture) -> None:
        stops = picture.stops
        self._picture = picture
        self._number = len(str(stops[-1].number))
        self._has_times = any(stop.deployment.at for stop in stops)
        self._gutter = 2 * min(picture.lanes, _LANES) - 1
        widths = [int(width(one_line(stop.version.label))) for stop in stops]
        fitting = [each for each in widths if each <= _WIDEST - self._start - 2 - _ROOM]
        self._label = max(fitting, default=0)

    @property
    def heading(self) -> list[str]:
        """What stands above the table."""
        told = f"{self._picture.heading}, {self._picture.notes}; => is current"
        return wrapped(told, _WIDEST)

    @property
    def before(self) -> Iterator[str]:
        """What is said of the deployments that are not shown."""
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
        for line in self._told(stop):
            yield f"{start:<{self._start}}{line}".rstrip()
            start = " " * len(self._head(stop)) + self._lanes(stop, " ")

    def _head(self, stop: Stop) -> str:
        mark = _CURRENT if stop.is_current else " " * len(_CURRENT)
        at = stop.deployment.at
        time = at.isoformat(" ")[:16] if at else ""
        times = f"{time:<16}  " if self._has_times else ""
        return f"{mark}{stop.number:>{self._number}}  {times}"

    def _lanes(self, stop: Stop, mark: str) -> str:
        lane = min(stop.lane, _LANES - 1)
        return "".join("| " if each in stop.passing else "  " for each in range(lane)) + mark

    def _told(self, stop: Stop) -> list[str]:
        """Return the label and what is known, in one line or in several."""
        label = one_line(stop.version.label)
        words = wrapped(stop.words, _WIDEST - self._start - self._label - 2)
        blank = " " * (self._label + 2)
        room = self._label - width(label)
        if room < 0:
            return [*wrapped(label, _WIDEST - self._start), *(blank + line for line in words)]
        first, *rest = words
        return [f"{label}{' ' * int(room)}  {first}", *(blank + line for line in rest)]
