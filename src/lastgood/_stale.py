"""When a plan is stale: whether anything was recorded since that could change it."""

from lastgood._event import Event
from lastgood._ledger import Ledger
from lastgood._plan import RollbackPlan
from lastgood._show import brief


def news_since(ledger: Ledger, now: int, plan: RollbackPlan) -> str | None:
    """Return what makes a plan stale at the revision ``now``, or `None`.

    Another deployment does, and a change of the status of its source, its target, or a version
    with the contents of its target. Other news does not.
    """
    then, tip = plan.revision, ledger.lineage.tip(now)
    if then > now:
        return f"this registry has only {now} events"
    if ledger.lineage.tip(then) != tip:
        news, at = _told(ledger.event_of(tip)), ledger.lineage.recorded_at(tip)
        return f"{news} since, at revision {at}"
    current = ledger.lineage.current(now)
    if current != plan.source:
        serving = (
            "nothing is deployed" if current is None else f"{current!r} is the current version"
        )
        return f"{serving}, not {plan.source!r}"
    return None if then == now else _judged_since(ledger, then, now, plan)


def _judged_since(ledger: Ledger, then: int, now: int, plan: RollbackPlan) -> str | None:
    source, target = ledger.version(plan.source, now), ledger.version(plan.target, now)
    for version in (source, target):
        if version is not None and ledger.status_changed(version.label, then, now):
            return f"the status of {version.label!r} changed since (now {brief(version.verdict)})"
    digest = None if target is None else target.digest
    if digest is not None and ledger.contents_changed(digest, then, now):
        return f"the status of a version with the contents of {plan.target!r} changed since"
    return None


def _told(event: Event) -> str:
    if event.event == "rolled_back":
        return f"{event.source!r} was rolled back to {event.version!r}"
    return f"{event.version!r} was {event.event}"
