"""What a conversation remembers between two answers, and one step of it."""

from typing import TypeAlias

import attrs

from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.control._requests import Append, Seen
from lastgood.control._transitions import Finding

#: A move: the version, the revision of the event that made it current, and the fingerprint of the
#: record there. After a restored record another event may stand at the same revision.
Move: TypeAlias = tuple[str | None, int, str]


@attrs.frozen
class Memory:
    """What is known, what was tried, and what the world showed."""

    #: The record, as far as it is known.
    registry: VersionRegistry
    #: Where news begin that may be the whole of another record, until it is read once more.
    joined: int | None = None
    #: What to append. It stays until it is known whether it is on record, and is never changed: a
    #: second copy of it that arrives late finds the record longer, and is refused.
    pending: Append | None = None
    #: The rollback that this conversation recorded.
    plan: RollbackPlan | None = None
    #: How many attempts are used up.
    attempts: int = 0
    #: The latest move that the world took.
    taken: Move | None = None
    #: What served when the world was asked: it may go on serving until the version comes up.
    left: str | None = None
    #: How many looks since then found that the version does not serve.
    looks: int = 0
    #: How many of them are evidence: the world told this revision, and showed nobody else's doing.
    evidence: int = 0
    #: The move beyond which the world was found: it is reported if reading again does not help.
    beyond: Move | None = None
    #: What a hand seemed to have put in service, and whether nothing else can have.
    hand: Seen | None = None
    is_sure: bool = False


@attrs.frozen
class Step:
    """What an answer says, and what is remembered after it."""

    finding: Finding
    memory: Memory
    #: Why, for a person: the detail of an outcome.
    detail: str = ""


def to_append(memory: Memory, after: VersionRegistry, plan: RollbackPlan | None = None) -> Memory:
    """Return the memory in which the news of ``after`` are to be appended."""
    known = memory.registry
    events = tuple(after.events[known.revision :])
    pending = Append(known.revision, known.fingerprint, events, plan)
    return attrs.evolve(memory, pending=pending)
