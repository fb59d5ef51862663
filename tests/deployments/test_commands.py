"""The commands that the pages show, run at a small size."""

import subprocess
import sys
from pathlib import Path

from tests.tools.deployments.needs import need_module


def run(*command: str) -> str:
    """Run a module of these tests as a person does, and return what it prints."""
    finished = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_races_are_counted() -> None:
    """The last line has the figures, and the command fails if the store is not right."""
    printed = run("tests.tools.deployments.race", "sqlite", "--rounds", "2")
    assert "races=2, winners=2, rollbacks=2, acts=2, unaware=0, lost=0" in printed


def test_growth_is_measured() -> None:
    """The size of an event and the time to load are printed."""
    printed = run("tests.tools.deployments.growth", "sqlite", "--events", "250")
    assert "250 events" in printed
    assert "work to load" in printed


def test_operators_race() -> None:
    """Two operators that see one failure record one rollback."""
    need_module("kopf", "deployments")
    need_module("kmock", "deployments")
    printed = run("tests.tools.deployments.cluster", "--rounds", "1", "--processes", "2")
    assert "failures=1, rollbacks=1" in printed
