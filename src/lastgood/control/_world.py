"""Answers about the world: does it serve what the record says, and whom does it follow?

The rules of this module:

1. A move carries the revision of the event that made its version current. So nothing that is
   recorded later and moves nothing, such as an annotation, unsettles the world.
2. A look counts against a version only if the world took the request for this very revision in this
   conversation, and follows no other.
3. A look is evidence against an update only. A rollback target that does not come up, and a version
   that ever proved good, say more about the world than about themselves.
4. While an update comes up, the world shows what served before, what served when it was asked, or
   nothing. It shows anything else because somebody put it there.
"""

from bisect import bisect_left

import attrs

from lastgood._basics.messages import shown
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.control._memory import Memory, Move, Step
from lastgood.control._requests import Seen, Serve
from lastgood.control._transitions import Finding


@attrs.frozen
class Duty:
    """What the record wants of the world.

    Args:
        version: The label of the version that must serve; `None` if nothing must.
        revision: The revision of the event that says so; 0 if nothing was ever deployed.
        fingerprint: The fingerprint of the record there.
        before: What had to serve before that event.
    """

    version: str | None
    revision: int
    fingerprint: str
    before: str | None

    @property
    def move(self) -> Move:
        """What is asked of the world."""
        return self.version, self.revision, self.fingerprint


def duty_of(registry: VersionRegistry) -> Duty:
    """Return what the record wants of the world."""
    revision = _revision(registry)
    before = registry.at_revision(revision - 1).current if revision else None
    return Duty(registry.current, revision, registry.at_revision(revision).fingerprint, before)


def _revision(registry: VersionRegistry) -> int:
    """Return the revision of the event that made serve what serves, or ended it."""
    if not registry.deployments:
        return 0
    deployed = registry.deployments[-1].revision
    if registry.current is not None:
        return deployed
    later = range(deployed, registry.revision + 1)
    ended = bisect_left(later, True, key=lambda n: registry.at_revision(n).current is None)  # noqa: FBT003  # what is looked for
    return later[ended]


def move(memory: Memory) -> Serve:
    """Return the request that brings the world to where the record says."""
    duty = duty_of(memory.registry)
    return Serve(duty.version, duty.revision, _plan(memory, duty))


def _plan(memory: Memory, duty: Duty) -> RollbackPlan | None:
    """Return the rollback that made the version current, if one did.

    Whoever decided it knows what it considered. The others know what is on record.
    """
    if _decided(memory, duty):
        return memory.plan
    registry = memory.registry
    event, before = registry.events[duty.revision - 1], registry.at_revision(duty.revision - 1)
    if event.source is None or event.strategy is None:
        return None
    return RollbackPlan(
        event.source,
        event.version,
        before[event.version].status_text,
        event.strategy,
        before.revision,
        before.fingerprint,
        (),
    )


def _decided(memory: Memory, duty: Duty) -> bool:
    """Whether this conversation decided the move that the record wants."""
    plan = memory.plan
    if plan is None or not duty.revision:
        return False
    event = memory.registry.events[duty.revision - 1]
    return (event.kind, event.version, event.source) == ("rolled_back", plan.target, plan.source)


def serves(memory: Memory, duty: Duty, seen: Seen, *, follow: bool) -> Step | None:
    """Return the step if the world serves what it must, and a late move cannot change that.

    A world that cannot tell its revision is taken at its word, unless the record follows it: then
    it must be able to, and is asked once, so that it remembers the revision. It is asked as well if
    this conversation decided the move. A hand may have put that version there, and then the world
    would still take a late request of before.
    """
    if seen.version != duty.version:
        return None
    is_asked = memory.taken == duty.move or not duty.revision
    is_trusted = is_asked or not (follow or _decided(memory, duty))
    if seen.revision != duty.revision and not (seen.revision is None and is_trusted):
        return None
    where = f"{_named(duty.version)} serves, as recorded at revision {duty.revision}"
    hand = memory.hand
    if hand is None or (seen.revision is None and not memory.is_sure):
        # A world that never tells a revision may just not have been asked yet.
        return Step(Finding.SERVES, memory, where)
    return Step(
        Finding.PUT_BACK, memory, f"a hand had put {_named(hand.version)} in service; {where}"
    )


