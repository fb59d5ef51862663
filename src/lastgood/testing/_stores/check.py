"""Checking a store against the laws."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, overload

from lastgood._basics.frozen import named
from lastgood._basics.messages import shown
from lastgood.testing._stores.bench import Bench, at_once
from lastgood.testing._stores.laws import DAMAGED, DEMAND, TABLE, WHY, Law
from lastgood.testing._stores.protocols import (
    AsyncOpen,
    AsyncTogether,
    Damage,
    Open,
    Run,
    Together,
)
from lastgood.testing._stores.reads import damaged
from lastgood.testing._stores.report import StoreLawViolation, StoreReport, StoreViolation
from lastgood.testing._stores.steps import Breach, Broken

#: The names of the laws of stores, in the order in which they are reported.
STORE_LAWS: Final[tuple[str, ...]] = (*TABLE, DAMAGED)


@overload
def check_store(
    open_store: Open, *, together: Together, run: None = None, damage: Sequence[Damage] = ()
) -> StoreReport: ...
@overload
def check_store(
    open_store: AsyncOpen, *, together: AsyncTogether, run: Run, damage: Sequence[Damage] = ()
) -> StoreReport: ...
@named("lastgood.testing")
def check_store(
    open_store: Callable[[str], object],
    *,
    together: Callable[[Any], object],
    run: Run | None = None,
    damage: Sequence[Damage] = (),
) -> StoreReport:
    """Check a store against the laws, on records of its own.

    The kit does no I/O: the store does, and whatever you pass. Run it against the real server.

    Args:
        open_store: Takes a name and opens another handle on the record of that name: a store, or a
            context manager that gives one and closes it. If the store is asynchronous, it may be a
            coroutine function or give an asynchronous context manager. The names are the same in
            each run: put something new before them, or begin with an empty database. A name that
            the store cannot keep may be refused with a `ValueError`.
        together: Takes functions without arguments, at most 4, and calls them at the same time, in
            a thread each, and waits for them. If the store is asynchronous, they are coroutine
            functions, for a gather.
        run: Runs a coroutine to its end, such as `asyncio.run`, for an asynchronous store. It is
            called once.
        damage: Functions that each take the name of a record of six events, in three appends, and
            damage what is stored of it, as a torn file, a changed byte or a lost row would. Without
            them the law ``damaged`` is not checked.

    Returns:
        What was checked, with counts.

    Raises:
        StoreLawViolation: The store breaks laws. The error shows all of them at once, each with the
            smallest steps that show it.
        TypeError: The store is asynchronous and there is no ``run``.
        TypeError: ``run`` or ``together`` does not run what it is given to its end.
        Exception: Whatever ``open_store``, ``together``, ``run`` or ``damage`` raises.

    >>> from lastgood.testing import check_store
    >>> records = {}
    >>> class Forgetful:
    ...     def __init__(self, name):
    ...         self.events = records.setdefault(name, [])
    ...     def load(self, since, fingerprint):
    ...         return self.events[since:]
    ...     def append(self, before, fingerprint, events):
    ...         if before == len(self.events):  # a count, and not the fingerprint
    ...             self.events += events
    ...             return True
    ...         return False
    >>> check_store(Forgetful, together=lambda calls: [call() for call in calls])
    Traceback (most recent call last):
    ...
    lastgood.testing.StoreLawViolation: Forgetful breaks same_history, all_or_nothing, partial_load
    ...
    """
    if callable(damage):
        raise TypeError(f"damage must be a list of functions: write damage=[{_name(damage)}]")
    laws: dict[str, Law] = dict(TABLE)
    if damage:
        laws[DAMAGED] = Law(DEMAND, WHY, partial(damaged, damages=tuple(damage)))
    bench = Bench(open_store, together, waits=run is not None)
    breaches: dict[str, Breach | None] = {}
    checking = _checked(bench, laws, breaches)
    if run is None:
        at_once(checking)
    else:
        _ = run(checking)
    if len(breaches) < len(laws):
        checking.close()
        raise TypeError(
            f"run must run the coroutine to its end: write asyncio.run, not {shown(run)}"
        )
    return _judged(bench, laws, breaches)


async def _checked(
    bench: Bench, laws: Mapping[str, Law], breaches: dict[str, Breach | None]
) -> None:
    """Check the laws one after the other, and note how each is broken, or `None`."""
    for name, law in laws.items():
        try:
            await law.check(bench)
        except Broken as broken:
            breaches[name] = broken.breach
        else:
            breaches[name] = None


def _judged(
    bench: Bench, laws: Mapping[str, Law], breaches: Mapping[str, Breach | None]
) -> StoreReport:
    report = StoreReport(
        bench.name,
        tuple(name for name, breach in breaches.items() if breach is None),
        tuple(name for name in STORE_LAWS if name not in laws),
        calls=bench.calls,
        rounds=bench.rounds,
    )
    violations = [
        StoreViolation(name, laws[name].demand, laws[name].why, breach)
        for name, breach in breaches.items()
        if breach is not None
    ]
    if violations:
        raise StoreLawViolation(report, violations)
    return report


def _name(function: object) -> str:
    return getattr(function, "__name__", "...")
