"""Programs that are measured from their start, each turn in a new process."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from shutil import which
from statistics import median
from time import perf_counter_ns

import attrs


@attrs.frozen
class Program:
    """A program in Python that prints the nanoseconds it counted, and its arguments."""

    text: str
    arguments: Sequence[str] = ()

    def command(self) -> list[str]:
        """Return the command that starts it with this very Python."""
        return [sys.executable, "-c", self.text, *self.arguments]


def started(programs: Mapping[str, Program], folder: str, turns: int) -> dict[str, list[float]]:
    """Return, by the names of the programs, the median seconds of what each of them printed.

    The last number is the wall clock from its start to its end. The compiled files are kept in the
    folder, and are made before.
    """
    taken: dict[str, list[list[float]]] = {name: [] for name in programs}
    for turn in range(1 + turns):
        for name, program in programs.items():
            start = perf_counter_ns()
            printed = _run(program.command(), folder).stdout.split()
            wall = perf_counter_ns() - start
            if turn:
                taken[name].append([*map(float, printed), wall])
    return {
        name: [median(times) / 1e9 for times in zip(*turns_of, strict=True)]
        for name, turns_of in taken.items()
    }


def instructions(program: Program, folder: str) -> int | None:
    """Return how many instructions a program takes, or `None` if valgrind is missing."""
    valgrind = which("valgrind")
    if valgrind is None:
        return None
    counting = [valgrind, "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    done = _run([*counting, *program.command()], folder)
    found = re.search(r"I +refs: +([\d,]+)", done.stderr)
    return None if found is None else int(found[1].replace(",", ""))


def _run(command: Sequence[str], folder: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": folder,
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONHASHSEED": "0",  # the same instructions in every run
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
