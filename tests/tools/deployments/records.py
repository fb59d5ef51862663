"""The records in stores, as tests and tools read and write them."""

from collections.abc import Callable
from typing import Final, TypeAlias

from docs.examples.driver import Store, run
from lastgood import LastStable, RollbackStrategy, VersionRegistry
from lastgood.control import Change, Conversation, Done, Outcome, record
from lastgood.rules import Budget

#: Where registries are kept: opens the record of a name. ``prod`` and ``staging`` are two.
Stores: TypeAlias = Callable[[str], Store]

NOTHING: Final = VersionRegistry()

#: The nearest version that proved good. A third rollback in a row is for a person to decide.
POLICY: Final[RollbackStrategy] = LastStable().where(Budget(2))


def load(stores: Stores, name: str) -> VersionRegistry:
    """Return the record; an empty registry if nothing is recorded under this name."""
    return NOTHING.extend(stores(name).load(0, NOTHING.fingerprint))


def append(stores: Stores, name: str, before: VersionRegistry, after: VersionRegistry) -> bool:
    """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
    news = tuple(after.events[before.revision :])
    return stores(name).append(before.revision, before.fingerprint, news)


def change(store: Store, *changes: Change) -> VersionRegistry:
    """Record the changes, as CI and people do; return the record."""
    talk = run(record(changes, NOTHING), store)
    assert outcome(talk) is Outcome.SETTLED, talk.wants
    return talk.registry


def outcome(talk: Conversation) -> Outcome:
    """Return how a conversation ended."""
    assert isinstance(talk.wants, Done)
    return talk.wants.outcome
