"""Every interruption of one operation by another: `python -m tests.tools.threads.interruptions`.

1. Both operations are on registries that share their events, in whatever way two threads can.
2. Wherever one is interrupted, each of them must get the answer that it gets alone.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from typing import Any, Final, cast

from lastgood import VersionRegistry
from tests.tools.model.compare import library_facts
from tests.tools.threads.duet import duet
from tests.tools.threads.paused import paused


@dataclass(frozen=True)
class Shared:
    """Registries of one history: the newest, one that is two events older, and an early one."""

    newest: VersionRegistry
    older: VersionRegistry
    early: VersionRegistry


def plain() -> Shared:
    """Return a history with shared contents, failures and a rollback; its order is not sorted."""
    registry: VersionRegistry = paused().VersionRegistry()
    for number, label in enumerate(("1.0.0", "1.1.0", "1.2.0-rc.1", "main", "1.2.0")):
        registry = registry.register(label, digest=f"sha256:{number % 2}").deploy(label)
    early = registry.mark_stable("1.0.0").mark_stable("main")
    older = early.mark_failed("1.2.0", reason="red")
    older = older.roll_back(paused().Previous().plan(older))
    return Shared(older.register("2.0.0").deploy("2.0.0"), older, early)


def ordered() -> Shared:
    """Return such a history whose order was sorted when it was shorter."""
    shared = plain()
    registry = shared.newest
    for number in range(30):
        registry = registry.register(f"0.0.{number}")
    assert list(registry.below_in_semver("1.2.0"))
    newest = registry.register("0.5.0").register("1.1.5")
    return Shared(newest, shared.older, shared.early)


def young() -> Shared:
    """Return a history whose order was sorted when there were two versions."""
    shared = plain()
    first = shared.early.at_revision(3)
    assert list(first.below_in_semver("1.1.0"))
    return Shared(shared.newest.register("1.9.0"), shared.older, shared.early)


HISTORIES: Final[Mapping[str, Callable[[], Shared]]] = {
    "plain": plain,
    "ordered": ordered,
    "young": young,
}


def plainly(answer: object) -> object:
    """Return an answer as plain values; a registry becomes its answers to all questions."""
    if isinstance(answer, tuple):
        return [plainly(part) for part in cast("tuple[object, ...]", answer)]
    if not isinstance(answer, paused().VersionRegistry):
        return answer
    registry: Any = answer
    return library_facts(registry), registry.fingerprint, hash(registry), repr(registry)


def rolled_back(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry after a rollback to a version of the lineage."""
    return registry.roll_back(paused().Pinned("1.1.0").plan(registry, leaving="2.0.0"))


def sought(registry: VersionRegistry) -> object:
    """Return the versions below another one, and the registry, which is asked again later."""
    return [version.label for version in registry.below_in_semver("2.0.0")], registry


def looked_at(registry: VersionRegistry) -> object:
    """Return the answers of a registry to questions of all kinds."""
    return (
        list(registry),
        [version.status for version in registry.lineage()],
        registry["1.2.0"],
        registry.deployments[-1],
        registry.deployments_of("1.1.0"),
        registry.served_for("1.1.0"),
        registry.events[-1],
        tuple(paused().LastStable().review(registry)),
        registry.fingerprint,
        hash(registry),
    )


