"""A controller that leaves a failed version: one of many that share a registry.

Each controller may run on its own machine. The store lets one of them win before anything moves,
and the record says which version must serve. So whoever notices that another version serves moves
the world, also when the controller that decided has died.

This is a small loop to begin with. It judges nothing: a version that does not come up is reported
to the caller, because one look at the world is not evidence against a version.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol, TypeAlias

from lastgood import Event, LastStable, RollbackStrategy, VersionRegistry
from lastgood.rules import Budget

#: The nearest version that proved good. A third rollback in a row is for a person to decide.
STRATEGY: Final[RollbackStrategy] = LastStable().where(Budget(2))


class Store(Protocol):
    """The record of one registry, such as a `SqliteStore`."""

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        ...

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        ...


#: Where registries are kept: opens the record of a name. ``prod`` and ``staging`` are two.
Stores: TypeAlias = Callable[[str], Store]


class World(Protocol):
    """What serves: an alias, a symbolic link, a Kubernetes object."""

    def serving(self) -> str | None:
        """Return the label of the version that serves now."""
        ...

    def serve(self, version: str, /) -> None:
        """Let this version serve. Return when it has settled. Calling it twice does no harm."""
        ...


def load(store: Stores, name: str) -> VersionRegistry:
    """Return the record; an empty registry if nothing is recorded under this name."""
    nothing = VersionRegistry()
    return nothing.extend(store(name).load(nothing.revision, nothing.fingerprint))


def append(store: Stores, name: str, before: VersionRegistry, after: VersionRegistry) -> bool:
    """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
    news = tuple(after.events[before.revision :])
    return store(name).append(before.revision, before.fingerprint, news)


def record(
    store: Stores,
    name: str,
    decide: Callable[[VersionRegistry], VersionRegistry],
    attempts: int = 100,
) -> tuple[VersionRegistry, bool]:
    """Record a decision that is made on what is known now.

    Args:
        store: Where the registry is kept.
        name: The name of the registry.
        decide: Takes the record and returns it with the news, or unchanged. It is called again,
            with the newer record, each time that somebody else was quicker.
        attempts: How often it is called at most.

    Returns:
        The record as it is now, and whether this call added anything to it.

    Raises:
        TimeoutError: Somebody else was quicker each time.
        Exception: The store or the decision raised it. Whether the store recorded the events
            before it raised is not known: call `record` again, which adds nothing twice.
    """
    for _ in range(attempts):
        known = load(store, name)
        decided = decide(known)
        if decided.revision == known.revision:
            return known, False
        if append(store, name, known, decided):
            return decided, True
    raise TimeoutError(f"{name}: somebody else was quicker {attempts} times")


def leave_failed(registry: VersionRegistry) -> VersionRegistry:
    """Roll back if the current version failed or was retired; otherwise return the same registry.

    Raises:
        NoRollbackTarget: There is no version to go back to: a person has to decide.
    """
    return STRATEGY.recover(registry, at=datetime.now(UTC), by="controller")


def step_back(store: Stores, world: World, name: str) -> bool:
    """Roll back if the current version failed: for when an alarm rings.

    Returns:
        Whether this controller made the decision. The others find the work done.
    """
    _, won = record(store, name, leave_failed)
    if won:
        _ = reconcile(store, world, name)
    return won


def reconcile(store: Stores, world: World, name: str) -> bool:
    """Let the version serve that the record names: for every minute, on every machine.

    The record leads. A version that a person put in service by hand stays if the person recorded
    it, with `observe`; otherwise it is replaced here.

    Returns:
        Whether that version serves now. If this stays false, tell a person: the version does not
        come up, or something else moves the world.
    """
    wanted = load(store, name).current
    if wanted is None or world.serving() == wanted:
        return True
    world.serve(wanted)
    return world.serving() == load(store, name).current
