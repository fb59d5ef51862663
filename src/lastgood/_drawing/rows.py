"""The rows of the graph: one for each deployment, and for what is not among them."""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from lastgood._drawing.ink import LABEL, PAD, SMALL, WIDTH, WORDS, number, text
from lastgood._picture import Picture, Stop, counted
from lastgood._plan import RollbackPlan
from lastgood._questions import Questions
from lastgood._show import brief, one_line
from lastgood._status import Status

#: The room of the word that marks the current version.
_TAG: Final = 64
#: Between a label and the small text.
_BESIDE: Final = 10
#: Below each row.
_GAP: Final = 13


@attrs.frozen(weakref_slot=False)
class Row:
    """What is written in one row of the graph, and the status that is marked beside it."""

    label: str
    words: str
    #: What is written small at the right end.
    meta: str = ""
    status: Status | None = None
    lane: int = 0
    is_current: bool = False


@attrs.frozen(weakref_slot=False)
class Written:
    """A row that is set in lines."""

    row: Row
    label: Sequence[str]
    words: Sequence[str]
    #: Whether there is room for the small text beside the label, or else below the words.
    is_roomy: bool

    @property
    def height(self) -> float:
        """How high it is, with the gap below it."""
        below = 0 if self.is_roomy else SMALL.line
        return LABEL.line * len(self.label) + WORDS.line * len(self.words) + below + _GAP

    def drawn(self, x: float, y: float) -> Iterator[str]:
        """Yield it as elements, its first line at the height ``y``."""
        words = y + LABEL.line * len(self.label) - bool(self.label)
        for place, line in enumerate(self.label):
            yield text(x, y + LABEL.line * place, LABEL, line)
        for place, line in enumerate(self.words):
            yield text(x, words + WORDS.line * place, WORDS, line)
        if self.row.is_current:
            yield from _tag(x + LABEL.width(self.label[-1]) + 8, words - LABEL.line + 1)
        if self.row.meta and self.is_roomy:
            yield text(WIDTH - PAD, y, SMALL, self.row.meta, "end")
        elif self.row.meta:
            yield text(x, words + WORDS.line * len(self.words), SMALL, self.row.meta)


def rows_of(picture: Picture) -> Iterator[Row]:
    """Yield the rows of the deployments that are shown, and how many came before."""
    if picture.earlier:
        yield Row("", counted(picture.earlier, "earlier deployment"))
    for stop in picture.stops:
        label, status = stop.version.label, stop.version.status
        yield Row(label, stop.words, _meta(stop), status, stop.lane, stop.is_current)


def row_beyond(registry: Questions, plan: RollbackPlan) -> Row:
    """Return the row of a target that is not among the deployments that are shown."""
    version = registry.get(plan.target)
    if version is None:
        return Row(plan.target, "not registered")
    where = "deployed earlier" if version.times_deployed else "never deployed"
    return Row(version.label, f"{brief(version.verdict)}; {where}", status=version.status)


def written(row: Row, room: float) -> Written:
    """Return a row in lines that have so much room."""
    label, tag = one_line(row.label), _TAG if row.is_current else 0
    is_roomy = LABEL.width(label) + tag + _BESIDE + SMALL.width(row.meta) <= room
    lines = LABEL.wrapped(label, room - tag) if label else []
    return Written(row, lines, WORDS.wrapped(row.words, room), is_roomy)


def _meta(stop: Stop) -> str:
    at = stop.deployment.at
    time = f"{at.isoformat(' ')[:16]} \N{MIDDLE DOT} " if at else ""
    return f"{time}#{stop.number}"


def _tag(x: float, y: float) -> Iterator[str]:
    yield f'<rect class="tag" x="{number(x)}" y="{number(y - 8)}" width="54" height="16" rx="8"/>'
    yield text(x + 27, y, SMALL, "current", "on-tag middle")
