"""Showing values in messages: short, on one line, and never failing, whatever the value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

T = TypeVar("T")

_LONGEST = 80
_WIDEST = 160
#: Control characters, lone surrogates, and the marks that turn the direction of a line.
_UNPRINTABLE = r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a regular expression that importing need not wait for: it is compiled when needed."""
    return re.compile(pattern)


def shown(value: object) -> str:
    """Return a short description of any value for a message. It never raises.

    A long text is cut, and a huge integer or a container only named: the `repr` of deep or hostile
    data may fail.
    """
    if isinstance(value, str):
        return repr(shortened(str.__str__(value), _LONGEST))
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, int) and value.bit_length() <= 64:  # noqa: PLR2004  # a machine word
        number = int.__repr__(value)
        return number if type(value) is int else f"the {type(value).__name__} {number}"
    if isinstance(value, type):
        return f"the class {value.__qualname__}"
    name = type(value).__name__ or "nameless object"
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"


def remedy_for_label(value: object) -> str:
    """Return what to write where a value that is not a `str` stands for a label."""
    if isinstance(value, float):
        # YAML reads 1.10 as 1.1, so str(value) would name another version.
        return "put quotes around it where it was read from, such as '1.10' in YAML"
    return "write str(version)"


def one_line(text: str) -> str:
    """Return the text on one line: white space folded, unprintable characters replaced."""
    return compiled(_UNPRINTABLE).sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def brief(text: str) -> str:
    """Return the text on one line, cut to what a message can bear."""
    return shortened(one_line(text), _WIDEST)


def shortened(text: str, longest: int) -> str:
    """Return the text cut to at most ``longest`` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"


def listed(values: Sequence[str], longest: int = 5) -> str:
    """Return the first few of the values, quoted and joined: ``'v1', 'v2' and 3 more``."""
    quoted = ", ".join(shown(value) for value in values[:longest])
    return quoted if len(values) <= longest else f"{quoted} and {len(values) - longest} more"


def abridged(values: Sequence[T], most: int) -> tuple[Sequence[T], int, T]:
    """Return the first of the values, how many are hidden after them, and the last one.

    At most ``most`` lines are needed: one for each of them, and one that counts the hidden ones.
    """
    hidden = max(0, len(values) - most)
    return values[: most - 1] if hidden else values[:-1], hidden, values[-1]
