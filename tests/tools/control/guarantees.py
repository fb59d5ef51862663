"""What must hold, whatever happens: the guarantees of the loop, each by its number.

1. One failed update is rolled back once, and no event is on record twice.
2. From every state one undisturbed conversation ends: the world serves what the record says, or a
   report says why not.
3. A move carries the revision of the event that made its version current, and no older move
   overtakes a newer one.
4. "Does not come up" is recorded only of versions that do not come up.
5. Every conversation ends, whatever it is answered.
6. A record whose clock is ahead is reported, and not followed.
7. A world that is further than the record is reported, and neither followed nor fought.
8. A world that was moved by a hand is reported.
9. Nothing is appended or moved that nobody asked for, and a rollback names its plan.
"""

from collections import Counter
from typing import Final, TypeAlias

import attrs

from lastgood import VersionRegistry
from lastgood.control import (
    Append,
    Conversation,
    Done,
    Load,
    Look,
    Outcome,
    Request,
    Seen,
    Serve,
    Wait,
)
from tests.tools.control.scenes import Scene
from tests.tools.control.variants import Caller
from tests.tools.control.worlds import NOW, Said, World, perform

#: More answers than any conversation may need.
MOST_ANSWERS: Final = 60

#: A move: the revision of its event, and the version.
Move: TypeAlias = tuple[int, str | None]


@attrs.frozen
class Breach(Exception):  # it is what was found
    """A guarantee that does not hold."""

    guarantee: int
    what: str

    def __str__(self) -> str:
        """Say which, and how."""
        return f"guarantee {self.guarantee}: {self.what}"


def demand(guarantee: int, holds: object, what: str) -> None:  # what is demanded
    """Raise `Breach` if something does not hold."""
    if not holds:
        raise Breach(guarantee, what)


def move_of(registry: VersionRegistry) -> Move:
    """Return the move that a record asks for, found without the library's own search."""
    if not registry.deployments:
        return 0, None
    first = registry.deployments[-1].revision
    if registry.current is not None:
        return first, registry.current
    ends = [registry.at_revision(n).current is None for n in range(first, registry.revision + 1)]
    return first + ends.index(True), None  # what is looked for


def check_record(scene: Scene, record: VersionRegistry) -> None:
    """Check what is on record (guarantee 1)."""
    kinds = Counter(event.kind for event in record.events)
    rollbacks = kinds["rolled_back"]
    demand(1, rollbacks <= len(scene.failing), f"{rollbacks} rollbacks of {scene.failing}")
    failed = {event.version for event in record.events if event.kind == "marked_failed"}
    demand(1, failed <= scene.failing, f"{failed - scene.failing} marked failed")
    by = Counter(event.by for event in record.events if event.by)
    demand(1, all(count == 1 for count in by.values()), f"on record more than once: {by}")


def check_append(scene: Scene, append: Append, world: World) -> None:
    """Check what a controller recorded (guarantees 4, 7, 8 and 9)."""
    for event in append.events:
        if event.kind == "rolled_back":
            plan = append.plan
            named = plan is not None and (plan.source, plan.target) == (event.source, event.version)
            demand(9, named, f"a rollback without its plan: {append}")
        elif event.kind == "marked_failed":
            demand(4, event.version in world.broken, f"{event.version} comes up: {event.reason}")
        else:
            followed = event.kind == "observed" and scene.follow and event.version == scene.hand
            demand(9, followed, f"nobody asked for {event}")


def check_serve(serve: Serve, moves: frozenset[Move], before: World, after: World) -> None:
    """Check a request to the world, and whether it was right to take it (guarantees 3 and 9)."""
    plan = serve.plan
    demand(9, plan is None or plan.target == serve.version, f"another plan: {serve}")
    asked = (serve.revision, serve.version)
    demand(3, asked in moves, f"no event at {serve.revision} made {serve.version} current")
    taken = (after.asked, after.revision) == (serve.version, serve.revision)
    if before.tells and taken:
        demand(3, serve.revision >= before.fence[0], f"{asked} over {before.fence}")


