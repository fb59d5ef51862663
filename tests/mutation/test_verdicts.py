"""Who tells whether a mutant survives: each verdict is reached on a mutant made for it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.clone import ROOT, killers
from tests.mutation.tables import campaign

TESTS = """\
import os


def test_first():
    pass


def test_second():
    mutant = os.environ["MUTANT_UNDER_TEST"].rpartition("_")[2]
    assert mutant != "1"
    while mutant == "2":
        pass
"""


def test_each_mutant_has_its_verdict(tmp_path: Path) -> None:
    """Killed, endless, surviving, or reached by no test; what has a verdict is not tried again."""
    names = [
        *(f"lastgood.kit.x_one__mutmut_{number}" for number in range(5)),
        "lastgood.kit.x_two__mutmut_1",
    ]
    tests = ["test_it.py::test_first", "test_it.py::test_second"]
    stats = {
        "tests_by_mangled_function_name": {"lastgood.kit.x_one": tests},
        "duration_by_test": {tests[0]: 0.1, tests[1]: 0.2},
    }
    meta = {"exit_code_by_key": dict.fromkeys(names)}
    (tmp_path / "src").mkdir()
    _ = (tmp_path / "src" / "kit.py.meta").write_text(json.dumps(meta), encoding="utf-8")
    _ = (tmp_path / "mutmut-stats.json").write_text(json.dumps(stats), encoding="utf-8")
    _ = (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    _ = (tmp_path / "results.txt").write_text(f"killed 1 {names[4]}\n", encoding="utf-8")
    environment = {
        "PATH": "",
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "MUTANT_UNDER_TEST": "none",
        "WORKING": "2",
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-s",
        "-p",
        "tests.mutation.each",
        "test_it.py",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = (tmp_path / "results.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(lines) == sorted(
        [
            f"SURVIVED 2 {names[0]}",
            f"killed 2 {names[1]}",
            f"timeout ? {names[2]}",
            f"SURVIVED 2 {names[3]}",
            f"killed 1 {names[4]}",
            f"UNREACHED 0 {names[5]}",
        ]
    )


def toy(folder: Path, test: str) -> Path:
    """Make a tree with one small module and one file of tests; return the path of the module."""
    _ = shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "src" / "lastgood").mkdir(parents=True)
    _ = (folder / "src" / "lastgood" / "__init__.py").write_text("", encoding="utf-8")
    module = folder / "src" / "lastgood" / "words.py"
    _ = module.write_text('SAID = "yes"\nUNHEARD = "no"\n', encoding="utf-8")
    (folder / "tests" / "values").mkdir(parents=True)
    text = f"from lastgood.words import SAID\n\n\ndef test_it():\n    {test}\n"
    _ = (folder / "tests" / "values" / "test_it.py").write_text(text, encoding="utf-8")
    return module


def test_the_files_that_fail_are_told(tmp_path: Path) -> None:
    """The file of what fails; none where nothing can be imported; nothing where all pass."""
    module = toy(tmp_path, 'assert SAID == "yes"')
    tests = ["tests/values"]
    assert killers(tmp_path, tests) is None
    _ = module.write_text('SAID = "no"\n', encoding="utf-8")
    assert killers(tmp_path, tests) == ["tests/values/test_it.py"]
    _ = module.write_text("", encoding="utf-8")
    assert killers(tmp_path, tests) == []


def test_a_campaign_of_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each mutant is judged, and the module is afterwards as it was before."""
    module = toy(tmp_path, 'assert SAID == "yes"')
    before = module.read_text(encoding="utf-8")
    counts = campaign(tmp_path, ["tests/values"])
    assert capsys.readouterr().out.splitlines() == [
        "killed words.py:1: 'yesX'",
        "SURVIVED words.py:2: 'noX'",
    ]
    assert (counts[True], counts[False]) == (1, 1)
    assert module.read_text(encoding="utf-8") == before
