"""When a plan is stale: whether anything was recorded since that speaks against it.

The rules of this module:

1. A plan rests on the first events of its registry, which its fingerprint names.
2. News against a plan makes it stale, even if it was taken back later. Other news does not.
3. A plan that is carried out already is not stale, whoever carried it out.
"""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from lastgood._basics.errors import LastgoodError
from lastgood._basics.frozen import named
from lastgood._basics.kinds import KINDS
from lastgood._basics.messages import brief, one_line, shown
from lastgood._basics.refusals import DECIDE_AGAIN
from lastgood._registry.ledger import Ledger
from lastgood._registry.record import Record
from lastgood._values.event import Event
from lastgood._values.metadata import same_value
from lastgood._values.plan import RollbackPlan

#: What a plan of other events is told; tables are where it happens to those who act first.
_OTHER_EVENTS: Final = (
    "it was made for other events: of another registry, of one that was restored since, or of a "
    "table that was read again (plan and roll back on one registry)"
)


@named("lastgood")
class StalePlan(LastgoodError, RuntimeError):
    """A plan that no longer holds: later news speaks against it, or it is of another registry.

    Attributes:
        source: The version that the plan leaves.
        target: The version that the plan goes back to.
        revision: The revision at which the plan was made.
        event: The event that made it stale; `None` if the first events of the registry are not
            those that the plan was made for.
        at_revision: The revision at which that event was recorded; without one, the revision of
            the registry.
    """

    def __init__(
        self, source: str, target: str, revision: int, event: Event | None, at_revision: int
    ) -> None:
        super().__init__(source, target, revision, event, at_revision)
        self.source = source
        self.target = target
        self.revision = revision
        self.event = event
        self.at_revision = at_revision

    @override
    def __str__(self) -> str:
        return (
            f"the plan {one_line(self.source)} -> {one_line(self.target)}, "
            f"made at revision {self.revision}, "
            f"is stale: {self._news()}; nothing was recorded; {DECIDE_AGAIN}"
        )

    def _news(self) -> str:
        if self.event is None and self.at_revision < self.revision:
            events = "event" if self.at_revision == 1 else "events"
            return f"this registry has only {self.at_revision} {events}, so {_OTHER_EVENTS}"
        if self.event is None:
            return _OTHER_EVENTS
        why = f" ({brief(self.event.reason)})" if self.event.reason else ""
        return f"{_happened(self.event)}{why} since, at revision {self.at_revision}"


def is_carried_out(ledger: Ledger, now: int, plan: RollbackPlan) -> bool:
    """Return whether the plan was carried out already, by whoever and whichever strategy.

    Raises:
        StalePlan: The plan does not hold at the revision ``now``.
    """
    then = plan.revision
    if then > now or ledger.checksums.fingerprint(ledger.columns, then) != plan.fingerprint:
        raise StalePlan(plan.source, plan.target, then, None, now)
    changes = ledger.lineage.changed_at(then, now)
    if changes:
        event, at_revision = ledger.event_of(changes[0]), ledger.lineage.recorded_at(changes[0])
        is_it = event.kind == "rolled_back" and event.source == plan.source
        serves = ledger.lineage.current(now) == event.version == plan.target
        if is_it and serves and len(changes) == 1:
            return True
        raise StalePlan(plan.source, plan.target, then, event, at_revision)
    for revision in range(then + 1, now + 1):
        if _is_against(plan, ledger, revision):
            raise StalePlan(plan.source, plan.target, then, ledger.event(revision), revision)
    return False


def _is_against(plan: RollbackPlan, ledger: Ledger, revision: int) -> bool:
    """Whether the event that was recorded at the revision speaks against the plan."""
    kind, label, _, _, _ = ledger.row(revision)
    version = ledger.records[label]
    if version.registered == revision:  # Then it is neither of the two.
        return False
    if kind == "annotated":
        return _new_facts_are_against(plan, ledger, revision, version)
    before, after = version.standing(revision - 1), version.standing(revision)
    if label == plan.source:
        good = before[0] is not after[0] and not after[0].is_bad
        return good or _fails_target(plan, ledger, revision, version)
    if label == plan.target:
        return after[0].is_bad and (before is not after or _has_failed(version, revision))
    return _fails_target(plan, ledger, revision, version)


def _fails_target(plan: RollbackPlan, ledger: Ledger, revision: int, failed: Record) -> bool:
    """Whether the event is the news that another version failed with the contents of the target."""
    target = ledger.record(plan.target, revision)
    if target is None or target.digest is None or target.digest != failed.digest:
        return False
    return _has_failed(failed, revision)


def _has_failed(version: Record, revision: int) -> bool:
    """Whether the event is the news that a version failed."""
    failure = version.failure(revision)
    return failure is not None and failure is not version.failure(revision - 1)


def _new_facts_are_against(
    plan: RollbackPlan, ledger: Ledger, revision: int, version: Record
) -> bool:
    """Whether new metadata speaks against the plan.

    A changed value of the source or the target does; and any new one of what was deployed after
    the target last served, since it may have become known as a barrier.
    """
    before, after = version.facts(revision - 1), version.facts(revision)
    if before is after:  # It was known already.
        return False
    lineage = ledger.lineage
    if lineage.last(version.label, revision) > lineage.last(plan.target, revision):
        return True
    return version.label in {plan.source, plan.target} and any(
        not same_value(value, after[key]) for key, value in before.items()
    )


def _happened(event: Event) -> str:
    past, version = KINDS[event.kind].past, shown(event.version)
    return (
        f"{version} {past}" if event.source is None else f"{shown(event.source)} {past} {version}"
    )
