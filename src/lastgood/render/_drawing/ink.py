"""The fonts, colours and numbers of the drawing, in pixels.

The rules of this module:

1. No font is brought along, so a text is taken to be as wide as in the widest usual font. What has
   room by this measure has room everywhere.
2. Every colour is named by what it is used for, once for light and once for dark. A text has a
   contrast of at least 4.5 against the ground, a mark and a line of at least 3 (WCAG 2.2, 1.4.3 and
   1.4.11). The colours of statuses keep apart for the colour-blind (Okabe and Ito), and each
   status has a shape of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from lastgood._basics.columns import columns, wrapped
from lastgood._basics.columns import width as width_of
from lastgood.render._html import escaped

#: The pictures are as wide as a column of text, and can be read on a telephone.
WIDTH: Final = 480
#: Between the border and what is inside.
PAD: Final = 20

_SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace"
_NARROW = frozenset("ijlIJ,./:;\\|'")
_SLIM = frozenset('ft-r()[]! "*_`')
_WIDE = frozenset("mwMW@%#+<=>^~&")


def _mono(character: str) -> float:
    return 0.61 * columns(character)


def _sans(character: str) -> float:
    """Return the width in DejaVu Sans, the widest of those that are usual, rounded up."""
    if character in _NARROW:
        return 0.35
    if character in _SLIM:
        return 0.5
    if character in _WIDE:
        return 1.0
    return 0.66 if character.isascii() and not character.isupper() else 0.8 * columns(character)


@attrs.frozen(weakref_slot=False)
class Font:
    """How a text is set. Its name is its class in the style sheet."""

    name: str
    size: float
    #: The height of a line.
    line: int
    style: str
    #: How much wider its characters are than those of the plain font.
    weight: float = 1.0

    def width(self, text: str) -> float:
        """Return how wide a text is."""
        return width_of(text, self._character)

    def wrapped(self, text: str, widest: float) -> list[str]:
        """Return a text in lines that have room."""
        return wrapped(text, widest, self._character)

    def _character(self, character: str) -> float:
        plain = _mono(character) if _MONO in self.style else _sans(character)
        return self.size * self.weight * plain


HEADING: Final = Font("heading", 14, 20, f"600 14px {_SANS}", 1.12)
LABEL: Final = Font("label", 14, 19, f"600 14px {_MONO}")
WORDS: Final = Font("words", 13, 17, f"13px {_SANS}")
SMALL: Final = Font("small", 11, 15, f"11px {_SANS}")
CODE: Final = Font("code", 11, 15, f"11px {_MONO}")
FONTS: Final = (HEADING, LABEL, WORDS, SMALL, CODE)

_INK = ("fill", "#1b1f24", "#e6edf3")
_SOFT = ("fill", "#57606a", "#9aa4af")

#: For every class: which property, its colour in the light, and its colour in the dark.
COLOURS: Final[Mapping[str, Sequence[tuple[str, str, str]]]] = {
    "ground": [("fill", "#ffffff", "#0d1117"), ("stroke", "#d0d7de", "#30363d")],
    "heading": [_INK],
    "label": [_INK],
    "words": [_SOFT],
    "small": [_SOFT],
    "code": [_SOFT],
    "tag": [("fill", "#1b1f24", "#e6edf3")],
    "on-tag": [("fill", "#ffffff", "#0d1117")],
    "ring": [("fill", "#ffffff", "#0d1117"), ("stroke", "#1b1f24", "#e6edf3")],
    "bare": [("fill", "#ffffff", "#0d1117")],
    "rule": [("stroke", "#d0d7de", "#30363d")],
    "lineage": [("stroke", "#57606a", "#9aa4af")],
    "aside": [("stroke", "#868e96", "#6e7681")],
    "back": [("stroke", "#868e96", "#6e7681")],
    "no": [("stroke", "#b84a00", "#ff8a4c")],
    "way": [("stroke", "#0067ab", "#58a6ff")],
    "unproven": [("fill", "#ffffff", "#0d1117"), ("stroke", "#57606a", "#9aa4af")],
    "stable": [("fill", "#007a58", "#33c295"), ("stroke", "#007a58", "#33c295")],
    "failed": [("fill", "#b84a00", "#ff8a4c"), ("stroke", "#b84a00", "#ff8a4c")],
    "rolled_back": [("fill", "#8a6100", "#e3b341"), ("stroke", "#8a6100", "#e3b341")],
    "retired": [("fill", "#6e7781", "#8b949e"), ("stroke", "#6e7781", "#8b949e")],
    "sign": [("stroke", "#ffffff", "#0d1117")],
}

#: What does not depend on the light.
_PLAIN: Final[Mapping[str, str]] = {
    "ground": "stroke-width:1",
    "ring": "stroke-width:2",
    "ended": "stroke-dasharray:5 3",
    "rule": "stroke-width:1",
    "lineage": "fill:none;stroke-width:2.5",
    "aside": "fill:none;stroke-width:1.5",
    "back": "fill:none;stroke-width:1.5",
    "dashed": "stroke-dasharray:4 3",
    "dotted": "stroke-dasharray:2 4",
    "no": "fill:none;stroke-width:2;stroke-linecap:round",
    "way": "fill:none;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round",
    "sign": "fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round",
    "mark": "stroke-width:1.8;stroke-linejoin:round",
    "end": "text-anchor:end",
    "middle": "text-anchor:middle",
}


def style_sheet(scope: str) -> str:
    """Return the style sheet of one picture. Nothing outside of the scope is styled by it."""
    return "".join(_rules(f".{scope}"))


def _rules(scope: str) -> Iterator[str]:
    yield f"{scope}{{max-width:100%;height:auto}}"
    for font in FONTS:
        yield f"{scope} .{font.name}{{font:{font.style}}}"
    for name, plain in _PLAIN.items():
        yield f"{scope} .{name}{{{plain}}}"
    light = [_rule(scope, name, 1) for name in COLOURS]
    dark = [_rule(scope, name, 2) for name in COLOURS]
    yield from light
    yield f"@media (prefers-color-scheme:dark){{{''.join(dark)}}}"


def _rule(scope: str, name: str, light: int) -> str:
    declarations = ";".join(f"{colours[0]}:{colours[light]}" for colours in COLOURS[name])
    return f"{scope} .{name}{{{declarations}}}"


def text(x: float, y: float, font: Font, content: str, more: str = "") -> str:
    """Return a line of text whose middle is at the height ``y``."""
    name = f"{font.name} {more}" if more else font.name
    baseline = y + 0.35 * font.size
    return f'<text class="{name}" x="{number(x)}" y="{number(baseline)}">{escaped(content)}</text>'


def path(name: str, *steps: str | float) -> str:
    """Return a path of that class, of commands and numbers."""
    drawn = " ".join(step if isinstance(step, str) else number(step) for step in steps)
    return f'<path class="{name}" d="{drawn}"/>'


def number(value: float) -> str:
    """Return a number of pixels, to a tenth."""
    return f"{round(value, 1):g}"
