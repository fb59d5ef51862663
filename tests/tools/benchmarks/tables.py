"""Tables in Markdown, and the numbers in them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import attrs


@attrs.frozen
class Table:
    """A table: its title, its columns, and its rows of texts."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    #: What a reader must know to read it.
    note: str = ""

    def markdown(self) -> str:
        """Return the table in Markdown; all columns but the first one are aligned to the right."""
        head = [self.columns, [":--", *["--:"] * (len(self.columns) - 1)]]
        escaped = ([cell.replace("|", "\\|") for cell in cells] for cells in (*head, *self.rows))
        lines = [f"| {' | '.join(cells)} |" for cells in escaped]
        text = "\n".join([f"### {self.title}", "", *lines])
        return f"{text}\n\n{self.note}" if self.note else text


@attrs.frozen
class Options:
    """How much is measured."""

    #: How many versions the registries have, the smallest first.
    sizes: tuple[int, ...] = (100, 1_000, 10_000, 100_000)
    #: How many turns fast things have; slower ones have fewer.
    turns: int = 201

    #: How many small registries are kept at the same time.
    registries: int = 10_000
    #: Whether instructions are counted, which takes valgrind some seconds.
    counting: bool = True

    @property
    def few(self) -> int:
        """How many turns slow things have."""
        return max(3, self.turns // 20)

    @property
    def largest(self) -> int:
        """How many versions the largest registry has."""
        return max(self.sizes)


#: One section of the benchmarks: it measures, and yields table by table.
Section: TypeAlias = Callable[[Options], Iterator[Table]]


def duration(seconds: float) -> str:
    """Return a duration in the unit that people would use."""
    for unit, scale in (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * scale:
            return f"{_short(seconds / scale)} {unit}"
    return f"{_short(seconds)} s"


def ratio(value: float, base: float) -> str:
    """Return how many times the base a value is."""
    return f"{_short(value / base)}x" if base else "-"


def count(number: int) -> str:
    """Return a whole number with separators."""
    return f"{number:,}"


def rate(seconds: float) -> str:
    """Return how often a second something can be done that takes this long."""
    return f"{1 / seconds:,.0f}" if seconds else "-"


def memory(size: float) -> str:
    """Return a number of bytes."""
    return f"{size:,.0f} B"


def _short(value: float) -> str:
    """Return a number with about three digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
