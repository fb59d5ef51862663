"""The rows of the graph: one for each deployment, and for what is not among them."""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from lastgood._basics.messages import brief, one_line
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.render._drawing.ink import LABEL, PAD, SMALL, WIDTH, WORDS, number, text
from lastgood.render._layout import Picture, Stop, counted, minute

#: What a tag needs besides its word: inside of its border, and between it and the label.
_AROUND_WORD: Final = 9
_BEFORE_TAG: Final = 8
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
    #: The word in the tag of the last deployment.
    tag: str = ""

    @property
    def tag_room(self) -> float:
        """How wide the tag is, with the gap before it."""
        return _BEFORE_TAG + SMALL.width(self.tag) + _AROUND_WORD if self.tag else 0


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
        if self.row.tag:
            beside = x + LABEL.width(self.label[-1]) + _BEFORE_TAG
            yield from _tag(self.row.tag, beside, words - LABEL.line + 1)
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
        tag = picture.last_is if stop.is_last else ""
        yield Row(label, stop.words, _meta(stop), status, stop.lane, tag)


def row_beyond(registry: VersionRegistry, plan: RollbackPlan) -> Row:
    """Return the row of a target that is not among the deployments that are shown."""
    version = registry.get(plan.target)
    if version is None:
        return Row(plan.target, "not registered")
    where = "deployed earlier" if version.times_deployed else "never deployed"
    return Row(version.label, f"{brief(version.status_text)}; {where}", status=version.status)


def written(row: Row, room: float) -> Written:
    """Return a row in lines that fit into the room."""
    label = one_line(row.label)
    is_roomy = LABEL.width(label) + row.tag_room + _BESIDE + SMALL.width(row.meta) <= room
    lines = LABEL.wrapped(label, room - row.tag_room) if label else []
    return Written(row, lines, WORDS.wrapped(row.words, room), is_roomy)


def _meta(stop: Stop) -> str:
    at = stop.deployment.at
    time = f"{minute(at)} \N{MIDDLE DOT} " if at else ""
    return f"{time}#{stop.number}"


def _tag(word: str, x: float, y: float) -> Iterator[str]:
    wide = SMALL.width(word) + _AROUND_WORD
    yield (
        f'<rect class="tag" x="{number(x)}" y="{number(y - 8)}" width="{number(wide)}" '
        'height="16" rx="8"/>'
    )
    yield text(x + wide / 2, y, SMALL, word, "on-tag middle")