def further(memory: Memory, duty: Duty) -> Step:
    """Return the step after the world was found further than the record."""
    if memory.beyond != duty.move:
        memory = attrs.evolve(memory, beyond=duty.move)
        return Step(Finding.FURTHER, memory, "the world is further than what was read")
    detail = (
        f"the world was asked for a later move than that of {_named(duty.version)} at revision "
        f"{duty.revision}, which is the latest on record: was the record restored? Nothing was "
        "moved. First record what serves, with Observe, or that nothing does, with Undeploy. Only "
        "when that is on record, set the revision in the world to 0: the next request sets it again"
    )
    return Step(Finding.STILL_FURTHER, memory, detail)


def is_by_hand(memory: Memory, duty: Duty, seen: Seen) -> bool:
    """Whether the world shows what a hand must have put in service.

    That is a version for which no revision was given, or one that the record never had in service.
    """
    if seen.version == duty.version:
        return False
    if seen.version == duty.before and _was_left_without_revision(memory, duty):
        return False
    return seen.revision is None or not _ever_served(memory.registry, seen.version)


def by_hand(memory: Memory, duty: Duty, seen: Seen) -> Memory:
    """Return the memory of what a hand seems to have put in service."""
    is_sure = seen.version not in {duty.before, None}
    return attrs.evolve(memory, hand=seen, is_sure=is_sure)


def _was_left_without_revision(memory: Memory, duty: Duty) -> bool:
    """Whether the world may show what served before the latest move, and no revision with it.

    It may if it was never asked for anything before, if what it shows was only observed, or if this
    conversation has just decided the move.
    """
    if duty.before is None or _decided(memory, duty):
        return True
    before = duty_of(memory.registry.at_revision(duty.revision - 1))
    return memory.registry.events[before.revision - 1].kind == "observed"


def _ever_served(registry: VersionRegistry, version: str | None) -> bool:
    known = None if version is None else registry.get(version)
    return version is None or (known is not None and known.times_deployed > 0)


def unserved(memory: Memory, duty: Duty, seen: Seen, *, looks: int) -> Step:
    """Return the step after a look at a world that serves something else."""
    asked = attrs.evolve(memory, left=seen.version)
    if memory.taken != duty.move:
        return Step(Finding.ELSEWHERE, asked)
    if seen.revision is not None and seen.revision < duty.revision:
        detail = (
            f"the world took the request for revision {duty.revision}, and follows an older one"
        )
        return Step(Finding.NOT_FOLLOWED, asked, detail)
    is_anothers = _is_anothers(memory, duty, seen)
    counts = seen.revision is not None and not is_anothers
    memory = attrs.evolve(memory, looks=memory.looks + 1, evidence=memory.evidence + counts)
    # A verdict takes as many looks that are evidence; a report, as many of any kind.
    count = memory.evidence if counts else memory.looks
    detail = (
        f"{_expected(duty.version)}: at {count} {'look' if count == 1 else 'looks'}, "
        f"{_named(seen.version)} served"
    )
    if count < looks:
        return Step(Finding.NOT_UP, memory, detail)
    if is_anothers:
        return Step(Finding.OVERRULED, memory, f"{detail}: a hand put it there")
    if counts and _is_unproven_update(memory.registry, duty):
        return Step(Finding.FAILED, memory, detail)
    return Step(Finding.DOWN, memory, f"{detail}. No verdict was recorded")


def _is_anothers(memory: Memory, duty: Duty, seen: Seen) -> bool:
    """Whether what serves can be neither what the move left nor what it brings."""
    if seen.version in {duty.before, None}:
        return False
    if seen.revision is None or seen.version != memory.left:
        return True
    # Before a first deployment, anything may have served.
    return duty.before is not None and not _ever_served(memory.registry, seen.version)


def _is_unproven_update(registry: VersionRegistry, duty: Duty) -> bool:
    """Whether the version was deployed, and never proved good."""
    event = registry.events[duty.revision - 1]
    return event.kind == "deployed" and registry[event.version].status is Status.UNPROVEN


def _named(version: str | None) -> str:
    return "nothing" if version is None else shown(version)


def _expected(version: str | None) -> str:
    return "nothing must serve" if version is None else f"{shown(version)} does not come up"
