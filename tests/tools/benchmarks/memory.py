"""How much memory a version takes."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lastgood import VersionRegistry
from tests.tools.benchmarks.registries import built, dated, labels
from tests.tools.benchmarks.rivals import Plain
from tests.tools.benchmarks.tables import Options, Table, count, memory
from tests.tools.benchmarks.timing import quiet_collector


def tables(options: Options) -> Iterator[Table]:
    """Measure how many bytes are allocated for a version, at each size."""
    rows = [
        [name, *(memory(_held(make, labels(size)) / size) for size in options.sizes)]
        for name, make in _KEPT.items()
    ]
    columns = ["A version", *(f"among {count(size)}" for size in options.sizes)]
    note = "As `tracemalloc` counts. The labels belong to the caller, and do not count."
    yield Table("Memory per version", columns, rows, note)


def _held(make: Callable[[Sequence[str]], Any], names: Sequence[str]) -> int:
    """Return how many bytes are held by the thing that is made of these labels."""
    _ = make(names[:1])
    with quiet_collector():
        tracemalloc.start()
        try:
            kept = make(names)
            _ = gc.collect()
            held, _ = tracemalloc.get_traced_memory()
            del kept
        finally:
            tracemalloc.stop()
    return held


def _registered(names: Sequence[str]) -> VersionRegistry:
    registry = VersionRegistry()
    for name in names:
        registry = registry.register(name)
    return registry


def _ordered(names: Sequence[str]) -> VersionRegistry:
    registry = built(names)
    _ = next(registry.below_in_semver(names[-1]), None)
    return registry


def _identified(names: Sequence[str]) -> VersionRegistry:
    registry = built(names)
    _ = registry.fingerprint
    return registry


_KEPT: dict[str, Callable[[Sequence[str]], Any]] = {
    "registered": _registered,
    "registered, deployed, marked stable": built,
    "the same, with the order of precedence": _ordered,
    "the same, with the fingerprint": _identified,
    "the same, with times and two keys of metadata": dated,
    "a dict and a list, and a list of three events": Plain,
}
