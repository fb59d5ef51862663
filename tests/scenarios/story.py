"""A few words to tell a deployment history in, one step after the other.

    registry = story(good("1"), deploy("2"), bad("2", "crash loop"), back(LastStable()))
    registry = story(deploy("3"), since=registry)

A step takes a registry and returns the next one, so every step of a story is a public command.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pytest

from lastgood import (
    Candidate,
    MetadataValue,
    NoRollbackTarget,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
)

Step: TypeAlias = Callable[[VersionRegistry], VersionRegistry]

DAWN = datetime(2024, 5, 1, 8, 0, tzinfo=UTC)


def hour(number: int) -> datetime:
    """Return the time so many hours after the story began."""
    return DAWN + timedelta(hours=number)


def story(*steps: Step, since: VersionRegistry | None = None) -> VersionRegistry:
    """Tell the steps in order, on an empty registry or from a given one."""
    registry = VersionRegistry() if since is None else since
    for step in steps:
        registry = step(registry)
    return registry


def register(
    version: str,
    *,
    metadata: Mapping[str, MetadataValue] | None = None,
    digest: str | None = None,
) -> Step:
    """The version becomes known."""
    return lambda registry: registry.register(version, metadata=metadata, digest=digest)


def deploy(
    version: str,
    *,
    metadata: Mapping[str, MetadataValue] | None = None,
    digest: str | None = None,
    at: datetime | None = None,
) -> Step:
    """The version becomes known, if it was not, and serves from now on."""

    def step(registry: VersionRegistry) -> VersionRegistry:
        if version not in registry:
            registry = registry.register(version, metadata=metadata, digest=digest)
        return registry.deploy(version, at=at)

    return step


def ok(*versions: str) -> Step:
    """These versions proved good."""
    return lambda registry: story(*(_mark_stable(each) for each in versions), since=registry)


def good(
    *versions: str,
    metadata: Mapping[str, MetadataValue] | None = None,
    digest: str | None = None,
    at: datetime | None = None,
) -> Step:
    """Each of these versions served in turn, and proved good."""

    def step(registry: VersionRegistry) -> VersionRegistry:
        for version in versions:
            served = deploy(version, metadata=metadata, digest=digest, at=at)
            registry = story(served, ok(version), since=registry)
        return registry

    return step


def bad(version: str, reason: str = "") -> Step:
    """The version proved bad."""
    return lambda registry: registry.mark_failed(version, reason=reason)


def retire(version: str, reason: str = "") -> Step:
    """The version must not be used any more."""
    return lambda registry: registry.retire(version, reason=reason)


def reinstate(version: str, reason: str = "") -> Step:
    """The version gets another chance."""
    return lambda registry: registry.reinstate(version, reason=reason)


def observe(version: str, reason: str = "") -> Step:
    """The world says that the version serves."""
    return lambda registry: registry.observe(version, reason=reason)


def back(strategy: RollbackStrategy, reason: str = "", at: datetime | None = None) -> Step:
    """Plan with the strategy, and carry the plan out."""
    return lambda registry: registry.roll_back(strategy.plan(registry), reason=reason, at=at)


def target(strategy: RollbackStrategy, registry: VersionRegistry) -> str:
    """Return the label that the strategy would go back to."""
    return strategy.plan(registry).target


def no_target(strategy: RollbackStrategy, registry: VersionRegistry) -> NoRollbackTarget:
    """Return the refusal of a strategy that has nowhere to go, and fail where it has."""
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry)
    return refusal.value


def looked_at(answer: RollbackPlan | NoRollbackTarget) -> list[str]:
    """Return the labels of the candidates that were considered, in their order."""
    return [candidate.version for candidate in answer.considered]


def reasons(answer: RollbackPlan | NoRollbackTarget) -> dict[str, str]:
    """Return why each candidate was taken or not, by its label."""
    return {candidate.version: candidate.reason for candidate in answer.considered}


def reviewed(strategy: RollbackStrategy, registry: VersionRegistry, version: str) -> Candidate:
    """Return what the strategy says of one version before any incident."""
    found = [each for each in strategy.review(registry) if each.version == version]
    assert len(found) == 1, f"{version} is not reviewed exactly once"
    return found[0]


def _mark_stable(version: str) -> Step:
    return lambda registry: registry.mark_stable(version)
