"""Reading registries: plain data, the news alone, and a process that starts, reads and decides."""

import json
import pickle
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lastgood import Event, LastStable, RollbackPlan, VersionRegistry
from tests.tools.benchmarks import commands
from tests.tools.benchmarks.processes import Program, started
from tests.tools.benchmarks.registries import Growing, incident
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, Run, looped, measured

_FLOOR = """
import json, sys
from time import process_time_ns
with open(sys.argv[1], encoding="utf-8") as file:
    data = json.load(file)
print(process_time_ns())
"""
_DECIDES = """
import json, sys
from time import process_time_ns
start = process_time_ns()
from lastgood import LastStable, VersionRegistry
imported = process_time_ns()
with open(sys.argv[1], encoding="utf-8") as file:
    data = json.load(file)
parsed = process_time_ns()
registry = VersionRegistry.from_dict(data)
read = process_time_ns()
plan = LastStable().plan(registry)
end = process_time_ns()
if plan.target != sys.argv[2]:
    sys.exit(f"expected {sys.argv[2]}, not {plan.target}")
print(imported - start, read - parsed, end - read, end)
"""


def tables(options: Options) -> Iterator[Table]:
    """Measure a cold start, the news against everything, and all that plain data is good for."""
    yield _cold(options)
    yield _since(options)
    yield _plain(options)


# A cold start


def _cold(options: Options) -> Table:
    rows = [_started(events, options.few) for events in options.sizes]
    columns = [
        "Events",
        "floor: processor time",
        "wall clock",
        "lastgood: processor time",
        "wall clock",
        "to the floor",
        "importing",
        "`from_dict`",
        "plan",
    ]
    title = "A process that starts, reads all events and decides"
    return Table(title, columns, rows, _COLD)


_COLD = """\
The floor is a process that reads the same JSON and does nothing with it; both times include the
start of Python. The last three columns are parts of the processor time of lastgood: the import is
that of attrs as well, and the plan computes the fingerprint of all events. Every event has a time,
every version has metadata."""


def _started(events: int, turns: int) -> list[str]:
    registry = incident(events)
    with TemporaryDirectory() as folder:
        file = Path(folder, "events.json")
        _ = file.write_text(json.dumps(registry.to_dict()), "utf-8")
        target = LastStable().plan(registry).target
        programs = {
            "floor": Program(_FLOOR, [str(file)]),
            "ours": Program(_DECIDES, [str(file), target]),
        }
        taken = started(programs, folder, turns)
    floor, floor_wall = taken["floor"]
    importing, reading, planning, ours, wall = taken["ours"]
    parts = map(duration, (importing, reading, planning))
    times = map(duration, (floor, floor_wall, ours, wall))
    return [count(registry.revision), *times, ratio(ours, floor), *parts]


# The news alone


def _since(options: Options) -> Table:
    rows = [_news(size, options.few) for size in options.sizes]
    columns = ["Events kept", "the news", "and a plan", "everything", "and a plan", "to the news"]
    return Table("A process that is told of one release", columns, rows, _SINCE)


_SINCE = """\
A release is three events. *The news*: a process that keeps its registry reads them by
`registry.extend(map(Event.from_dict, data))`. *Everything*: it reads the whole record again by
`VersionRegistry.from_dict`. Parsing JSON is in neither. The last column relates reading and a plan
to each other."""


def _news(events: int, turns: int) -> list[str]:
    growing = Growing(max(2, events // 3))
    everything = growing.registry.to_dict()
    _ = growing.registry.fingerprint
    cases = [
        Case("news", partial(_reading_news, growing, bool)),
        Case("news, plan", partial(_reading_news, growing, _plan)),
        looped("all", lambda: VersionRegistry.from_dict(everything), 1),
        looped("all, plan", lambda: _plan(VersionRegistry.from_dict(everything)), 1),
    ]
    taken = [time.processor for time in measured(cases, 10 * turns).values()]
    return [count(len(everything["events"])), *map(duration, taken), ratio(taken[3], taken[1])]


def _plan(registry: VersionRegistry) -> RollbackPlan:
    """Return a plan to leave the newest version, which serves."""
    return LastStable().plan(registry, leaving=next(reversed(registry)))


def _reading_news(growing: Growing, then: Callable[[VersionRegistry], object]) -> Run:
    name, *_ = commands.unheard_of(growing)
    data = [event.to_dict() for event in commands.release(name)]
    _ = growing.registry.fingerprint

    def read() -> None:
        growing.registry = growing.registry.extend(map(Event.from_dict, data))
        _ = then(growing.registry)

    return read


# Plain data


def _plain(options: Options) -> Table:
    registry = incident(options.largest)
    rows: list[list[str]] = []
    taken = measured([*operations(registry), *operations(registry, collecting=False)], options.few)
    base = taken[JSON].processor
    for name, time in taken.items():
        if f"{name}{_OFF}" in taken:
            off = taken[f"{name}{_OFF}"].processor
            total = time.processor * registry.revision
            cells = duration(time.processor), duration(off), duration(total)
            rows.append([name, *cells, ratio(time.processor, base)])
    columns = ["Operation", "an event", "collector off", "all of them", "to `json.loads`"]
    note = "Every event has a time, every version has metadata."
    return Table(f"Plain data of {count(registry.revision)} events", columns, rows, note)


JSON = "`json.loads(text)`"
FROM_DICT = "`VersionRegistry.from_dict(data)`"
REPLAY = "`VersionRegistry.replay(events)`"
UNPICKLE = "`pickle.loads(pickled)`"
_OFF = ", collector off"


def operations(registry: VersionRegistry, *, collecting: bool = True) -> list[Case]:
    """Return the cases of reading and writing a registry, per event."""
    data = registry.to_dict()
    text = json.dumps(data)
    pickled = pickle.dumps(registry)
    events = tuple(registry.events)
    if VersionRegistry.from_dict(json.loads(text)) != registry:
        raise AssertionError("the registry that was read differs from the one that was written")
    runs: dict[str, Callable[[], object]] = {
        JSON: lambda: json.loads(text),
        "`json.dumps(data)`": lambda: json.dumps(data),
        "`registry.to_dict()`": registry.to_dict,
        FROM_DICT: lambda: VersionRegistry.from_dict(data),
        REPLAY: lambda: VersionRegistry.replay(events),
        "the same, and `registry.fingerprint`": lambda: VersionRegistry.replay(events).fingerprint,
        "`pickle.dumps(registry)`": lambda: pickle.dumps(registry),
        UNPICKLE: lambda: pickle.loads(pickled),
    }
    off = "" if collecting else _OFF
    return [
        Case(f"{name}{off}", partial(_as_it_is, run), registry.revision, collecting)
        for name, run in runs.items()
    ]


def _as_it_is(run: Run) -> Run:
    return run