OPERATIONS: Final[Mapping[str, Callable[[Shared], object]]] = {
    "register": lambda shared: shared.newest.register("2.1.0", digest="sha256:1"),
    "annotate": lambda shared: shared.newest.annotate("1.1.0", {"migration": True}),
    "deploy": lambda shared: shared.newest.deploy("1.1.0"),
    "undeploy": lambda shared: shared.newest.undeploy("2.0.0"),
    "fail": lambda shared: shared.newest.mark_failed("1.1.0", reason="red"),
    "reinstate": lambda shared: shared.newest.reinstate("1.2.0"),
    "roll back": lambda shared: rolled_back(shared.newest),
    "observe": lambda shared: shared.newest.observe("1.0.0"),
    "fork": lambda shared: shared.older.register("2.0.0", digest="sha256:0"),
    "fork early": lambda shared: shared.early.retire("main").deploy("1.1.0"),
    "extend": lambda shared: shared.early.extend(shared.newest.events[shared.early.revision :]),
    "fingerprint": lambda shared: (shared.newest.fingerprint, shared.early.fingerprint),
    "look": lambda shared: looked_at(shared.newest),
    "look early": lambda shared: looked_at(shared.early),
    "below": lambda shared: [each.label for each in shared.newest.below_in_semver("2.0.0")],
    "below early": lambda shared: [each.label for each in shared.early.below_in_semver("1.2.0")],
    "best below": lambda shared: next(shared.newest.below_in_semver("2.0.0")).label,
    "best below early": lambda shared: next(shared.early.below_in_semver("1.2.0")).label,
    "review": lambda shared: paused().PreviousBySemver(unproven=True).review(shared.older),
    "register, below": lambda shared: sought(shared.newest.register("0.7")),
}
PAIRS: Final = tuple(product(HISTORIES, OPERATIONS, OPERATIONS))


def interrupt(
    history: str, first: str, second: str, stops: Iterable[tuple[int, int | None]]
) -> Counter[str]:
    """Run two operations with these interruptions; each must get what it gets alone."""
    make, counts = HISTORIES[history], Counter[str]()
    alone = [plainly(OPERATIONS[name](make())) for name in (first, second)]
    for stop_first, stop_second in stops:
        shared = make()
        parts = duet(
            partial(OPERATIONS[first], shared),
            partial(OPERATIONS[second], shared),
            stop_first=stop_first,
            stop_second=stop_second,
        )
        where = f"{history}: {first} stopped at pause {stop_first}, {second} at {stop_second}"
        for name, part, expected in zip((first, second), parts, alone, strict=True):
            answer = plainly(part.answer)
            assert answer == expected, f"{where}: {name} got {answer}, not {expected}"
        counts["interleavings"] += 1
    return counts


def pauses(history: str, name: str) -> int:
    """Return the number of pauses that an operation makes."""
    shared = HISTORIES[history]()
    one, _ = duet(partial(OPERATIONS[name], shared), lambda: None, stop_first=None)
    return one.pauses


def once(history: str, first: str, second: str, *, every: int = 1) -> Counter[str]:
    """Interrupt the first operation once, at each of its pauses, or at every n-th of them."""
    stops = ((stop, None) for stop in range(1, pauses(history, first) + 1, every))
    return interrupt(history, first, second, stops)


def twice(history: str, first: str, second: str, *, random: Random, times: int) -> Counter[str]:
    """Interrupt both at random, ``times`` times; the second one while the first one waits."""
    most = [pauses(history, name) for name in (first, second)]
    stops = [(random.randint(1, most[0]), random.randint(1, most[1])) for _ in range(times)]
    return interrupt(history, first, second, stops)


def main() -> None:
    """Run with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seed", type=int, default=1, help="of the double interruptions")
    _ = parser.add_argument("--twice", type=int, default=300, help="how many of them for each pair")
    _ = parser.add_argument(
        "--every", type=int, default=1, help="try every n-th pair of operations"
    )
    given = parser.parse_args()
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {python}, seed {given.seed}", flush=True)
    random = Random(given.seed)  # noqa: S311
    chosen = PAIRS[:: given.every]
    counts, started = Counter[str](), time.monotonic()
    for pair in chosen:
        counts += once(*pair)
        counts += twice(*pair, random=random, times=given.twice)
    seconds = time.monotonic() - started
    pairs = f"{len(chosen)} pairs of operations"
    print(f"{pairs}: each gets what it gets alone: {dict(counts)} in {seconds:.0f} s")


if __name__ == "__main__":
    main()
