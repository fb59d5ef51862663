"""Candidates as a few lines that a tired person can read, or as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lastgood._basics.columns import width, wrapped
from lastgood._basics.messages import abridged, brief, one_line, shortened
from lastgood._values.candidate import Candidate

#: An explanation shows at most this many candidates; more are counted.
_MOST_LINES: Final = 20
#: Labels are shown whole, in a column of at most this many characters.
_WIDEST_LABEL: Final = 40
#: No line is wider, unless a label is.
_WIDEST_LINE: Final = 80
#: A reason is cut to at most this many characters.
_LONGEST_REASON: Final = 480
#: What stands between a reason and who gave it.
_BESIDE: Final = "   "
#: At least this many columns are left for a reason.
_NARROWEST_REASON: Final = 30


def explanation(heading: str, strategy: str, considered: Iterable[Candidate]) -> str:
    """Return a heading, the strategy, and each candidate with its reason.

    A line is at most 80 columns wide, unless a label is too long for that.
    """
    return "\n".join([*_heading(heading, strategy), *_lines([*_once(considered)], strategy)])


def cells(considered: Iterable[Candidate], strategy: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a table shows of each candidate; of many in the middle only the number."""
    once = [*_once(considered)]
    if not once:
        return
    first, hidden, last = abridged(once, _MOST_LINES)
    for candidate in first:
        yield _mark(candidate), candidate.version, _why(candidate, strategy)
    if hidden:
        yield "", f"and {hidden} more", ""
    yield _mark(last), last.version, _why(last, strategy)


def _once(considered: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates, each version with the same reason once."""
    seen = set[tuple[str, bool, str]]()
    for candidate in considered:
        key = candidate.version, candidate.accepted, candidate.reason
        if key not in seen:
            seen.add(key)
            yield candidate


def _heading(heading: str, strategy: str) -> Iterator[str]:
    code = brief(strategy)
    if width(f"{heading}    {code}") <= _WIDEST_LINE:
        yield f"{heading}    {code}"
        return
    yield heading
    yield from (f"  {line}" for line in wrapped(code, _WIDEST_LINE - 2))


def _lines(considered: Sequence[Candidate], strategy: str) -> Iterator[str]:
    if not considered:
        yield "  no other version is registered"
        return
    first, hidden, last = abridged(considered, _MOST_LINES)
    widest = max(width(one_line(candidate.version)) for candidate in (*first, last))
    column = min(int(widest), _WIDEST_LABEL)
    most = max(1, _MOST_LINES // (len(first) + 1))
    for candidate in first:
        yield from _line(candidate, column, strategy, most)
    if hidden:
        yield f"     and {hidden} more"
    yield from _line(last, column, strategy, most)


def _line(candidate: Candidate, column: int, strategy: str, most: int) -> Iterator[str]:
    """Yield a candidate in at most ``most`` lines, its label in a column of its own."""
    sign = ">" if candidate.accepted else "x"
    label = one_line(candidate.version)
    begin = f"  {sign}  {label}{' ' * max(0, column - int(width(label)))}   "
    indent = " " * int(width(begin))
    if len(indent) + _NARROWEST_REASON > _WIDEST_LINE:  # The reason begins below the label.
        yield begin.rstrip()
        begin = indent = " " * 8
    reason, *more = _why_in_lines(candidate, strategy, _WIDEST_LINE - len(indent), most)
    yield f"{begin}{reason}".rstrip()
    yield from (indent + line for line in more)


def _why_in_lines(candidate: Candidate, strategy: str, room: int, most: int) -> list[str]:
    """Return the reason in lines that fit, and who gave it."""
    by = shortened(_by(candidate, strategy), room // 2)
    beside = by and _BESIDE + by
    *lines, last = wrapped(_reason(candidate), room)
    if beside and width(last + beside) <= room:
        return _cut([*lines, last + beside], room, most)
    if beside and len(lines) + 1 < most:
        return [*lines, last, by]
    *lines, last = _cut([*lines, last], room - int(width(beside)), most)
    return [*lines, last + beside]


def _cut(lines: list[str], room: int, most: int) -> list[str]:
    """Return at most ``most`` lines, with a mark where something is missing."""
    if len(lines) <= most and width(lines[-1]) <= room:
        return lines
    *first, last = lines[:most]
    kept = wrapped(last, room - 1)[0]
    return [*first, kept + "\N{HORIZONTAL ELLIPSIS}"]


def _why(candidate: Candidate, strategy: str) -> str:
    """Return the reason, and who gave it, on one line."""
    by = _by(candidate, strategy)
    return _reason(candidate) + (_BESIDE + by if by else "")


def _reason(candidate: Candidate) -> str:
    return shortened(one_line(candidate.reason), _LONGEST_REASON)


def _by(candidate: Candidate, strategy: str) -> str:
    """Return who gave the reason, where that was not the strategy itself."""
    return "" if candidate.by in {"", strategy} else f"[{brief(candidate.by)}]"


def _mark(candidate: Candidate) -> str:
    return "accepted" if candidate.accepted else "rejected"
