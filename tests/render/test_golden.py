"""The pictures that are kept are still drawn like that."""

from pathlib import Path

from tests.package.diagrams import DIAGRAMS
from tests.render.golden import PICTURES
from tests.rows import each_row


@each_row("path", PICTURES)
def test_a_picture_is_as_it_was(path: Path) -> None:
    """The file is what is drawn today; `python -m tests.render.golden` writes all of them anew."""
    assert path.read_text("utf-8") == f"{PICTURES[path]()}\n"


def test_no_picture_is_left_over() -> None:
    """Every file in the two folders is one that is compared."""
    folders = {path.parent for path in PICTURES}
    assert {path for folder in folders for path in folder.iterdir()} == {*PICTURES, *DIAGRAMS}
