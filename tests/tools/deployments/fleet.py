"""What one controller sustains: `python -m tests.tools.deployments.fleet etcd --models 10000`.

The same models are kept in three ways, in turn: whole histories are read each time; registries are
kept, and the news of each are read; registries are kept, and the news of many are read at once. The
ways take turns at each part of the models, of which a few have news. The times are those of this
process (processor) and of the wall clock, and each ratio is made from turns side by side.
"""

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection
from statistics import median
from typing import Final, TypeAlias

import attrs

from docs.examples.driver import run
from docs.examples.fleet import Fleet
from docs.examples.fleet_stores import EtcdFleet, PostgresqlFleet
from docs.examples.postgresql_store import connect
from lastgood import LastStable, VersionRegistry
from lastgood.control import Done, Outcome, Seen, Serve, keep
from tests.tools.deployments.growth import history
from tests.tools.deployments.kinds.kind import Kind, kind_of
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.records import Stores

#: Of so many models, one has news in each turn.
ONE_OF: Final = 100
#: How many models make a part.
PART: Final = 200
#: How many writers make the histories.
WRITERS: Final = 16
#: How many registries are weighed.
WEIGHED: Final = 100


@attrs.define
class Settled:
    """A world that serves what it is asked for: the time that it takes is not what is measured."""

    seen: dict[str, Seen]

    def look(self, names: Sequence[str], /) -> Mapping[str, Seen]:
        """Return what serves."""
        return {name: self.seen[name] for name in names}

    def serve(self, name: str, wanted: Serve, /) -> bool:
        """Let this version serve."""
        self.seen[name] = Seen(wanted.version, wanted.revision)
        return True


