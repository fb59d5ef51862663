"""The table of the states, how the page shows it, and what really happens."""

import ast
import re

from tests.control.table import findings, shown, source, table
from tests.package.discovery import ROOT

PAGE = ROOT / "docs" / "how-to" / "control.md"


def test_the_table_of_the_page_is_the_table() -> None:
    """Each finding is in a row of the page, and each row is in the table."""
    section = PAGE.read_text("utf-8").partition("## The states")[2].partition("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| `")] == shown()


def test_every_finding_is_in_the_table() -> None:
    """No answer is read as something that leads nowhere."""
    assert {finding for _, finding, _ in table()} == {*findings().values()}


def test_the_rules_of_the_table_are_at_its_top() -> None:
    """A reader finds the rules of the states where the states are."""
    assert re.search(r"^1\. ", ast.get_docstring(source()) or "", re.MULTILINE)
