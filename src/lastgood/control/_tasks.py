"""What a conversation is for: to keep the world and the record in order, or to record a change."""

from datetime import datetime, timedelta
from typing import TypeAlias, final

import attrs

from lastgood._basics.errors import LastgoodError
from lastgood._registry.registry import VersionRegistry
from lastgood._values.review import NoRollbackTarget
from lastgood.control._answers import flag_in, seen_in, unanswered
from lastgood.control._changes import Change
from lastgood.control._memory import Memory, Step, to_append
from lastgood.control._requests import Append
from lastgood.control._transitions import Finding
from lastgood.control._world import Duty, by_hand, duty_of, further, is_by_hand, serves, unserved
from lastgood.strategies.base import RollbackStrategy


@final
@attrs.frozen
class Recording:
    """Record these changes, all or none."""

    changes: tuple[Change, ...]
    attempts: int

    def decide(self, memory: Memory, now: datetime) -> Step:
        """Return the step after the record was read."""
        after = memory.registry
        try:
            for change in self.changes:
                after = change.apply(after, at=now)
        except LastgoodError as error:
            return Step(Finding.REFUSED, memory, str(error))
        if after.revision == memory.registry.revision:
            return Step(Finding.ON_RECORD, memory, "there was nothing to record")
        return Step(Finding.TO_DO, to_append(memory, after))

    def rests_on_a_look(self, append: Append) -> bool:  # noqa: ARG002  # as below
        """Whether the events say what the world showed, which may be otherwise now."""
        return False

    def recorded(self, memory: Memory, now: datetime) -> Step:  # noqa: ARG002  # as below
        """Return the step after it became known that the change is on record."""
        return Step(Finding.ON_RECORD, memory, "the change is on record")


@final
@attrs.frozen
class Keeping:
    """Let the world serve what the record says, and leave versions that failed."""

    policy: RollbackStrategy
    looks: int
    follow: bool
    attempts: int
    skew: timedelta
    by: str

    def decide(self, memory: Memory, now: datetime) -> Step:
        """Return the step after the record was read."""
        registry = memory.registry
        if registry.clock is not None and registry.clock - now > self.skew:
            detail = (
                f"the record was written at {registry.clock.isoformat()}, which is later than "
                f"{now.isoformat()}, the time here: set the clock that is wrong, or give a larger "
                "skew if the record cannot be right any more"
            )
            return Step(Finding.CLOCK_AHEAD, memory, detail)
        if not registry.needs_rollback:
            return Step(Finding.IN_ORDER, memory)
        try:
            return Step(Finding.TO_DO, self._rolled_back(memory, registry, now))
        except NoRollbackTarget as error:
            return Step(Finding.NO_TARGET, memory, str(error))

    def rests_on_a_look(self, append: Append) -> bool:
        """Whether the events say what the world showed, which may be otherwise now."""
        return append.events[0].kind != "rolled_back"

    def recorded(self, memory: Memory, now: datetime) -> Step:
        """Return the step after it became known that the events are on record."""
        return self.decide(memory, now)

    def look(self, memory: Memory, answer: object, now: datetime) -> Step:
        """Return the step after a look at the world."""
        seen = seen_in(answer)
        if seen is None:
            detail = unanswered("the world was not seen: it gave no answer", answer)
            return Step(Finding.NO_ANSWER, memory, detail)
        duty = duty_of(memory.registry)
        if seen.revision is not None and seen.revision > duty.revision:
            return further(memory, duty)
        settled = serves(memory, duty, seen, follow=self.follow)
        if settled is not None:
            return settled
        if is_by_hand(memory, duty, seen):
            memory = by_hand(memory, duty, seen)
            if self.follow and seen.revision is None and not _is_bad(memory.registry, seen.version):
                return self._followed(memory, duty, seen.version, now)
        if not duty.revision:
            detail = f"nothing was ever deployed, and the world serves {seen.version!r}"
            return Step(Finding.OVERRULED, memory, detail)
        step = unserved(memory, duty, seen, looks=self.looks)
        return self._judged(step, duty, now) if step.finding is Finding.FAILED else step

    def serve(self, memory: Memory, answer: object) -> Step:
        """Return the step after the world was asked to move."""
        taken = flag_in(answer, "Serve")
        if taken is None:
            detail = unanswered("the world was asked to move, without an answer", answer)
            return Step(Finding.NO_ANSWER, memory, detail)
        duty = duty_of(memory.registry)
        if not taken:
            return further(memory, duty)
        return Step(Finding.TAKEN, attrs.evolve(memory, taken=duty.move, looks=0, evidence=0))

    def _rolled_back(self, memory: Memory, registry: VersionRegistry, now: datetime) -> Memory:
        """Return the memory in which a rollback of this registry is to be appended.

        Raises:
            NoRollbackTarget: There is no version to go back to.
        """
        plan = self.policy.plan(registry.with_clock(now))
        return to_append(memory, registry.roll_back(plan, by=self.by, at=now), plan)

    def _judged(self, step: Step, duty: Duty, now: datetime) -> Step:
        """Return the step that records the verdict on an update, and the rollback."""
        memory, failed = step.memory, duty.version
        assert failed is not None  # noqa: S101  # only a version that must serve is judged
        registry = memory.registry.mark_failed(failed, reason=step.detail, by=self.by, at=now)
        try:
            memory = self._rolled_back(memory, registry, now)
        except NoRollbackTarget:
            memory = to_append(memory, registry)
        return attrs.evolve(step, memory=memory)

    def _followed(self, memory: Memory, duty: Duty, version: str | None, now: datetime) -> Step:
        """Return the step that records what a hand did."""
        registry, reason = memory.registry, "found in service; a hand moved it"
        if version is None and duty.version is not None:
            after = registry.undeploy(
                duty.version, reason="found out of service; a hand removed it", by=self.by, at=now
            )
        elif version in registry:
            after = registry.observe(str(version), reason=reason, by=self.by, at=now)
        else:
            detail = f"a hand put {version!r} in service, which is not registered"
            return Step(Finding.OVERRULED, memory, detail)
        return Step(Finding.BY_HAND, to_append(memory, after), f"a hand put {version!r} in service")


def _is_bad(registry: VersionRegistry, version: str | None) -> bool:
    """Whether the record would have the version replaced at once."""
    known = None if version is None else registry.get(version)
    return known is not None and known.status.is_bad


#: What a conversation is for.
Task: TypeAlias = Recording | Keeping
