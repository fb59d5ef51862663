"""The targets of the fuzzer, called with some inputs that are always the same."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lastgood import (
    Event,
    RollbackPlan,
    SemVer,
    UnknownVersion,
    VersionRegistry,
    strategy_from_dict,
)
from tests.package.discovery import ROOT
from tests.rows import each_row
from tests.tools.fuzz.__main__ import NAMES
from tests.tools.fuzz.source import Source, Strange
from tests.tools.fuzz.targets import SECONDS, SECONDS_EACH, TARGETS, is_refused, watched

READERS: dict[str, tuple[Callable[[Any], object], Callable[[Source], object]]] = {
    "SemVer.parse": (SemVer.parse, Source.text),
    "SemVer.from_label": (SemVer.from_label, Source.text),
    "Event.from_dict": (Event.from_dict, lambda source: source.damaged(source.event())),
    "VersionRegistry.from_dict": (VersionRegistry.from_dict, Source.document),
    "RollbackPlan.from_dict": (RollbackPlan.from_dict, Source.plan),
    "strategy_from_dict": (strategy_from_dict, Source.policy),
}


def inputs(seed: str, count: int) -> list[bytes]:
    """Return bytes of any length up to 256."""
    random = Random(seed)  # noqa: S311
    return [random.randbytes(random.randrange(257)) for _ in range(count)]


@pytest.mark.parametrize("count", [150, pytest.param(400, marks=pytest.mark.deep)])
@pytest.mark.parametrize("name", TARGETS)
def test_the_targets_find_nothing(name: str, count: int) -> None:
    """Nothing but the documented errors escapes, and what is accepted comes back."""
    TARGETS[name](b"")
    for data in inputs(name, count):
        TARGETS[name](data)


@each_row("name", READERS)
def test_inputs_are_of_both_kinds(name: str) -> None:
    """Of what the fuzzer tries, much is accepted and much is refused."""
    read, make = READERS[name]
    counts = Counter[bool]()
    for data in inputs(name, 400):
        try:
            found = read(make(Source(data)))
        except ValueError:
            found = None
        counts[found is not None] += 1
    assert counts[True] > 20, counts
    assert counts[False] > 20, counts


def test_the_same_bytes_are_the_same_input() -> None:
    """What was found can be had again."""
    for data in inputs("again", 50):
        once, again = (Source(data).registry(steps=20) for _ in range(2))
        assert once == again


def test_the_command_knows_every_target() -> None:
    """The names that the command takes are the targets."""
    assert NAMES == tuple(TARGETS) == tuple(READERS)


def test_an_undocumented_error_is_a_finding() -> None:
    """What a reader raises besides the documented error escapes from the target."""
    with pytest.raises(RuntimeError):
        _ = watched(repr, Strange(), 1)
    with pytest.raises(AssertionError):
        _ = is_refused(UnknownVersion("1.0.0"))


def test_time_out_of_proportion_is_a_finding() -> None:
    """What always takes longer than its size allows fails."""
    nothing_at_all = -SECONDS / SECONDS_EACH
    with pytest.raises(AssertionError, match="more than 0"):
        _ = watched(repr, 1, nothing_at_all)


def test_the_command_runs_a_file_again(tmp_path: Path) -> None:
    """The bytes of a finding are run once more, without atheris."""
    found = tmp_path / "found"
    _ = found.write_bytes(b"\x01\x02")
    command = [sys.executable, "-m", "tests.tools.fuzz", "strategy_from_dict"]
    command += ["--runs", "1", "--seed", "1", "--again", str(found)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert answer.stdout == b""
