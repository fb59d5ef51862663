"""A back-test as a table in a notebook."""

import re
from html.parser import HTMLParser

from hypothesis import given
from typing_extensions import override

from lastgood import LastStable, Pinned, Previous, VersionRegistry
from lastgood.backtest import Backtest, backtest
from tests.backtest.stories import auc, month
from tests.registry.making import deployed
from tests.render.histories import hostile_registries
from tests.render.stories import show


class Table(HTMLParser):
    """The rows of a table, each as the texts of its cells, and all tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "br":
            self.handle_data("\n")
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if {"td", "th"} & {*self.open}:
            self.rows[-1][-1] += data


def shown(result: Backtest) -> Table:
    """Return what a notebook shows."""
    return Table(show(result))


def test_incidents_are_rows_and_strategies_columns() -> None:
    """A row is an incident, with what was done and one cell for each strategy."""
    head, first, *_, foot = shown(backtest(month(), LastStable(), Previous(), Pinned("v9"))).rows
    assert head == ["incident", "what was done", "LastStable()", "Previous()", "Pinned('v9')"]
    assert first == [
        "v1.3\nfailed: p99 latency 900 ms\n2024-05-05 07:00, revision 12",
        "\N{MULTIPLICATION SIGN} rolled back to v1.2 by ana; later failed: tokenizer mismatch",
        "\N{RIGHTWARDS ARROW} v1.1\nstable",
        "= \N{MULTIPLICATION SIGN} v1.2\nunproven; later failed: tokenizer mismatch",
        "\N{EMPTY SET} no target\nv9: not registered",
    ]
    assert foot[:2] == ["", "1 failed later"]
    assert foot[3] == "2 as recorded\n1 otherwise\n0 no target\n0 raised\n1 failed later"


def test_colours_have_shapes_and_words() -> None:
    """Each kind of choice has a colour and a sign of its own, and a word for who sees neither."""
    page = show(backtest(month(), LastStable(), Previous(), Pinned("v9"), Previous().where(auc)))
    found = re.findall(r'background:(#\w+)" role="img" aria-label="([\w ]+)" title="\2">(.)<', page)
    colours, words, signs = zip(*{*found}, strict=True)
    assert sorted(words) == ["as recorded", "failed later", "no target", "otherwise", "raised"]
    assert len({*colours}) == len({*signs}) == 5


def test_only_the_last_hundred_are_shown() -> None:
    """A table that nobody would read to the end shows the last hundred incidents."""
    registry = deployed("1", "2")
    for _ in range(101):
        registry = registry.observe("1").observe("2")
    table = shown(backtest(registry, LastStable()))
    assert len(table.rows) == 102
    assert "The last 100 of 101 incidents on record" in show(backtest(registry, LastStable()))


@given(hostile_registries)
def test_texts_mean_nothing(registry: VersionRegistry) -> None:
    """Whatever labels and reasons mean to HTML, the table has the same tags as any other."""
    table = shown(backtest(registry, LastStable(), Pinned("9")))
    tags = "table caption thead tbody tfoot tr td th b br small code span"
    assert {*table.tags} <= {*tags.split()}
    assert {len(row) for row in table.rows} == {4}
