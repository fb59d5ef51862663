"""What each event does to a registry, and what is refused.

The rules of this module:

1. Every event is checked here and nowhere else, whether a command records it or data replays it.
2. Nothing is changed here. What an event does is worked out first, and recorded by the ledger.
3. What would be refused is refused first. What is so already changes nothing.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from lastgood._basics.kinds import KINDS, LEFT, WHAT_IT_WAS, EventKind
from lastgood._basics.refusals import (
    MOST_LABELS,
    DuplicateVersion,
    IllegalTransition,
    NotCurrent,
    UnknownVersion,
)
from lastgood._basics.status import Status
from lastgood._registry.ledger import NO_NEWS, Change, Failure, Ledger
from lastgood._registry.lineage import ROOT
from lastgood._values import reasons
from lastgood._values.event import Event
from lastgood._values.metadata import Metadata, same_value
from lastgood._values.version import Version

_Effect: TypeAlias = Callable[[Ledger, int, Event], Change]


def effect(ledger: Ledger, revision: int, event: Event) -> Change:
    """Return what the event does to the registry of the first ``revision`` events of the ledger.

    Raises:
        DuplicateVersion: The version is registered with other metadata or another digest.
        UnknownVersion: The version is not registered.
        IllegalTransition: Its status or its contents forbid it.
        NotCurrent: What the event leaves is not what serves.
    """
    return _EFFECTS[event.kind](ledger, revision, event)


def known(ledger: Ledger, revision: int, label: str) -> Version:
    """Return the version of the label.

    Raises:
        UnknownVersion: It is not registered. The error names labels that look like it.
    """
    version = ledger.version(label, revision)
    if version is None:
        count = ledger.labels.count(revision)
        places = range(max(0, count - MOST_LABELS), count)
        raise UnknownVersion(label, tuple(ledger.labels[place] for place in places))
    return version


def _registered(ledger: Ledger, revision: int, event: Event) -> Change:
    twin = ledger.version(event.version, revision)
    if twin is None:
        return Change(
            Version(
                event.version,
                metadata=event.metadata,
                digest=event.digest,
                registered_at=event.at,
            )
        )
    first = ledger.registered(event.version)
    if first.metadata == event.metadata and first.digest == event.digest:
        return NO_NEWS
    raise DuplicateVersion(twin.label, twin.status, twin.reason)


def _annotated(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    before = version.metadata
    if all(
        key in before and same_value(before[key], event.metadata[key]) for key in event.metadata
    ):
        return NO_NEWS
    metadata = Metadata({**before, **event.metadata})
    return Change(
        Version(
            version.label,
            version.status,
            version.reason,
            metadata,
            version.digest,
            version.registered_at,
            version.deployed_at,
            version.times_deployed,
        )
    )


def _deployed(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    _allow(version, event)
    if version.label == ledger.lineage.current(revision):
        return NO_NEWS
    _allow_contents(ledger, revision, version, event)
    step = ledger.lineage.deployed(version.label, revision)
    return Change(_serving(version, event), step=step)


def _undeployed(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    current = ledger.lineage.current(revision)
    if current is None:
        return NO_NEWS
    if version.label != current:
        raise NotCurrent(version.label, current)
    return Change(ended=True)


def _marked_stable(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    _allow(version, event)
    if version.label != ledger.lineage.current(revision):
        _allow_contents(ledger, revision, version, event)
    return _judged(version, event)


def _marked_failed(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    failure = Failure(version.label, event.reason)
    if version.status is Status.RETIRED:  # Then only its contents are not as before.
        has_failed = ledger.failure(version.label, revision) is not None
        return NO_NEWS if has_failed else Change(failure=failure)
    change = _judged(version, event)
    return change if change is NO_NEWS else Change(*change.versions, failure=failure)


def _retired(ledger: Ledger, revision: int, event: Event) -> Change:
    return _judged(known(ledger, revision, event.version), event)


def _reinstated(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    after = KINDS[event.kind].status[version.status]
    if after is None:  # It is again what it was.
        return Change(_lifted(ledger, revision, version))
    if after is version.status:
        return NO_NEWS
    has_failed = ledger.failure(version.label, revision) is not None
    return Change(
        _with(version, after, event.reason), cleared=version.label if has_failed else None
    )


def _rolled_back(ledger: Ledger, revision: int, event: Event) -> Change:
    source = ledger.lineage.served_last(revision)
    if source is None or source != event.source:
        raise NotCurrent(str(event.source), ledger.lineage.current(revision))
    target = known(ledger, revision, event.version)
    _allow(target, event)
    if target.label == source:
        raise IllegalTransition(source, target.status, target.reason, _attempted(event))
    _allow_contents(ledger, revision, target, event)
    return _left(ledger, revision, event, target, source)


def _observed(ledger: Ledger, revision: int, event: Event) -> Change:
    version = known(ledger, revision, event.version)
    if version.label == ledger.lineage.current(revision):
        return NO_NEWS
    if KINDS[event.kind].status[version.status] is WHAT_IT_WAS:
        version = _lifted(ledger, revision, version)
    last = ledger.lineage.served_last(revision)
    is_step_back = version.label != last and ledger.lineage.nearest(version.label, revision) != ROOT
    if last is not None and is_step_back:
        return _left(ledger, revision, event, version, last)
    step = ledger.lineage.observed(version.label, revision)
    return Change(_serving(version, event), step=step)


def _left(ledger: Ledger, revision: int, event: Event, target: Version, source: str) -> Change:
    """Return what going back from the source to the target does, into the lineage or beside it."""
    step = ledger.lineage.went_back(target.label, revision)
    left = known(ledger, revision, source)
    after = LEFT[left.status]
    if after is left.status:
        return Change(_serving(target, event), step=step)
    held = _with(left, after, event.reason or reasons.rolled_back_to(target.label))
    return Change(_serving(target, event), held, step=step)


def _attempted(event: Event) -> str:
    return KINDS[event.kind].command


def _allow(version: Version, event: Event) -> None:
    """Raise `IllegalTransition` if the status of the version forbids the event."""
    if version.status not in KINDS[event.kind].status:
        raise IllegalTransition(version.label, version.status, version.reason, _attempted(event))


def _allow_contents(ledger: Ledger, revision: int, version: Version, event: Event) -> None:
    """Raise `IllegalTransition` if the contents of the version failed under another label."""
    failure = ledger.failed_contents(version, revision)
    if failure is not None:
        raise IllegalTransition(
            version.label,
            version.status,
            version.reason,
            _attempted(event),
            failure.label,
            failure.reason,
            version.digest,
        )


def _judged(version: Version, event: Event) -> Change:
    """Return what a verdict does: the status that it is there to give, or a new reason for it."""
    after = KINDS[event.kind].status[version.status] or version.status
    is_known = after is version.status and event.reason in {"", version.reason}
    return NO_NEWS if is_known else Change(_with(version, after, event.reason))


def _lifted(ledger: Ledger, revision: int, version: Version) -> Version:
    """Return a held version as it was before it was left."""
    before = ledger.before_hold(version.label, revision)
    return _with(version, before.status, before.reason)


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
    "annotated": _annotated,
    "deployed": _deployed,
    "undeployed": _undeployed,
    "marked_stable": _marked_stable,
    "marked_failed": _marked_failed,
    "retired": _retired,
    "reinstated": _reinstated,
    "rolled_back": _rolled_back,
    "observed": _observed,
}
