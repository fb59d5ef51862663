"""The registry: what is known of the versions of one deployed thing, as a value."""

import operator
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Never, Self, final

from typing_extensions import override

from lastgood._basics.data import Reader, read_list, read_object
from lastgood._basics.errors import InvalidData, LastgoodError
from lastgood._basics.frozen import named, setters
from lastgood._basics.messages import shown
from lastgood._basics.pydantic import Carried
from lastgood._basics.refusals import NotCurrent
from lastgood._basics.status import Status
from lastgood._basics.texts import label
from lastgood._basics.times import later, utc
from lastgood._registry.effects import effect
from lastgood._registry.ledger import NO_NEWS, Change, Ledger
from lastgood._registry.questions import Questions, opened
from lastgood._registry.staleness import is_carried_out
from lastgood._registry.tables import events_of
from lastgood._values.event import Event, read_event
from lastgood._values.metadata import MetadataValue, frozen_copy
from lastgood._values.plan import RollbackPlan, read_format

#: The format of the plain data that `VersionRegistry.to_dict` writes.
_FORMAT: Final = 1


@named("lastgood")
@final
class VersionRegistry(Carried, Questions):
    """Everything known about the versions of one thing in one environment.

    A registry is a value. Every command returns a new one and leaves the old one as it is; a
    command that is refused raises and changes nothing. It is a mapping from label to `Version`,
    in the order of registration.

    >>> from lastgood import VersionRegistry
    >>> registry = VersionRegistry().register("v1.0").deploy("v1.0").mark_stable("v1.0")
    >>> registry = registry.register("v1.1").deploy("v1.1").mark_failed("v1.1", reason="p99 900 ms")
    >>> registry.current, registry.needs_rollback
    ('v1.1', True)
    """

    __slots__ = ("__weakref__",)

    def __init__(self, *misplaced: Never) -> None:
        if misplaced:
            raise TypeError(
                "VersionRegistry() takes no arguments: write "
                "VersionRegistry.from_statuses(statuses, current=...), "
                "or VersionRegistry.from_dict(data)"
            )
        _set_ledger(self, Ledger())
        _set_revision(self, 0)
        _set_clock(self, None)
        _set_current(self, None)

    @classmethod
    def _seen(
        cls, ledger: Ledger, revision: int, clock: datetime | None, current: str | None
    ) -> Self:
        """Return the registry of the first ``revision`` events of the ledger."""
        registry = cls.__new__(cls)
        _set_ledger(registry, ledger)
        _set_revision(registry, revision)
        _set_clock(registry, clock)
        _set_current(registry, current)
        return registry

    # Commands

    def register(  # noqa: PLR0913  # what an event can say
        self,
        version: str,
        *,
        metadata: Mapping[str, MetadataValue] | None = None,
        digest: str | None = None,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Add a version. It starts as unproven.

        Args:
            version: Its label.
            metadata: Plain values under `str` keys: `str`, `int` of 64 bits, finite `float`,
                `bool` or `None`. Copied and frozen.
            digest: The identity of its contents, such as ``"sha256:…"``. It must cover the artifact
                and its configuration, because contents that failed are failed under every label;
                leave it out if it covers only one of them.
            reason: Why; it stays in the event.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is registered already with
            the same metadata and digest, the same registry is returned.

        Raises:
            DuplicateVersion: The label is registered already, with other metadata or another
                digest.
            InvalidMetadata: A value is nested, too large or not finite.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry()
        >>> registry = registry.register("v1.0", metadata={"auc": 0.91}, digest="sha256:9f86d0")
        >>> registry["v1.0"].status.value
        'unproven'
        """
        return self._tell(
            Event(
                "registered", version, metadata=metadata, digest=digest, reason=reason, by=by, at=at
            )
        )

    def annotate(
        self,
        version: str,
        metadata: Mapping[str, MetadataValue],
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record facts about a version that were learned later.

        They are laid over its metadata: a metric in production, that it is warm, a barrier that
        nobody knew of.

        Args:
            version: The label of a registered version.
            metadata: At least one plain value under a `str` key, as for `register`.
            reason: Why; it stays in the event.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If its metadata has these
            values already, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            InvalidMetadata: A value is nested, too large or not finite.
            InvalidData: ``metadata`` is empty.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0", metadata={"auc": 0.91})
        >>> registry = registry.annotate("v1.0", {"p99_ms": 120})
        >>> dict(registry["v1.0"].metadata)
        {'auc': 0.91, 'p99_ms': 120}
        """
        return self._tell(
            Event("annotated", version, metadata=frozen_copy(metadata), reason=reason, by=by, at=at)
        )

    def deploy(
        self,
        version: str,
        *,
        replacing: str | None = None,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version becomes current.

        Deploying another version adds a step to the lineage. A job that may run twice says what it
        replaces: then a late retry cannot replace a newer deployment or undo an undeploy.

        Args:
            version: The label of a registered version that is unproven or stable.
            replacing: The label of the version that the caller believes is current.
            reason: Why.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If the version is current
            already, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            IllegalTransition: It is failed, rolled back or retired, or its contents failed under
                another label.
            NotCurrent: Another version than ``replacing`` serves, or nothing does.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0").register("v1.1")
        >>> registry = registry.deploy("v1.1", replacing="v1.0")
        >>> registry.deploy("v1.1", replacing="v1.0") is registry  # a retry
        True
        """
        event = Event("deployed", version, reason=reason, by=by, at=at)
        believed = None if replacing is None else label(replacing)
        change = effect(self._ledger, self._revision, event)
        if change is NO_NEWS:
            return self
        if believed is not None and believed != self._current:
            raise NotCurrent(believed, self._current)
        return self._append(event, change)

    def undeploy(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that this version serves no more, and that nothing does.

        Until the next deployment, what served last stands for the current version in the lineage,
        for holds, rules, budgets and `prunable`; deploying it again adds no step.

        Args:
            version: The label of the version that served.
            reason: Why.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If nothing serves already,
            the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            NotCurrent: Another version serves.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
        >>> registry = registry.undeploy("v1.0", reason="the cluster is shut down")
        >>> registry.current is None
        True
        """
        return self._tell(Event("undeployed", version, reason=reason, by=by, at=at))

    def mark_stable(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version proved good, whether it is current or not.

        Args:
            version: The label of a registered version that is unproven or stable.
            reason: How it is known.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is stable already and
            there is no new reason, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            IllegalTransition: It is failed, rolled back or retired: a late signal must not clear
                it. Or it is not current, and its contents failed under another label.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0")
        >>> registry = registry.mark_stable("v1.0", reason="24 h without an alarm")
        >>> registry["v1.0"].reason
        '24 h without an alarm'
        """
        return self._tell(Event("marked_stable", version, reason=reason, by=by, at=at))

    def mark_failed(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version proved bad, whether it is current or not. Never refused.

        Its contents failed with it, under every label that has its digest. A retired version stays
        retired.

        Name the version that the evidence is about. ``mark_failed(registry.current)`` run twice
        fails two versions.

        Args:
            version: The label of a registered version.
            reason: What failed.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is failed already and
            there is no new reason, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.1").deploy("v1.1")
        >>> registry = registry.mark_failed("v1.1", reason="tokenizer mismatch")
        >>> registry.needs_rollback
        True
        """
        return self._tell(Event("marked_failed", version, reason=reason, by=by, at=at))

    def retire(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version must not be used any more, for a reason other than its own failure.

        Args:
            version: The label of a registered version.
            reason: Why: its artifact was deleted, its licence ended, it has a security hole.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is retired already and
            there is no new reason, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v0.9")
        >>> registry = registry.retire("v0.9", reason="artifact deleted")
        >>> registry["v0.9"].status_text
        'retired: artifact deleted'
        """
        return self._tell(Event("retired", version, reason=reason, by=by, at=at))

    def reinstate(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a failed, rolled-back or retired version gets another chance.

        A failed or retired version is unproven again, and its contents have not failed any more. A
        hold is lifted: a rolled-back version is again what it was.

        Args:
            version: The label of a registered version.
            reason: Why it may be used again.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is unproven or stable,
            the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.1").mark_failed("v1.1")
        >>> registry = registry.reinstate("v1.1", reason="the alarm was about the network")
        >>> registry["v1.1"].status.value
        'unproven'
        """
        return self._tell(Event("reinstated", version, reason=reason, by=by, at=at))

    def roll_back(
        self,
        plan: RollbackPlan,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Carry a plan out: its target becomes current, and the lineage rewinds to it.

        What was left is no longer in the lineage, so that rolling back twice goes further back.
        A target outside the lineage takes the place of what was left. A retry is safe: a plan that
        is carried out already, by whoever, changes nothing.

        Args:
            plan: The plan that a strategy made for this registry or an earlier one.
            reason: Why the source was left. Without one, the reason of its hold reads
                "rolled back to v1.0".
            by: Who approved it, or what carries it out.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If the plan is carried out already, the same
            registry is returned.

        Raises:
            StalePlan: Later news speaks against the plan, or it was made for another registry.
            UnknownVersion: The target is not registered.
            IllegalTransition: The target is failed, rolled back, retired, or the source, or its
                contents failed under another label.
            NotCurrent: The source is not what serves. Only a plan made by hand can raise this.
            TypeError: ``plan`` is not a `RollbackPlan`, or an argument has the wrong type.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import LastStable, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> plan = LastStable().plan(registry)
        >>> registry = registry.roll_back(plan)
        >>> registry.current, registry.roll_back(plan) is registry
        ('1', True)
        """
        _check_plan(plan)
        event = Event(
            "rolled_back",
            plan.target,
            source=plan.source,
            strategy=plan.strategy,
            reason=reason,
            by=by,
            at=at,
        )
        if is_carried_out(self._ledger, self._revision, plan):
            return self
        return self._record(event)

    def observe(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that this version is now serving, no matter who deployed it.

        Call it once the rollout has finished: during one, two versions serve. Facts are not
        refused, and an observation is not a verdict: a hold on the version is lifted, and it is
        again what it was; a failed or retired version stays failed or retired. If it is in the
        lineage, the lineage rewinds to it as for a rollback; otherwise it is as after `deploy`.

        Args:
            version: The label of a registered version.
            reason: How it came about, if that is known.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If the version is current
            already, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "unproven"}, current="2")
        >>> registry = registry.observe("1", reason="the provider rolled back by itself")
        >>> registry.current, registry["2"].status.value
        ('1', 'rolled_back')
        """
        return self._tell(Event("observed", version, reason=reason, by=by, at=at))

    def with_clock(self, now: datetime) -> Self:
        """Return the same registry with its clock set, backwards too. It records nothing.

        Rules that need the time use the clock. Commands keep it and advance it when `at` is later.

        Args:
            now: The time, with a time zone.

        Returns:
            The new registry. This one is unchanged.

        Raises:
            TypeError: ``now`` is not a `datetime`.
            InvalidTime: ``now`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> from datetime import UTC, datetime
        >>> VersionRegistry().with_clock(datetime(2026, 5, 1, tzinfo=UTC)).clock.isoformat()
        '2026-05-01T00:00:00+00:00'
        """
        return self._seen(self._ledger, self._revision, utc(now), self._current)

    def at_revision(self, n: int) -> Self:
        """Return the registry of the first ``n`` events.

        Its clock is the latest time that they recorded. At its own revision it is the registry
        itself.

        Raises:
            IndexError: ``n`` is negative or greater than `revision`.
            TypeError: ``n`` is not an integer.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("1").deploy("1")
        >>> registry.at_revision(1).current is None
        True
        """
        n = operator.index(n)
        if n == self._revision:
            return self
        if not 0 <= n < self._revision:
            raise IndexError(f"revision must be between 0 and {self._revision}, not {n}")
        ledger = self._ledger
        return self._seen(ledger, n, ledger.clock.at(n), ledger.lineage.current(n))

    # In and out as plain data

    @classmethod
    def from_statuses(
        cls, statuses: Mapping[str, str | Status], *, current: str | None = None
    ) -> "VersionRegistry":
        """Return the registry of a plain table, oldest version first.

        Every version up to and including the current one is taken to have been deployed, in that
        order; leave out those that were not. Later ones are registered only. A plan does not
        outlive the table: decide and act on one registry, and store events to keep plans.

        Args:
            statuses: A `Status` or its value for each label.
            current: The label of the version that serves; `None` if nothing was deployed.

        Raises:
            UnknownVersion: The current label is not in the table.
            InvalidData: A status is unknown, or is ``"rolled_back"``, which a table cannot express.
            InvalidLabel: A label is empty, too long, or has control characters.
            TypeError: The statuses are not a mapping, or a label is not a `str`.

        >>> from lastgood import VersionRegistry
        >>> table = {"v1.0": "stable", "v1.1": "failed", "v1.2": "stable"}
        >>> VersionRegistry.from_statuses(table, current="v1.1").current
        'v1.1'
        """
        registry = VersionRegistry()
        for event in events_of(statuses, current):
            registry = registry._record(event)
        return registry

    @classmethod
    def replay(cls, events: Iterable[Event]) -> "VersionRegistry":
        """Return the registry of these events, each checked as the command that it records.

        Args:
            events: The events, oldest first. One that changes nothing is kept, and only its time
                counts.

        Raises:
            LastgoodError: What the command would raise; a note says which event: ``events[3]``.
            NotCurrent: A rollback left a version that is not current.
            TypeError: One of them is not an `Event`.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
        >>> VersionRegistry.replay(registry.events) == registry
        True
        """
        return cls().extend(events)

    def extend(self, events: Iterable[Event]) -> Self:
        """Return the registry with these events after its own, each checked like a command.

        It is what a process that keeps a registry calls when its store has news. Compare the
        fingerprint first: the news belongs to this registry only if the stored events begin with
        its own.

        Args:
            events: The events, oldest first. One that changes nothing is kept, and only its time
                counts.

        Returns:
            The new registry. This one is unchanged. Without events, the same registry is returned.

        Raises:
            LastgoodError: What the command would raise; a note says which event: ``events[3]``.
            NotCurrent: A rollback left a version that is not current.
            TypeError: One of them is not an `Event`.

        >>> from lastgood import VersionRegistry
        >>> store = VersionRegistry().register("v1.0").deploy("v1.0")
        >>> kept = store.at_revision(1)
        >>> kept.extend(store.events[kept.revision :]) == store
        True
        """
        registry: Self = self
        for place, event in enumerate(events):
            try:
                registry = registry._record(event)
            except (LastgoodError, TypeError) as error:
                error.add_note(f"events[{place}]")
                raise
        return registry

    def to_dict(self) -> dict[str, Any]:
        """Return the events as plain JSON types. The clock is not among them.

        >>> from lastgood import VersionRegistry
        >>> VersionRegistry().register("v1.0").to_dict()
        {'format': 1, 'events': [{'kind': 'registered', 'version': 'v1.0'}]}
        """
        return {"format": _FORMAT, "events": [event.to_dict() for event in self.events]}

    @classmethod
    def from_dict(cls, data: object) -> "VersionRegistry":
        """Return the registry that `to_dict` wrote.

        Raises:
            InvalidData: Something is wrong with the data, or the rules refuse an event; the
                message begins with the place.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0")
        >>> VersionRegistry.from_dict(registry.to_dict()) == registry
        True
        """
        read = read_object(data, _READERS, required=_READERS, place="")
        registry = VersionRegistry()
        for index, item in enumerate(read["events"]):
            place = f"events[{index}]"
            event = read_event(item, place)
            try:
                registry = registry._record(event)
            except LastgoodError as error:
                raise InvalidData(place, str(error)) from error
        return registry

    # As a value

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VersionRegistry):
            return NotImplemented
        if self._revision != other._revision or self._clock != other._clock:
            return False
        if self._current != other._current:
            return False
        return self._ledger is other._ledger or tuple(self.events) == tuple(other.events)

    @override
    def __hash__(self) -> int:
        # Constant time: a few facts that equal events have in common, not the events.
        latest = self._ledger.events[self._revision - 1] if self._revision else None
        return hash((self._revision, self._clock, self._current, len(self), latest))

    @override
    def __repr__(self) -> str:
        return (
            f"<VersionRegistry: {len(self)} versions, {len(self.deployments)} deployments, "
            f"current {self._current!r}, revision {self._revision}>"
        )

    def _repr_html_(self) -> str:
        """Return a drawing and a table as HTML, which is what a notebook shows."""
        from lastgood.render._notebook import page  # noqa: PLC0415  # paid for where it is shown

        return page(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object, /) -> Self:
        return self

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (tuple(self.events), self._clock, self._current)

    # Inside

    def _tell(self, event: Event) -> Self:
        """Return the registry with ``event`` added, or this very one if it changes nothing."""
        change = effect(self._ledger, self._revision, event)
        return self if change is NO_NEWS else self._append(event, change)

    def _record(self, event: Event) -> Self:
        """Return the registry with ``event`` added. All checks come before any change."""
        if not isinstance(event, Event):
            raise TypeError(f"expected an Event, not {shown(event)}: write Event.from_dict(data)")
        return self._append(event, effect(self._ledger, self._revision, event))

    def _append(self, event: Event, change: Change) -> Self:
        ledger = self._ledger.claim(self._revision)
        ledger.append(event, change)
        current = event.version if change.step else None if change.ended else self._current
        return self._seen(ledger, self._revision + 1, later(self._clock, event.at), current)


_set_clock, _set_current, _set_ledger, _set_revision = setters(Questions)


def _check_plan(plan: object) -> None:
    if isinstance(plan, RollbackPlan):
        return
    hint = (
        f"write Pinned({shown(plan)}).plan(registry, leaving=...)"
        if isinstance(plan, str)
        else "write registry.roll_back(strategy.plan(registry)), or RollbackPlan.from_dict(data)"
    )
    raise TypeError(f"plan must be a RollbackPlan, not {shown(plan)}: {hint}")


def served_last(registry: VersionRegistry) -> str | None:
    """Return the label of what serves, or else served last; `None` if nothing was deployed."""
    ledger, revision = opened(registry)
    return ledger.lineage.served_last(revision)


def serving_again(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry in which what served last serves again; itself where something serves.

    It is what strategies and rules are asked about, so that they need to know of no undeploy.
    """
    if registry.current is not None:
        return registry
    return _seen_with(registry, served_last(registry))


def _seen_with(registry: VersionRegistry, current: str | None) -> VersionRegistry:
    ledger, revision = opened(registry)
    return VersionRegistry._seen(ledger, revision, registry.clock, current)  # pyright: ignore[reportPrivateUsage]


def _restored(
    events: tuple[Event, ...], clock: datetime | None, current: str | None
) -> VersionRegistry:
    registry = VersionRegistry.replay(events)
    registry = registry if clock is None else registry.with_clock(clock)
    return registry if registry.current == current else _seen_with(registry, current)


def _list(value: object) -> list[object]:
    return read_list(value, "events")


_READERS: Final[Mapping[str, Reader]] = {"format": read_format, "events": _list}
