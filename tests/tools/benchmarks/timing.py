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
Each table was measured in one process, turn by turn, and the median of all turns counts. A turn is
one call, or a loop of calls and is then divided by their number; the loop itself, about 20 ns a
call, is included. Everything that a turn needs is prepared before it is timed. The time is that of
the processor for this process, so it includes neither other programs nor waiting for a disk; the
time of an empty turn is subtracted. The garbage collector is off during a turn, as with `timeit`,
because whose garbage it would remove is a matter of chance; it is on in the rows that say so. It
then looks only at objects of the turn, because older ones are frozen (`gc.freeze`)."""


#: After this many nanoseconds a group of cases has no more turns.
_ENOUGH = 15 * 10**9


@attrs.frozen
class Case:
    """One thing to measure."""

    name: str
    #: Prepares a turn, untimed, and returns the function that is timed.
    prepare: Callable[[], Run]
    #: How many operations a turn does.
    times: int = 1
    #: Whether the garbage collector is on during the turn.
    collecting: bool = False


def repeated(operation: Run, times: int) -> Run:
    """Return a function that does the operation ``times`` times."""

    def run() -> None:
        for _ in range(times):
            _ = operation()

    return run


def looped(name: str, operation: Run, times: int = 100) -> Case:
    """Return the case of an operation that changes nothing, so that it can be repeated."""
    run = repeated(operation, times)
    return Case(name, lambda: run, times)


def measured(cases: Sequence[Case], turns: int) -> dict[str, float]:
    """Return the median time in seconds of one operation of each case, by its name.

    Slow cases have fewer turns: after the third one it ends as soon as it took long enough.
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
    """Keep the garbage collector off, and freeze the objects that there are already."""
    _set_aside()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()


def _set_aside() -> None:
    """Make the collector ignore the objects that there are; they still go with their last use."""
    _ = gc.collect()
    gc.freeze()
