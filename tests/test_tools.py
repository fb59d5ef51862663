"""The commands of `tests/tools` that the pages show are run, at a small size."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from tests.package.discovery import PAGES, ROOT
from tests.rows import each_row

#: What a command is given here, and the last words that it prints.
COMMANDS: Final = {
    "control.campaign --seed 1 --steps 200": r"no breach of a guarantee",
    "control.explore --depth 3": r"[\d,]+ states, [\d,]+ steps, no breach of a guarantee",
    "diagrams --cases 110 --seed 2": r"110 diagrams, [\d,]+ texts, seed 2: no text was lost",
    "model.campaign --seed 3 --events 20 --stride 5": r"no disagreement: .* of processor time",
    "model.exhaustive --depth 1": r"no disagreement: .* s",
    "deployments.kubernetes --help": r" .*",
    "mutation --help": r" .*",
    "threads --seconds 0.1 --seed 2": r"every result is the one of a single thread: .* s",
}
#: Commands that take longer: the long searches run them.
LONG: Final = {
    "model.faults --seed 1 --kind 6 --events 500": r" *not found  0 no fault",
    "products --every 400": r"\d strategies keep the laws, in [\d,]+ decisions and \d+ s",
    "threads.interruptions --twice 3 --every 1200": r"1 pairs of operations: each gets .* s",
}
#: The other commands, and where they are run.
ELSEWHERE: Final = {
    "benchmarks": "tests/benchmarks/test_benchmarks.py",
    "chaos": "tests/deployments/test_chaos.py",
    "deployments.cluster": "tests/deployments/test_commands.py",
    "deployments.fleet": "tests/deployments/test_fleet.py",
    "deployments.growth": "tests/deployments/test_commands.py",
    "deployments.race": "tests/deployments/test_commands.py",
    "fuzz": "tests/fuzz/test_smoke.py",
    "schemas": "tests/schemas/test_mutated.py",
}


@pytest.mark.parametrize(
    ("command", "last"),
    [*COMMANDS.items(), *(pytest.param(*long, marks=pytest.mark.deep) for long in LONG.items())],
    ids=[*COMMANDS, *LONG],
)
def test_a_command_runs(command: str, last: str) -> None:
    """It ends well, and says so in its last line."""
    module, *arguments = command.split()
    done = subprocess.run(
        [sys.executable, "-m", f"tests.tools.{module}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(last, done.stdout.splitlines()[-1]), done.stdout


def shown() -> Iterator[tuple[str, str]]:
    """Yield each command that a page shows or a tool tells of itself: its module, its options."""
    files = [*PAGES, *(ROOT / "tests").rglob("*.py")]
    for text in {file.read_text("utf-8") for file in files}:
        yield from re.findall(r"-m tests\.tools\.([\w.]+)([^\n`]*)", text)


def test_every_command_that_is_shown_is_run() -> None:
    """A test runs each of them, and no other."""
    ran = {command.split()[0] for command in (*COMMANDS, *LONG)}
    assert {module for module, _ in shown()} == ran | {*ELSEWHERE}


@each_row(("module", "options"), sorted({*shown()}))
def test_with_the_options_that_are_shown(module: str, options: str) -> None:
    """The test that runs a command gives it the options of the page."""
    if module in ELSEWHERE:
        run = (ROOT / ELSEWHERE[module]).read_text("utf-8")
        assert f'"tests.tools.{module}"' in run
    else:
        run = next(one for one in (*COMMANDS, *LONG) if one.startswith(f"{module} "))
    assert [option for option in re.findall(r"--[a-z]+", options) if option not in run] == []
