"""The dependency group is there, or its absence is told."""

import pytest

from tests.neighbours.conftest import MISSING


def test_the_neighbours_are_installed() -> None:
    """Where one is missing nothing of this folder is tested, and this is what says so."""
    if MISSING:
        pytest.skip(f"NOT TESTED: group neighbours is not installed, it lacks {MISSING}")
    assert MISSING == []
