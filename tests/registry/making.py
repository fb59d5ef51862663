"""Registries, plans and times in few words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lastgood import Candidate, RollbackPlan, Status, Version, VersionRegistry

NOON: Final = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)

#: The commands that take a label, as callables of a registry and a label.
COMMANDS: Final[Mapping[str, Callable[..., VersionRegistry]]] = {
    "register": VersionRegistry.register,
    "deploy": VersionRegistry.deploy,
    "mark_stable": VersionRegistry.mark_stable,
    "mark_failed": VersionRegistry.mark_failed,
    "retire": VersionRegistry.retire,
    "reinstate": VersionRegistry.reinstate,
    "observe": VersionRegistry.observe,
}


def hour(number: float) -> datetime:
    """Return the time so many hours after noon."""
    return NOON + timedelta(hours=number)


def untyped(value: object) -> Any:  # what callers without a type checker pass
    """Return the value as one of which no type checker knows anything."""
    return value


def deployed(*labels: str) -> VersionRegistry:
    """Return a registry in which these versions were deployed, in this order."""
    registry = VersionRegistry()
    for label in labels:
        if label not in registry:
            registry = registry.register(label)
        registry = registry.deploy(label)
    return registry


def by_hand(
    registry: VersionRegistry,
    target: str,
    *,
    source: str | None = None,
    revision: int | None = None,
) -> RollbackPlan:
    """Return a plan from the current version to the target, which no strategy made."""
    return RollbackPlan(
        source=source or registry.current or "nothing",
        target=target,
        reason="by hand",
        strategy="by hand",
        revision=registry.revision if revision is None else revision,
        considered=(Candidate.accept(target, "by hand"),),
    )


def idle(status: Status) -> VersionRegistry:
    """Return a registry where "it" has the status and "base" is current."""
    registry = deployed("base").register("it")
    match status:
        case Status.UNPROVEN:
            return registry
        case Status.STABLE:
            return registry.mark_stable("it", reason="the first reason")
        case Status.FAILED:
            return registry.mark_failed("it", reason="the first reason")
        case Status.ROLLED_BACK:
            registry = registry.deploy("it")
            return registry.roll_back(by_hand(registry, "base"), reason="the first reason")
        case Status.RETIRED:
            return registry.retire("it", reason="the first reason")


def serving(status: Status) -> VersionRegistry:
    """Return a registry where "it" has the status and is current; "base" served before it."""
    return idle(status).observe("it")


def labels(versions: Iterable[Version]) -> list[str]:
    """Return the labels of the versions, in their order."""
    return [version.label for version in versions]


def lineage(registry: VersionRegistry) -> list[str]:
    """Return the labels of the lineage, nearest first."""
    return labels(registry.lineage())


def answers(registry: VersionRegistry) -> dict[str, object]:
    """Return what the registry answers to every question that needs no argument."""
    return {
        "versions": list(registry.values()),
        "current": registry.current,
        "needs_rollback": registry.needs_rollback,
        "revision": registry.revision,
        "lineage": list(registry.lineage()),
        "below": {label: list(registry.below(label)) for label in registry},
        "deployments": list(registry.deployments),
        "events": list(registry.events),
        "clock": registry.clock,
        "hash": hash(registry),
    }
