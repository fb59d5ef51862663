"""Against what people would use instead: a dict and a list, SQLite in memory, MLflow on SQLite."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import cycle

from tests.tools.benchmarks.optional import missing
from tests.tools.benchmarks.registries import label_of, labels
from tests.tools.benchmarks.rivals import RIVALS, Lastgood, Mlflow, Rival
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, looped, measured

#: What a reader must know of the others.
_NOTE = """\
Times are those of lastgood; ratios say how many times as long the others take. The dict and the
list check only that a label is known, and know only the present. SQLite has an index for every
question. MLflow has tags and one alias, and no history of what served. All of them answer with a
label; only lastgood says why, and applies the safety check to its answer."""


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
    """Measure each task at each size against all rivals, turn by turn."""
    rows: dict[str, list[list[str]]] = {task: [] for task in _TASKS}
    for size in options.sizes:
        with ExitStack() as stack:
            rivals = [rival(labels(size)) for rival in RIVALS]
            for rival in rivals:
                _ = stack.callback(rival.close)
            for task in _TASKS:
                rows[task].append([count(size), *_cells(task, rivals, options)])
    others = [rival.name for rival in RIVALS[1:]]
    note = " ".join(filter(None, (_NOTE, missing({"mlflow": "mlflow-skinny"}))))
    for task, cells in rows.items():
        yield Table(task, ["Versions", Lastgood.name, *others], cells, note)
        note = ""  # The first one holds for all of them.


def _cells(task: str, rivals: Sequence[Rival], options: Options) -> list[str]:
    operations = {rival.name: _TASKS[task](rival) for rival in rivals}
    answers = {operation() for operation in operations.values()}
    if len(answers) != 1:
        raise AssertionError(f"{task}: the answers differ: {answers}")
    taken = measured([_case(*item) for item in operations.items()], options.few)
    base = taken[Lastgood.name]
    return [duration(base), *(ratio(taken[rival.name], base) for rival in rivals[1:])]


def _case(name: str, operation: Callable[[], object]) -> Case:
    return looped(name, operation, 1 if name == Mlflow.name else 20)
