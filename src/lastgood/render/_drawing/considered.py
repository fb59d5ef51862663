"""A plan: from where, to where, and what it passed over; as a part of a drawing, or by itself."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lastgood._basics.messages import abridged, brief, one_line
from lastgood._values.candidate import Candidate
from lastgood._values.plan import RollbackPlan
from lastgood.render._drawing.block import Block, stacked
from lastgood.render._drawing.ink import (
    CODE,
    HEADING,
    LABEL,
    PAD,
    WIDTH,
    WORDS,
    Font,
    number,
    path,
    text,
)
from lastgood.render._drawing.marks import arrow_head, cross

#: A drawing shows at most this many candidates; more are counted.
_MOST: Final = 12
#: Where the labels begin, the widest column of them, and what lies between them and the words.
_LEFT: Final = PAD + 22
_LABELS: Final = 150
_BETWEEN: Final = 14
#: Where the signs stand: to the left of the labels, in the middle of their first line.
_SIGN: Final = PAD + 7
_MIDDLE: Final = LABEL.line / 2
#: How large the marks at both ends of a way are, and what is kept free around them.
_MARK: Final = 6
_CLEAR: Final = 8
#: Between the rows of a way.
_APART: Final = 5


def considered(plan: RollbackPlan) -> Block:
    """Return the plan as a rule, a heading and a line for each candidate."""
    first, hidden, last = _candidates(plan)
    column = _column(each.version for each in (*first, last))
    rule = Block(12, (path("rule", "M", PAD, 0, "H", WIDTH - PAD),))
    blocks = [_heading(plan, rule), *(_candidate(each, column, plan) for each in first)]
    return stacked([*blocks, *_more(hidden), _candidate(last, column, plan)])


def way(plan: RollbackPlan) -> Block:
    """Return the plan by itself: the way from the version that is left to the target, downwards.

    On it stand the candidates in the order in which the strategy proposed them, with a cross on
    each that was rejected. A plan knows no more: neither what is between them in the lineage, nor
    whether they serve now.
    """
    first, hidden, last = _candidates(plan)
    column = _column([plan.source, *(each.version for each in (*first, last))])
    rows = [_row((_end("ring"),), plan.source, "is left", column)]
    rows += [_row(_crossed(each), each.version, _said(each, plan), column) for each in first]
    rows += _more(hidden)
    rows = [stacked([row, Block(_APART, ())]) for row in rows]
    tip = sum(row.height for row in rows) + _MIDDLE - _CLEAR
    line = path("way", "M", _SIGN, _MIDDLE + _MARK, "V", tip)
    head = arrow_head("way", _SIGN, tip, to=(0, 1))
    target = _row((_end("way"),), last.version, _said(last, plan), column)
    return stacked([_heading(plan), Block(0, (line, head)), *rows, target])


def sentences(plan: RollbackPlan) -> Iterator[str]:
    """Yield the plan as sentences."""
    first, hidden, last = _candidates(plan)
    source, target = one_line(plan.source), one_line(plan.target)
    yield f"The plan goes back from {source} to {target}, {brief(plan.reason)}."
    for candidate in (*first, last):
        if not candidate.accepted:
            yield f"Not {one_line(candidate.version)}: {brief(candidate.reason)}."
    if hidden:
        yield f"And {hidden:,} more."


def _candidates(plan: RollbackPlan) -> tuple[Sequence[Candidate], int, Candidate]:
    """Return the first candidates, how many are hidden after them, and the last one.

    Each version stands there once with the same reason, as in `RollbackPlan.explain`.
    """
    chosen = Candidate.accept(plan.target, plan.reason)
    once = dict[tuple[str, bool, str], Candidate]()
    for each in plan.considered or (chosen,):
        _ = once.setdefault((each.version, each.accepted, each.reason), each)
    return abridged([*once.values()], _MOST)


def _heading(plan: RollbackPlan, *above: Block) -> Block:
    room = WIDTH - 2 * PAD
    way = f"Roll back {one_line(plan.source)} \N{RIGHTWARDS ARROW} {one_line(plan.target)}"
    heading = _set(HEADING, HEADING.wrapped(way, room), PAD)
    strategy = _set(CODE, CODE.wrapped(brief(plan.strategy), room), PAD)
    return stacked([*above, heading, strategy, Block(6, ())])


def _column(labels: Iterable[str]) -> float:
    """Return how wide the column of the labels is."""
    widths = [LABEL.width(one_line(label)) for label in labels]
    return max((each for each in widths if each <= _LABELS), default=0.0)


def _more(hidden: int) -> Iterator[Block]:
    if hidden:
        yield _set(WORDS, [f"and {hidden:,} more"], _LEFT)


def _candidate(candidate: Candidate, column: float, plan: RollbackPlan) -> Block:
    """Return a line with the sign of what was said of it."""
    return _row((_sign(candidate),), candidate.version, _said(candidate, plan), column)


def _said(candidate: Candidate, plan: RollbackPlan) -> str:
    said = brief(candidate.reason)
    by = "" if candidate.by in {"", plan.strategy} else f" [{brief(candidate.by)}]"
    return said + by


def _row(signs: tuple[str, ...], version: str, said: str, column: float) -> Block:
    """Return signs, a label, and words beside it or below it."""
    label = one_line(version)
    beside = LABEL.width(label) <= column
    start = _LEFT + column + _BETWEEN if beside else _LEFT
    lines = _set(LABEL, LABEL.wrapped(label, WIDTH - PAD - _LEFT), _LEFT)
    words = _set(WORDS, WORDS.wrapped(said, WIDTH - PAD - start), start)
    labels = Block(0 if beside else lines.height, lines.elements)
    return stacked([Block(0, signs), labels, words, Block(4, ())])


def _sign(candidate: Candidate) -> str:
    if candidate.accepted:
        line = path("way", "M", _SIGN - 6, _MIDDLE, "H", _SIGN + 6)
        return line + arrow_head("way", _SIGN + 6, _MIDDLE, to=(1, 0))
    return cross("no", _SIGN, _MIDDLE)


def _end(name: str) -> str:
    """Return the mark at an end of a way."""
    return f'<circle class="{name}" cx="{number(_SIGN)}" cy="{number(_MIDDLE)}" r="{_MARK}"/>'


def _crossed(candidate: Candidate) -> tuple[str, ...]:
    """Return the cross on a way, if the candidate was rejected."""
    if candidate.accepted:
        return ()
    ground = f'<circle class="bare" cx="{number(_SIGN)}" cy="{number(_MIDDLE)}" r="7"/>'
    return ground, cross("no", _SIGN, _MIDDLE)


def _set(font: Font, lines: Sequence[str], x: float) -> Block:
    """Return lines that begin at ``x``, the first one as high as a label would be."""
    drawn = [
        text(x, LABEL.line / 2 + font.line * place, font, line) for place, line in enumerate(lines)
    ]
    return Block(font.line * len(lines), tuple(drawn))
