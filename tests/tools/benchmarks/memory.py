"""How many bytes registries and versions take."""

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter

from lastgood import VersionRegistry
from tests.tools.benchmarks.registries import built, dated, labels
from tests.tools.benchmarks.rivals import Persistent, Plain
from tests.tools.benchmarks.tables import Options, Table, count, memory
from tests.tools.benchmarks.timing import quiet_collector

#: Counting bytes takes longer than making them, and they are as many among more.
_MOST = 10_000
_FINGERPRINT = attrgetter("fingerprint")


def tables(options: Options) -> Iterator[Table]:
    """Measure how many bytes are allocated for a version, at each size."""
    sizes = [size for size in options.sizes if size <= _MOST] or [_MOST]
    rows = [
        [name, *(memory(per_version(make, size)) for size in sizes)] for name, make in _KEPT.items()
    ]
    columns = ["A version", *(f"among {count(size)}" for size in sizes)]
    note = (
        "As `tracemalloc` counts. The labels belong to the caller, and do not count, except in a "
        f"registry that was read from text. An empty registry takes {memory(empty())}."
    )
    yield Table("Memory per version", columns, rows, note)


def held(make: Callable[[], object]) -> int:
    """Return how many bytes are held by the thing that is made."""
    _ = make()
    with quiet_collector():
        tracemalloc.start()
        try:
            kept = make()
            _ = gc.collect()
            size, _ = tracemalloc.get_traced_memory()
            del kept
        finally:
            tracemalloc.stop()
    return size


def per_version(make: Callable[[Sequence[str]], Callable[[], object]], size: int) -> float:
    """Return how many bytes a version takes in a thing that is made of this many labels."""
    return held(make(labels(size))) / size


def empty() -> float:
    """Return how many bytes an empty registry takes, beside its place in a list."""
    number = 1_000
    made = held(lambda: [VersionRegistry() for _ in range(number)])
    return (made - held(lambda: [None for _ in range(number)])) / number


def three_events(names: Sequence[str]) -> Callable[[], object]:
    """Return what builds a registry of these versions, with three events each."""
    return partial(built, names)


def _asked(names: Sequence[str], question: Callable[[VersionRegistry], object]) -> VersionRegistry:
    registry = built(names)
    _ = question(registry)
    return registry


def _highest(registry: VersionRegistry) -> object:
    return next(registry.below_in_semver(next(reversed(registry))), None)


def _registered(names: Sequence[str]) -> VersionRegistry:
    registry = VersionRegistry()
    for name in names:
        registry = registry.register(name)
    return registry


def _from_text(names: Sequence[str]) -> Callable[[], object]:
    text = json.dumps(dated(names).to_dict())
    return lambda: VersionRegistry.from_dict(json.loads(text))


_KEPT: dict[str, Callable[[Sequence[str]], Callable[[], object]]] = {
    "registered": lambda names: partial(_registered, names),
    "registered, deployed, marked stable": three_events,
    "the same, with the order of precedence": lambda names: partial(_asked, names, _highest),
    "the same, with the fingerprint": lambda names: partial(_asked, names, _FINGERPRINT),
    "the same, with times and two keys of metadata": lambda names: partial(dated, names),
    "the same, read from text": _from_text,
    **{rival.name: partial(partial, rival) for rival in (Plain, Persistent) if rival.available()},
}
