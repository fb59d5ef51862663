"""What each event does to a registry, and what is refused.

The rules of this module:

1. Every event is checked here and nowhere else, whether a command records it or data replays it.
2. Nothing is changed here. What an event does is worked out first, and recorded by the ledger.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from lastgood._errors import (
    MOST_LABELS,
    DuplicateVersion,
    IllegalTransition,
    NotCurrent,
    UnknownVersion,
)
from lastgood._event import Event, EventKind
from lastgood._ledger import Change, Ledger
from lastgood._lineage import ROOT
from lastgood._status import OWN_STATUS, TRANSITIONS, Action, Status
from lastgood._version import Version

_Effect: TypeAlias = Callable[[Ledger, int, Event], Change]


def effect(ledger: Ledger, revision: int, event: Event) -> Change:
    """Return what the event does to the registry of the first ``revision`` events of the ledger.

    Raises:
        DuplicateVersion, UnknownVersion, IllegalTransition, NotCurrent: The event is refused.
    """
    return _EFFECTS[event.event](ledger, revision, event)


def known(ledger: Ledger, revision: int, label: str) -> Version:
    """Return the version of the label.

    Raises:
        UnknownVersion: There is none; the error names labels that look like it.
    """
    version = ledger.version(label, revision)
    if version is None:
        count = ledger.labels.count(revision)
        places = range(max(0, count - MOST_LABELS), count)
        raise UnknownVersion(label, tuple(ledger.labels[place] for place in places))
    return version


def _registered(ledger: Ledger, revision: int, event: Event) -> Change:
    twin = ledger.version(event.version, revision)
    if twin is not None:
        raise DuplicateVersion(twin.label, twin.status, twin.reason)
    return Change(
        Version(
            event.version,
            metadata=event.metadata,
            digest=event.digest,
            registered_at=event.at,
        )
    )


def _deployed(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    _allow(version, "deploy")
    return _began(ledger, revision, event, version)


def _judged(action: Action) -> _Effect:
    def judged(ledger: Ledger, revision: int, event: Event) -> Change:
        version = known(ledger, revision, event.version)
        return Change(_moved(version, action, event.reason))

    return judged


def _rolled_back(ledger: Ledger, revision: int, event: Event) -> Change:
    source = ledger.lineage.current(revision)
    if source is None or source != event.source:
        raise NotCurrent(str(event.source), source)
    target = known(ledger, revision, event.version)
    if target.label == source:
        raise IllegalTransition(
            source, target.status, target.reason, "roll_back", "it is the current version itself"
        )
    _allow(target, "roll_back")
    return _left(ledger, revision, event, target, source)


def _observed(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    current = ledger.lineage.current(revision)
    if version.label == current:
        raise IllegalTransition(
            version.label, version.status, version.reason, "observe", "and current already"
        )
    if current is not None and ledger.lineage.nearest(version.label, revision) != ROOT:
        return _left(ledger, revision, event, version, current)
    return _began(ledger, revision, event, version)


def _began(ledger: Ledger, revision: int, event: Event, version: Version) -> Change:
    """Return what a deployment does that goes on from the current one."""
    step = ledger.lineage.deployed(version.label, revision)
    return Change(_serving(version, event), step=step)


def _left(ledger: Ledger, revision: int, event: Event, target: Version, source: str) -> Change:
    """Return what going back from the source to the target does, into the lineage or beside it."""
    default = f"rolled back to {target.label}"
    left = _moved(known(ledger, revision, source), "leave", event.reason, default)
    step = ledger.lineage.went_back(target.label, revision)
    return Change(_serving(target, event), left, step=step)


def _allow(version: Version, action: Action) -> None:
    """Raise `IllegalTransition` where the status of the version forbids the action."""
    _ = _after(version, action)


def _after(version: Version, action: Action) -> Status:
    """Return the status after the action; `IllegalTransition` where there is none."""
    after = TRANSITIONS[action].get(version.status)
    if after is None:
        raise IllegalTransition(
            version.label, version.status, version.reason, action, _remedy(version.label, action)
        )
    return after


def _remedy(label: str, action: Action) -> str:
    if action == "reinstate":
        return f"it needs no reinstating: registry = registry.deploy({label!r})"
    return f"reinstate it first: registry = registry.reinstate({label!r}, reason=...)"


def _moved(version: Version, action: Action, reason: str, default: str = "") -> Version:
    """Return the version after an action that is about its status."""
    after = _after(version, action)
    if after is version.status:
        told_again = reason and OWN_STATUS[action] is after
        return _with(version, after, reason) if told_again else version
    return _with(version, after, reason or default)


def _with(version: Version, status: Status, reason: str) -> Version:
    return Version(
        version.label,
        status,
        reason,
        version.metadata,
        version.digest,
        version.registered_at,
        version.deployed_at,
        version.times_deployed,
    )


def _serving(version: Version, event: Event) -> Version:
    return Version(
        version.label,
        version.status,
        version.reason,
        version.metadata,
        version.digest,
        version.registered_at,
        event.at,
        version.times_deployed + 1,
    )


_EFFECTS: Final[Mapping[EventKind, _Effect]] = {
    "registered": _registered,
    "deployed": _deployed,
    "marked_stable": _judged("mark_stable"),
    "marked_failed": _judged("mark_failed"),
    "retired": _judged("retire"),
    "reinstated": _judged("reinstate"),
    "rolled_back": _rolled_back,
    "observed": _observed,
}
