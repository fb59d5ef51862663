"""The deployments as a line that branches where a rollback left it, and the way back."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.render._drawing.block import Block
from lastgood.render._drawing.ink import LABEL, PAD, WIDTH, number, path
from lastgood.render._drawing.marks import arrow_head, cross, mark, ring
from lastgood.render._drawing.rows import row_beyond, rows_of, written
from lastgood.render._layout import Picture, passed_over

#: From one lane to the next, how wide all of them may be, and which one is the last: what lies
#: further out is drawn there. So a lane is never narrower than an arrow.
_LANE: Final = 24
_LANES: Final = 132
_LAST_LANE: Final = 9
#: The room to the left of the line, in which the way back is drawn.
_TRACK: Final = 28
#: How far a line turns.
_TURN: Final = 14
#: What is kept free around a mark.
_CLEAR: Final = 12
#: From the outermost mark to the text.
_BESIDE: Final = 24


class Graph:
    """One graph: where everything stands, and what is drawn there."""

    __slots__ = (
        "_first",
        "_left",
        "_picture",
        "_plan",
        "_rows",
        "_step",
        "_target",
        "_text",
        "_tops",
    )

    def __init__(
        self, registry: VersionRegistry, picture: Picture, plan: RollbackPlan | None
    ) -> None:
        rows = [*rows_of(picture)]
        self._picture, self._plan = picture, plan
        self._target = None if plan is None else picture.place_of(plan.target)
        if plan is not None and self._target is None:
            rows.insert(0, row_beyond(registry, plan))
        self._first = len(rows) - len(picture.stops)
        self._left = PAD + _CLEAR + (0 if plan is None else _TRACK)
        outermost = min(picture.lanes - 1, _LAST_LANE)
        self._step = min(_LANE, _LANES / max(1, outermost))
        self._text = self._x(outermost) + _BESIDE
        self._rows = [written(row, WIDTH - PAD - self._text) for row in rows]
        self._tops = [*accumulate((row.height for row in self._rows), initial=0.0)]

    @property
    def block(self) -> Block:
        """The whole of it."""
        elements = (*self._lines(), *self._backs(), *self._way(), *self._marks(), *self._texts())
        return Block(self._tops[-1], elements)

    @property
    def statuses(self) -> set[Status]:
        """Those of which there are marks."""
        return {each.row.status for each in self._rows if each.row.status is not None}

    # Where everything stands

    def _x(self, lane: int) -> float:
        return self._left + min(lane, _LAST_LANE) * self._step

    def _y(self, row: int) -> float:
        return self._tops[row] + LABEL.line / 2

    def _at(self, place: int) -> tuple[float, float]:
        """Return where the mark of a stop is."""
        return self._x(self._picture.stops[place].lane), self._y(self._first + place)

    # What is drawn there

    def _lines(self) -> Iterator[str]:
        """Yield the lines along the rungs, the lineage on top of the others."""
        stops = self._picture.stops
        for place in sorted(range(len(stops)), key=lambda place: -stops[place].lane):
            stop, (x, y) = stops[place], self._at(place)
            name = "aside" if stop.lane else "lineage"
            if stop.onto is not None:
                yield _line(name, *self._at(stop.onto), x, y)
            elif self._picture.earlier:
                yield _line(name, self._left, self._y(self._first - 1) + _CLEAR, x, y)

    def _backs(self) -> Iterator[str]:
        """Yield the arrows of the rollbacks that happened."""
        for place, stop in enumerate(self._picture.stops):
            if place and stop.left is not None:
                yield from _back(*self._at(place - 1), *self._at(place))

    def _way(self) -> Iterator[str]:
        """Yield the arrow of the plan, and a cross where it passes over a version."""
        if self._plan is None:
            return
        source = self._picture.place_of(self._plan.source)
        if source is None or source == self._target:
            return
        tip = (self._left, self._y(0)) if self._target is None else self._at(self._target)
        track = self._left - _TRACK
        yield from _around(track, *self._at(source), *tip)
        for y in self._passed_over():
            if tip[1] < y < self._at(source)[1]:
                yield f'<circle class="bare" cx="{number(track)}" cy="{number(y)}" r="7"/>'
                yield cross("no", track, y)

    def _passed_over(self) -> Iterator[float]:
        """Yield how far down the versions are that the plan rejected, each once."""
        for label in passed_over(self._plan):
            place = self._picture.place_of(label)
            if place is not None:
                yield self._at(place)[1]

    def _marks(self) -> Iterator[str]:
        for place, row in enumerate(each.row for each in self._rows):
            x, y = self._x(row.lane), self._y(place)
            if row.tag:
                yield ring(x, y, is_serving=self._picture.is_serving)
            if row.status is not None:
                yield mark(row.status, x, y)
            elif not row.label:
                yield path("lineage dotted", "M", x, y - 4, "v 14")

    def _texts(self) -> Iterator[str]:
        for place, row in enumerate(self._rows):
            yield from row.drawn(self._text, self._y(place))


def _line(name: str, from_x: float, from_y: float, x: float, y: float) -> str:
    """Return a line down to a mark, which turns into its lane where it is another one."""
    if from_x == x:
        return path(name, "M", x, from_y, "V", y)
    return path(name, "M", from_x, from_y, "V", y - _TURN, "Q", from_x, y, x, y)


def _back(from_x: float, from_y: float, x: float, y: float) -> Iterator[str]:
    """Yield a dashed arrow down and back to a mark."""
    start = ("M", from_x, from_y + _CLEAR, "V")
    if from_x == x:
        yield path("back dashed", *start, y - _CLEAR)
        yield arrow_head("back", x, y - _CLEAR, to=(0, 1))
        return
    end = x + _CLEAR + 3
    turned = max(end, from_x - _TURN)
    yield path("back dashed", *start, y - _TURN, "Q", from_x, y, turned, y, "H", end)
    yield arrow_head("back", end, y, to=(-1, 0))


def _around(track: float, from_x: float, from_y: float, x: float, y: float) -> Iterator[str]:
    """Yield an arrow from one mark to another, along a track to the left of both."""
    turn = _TURN if y < from_y else -_TURN
    yield path(
        "way",
        *("M", from_x - _CLEAR, from_y, "H", track + _TURN),
        *("Q", track, from_y, track, from_y - turn, "V", y + turn),
        *("Q", track, y, track + _TURN, y, "H", x - _CLEAR),
    )
    yield arrow_head("way", x - _CLEAR, y, to=(1, 0))
