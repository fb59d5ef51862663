"""A driver for conversations in tests: one store, one world, and a clock that stands still."""

from collections.abc import Iterable, Iterator

from lastgood import VersionRegistry
from lastgood.control import Answer, Conversation, Done, Outcome, Request
from tests.tools.control.worlds import NOW, World, perform


def told(talk: Conversation, *answers: Answer) -> Conversation:
    """Return the conversation after these answers, one after the other."""
    for answer in answers:
        talk = talk.told(answer, now=NOW)
    return talk


def ended(
    talk: Conversation, record: VersionRegistry, world: World
) -> tuple[Done, VersionRegistry, World]:
    """Carry out everything that is wanted; return the end, the record and the world after it."""
    while not isinstance(talk.wants, Done):
        answer, record, world = perform(talk.wants, record, world)
        talk = told(talk, answer)
    return talk.wants, record, world


def wanted(talk: Conversation, answers: Iterable[Answer]) -> Iterator[Request]:
    """Yield what is wanted, first and after each answer."""
    yield talk.wants
    for answer in answers:
        talk = told(talk, answer)
        yield talk.wants


def outcome(talk: Conversation) -> Outcome | None:
    """Return how the conversation ended, or `None` if it is not over."""
    return talk.wants.outcome if isinstance(talk.wants, Done) else None


def serving(version: str | None, revision: int | None, *, broken: str = "") -> World:
    """Return a world that compares revisions."""
    fence = (revision or 0, version if revision else None)
    return World(version, version, revision, fence, broken=frozenset({broken} - {""}))
