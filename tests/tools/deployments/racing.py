"""Races: processes on connections of their own that decide on the same registry at the same time.

1. Each round has a registry of its own, in which an update has failed.
2. Controllers roll it back. None of them decides before all of them have read: each round is a race
   for the same revision, however slow the machine.
3. Meanwhile registrars record canaries in the same registry, two events at a time.
4. A round is judged by the answers of the store: every acknowledged event must be in the record, at
   the very place that it was recorded for, and nothing else.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Barrier
from typing import Final, TypeAlias, cast
from uuid import uuid4

import attrs

from docs.examples.driver import Store, run
from lastgood import Event, VersionRegistry
from lastgood.control import MarkStable, Register, keep, record
from tests.tools.deployments.alias import Alias
from tests.tools.deployments.kinds.kind import kind_of
from tests.tools.deployments.records import NOTHING, POLICY, Stores, append, load

CONTROLLERS: Final = 4
REGISTRARS: Final = 2
#: How many canaries a registrar records in a round.
CANARIES: Final = 3
#: How often a process tries to record something at most.
ATTEMPTS: Final = 1000
#: How long processes wait for each other, in seconds; then somebody has died.
PATIENCE: Final = 120.0


#: What was recorded at once: the number of events before, and the events.
Append: TypeAlias = tuple[int, tuple[Event, ...]]


@attrs.frozen
class Answers:
    """The answers that a process got in one round.

    Args:
        appended: What it recorded.
        conflicts: How often somebody else was quicker.
        served: The versions that it moved the world to.
        known: The record as it knows it at the end.
    """

    appended: tuple[Append, ...]
    conflicts: int
    served: tuple[str | None, ...]
    known: VersionRegistry

    @property
    def won(self) -> bool:
        """Whether it decided the rollback, as the store told it."""
        return any(event.kind == "rolled_back" for _, news in self.appended for event in news)


@attrs.frozen
class Figures:
    """The counts of some races: a right store has one winner, rollback and act for each.

    Args:
        races: How many there were.
        winners: How many controllers were told that they decided.
        rollbacks: How many were recorded.
        acts: How often a controller moved the world.
        unaware: How many controllers ended without seeing the new state.
        lost: How many acknowledged events are not in the record, at their place.
        duplicates: How many recorded events were acknowledged to nobody, or to another already.
        conflicts: How often a process had to read again.
    """

    races: int = 0
    winners: int = 0
    rollbacks: int = 0
    acts: int = 0
    unaware: int = 0
    lost: int = 0
    duplicates: int = 0
    conflicts: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Return the figures of both."""
        pairs = zip(attrs.astuple(self), attrs.astuple(other), strict=True)
        return Figures(*(one + another for one, another in pairs))

    @property
    def right(self) -> bool:
        """Whether each race was won once, and nothing was lost or doubled."""
        once = self.races == self.winners == self.rollbacks == self.acts
        return once and not (self.unaware or self.lost or self.duplicates)


@attrs.frozen
class Course:
    """The place of some races, one under each name.

    Args:
        kind: The kind of store.
        address: Where it is served.
        folder: Where the world is, a file of each name.
        names: The names of the registries.
    """

    kind: str
    address: str
    folder: Path
    names: tuple[str, ...]


@attrs.define
class Watched:
    """A store that remembers what was written through it.

    Args:
        store: The real one.
        all_have_read: Waits, after the first reading, until everybody has read.
    """

    store: Store
    all_have_read: Callable[[], object] = int
    readings: int = 0
    conflicts: int = 0
    appended: list[Append] = attrs.field(factory=list[Append])

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return what is recorded."""
        events = self.store.load(since, fingerprint)
        self.readings += 1
        if self.readings == 1:
            _ = self.all_have_read()
        return events

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record, and count."""
        won = self.store.append(before, fingerprint, events)
        if won:
            self.appended.append((before, events))
        else:
            self.conflicts += 1
        return won


#: What a process does in a round: with the store, in this world, which has the registry's name.
Work: TypeAlias = Callable[[Stores, Path, Barrier], Answers]


