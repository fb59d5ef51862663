"""What each event does to a registry, and what is refused.

The rules of this module:

1. Every event is checked here and nowhere else, whether a command records it or data replays it.
2. Nothing is changed here. What an event does is worked out first, and recorded by the ledger.
3. What would be refused is refused first. What is so already changes nothing.
"""

from __future__ import annotations

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
from lastgood._registry.ledger import NO_NEWS, Change, Ledger, Notes
from lastgood._registry.lineage import ROOT
from lastgood._registry.record import Record, Standing
from lastgood._values import reasons
from lastgood._values.metadata import same_value
from lastgood._values.row import NO_DETAILS, Row

_Effect: TypeAlias = Callable[[Ledger, int, Record, Row], Change]

#: That a version is known now is all that its registration does.
_IS_KNOWN: Final[Notes] = ()
_GOES_ON: Final[Notes] = ((Ledger.goes_on, True),)
_GOES_ON_AGAIN: Final[Notes] = ((Ledger.goes_on, False),)
_GOES_BACK: Final[Notes] = ((Ledger.goes_back, None),)
_ENDS: Final[Notes] = ((Ledger.ends, None),)

#: What versions are that have a status without a reason, as one value for all of them.
_WITHOUT_REASON: Final[Mapping[Status, Standing]] = {status: (status, "") for status in Status}


def first_effect(ledger: Ledger, revision: int, row: Row) -> Change:
    """Return what an event does whose version is not registered; `EFFECTS` has all others.

    Args:
        ledger: The ledger.
        revision: How many of its events there are.
        row: The event.

    Raises:
        UnknownVersion: The event is not its registration.
        NotCurrent: What the event leaves is not what serves.
    """
    kind, label, _, _, _ = row
    if kind == "registered":
        return _IS_KNOWN
    if kind == "rolled_back":
        _ = _source(ledger, revision, row)
    raise unknown(ledger, revision, label)


def unknown(ledger: Ledger, revision: int, label: str) -> UnknownVersion:
    """Return the error that a version is not registered. It knows the labels that look like it."""
    count = ledger.count(revision)
    latest = ledger.order[max(0, count - MOST_LABELS) : count]
    return UnknownVersion(label, tuple(record.label for record in latest))


