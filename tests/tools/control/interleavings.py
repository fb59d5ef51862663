"""All that can happen next: one step of anybody, with every trouble that is left.

The rules of this module:

1. A step is a request, carried out at once and answered; what happens between two steps of one
   controller, while it sleeps, are the steps of the others.
2. A lost answer leaves the request on its way: it may arrive at any later time, or never. So may
   the last request of a controller that crashed.
3. What is broken comes up while nobody is about to append: whoever looked just before cannot know.
4. Values that were met before are known by a number, since most of them are met often.
"""

from collections.abc import Hashable, Iterator
from typing import Final, Generic, TypeAlias, TypeVar

import attrs

from lastgood import VersionRegistry
from lastgood.control import Append, Conversation, Done, Request, Serve
from tests.tools.control.guarantees import (
    Move,
    check_append,
    check_end,
    check_record,
    check_recorder,
    check_serve,
    check_undisturbed,
    move_of,
)
from tests.tools.control.scenes import Scene, Trouble
from tests.tools.control.variants import Caller
from tests.tools.control.worlds import World, perform

T = TypeVar("T", bound=Hashable)

#: A controller, by the number of its conversation; or the place of a change and its conversation.
Actor: TypeAlias = tuple[int, int]

KEEPER: Final = -1


class Numbers(Generic[T]):
    """Numbers for values."""

    def __init__(self) -> None:
        self._of: dict[T, int] = {}
        self.values: list[T] = []

    def of(self, value: T) -> int:
        """Return the number of a value."""
        number = self._of.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


@attrs.frozen(cache_hash=True)
class State:
    """What there is at one moment.

    Args:
        record: The number of the record.
        world: The world.
        actors: Who is there.
        flight: The numbers of the requests that are on their way.
        trouble: What may still go wrong.
        moves: All moves that were ever on record.
    """

    record: int
    world: World
    actors: tuple[Actor, ...]
    flight: frozenset[int]
    trouble: Trouble
    moves: frozenset[Move]


#: What happened, in words, and the state after it.
Event: TypeAlias = tuple[str, State]


