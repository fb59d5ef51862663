"""The commands that the pages show, run at a small size."""

import re
import subprocess
import sys
from pathlib import Path

from tests.tools.deployments.needs import need_module
from tests.tools.deployments.racing import CONTROLLERS


def run(*command: str, fails: bool = False) -> str:
    """Run a module of these tests as a person does, and return what it prints."""
    finished = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode != 0) is fails, finished.stdout + finished.stderr
    return finished.stdout + finished.stderr


def test_a_store_that_does_not_compare_is_found_out() -> None:
    """The race is real: if nothing is compared all controllers win, and updates are lost.

    The figures are printed, and the command fails.
    """
    printed = run("tests.tools.deployments.race", "careless", "--rounds", "2", fails=True)
    figures = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", printed)}
    assert figures["races"] == 2
    assert figures["winners"] == 2 * CONTROLLERS
    assert figures["lost"] >= 2 * (CONTROLLERS - 1)
    assert printed.splitlines()[-1] == "the store is not right"


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
