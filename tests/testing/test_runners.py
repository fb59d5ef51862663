"""The kit works under any test runner, and needs no particular one."""

import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

TESTS = """
import unittest

import attrs

from lastgood import Candidate, LastStable, RollbackStrategy
from lastgood.testing import LAWS, check_choice, check_strategy


@attrs.frozen
class Silent(RollbackStrategy):
    def candidates(self, registry, /):
        return iter(())


class TestStrategies(unittest.TestCase):
    def test_right(self):
        self.assertEqual(check_strategy(LastStable(), labels=["1", "2"]).laws, LAWS)

    def test_laws(self):
        for law in ("known", "readable"):
            with self.subTest(law):
                check_strategy(LastStable(), laws=[law], labels=["1", "2"])

    def test_wrong(self):
        check_strategy(Silent(), labels=["1", "2"])

    def test_choice(self):
        check_choice(LastStable(), lambda registry: None, labels=["1", "2"])
"""

MODULES = """
import json, sys
from lastgood import LastStable
from lastgood.testing import check_strategy
check_strategy(LastStable(), labels=["1", "2"])
print(json.dumps(sorted({"pytest", "_pytest", "unittest", "hypothesis"} & set(sys.modules))))
"""


def test_under_unittest(tmp_path: Path) -> None:
    """Under unittest what is right passes, and what is broken is a failure, not an error."""
    _ = (tmp_path / "test_strategies.py").write_text(TESTS, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", "test_strategies"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    said = ran.stderr
    assert "test_right (test_strategies.TestStrategies.test_right) ... ok" in said
    assert "test_laws (test_strategies.TestStrategies.test_laws) ... ok" in said
    assert "test_wrong (test_strategies.TestStrategies.test_wrong) ... FAIL" in said
    assert "test_choice (test_strategies.TestStrategies.test_choice) ... FAIL" in said
    assert "Silent() breaks finds_a_target" in said
    assert "FAILED (failures=2)" in said


OPTIMISED = """
from lastgood import Pinned
from lastgood.testing import StrategyLawViolation, check_strategy
try:
    check_strategy(Pinned("3"), labels=["1", "2"])
except StrategyLawViolation as error:
    print([violation.law for violation in error.violations])
"""


def test_without_assertions() -> None:
    """The kit needs no `assert` statement: it finds the same where Python leaves them out."""
    ran = subprocess.run(
        [sys.executable, "-O", "-c", OPTIMISED], check=True, capture_output=True, text=True
    )
    assert ran.stdout == "['finds_a_target']\n"


def test_no_runner_is_loaded() -> None:
    """A check loads no test runner."""
    ran = subprocess.run(
        [sys.executable, "-c", MODULES], check=True, capture_output=True, text=True
    )
    assert ran.stdout == "[]\n"


def test_nothing_is_plugged_in() -> None:
    """The package registers no entry point, so it changes no test runner that it is beside."""
    assert [*distribution("lastgood").entry_points] == []