class Interleavings:
    """The states of a scene, and the steps between them. Every step is checked."""

    def __init__(self, scene: Scene, caller: Caller) -> None:
        self.caller = caller
        self.scene = caller.begun(scene)
        self.records = Numbers[VersionRegistry]()
        self.talks = Numbers[Conversation]()
        self.requests = Numbers[Request]()
        self.outcomes: set[str] = set()
        self.made: set[tuple[str, str]] = set()
        self._told: dict[tuple[int, object], int] = {}
        self._alone: set[tuple[int, World]] = set()

    def first(self) -> State:
        """Return the state in which everything begins."""
        scene = self.scene
        record = self._record(scene.record)
        keepers = [(KEEPER, self._talk(scene.keeper(), KEEPER))] * scene.keepers
        places = range(len(scene.changes))
        recorders = [(place, self._talk(scene.recorder(place), place)) for place in places]
        actors = tuple(sorted([*keepers, *recorders]))
        moves = frozenset({move_of(scene.record)})
        return State(record, scene.world, actors, frozenset(), scene.trouble, moves)

    def after(self, state: State) -> Iterator[Event]:
        """Yield all that can happen next; raise `Breach` if it must not."""
        self._check_alone(state)
        for actor in sorted(set(state.actors)):
            yield from self._steps(state, actor)
        for number in sorted(state.flight):
            request = self.requests.values[number]
            left = attrs.evolve(state, flight=state.flight - {number})
            _, arrived = self._performed(left, request)
            yield f"arrives late: {request}", arrived
        yield from self._troubles(state)

    def _steps(self, state: State, actor: Actor) -> Iterator[Event]:
        place, number = actor
        talk, trouble = self.talks.values[number], state.trouble
        who = "controller" if place == KEEPER else self.scene.changes[place].by
        if not isinstance(talk.wants, Done):
            request = self.caller.wants(talk)
            answer, after = self._performed(state, request)
            yield f"{who}: {request}", self._answered(after, actor, answer)
            if trouble.lost:
                lost = self._on_its_way(_less(state, lost=trouble.lost - 1), request)
                yield f"{who}: {request}, answer lost", self._answered(lost, actor, None)
        if trouble.crashes and place == KEEPER:
            crashed = attrs.evolve(
                state, trouble=attrs.evolve(trouble, crashes=trouble.crashes - 1)
            )
            if not isinstance(talk.wants, Done):
                crashed = self._on_its_way(crashed, self.caller.wants(talk))
            fresh = (place, self._talk(self.scene.keeper(), place))
            yield f"{who} crashes and begins again", _replaced(crashed, actor, fresh)

    def _troubles(self, state: State) -> Iterator[Event]:
        trouble, record = state.trouble, self.records.values[state.record]
        if trouble.restores:
            left = _less(state, restores=trouble.restores - 1)
            lately = range(self.scene.record.revision - 1, record.revision)
            for revision in (0, 1, *lately):
                restored = self._recorded(left, record.at_revision(revision))
                yield f"the record is restored to {revision}", restored
        if trouble.hands:
            left = _less(state, hands=trouble.hands - 1)
            moved = state.world.by_hand(self.scene.hand, keeps=self.scene.keeps)
            yield f"a hand puts {self.scene.hand} in service", attrs.evolve(left, world=moved)
        if trouble.repairs and not self._is_asked_to_append(state):
            left = _less(state, repairs=trouble.repairs - 1)
            repaired = attrs.evolve(state.world, broken=frozenset(), late=0)
            left = attrs.evolve(left, world=repaired, flight=frozenset())
            yield "what was broken comes up, and what was on its way is lost", left
        if trouble.notes and "v0" in record:
            left = _less(state, notes=trouble.notes - 1)
            yield "a note", self._recorded(left, record.annotate("v0", {"note": trouble.notes}))

    def _is_asked_to_append(self, state: State) -> bool:
        """Whether somebody is about to append what was decided before."""
        wants = (self.talks.values[number].wants for _, number in state.actors)
        return any(isinstance(each, Append) for each in wants)

    def _performed(self, state: State, request: Request) -> tuple[object, State]:
        record = self.records.values[state.record]
        answer, after, world = perform(request, record, state.world)
        if isinstance(request, Serve):
            check_serve(request, state.moves, state.world, world)
        if isinstance(request, Append) and answer is True and not request.events[0].by:
            check_append(self.scene, request, world)
        if after is not record:
            state = self._recorded(state, after)
        return answer, attrs.evolve(state, world=world)

    def _answered(self, state: State, actor: Actor, answer: object) -> State:
        place, number = actor
        key = (number, answer)
        told = self._told.get(key)
        if told is None:
            before = self.talks.values[number]
            talk = self.caller.told(before, answer, self._again(place))  # type: ignore[arg-type]  # as performed
            told = self._told[key] = self._talk(talk, place)
            self._seen(before, talk)
        talk, record = self.talks.values[told], self.records.values[state.record]
        state = _replaced(state, actor, (place, told))
        if place != KEEPER:
            if not self.scene.trouble.restores:
                check_recorder(talk, self.scene.changes[place].by, record)
            return state
        ended = self.caller.ended(talk, record)
        if ended is record:
            return state
        return self._recorded(
            _replaced(state, (place, told), (place, self.talks.of(self._again(place)))), ended
        )

    def _seen(self, before: Conversation, after: Conversation) -> None:
        wants = after.wants
        to = wants.outcome.value if isinstance(wants, Done) else type(wants).__name__
        self.made.add((type(before.wants).__name__, to))
        if isinstance(wants, Done):
            self.outcomes.add(wants.outcome.value)

    def _again(self, place: int) -> Conversation:
        return self.scene.keeper() if place == KEEPER else self.scene.recorder(place)

    def _on_its_way(self, state: State, request: Request) -> State:
        if not isinstance(request, Append | Serve):
            return state
        return attrs.evolve(state, flight=state.flight | {self.requests.of(request)})

    def _recorded(self, state: State, record: VersionRegistry) -> State:
        moves = state.moves | {move_of(record)}
        return attrs.evolve(state, record=self._record(record), moves=moves)

    def _record(self, record: VersionRegistry) -> int:
        known = len(self.records.values)
        number = self.records.of(record)
        if number == known:
            check_record(self.scene, record)
        return number

    def _talk(self, talk: Conversation, place: int) -> int:
        known = len(self.talks.values)
        number = self.talks.of(talk)
        if number == known:
            check_end(self.caller, talk, self._again(place))
        return number

    def _check_alone(self, state: State) -> None:
        key = (state.record, state.world)
        if key not in self._alone:
            self._alone.add(key)
            record = self.records.values[state.record]
            check_undisturbed(self.scene, self.caller, record, state.world)


def _replaced(state: State, actor: Actor, by: Actor) -> State:
    actors = [*state.actors]
    actors.remove(actor)
    return attrs.evolve(state, actors=tuple(sorted([*actors, by])))


def _less(state: State, **left: int) -> State:
    """Return the state with less trouble to come."""
    return attrs.evolve(state, trouble=attrs.evolve(state.trouble, **left))
