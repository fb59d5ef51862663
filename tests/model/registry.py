"""Sections 2, 6 and 7 again: the registry as a tuple of events, its commands and its refusals."""

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

from tests.model.facts import (
    DEPLOYING,
    STATUSES,
    TABLE,
    Event,
    Facts,
    MetadataValue,
    fold,
)

#: Section 2.5: the events that give a version of a plain table its status.
VERDICTS = {"stable": "marked_stable", "failed": "marked_failed", "retired": "retired"}
TABLE_STATUSES = ("unproven", *VERDICTS)


class Refused(Exception):
    """What the contract refuses, with the name of every error that would be right."""

    def __init__(self, *names: str, place: str = "") -> None:
        super().__init__(*names)
        self.names = frozenset(names)
        self.place = place


@dataclass(frozen=True)
class Candidate:
    """One version that a strategy looked at (section 3); a reason left open is `None`."""

    version: str
    accepted: bool
    reason: str | None = None

    @classmethod
    def accept(cls, version: str, reason: str | None = None) -> Self:
        """A version that the strategy proposes."""
        return cls(version, accepted=True, reason=reason)

    @classmethod
    def reject(cls, version: str, reason: str | None = None) -> Self:
        """A version that the strategy passes over."""
        return cls(version, accepted=False, reason=reason)


class NoTarget(Refused):
    """Section 3: no candidate is left; what was considered, in order."""

    def __init__(self, considered: tuple[Candidate, ...]) -> None:
        super().__init__("NoRollbackTarget")
        self.considered = considered


@dataclass(frozen=True)
class RollbackPlan:
    """The decision (section 7)."""

    source: str
    target: str
    reason: str | None
    strategy: str
    revision: int
    considered: tuple[Candidate, ...] = ()

    @classmethod
    def from_dict(cls, data: Self) -> Self:
        """The same plan: plain data is a matter of the library's own tests."""
        return data

    def to_dict(self) -> Self:
        """The same plan."""
        return self


