"""The conversation: an immutable value that says what it wants, and is answered."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Self, final

import attrs

from lastgood._basics.durations import duration
from lastgood._basics.frozen import fill, named
from lastgood._basics.numbers import at_least
from lastgood._basics.numbers import flag as checked_flag
from lastgood._basics.texts import by as by_of
from lastgood._basics.times import utc
from lastgood._registry.registry import VersionRegistry
from lastgood.control._answers import flag_in, unanswered
from lastgood.control._changes import Change, changes_in
from lastgood.control._memory import Memory, Step
from lastgood.control._record import appended, is_on_record, read
from lastgood.control._requests import (
    Answer,
    Append,
    Done,
    Load,
    Look,
    Outcome,
    Request,
    Serve,
    Wait,
)
from lastgood.control._tasks import Keeping, Recording, Task
from lastgood.control._transitions import RETRIES, TABLE, WAITS, Finding, State, wait_after
from lastgood.control._world import move
from lastgood.strategies.base import RollbackStrategy, checked_registry, checked_strategy

#: The attempts of a conversation if the caller names none: about four minutes of waiting.
_ATTEMPTS: Final = 10


@named("lastgood.control")
@final
@attrs.frozen(repr=False)
class Conversation:
    """A conversation with the store and the world, between two answers.

    It is a value: equal, hashable, picklable and immutable. `keep` and `record` begin one.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.control import keep
    >>> keep(LastStable(), VersionRegistry())
    <Conversation wants Load(since=0, fingerprint='0-00000000')>
    """

    #: What it wants now. Do it, and give the answer to `told`.
    wants: Request
    _task: Task
    _memory: Memory
    #: What it wants after the wait.
    _then: Request | None = None

    @property
    def registry(self) -> VersionRegistry:
        """The record, as far as the conversation knows it."""
        return self._memory.registry

    def told(self, answer: Answer, *, now: datetime) -> Self:
        """Return the conversation after the answer to what it wants.

        Args:
            answer: As the class of what it wants says; `None` if there was no answer, or if it is
                not known whether it was done.
            now: The time, with a time zone.

        Returns:
            The conversation after the answer. This one is unchanged.

        Raises:
            TypeError: The answer does not answer what is wanted, or ``now`` is not a `datetime`.
            ValueError: The conversation is over.
            InvalidTime: ``now`` has no time zone, or is out of range in UTC.
            Exception: The policy, a rule, or a change of your own raised it.

        >>> from datetime import UTC, datetime
        >>> from lastgood import LastStable, VersionRegistry
        >>> from lastgood.control import Seen, keep
        >>> now = datetime(2026, 5, 1, tzinfo=UTC)
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> talk = keep(LastStable(), registry).told([], now=now)
        >>> talk.wants.events[0].kind
        'rolled_back'
        >>> talk.told(True, now=now).told(Seen("2", 4), now=now).wants.version
        '1'
        """
        now, wants = utc(now), self.wants
        if isinstance(wants, Done):
            raise ValueError(  # noqa: TRY004  # the answer may be right, and comes too late
                f"the conversation is over: {wants.outcome.value}"
            )
        if isinstance(wants, Wait):
            assert self._then is not None  # noqa: S101  # whoever waits knows for what
            return attrs.evolve(self, wants=self._then, then=None)
        return self._after(type(wants), self._heard(wants, answer, now))

    def __repr__(self) -> str:
        return f"<Conversation wants {self.wants!r}>"

    def __getstate__(self) -> tuple[object, ...]:
        # What has no public name is taken apart, so that a pickle names public modules only.
        task, memory = (attrs.asdict(each, recurse=False) for each in (self._task, self._memory))
        return self.wants, task, memory, self._then

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        wants, task, memory, then = state
        kind = Keeping if "policy" in task else Recording
        values = {"wants": wants, "_task": kind(**task), "_memory": Memory(**memory), "_then": then}
        for name, value in values.items():
            fill(self, name, value)

    def _heard(self, wants: Load | Append | Look | Serve, answer: object, now: datetime) -> Step:
        """Return what the answer says."""
        if isinstance(wants, Load):
            return self._read(wants, answer, now)
        if isinstance(wants, Append):
            return self._appended(wants, answer, now)
        task = self._task
        assert isinstance(task, Keeping)  # noqa: S101  # a change needs no world
        if isinstance(wants, Look):
            return task.look(self._memory, answer, now)
        return task.serve(self._memory, answer)

    def _read(self, load: Load, answer: object, now: datetime) -> Step:
        memory = read(self._memory, load, answer)
        if isinstance(memory, Step):
            return memory
        pending = memory.pending
        if pending is not None and is_on_record(pending, memory.registry):
            return self._task.recorded(appended(memory, pending), now)
        is_next = pending is not None and memory.registry.fingerprint == pending.fingerprint
        # A verdict on what was seen then is dropped: it may be otherwise now.
        if is_next and pending is not None and not self._task.rests_on_a_look(pending):
            return Step(Finding.NOT_YET, memory)
        return self._task.decide(attrs.evolve(memory, pending=None), now)

    def _appended(self, append: Append, answer: object, now: datetime) -> Step:
        recorded, memory = flag_in(answer, "Append"), self._memory
        if recorded is None:
            detail = unanswered("it is not known whether the events are on record", answer)
            return Step(Finding.NO_ANSWER, memory, detail)
        if not recorded:
            return Step(Finding.CONFLICT, memory, "somebody else was quicker each time")
        return self._task.recorded(appended(memory, append), now)

    def _after(self, state: State, step: Step) -> Self:
        """Return the conversation after the step, as the table says."""
        to, memory = TABLE[state][step.finding], step.memory
        if step.finding in RETRIES:
            memory = attrs.evolve(memory, attempts=memory.attempts + 1)
            if memory.attempts >= self._task.attempts:
                to = Outcome.GAVE_UP
        if isinstance(to, Outcome):
            return attrs.evolve(self, wants=Done(to, step.detail), memory=memory)
        wants = _REQUESTS[to](memory)
        if step.finding not in WAITS:
            return attrs.evolve(self, wants=wants, memory=memory)
        wait = wait_after(step.finding, attempts=memory.attempts, looks=memory.looks)
        return attrs.evolve(self, wants=wait, memory=memory, then=wants)


def keep(  # noqa: PLR0913  # what only the caller knows
    policy: RollbackStrategy,
    registry: VersionRegistry,
    looks: int = 3,
    follow: bool = False,  # noqa: FBT001, FBT002  # its name says it
    *,
    attempts: int = _ATTEMPTS,
    skew: timedelta | str = "10s",
    by: str = "",
) -> Conversation:
    """Begin a conversation that leaves a failed version and moves the world to the current one.

    For every minute, on every machine: whoever comes first does it, and the others find it done. If
    an update does not come up, it is marked failed and rolled back. A rollback target that does not
    come up is reported, and nothing else is tried.

    Args:
        policy: Where to go back to.
        registry: What is known of the record; `VersionRegistry()` if nothing is.
        looks: How many times to look at an update that does not serve before it is marked failed:
            at once, after 30 seconds, and then every 60 seconds.
        follow: Who leads if a hand moved the world. If false, the record does, and the world is put
            back. If true, what serves is recorded with `VersionRegistry.observe`, unless it failed
            or was retired; the world must then be able to tell its revision.
        attempts: How many attempts in all. A missing answer uses one up, and so does somebody else
            who was quicker, a world that follows an older or a later request, and a hand that is
            followed.
        skew: By how much the clocks of your machines may differ.
        by: Who says so in the record.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``looks`` or ``attempts`` is less than 1, or ``skew`` is not a duration.
        InvalidText: ``by`` has a lone surrogate.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.control import keep
    >>> keep(LastStable(), VersionRegistry()).wants
    Load(since=0, fingerprint='0-00000000')
    """
    task = Keeping(
        checked_strategy(policy),
        at_least(looks, 1, "looks"),
        checked_flag(follow, "follow"),
        at_least(attempts, 1, "attempts"),
        duration(skew, "skew"),
        by_of(by),
    )
    return _begun(task, registry)


def record(
    change: Change | Iterable[Change],
    registry: VersionRegistry,
    *,
    attempts: int = _ATTEMPTS,
) -> Conversation:
    """Begin a conversation that records a change: for CI, for monitors, for a person.

    The change is applied to the record as it is when it is read, again each time that somebody else
    was quicker. It is recorded once, whatever answers are lost.

    Args:
        change: What to record, or several changes that belong together: all or none of them.
        registry: What is known of the record; `VersionRegistry()` if nothing is.
        attempts: How many attempts in all. A missing answer uses one up, and so does somebody else
            who was quicker.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``attempts`` is less than 1, or there is no change.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.control import Deploy, record
    >>> record(Deploy("v2", replacing="v1"), VersionRegistry()).wants
    Load(since=0, fingerprint='0-00000000')
    """
    return _begun(Recording(changes_in(change), at_least(attempts, 1, "attempts")), registry)


def _begun(task: Task, registry: VersionRegistry) -> Conversation:
    memory = Memory(checked_registry(registry))
    return Conversation(_load(memory), task, memory)


def _load(memory: Memory) -> Load:
    """Return what to read: the news first; all of it if that did not help."""
    known = memory.registry if memory.attempts <= 1 else VersionRegistry()
    return Load(known.revision, known.fingerprint)


def _append(memory: Memory) -> Append:
    assert memory.pending is not None  # noqa: S101  # every finding that leads here set it
    return memory.pending


def _look(memory: Memory) -> Look:  # noqa: ARG001  # as the others
    return Look()


_REQUESTS: Final[Mapping[State, Callable[[Memory], Request]]] = {
    Load: _load,
    Append: _append,
    Look: _look,
    Serve: move,
}
