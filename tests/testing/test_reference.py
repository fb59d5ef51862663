"""The reference of the kit has all that is in it."""

import re
from pathlib import Path

from lastgood import testing
from tests.rows import each_row

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "testing.md"
HEADINGS = re.findall(r"^#+ (\w+)$", PAGE.read_text("utf-8"), re.MULTILINE)


@each_row("law", [*testing.LAWS, *testing.STORE_LAWS])
def test_a_law_has_a_heading(law: str) -> None:
    """Each law is explained in the reference, under its name."""
    assert law in HEADINGS


def test_the_laws_stand_in_their_order() -> None:
    """They stand there in the order in which they are reported."""
    for laws in (testing.LAWS, testing.STORE_LAWS):
        assert [heading for heading in HEADINGS if heading in laws] == [*laws]


@each_row("name", testing.__all__)
def test_a_name_is_in_the_table(name: str) -> None:
    """Each public name is in the table at the top of the page."""
    assert f"| `{name}` |" in PAGE.read_text("utf-8")
