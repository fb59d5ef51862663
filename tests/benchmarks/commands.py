"""What a command costs: each turn records a few, one after the other, on versions made for it."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from lastgood import RollbackPlan, VersionRegistry
from tests.benchmarks.registries import Growing
from tests.benchmarks.timing import Case, Run

Command: TypeAlias = Callable[[VersionRegistry, str], VersionRegistry]
#: Makes a growing registry ready for a turn, and returns the labels to give to the command.
MakesReady: TypeAlias = Callable[[Growing], list[str]]

#: How many commands a turn records.
BATCH = 10


def cases(growing: Growing) -> Iterator[tuple[str, Case]]:
    """Yield the name of each command, and its case on this registry."""
    for name, (command, ready) in _COMMANDS.items():
        yield name, Case(str(growing.size), partial(_recording, command, ready, growing), BATCH)
    yield "roll_back", Case(str(growing.size), partial(_rolling_back, growing), BATCH)


def _recording(command: Command, ready: MakesReady, growing: Growing) -> Run:
    names = ready(growing)

    def record() -> None:
        registry = growing.registry
        for name in names:
            registry = command(registry, name)
        growing.registry = registry

    return record


def _rolling_back(growing: Growing) -> Run:
    """Make rollbacks ready, each from where the one before it went to."""
    names = _further_and_further_back(growing)
    revision = growing.registry.revision
    sources = [str(growing.registry.current), *names]
    plans = [
        RollbackPlan(source, target, "stable", "LastStable()", revision + place, ())
        for place, (source, target) in enumerate(pairwise(sources))
    ]

    def roll_back() -> None:
        registry = growing.registry
        for plan in plans:
            registry = registry.roll_back(plan)
        growing.registry = registry

    return roll_back


def _new(growing: Growing) -> list[str]:
    return [f"{name}+new" for name in growing.fresh(BATCH)]


def _fresh(growing: Growing) -> list[str]:
    return growing.fresh(BATCH)


def _failed(growing: Growing) -> list[str]:
    names = growing.fresh(BATCH)
    for name in names:
        growing.registry = growing.registry.mark_failed(name)
    return names


def _further_and_further_back(growing: Growing) -> list[str]:
    names = growing.fresh(BATCH + 1)
    for name in names:
        growing.registry = growing.registry.deploy(name)
    return names[-2::-1]


_COMMANDS: dict[str, tuple[Command, MakesReady]] = {
    "register": (VersionRegistry.register, _new),
    "deploy": (VersionRegistry.deploy, _fresh),
    "mark_stable": (VersionRegistry.mark_stable, _fresh),
    "mark_failed": (VersionRegistry.mark_failed, _fresh),
    "retire": (VersionRegistry.retire, _fresh),
    "reinstate": (VersionRegistry.reinstate, _failed),
    "observe, going back": (VersionRegistry.observe, _further_and_further_back),
}