def _registered(_ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    _, metadata, digest, _, _ = row[-1] or NO_DETAILS
    if version.metadata == metadata and version.digest == digest:
        return NO_NEWS
    raise DuplicateVersion(version.label, *version.standing(revision))


def _annotated(_ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    _, metadata, _, _, _ = row[-1] or NO_DETAILS
    before = version.facts(revision)
    if all(key in before and same_value(before[key], metadata[key]) for key in metadata):
        return NO_NEWS
    return ((Ledger.is_annotated, metadata),)


def _deployed(ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    status, _ = version.standing(revision)
    if status not in KINDS["deployed"].status:
        raise _illegal(version, revision, row)
    last, current = ledger.lineage.latest(revision)
    if version.label == current:
        return NO_NEWS
    if version.digest in ledger.contents.culprits:
        _allow_contents(ledger, revision, version, row)
    return _GOES_ON_AGAIN if version.label == last else _GOES_ON


def _undeployed(ledger: Ledger, revision: int, version: Record, _row: Row) -> Change:
    _, current = ledger.lineage.latest(revision)
    if current is None:
        return NO_NEWS
    if version.label != current:
        raise NotCurrent(version.label, current)
    return _ENDS


def _marked_stable(ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    change = _judged(ledger, revision, version, row)
    if version.digest in ledger.contents.culprits and version.label != ledger.lineage.current(
        revision
    ):
        _allow_contents(ledger, revision, version, row)
    return change


def _marked_failed(ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    failure = (Ledger.fails, row[3])
    if version.standing(revision)[0] is Status.RETIRED:  # Then only its contents are not as before.
        return NO_NEWS if version.failure(revision) is not None else (failure,)
    change = _judged(ledger, revision, version, row)
    return change if change is None else (*change, failure)


def _judged(_ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    """Return what a verdict does: the status that it is there to give, or a new reason for it."""
    kind, _, _, reason, _ = row
    status, why = version.standing(revision)
    transitions = KINDS[kind].status
    if status not in transitions:
        raise _illegal(version, revision, row)
    after = transitions[status] or status
    if after is status and (not reason or reason == why):
        return NO_NEWS
    return ((Ledger.stands, (after, reason) if reason else _WITHOUT_REASON[after]),)


def _reinstated(_ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    kind, _, _, reason, _ = row
    status, _ = version.standing(revision)
    after = KINDS[kind].status[status]
    if after is WHAT_IT_WAS:
        return ((Ledger.stands, version.before_hold(revision)),)
    if after is status:
        return NO_NEWS
    change: Notes = ((Ledger.stands, (after, reason)),)
    return change if version.failure(revision) is None else (*change, (Ledger.fails, None))


def _rolled_back(ledger: Ledger, revision: int, target: Record, row: Row) -> Change:
    source = _source(ledger, revision, row)
    status, _ = target.standing(revision)
    if target is source or status not in KINDS["rolled_back"].status:
        raise _illegal(target, revision, row)
    if target.digest in ledger.contents.culprits:
        _allow_contents(ledger, revision, target, row)
    return _left(source, revision, target, row)


def _observed(ledger: Ledger, revision: int, version: Record, row: Row) -> Change:
    lineage = ledger.lineage
    last, current = lineage.latest(revision)
    if version.label == current:
        return NO_NEWS
    if last is not None and version.label != last and lineage.nearest(version, revision) != ROOT:
        change = _left(ledger.records[last], revision, version, row)
    else:
        has_served = lineage.last(version.label, revision) != ROOT
        change = _GOES_ON_AGAIN if has_served else _GOES_ON
    status, _ = version.standing(revision)
    if KINDS["observed"].status[status] is WHAT_IT_WAS:
        return ((Ledger.stands, version.before_hold(revision)), *change)
    return change


def _source(ledger: Ledger, revision: int, row: Row) -> Record:
    """Return what a rollback leaves, which must be what serves, or served last."""
    _, _, _, source, _ = row[-1] or NO_DETAILS
    last, current = ledger.lineage.latest(revision)
    if last is None or last != source:
        raise NotCurrent(str(source), current)
    return ledger.records[last]


def _left(source: Record, revision: int, target: Record, row: Row) -> Notes:
    """Return what going back from the source to the target does, into the lineage or beside it."""
    status, _ = source.standing(revision)
    after = LEFT[status]
    if after is status:
        return _GOES_BACK
    reason = row[3] or reasons.rolled_back_to(target.label)
    return ((Ledger.leaves, (after, reason)), *_GOES_BACK)


def _illegal(version: Record, revision: int, row: Row) -> IllegalTransition:
    return IllegalTransition(version.label, *version.standing(revision), KINDS[row[0]].command)


def _allow_contents(ledger: Ledger, revision: int, version: Record, row: Row) -> None:
    """Raise `IllegalTransition` if the contents of the version failed under another label."""
    failure = ledger.contents.failure(version.label, version.digest, revision)
    if failure is not None:
        raise IllegalTransition(
            version.label,
            *version.standing(revision),
            KINDS[row[0]].command,
            failure.label,
            failure.reason,
            version.digest,
        )


#: What the events of each kind do, where their version is registered.
EFFECTS: Final[Mapping[EventKind, _Effect]] = {
    "registered": _registered,
    "annotated": _annotated,
    "deployed": _deployed,
    "undeployed": _undeployed,
    "marked_stable": _marked_stable,
    "marked_failed": _marked_failed,
    "retired": _judged,
    "reinstated": _reinstated,
    "rolled_back": _rolled_back,
    "observed": _observed,
}