def failed_update() -> VersionRegistry:
    """Return a registry whose current version v3 has failed after two stable ones."""
    registry = VersionRegistry()
    for label in ("v1", "v2", "v3"):
        registry = registry.register(label).deploy(label).mark_stable(label)
    return registry.mark_failed("v3", reason="p99 900 ms")


def race(kind: str, address: str, folder: Path, rounds: int) -> Figures:
    """Run some races in a store, and judge them.

    Args:
        kind: The kind of store.
        address: Where it is served.
        folder: Where the world is, a file for each round.
        rounds: How many races.
    """
    names = [f"race-{uuid4().hex}" for _ in range(rounds)]
    begun = failed_update()
    with kind_of(kind).opened(address) as store:
        for name in names:
            assert append(store, name, NOTHING, begun)
            Alias(folder / name).put("v3", begun.deployments[-1].revision)
        answers = [*_raced(Course(kind, address, folder, tuple(names)))]
        ended = [load(store, name) for name in names]
    each_round = zip(*answers, strict=True)
    return sum(map(_judged, ended, each_round), Figures())


def _raced(course: Course) -> Iterator[list[Answers]]:
    """Yield the answers to each process, one for each round; the controllers come first."""
    context = get_context("spawn")
    meetings = [context.Barrier(CONTROLLERS + REGISTRARS), context.Barrier(CONTROLLERS)]
    ends: list[Connection] = []
    for work in [_control] * CONTROLLERS + [_register] * REGISTRARS:
        end, other = context.Pipe(duplex=False)
        arguments = (work, course, meetings, other)
        context.Process(target=_process, args=arguments, daemon=True).start()
        other.close()  # so that the death of the process ends what is read here
        ends.append(end)
    for end in ends:
        with end:
            yield cast("list[Answers]", end.recv())


def _process(work: Work, course: Course, meetings: list[Barrier], end: Connection) -> None:
    """Take part in all rounds, in a process of its own."""
    start, all_have_read = meetings
    answers: list[Answers] = []
    with kind_of(course.kind).opened(course.address) as store:
        for name in course.names:
            _ = start.wait(PATIENCE)
            answers.append(work(store, course.folder / name, all_have_read))
    end.send(answers)


def _control(stores: Stores, world: Path, all_have_read: Barrier) -> Answers:
    """Roll back if the current version failed and nobody else does, and move the world."""
    watched = Watched(stores(world.name), lambda: all_have_read.wait(PATIENCE))
    alias, talk = Alias(world), keep(POLICY, NOTHING, attempts=ATTEMPTS, by="controller")
    known = run(talk, watched, alias, sleep=_nap).registry
    return Answers(tuple(watched.appended), watched.conflicts, tuple(alias.served), known)


def _register(stores: Stores, world: Path, _all_have_read: Barrier) -> Answers:
    """Record canaries, each with a verdict."""
    watched, known = Watched(stores(world.name)), NOTHING
    for _ in range(CANARIES):
        label = f"canary-{uuid4().hex}"
        canary = [Register(label), MarkStable(label)]
        known = run(record(canary, known, attempts=ATTEMPTS), watched, sleep=_nap).registry
    return Answers(tuple(watched.appended), watched.conflicts, (), known)


def _nap(_seconds: float) -> None:
    """Wait for a moment, and not the seconds that would end the race."""
    time.sleep(random.uniform(0, 0.01))  # noqa: S311  # no secret


def _judged(ended: VersionRegistry, answers: Sequence[Answers]) -> Figures:
    """Return the figures of one race."""
    begun = failed_update()
    recorded = [*enumerate(ended.events)]
    acknowledged = [*enumerate(begun.events)]
    for each in answers:
        for before, events in each.appended:
            acknowledged += enumerate(events, before)
    return Figures(
        races=1,
        winners=sum(each.won for each in answers),
        rollbacks=sum(event.kind == "rolled_back" for event in ended.events),
        acts=sum(len(each.served) for each in answers),
        unaware=sum(each.known.current != "v2" for each in answers[:CONTROLLERS]),
        lost=(Counter(acknowledged) - Counter(recorded)).total(),
        duplicates=(Counter(recorded) - Counter(acknowledged)).total(),
        conflicts=sum(each.conflicts for each in answers),
    )
