"""The legend: what those marks and lines mean that are in the drawing."""

from collections.abc import Collection, Iterator
from typing import Final

from lastgood._basics.status import Status
from lastgood.render._drawing.block import Block
from lastgood.render._drawing.ink import PAD, SMALL, WIDTH, path, text
from lastgood.render._drawing.marks import arrow_head, mark
from lastgood.render._layout import Picture

#: From the sign to its word, and from there to the next sign.
_WORD: Final = 26
_NEXT: Final = 14
_LINE: Final = 22


def legend(picture: Picture, statuses: Collection[Status], *, has_plan: bool) -> Block:
    """Return the signs that occur, each with its word."""
    x, y, elements = float(PAD), 14.0, list[str]()
    for sign, word in _signs(picture, statuses, has_plan=has_plan):
        wide = _WORD + SMALL.width(word)
        if x + wide > WIDTH - PAD:
            x, y = float(PAD), y + _LINE
        elements += [f'<g transform="translate({x + 9:g} {y:g})">{sign}</g>']
        elements += [text(x + _WORD, y, SMALL, word)]
        x = round(x + wide + _NEXT, 1)
    return Block(y + _LINE / 2, tuple(elements))


def _signs(
    picture: Picture, statuses: Collection[Status], *, has_plan: bool
) -> Iterator[tuple[str, str]]:
    for status in Status:
        if status in statuses:
            yield mark(status, 0, 0), status.words
    yield path("lineage", "M -9 0 H 9"), "lineage"
    if any(stop.lane for stop in picture.stops):
        yield path("aside", "M -9 0 H 9"), "left by a rollback"
    if any(stop.left is not None for stop in picture.stops):
        yield path("back dashed", "M 9 0 H -8") + arrow_head("back", -8, 0, to=(-1, 0)), "rollback"
    if has_plan:
        yield path("way", "M -9 0 H 8") + arrow_head("way", 8, 0, to=(1, 0)), "way back"
