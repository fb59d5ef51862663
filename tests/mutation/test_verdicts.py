"""Whether a mutant survives: each verdict is reached on a mutant that is made for it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.tools.mutation.clone import ROOT, alone, killers
from tests.tools.mutation.tables import campaign

#: Each of them starts pytest several times.
pytestmark = pytest.mark.deep

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


ONE: Final = [f"lastgood.kit.x_one__mutmut_{number}" for number in range(5)]
OTHER: Final = "lastgood.kit.x_two__mutmut_1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder as mutmut leaves it, with six mutants; no test reaches the last one."""
    reached = ["test_it.py::test_first", "test_it.py::test_second"]
    stats = {
        "tests_by_mangled_function_name": {"lastgood.kit.x_one": reached},
        "duration_by_test": dict(zip(reached, (0.1, 0.2), strict=True)),
    }
    on_import = [
        "lastgood.kit.x_setters__mutmut_1",
        "lastgood._basics.kinds.x\u01c1Kind\u01c1__init____mutmut_1",
    ]
    meta = {"exit_code_by_key": dict.fromkeys([*ONE, OTHER, *on_import])}
    (tmp_path / "src").mkdir()
    _ = (tmp_path / "src" / "kit.py.meta").write_text(json.dumps(meta), encoding="utf-8")
    _ = (tmp_path / "mutmut-stats.json").write_text(json.dumps(stats), encoding="utf-8")
    _ = (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    return tmp_path


def judged(folder: Path, before: str = "", **options: str) -> list[str]:
    """Try the mutants in the folder, and return the results, in order of the names."""
    results = folder / "results.txt"
    _ = results.write_text(before, encoding="utf-8")
    environment = {
        "PATH": "",
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "MUTANT_UNDER_TEST": "none",
        **options,
    }
    arguments = ["-q", "-s", "-p", "tests.tools.mutation.each", "test_it.py"]
    command = [sys.executable, "-m", "pytest", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(
        results.read_text(encoding="utf-8").splitlines(), key=lambda line: line.split()[2]
    )


def test_each_mutant_has_its_verdict(folder: Path) -> None:
    """A mutant is killed, endless, surviving, or reached by no test.

    A mutant that has a verdict is not tried again. A function that runs on import gets none here,
    because it has run before a mutant is chosen.
    """
    assert judged(folder, f"killed 1 {ONE[4]}\n", WORKING="2") == [
        f"SURVIVED 2 {ONE[0]}",
        f"killed 2 {ONE[1]}",
        f"timeout ? {ONE[2]}",
        f"SURVIVED 2 {ONE[3]}",
        f"killed 1 {ONE[4]}",
        f"UNREACHED 0 {OTHER}",
    ]


def test_what_survived_is_tried_again(folder: Path) -> None:
    """A limit of time lets a mutant survive; it can be tried again without one."""
    first = judged(folder, LIMIT="0.1", ONLY=ONE[1])
    assert first == [f"SURVIVED 1 {ONE[1]}"]
    assert judged(folder, f"{first[0]}\n", ONLY=ONE[1]) == first
    assert judged(folder, f"{first[0]}\n", ONLY=ONE[1], AGAIN="1") == [
        *first,
        f"killed 2 {ONE[1]}",
    ]


def toy(folder: Path, test: str) -> Path:
    """Make a tree with one small module and one file of tests; return the path of the module."""
    alone(Path(shutil.copy(ROOT / "pyproject.toml", folder)))
    (folder / "src" / "lastgood").mkdir(parents=True)
    _ = (folder / "src" / "lastgood" / "__init__.py").write_text("", encoding="utf-8")
    module = folder / "src" / "lastgood" / "words.py"
    _ = module.write_text('SAID = "yes"\nUNHEARD = "no"\n', encoding="utf-8")
    (folder / "tests" / "values").mkdir(parents=True)
    text = f"from lastgood.words import SAID\n\n\ndef test_it():\n    {test}\n"
    _ = (folder / "tests" / "values" / "test_it.py").write_text(text, encoding="utf-8")
    return module


def test_the_files_that_fail_are_named(tmp_path: Path) -> None:
    """The file of a failing test; no file if the import fails; `None` if all tests pass."""
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
