"""The registry: what is known of the versions of one deployed thing, as a value."""

import operator
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Self, final

from typing_extensions import override

from lastgood._data import Reader, read_list, read_object
from lastgood._effects import effect
from lastgood._errors import InvalidData, LastgoodError, StalePlan
from lastgood._event import Event, read_event
from lastgood._frozen import setters
from lastgood._ledger import Ledger
from lastgood._metadata import MetadataValue
from lastgood._plan import RollbackPlan
from lastgood._pydantic import Carried
from lastgood._questions import Questions
from lastgood._show import shown
from lastgood._stale import news_since
from lastgood._status import Status
from lastgood._table import events_of
from lastgood._time import later, utc

#: The format of the plain data that `VersionRegistry.to_dict` writes.
_FORMAT: Final = 1


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

    def __init__(self) -> None:
        _set_ledger(self, Ledger())
        _set_revision(self, 0)
        _set_clock(self, None)

    @classmethod
    def _seen(cls, ledger: Ledger, revision: int, clock: datetime | None) -> Self:
        """Return the registry of the first ``revision`` events of the ledger."""
        registry = cls.__new__(cls)
        _set_ledger(registry, ledger)
        _set_revision(registry, revision)
        _set_clock(registry, clock)
        return registry

    # Commands

    def register(
        self,
        version: str,
        *,
        metadata: Mapping[str, MetadataValue] | None = None,
        digest: str | None = None,
        at: datetime | None = None,
    ) -> Self:
        """Make a version known; it is unproven.

        Args:
            version: Its label.
            metadata: Plain values under `str` keys: `str`, `int` of 64 bits, finite `float`,
                `bool` or `None`. Copied and frozen.
            digest: The identity of its contents, such as ``"sha256:…"``.
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            DuplicateVersion: The label is registered already.
            TypeError, InvalidLabel, InvalidText, InvalidMetadata, InvalidTime: A value is none.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry()
        >>> registry = registry.register("v1.0", metadata={"auc": 0.91}, digest="sha256:9f86d0")
        >>> registry["v1.0"].status.value
        'unproven'
        """
        return self._record(Event("registered", version, metadata=metadata, digest=digest, at=at))

    def deploy(self, version: str, *, at: datetime | None = None) -> Self:
        """Record that a version becomes current.

        Deploying another version adds a step to the lineage; deploying the current one again
        records a deployment and adds none.

        Args:
            version: The label of a registered version that is unproven or stable.
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            UnknownVersion: It is not registered.
            IllegalTransition: It is failed, rolled back or retired; `reinstate` it first.
            TypeError, InvalidLabel, InvalidTime: A value is none.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0")
        >>> registry = registry.deploy("v1.0")
        >>> registry.current
        'v1.0'
        """
        return self._record(Event("deployed", version, at=at))

    def mark_stable(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """Record that a version proved good, whether it is current or not.

        Args:
            version: The label of a registered version that is unproven or stable.
            reason: How it is known; kept for explanations.
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            UnknownVersion: It is not registered.
            IllegalTransition: It is failed, rolled back or retired: a late signal must not
                launder it. `reinstate` it first.
            TypeError, InvalidLabel, InvalidText, InvalidTime: A value is none.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0")
        >>> registry = registry.mark_stable("v1.0", reason="24 h without an alarm")
        >>> registry["v1.0"].reason
        '24 h without an alarm'
        """
        return self._record(Event("marked_stable", version, reason=reason, at=at))

    def mark_failed(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """Record that a version proved bad, whether it is current or not. Never refused.

        A retired version stays retired.

        Args:
            version: The label of a registered version.
            reason: What failed; kept for explanations.
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            UnknownVersion: It is not registered.
            TypeError, InvalidLabel, InvalidText, InvalidTime: A value is none.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.1").deploy("v1.1")
        >>> registry = registry.mark_failed("v1.1", reason="tokenizer mismatch")
        >>> registry.needs_rollback
        True
        """
        return self._record(Event("marked_failed", version, reason=reason, at=at))

    def retire(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """Record that a version must not be used any more, for a reason other than its own failure.

        Args:
            version: The label of a registered version.
            reason: Why: its artifact was deleted, its licence ended, it has a security hole.
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            UnknownVersion: It is not registered.
            TypeError, InvalidLabel, InvalidText, InvalidTime: A value is none.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v0.9")
        >>> registry = registry.retire("v0.9", reason="artifact deleted")
        >>> registry["v0.9"].verdict
        'retired: artifact deleted'
        """
        return self._record(Event("retired", version, reason=reason, at=at))

    def reinstate(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """Record that a failed, rolled-back or retired version gets another chance.

        It is unproven again. This is the only way back, and it stays on record.

        Args:
            version: The label of a registered version that is failed, rolled back or retired.
            reason: Why it may be used again.
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            UnknownVersion: It is not registered.
            IllegalTransition: It is unproven or stable.
            TypeError, InvalidLabel, InvalidText, InvalidTime: A value is none.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.1").mark_failed("v1.1")
        >>> registry = registry.reinstate("v1.1", reason="the alarm was about the network")
        >>> registry["v1.1"].status.value
        'unproven'
        """
        return self._record(Event("reinstated", version, reason=reason, at=at))

    def roll_back(
        self, plan: RollbackPlan, *, reason: str = "", at: datetime | None = None
    ) -> Self:
        """Carry a plan out: its target becomes current, and the lineage rewinds to it.

        What was left is no longer in the lineage, so that rolling back twice goes further back.
        A target outside the lineage takes the place of what was left.

        Args:
            plan: The plan that a strategy made for this registry or an earlier one.
            reason: Why the source was left; empty, the source's reason reads "rolled back to v1.0".
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            StalePlan: Since the plan was made something was recorded that could change it, or the
                plan was made for another registry. Plan again.
            UnknownVersion: The target is not registered.
            IllegalTransition: The target is failed, rolled back, retired, or the source.
            TypeError: It is no plan.
            InvalidText, InvalidTime: The reason or the time is none.

        >>> from lastgood import LastStable, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> registry = registry.roll_back(LastStable().plan(registry))
        >>> registry.current
        '1'
        """
        if not isinstance(plan, RollbackPlan):
            raise TypeError(
                f"roll_back takes a plan, not {shown(plan)}: "
                "write registry.roll_back(strategy.plan(registry)), or RollbackPlan.from_dict(data)"
            )
        news = news_since(self._ledger, self._revision, plan)
        if news is not None:
            raise StalePlan(plan.source, plan.target, plan.revision, news)
        return self._record(
            Event(
                "rolled_back",
                plan.target,
                source=plan.source,
                strategy=plan.strategy,
                reason=reason,
                at=at,
            )
        )

    def observe(self, version: str, *, reason: str = "", at: datetime | None = None) -> Self:
        """Record what the world, settled, says: this version serves, whoever put it there.

        Facts are not refused, and the version keeps its status. If it is in the lineage, the
        lineage rewinds to it as for a rollback; otherwise it is as after `deploy`. What is current
        already is no news: then this very registry is returned. Not for a roll-out that is still
        under way, during which two versions serve: wait until it has settled.

        Args:
            version: The label of a registered version.
            reason: How it came about, where that is known.
            at: When, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged. Where there is no news, returns this
            very one.

        Raises:
            UnknownVersion: It is not registered.
            TypeError, InvalidLabel, InvalidText, InvalidTime: A value is none.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "unproven"}, current="2")
        >>> registry = registry.observe("1", reason="the provider rolled back by itself")
        >>> registry.current, registry["2"].status.value
        ('1', 'rolled_back')
        """
        event = Event("observed", version, reason=reason, at=at)
        return self if event.version == self.current else self._record(event)

    def with_clock(self, now: datetime) -> Self:
        """Return the same registry with its clock set, backwards too. It records nothing.

        Rules that need the time use the clock. Commands carry it on, and move it forward where
        they tell a later time.

        Args:
            now: The time, with a time zone.

        Returns:
            Returns the new registry; this one is unchanged.

        Raises:
            TypeError: It is no `datetime`.
            InvalidTime: It has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> from datetime import UTC, datetime
        >>> VersionRegistry().with_clock(datetime(2026, 5, 1, tzinfo=UTC)).clock.isoformat()
        '2026-05-01T00:00:00+00:00'
        """
        return self._seen(self._ledger, self._revision, utc(now))

    def at_revision(self, n: int) -> Self:
        """Return the registry of the first ``n`` events.

        Its clock is the latest time that they tell. At its own revision it is the registry itself.

        Raises:
            IndexError: There were never so few events, or not yet so many.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("1").deploy("1")
        >>> registry.at_revision(1).current is None
        True
        """
        n = operator.index(n)
        if n == self._revision:
            return self
        if not 0 <= n < self._revision:
            raise IndexError(
                f"the revisions are 0 to {self._revision}, and {shown(n)} is none of them"
            )
        return self._seen(self._ledger, n, self._ledger.times.at(n))

    # In and out as plain data

    @classmethod
    def from_statuses(
        cls, statuses: Mapping[str, str | Status], *, current: str | None = None
    ) -> "VersionRegistry":
        """Return the registry of a plain table, oldest version first.

        Every version up to and including the current one is taken to have been deployed, in that
        order; leave out those that were not. Later ones are registered only.

        Args:
            statuses: A `Status` or its value for each label.
            current: The label of the version that serves; `None` where nothing was deployed.

        Raises:
            UnknownVersion: The current label is not in the table.
            InvalidData: A status is none, or ``"rolled_back"``, which a table cannot express.
            TypeError, InvalidLabel: A label is none.

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
            events: The events, oldest first.

        Raises:
            LastgoodError: What the command would raise; a note says which event: ``events[3]``.
            NotCurrent: A rollback left a version that is not current.
            IllegalTransition: Also where what is observed is current already.
            TypeError: One of them is no event.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
        >>> VersionRegistry.replay(registry.events) == registry
        True
        """
        registry = VersionRegistry()
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
        {'format': 1, 'events': [{'event': 'registered', 'version': 'v1.0'}]}
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
        return self._ledger is other._ledger or tuple(self.events) == tuple(other.events)

    @override
    def __hash__(self) -> int:
        # Constant time: a few facts that equal events have in common, not the events.
        latest = self._ledger.events[self._revision - 1] if self._revision else None
        return hash((self._revision, self._clock, self.current, len(self), latest))

    @override
    def __repr__(self) -> str:
        return (
            f"<VersionRegistry: {len(self)} versions, {len(self.deployments)} deployments, "
            f"current {self.current!r}, revision {self._revision}>"
        )

    def _repr_html_(self) -> str:
        """Return a drawing and a table as HTML, which is what a notebook shows."""
        from lastgood._drawing.notebook import page  # noqa: PLC0415  # paid for where it is shown

        return page(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object, /) -> Self:
        return self

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (tuple(self.events), self._clock)

    # Inside

    def _record(self, event: Event) -> Self:
        """Return the registry with one event more. Everything is checked before anything is."""
        if not isinstance(event, Event):
            raise TypeError(f"expected an Event, not {shown(event)}: write Event.from_dict(data)")
        change = effect(self._ledger, self._revision, event)
        ledger = self._ledger.claim(self._revision)
        ledger.append(event, change)
        return self._seen(ledger, self._revision + 1, later(self._clock, event.at))


_set_clock, _set_ledger, _set_revision = setters(Questions)


def _restored(events: tuple[Event, ...], clock: datetime | None) -> VersionRegistry:
    registry = VersionRegistry.replay(events)
    return registry if clock is None else registry.with_clock(clock)


def _format(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or int.__index__(value) != _FORMAT:
        raise ValueError(f"{shown(value)} is no format that this release reads; it reads {_FORMAT}")
    return _FORMAT


def _list(value: object) -> list[object]:
    return read_list(value, "events")


_READERS: Final[Mapping[str, Reader]] = {"format": _format, "events": _list}
