"""A controller that goes back when an update has failed: one of many that share a registry.

Each of them may run on its own machine. The store lets one of them win before anything moves, and
the record says where the world shall be. So whoever notices that the world is elsewhere moves it,
also when the one that decided has died.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from lastgood import Event, LastStable, RollbackStrategy, VersionRegistry
from lastgood.rules import Budget

#: The nearest version that proved good; but a third time in a row is for people to decide.
STRATEGY: Final[RollbackStrategy] = LastStable().where(Budget(2))


class Store(Protocol):
    """Where registries are kept, each under a name: ``prod`` and ``staging`` are two."""

    def load(self, name: str, /) -> VersionRegistry:
        """Return what is recorded; an empty registry where nothing is."""
        ...

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Record all of these events if just ``before`` are recorded so far, or else none.

        Returns:
            Whether they are recorded: false where somebody else was quicker.
        """
        ...


class World(Protocol):
    """What serves: an alias, a symbolic link, a Kubernetes object."""

    def serving(self) -> str | None:
        """Return the label of the version that serves now."""
        ...

    def serve(self, version: str, /) -> None:
        """Let this version serve. To ask twice does no harm. Return when it has settled."""
        ...


def record(
    store: Store,
    name: str,
    decide: Callable[[VersionRegistry], VersionRegistry],
    attempts: int = 100,
) -> tuple[VersionRegistry, bool]:
    """Record a decision that is made on what is known now.

    Args:
        store: Where the registry is kept.
        name: The name of the registry.
        decide: Takes what is known; returns it with the news, or as it is. Asked again, on what is
            known then, as often as somebody else was quicker.
        attempts: How often it is asked.

    Returns:
        What is recorded now, and whether this very call recorded anything.

    Raises:
        TimeoutError: Somebody else was quicker each time.
        Exception: What the store raises, or the decision; a decision that raises records nothing.
    """
    for _ in range(attempts):
        known = store.load(name)
        decided = decide(known)
        news = decided.events[known.revision :]
        if not news:
            return known, False
        if store.append(name, known.revision, news):
            return decided, True
    raise TimeoutError(f"{name}: somebody else was quicker {attempts} times")


def leave_failed(registry: VersionRegistry) -> VersionRegistry:
    """Go back where the current version must not serve; otherwise return the registry as it is.

    Raises:
        NoRollbackTarget: There is no version to go back to: a person has to decide.
    """
    if not registry.needs_rollback:
        return registry
    now = datetime.now(UTC)
    plan = STRATEGY.plan(registry.with_clock(now))
    return registry.roll_back(plan, at=now)


def step_back(store: Store, world: World, name: str) -> bool:
    """Go back if the current version has failed: for when an alarm rings.

    Returns:
        Whether it was this controller that decided. The others find the work done.
    """
    _, won = record(store, name, leave_failed)
    if won:
        _ = reconcile(store, world, name)
    return won


def reconcile(store: Store, world: World, name: str) -> bool:
    """Move the world to what is recorded, and verify it: for every minute, on every machine.

    Returns:
        Whether there was anything to move.
    """
    current = store.load(name).current
    if current is None or current == world.serving():
        return False
    world.serve(current)
    if world.serving() != current:
        _ = record(store, name, lambda now: does_not_come_up(now, current))
    return True


def does_not_come_up(registry: VersionRegistry, version: str) -> VersionRegistry:
    """Take the bad news, for the next `step_back` to act upon.

    It is none if another version should serve meanwhile: then somebody else has moved the world.
    """
    if registry.current != version or registry.needs_rollback:
        return registry
    return registry.mark_failed(version, reason="does not come up")