@attrs.frozen
class One:
    """One model of that world."""

    world: Settled
    name: str

    def look(self) -> Seen:
        """Return what serves."""
        return self.world.seen[self.name]

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Let this version serve."""
        return self.world.serve(self.name, Serve(version, revision))


#: One way: has a conversation with each of these models, and returns how many settled.
Way: TypeAlias = Callable[[Sequence[str]], int]


@attrs.define
class Measured:
    """What is measured.

    Args:
        stores: The records of all models.
        fleet: A controller that reads them at once.
        world: What serves.
    """

    stores: Stores
    fleet: Fleet
    world: Settled
    kept: dict[str, VersionRegistry] = attrs.field(factory=dict[str, VersionRegistry])

    def whole(self, names: Sequence[str]) -> int:
        """Read whole histories."""
        return sum(self._settled(name, VersionRegistry()) for name in names)

    def one_by_one(self, names: Sequence[str]) -> int:
        """Read the news of each model."""
        return sum(self._settled(name, self.kept.get(name, VersionRegistry())) for name in names)

    def at_once(self, names: Sequence[str]) -> int:
        """Read the news of many models at once."""
        return sum(done.outcome is Outcome.SETTLED for _, done in self.fleet.turn(names))

    def _settled(self, name: str, known: VersionRegistry) -> bool:
        talk = run(keep(LastStable(), known), self.stores(name), One(self.world, name))
        self.kept[name] = talk.registry
        return isinstance(talk.wants, Done) and talk.wants.outcome is Outcome.SETTLED

    def news(self, names: Sequence[str], turn: int) -> None:
        """Record an update of some of the models, which proves good."""
        for name in names[turn % ONE_OF :: ONE_OF]:
            store, known = self.stores(name), self.fleet.kept[name]
            known = known.extend(store.load(known.revision, known.fingerprint))
            label = f"v2.{turn}"
            longer = known.register(label).deploy(label).mark_stable(label)
            events = tuple(longer.events[known.revision :])
            assert store.append(known.revision, known.fingerprint, events)


def turns(measured: Measured, names: Sequence[str]) -> Iterator[dict[str, tuple[float, float]]]:
    """Yield for each way the seconds of the processor and of the wall clock for one model."""
    ways: dict[str, Way] = {
        "whole histories": measured.whole,
        "news of each": measured.one_by_one,
        "news of many": measured.at_once,
    }
    for place, start in enumerate(range(0, len(names), PART)):
        times: dict[str, tuple[float, float]] = {}
        part = names[start : start + PART]
        for turn, (name, way) in enumerate(ways.items()):
            measured.news(part, len(ways) * place + turn)
            processor, wall = time.process_time(), time.perf_counter()
            settled = way(part)
            assert settled == len(part), f"{settled} of {len(part)} settled"
            times[name] = (
                (time.process_time() - processor) / len(part),
                (time.perf_counter() - wall) / len(part),
            )
        yield times


def fill(kind: Kind, address: str, names: Sequence[str], begun: VersionRegistry) -> None:
    """Record the same history under each name, by several writers, so that they share each wait."""

    def write(part: Sequence[str]) -> None:
        with kind.opened(address) as stores:
            for name in part:
                assert stores(name).append(0, VersionRegistry().fingerprint, tuple(begun.events))

    with ThreadPoolExecutor(WRITERS) as pool:
        for _ in pool.map(write, [names[start::WRITERS] for start in range(WRITERS)]):
            pass


def fleet_of(kind: str, address: str, stores: Stores, world: Settled, stack: ExitStack) -> Fleet:
    """Return the controller that reads at once from a kind of store."""
    if kind == "etcd":
        member = partial(HTTPConnection, "127.0.0.1", int(address), timeout=60)
        return Fleet(LastStable(), EtcdFleet(member, stores), world, batch=128)
    connection = stack.enter_context(connect(address))
    return Fleet(LastStable(), PostgresqlFleet(connection, stores), world)


def weight(stores: Stores, names: Sequence[str]) -> float:
    """Return how many bytes one kept registry takes."""
    tracemalloc.start()
    nothing = VersionRegistry()
    kept = [nothing.extend(stores(name).load(0, nothing.fingerprint)) for name in names]
    for registry in kept:
        _ = registry.fingerprint
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(kept)


def main() -> None:
    """Measure with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("kind", choices=["postgresql", "etcd"])
    _ = parser.add_argument("--models", type=int, default=1000)
    _ = parser.add_argument("--events", type=int, default=100)
    given = parser.parse_args()
    kind, begun = kind_of(given.kind), history(given.events)
    names = [f"model-{number}" for number in range(given.models)]
    with (
        own_folder(given.kind) as folder,
        kind.serving(folder) as address,
        kind.opened(address) as stores,
        ExitStack() as stack,
    ):
        fill(kind, address, names, begun)
        world = Settled(dict.fromkeys(names, Seen(None, 0)))
        fleet = fleet_of(given.kind, address, stores, world, stack)
        measured = Measured(stores, fleet, world)
        for way in (measured.one_by_one, measured.at_once):  # from now on they are known
            assert way(names) == len(names)
        print(f"{kind.release(address)}; Python {sys.version.split()[0]}")
        print(f"{given.models} models of {begun.revision} events, 1 % with news in each turn")
        show([*turns(measured, names)])
        each = weight(stores, names[:WEIGHED])
        print(f"a kept registry takes {each / 1024:.0f} KiB")


def show(taken: Sequence[Mapping[str, tuple[float, float]]]) -> None:
    """Print a line for each way, with the median of the turns."""
    print(f"{'':16} {'a second':>10} {'processor':>12} {'ratio':>7} {'of processor time':>18}")
    for way in taken[0]:
        processor, wall = (median(times[way][kind] for times in taken) for kind in (0, 1))
        ratios = [
            median(times["whole histories"][kind] / times[way][kind] for times in taken)
            for kind in (1, 0)
        ]
        print(
            f"{way:16} {1 / wall:10,.0f} {processor * 1e6:9,.0f} µs"
            f" {ratios[0]:6.1f}x {ratios[1]:17.1f}x"
        )


if __name__ == "__main__":
    main()
