"""What a conversation can want, what it can be answered, and how it can end."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias, final

import attrs

from lastgood._basics.errors import LastgoodError
from lastgood._basics.frozen import named
from lastgood._basics.messages import shown
from lastgood._basics.numbers import GREATEST, at_least
from lastgood._basics.texts import fingerprint
from lastgood._values.event import Event
from lastgood._values.plan import RollbackPlan


def _revision(value: int) -> int:
    return at_least(value, 0, "revision")


def _known_revision(value: int | None) -> int | None:
    return None if value is None else _revision(value)


def _version(value: str | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"version must be a str or None, not {shown(value)}: write str(version)")


def _events(values: Iterable[Event]) -> tuple[Event, ...]:
    if not isinstance(values, Iterable):
        raise TypeError(f"events must be events, not {shown(values)}")
    events = tuple(values)
    for place, event in enumerate(events):
        if not isinstance(event, Event):
            raise TypeError(f"events[{place}] must be an Event, not {shown(event)}")
    return events


def _plan(value: RollbackPlan | None) -> RollbackPlan | None:
    if value is None or isinstance(value, RollbackPlan):
        return value
    raise TypeError(f"plan must be a RollbackPlan or None, not {shown(value)}")


@named("lastgood.control")
@final
class Outcome(StrEnum):
    """How a conversation ended.

    >>> from lastgood.control import Outcome
    >>> Outcome.SETTLED == "settled"
    True
    """

    #: The world serves what the record says; or the change is on record.
    SETTLED = "settled"
    #: A rollback is needed, and the policy finds no version to go back to.
    NO_TARGET = "no_target"
    #: The version that must serve does not, and this is not evidence against the version.
    TARGET_DOWN = "target_down"
    #: A hand moved the world. The record follows, or the world was put back, as the caller said.
    MOVED_BY_HAND = "moved_by_hand"
    #: The world was asked for a later revision than the record has: the record was restored.
    RECORD_BEHIND = "record_behind"
    #: The record has times that are later than the caller's clock.
    CLOCK_AHEAD = "clock_ahead"
    #: The record cannot be read: damaged, or written by a newer release.
    UNREADABLE = "unreadable"
    #: The change is refused, as its command on the registry would be.
    REFUSED = "refused"
    #: There was no answer, or somebody else was quicker, in every attempt.
    GAVE_UP = "gave_up"


@named("lastgood.control")
@final
@attrs.frozen
class Load:
    """Read the record.

    Answer with the events after ``since``, oldest first, as `Event` or as their plain data. If the
    fingerprint of the record at ``since`` is another one, answer with all of its events. Answer
    with the `InvalidData` of a record that cannot be read, also if events are known and the record
    is empty. Answer with `None` if there was no answer.

    It may be wanted twice in a row: if what was read can be news, or all of another record, the
    second answer tells.

    Args:
        since: How many events are known.
        fingerprint: The fingerprint of those events.
    """

    #: How many events are known.
    since: int = attrs.field(converter=_revision)
    #: The fingerprint of those events.
    fingerprint: str = attrs.field(converter=fingerprint)


@named("lastgood.control")
@final
@attrs.frozen
class Append:
    """Record these events, all or none, if the record ends at ``before`` with the fingerprint.

    Answer `True` if they are recorded, `False` if the record ends elsewhere, and `None` if it is
    not known which: after a lost answer, for example. An `InvalidData` is taken for `None`: the
    record is read, and what is wrong with it is reported then.

    Args:
        before: How many events the record has before.
        fingerprint: The fingerprint of the record before.
        events: What to record.
        plan: The rollback among them, or `None`.
    """

    #: How many events the record has before.
    before: int = attrs.field(converter=_revision)
    #: The fingerprint of the record before.
    fingerprint: str = attrs.field(converter=fingerprint)
    #: What to record.
    events: tuple[Event, ...] = attrs.field(converter=_events)
    #: The rollback among them, or `None`.
    plan: RollbackPlan | None = attrs.field(default=None, converter=_plan)


@named("lastgood.control")
@final
@attrs.frozen
class Look:
    """Look at the world. Answer with `Seen`, or `None` if there was no answer.

    A `LastgoodError` of the world is taken for `None`, and reported if no other answer comes.
    """


@named("lastgood.control")
@final
@attrs.frozen
class Serve:
    """Ask the world to serve a version, and to remember the revision.

    Answer `True` if the world took the request. Answer `False` if it was asked before for a later
    revision, or for another version at this revision. A world that cannot compare takes every
    request. Answer `None` if it is not known whether it took the request. A `LastgoodError` of the
    world is taken for `None`, and reported if no other answer comes. The same request may come
    twice, and then changes nothing. If something else was put there since, it is put back.

    Args:
        version: The label of the version, or `None` if nothing must serve.
        revision: The revision of the event that made it current.
        plan: The rollback that made the version current, or `None`. What it considered is known
            only to the conversation that decided it.
    """

    #: The label of the version, or `None` if nothing must serve.
    version: str | None = attrs.field(converter=_version)
    #: The revision of the event that made it current.
    revision: int = attrs.field(converter=_revision)
    #: The rollback that made the version current, or `None`.
    plan: RollbackPlan | None = attrs.field(default=None, converter=_plan)


def _seconds(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"seconds must be a number, not {shown(value)}")
    if not 0 <= value <= GREATEST:  # which no NaN is
        raise ValueError(f"seconds must be from 0 to {GREATEST}, not {shown(value)}")
    return float(value)


@named("lastgood.control")
@final
@attrs.frozen
class Wait:
    """Wait, then answer with anything. The time grows with each wait.

    Args:
        seconds: How long. Add your own random share if many controllers run at the same time.
    """

    #: How long.
    seconds: float = attrs.field(converter=_seconds)


def _outcome(value: Outcome) -> Outcome:
    if isinstance(value, Outcome):
        return value
    raise TypeError(f"outcome must be an Outcome, not {shown(value)}: write Outcome.SETTLED")


def _detail(value: str) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"detail must be a str, not {shown(value)}")


@named("lastgood.control")
@final
@attrs.frozen
class Done:
    """The conversation is over.

    Args:
        outcome: How it ended.
        detail: Why, for a person.
    """

    #: How it ended.
    outcome: Outcome = attrs.field(converter=_outcome)
    #: Why, for a person.
    detail: str = attrs.field(default="", converter=_detail)


@named("lastgood.control")
@final
@attrs.frozen
class Seen:
    """What the world showed: the answer to `Look`.

    Args:
        version: The label of the version that serves, or `None` if nothing does.
        revision: The revision of the request that the world follows now. 0 if it was never asked
            with a revision. `None` if the world cannot tell, or if the latest change had no
            revision, because a hand made it.

    >>> from lastgood.control import Seen
    >>> Seen("v1.0", 3)
    Seen(version='v1.0', revision=3)
    """

    #: The label of the version that serves, or `None` if nothing does.
    version: str | None = attrs.field(converter=_version)
    #: The revision of the request that the world follows now, or `None`.
    revision: int | None = attrs.field(default=None, converter=_known_revision)


#: What a conversation can want.
Request: TypeAlias = Load | Append | Look | Serve | Wait | Done

#: What a conversation can be answered.
Answer: TypeAlias = Iterable[object] | LastgoodError | Seen | bool | None
