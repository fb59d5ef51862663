"""The first example of the documentation does what it says."""

import subprocess
import sys
from pathlib import Path

import pytest

from docs.examples import failed_update

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "failed_update.py"


def run() -> list[str]:
    """Run it as a script, and return the lines it prints."""
    ran = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


def test_the_failed_update_goes_back_to_the_last_stable_version() -> None:
    """Run as a script, the example prints the plan's explanation and ends with what serves."""
    lines = run()

    assert lines[0].startswith("Roll back v1.1 -> v1.0")
    assert lines[-1] == "Deployed model version: v1.0"
    assert sum(line.startswith("Roll back") for line in lines) == 1, "the retry does nothing"


def test_the_failed_update_prints_the_same_when_it_is_imported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Importing the example prints nothing; calling ``main`` prints what the script prints."""
    failed_update.main()

    assert capsys.readouterr().out.splitlines() == run()
