"""Text as part of XML and HTML, in which it means nothing but itself."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from lastgood._basics.messages import one_line

#: Two characters that XML may not contain, besides the control characters.
_NO_XML: Final[Mapping[int, str]] = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")

#: A notebook sets cells to the right, as if they were numbers, and does not break them. A cell that
#: may break anywhere is kept from being as narrow as a letter.
_STYLE: Final = "text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:5em"


def escaped(text: str) -> str:
    """Return a text on one line, for between tags or between the quotes of an attribute."""
    return escape(one_line(text).translate(_NO_XML))


def table(
    caption: str, head: Iterable[str], rows: Iterable[Iterable[str]], *, code: str | None = None
) -> str:
    """Return a table of plain texts as HTML, with a caption and perhaps some code below that."""
    above = f"<b>{escaped(caption)}</b>"
    above += "" if code is None else f"<br><code>{escaped(code)}</code>"
    heading, body = _row("th", head), "".join(_row("td", row) for row in rows)
    return (
        f'<table><caption style="text-align:left">{above}</caption>'
        f"<thead>{heading}</thead><tbody>{body}</tbody></table>"
    )


def lines(texts: Iterable[str]) -> str:
    """Return plain texts as HTML, each on a line of its own."""
    return f"<div>{'<br>'.join(map(escaped, texts))}</div>"


def _row(tag: str, cells: Iterable[str]) -> str:
    opening = f'<{tag} style="{_STYLE}" dir="auto">'
    return f"<tr>{''.join(f'{opening}{escaped(cell)}</{tag}>' for cell in cells)}</tr>"
