"""Sections 2.1, 2.4 and 2.5 again: the registry as a tuple of events and a clock."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from tests.tools.model.effects import course
from tests.tools.model.facts import Deployment, Event, Facts, MetadataValue, Version
from tests.tools.model.plans import Fingerprint, RollbackPlan, carried_out, is_of, news_against
from tests.tools.model.refusals import OneOf, Refused, is_label, malformed, refusal
from tests.tools.model.times import Unknown, current_at, latest, served_for

#: Section 2.5: the events that give a version of a plain table its status.
JUDGED = {"stable": "marked_stable", "failed": "marked_failed", "retired": "retired"}


@dataclass(frozen=True)
class VersionRegistry:
    """Section 2: an immutable tuple of events and a clock, and nothing else."""

    events: tuple[Event, ...] = ()
    clock: datetime | None = None
    #: Section 2.1, `undeploy`: whether it is asked as if what served last served again.
    again: bool = False

    @cached_property
    def course(self) -> tuple[Facts, ...]:
        """What was known at each revision, folded from the first event on."""
        return course(self.events)

    @cached_property
    def facts(self) -> Facts:
        """What is known now."""
        return self.course[-1]._replace(again=self.again)

    def serving_again(self) -> Self:
        """Section 2.1, `undeploy`: what strategies, rules and `prunable` are asked about."""
        return self if self.current == self.facts.last else self._again

    @cached_property
    def _again(self) -> Self:
        return replace(self, again=True)

    def __reduce__(self) -> tuple[object, ...]:
        """A copy is made of the events and the clock."""
        return type(self), (self.events, self.clock, self.again)

    # Commands (section 2.1)

    def register(
        self,
        version: str,
        *,
        metadata: Mapping[str, MetadataValue] | None = None,
        digest: str | None = None,
        **more: Any,
    ) -> Self:
        """The version becomes known."""
        told = dict(metadata or {})
        return self.record(Event("registered", version, metadata=told, digest=digest, **more))

    def annotate(self, version: str, metadata: Mapping[str, MetadataValue], **more: Any) -> Self:
        """Facts learned later."""
        return self.record(Event("annotated", version, metadata=dict(metadata), **more))

    def deploy(self, version: str, *, replacing: str | None = None, **more: Any) -> Self:
        """The version becomes current; `replacing` is what the caller believes is current."""
        event = Event("deployed", version, **more)
        if replacing is not None and not is_label(replacing):
            raise Refused("InvalidLabel", *getattr(malformed(event), "names", ()))
        made = self.record(event)
        if made is not self and replacing not in (None, self.current):
            raise Refused("NotCurrent", version=replacing, current=self.current)
        return made

    def undeploy(self, version: str, **more: Any) -> Self:
        """This version serves no more, and nothing does."""
        return self.record(Event("undeployed", version, **more))

    def mark_stable(self, version: str, **more: Any) -> Self:
        """It proved good."""
        return self.record(Event("marked_stable", version, **more))

    def mark_failed(self, version: str, **more: Any) -> Self:
        """It proved bad."""
        return self.record(Event("marked_failed", version, **more))

    def retire(self, version: str, **more: Any) -> Self:
        """It must not be used any more."""
        return self.record(Event("retired", version, **more))

    def reinstate(self, version: str, **more: Any) -> Self:
        """It gets another chance, or its hold is lifted."""
        return self.record(Event("reinstated", version, **more))

    def observe(self, version: str, **more: Any) -> Self:
        """The world says that it serves."""
        return self.record(Event("observed", version, **more))

    def roll_back(self, plan: RollbackPlan, **more: Any) -> Self:
        """Carry a plan out, once, unless it is stale."""
        event = Event(
            "rolled_back", plan.target, source=plan.source, strategy=plan.strategy, **more
        )
        if wrong := malformed(event):
            raise wrong
        if not is_of(plan, self.events):
            raise self.stale(plan, event=None, at_revision=self.revision)
        if carried_out(plan, self.events, self.facts):
            return self
        places = news_against(plan, self.events, self.course)
        if places:
            news = OneOf(self.events[place] for place in places)
            raise self.stale(plan, event=news, at_revision=OneOf(place + 1 for place in places))
        return self.record(event)

    def stale(self, plan: RollbackPlan, **said: object) -> Refused:
        """Section 6: what `StalePlan` carries; a plan that leaves its own target is never right."""
        if plan.source == plan.target:
            return Refused("StalePlan", "IllegalTransition", "NotCurrent")
        said |= {"source": plan.source, "target": plan.target, "revision": plan.revision}
        return Refused("StalePlan", **said)

    def record(self, event: Event) -> Self:
        """Record a command; this very registry if it is no news, which keeps not even its time."""
        made = self.accept(event)
        return self if made.course[-1] is made.course[-2] else made

    def accept(self, event: Event) -> Self:
        """Append an event that is not refused; a later time moves the clock, never back."""
        if refused := malformed(event) or refusal(self.facts, event):
            raise refused
        at = None if event.at is None else event.at.astimezone(UTC)
        events = (*self.events, replace(event, at=at))
        return replace(self, events=events, clock=latest((self.clock, at)))

    # Questions (section 2.4)

    @property
    def revision(self) -> int:
        """How many events were recorded."""
        return len(self.events)

    @property
    def fingerprint(self) -> Fingerprint:
        """The events, which are compared and never shown."""
        return self.events

    @property
    def current(self) -> str | None:
        """The label that serves now."""
        return self.facts.current

    @property
    def needs_rollback(self) -> bool:
        """Whether the current version is failed or retired."""
        return self.facts.needs_rollback

    def __iter__(self) -> Iterator[str]:
        """The labels in registration order."""
        return iter(self.facts.versions)

    def version(self, label: str) -> Version:
        """One version."""
        if label not in self.facts.versions:
            raise Refused("UnknownVersion")
        return self.facts.versions[label]

    def below_in_semver(self, label: str) -> list[Version]:
        """The versions of lower precedence, highest first."""
        return list(self.facts.below(self.version(label).label))

    def deployments_of(self, label: str) -> list[Deployment]:
        """The deployments of one version, oldest first."""
        places = self.facts.deployments_of(self.version(label).label)
        return [self.facts.deployments[place] for place in places]

    def served_for(self, label: str) -> timedelta | None:
        """How long it served, as far as that is known."""
        return served_for(self.events, self.facts, self.clock, self.version(label).label)

    def current_at(self, when: datetime) -> str | None:
        """The label that was current at that time."""
        if when.tzinfo is None:
            raise Refused("InvalidTime")
        try:
            return current_at(self.events, self.facts, when)
        except Unknown:
            raise Refused("InvalidTime") from None

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
        events = self.events[:revision]
        return type(self)(events, latest(event.at for event in events))

    # In and out (section 2.5)

    @classmethod
    def replay(cls, events: Iterable[Event]) -> Self:
        """The registry of these events, each checked as the command that it records."""
        return cls().extend(events)

    def extend(self, events: Iterable[Event]) -> Self:
        """The registry with these events after its own."""
        registry = self
        for place, event in enumerate(events):
            try:
                registry = registry.accept(event)
            except Refused as refused:
                raise refused.at(f"events[{place}]") from None
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
            raise Refused("InvalidData").at(refused.place) from None

    @classmethod
    def from_statuses(cls, table: Mapping[str, str], *, current: str | None = None) -> Self:
        """Section 2.5: up to and including `current`, each was deployed in this order."""
        bad = [label for label, status in table.items() if status not in ("unproven", *JUDGED)]
        if current is not None and current not in table:
            raise Refused("UnknownVersion", *["InvalidData" for _ in bad])
        if bad:
            raise Refused("InvalidData").at(f"statuses[{bad[0]!r}]")
        registry = cls()
        serving = current is not None
        for label, status in table.items():
            registry = registry.register(label)
            registry = registry.deploy(label) if serving else registry
            if status in JUDGED:
                registry = registry.record(Event(JUDGED[status], label))
            serving = serving and label != current
        return registry
