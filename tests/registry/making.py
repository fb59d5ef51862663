"""Registries, plans and times in few words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from lastgood import Candidate, RollbackPlan, Status, Version, VersionRegistry

NOON: Final = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


def annotate(registry: VersionRegistry, version: str, **more: Any) -> VersionRegistry:
    """Annotate the version with a value that no other helper gives it."""
    return registry.annotate(version, {"annotated": True}, **more)


#: The commands that take a label, as callables of a registry and a label.
COMMANDS: Final[Mapping[str, Callable[..., VersionRegistry]]] = {
    "register": VersionRegistry.register,
    "annotate": annotate,
    "deploy": VersionRegistry.deploy,
    "undeploy": VersionRegistry.undeploy,
    "mark_stable": VersionRegistry.mark_stable,
    "mark_failed": VersionRegistry.mark_failed,
    "retire": VersionRegistry.retire,
    "reinstate": VersionRegistry.reinstate,
    "observe": VersionRegistry.observe,
}

#: A step of a history, with its hour: a deployment of the label, or what the sign before it means.
Step: TypeAlias = tuple[str, float | None]
SIGNS: Final = {"+": "register", "-": "undeploy", "~": "annotate", "!": "mark_failed"}


def hour(number: float) -> datetime:
    """Return the time that many hours after noon."""
    return NOON + timedelta(hours=number)


def untyped(value: object) -> Any:  # what callers without a type checker pass
    """Return the value, with its type hidden from type checkers."""
    return value


def deployed(*labels: str) -> VersionRegistry:
    """Return a registry in which these versions were deployed, in this order.

    The same label twice in a row is a new deployment of the version, after an undeploy.
    """
    registry = VersionRegistry()
    for label in labels:
        if label not in registry:
            registry = registry.register(label)
        elif label == registry.current:
            registry = registry.undeploy(label)
        registry = registry.deploy(label)
    return registry


def timed(*steps: Step) -> VersionRegistry:
    """Return a registry of these steps, each with its hour; a label becomes known by the way."""
    registry = VersionRegistry()
    for name, number in steps:
        label, at = name.lstrip("".join(SIGNS)), None if number is None else hour(number)
        command = SIGNS.get(name.removesuffix(label), "deploy")
        if label not in registry and command != "register":
            registry = registry.register(label)
        registry = COMMANDS[command](registry, label, at=at)
    return registry


def by_hand(
    registry: VersionRegistry, target: str, *, source: str, revision: int | None = None
) -> RollbackPlan:
    """Return a plan from the source to the target that no strategy made."""
    made_at = registry.revision if revision is None else revision
    made_for = registry.at_revision(made_at) if made_at <= registry.revision else registry
    return RollbackPlan(
        source=source,
        target=target,
        reason="by hand",
        strategy="by hand",
        revision=made_at,
        fingerprint=made_for.fingerprint,
        considered=(Candidate.accept(target, "by hand"),),
    )


def back(
    registry: VersionRegistry, target: str, *, source: str, **more: Any
) -> VersionRegistry:  # reason, by, at
    """Roll back from the source to the target, by a plan that no strategy made."""
    return registry.roll_back(by_hand(registry, target, source=source), **more)


def idle(status: Status, *, was: Status = Status.UNPROVEN) -> VersionRegistry:
    """Return a registry where "it" has the status and "base" is current.

    A version that is rolled back was unproven or stable when it was left.
    """
    registry = deployed("base").register("it")
    match status:
        case Status.UNPROVEN:
            return registry
        case Status.STABLE:
            return registry.mark_stable("it", reason="the first reason")
        case Status.FAILED:
            return registry.mark_failed("it", reason="the first reason")
        case Status.ROLLED_BACK:
            registry = idle(was).deploy("it")
            return back(registry, "base", source="it", reason="the first reason")
        case Status.RETIRED:
            return registry.retire("it", reason="the first reason")


def serving(status: Status) -> VersionRegistry:
    """Return a registry where "it" has the status and is current; "base" served before it.

    No current version is rolled back: such a version is again what it was.
    """
    return idle(status).observe("it")


def labels(versions: Iterable[Version]) -> list[str]:
    """Return the labels of the versions, in their order."""
    return [version.label for version in versions]


def lineage(registry: VersionRegistry) -> list[str]:
    """Return the labels of the lineage, nearest first."""
    return labels(registry.lineage())


def answers(registry: VersionRegistry) -> dict[str, object]:
    """Return what the registry answers to every question that needs no other argument."""
    return {
        "versions": list(registry.values()),
        "backwards": list(reversed(registry.items())),
        "current": registry.current,
        "needs_rollback": registry.needs_rollback,
        "revision": registry.revision,
        "lineage": list(registry.lineage()),
        "below_in_semver": {label: list(registry.below_in_semver(label)) for label in registry},
        "deployments": list(registry.deployments),
        "deployments_of": {label: list(registry.deployments_of(label)) for label in registry},
        "served_for": {label: registry.served_for(label) for label in registry},
        "events": list(registry.events),
        "fingerprint": registry.fingerprint,
        "clock": registry.clock,
        "hash": hash(registry),
    }
