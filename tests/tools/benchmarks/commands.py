"""What a command costs: each turn records a few, one after the other, on versions made for it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

from lastgood import Event, Pinned, RollbackPlan, VersionRegistry
from tests.tools.benchmarks.registries import Copy, Growing, hour
from tests.tools.benchmarks.timing import Case, Run

Command: TypeAlias = Callable[[VersionRegistry, str], VersionRegistry]
#: Makes a growing registry ready for a turn, and returns the labels to give to the command.
MakesReady: TypeAlias = Callable[[Growing], list[str]]
#: Events as plain data.
Data: TypeAlias = list[dict[str, Any]]

#: How many commands a turn records.
BATCH = 10
#: How many events a release is: registered, deployed, marked stable.
RELEASE = 3


def cases(growing: Growing) -> Iterator[tuple[str, Case]]:
    """Yield the name of each command, and its case on this registry."""
    size = str(growing.size)
    for name, (command, ready) in _COMMANDS.items():
        yield name, Case(size, partial(_recording, command, ready, growing), BATCH)
    yield "undeploy, and deploy again", Case(size, partial(_pausing, growing), 2 * BATCH)
    yield "roll_back", Case(size, partial(_rolling_back, growing, Copy(growing)), BATCH)
    yield "extend, per event", Case(size, partial(_extending, growing), RELEASE * BATCH)


def release(name: str) -> list[Event]:
    """Return the events of one release, as another process recorded them."""
    return [Event("registered", name), Event("deployed", name), Event("marked_stable", name)]


def _recording(command: Command, ready: MakesReady, growing: Growing) -> Run:
    names = ready(growing)

    def record() -> None:
        registry = growing.registry
        for name in names:
            registry = command(registry, name)
        growing.registry = registry

    return record


def _pausing(growing: Growing) -> Run:
    [name] = growing.fresh(1)
    growing.registry = growing.registry.deploy(name)

    def pause() -> None:
        registry = growing.registry
        for _ in range(BATCH):
            registry = registry.undeploy(name).deploy(name)
        growing.registry = registry

    return pause


def _rolling_back(growing: Growing, copy: Copy) -> Run:
    """Make rollbacks ready, each from where the one before it went to.

    The plans are made, and carried out, in a copy first.
    """
    source, *targets = _deployed(growing)
    copy.catch_up()
    _ = growing.registry.fingerprint
    plans: list[RollbackPlan] = []
    for target in targets:
        plan = Pinned(target).plan(copy.registry, leaving=source)
        copy.registry = copy.registry.roll_back(plan)
        plans.append(plan)
        source = target

    def roll_back() -> None:
        registry = growing.registry
        for plan in plans:
            registry = registry.roll_back(plan)
        growing.registry = registry

    return roll_back


def fingerprint_later(growing: Growing) -> Case:
    """Return the case of a fingerprint that is known but for the last event."""

    def prepare() -> Run:
        _ = growing.fresh(BATCH)
        registry = growing.registry
        first = registry.revision - BATCH
        _ = registry.at_revision(first).fingerprint
        later = [registry.at_revision(first + 1 + place) for place in range(BATCH)]

        def ask() -> None:
            for each in later:
                _ = each.fingerprint

        return ask

    return Case(str(growing.size), prepare, BATCH)


def _extending(growing: Growing) -> Run:
    events = [event for name in unheard_of(growing) for event in release(name)]

    def extend() -> None:
        growing.registry = growing.registry.extend(events)

    return extend


def unheard_of(growing: Growing) -> list[str]:
    """Return labels that are not registered yet."""
    return [f"{name}+new" for name in growing.fresh(BATCH)]


def _fresh(growing: Growing) -> list[str]:
    return growing.fresh(BATCH)


def _stable(growing: Growing) -> list[str]:
    names = growing.fresh(BATCH)
    for name in names:
        growing.registry = growing.registry.mark_stable(name)
    return names


def _failed(growing: Growing) -> list[str]:
    names = growing.fresh(BATCH)
    for name in names:
        growing.registry = growing.registry.mark_failed(name)
    return names


def _deployed(growing: Growing) -> list[str]:
    """Return the labels of one version more than a batch, deployed, the current one first."""
    names = growing.fresh(BATCH + 1)
    for name in names:
        growing.registry = growing.registry.deploy(name)
    return names[::-1]


def _left(growing: Growing) -> list[str]:
    return _deployed(growing)[1:]


def _deploy_in_time(registry: VersionRegistry, name: str) -> VersionRegistry:
    return registry.deploy(name, at=hour(registry.revision))


def _annotate(registry: VersionRegistry, name: str) -> VersionRegistry:
    return registry.annotate(name, {"p99_ms": 120})


_COMMANDS: dict[str, tuple[Command, MakesReady]] = {
    "register": (VersionRegistry.register, unheard_of),
    "annotate": (_annotate, _left),
    "deploy": (VersionRegistry.deploy, _fresh),
    "deploy, with its time": (_deploy_in_time, _fresh),
    "mark_stable": (VersionRegistry.mark_stable, _fresh),
    "mark_stable, already on record": (VersionRegistry.mark_stable, _stable),
    "mark_failed": (VersionRegistry.mark_failed, _fresh),
    "retire": (VersionRegistry.retire, _fresh),
    "reinstate": (VersionRegistry.reinstate, _failed),
    "observe, going back": (VersionRegistry.observe, _left),
}
