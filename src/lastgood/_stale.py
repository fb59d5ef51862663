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
    then, tip = plan.revision, ledger.tip(now)
    if then > now:
        return f"this registry has only {now} events"
    if ledger.tip(then) != tip:
        return f"{_told(ledger.event_of(tip))} since, at revision {ledger.steps.revision(tip)}"
    current = ledger.steps[tip].version
    if current != plan.source:
        return f"the current version is {current!r}"
    source, target = ledger.version(plan.source, now), ledger.version(plan.target, now)
    for version in (source, target):
        if version is not None and ledger.status_changed(version.label, then, now):
            return f"{version.label!r} is {brief(version.verdict)} since"
    digest = None if target is None else target.digest
    if digest is not None and ledger.contents_changed(digest, then, now):
        return f"the status of a version with the contents of {plan.target!r} changed since"
    return None


def _told(event: Event) -> str:
    if event.event == "rolled_back":
        return f"{event.source!r} was rolled back to {event.version!r}"
    return f"{event.version!r} was {event.event}"
