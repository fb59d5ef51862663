"""Many small registries: ten thousand of ten versions, built, planned, rolled back."""

from collections.abc import Iterator, Sequence

from lastgood import LastStable, VersionRegistry
from tests.benchmarks.registries import built, labels
from tests.benchmarks.rivals import Plain
from tests.benchmarks.tables import Options, Table, count, duration, ratio
from tests.benchmarks.timing import Case, Run, measured

#: How many versions each of them has.
_VERSIONS = 10


def tables(options: Options) -> Iterator[Table]:
    """Measure each step over all of them, per registry."""
    fleet = Fleet(max(options.sizes) // _VERSIONS)
    steps = {"build": fleet.build, "plan": fleet.plan, "roll back": fleet.roll_back}
    cases = [
        Case(f"{name}, collector {'on' if collecting else 'off'}", step, fleet.size, collecting)
        for collecting in (False, True)
        for name, step in steps.items()
    ]
    plainly = Case("a dict and a list: build", fleet.build_plainly, fleet.size)
    taken = measured([*cases, plainly], options.few)
    base = taken[plainly.name]
    rows = [[name, duration(time), ratio(time, base)] for name, time in taken.items()]
    title = f"{count(fleet.size)} registries of {_VERSIONS} versions, per registry"
    yield Table(title, ["Step", "time", "to building a dict and a list"], rows, _NOTE)


_NOTE = "Each version is registered, deployed and marked stable; then the last one fails."


class Fleet:
    """Many registries, of as many things, that go through the steps together."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._names = labels(_VERSIONS)
        self._planned_for = self._built()

    def build(self) -> Run:
        """Make building all of them ready."""

        def run() -> None:
            for _ in range(self.size):
                _ = _failed(self._names)

        return run

    def plan(self) -> Run:
        """Make planning for all of them ready."""

        def run() -> None:
            for registry in self._planned_for:
                _ = LastStable().plan(registry)

        return run

    def roll_back(self) -> Run:
        """Make rolling all of them back ready."""
        planned = [(registry, LastStable().plan(registry)) for registry in self._built()]

        def run() -> None:
            for registry, plan in planned:
                _ = registry.roll_back(plan)

        return run

    def build_plainly(self) -> Run:
        """Make building the plain thing as often ready."""

        def run() -> None:
            for _ in range(self.size):
                _ = Plain(self._names)

        return run

    def _built(self) -> list[VersionRegistry]:
        return [_failed(self._names) for _ in range(self.size)]


def _failed(names: Sequence[str]) -> VersionRegistry:
    return built(names).mark_failed(names[-1], reason="p99 latency 900 ms")
