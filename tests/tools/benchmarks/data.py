"""Plain data: writing and reading registries of many events."""

import json
import pickle
from collections.abc import Callable, Iterator

from lastgood import VersionRegistry
from tests.tools.benchmarks.registries import built, labels
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, measured


def tables(options: Options) -> Iterator[Table]:
    """Measure the plain data of a registry with as many events as the largest size."""
    registry = built(labels(max(options.sizes) // 3 + 1))
    operations = _operations(registry)
    events = registry.revision
    cases = [
        Case(f"{name}, collector {'on' if collecting else 'off'}", _always(run), events, collecting)
        for name, run in operations.items()
        for collecting in (False, True)
    ]
    taken = measured(cases, options.few)
    base = taken[cases[0].name]
    rows = [
        [name, duration(time), duration(time * events), ratio(time, base)]
        for name, time in taken.items()
    ]
    title = f"Plain data of {count(events)} events"
    yield Table(title, ["Operation", "an event", "all of them", "to `json.loads`"], rows)


def _operations(registry: VersionRegistry) -> dict[str, Callable[[], object]]:
    data = registry.to_dict()
    text = json.dumps(data)
    pickled = pickle.dumps(registry)
    events = tuple(registry.events)
    if VersionRegistry.from_dict(json.loads(text)) != registry:
        raise AssertionError("the registry that was read differs from the one that was written")
    return {
        "`json.loads(text)`": lambda: json.loads(text),
        "`json.dumps(data)`": lambda: json.dumps(data),
        "`registry.to_dict()`": registry.to_dict,
        "`VersionRegistry.from_dict(data)`": lambda: VersionRegistry.from_dict(data),
        "`VersionRegistry.replay(events)`": lambda: VersionRegistry.replay(events),
        "the same, and `registry.fingerprint`": lambda: VersionRegistry.replay(events).fingerprint,
        "`pickle.dumps(registry)`": lambda: pickle.dumps(registry),
        "`pickle.loads(pickled)`": lambda: pickle.loads(pickled),
    }


def _always(run: Callable[[], object]) -> Callable[[], Callable[[], object]]:
    return lambda: run
