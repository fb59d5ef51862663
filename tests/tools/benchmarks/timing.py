"""Measuring: turn by turn, with medians, and with the garbage collector in the open."""

import gc
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter_ns, process_time_ns
from typing import TypeAlias

import attrs

Run: TypeAlias = Callable[[], object]

#: What every table is measured with; it is printed above the tables.
METHOD = """\
Each table was measured in one process, turn by turn, and the median of all turns counts. A turn is
one call, or a loop of calls and is then divided by their number; the loop itself, about 20 ns a
call, is included. Everything that a turn needs is prepared before it is timed, and the time of an
empty turn is subtracted. What takes seconds has few turns, or one. *Processor time* is the time of
the processor for this process: other programs and waiting for a disk are not in it. *Wall clock* is
what a caller waits. Where a table does not say which, and in all ratios, it is processor time.

The garbage collector is on, as it is for users, and looks at the objects of the turn; older ones
are frozen (`gc.freeze`), so that one thing does not pay for the garbage of another. Where a table
shows the time without the collector as well, it says so."""


#: A case has no more turns when its turns, and preparing them, took this many nanoseconds.
_ENOUGH = 2 * 10**9


@attrs.frozen
class Case:
    """One thing to measure."""

    name: str
    #: Prepares a turn, untimed, and returns the function that is timed.
    prepare: Callable[[], Run]
    #: How many operations a turn does.
    times: int = 1
    #: Whether the garbage collector is on during the turn.
    collecting: bool = True


@attrs.frozen
class Time:
    """How many seconds one operation takes."""

    processor: float
    wall: float


def repeated(operation: Run, times: int) -> Run:
    """Return a function that does the operation ``times`` times."""

    def run() -> None:
        for _ in range(times):
            _ = operation()

    return run


def looped(name: str, operation: Run, times: int = 100, *, collecting: bool = True) -> Case:
    """Return the case of an operation that changes nothing, so that it can be repeated."""
    run = operation if times == 1 else repeated(operation, times)
    return Case(name, lambda: run, times, collecting)


def measured(cases: Sequence[Case], turns: int) -> dict[str, Time]:
    """Return the median times of one operation of each case, by its name.

    Every case has at least one turn; a slow one has no more when they took long enough.
    """
    taken: dict[str, list[Time]] = {case.name: [] for case in cases}
    spent = dict.fromkeys(taken, 0)
    with quiet_collector():
        empty = _median([_turn(Case("empty", lambda: _nothing), Time(0, 0)) for _ in range(31)])
        for _ in range(turns):
            for case in cases:
                if spent[case.name] < _ENOUGH:
                    start = perf_counter_ns()
                    taken[case.name].append(_turn(case, empty))
                    spent[case.name] += perf_counter_ns() - start
    return {name: _median(times) for name, times in taken.items()}


def _turn(case: Case, empty: Time) -> Time:
    run = case.prepare()
    if case.collecting:
        _set_aside()
        gc.enable()
    wall, processor = perf_counter_ns(), process_time_ns()
    _ = run()
    processor, wall = process_time_ns() - processor, perf_counter_ns() - wall
    gc.disable()
    return Time(
        max(0.0, processor / 1e9 - empty.processor) / case.times,
        max(0.0, wall / 1e9 - empty.wall) / case.times,
    )


def _median(times: Sequence[Time]) -> Time:
    return Time(median(time.processor for time in times), median(time.wall for time in times))


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
