"""Histories with incidents, in few words."""

from lastgood import LastStable, Pinned, Previous, Version, VersionRegistry
from tests.registry.making import deployed, hour


def month() -> VersionRegistry:
    """Return a history with three incidents, the last of which is not over."""
    registry = VersionRegistry()
    for number in range(4):
        label, at = f"v1.{number}", hour(24 * number)
        registry = registry.register(label, at=at).deploy(label, at=at)
        if label != "v1.2":
            registry = registry.mark_stable(label)
    registry = registry.mark_failed("v1.3", reason="p99 latency 900 ms", at=hour(90))
    registry = registry.roll_back(Previous().plan(registry), by="ana", at=hour(91))
    registry = registry.mark_failed("v1.2", reason="tokenizer mismatch", at=hour(95))
    registry = registry.roll_back(LastStable().plan(registry), at=hour(96))
    registry = registry.register("v1.4").deploy("v1.4", at=hour(120))
    return registry.mark_failed("v1.4", reason="error rate 4 %")


def back_by_hand(*labels: str, to: str) -> VersionRegistry:
    """Return a registry of these deployments, in which the last one was left without a verdict."""
    registry = deployed(*labels)
    return registry.roll_back(Pinned(to).plan(registry, leaving=labels[-1]))


def auc(version: Version, _registry: VersionRegistry, /) -> str | None:
    """Veto like a program that expects a metric of every version."""
    return None if version.metadata["auc"] else "bad"
