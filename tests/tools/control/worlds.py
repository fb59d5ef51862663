"""One store and one world, as values, and what becomes of them when a request is carried out.

The rules of this module:

1. The store appends where the record ends with the fingerprint that was given, and nowhere else.
2. A world that compares takes no older request, and no other version at the same revision. One that
   cannot compare takes every request, and never tells a revision.
3. A healthy version comes up when the world has been looked at once. A broken one never does: then
   what served before goes on serving.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

import attrs

from lastgood import Event, InvalidData, VersionRegistry
from lastgood.control import Append, Load, Look, Request, Seen, Serve

NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)

#: What a request can be answered here.
Said: TypeAlias = Sequence[Event] | InvalidData | Seen | bool | None


@attrs.frozen
class World:
    """What serves, and what was asked for.

    Args:
        serves: The version that serves.
        asked: The version of the latest request.
        revision: Its revision; 0 if there was none yet, `None` if a hand made it.
        fence: The greatest revision that was ever taken, and its version.
        late: How many looks it takes until the version comes up.
        compares: Whether it compares revisions, and tells them.
        broken: The versions that never come up.
    """

    serves: str | None
    asked: str | None
    revision: int | None
    fence: tuple[int, str | None]
    late: int = 0
    compares: bool = True
    tells: bool = True
    broken: frozenset[str] = frozenset()

    def take(self, version: str | None, revision: int) -> "tuple[bool, World]":
        """Ask for a version."""
        latest, named = self.fence
        if self.compares and (revision < latest or (revision == latest and version != named)):
            return False, self
        again = (version, revision) == (self.asked, self.revision)
        fence = max(self.fence, (revision, version), key=lambda each: each[0])
        late = self.late if again else int(version != self.serves)
        return True, attrs.evolve(self, asked=version, revision=revision, fence=fence, late=late)

    def by_hand(self, version: str, *, keeps: bool = False) -> "World":
        """Let a hand put a version in service, past all requests; it may keep the revision."""
        revision = self.revision if keeps else None
        return attrs.evolve(self, serves=version, asked=version, revision=revision, late=0)

    def look(self) -> "tuple[Seen, World]":
        """Look at it; time goes on meanwhile."""
        now = self
        if self.serves != self.asked and self.asked not in self.broken:
            if self.late:
                now = attrs.evolve(self, late=self.late - 1)
            else:
                now = attrs.evolve(self, serves=self.asked)
        return Seen(now.serves, now.revision if now.tells else None), now


def perform(
    request: Request, record: VersionRegistry, world: World
) -> tuple[Said, VersionRegistry, World]:
    """Carry out a request, at once and as a whole."""
    match request:
        case Load(since, fingerprint):
            return _loaded(record, since, fingerprint), record, world
        case Append(before, fingerprint, events):
            if (record.revision, record.fingerprint) != (before, fingerprint):
                return False, record, world
            return True, record.extend(events), world
        case Look():
            seen, world = world.look()
            return seen, record, world
        case Serve(version, revision):
            taken, world = world.take(version, revision)
            return taken, record, world
        case _:
            return None, record, world


def _loaded(record: VersionRegistry, since: int, fingerprint: str) -> Sequence[Event] | InvalidData:
    if since and not record.revision:
        return InvalidData("events", "the record is gone")
    known = record.revision >= since and record.at_revision(since).fingerprint == fingerprint
    return tuple(record.events[since if known else 0 :])
