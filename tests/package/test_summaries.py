"""The lines above the docstrings, the overview and the diagrams say what the code says."""

import re
from pathlib import Path

import pytest

from tests.package import diagrams, summaries
from tests.package.discovery import ROOT
from tests.package.summaries import OVERVIEW, REFERENCE
from tests.rows import each_row

#: What to do if one of the tests below fails.
REMEDY = "run python -m tests.package.summaries and python -m tests.package.diagrams"


@each_row("page", summaries.pages())
def test_a_forge_shows_signatures(page: Path) -> None:
    """Above each directive stands the signature with the first sentence, as the code has them."""
    text = page.read_text("utf-8")
    assert summaries.with_lines(text) == text, REMEDY


@each_row("page", summaries.pages())
def test_a_directive_has_its_own_block(page: Path) -> None:
    """No block draws two docstrings, since only one line stands above it."""
    text = page.read_text("utf-8")
    drawn = re.findall(r"^\s*\.\. auto(?!module)", text, re.MULTILINE)
    assert len(drawn) == len(summaries.DRAWN.findall(text.replace(".. automodule", "..")))


def test_the_overview_is_complete() -> None:
    """It has every public name in one line, as the code describes it."""
    assert summaries.overview() == OVERVIEW.read_text("utf-8"), REMEDY


def test_every_name_of_the_overview_leads_to_its_place() -> None:
    """No name of the overview stands there without a link."""
    cells = re.findall(r"^\| (.*?) \| ", OVERVIEW.read_text("utf-8"), re.MULTILINE)
    names = [cell for cell in cells if cell != "name"]
    assert len(names) > 80
    assert [
        name for name in names if not re.fullmatch(r"\[`.+`\]\([\w-]+\.md(#\S+)?\)", name)
    ] == []


def test_every_method_of_the_registry_has_a_heading() -> None:
    """So each of them is in the contents beside its page."""
    places = summaries.places()
    methods = [place for name, place in places.items() if name.startswith("lastgood.VersionReg")]
    assert len(methods) > 30
    assert [place for place in methods if "#" not in place] == ["registry.md"]


@pytest.mark.parametrize("path", diagrams.DIAGRAMS, ids=lambda path: path.name)
def test_a_diagram_is_what_the_library_does(path: Path) -> None:
    """The kept file is the one that is made of the library's answers today, and a page shows it."""
    assert diagrams.DIAGRAMS[path]() == path.read_text("utf-8"), REMEDY
    pages = [page.read_text("utf-8") for page in ROOT.glob("docs/**/*.md")]
    assert any(f"pictures/{path.name})" in page for page in pages)


def test_the_diagram_of_statuses_draws_every_change() -> None:
    """Each change of a status is an arrow, and no arrow is without a change."""
    drawn = {
        (before, row, arrow.after)
        for arrow in diagrams.ARROWS
        for before in arrow.before
        for row in arrow.rows
    }
    assert drawn == diagrams.changes()
    assert len(drawn) > 15


def test_the_pages_are_found() -> None:
    """What the tests above go through is not empty."""
    assert REFERENCE / "commands-serving.md" in summaries.pages()
