"""The commands that the pages show, run at a small size."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployments.careless import assert_careless
from tests.tools.deployments.needs import need_module
from tests.tools.deployments.racing import Figures


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


@pytest.mark.deep
def test_races_are_counted() -> None:
    """The last line has the figures, and the command succeeds if the store is right."""
    printed = run("tests.tools.deployments.race", "sqlite", "--rounds", "2")
    assert "races=2, winners=2, rollbacks=2, acts=2, unaware=0, lost=0" in printed


def test_a_careless_store_is_found_out_by_the_command() -> None:
    """The figures are printed, and the command fails."""
    printed = run("tests.tools.deployments.race", "careless", "--rounds", "2", fails=True)
    counts = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", printed)}
    assert_careless(Figures(**counts), rounds=2)
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
