"""Text in lines that are no wider than they may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import TypeAlias

#: How wide one character is.
Size: TypeAlias = Callable[[str], float]


def columns(character: str) -> int:
    """Return how many columns of a terminal a character takes: 0, 1 or 2.

    Where terminals differ it is the larger number.
    """
    if character.isascii():
        return 1
    category = unicodedata.category(character)
    if unicodedata.east_asian_width(character) in "WF" or category == "Cn":
        return 2  # Most of what is not yet assigned in this Python are later pictures.
    # What asks for a picture makes the character before it wider.
    is_drawn_over = category in {"Mn", "Me"} and character != "\N{VARIATION SELECTOR-16}"
    return 0 if is_drawn_over else 1


def width(text: str, size: Size = columns) -> float:
    """Return how wide a text is."""
    return sum(map(size, text))


def wrapped(text: str, widest: float, size: Size = columns) -> list[str]:
    """Return a text in lines, at least one, broken at white space or in words that are too wide."""
    lines: list[str] = []
    for word in text.split():
        first, *rest = _pieces(word, widest, size)
        longer = f"{lines[-1]} {first}" if lines else first
        if lines and width(longer, size) <= widest:
            lines[-1] = longer
        else:
            lines.append(first)
        lines += rest
    return lines or [""]


def _pieces(word: str, widest: float, size: Size) -> Iterator[str]:
    """Yield a word in pieces that fit, none of them empty."""
    start, used = 0, 0.0
    for place, character in enumerate(word):
        wide = size(character)
        if wide and place > start and used + wide > widest:
            yield word[start:place]
            start, used = place, 0.0
        used += wide
    yield word[start:]
