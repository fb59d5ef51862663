"""Against what people would use instead: collections, SQLite, event sourcing, MLflow."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import cycle

from tests.tools.benchmarks.databases import Mlflow, Sqlite
from tests.tools.benchmarks.optional import installed, missing
from tests.tools.benchmarks.registries import label_of, labels
from tests.tools.benchmarks.rivals import Lastgood, Persistent, Plain, Rival
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Time, looped, measured

#: The packages of those that are compared, by their modules.
NEEDED = {**Persistent.needs, "eventsourcing": "eventsourcing", **Mlflow.needs}

#: What a reader must know of the others.
_NOTE = """\
The collections check only that a label is known, and know only the present. SQLite has an index
for every question. The aggregate of `eventsourcing` is kept in memory, and searched like the dict.
MLflow has tags and one alias, and no history of what served. All of them answer with a label; only
lastgood says why, and applies the safety check to its answer. A dash: it would take minutes."""


@cache
def rivals() -> list[type[Rival]]:
    """Return all whose packages are installed, lastgood first."""
    found: list[type[Rival]] = [Lastgood, Plain, Persistent, Sqlite]
    if installed("eventsourcing"):
        from tests.tools.benchmarks.event_sourced import EventSourced  # noqa: PLC0415

        found.append(EventSourced)
    found.append(Mlflow)
    return [rival for rival in found if rival.available()]


def _recording(rival: Rival) -> Callable[[], object]:
    """Return the recording of a verdict for another reason than the last one, which is news."""
    reasons = cycle(("24 h without an alarm", "48 h without an alarm"))
    label = label_of(0)
    return lambda: rival.record(label, next(reasons))


#: What each of them is asked to do.
_TASKS: dict[str, Callable[[Rival], Callable[[], object]]] = {
    "Recording an event": _recording,
    "Finding the last stable version": lambda rival: rival.last_stable,
    "Finding the previous one by SemVer": lambda rival: rival.previous_by_semver,
}


def tables(options: Options) -> Iterator[Table]:
    """Measure each task at each size with all rivals, turn by turn."""
    taken: dict[str, dict[int, dict[str, Time]]] = {task: {} for task in _TASKS}
    for size in options.sizes:
        with ExitStack() as stack:
            filled = [rival(labels(size)) for rival in rivals() if size <= rival.most]
            for rival in filled:
                _ = stack.callback(rival.close)
            for task in _TASKS:
                taken[task][size] = _taken(task, filled, options)
    most = min(rival.most for rival in rivals())
    shared = max((size for size in options.sizes if size <= most), default=options.sizes[0])
    columns = [
        "What",
        *(f"{count(size)} versions" for size in options.sizes),
        f"among {count(shared)}: to lastgood",
        "wall clock",
    ]
    note = " ".join(filter(None, (_NOTE, missing(NEEDED))))
    for task, by_size in taken.items():
        yield Table(task, columns, list(_rows(by_size, shared)), note)
        note = ""  # The first one holds for all of them.


def _taken(task: str, filled: Sequence[Rival], options: Options) -> dict[str, Time]:
    operations = {rival.name: _TASKS[task](rival) for rival in filled}
    answers = {operation() for operation in operations.values()}
    if len(answers) != 1:
        raise AssertionError(f"{task}: the answers differ: {answers}")
    times = {rival.name: 1 if isinstance(rival, Mlflow) else 20 for rival in filled}
    cases = [looped(name, run, times[name]) for name, run in operations.items()]
    return measured(cases, options.few)


def _rows(by_size: dict[int, dict[str, Time]], shared: int) -> Iterator[list[str]]:
    base = by_size[shared][Lastgood.name].processor
    for name, there in by_size[shared].items():
        cells = [
            duration(taken[name].processor) if name in taken else "-" for taken in by_size.values()
        ]
        yield [name, *cells, ratio(there.processor, base), duration(there.wall)]
