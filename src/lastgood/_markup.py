"""Text as part of XML and HTML, in which it means nothing but itself."""

from collections.abc import Iterable
from html import escape
from typing import Final

from lastgood._show import one_line

#: Two characters that no XML may contain, and that are no control characters.
_NO_XML: Final = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")

#: Notebooks set tables to the right, as if all were numbers.
_CELL: Final = 'style="text-align:left" dir="auto"'


def escaped(text: str) -> str:
    """Return a text on one line, for between tags or between the quotes of an attribute."""
    return escape(one_line(text).translate(_NO_XML))


def table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of plain texts as HTML."""
    heading = _row("th", head)
    body = "".join(_row("td", row) for row in rows)
    above = f'<caption style="text-align:left"><b>{escaped(caption)}</b></caption>'
    return f"<table>{above}<thead>{heading}</thead><tbody>{body}</tbody></table>"


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag} {_CELL}>{escaped(cell)}</{tag}>' for cell in cells)}</tr>"
