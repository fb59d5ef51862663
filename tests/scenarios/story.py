"""A few words to tell a deployment history in, one step after the other.

    registry = story(good("1"), deploy("2"), bad("2", "crash loop"), back(LastStable()))
    registry = story(deploy("3"), since=registry)

A step takes a registry and returns the next one, so every step of a story is a public command.
A question about a version that does not need a rollback names it: ``target(..., leaving="3")``.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

import pytest

from lastgood import (
    Candidate,
    MetadataValue,
    NoRollbackTarget,
    Review,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
)

Step: TypeAlias = Callable[[VersionRegistry], VersionRegistry]


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
    at: datetime | None = None,
    by: str = "",
) -> Step:
    """The version becomes known."""
    return lambda registry: registry.register(
        version, metadata=metadata, digest=digest, at=at, by=by
    )


def note(version: str, **facts: MetadataValue) -> Step:
    """These facts about the version became known later."""
    return lambda registry: registry.annotate(version, facts)


def deploy(  # noqa: PLR0913  # the facts of two commands, each by its name
    version: str,
    reason: str = "",
    *,
    replacing: str | None = None,
    metadata: Mapping[str, MetadataValue] | None = None,
    digest: str | None = None,
    at: datetime | None = None,
    by: str = "",
) -> Step:
    """The version becomes known, if it was not, and serves from now on."""

    def step(registry: VersionRegistry) -> VersionRegistry:
        if version not in registry:
            registry = registry.register(version, metadata=metadata, digest=digest)
        return registry.deploy(version, replacing=replacing, reason=reason, at=at, by=by)

    return step


def undeploy(version: str, reason: str = "", *, at: datetime | None = None, by: str = "") -> Step:
    """The version serves no more, and nothing takes its place."""
    return lambda registry: registry.undeploy(version, reason=reason, at=at, by=by)


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


def bad(version: str, reason: str = "", *, at: datetime | None = None, by: str = "") -> Step:
    """The version proved bad."""
    return lambda registry: registry.mark_failed(version, reason=reason, at=at, by=by)


def retire(version: str, reason: str = "", *, at: datetime | None = None, by: str = "") -> Step:
    """The version must not be used any more."""
    return lambda registry: registry.retire(version, reason=reason, at=at, by=by)


def reinstate(version: str, reason: str = "", *, at: datetime | None = None, by: str = "") -> Step:
    """The version gets another chance."""
    return lambda registry: registry.reinstate(version, reason=reason, at=at, by=by)


def observe(version: str, reason: str = "", *, at: datetime | None = None, by: str = "") -> Step:
    """The world says that the version serves."""
    return lambda registry: registry.observe(version, reason=reason, at=at, by=by)


def back(
    strategy: RollbackStrategy,
    reason: str = "",
    at: datetime | None = None,
    *,
    leaving: str | None = None,
    by: str = "",
) -> Step:
    """Plan with the strategy, and carry the plan out."""
    return lambda registry: registry.roll_back(
        strategy.plan(registry, leaving=leaving), reason=reason, at=at, by=by
    )


def target(
    strategy: RollbackStrategy, registry: VersionRegistry, *, leaving: str | None = None
) -> str:
    """Return the label that the strategy would go back to."""
    return strategy.plan(registry, leaving=leaving).target


def no_target(
    strategy: RollbackStrategy, registry: VersionRegistry, *, leaving: str | None = None
) -> NoRollbackTarget:
    """Return the refusal of a strategy that has nowhere to go, and fail where it has."""
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry, leaving=leaving)
    return refusal.value


def through_json(plan: RollbackPlan) -> RollbackPlan:
    """Return the plan as another process reads it, from the text that it was sent as."""
    return RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict())))


def looked_at(answer: RollbackPlan | NoRollbackTarget | Review) -> list[str]:
    """Return the labels of the candidates that were considered, in their order."""
    return [candidate.version for candidate in _considered(answer)]


def reasons(answer: RollbackPlan | NoRollbackTarget | Review) -> dict[str, str]:
    """Return why each candidate was taken or not, by its label."""
    return {candidate.version: candidate.reason for candidate in _considered(answer)}


def reviewed(strategy: RollbackStrategy, registry: VersionRegistry, version: str) -> Candidate:
    """Return what the strategy says of one version before any incident."""
    found = [each for each in strategy.review(registry) if each.version == version]
    assert len(found) == 1, f"{version} is not reviewed exactly once"
    return found[0]


def _considered(answer: RollbackPlan | NoRollbackTarget | Review) -> Iterable[Candidate]:
    return answer if isinstance(answer, Review) else answer.considered


def _mark_stable(version: str) -> Step:
    return lambda registry: registry.mark_stable(version)
