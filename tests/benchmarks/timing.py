"""Measuring: turn by turn, with medians, and with the garbage collector in the open."""

import gc
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from statistics import median
from time import process_time_ns
from typing import TypeAlias

import attrs

Run: TypeAlias = Callable[[], object]

#: What every table is measured with; it is printed above the tables.
METHOD = """\
What stands in one table was measured in one process, turn by turn, and the median of all turns
counts. A turn is one call, or a loop of calls whose number is divided out; the loop itself, some
20 ns a call, is not taken off. What a turn needs is made ready before it is timed. The time is the
one that the process spent on the processor, so what else the machine does is not in it, and neither
is waiting for a disk; what an empty turn takes is taken off. The garbage collector is off while a
turn is timed, as with `timeit`, since whose garbage it would take away is a matter of chance; in
rows that say so it is on. What was made before is then kept out of its way (`gc.freeze`), so that
it looks at what was measured and at nothing else."""


#: How many nanoseconds are enough for the turns of one group of cases.
_ENOUGH = 15 * 10**9


@attrs.frozen
class Case:
    """One thing to measure."""

    name: str
    #: Makes a turn ready, untimed, and returns what is timed.
    prepare: Callable[[], Run]
    #: How many operations a turn does.
    times: int = 1
    #: Whether the garbage collector is on during the turn.
    collecting: bool = False


def repeated(operation: Run, times: int) -> Run:
    """Return what does the operation so many times."""

    def run() -> None:
        for _ in range(times):
            _ = operation()

    return run


def looped(name: str, operation: Run, times: int = 100) -> Case:
    """Return the case of an operation that leaves everything as it was, so it can be repeated."""
    run = repeated(operation, times)
    return Case(name, lambda: run, times)


def measured(cases: Sequence[Case], turns: int) -> dict[str, float]:
    """Return the median time in seconds of one operation of each case, by its name.

    Slow cases have fewer turns: after the third one it ends where it has taken long enough.
    """
    taken: dict[str, list[float]] = {case.name: [] for case in cases}
    empty = Case("empty", lambda: _nothing)
    enough = process_time_ns() + _ENOUGH
    with quiet_collector():
        overhead = median(_turn(empty, 0) for _ in range(101))
        for turn in range(turns):
            for case in cases:
                taken[case.name].append(_turn(case, overhead))
            if turn >= 2 and process_time_ns() > enough:
                break
    return {name: median(times) for name, times in taken.items()}


def _turn(case: Case, overhead: float) -> float:
    run = case.prepare()
    if case.collecting:
        _set_aside()
        gc.enable()
    start = process_time_ns()
    _ = run()
    took = process_time_ns() - start
    gc.disable()
    return max(0.0, took / 1e9 - overhead) / case.times


def _nothing() -> None:
    pass


@contextmanager
def quiet_collector() -> Generator[None]:
    """Keep the garbage collector off, and what there is already out of its way."""
    _set_aside()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()


def _set_aside() -> None:
    """Make the collector forget what there is: it goes when nothing refers to it, as ever."""
    _ = gc.collect()
    gc.freeze()
