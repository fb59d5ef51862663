"""Random histories: short, over a few labels, with every command and many refusals; and tables."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from hypothesis import strategies as st

from lastgood import (
    AsOf,
    BestBy,
    LastgoodError,
    LastStable,
    NotCurrent,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.keys import numbers
from lastgood.rules import (
    AtMostSteps,
    Budget,
    NotAcross,
    SameMajor,
    SameMetadata,
    Served,
    ServedWithin,
)
from tests.catalogue import SIMPLE
from tests.strategies.custom import AcceptsAll, AcceptsLineage

Command: TypeAlias = Callable[[VersionRegistry, str], VersionRegistry]

#: Versions with their digests: two have the same contents, two the same precedence.
DIGESTS = {"1.0.0": "a", "1.0.0+b": "a", "1.1.0-rc.1": None, "1.1.0": "b", "nightly": "c"}

#: A table of every status that a table can hold; the current version, "v3", failed.
REGISTRY = VersionRegistry.from_statuses(
    {"v1": "stable", "v2": "unproven", "v3": "failed", "v4": "stable", "v5": "retired"},
    current="v3",
)


def register(registry: VersionRegistry, label: str) -> VersionRegistry:
    """Make the version known."""
    return registry.register(label, metadata={"score": len(label)}, digest=DIGESTS[label])


def go_back(registry: VersionRegistry, label: str) -> VersionRegistry:
    """Roll back to the version from whichever one serves, or served last."""
    for source in DIGESTS:
        with suppress(NotCurrent):
            return registry.roll_back(Pinned(label).plan(registry, leaving=source))
    return registry


def later(registry: VersionRegistry, label: str) -> VersionRegistry:
    """Observe the version an hour after the latest time recorded."""
    clock = registry.clock or datetime(2026, 5, 1, tzinfo=UTC)
    return registry.observe(label, at=clock + timedelta(hours=1))


#: What is asked about such histories: each strategy, and some under rules or after one another.
STRATEGIES: tuple[RollbackStrategy, ...] = (
    *{
        **SIMPLE,
        "AsOf": AsOf("2026-05-01T02:00:00+00:00"),
        "Pinned": Pinned("1.0.0"),
    }.values(),
    LastStable(steps=2),
    Previous(steps=2),
    PreviousBySemver(prereleases=True, unproven=True),
    PreviousBy(numbers, unproven=True),
    BestBy("score", lowest=True),
    LastStable() | Pinned("1.1.0"),
    Previous().where(Budget(1)),
    Previous().where(Budget(1, within="1h"), ServedWithin("2h")),
    Previous() | AcceptsAll(),
    AcceptsAll(),
    AcceptsAll().where(Budget(2, within="1h"), ServedWithin("2h")),
    AcceptsAll().where(NotAcross("wall"), Served()),
    AcceptsAll().where(SameMajor(), SameMetadata("score")),
    AcceptsLineage(),
    AcceptsLineage().where(AtMostSteps(1), Budget(1)),
)


COMMANDS: tuple[Command, ...] = (
    register,
    go_back,
    later,
    lambda registry, label: registry.deploy(label),
    lambda registry, label: registry.undeploy(label),
    lambda registry, label: registry.mark_stable(label),
    lambda registry, label: registry.mark_failed(label, reason="red"),
    lambda registry, label: registry.retire(label),
    lambda registry, label: registry.reinstate(label),
    lambda registry, label: registry.observe(label),
    lambda registry, label: registry.annotate(
        label, {"score": registry.revision, "wall": registry.revision % 3 > 0}
    ),
)


def histories(*, serving: bool = True) -> st.SearchStrategy[VersionRegistry]:
    """Return registries in which something was deployed; if ``serving``, something serves still."""
    steps = st.tuples(st.sampled_from(COMMANDS), st.sampled_from(sorted(DIGESTS)))
    return st.lists(steps, max_size=25).map(lambda steps: _recorded(steps, serving=serving))


def _recorded(steps: list[tuple[Command, str]], *, serving: bool) -> VersionRegistry:
    registry = VersionRegistry()
    for label in list(DIGESTS)[: 2 + len(steps) % 4]:
        registry = register(registry, label).deploy(label)
    for command, label in steps:
        with suppress(LastgoodError):  # A refused command changes nothing.
            registry = command(registry, label)
    if serving and registry.current is None:
        registry = registry.observe(registry.deployments[-1].version)
    return registry


def tables(labels: Sequence[str]) -> st.SearchStrategy[dict[str, str]]:
    """Return tables of these labels, in any order, with any status that a table can hold."""
    statuses = st.sampled_from(["stable", "unproven", "failed", "retired"])
    return st.permutations(labels).flatmap(
        lambda order: st.fixed_dictionaries(dict.fromkeys(order, statuses))
    )