def check_recorder(talk: Conversation, by: str, record: VersionRegistry) -> None:
    """Check what was said to whoever recorded a change (guarantee 1)."""
    done = talk.wants
    if not isinstance(done, Done):
        return
    count = sum(event.by == by for event in record.events)
    if done.outcome is Outcome.SETTLED and "nothing" not in done.detail:
        demand(1, count == 1, f"{by} was told that it is on record, and it is not")
    if done.outcome is Outcome.REFUSED or "nothing" in done.detail:
        demand(1, count == 0, f"{by} was told that it is not on record, and it is")


def check_undisturbed(scene: Scene, caller: Caller, record: VersionRegistry, world: World) -> None:
    """Run one controller alone to its end (guarantees 2, 6, 7 and 8)."""
    done, after, moved = _run(scene, caller, record, world)
    outcome, revision, current = done.outcome, *move_of(after)
    ahead = record.clock is not None and record.clock > NOW
    demand(6, ahead is (outcome is Outcome.CLOCK_AHEAD), f"{outcome}, the clock ahead: {ahead}")
    further = world.tells and world.fence[0] >= revision and world.fence != (revision, current)
    match outcome:
        case Outcome.SETTLED | Outcome.MOVED_BY_HAND:
            serves = moved.serves == current and (not world.tells or moved.revision == revision)
            if outcome is Outcome.MOVED_BY_HAND:
                # A record without a deployment moves nothing. If the world cannot tell, nobody
                # knows who put another version there than the one that does not come up.
                serves |= not revision or (not world.tells and current in world.broken)
            demand(2, serves, f"{outcome}: the record says {current} at {revision}: {moved}")
        case Outcome.TARGET_DOWN:
            demand(2, current in world.broken, f"{current} is not broken: {done.detail}")
        case Outcome.NO_TARGET:
            demand(2, after.needs_rollback, f"{current} serves well: {done.detail}")
        case Outcome.RECORD_BEHIND:
            demand(7, further, f"the record is not behind: {done.detail}")
            same = (moved.asked, moved.revision) == (world.asked, world.revision)
            demand(7, same, f"{world} was fought: {moved}")
        case Outcome.CLOCK_AHEAD:
            demand(6, (after, moved) == (record, world), "the record was followed")
        case _:
            demand(2, holds=False, what=f"{done}")
    by_hand = world.tells and world.revision is None and record.current != world.serves
    if by_hand and outcome is Outcome.SETTLED and not _is_on_record(record, world):
        demand(8, holds=False, what=f"nobody hears of the hand: {done.detail}")


def _is_on_record(record: VersionRegistry, world: World) -> bool:
    """Whether what a hand did was observed, before something else was deployed."""
    before = record.at_revision(move_of(record)[0] - 1)
    last = before.events[move_of(before)[0] - 1]
    return (last.kind, last.version) == ("observed", world.serves)


def _run(
    scene: Scene, caller: Caller, record: VersionRegistry, world: World
) -> tuple[Done, VersionRegistry, World]:
    talk = scene.keeper()
    for _ in range(MOST_ANSWERS):
        if isinstance(talk.wants, Done):
            return talk.wants, record, world
        answer, record, world = perform(caller.wants(talk), record, world)
        talk = caller.told(talk, answer, scene.keeper())
    raise Breach(2, f"no end after {MOST_ANSWERS} answers: {talk}")


def check_end(caller: Caller, talk: Conversation, again: Conversation) -> None:
    """Answer in the most discouraging ways, for ever (guarantee 5)."""
    for hostile in (_silence, _conflict, _stillness):
        now, answers = talk, 0
        while not isinstance(now.wants, Done):
            demand(5, answers < MOST_ANSWERS, f"no end after {answers} answers: {now}")
            now = caller.told(now, hostile(now.wants, now.registry), again)
            answers += 1


def _silence(_wants: Request, _registry: VersionRegistry) -> Said:
    return None


def _conflict(wants: Request, registry: VersionRegistry) -> Said:
    """Refuse everything, and show nothing new."""
    match wants:
        case Load(since):
            return tuple(registry.events[since:])
        case Look():
            return Seen("elsewhere", 0)
        case Append() | Serve():
            return False
        case Wait() | Done():
            return None


def _stillness(wants: Request, registry: VersionRegistry) -> Said:
    """Accept everything, while nothing ever comes up."""
    match wants:
        case Load(since):
            return tuple(registry.events[since:])
        case Look():
            return Seen("elsewhere", move_of(registry)[0])
        case Append() | Serve():
            return True
        case Wait() | Done():
            return None
