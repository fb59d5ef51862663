"""The benchmarks run: every section, on very small registries."""

import gc
import re
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Final

import pytest

from tests.rows import each_row
from tests.tools.benchmarks.__main__ import PACKAGES, PRINTED, SECTIONS, main
from tests.tools.benchmarks.machine import commit, release_of
from tests.tools.benchmarks.tables import Table, duration, rate, ratio
from tests.tools.benchmarks.timing import Case, Run, measured, quiet_collector

ROOT = Path(__file__).parents[2]


#: Runs the command as on a machine without MLflow, which takes seconds to begin.
WITHOUT_MLFLOW: Final = """
import runpy, sys
sys.modules["mlflow"] = None
runpy.run_module("tests.tools.benchmarks", run_name="__main__", alter_sys=True)
"""
SMALL: Final = ("--quick", "--sizes", "12,24", "--turns", "3", "--registries", "3")


def run(*command: str) -> str:
    """Return what Python prints with this command line."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def printed() -> str:
    """Return what one small run of the command prints: it takes seconds, so the searches run it."""
    return run("-c", WITHOUT_MLFLOW, *SMALL)


@pytest.mark.deep
@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_prints_its_tables(printed: str, name: str) -> None:
    """One command runs every section, and each prints at least one table with rows."""
    title, _ = SECTIONS[name]
    section = printed.partition(f"## {title}\n")[2].partition("\n## ")[0]
    assert "### " in section
    assert "| :-- |" in section
    assert "x |" in section or " B |" in section


@pytest.mark.deep
def test_every_aim_is_met_or_missed_by_its_figure(printed: str) -> None:
    """Each row of the first table says whether the figure is within the aim."""
    units = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "x": 1, "B": 1}
    rows = re.findall(
        r"^\| [^|]+ \| ([\d.,]+) ?(\w+) \| ([\d.,]+) ?(\S+) \| \**(met|missed)\** \|",
        printed.partition("### Aims")[2].partition("\n## ")[0],
        re.MULTILINE,
    )
    assert len(rows) > 25
    for aim, unit, value, unit_of_value, verdict in rows:
        at_most = float(aim.replace(",", "")) * units[unit]
        figure = float(value.replace(",", "")) * units[unit_of_value]
        if figure != pytest.approx(at_most, rel=0.01):  # a rounded figure may look like the aim
            assert (verdict == "met") == (figure < at_most)


@pytest.mark.deep
def test_the_machine_and_the_day_are_printed(printed: str) -> None:
    """The first line has the Python, the cores, the day, the commit, and the releases measured."""
    first, *_ = printed.splitlines()
    assert "Python 3." in first
    assert "cores" in first
    assert f"lastgood at {commit()}" in first
    for package in PACKAGES:
        assert f"{package} {release_of(package)}" in first


@pytest.mark.deep
def test_the_machine_is_not_named(printed: str) -> None:
    """No path of this machine is printed."""
    assert str(ROOT) not in printed
    assert str(Path.home()) not in printed


@pytest.mark.deep
def test_the_method_is_printed(printed: str) -> None:
    """What is timed, and with the garbage collector on, is said above the tables."""
    method = printed.partition("## ")[0]
    assert "garbage collector is on" in method
    assert "Wall clock" in method


@pytest.mark.deep
def test_the_run_says_how_long_it_took(printed: str) -> None:
    """The last line has the minutes, for whoever runs it again."""
    assert re.fullmatch(r"All of this took \d+\.\d minutes\.", printed.rstrip().splitlines()[-1])


def test_a_group_of_cases_is_measured_turn_by_turn() -> None:
    """Every case has its turns, each prepared before it, with the collector as the case says."""
    log: list[tuple[str, bool]] = []

    def prepare(name: str) -> Run:
        log.append((name, False))
        return lambda: log.append((f"{name} runs", gc.isenabled()))

    cases = [
        Case("with", lambda: prepare("with")),
        Case("without", lambda: prepare("without"), collecting=False),
    ]
    taken = measured(cases, 2)
    turn = [("with", False), ("with runs", True), ("without", False), ("without runs", False)]
    assert log == turn * 2
    assert all(time.processor >= 0 and time.wall >= 0 for time in taken.values())


@pytest.mark.deep
def test_missing_packages_are_named(printed: str) -> None:
    """A package that is not there is left out of the tables, and a note says so."""
    assert "MLflow on SQLite" not in printed
    left_out = re.search(r"\*\*Not installed, so not measured: (.*)\.\*\*", printed)
    assert left_out
    assert "mlflow-skinny" in left_out[1].split(", ")


@pytest.mark.deep
def test_what_is_installed_is_compared_with() -> None:
    """With MLflow there is a row for it."""
    printed = run("-m", "tests.tools.benchmarks", "versus", *SMALL)
    assert " MLflow on SQLite |" in printed
    assert "mlflow-skinny" not in printed.partition("## ")[2]


@pytest.mark.deep
def test_instructions_are_counted_where_valgrind_is() -> None:
    """A run that is not quick counts the instructions of imports, or says that it does not."""
    options = [option for option in SMALL if option != "--quick"]
    printed = run("-m", "tests.tools.benchmarks", "import", *options)
    counted = re.search(r"then `import lastgood` \|.* [\d,]{9,} \|", printed)
    assert (counted is not None) == (which("valgrind") is not None)
    assert (counted is None) == ("**Instructions are not counted**" in printed)


def test_a_page_gets_what_is_printed(tmp_path: Path) -> None:
    """With `--into` a page keeps the text above the line, and gets the newest tables below it."""
    page = tmp_path / "page.md"
    _ = page.write_text(f"# Speed\n\n{PRINTED}\n\nan old table\n", "utf-8")
    printed = run("-m", "tests.tools.benchmarks", "memory", *SMALL, "--into", str(page))
    assert page.read_text("utf-8") == f"# Speed\n\n{PRINTED}\n\n{printed[:-1]}"


def test_the_page_has_every_section() -> None:
    """The page of the documentation has every section, and the command that renews it."""
    above, _, below = (ROOT / "docs" / "benchmarks.md").read_text("utf-8").partition(PRINTED)
    assert "python -m tests.tools.benchmarks --into docs/benchmarks.md" in above
    assert [f"## {title}" in below for title, _ in SECTIONS.values()] == [True] * len(SECTIONS)


def test_an_unknown_section_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt section is an error that names the sections there are."""
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "semver" in capsys.readouterr().err


