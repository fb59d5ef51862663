"""A registry as a handle on a ledger: what it sees of it, and how it grows."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Self, TypeVar

from lastgood._basics import texts
from lastgood._basics.frozen import Frozen, setters
from lastgood._basics.kinds import KINDS, EventKind
from lastgood._basics.times import later, utc
from lastgood._registry.effects import EFFECTS, first_effect
from lastgood._registry.ledger import NO_NEWS, Change, Ledger
from lastgood._registry.recording import Recording
from lastgood._values.metadata import NO_METADATA, Metadata
from lastgood._values.row import Row, details_of

H = TypeVar("H", bound="Handle")

#: What all registries of no events see. Nobody extends it.
_EMPTY: Final = Ledger()


class Handle(Frozen):
    """A ledger, as of one of its revisions."""

    __slots__ = ("_clock", "_current", "_ledger", "_revision")

    _ledger: Ledger
    _revision: int
    _clock: datetime | None
    #: What serves. A strategy is asked about a registry in which what served last serves again.
    _current: str | None

    def _begin(self) -> None:
        """Make it the registry of no events."""
        _set_ledger(self, _EMPTY)
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

    def _tell(self, row: Row) -> Self:
        """Return the registry with an event added, or this very one if it changes nothing."""
        change = self._effect(row)
        return self if change is NO_NEWS else self._append(row, change)

    def _row(  # noqa: PLR0913, PLR0917  # what a command can say
        self,
        kind: EventKind,
        version: str,
        reason: str,
        by: str,
        at: datetime | None,
        metadata: Metadata = NO_METADATA,
        digest: str | None = None,
        source: str | None = None,
        strategy: str | None = None,
    ) -> Row:
        """Return the row of an event. What all commands are given is checked here."""
        if type(version) is not str or version not in self._ledger.records:
            version = texts.label(version)
        at = None if at is None else utc(at)
        if reason or type(reason) is not str:
            reason = texts.reason(reason)
        if by or type(by) is not str:
            by = texts.by(by)
        return kind, version, at, reason, details_of(by, metadata, digest, source, strategy)

    def _effect(self, row: Row) -> Change:
        """Return what an event does. Raises the same errors as its command."""
        ledger, revision = self._ledger, self._revision
        version = ledger.records.get(row[1])
        if version is None or version.registered > revision:
            return first_effect(ledger, revision, row)
        return EFFECTS[row[0]](ledger, revision, version, row)

    def _append(self, row: Row, change: Change) -> Self:
        """Return the registry with an event added, which was checked."""
        kind, label, at, reason, details = row
        revision = self._revision + 1
        ledger = self._ledger.claim(self._revision)
        version = ledger.records.get(label) or ledger.register(revision, row)
        for note, value in change or ():
            note(ledger, revision, version, value)
        ledger.append(([kind], [label], [at], [reason], [details]), [version])
        current = ledger.lineage.current(revision) if KINDS[kind].moves else self._current
        clock = self._clock if at is None else later(self._clock, at)
        return self._seen(ledger, revision, clock, current)

    def _after(self, recording: Recording) -> Self:
        """Return the registry with the events that were recorded after its own."""
        ledger, revision = recording.ledger, recording.revision
        if revision == self._revision:
            return self
        current = ledger.lineage.current(revision) if recording.has_moved else self._current
        return self._seen(ledger, revision, recording.clock, current)


_set_clock, _set_current, _set_ledger, _set_revision = setters(Handle)


def opened(registry: Handle) -> tuple[Ledger, int]:
    """Return the ledger of a registry and the revision up to which to read it.

    This is the one door for our own rules and strategies that need more than the questions. It is
    not public.
    """
    return registry._ledger, registry._revision  # pyright: ignore[reportPrivateUsage]


def served_last(registry: Handle) -> str | None:
    """Return the label of what serves, or else served last; `None` if nothing was deployed."""
    ledger, revision = opened(registry)
    return ledger.lineage.served_last(revision)


def serving_again(registry: H) -> H:
    """Return the registry in which what served last serves again; itself where something serves.

    It is what strategies and rules are asked about, so that they need to know of no undeploy.
    """
    if registry._current is not None:  # pyright: ignore[reportPrivateUsage]
        return registry
    ledger, revision = opened(registry)
    return registry._seen(ledger, revision, registry._clock, served_last(registry))  # pyright: ignore[reportPrivateUsage]


def is_no_news(registry: Handle, row: Row) -> bool:
    """Whether an event changes nothing. Raises the same errors as the command."""
    return registry._effect(row) is NO_NEWS  # pyright: ignore[reportPrivateUsage]
