"""Many registries in one process: a controller that reads them all, decides, and keeps them."""

import json
from collections.abc import Callable, Iterator
from functools import partial

from lastgood import LastStable, VersionRegistry
from tests.tools.benchmarks.commands import release
from tests.tools.benchmarks.memory import held
from tests.tools.benchmarks.registries import incident
from tests.tools.benchmarks.tables import Options, Table, count, duration, memory, rate, ratio
from tests.tools.benchmarks.timing import Case, Run, measured

#: How many events each of them has.
_EVENTS = 100
#: Of so many registries the bytes are counted, which takes longer than making them.
_WEIGHED = 100


def tables(options: Options) -> Iterator[Table]:
    """Measure each step for all registries, with the collector and without it."""
    size = options.registries
    rows: list[list[str]] = []
    floor = 0.0
    for step, prepare in _STEPS.items():
        off = Case("off", partial(prepare, size), size, collecting=False)
        taken = measured([Case("on", partial(prepare, size), size), off], 3)
        on = taken["on"]
        floor = floor or on.processor
        times = duration(on.processor), duration(on.wall), ratio(on.processor, floor)
        rows.append([step, rate(on.processor), *times, rate(taken["off"].processor)])
    each = memory(held(partial(_planned, _WEIGHED)) / _WEIGHED)
    title = f"{count(size)} registries of {incident(_EVENTS).revision} events"
    columns = ["Step", "a second", "processor time", "wall clock", "to the floor", _OFF]
    yield Table(title, columns, rows, f"{_NOTE} **A registry takes {each}**, {_COUNTED}")


_OFF = "a second, collector off"
_NOTE = """\
All of them are kept. Every event has a time, every version has metadata, and the current version
failed. The first plan of a registry computes the fingerprint of all its events. *News* is a release
of three events."""
_COUNTED = "with its labels and texts, as `tracemalloc` counts after it was read and planned."


def _texts(size: int) -> list[str]:
    """Return the documents, each a text of its own."""
    data = incident(_EVENTS).to_dict()
    return [json.dumps(data) for _ in range(size)]


def _read(size: int) -> list[VersionRegistry]:
    return [VersionRegistry.from_dict(json.loads(text)) for text in _texts(size)]


def _planned(size: int) -> list[VersionRegistry]:
    registries = _read(size)
    for registry in registries:
        _ = LastStable().plan(registry)
    return registries


def _parsing(size: int) -> Run:
    texts = _texts(size)
    return lambda: [json.loads(text) for text in texts]


def _reading(size: int) -> Run:
    texts = _texts(size)
    return lambda: [VersionRegistry.from_dict(json.loads(text)) for text in texts]


def _deciding_first(size: int) -> Run:
    registries = _read(size)
    return lambda: [LastStable().plan(registry) for registry in registries]


def _deciding_again(size: int) -> Run:
    registries = _planned(size)
    return lambda: [LastStable().plan(registry) for registry in registries]


def _extending(size: int) -> Run:
    registries = _planned(size)
    news = release("next")
    return lambda: [registry.extend(news) for registry in registries]


_STEPS: dict[str, Callable[[int], Run]] = {
    "floor: `json.loads`": _parsing,
    "load: `json.loads` and `from_dict`": _reading,
    "decide: a first plan": _deciding_first,
    "decide again": _deciding_again,
    "news: `extend`": _extending,
}
