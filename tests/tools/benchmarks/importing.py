"""How long `import lastgood` takes after importing attrs and typing-extensions."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from statistics import median
from tempfile import TemporaryDirectory

from tests.tools.benchmarks.tables import Options, Table, duration, ratio

_PROGRAM = """
from time import process_time_ns
start = process_time_ns()
import attrs, typing_extensions
between = process_time_ns()
import lastgood
print(between - start, process_time_ns() - between)
"""


def tables(options: Options) -> Iterator[Table]:
    """Measure importing lastgood after the packages that it needs."""
    floor, ours = taken(options)
    rows = [
        ["`import attrs, typing_extensions`", duration(floor), ratio(floor, floor)],
        ["then `import lastgood`", duration(ours), ratio(ours, floor)],
    ]
    note = "Each in a new process; the compiled files are in a folder of their own, made before."
    yield Table("Importing", ["Import", "time", "to the first"], rows, note)


def taken(options: Options) -> tuple[float, float]:
    """Return the median seconds for importing what lastgood needs, and then lastgood.

    Each time in a new process, with compiled files as after the first import.
    """
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        _ = _imported(environment)
        pairs = [_imported(environment) for _ in range(2 * options.few)]
    floor, ours = (median(times) / 1e9 for times in zip(*pairs, strict=True))
    return floor, ours


def _imported(environment: Mapping[str, str]) -> tuple[int, int]:
    """Return the nanoseconds that the two imports took in a new process."""
    command = [sys.executable, "-c", _PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    floor, ours = map(int, done.stdout.split())
    return floor, ours
