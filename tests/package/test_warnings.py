"""A warning in what is ours is an error; what a dependency warns of turns nobody's run red."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tests.package.discovery import ROOT
from tests.rows import each_row

OURS = ["lastgood", "lastgood.rules.budget", "tests.registry.test_value", "docs.examples.x"]
THEIRS = ["attr", "hypothesis.core", "lastgood_of_others", "testsuite"]
DEPRECATIONS = [DeprecationWarning, PendingDeprecationWarning, FutureWarning]


def warn(module: str, kind: type[Warning]) -> None:
    """Warn as a module does, where this test run hears it and nobody else."""
    with warnings.catch_warnings(record=True):
        warnings.warn_explicit("look out", kind, f"{module}.py", 1, module=module)


@each_row("module", [*OURS, "example_7"])
@each_row("kind", [UserWarning, RuntimeWarning, SyntaxWarning, ResourceWarning])
def test_a_warning_of_ours_is_an_error(module: str, kind: type[Warning]) -> None:
    """The library, its tests and its pages warn of nothing."""
    with pytest.raises(kind):
        warn(module, kind)


@each_row("module", THEIRS)
@each_row("kind", [*DEPRECATIONS, UserWarning, ResourceWarning])
def test_a_warning_of_a_dependency_is_not(module: str, kind: type[Warning]) -> None:
    """What a new release of a dependency warns of is shown, and no more."""
    warn(module, kind)


DEPRECATED = """
import warnings

def test_it():
    def old():
        warnings.warn("use new() instead", DeprecationWarning, stacklevel=2)
    old()
"""


@pytest.mark.parametrize(("gate", "outcome"), [({}, 0), ({"LASTGOOD_GATE": "1"}, 1)])
def test_only_a_gate_refuses_what_is_deprecated(
    tmp_path: Path, gate: dict[str, str], outcome: int
) -> None:
    """A newcomer has newer dependencies than we had: what they deprecate is for a gate to find."""
    _ = (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"))
    (tmp_path / "tests").mkdir()
    _ = (tmp_path / "tests" / "__init__.py").write_text("")
    _ = (tmp_path / "tests" / "conftest.py").write_text(
        (ROOT / "tests" / "conftest.py").read_text("utf-8")
    )
    _ = (tmp_path / "tests" / "test_it.py").write_text(DEPRECATED)
    usual = {name: value for name, value in os.environ.items() if name != "LASTGOOD_GATE"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-pno:cacheprovider", "tests"],
        cwd=tmp_path,
        env={**usual, **gate},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == outcome, done.stdout + done.stderr