def test_tables_are_markdown() -> None:
    """A table has a heading, a row of columns, and its first column to the left.

    A vertical bar inside of a cell does not end it.
    """
    table = Table("Speed", ["What", "time"], [["plan", "9 µs"], ["`a | b`", "8 µs"]], "A note.")
    assert table.markdown() == (
        "### Speed\n\n| What | time |\n| :-- | --: |\n| plan | 9 µs |\n| `a \\| b` | 8 µs |\n\n"
        "A note."
    )


@each_row(
    ("seconds", "shown"),
    [
        (1.234e-8, "12.3 ns"),
        (4.567e-6, "4.57 µs"),
        (0.0123, "12.3 ms"),
        (0.9996, "1.00 s"),
        (12, "12.0 s"),
        (1234, "1,234 s"),
    ],
)
def test_durations_are_short(seconds: float, shown: str) -> None:
    """A duration has about three digits, in a unit that people would use."""
    assert duration(seconds) == shown


def test_ratios_are_short() -> None:
    """A ratio has about three digits; without a base there is a dash."""
    assert [ratio(value, 2) for value in (1, 3, 30, 3000)] == ["0.50x", "1.50x", "15.0x", "1,500x"]
    assert ratio(1, 0) == "-"


def test_rates_are_whole_numbers() -> None:
    """How often a second has no decimals; what took no measurable time has a dash."""
    assert [rate(4e-4), rate(0)] == ["2,500", "-"]


def test_the_collector_is_left_as_it_was_found() -> None:
    """Objects that are frozen while something is measured are not frozen after it."""
    before = gc.get_freeze_count()
    with quiet_collector():
        assert gc.get_freeze_count() > before
        assert not gc.isenabled()
    assert gc.get_freeze_count() <= before
    assert gc.isenabled()
