"""Text as part of XML and HTML, in which it means nothing but itself."""

from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from lastgood._basics.columns import width
from lastgood._basics.messages import one_line

#: Two characters that XML may not contain, besides the control characters.
_NO_XML: Final[Mapping[int, str]] = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")

#: A notebook sets cells to the right, as if they were numbers, and does not break them. A text that
#: has room stays on one line; a longer one may break anywhere, but is kept from being as narrow as
#: a letter.
_LEFT: Final = "text-align:left"
_SHORT: Final = f"{_LEFT};white-space:nowrap"
_LONG: Final = f"{_LEFT};white-space:normal;overflow-wrap:anywhere;min-width:9em"
#: A text that takes at most this many columns is short, and a caption.
_ROOM: Final = 18
_CAPTION: Final = 40


def escaped(text: str) -> str:
    """Return a text on one line, for between tags or between the quotes of an attribute."""
    return escape(one_line(text).translate(_NO_XML))


def table(
    caption: str, head: Iterable[str], rows: Iterable[Iterable[str]], *, code: str | None = None
) -> str:
    """Return a table of plain texts as HTML, with a caption and perhaps some code below that."""
    style = _SHORT if width(caption) <= _CAPTION else _LEFT
    above = f"<b>{escaped(caption)}</b>"
    above += "" if code is None else f"<br><code>{escaped(code)}</code>"
    heading, body = _row("th", head), "".join(_row("td", row) for row in rows)
    return (
        f'<table><caption style="{style}">{above}</caption>'
        f"<thead>{heading}</thead><tbody>{body}</tbody></table>"
    )


def lines(texts: Iterable[str]) -> str:
    """Return plain texts as HTML, each on a line of its own."""
    return f"<div>{'<br>'.join(map(escaped, texts))}</div>"


def image(svg: str, words: str) -> str:
    """Return a drawing as an image that needs no other file, with what it shows in words."""
    data = b2a_base64(svg.encode(), newline=False).decode()
    return (
        f'<img alt="{escaped(words)}" style="max-width:100%;height:auto" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(_cell(tag, cell) for cell in cells)}</tr>"


def _cell(tag: str, text: str) -> str:
    style = _SHORT if width(text) <= _ROOM else _LONG
    return f'<{tag} style="{style}" dir="auto">{escaped(text)}</{tag}>'
