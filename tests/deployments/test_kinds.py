"""Which kinds of stores are tried here."""

from tests.rows import each_row
from tests.tools.deployments.kinds.kind import NEEDED, need


@each_row("kind", NEEDED)
def test_each_kind_of_store_can_be_tried(kind: str) -> None:
    """If something is missing this says so, once; the tests that need that kind are left out.

    With ``LASTGOOD_ALL=1`` nothing is left out, and this fails.
    """
    need(kind)
