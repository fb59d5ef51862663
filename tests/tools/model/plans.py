"""Sections 6 and 7 again: a plan, and what happened since it was made.

The fingerprint of the model is the events themselves: equal for equal events, different otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tests.tools.model.effects import new_metadata
from tests.tools.model.facts import DEPLOYING, Event, Facts

Fingerprint = tuple[Event, ...]


@dataclass(frozen=True)
class Candidate:
    """One version that a strategy looked at (section 3); what is left open is `None`."""

    version: str
    accepted: bool
    reason: str | None = None
    by: str | None = None

    @classmethod
    def accept(cls, version: str, reason: str | None = None) -> Self:
        """A version that the strategy proposes."""
        return cls(version, accepted=True, reason=reason)

    @classmethod
    def reject(cls, version: str, reason: str | None = None) -> Self:
        """A version that the strategy passes over."""
        return cls(version, accepted=False, reason=reason)

    def said_by(self, name: str) -> "Candidate":
        """The same, with the strategy or rule that said so."""
        return Candidate(self.version, self.accepted, self.reason, name)


@dataclass(frozen=True)
class RollbackPlan:
    """The decision (section 7)."""

    source: str
    target: str
    reason: str | None
    strategy: str
    revision: int
    fingerprint: Fingerprint
    considered: tuple[Candidate, ...] = ()

    @classmethod
    def from_dict(cls, data: Self) -> Self:
        """The same plan: its form is the subject of the library's own tests."""
        return data

    def to_dict(self) -> Self:
        """The same plan."""
        return self


def is_of(plan: RollbackPlan, events: Sequence[Event]) -> bool:
    """Whether the first events are those that the plan was made for."""
    return (
        plan.revision == len(plan.fingerprint) <= len(events)
        and tuple(events[: plan.revision]) == plan.fingerprint
    )


def carried_out(plan: RollbackPlan, events: Sequence[Event], facts: Facts) -> bool:
    """Section 2.1: the one change of version since is the plan's own, and the target serves."""
    since = [found for found in facts.changes_of_version() if found.began >= plan.revision]
    return (
        len(since) == 1
        and since[0].kind == "rolled_back"
        and events[since[0].began].source == plan.source
        and since[0].version == plan.target == facts.current
    )


def news_against(plan: RollbackPlan, events: Sequence[Event], course: Sequence[Facts]) -> list[int]:
    """The places of the events since the plan that speak against it, taken back later or not."""
    return [
        place
        for place in range(plan.revision, len(events))
        if course[place + 1] is not course[place]
        and is_against(plan, events[place], course[place], course[place + 1])
    ]


def is_against(plan: RollbackPlan, event: Event, before: Facts, then: Facts) -> bool:
    """Section 6, `StalePlan`: whether this news speaks against the plan."""
    if event.kind in DEPLOYING:
        return event.version != before.last
    if event.kind == "annotated":
        return is_metadata_against(plan, event, before)
    if event.kind in ("marked_stable", "reinstated"):
        changed = before.versions[event.version].status != then.versions[event.version].status
        return event.version == plan.source and changed
    if event.kind == "marked_failed":
        return event.version == plan.target or has_contents_of(plan.target, event.version, then)
    return event.kind == "retired" and event.version == plan.target


def has_contents_of(target: str, label: str, facts: Facts) -> bool:
    """Whether these two versions are known to have the same contents."""
    digests = [facts.versions[name].digest for name in (target, label) if name in facts.versions]
    return len(digests) == 2 and digests[0] == digests[1] is not None


def is_metadata_against(plan: RollbackPlan, event: Event, before: Facts) -> bool:
    """Values of source or target changed, or a barrier after the target may have become known."""
    version = before.versions[event.version]
    since = before.last_deployment(plan.target) + 1
    deployed_since = {found.version for found in before.deployments[since:]}
    changed = new_metadata(version, event) & version.metadata.keys()
    involved = event.version in (plan.source, plan.target)
    return (involved and bool(changed)) or event.version in deployed_since
