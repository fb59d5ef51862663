"""The table of the states, the diagram that the page shows of it, and what really happens."""

import ast
import re

from tests.control.table import drawn, findings, source, table
from tests.package.discovery import ROOT, fences

PAGE = ROOT / "docs" / "how-to" / "control.md"


def test_the_diagram_of_the_page_is_the_table() -> None:
    """Each arrow is a row of the table, and each row is on an arrow."""
    (diagram,) = (body for tag, body in fences(PAGE) if tag == "mermaid")
    assert [line.strip() for line in diagram.splitlines()] == drawn()


def test_every_finding_is_in_the_table() -> None:
    """No answer is read as something that leads nowhere."""
    assert {finding for _, finding, _ in table()} == {*findings().values()}


def test_the_rules_of_the_table_are_at_its_top() -> None:
    """A reader finds the rules of the states where the states are."""
    assert re.search(r"^1\. ", ast.get_docstring(source()) or "", re.MULTILINE)
