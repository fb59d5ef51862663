"""What a decision costs: a plan, a plan with rules, and what must read the whole registry."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import attrs

from lastgood import (
    AsOf,
    BestBy,
    Event,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
    Rule,
    VersionRegistry,
    prunable,
)
from lastgood.keys import numbers
from lastgood.rules import AtLeast, Budget, NotAcross, ServedAtLeast, ServedWithin, Stable
from tests.tools.benchmarks.registries import Growing, built, failing, hour, label_of
from tests.tools.benchmarks.timing import Case, Run, looped

#: What a plan is measured of; the composite finds its target with its first strategy.
STRATEGIES: tuple[RollbackStrategy, ...] = (
    LastStable(),
    Previous(),
    Pinned(label_of(0)),
    LastStable() | Pinned(label_of(0)),
    PreviousBySemver(),
)


def plans(size: int) -> Iterator[tuple[str, Case]]:
    """Yield the name of each plan, and its case on a registry of this size.

    The current version failed, and the one before it is stable.
    """
    growing = Growing(size)
    registry = _failed_release(growing)
    for strategy in STRATEGIES:
        yield f"`{type(strategy).__name__}`", _planning(strategy, registry, size)
    for strategy in (LastStable(), PreviousBySemver()):
        case = Case(str(size), partial(_after_a_release, strategy, growing))
        yield f"`{type(strategy).__name__}`, a release later", case
    yield "`LastStable().recover`, a release later", Case(str(size), partial(_recovering, growing))


def _planning(strategy: RollbackStrategy, registry: VersionRegistry, size: int) -> Case:
    plan = partial(strategy.plan, registry)
    _ = plan()  # The fingerprint and the order of precedence are kept from the first time on.
    return looped(str(size), plan, 20)


def _after_a_release(strategy: RollbackStrategy, growing: Growing) -> Run:
    return partial(strategy.plan, _failed_release(growing))


def _recovering(growing: Growing) -> Run:
    _ = _failed_release(growing)

    def recover() -> None:
        growing.registry = LastStable().recover(growing.registry)

    return recover


def _failed_release(growing: Growing) -> VersionRegistry:
    """Deploy a release that proves good and one that fails; return the registry."""
    good, bad = growing.fresh(2)
    registry = growing.registry.deploy(good).mark_stable(good)
    growing.registry = registry.deploy(bad).mark_failed(bad)
    return growing.registry


def rules(size: int) -> Iterator[tuple[str, Case]]:
    """Yield a plan without rules, with each of some rules, and with all of them together."""
    registry, failed = failing(size)
    of = LastStable()
    several: list[Rule] = [
        Stable(),
        AtLeast(label_of(0)),
        NotAcross("migration"),
        ServedAtLeast("1h"),
        ServedWithin("7d"),
        Budget(2),
        Budget(2, within="24h"),
    ]
    ruled = {repr(rule): of.where(rule) for rule in several}
    strategies = {
        "no rule": of,
        **ruled,
        "all of these": of.where(*several),
        "no rule, but `AsOf`": AsOf(hour(size - 0.5)),
    }
    targets = {strategy.plan(registry).target for strategy in strategies.values()}
    if targets != {label_of(size - 1)} or registry.current != failed:
        raise AssertionError(f"not all plans go back to the same version: {targets}")
    for name, strategy in strategies.items():
        shown = f"`{name}`" if name in ruled else name
        yield shown, _planning(strategy, registry, size)


def everything(size: int) -> Iterator[tuple[str, Case]]:
    """Yield what grows with the registry, per version."""
    registry, failed = failing(size)

    def refused() -> str:
        try:
            _ = Pinned(failed).plan(registry)
        except NoRollbackTarget as error:
            return error.explain()
        raise AssertionError(f"{failed} is not a target of its own rollback")

    operations: dict[str, Callable[[], object]] = {
        "`PreviousBy(numbers).plan`": partial(PreviousBy(numbers).plan, registry),
        "`BestBy('auc').plan`": partial(BestBy("auc").plan, registry),
        "`PreviousBySemver().plan`, builds of one release": partial(
            PreviousBySemver().plan, _builds(size)
        ),
        "`LastStable().review`": partial(LastStable().review, registry),
        "a plan without a target, and `error.explain()`": refused,
        "`prunable(registry)`": partial(prunable, registry),
    }
    for name, operation in operations.items():
        yield name, attrs.evolve(looped(str(size), operation, 1), times=size)
    asked = partial(first_asked, tuple(registry.events))
    yield "`registry.fingerprint`, first asked", Case(str(size), asked, size)


def _builds(size: int) -> VersionRegistry:
    """Return a registry of builds of one release, equal in SemVer, before one that failed."""
    registry = built([f"1.0.0+{number}" for number in range(size)])
    return registry.register("1.0.1").deploy("1.0.1").mark_failed("1.0.1")


def first_asked(events: Sequence[Event]) -> Run:
    """Prepare a registry whose fingerprint was never asked for, and return what asks for it."""
    registry = VersionRegistry.replay(events)
    return lambda: registry.fingerprint