@dataclass(frozen=True)
class VersionRegistry:
    """Section 2: an immutable tuple of events and a clock, and nothing else."""

    events: tuple[Event, ...] = ()
    clock: datetime | None = None

    def facts(self) -> Facts:
        """Everything that the events say."""
        return self._folded

    @cached_property
    def _folded(self) -> Facts:
        return fold(self.events, self.clock)

    def __reduce__(self) -> tuple[object, ...]:
        """A copy is made of the events and the clock."""
        return type(self), (self.events, self.clock)

    # Commands (section 2.1)

    def register(
        self,
        version: str,
        *,
        metadata: Mapping[str, MetadataValue] | None = None,
        digest: str | None = None,
        at: datetime | None = None,
    ) -> Self:
        """The version becomes known."""
        return self.record(
            Event("registered", version, at=at, metadata=dict(metadata or {}), digest=digest)
        )

    def deploy(self, version: str, *, at: datetime | None = None) -> Self:
        """The version becomes current."""
        return self.record(Event("deployed", version, at=at))

    def mark_stable(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """It proved good."""
        return self.record(Event("marked_stable", version, at=at, reason=reason))

    def mark_failed(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """It proved bad."""
        return self.record(Event("marked_failed", version, at=at, reason=reason))

    def retire(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """It must not be used any more."""
        return self.record(Event("retired", version, at=at, reason=reason))

    def reinstate(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """The one way back."""
        return self.record(Event("reinstated", version, at=at, reason=reason))

    def observe(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """What serves already is no news; anything else is recorded."""
        event = Event("observed", version, at=at, reason=reason)
        if version == self.facts().current and not malformed(event):
            return self
        return self.record(event)

    def roll_back(
        self, plan: RollbackPlan, *, reason: str = "", at: datetime | None = None
    ) -> Self:
        """Carry a plan out, unless it is stale."""
        event = Event(
            "rolled_back",
            plan.target,
            at=at,
            reason=reason,
            source=plan.source,
            strategy=plan.strategy,
        )
        if is_stale(self.events, plan):
            raise Refused("StalePlan", *malformed(event))
        return self.record(event)

    def record(self, event: Event) -> Self:
        """Append an event that is not refused; the clock moves to a later time, never back."""
        names = malformed(event)
        if "InvalidLabel" not in names:
            names |= refusals(self.facts(), event)
        if names:
            raise Refused(*names)
        at = None if event.at is None else event.at.astimezone(UTC)
        return replace(
            self,
            events=(*self.events, replace(event, at=at)),
            clock=latest((self.clock, at)),
        )

    # Time and revisions (section 2.4)

    @property
    def revision(self) -> int:
        """How many events were recorded."""
        return len(self.events)

    def with_clock(self, now: datetime) -> Self:
        """The same registry with another clock."""
        if now.tzinfo is None:
            raise Refused("InvalidTime")
        return replace(self, clock=now.astimezone(UTC))

    def at_revision(self, revision: int) -> Self:
        """The registry of the first events, its clock the latest time that they tell."""
        if not 0 <= revision <= self.revision:
            raise Refused("IndexError")
        if revision == self.revision:
            return self
        return type(self)(self.events[:revision], told_clock(self.events[:revision]))

    def current_at(self, when: datetime) -> str | None:
        """The label that was current at that time."""
        if when.tzinfo is None:
            raise Refused("InvalidTime")
        return served_at(self.events, when)

    # In and out (section 2.5)

    @classmethod
    def replay(cls, events: Iterable[Event]) -> Self:
        """Each event checked as the command that it records."""
        registry = cls()
        for place, event in enumerate(events):
            try:
                registry = registry.record(event)
            except Refused as refused:
                raise Refused(*refused.names, place=f"events[{place}]") from None
        return registry

    def to_dict(self) -> dict[str, Any]:
        """Plain data; the clock is not stored."""
        return {"format": 1, "events": [event.to_dict() for event in self.events]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Data that has the right form; what the rules refuse is `InvalidData` at a place."""
        try:
            return cls.replay(map(Event.from_dict, data["events"]))
        except Refused as refused:
            raise Refused("InvalidData", place=refused.place) from None

    @classmethod
    def from_statuses(cls, table: Mapping[str, str], *, current: str | None = None) -> Self:
        """Section 2.5: up to and including `current`, each was deployed in this order."""
        bad = [label for label, status in table.items() if status not in TABLE_STATUSES]
        unknown = current is not None and current not in table
        if unknown:
            raise Refused("UnknownVersion", *["InvalidData" for _ in bad])
        if bad:
            raise Refused("InvalidData", place=f"statuses[{bad[0]!r}]")
        registry = cls()
        serving = current is not None
        for label, status in table.items():
            registry = registry.register(label)
            registry = registry.deploy(label) if serving else registry
            if status in VERDICTS:
                registry = registry.record(Event(VERDICTS[status], label))
            serving = serving and label != current
        return registry


# Refusals (sections 2.1, 2.2 and 6)


def malformed(event: Event) -> set[str]:
    """Section 6: what is wrong with the arguments themselves."""
    wrong = {
        "InvalidLabel": not is_label(event.version),
        "InvalidText": not is_text(event.reason) or not is_digest(event.digest),
        "InvalidMetadata": not is_metadata(event.metadata),
        "InvalidTime": event.at is not None and event.at.tzinfo is None,
    }
    return {name for name, is_wrong in wrong.items() if is_wrong}


def refusals(facts: Facts, event: Event) -> set[str]:
    """Sections 2.1, 2.2 and 2.5: why these facts do not allow this event."""
    if event.event == "registered":
        return {"DuplicateVersion"} if event.version in facts.versions else set()
    if event.event == "rolled_back" and event.source != facts.current:
        return {"NotCurrent"}
    if event.version not in facts.versions:
        return {"UnknownVersion"}
    status = facts.versions[event.version].status
    redundant = event.event in ("rolled_back", "observed") and event.version == facts.current
    refused = redundant or TABLE[event.event][STATUSES.index(status)] is None
    return {"IllegalTransition"} if refused else set()


def is_label(label: str) -> bool:
    """Section 6: 1 to 256 characters, no control characters, no white space at the ends."""
    controls = any(unicodedata.category(character) == "Cc" for character in label)
    return 0 < len(label) <= 256 and label == label.strip() and not controls and is_text(label)


def is_text(text: str) -> bool:
    """Section 6: no lone surrogates."""
    return not any(unicodedata.category(character) == "Cs" for character in text)


def is_digest(digest: str | None) -> bool:
    """Section 6: not empty."""
    return digest is None or (digest != "" and is_text(digest))


def is_metadata(metadata: Mapping[str, MetadataValue]) -> bool:
    """Section 2.1: ints of 64 bits, finite floats, and texts."""
    return all(is_text(key) and is_value(value) for key, value in metadata.items())


def is_value(value: MetadataValue) -> bool:
    """Section 2.1: one value of metadata."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or is_text(value)


def is_stale(events: tuple[Event, ...], plan: RollbackPlan) -> bool:
    """Section 6, `StalePlan`."""
    now = fold(events, None)
    if len(events) < plan.revision or now.current != plan.source:
        return True
    watched = {plan.source, plan.target} | twins(now, plan.target)
    states = [fold(events[:revision], None) for revision in range(plan.revision, len(events) + 1)]
    return any(event.event in DEPLOYING for event in events[plan.revision :]) or any(
        watched & changed(before, then) for before, then in pairwise(states)
    )


def twins(facts: Facts, label: str) -> set[str]:
    """Sections 3 and 6: the versions that carry the digest of this one, it included."""
    digest = facts.versions[label].digest if label in facts.versions else None
    if digest is None:
        return set()
    return {version.label for version in facts.versions.values() if version.digest == digest}


def changed(before: Facts, then: Facts) -> set[str]:
    """The versions whose status changed; to become known is no change of a status."""
    return {
        label
        for label, version in before.versions.items()
        if then.versions[label].status != version.status
    }


# Time (section 2.4)


def latest(times: Iterable[datetime | None]) -> datetime | None:
    """The latest of the times that are known."""
    return max((time for time in times if time is not None), default=None)


def told_clock(events: Iterable[Event]) -> datetime | None:
    """The latest time that events tell."""
    return latest(event.at for event in events)


def served_at(events: tuple[Event, ...], when: datetime) -> str | None:
    """Section 2.4, `current_at`: the last deployment that had begun, if nothing is in doubt."""
    serving: str | None = None
    for place, event in enumerate(events):
        if event.event in DEPLOYING:
            begun = has_begun(events, place, when)
            if begun is None:
                raise Refused("InvalidTime")
            serving = event.version if begun else serving
    return serving


def has_begun(events: tuple[Event, ...], place: int, when: datetime) -> bool | None:
    """Whether a deployment had begun at that time; `None` in the gap of an untimed one.

    It began at the running maximum of the times told, or, untimed, between that and the next one.
    """
    before = told_clock(events[: place + 1])
    if events[place].at is not None:
        assert before is not None, "a time was told"
        return before <= when
    if before is not None and when < before:
        return False
    following = [n for n, event in enumerate(events) if n > place and event.at is not None]
    until = told_clock(events[: following[0] + 1]) if following else None
    return True if until is not None and until <= when else None
