"""The course of a run: what is deployed, what of it really fails, and which faults come when.

1. It is a function of the seed, of the store and of the size, and of nothing else. When the
   operating system carries out a fault, and what is under way then, is not.
2. Only the world and the judge know which version really fails. Controllers look at the world, and
   monitors see a version that serves.
"""

from collections.abc import Iterator
from enum import StrEnum
from random import Random
from typing import Final, final

import attrs

#: How much shorter the waits of `keep` are than its seconds: 30 seconds are 0.6.
SCALE: Final = 0.02
#: A healthy version comes up within so many seconds: half of the time of three looks.
LATEST: Final = 0.9


@final
class Fate(StrEnum):
    """What becomes of a version that is deployed."""

    HEALTHY = "is healthy"
    NEVER_UP = "does not come up"
    FAILS_LATER = "comes up, and fails then"


@attrs.frozen
class Update:
    """One deployment.

    Args:
        label: The version.
        fate: What becomes of it.
        comes_up: After how many seconds it serves.
        soak: After how many more seconds its monitor judges it.
        gone: Whether nothing serves while it comes up; otherwise what served before does.
        by: Who deploys it. A person deploys a version that served before.
    """

    label: str
    fate: Fate
    comes_up: float
    soak: float
    gone: bool
    by: str

    @property
    def is_bad(self) -> bool:
        """Whether it really fails."""
        return self.fate is not Fate.HEALTHY


@attrs.frozen
class Model:
    """One deployed thing, which has a registry of its own.

    Args:
        name: Its name.
        follow: Whether the record follows a hand that moves the world.
        updates: What is deployed, in this order. The first one is healthy.
    """

    name: str
    follow: bool
    updates: tuple[Update, ...]

    def fate(self, label: str) -> Update:
        """Return what becomes of a version."""
        return next(update for update in self.updates if update.label == label)


@final
class Kind(StrEnum):
    """A kind of fault."""

    KILL_CONTROLLER = "controllers killed"
    PAUSE_CONTROLLER = "controllers paused"
    CLOCK = "clocks set wrong"
    KILL_SERVER = "servers killed"
    KILL_LEADER = "leaders killed"
    PAUSE_SERVER = "servers paused"
    FILL_DISK = "disks filled"
    PAUSE_WORLD = "worlds paused"
    HAND = "moves by hand"


@attrs.frozen
class Fault:
    """One fault.

    Args:
        at: How many seconds after the start.
        kind: What happens.
        target: To whom: a number, of which the remainder counts.
        seconds: How long it lasts; for a clock, by how much it is wrong.
    """

    at: float
    kind: Kind
    target: int
    seconds: float


@attrs.frozen
class Often:
    """How often a kind of fault comes, in seconds from one to the next, and how long it lasts."""

    every: float
    shortest: float
    longest: float


_OFTEN: Final = {
    Kind.KILL_CONTROLLER: Often(6, 0.1, 2),
    Kind.PAUSE_CONTROLLER: Often(4, 0.2, 6),
    Kind.CLOCK: Often(8, -4, 4),
    Kind.KILL_SERVER: Often(20, 0.1, 2),
    Kind.KILL_LEADER: Often(20, 0.1, 2),
    Kind.PAUSE_SERVER: Often(12, 0.2, 4),
    Kind.FILL_DISK: Often(30, 0.5, 3),
    Kind.PAUSE_WORLD: Often(15, 0.2, 2),
    Kind.HAND: Often(5, 0, 0),
}
#: What cannot happen to a store: SQLite has no server, and only a cluster has a leader.
_NEVER: Final = {
    "sqlite": {Kind.KILL_SERVER, Kind.KILL_LEADER, Kind.PAUSE_SERVER},
    "postgresql": {Kind.KILL_LEADER},
    "redis": {Kind.KILL_LEADER},
    "etcd": set[Kind](),
}
#: One wrong clock in five is further off than `keep` is told that clocks may differ.
_JUMPS: Final = 0.2
_JUMP: Final = 5


def models(seed: int, deployments: int, width: int) -> tuple[Model, ...]:
    """Return what is deployed: so many deployments in all, on so many models side by side."""
    width = min(width, deployments)
    return tuple(
        _model(Random(f"{seed} model {number}"), number, len(range(number, deployments, width)))  # noqa: S311  # a course, no secret
        for number in range(width)
    )


def _model(chance: Random, number: int, length: int) -> Model:
    updates: list[Update] = []
    while len(updates) < length:
        updates.append(_update(chance, updates))
    return Model(f"model-{number}", number % 4 == 3, tuple(updates))


def _update(chance: Random, before: list[Update]) -> Update:
    fates = [*Fate] if before else [Fate.HEALTHY]
    weights = [5, 3, 3] if before else [1]
    fate = chance.choices(fates, weights)[0]
    comes_up, soak = chance.uniform(0.05, LATEST), chance.uniform(0.1, 2)
    update = Update(f"v{len(before)}", fate, comes_up, soak, chance.random() < 0.5, "ci")
    earlier = [each for each in before if each.fate is Fate.HEALTHY]
    if len(earlier) > 1 and chance.random() < 0.1:
        return attrs.evolve(chance.choice(earlier[:-1]), by="ana")
    return update


def faults(seed: int, store: str, seconds: float) -> tuple[Fault, ...]:
    """Return the faults of a run, the earliest first."""
    kinds = [kind for kind in Kind if kind not in _NEVER[store]]
    return tuple(
        sorted(
            (fault for kind in kinds for fault in _of_kind(seed, kind, seconds)),
            key=lambda fault: (fault.at, fault.kind),
        )
    )


def _of_kind(seed: int, kind: Kind, seconds: float) -> Iterator[Fault]:
    chance, often = Random(f"{seed} {kind}"), _OFTEN[kind]  # noqa: S311  # a course, no secret
    at = chance.expovariate(1 / often.every)
    while at < seconds:
        lasts = chance.uniform(often.shortest, often.longest)
        if kind is Kind.CLOCK and chance.random() < _JUMPS:
            lasts *= _JUMP
        yield Fault(at, kind, chance.randrange(1 << 30), lasts)
        at += chance.expovariate(1 / often.every)
