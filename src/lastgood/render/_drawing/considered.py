"""The part of the drawing that lists a plan: from where, to where, and what it passed over."""

from collections.abc import Iterator, Sequence
from typing import Final

from lastgood._basics.messages import abridged, brief, one_line
from lastgood._values.candidate import Candidate
from lastgood._values.plan import RollbackPlan
from lastgood.render._drawing.block import Block, stacked
from lastgood.render._drawing.ink import CODE, HEADING, LABEL, PAD, WIDTH, WORDS, Font, path, text
from lastgood.render._drawing.marks import arrow_head, cross

#: A drawing shows at most this many candidates; more are counted.
_MOST: Final = 12
#: Where the labels begin, the widest column of them, and what lies between them and the words.
_LEFT: Final = PAD + 22
_LABELS: Final = 150
_BETWEEN: Final = 14


def considered(plan: RollbackPlan) -> Block:
    """Return the plan as a heading and a line for each candidate."""
    first, hidden, last = _candidates(plan)
    widths = [LABEL.width(one_line(each.version)) for each in (*first, last)]
    column = max((each for each in widths if each <= _LABELS), default=0.0)
    blocks = [_heading(plan), *(_candidate(each, column, plan) for each in first)]
    if hidden:
        blocks.append(_set(WORDS, [f"and {hidden:,} more"], _LEFT))
    return stacked([*blocks, _candidate(last, column, plan)])


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


def _heading(plan: RollbackPlan) -> Block:
    room = WIDTH - 2 * PAD
    way = f"Roll back {one_line(plan.source)} \N{RIGHTWARDS ARROW} {one_line(plan.target)}"
    rule = path("rule", "M", PAD, 0, "H", WIDTH - PAD)
    heading = _set(HEADING, HEADING.wrapped(way, room), PAD)
    strategy = _set(CODE, CODE.wrapped(brief(plan.strategy), room), PAD)
    return stacked([Block(12, (rule,)), heading, strategy, Block(6, ())])


def _candidate(candidate: Candidate, column: float, plan: RollbackPlan) -> Block:
    label, said = one_line(candidate.version), brief(candidate.reason)
    if candidate.by not in {"", plan.strategy}:
        said = f"{said} [{brief(candidate.by)}]"
    beside = LABEL.width(label) <= column
    start = _LEFT + column + _BETWEEN if beside else _LEFT
    lines = _set(LABEL, LABEL.wrapped(label, WIDTH - PAD - _LEFT), _LEFT)
    words = _set(WORDS, WORDS.wrapped(said, WIDTH - PAD - start), start)
    labels = Block(0 if beside else lines.height, lines.elements)
    return stacked([Block(0, (_sign(candidate),)), labels, words, Block(4, ())])


def _sign(candidate: Candidate) -> str:
    x, y = PAD + 7, LABEL.line / 2
    if candidate.accepted:
        return path("way", "M", x - 6, y, "H", x + 6) + arrow_head("way", x + 6, y, to=(1, 0))
    return cross("no", x, y)


def _set(font: Font, lines: Sequence[str], x: float) -> Block:
    """Return lines that begin at ``x``, the first one as high as a label would be."""
    drawn = [
        text(x, LABEL.line / 2 + font.line * place, font, line) for place, line in enumerate(lines)
    ]
    return Block(font.line * len(lines), tuple(drawn))
