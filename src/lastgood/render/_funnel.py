"""How a strategy shows itself in a notebook: as a funnel, from order through rules to `Safe`."""

from collections.abc import Iterable
from typing import Final

from lastgood._basics.messages import brief
from lastgood.render._html import escaped

_BOX: Final = "border:1px solid #868e96;border-radius:6px;padding:3px 10px;margin:3px 0"
_FRAME: Final = "border:1px dashed #868e96;border-radius:6px;padding:3px 10px;margin:3px 0"
_SMALL: Final = "font-size:0.85em;opacity:0.8"
_WIDTH: Final = "display:inline-block;text-align:left;max-width:40em;overflow-wrap:anywhere"


def funnel(inside: str) -> str:
    """Return the whole picture: what proposes and vetoes, and the safety check below it."""
    safe = _box("Safe()", "The safety check: always last, and never off.")
    return f'<div style="{_WIDTH}">{inside}{_step("what is accepted")}{safe}</div>'


def order(code: str, doc: str) -> str:
    """Return the box of a strategy, with the first sentence of its docstring."""
    sentence = " ".join(doc.partition("\n\n")[0].split())
    return _box(code, sentence)


def first_of(parts: Iterable[str]) -> str:
    """Return the boxes of strategies that are asked one after the other."""
    inside = _step("or else").join(parts)
    return f'<div style="{_FRAME}">{inside}</div>'


def where(inside: str, rules: Iterable[str]) -> str:
    """Return a strategy with the rules that can veto what it accepts below it."""
    vetoes = "".join(_box(rule, "") for rule in rules)
    return f"{inside}{_step('can be vetoed by')}{vetoes}"


def _box(code: str, words: str) -> str:
    small = f'<div style="{_SMALL}">{escaped(brief(words))}</div>' if words else ""
    return f'<div style="{_BOX}"><code>{escaped(brief(code))}</code>{small}</div>'


def _step(words: str) -> str:
    return f'<div style="{_SMALL};text-align:center">\N{DOWNWARDS ARROW} {words}</div>'
