"""Many small registries: ten thousand of ten versions, built, planned, rolled back, kept up."""

from collections.abc import Callable, Iterator
from functools import partial

from lastgood import LastStable, RollbackPlan, VersionRegistry
from tests.tools.benchmarks.commands import release
from tests.tools.benchmarks.registries import built, labels
from tests.tools.benchmarks.rivals import Plain
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, Run, measured

#: How many versions each of them has.
_NAMES = labels(10)
#: The next version of each.
_NEXT = "next"


def tables(options: Options) -> Iterator[Table]:
    """Measure each step, per registry, and beside it the same step with a dict and a list."""
    size = max(options.sizes) // len(_NAMES)
    rows: list[list[str]] = []
    for step, (prepare, plainly) in _STEPS.items():
        cases = [
            Case("off", partial(prepare, size), size),
            Case("on", partial(prepare, size), size, collecting=True),
            Case("plain", partial(plainly, size), size),
        ]
        taken = measured(cases, options.few)
        base = taken["off"]
        rows.append([step, duration(base), ratio(taken["on"], base), ratio(taken["plain"], base)])
    title = f"{count(size)} registries of {len(_NAMES)} versions, per registry"
    columns = ["Step", "lastgood", "collector on", "dict and list"]
    yield Table(title, columns, rows, _NOTE)


_NOTE = (
    "Each version is registered, deployed and marked stable; then the last one fails. *News* is a "
    "release of three events, read by a process that keeps its registries. "
    "Ratios are to the time of lastgood."
)


def _for_each(size: int, build: Callable[[], object]) -> Run:
    def run() -> None:
        for _ in range(size):
            _ = build()

    return run


def _failed() -> VersionRegistry:
    return built(_NAMES).mark_failed(_NAMES[-1], reason="p99 latency 900 ms")


def _failed_plainly() -> Plain:
    plain = Plain(_NAMES)
    plain.mark(_NAMES[-1], "failed")
    return plain


def _building(size: int) -> Run:
    return _for_each(size, _failed)


def _building_plainly(size: int) -> Run:
    return _for_each(size, _failed_plainly)


def _planning(size: int) -> Run:
    registries = [_failed() for _ in range(size)]

    def run() -> None:
        for registry in registries:
            _ = LastStable().plan(registry)

    return run


def _planning_plainly(size: int) -> Run:
    things = [_failed_plainly() for _ in range(size)]

    def run() -> None:
        for thing in things:
            _ = thing.last_stable()

    return run


def _rolling_back(size: int) -> Run:
    planned: list[tuple[VersionRegistry, RollbackPlan]] = []
    for _ in range(size):
        registry = _failed()
        planned.append((registry, LastStable().plan(registry)))

    def run() -> None:
        for registry, plan in planned:
            _ = registry.roll_back(plan)

    return run


def _rolling_back_plainly(size: int) -> Run:
    things = [(thing, thing.last_stable()) for thing in (_failed_plainly() for _ in range(size))]

    def run() -> None:
        for thing, target in things:
            thing.roll_back(target)

    return run


def _extending(size: int) -> Run:
    registries = [_failed() for _ in range(size)]
    news = release(_NEXT)

    def run() -> None:
        for registry in registries:
            _ = registry.extend(news)

    return run


def _extending_plainly(size: int) -> Run:
    things = [_failed_plainly() for _ in range(size)]

    def run() -> None:
        for thing in things:
            thing.add(_NEXT)
            thing.deploy(_NEXT)
            thing.mark(_NEXT, "stable")

    return run


_STEPS: dict[str, tuple[Callable[[int], Run], Callable[[int], Run]]] = {
    "build": (_building, _building_plainly),
    "plan": (_planning, _planning_plainly),
    "roll back": (_rolling_back, _rolling_back_plainly),
    "news": (_extending, _extending_plainly),
}
