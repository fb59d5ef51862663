"""The incidents as lines of plain text, for a terminal or a pull request."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lastgood._basics.columns import width, wrapped
from lastgood._basics.messages import brief, one_line
from lastgood.backtest._incidents import ChoiceKind, Counts, Incident
from lastgood.backtest._words import FAILED_LATER, NAMES, because, chosen, done, numbers, when, why
from lastgood.render._layout import counted

#: No line is wider, unless a label is.
_WIDEST: Final = 80
#: The words about a choice have at least this many columns, or begin below its label.
_ROOM: Final = 32
#: What a line about a choice begins with.
_SIGNS: Final[Mapping[ChoiceKind, str]] = {
    "as_recorded": "=",
    "otherwise": ">",
    "no_target": "x",
    "raised": "!",
}
_LEGEND: Final = ", ".join(f"{sign} {NAMES[kind]}" for kind, sign in _SIGNS.items())


def lines(incidents: Sequence[Incident], counts: Sequence[Counts], last: int) -> Iterator[str]:
    """Yield a heading, the strategies, the latest incidents, and the counts of all of them."""
    names = [f"S{number}" for number in range(1, len(counts) + 1)]
    yield _heading(incidents, last)
    column = max(map(len, names))
    for name, each in zip(names, counts, strict=True):
        yield from _set(f"  {name:{column}}  ", brief(each.strategy))
    if not incidents:
        return
    yield f"  {_LEGEND}"
    for incident in incidents[-last:]:
        yield ""
        yield from _incident(incident, names)
    yield ""
    yield from _table(incidents, counts, names)


def _heading(incidents: Sequence[Incident], last: int) -> str:
    if not incidents:
        return "No incident on record"
    known = f"{counted(len(incidents), 'incident')} on record"
    return known if len(incidents) <= last else f"The last {last:,} of {known}"


def _incident(incident: Incident, names: Sequence[str]) -> Iterator[str]:
    yield from _set(f"{one_line(incident.version)}  ", why(incident))
    yield from _set("  ", f"{when(incident)}: {done(incident)}")
    labels = [chosen(choice) for choice in incident.choices]
    fitting = [each for each in map(_width, labels) if each <= _WIDEST - _ROOM - _width(names[-1])]
    for name, label, choice in zip(names, labels, incident.choices, strict=True):
        begin = f"  {_SIGNS[choice.kind]}  {name:{len(names[-1])}}  {label}"
        gap = max(0, max(fitting, default=0) - _width(label))
        yield from _set(f"{begin}{' ' * gap}   ", because(choice))


def _set(begin: str, words: str) -> Iterator[str]:
    """Yield words in lines that have room, beside what they begin with or below it."""
    indent = " " * _width(begin)
    if len(indent) + _ROOM > _WIDEST:
        yield begin.rstrip()
        begin = indent = " " * 8
    first, *more = wrapped(words, _WIDEST - len(indent))
    yield f"{begin}{first}".rstrip()
    yield from (f"{indent}{line}" for line in more)


def _table(
    incidents: Sequence[Incident], counts: Sequence[Counts], names: Sequence[str]
) -> Iterator[str]:
    head = (*NAMES.values(), FAILED_LATER)
    known = zip(names, map(numbers, counts), strict=True)
    rows = [(name, *map(str, each.values())) for name, each in known]
    failed = sum(incident.failed_later for incident in incidents)
    rows.append(("record", "", "", "", "", str(failed)))
    for name, *cells in [("", *head), *rows]:
        set_right = (f"{cell:>{len(title)}}" for title, cell in zip(head, cells, strict=True))
        yield f"  {name:6}  {'  '.join(set_right)}".rstrip()


def _width(text: str) -> int:
    return int(width(text))
