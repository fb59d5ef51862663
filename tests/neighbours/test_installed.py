"""The dependency group is there, or its absence is reported."""

import pytest

from tests.neighbours.conftest import MISSING


def test_the_neighbours_are_installed() -> None:
    """If one is missing, nothing in this folder is tested, and this test says so."""
    if MISSING:
        pytest.skip(f"NOT TESTED: group neighbours is not installed, it lacks {MISSING}")
    assert MISSING == []
