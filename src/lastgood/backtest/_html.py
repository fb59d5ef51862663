"""The incidents as a table of HTML: a row for each incident, a column for each strategy.

Every kind of choice has a colour and a sign of its own, and says what it is in words as well. The
colours have a contrast of at least 4.5 against the white of the sign, in the light and in the dark.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lastgood._basics.messages import brief
from lastgood.backtest._incidents import Choice, ChoiceKind, Counts, Incident
from lastgood.backtest._words import FAILED_LATER, NAMES, because, chosen, done, numbers, when, why
from lastgood.render._html import escaped
from lastgood.render._layout import counted

#: A table shows at most this many incidents, the latest ones.
_MOST: Final = 100
#: The sign of each kind of choice, and its colour.
_BADGES: Final[Mapping[ChoiceKind, tuple[str, str]]] = {
    "as_recorded": ("=", "#007a58"),
    "otherwise": ("\N{RIGHTWARDS ARROW}", "#0067ab"),
    "no_target": ("\N{EMPTY SET}", "#57606a"),
    "raised": ("!", "#8a6100"),
}
_FAILED: Final = ("\N{MULTIPLICATION SIGN}", "#b84a00")
#: Cells of text; see `lastgood.render`.
_CELL: Final = (
    "text-align:left;vertical-align:top;white-space:normal;overflow-wrap:anywhere;min-width:5em"
)
_BADGE: Final = (
    "display:inline-block;min-width:1.4em;padding:0 .2em;border-radius:.7em;text-align:center;"
    "font-weight:bold;color:#ffffff;background:"
)


def page(incidents: Sequence[Incident], counts: Sequence[Counts]) -> str:
    """Return the table."""
    shown = incidents[-_MOST:]
    known = f"{counted(len(incidents), 'incident')} on record"
    caption = known if len(shown) == len(incidents) else f"The last {_MOST} of {known}"
    head = _row("th", ["incident", "what was done", *(_code(each.strategy) for each in counts)])
    body = "".join(_row("td", _cells(incident)) for incident in shown)
    foot = _row("td", ["", _record(incidents), *map(_total, counts)])
    return (
        f'<table><caption style="text-align:left"><b>{escaped(caption)}</b><br>'
        f"{_legend()}</caption><thead>{head}</thead><tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    )


def _cells(incident: Incident) -> Iterator[str]:
    yield (
        f"<b>{escaped(incident.version)}</b><br>{escaped(why(incident))}"
        f"<br><small>{escaped(when(incident))}</small>"
    )
    failed = f"{_badge(*_FAILED, FAILED_LATER)} " if incident.failed_later else ""
    yield failed + escaped(done(incident))
    yield from map(_choice, incident.choices)


def _choice(choice: Choice) -> str:
    failed = f" {_badge(*_FAILED, FAILED_LATER)}" if choice.failed_later else ""
    badge = _badge(*_BADGES[choice.kind], NAMES[choice.kind])
    return f"{badge}{failed} <b>{escaped(chosen(choice))}</b><br>{escaped(because(choice))}"


def _total(counts: Counts) -> str:
    return "<br>".join(f"{number:,} {word}" for word, number in numbers(counts).items())


def _record(incidents: Sequence[Incident]) -> str:
    return f"{sum(incident.failed_later for incident in incidents):,} {FAILED_LATER}"


def _legend() -> str:
    badges = [f"{_badge(*_BADGES[kind], word)} {word}" for kind, word in NAMES.items()]
    return ", ".join([*badges, f"{_badge(*_FAILED, FAILED_LATER)} {FAILED_LATER}"])


def _badge(sign: str, colour: str, words: str) -> str:
    told = f'role="img" aria-label="{words}" title="{words}"'
    return f'<span style="{_BADGE}{colour}" {told}>{sign}</span>'


def _code(strategy: str) -> str:
    return f"<code>{escaped(brief(strategy))}</code>"


def _row(tag: str, cells: Sequence[str] | Iterator[str]) -> str:
    opening = f'<{tag} style="{_CELL}" dir="auto">'
    return f"<tr>{''.join(f'{opening}{cell}</{tag}>' for cell in cells)}</tr>"
