"""Sections 2.2 and 2.3 again: what each event changes, folded from the first one on.

An event that changes nothing is no news: then the very facts from before it are returned.
"""

from collections.abc import Iterable, Mapping

from tests.tools.model.facts import STATUSES, Deployment, Event, Facts, Version, Was, is_same

WHAT_IT_WAS = "what it was"

#: Section 2.2, row by row under the columns of `STATUSES`; `None` is "refused", or never happens.
TABLE: Mapping[str, tuple[str | None, ...]] = {
    "deployed": ("unproven", "stable", None, None, None),
    "marked_stable": ("stable", "stable", None, None, None),
    "marked_failed": ("failed", "failed", "failed", "failed", "retired"),
    "retired": ("retired", "retired", "retired", "retired", "retired"),
    "reinstated": ("unproven", "stable", "unproven", WHAT_IT_WAS, "unproven"),
    "rolled_back": ("unproven", "stable", None, None, None),
    "left": ("rolled_back", "rolled_back", "failed", None, "retired"),
    "observed": ("unproven", "stable", "failed", WHAT_IT_WAS, "retired"),
}

#: Section 2.2: the status that a command is for, so that a later reason of this command is news.
OWN = {"marked_stable": "stable", "marked_failed": "failed", "retired": "retired"}


def course(events: Iterable[Event]) -> tuple[Facts, ...]:
    """What was known at each revision."""
    known = [Facts()]
    for place, event in enumerate(events):
        known.append(after(known[-1], place, event))
    return tuple(known)


def after(facts: Facts, place: int, event: Event) -> Facts:
    """What is known after this event, which is allowed; these very facts if it is no news."""
    if event.kind == "registered":
        return facts if event.version in facts.versions else after_registration(facts, event)
    if event.kind == "annotated":
        return after_annotation(facts, event)
    if event.kind == "undeployed":
        return (
            facts
            if facts.current is None
            else facts._replace(deployments=ended(facts, place, event))
        )
    if event.kind in OWN or event.kind == "reinstated":
        return after_verdict(facts, event)
    return facts if event.version == facts.current else after_deployment(facts, place, event)


def with_version(facts: Facts, version: Version) -> Facts:
    """The facts with this version in its place."""
    return facts._replace(versions={**facts.versions, version.label: version})


# Section 2.1: what a version is


def after_registration(facts: Facts, event: Event) -> Facts:
    """The version becomes known, unproven; the reason of its registration stays in the event."""
    known = Version(event.version, event.digest, event.metadata, event.metadata, event.at)
    return with_version(facts, known)


def after_annotation(facts: Facts, event: Event) -> Facts:
    """Values are laid over the metadata; equal ones are no news."""
    version = facts.versions[event.version]
    if not new_metadata(version, event):
        return facts
    return with_version(facts, version._replace(metadata={**version.metadata, **event.metadata}))


def new_metadata(version: Version, event: Event) -> set[str]:
    """The keys that are new, or whose value is another one than before."""
    known = version.metadata
    return {
        key
        for key, value in event.metadata.items()
        if key not in known or not is_same(known[key], value)
    }


# Section 2.2: status


def after_verdict(facts: Facts, event: Event) -> Facts:
    """A version is judged, or gets another chance."""
    before = facts.versions[event.version]
    then = told(before, event.kind, event.reason)
    if event.kind == "marked_failed" and then.status == "failed":
        then = then._replace(failure=then.reason)
    elif event.kind == "marked_failed" and before.failure is None:
        then = then._replace(failure=event.reason)
    elif event.kind == "reinstated" and then.status != before.status:
        then = then._replace(failure=None)
    return facts if then == before else with_version(facts, then)


def told(version: Version, row: str, reason: str) -> Version:
    """One row of the table, and what becomes of `Version.reason`."""
    status = TABLE[row][STATUSES.index(version.status)]
    assert status is not None, "a refused event was recorded"
    if status == WHAT_IT_WAS:
        assert version.was is not None, "a held version knows what it was"
        return version._replace(status=version.was.status, reason=version.was.reason, was=None)
    if status != version.status:
        return version._replace(status=status, reason=reason, was=None)
    if OWN.get(row) == status and reason:
        return version._replace(reason=reason)
    return version


def left(version: Version, event: Event) -> Version:
    """The version that was current is left: a good one is held, and keeps in mind what it was."""
    then = told(version, "left", event.reason or f"rolled back to {event.version}")
    return then._replace(was=Was(version.status, version.reason)) if version.is_good else then


# Section 2.3: deployments and lineage


def ended(facts: Facts, place: int, event: Event) -> tuple[Deployment, ...]:
    """The deployments, the last of which this event ends if it still goes on."""
    if facts.current is None:
        return facts.deployments
    *others, last = facts.deployments
    return (*others, last._replace(ended=place, ended_at=event.at))


def after_deployment(facts: Facts, place: int, event: Event) -> Facts:
    """A version becomes current, and perhaps another one was left.

    What served last and serves again makes no step, and nothing is left.
    """
    again = event.version == facts.last
    step = None if again or event.kind == "deployed" else facts.step_back(event.version)
    rewound = step is not None
    if facts.last is not None and not again and (event.kind == "rolled_back" or rewound):
        facts = with_version(facts, left(facts.versions[facts.last], event))
    new = told(facts.versions[event.version], event.kind, event.reason)
    new = new._replace(deployed_at=event.at, times_deployed=new.times_deployed + 1)
    begun = Deployment(event.version, place, event.at, event.kind, rewound, event.reason, event.by)
    return with_version(facts, new)._replace(
        path=path_after(facts, event, step),
        deployments=(*ended(facts, place, event), begun),
    )


def path_after(facts: Facts, event: Event, step: int | None) -> tuple[int, ...]:
    """Going back leads to the very deployment, or takes the place of the one that is left."""
    new = len(facts.deployments)
    if step is not None:
        return facts.path[: step + 1]
    if event.version == facts.last:
        return facts.path
    if event.kind == "rolled_back":
        return (*facts.path[:-1], new)
    return (*facts.path, new)
