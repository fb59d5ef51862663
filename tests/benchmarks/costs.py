"""What lastgood itself costs as registries grow: flat, but for what must read everything."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from lastgood import (
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    VersionRegistry,
)
from tests.benchmarks import commands
from tests.benchmarks.registries import Growing, built, label_of, labels
from tests.benchmarks.tables import Options, Table, count, duration, ratio
from tests.benchmarks.timing import Case, Run, looped, measured


def tables(options: Options) -> Iterator[Table]:
    """Measure commands, plans and questions, then building and going two ways."""
    for title, cases in _BY_SIZE.items():
        yield _by_size(title, cases, options)
    yield _building(options)
    yield _two_ways(options)


def _by_size(
    title: str, cases: Callable[[Growing], Iterator[tuple[str, Case]]], options: Options
) -> Table:
    """Measure each operation at all sizes, turn by turn, and relate them to the smallest."""
    rows: dict[str, list[Case]] = {}
    for growing in map(Growing, options.sizes):
        for name, case in cases(growing):
            rows.setdefault(name, []).append(case)
    smallest, *larger = map(str, options.sizes)
    table: list[list[str]] = []
    for name, at_all_sizes in rows.items():
        taken = measured(at_all_sizes, options.turns)
        base = taken[smallest]
        table.append([name, duration(base), *(ratio(taken[size], base) for size in larger)])
    columns = [title, *(f"{count(size)} versions" for size in options.sizes)]
    return Table(f"{title}, by the size of the registry", columns, table)


# Plans


def plans(growing: Growing) -> Iterator[tuple[str, Case]]:
    """Yield the name of each plan, and its case on this registry.

    The current version failed, and the one before it is stable.
    """
    [failed] = growing.fresh(1)
    growing.registry = growing.registry.deploy(failed).mark_failed(failed)
    registry = growing.registry
    strategies: list[RollbackStrategy] = [
        LastStable(),
        Previous(),
        Pinned(label_of(0)),
        PreviousBySemver(),
        LastStable() | Pinned(label_of(0)),
    ]
    for strategy in strategies:
        plan = partial(strategy.plan, registry)
        _ = plan()  # The order of precedence is made when it is asked for first.
        yield f"`{strategy!r}.plan`", looped(str(growing.size), plan, 20)
    yield "`PreviousBySemver().plan`, a release later", _after_a_release(Growing(growing.size))


def _after_a_release(growing: Growing) -> Case:
    def prepare() -> Run:
        growing.registry = growing.registry.mark_stable(str(growing.registry.current))
        [released] = growing.fresh(1)
        growing.registry = growing.registry.deploy(released)
        return partial(PreviousBySemver().plan, growing.registry)

    return Case(str(growing.size), prepare)


# Questions


def _questions(growing: Growing) -> Iterator[tuple[str, Case]]:
    registry = growing.registry
    old = registry.at_revision(registry.revision // 2)
    label = label_of(0)
    questions: dict[str, Callable[[], object]] = {
        "`registry[label]`": lambda: registry[label],
        "`registry[label]`, half way back": lambda: old[label],
        "`label in registry`": lambda: label in registry,
        "`len(registry)`": lambda: len(registry),
        "`registry.current`": lambda: registry.current,
        "`registry.needs_rollback`": lambda: registry.needs_rollback,
        "`registry.at_revision(n)`": lambda: registry.at_revision(old.revision),
        "`hash(registry)`": lambda: hash(registry),
        "the last three of `registry.events`": lambda: registry.events[-3:],
        "the last of `registry.deployments`": lambda: registry.deployments[-1],
        "the first three of `registry.lineage()`": lambda: list(islice(registry.lineage(), 3)),
    }
    for name, question in questions.items():
        yield name, looped(str(growing.size), question)


#: What is measured at all sizes.
_BY_SIZE = {"Commands": commands.cases, "Plans": plans, "Questions": _questions}


# Building


def _building(options: Options) -> Table:
    rows: list[list[str]] = []
    smallest = options.sizes[0]
    for collecting, words in ((False, "off"), (True, "on")):
        bases: list[float] = []
        cells: list[str] = []
        for size in options.sizes:
            # Many small registries are built in a turn, so that a turn is long enough.
            pair = [_build(smallest, collecting=collecting), _build(size, collecting=collecting)]
            turns = max(3, min(options.few, 10_000 // size))
            taken = measured(pair[: 1 + (size != smallest)], turns)
            bases.append(taken[str(smallest)])
            cells.append(ratio(taken[str(size)], taken[str(smallest)]))
        rows.append([f"collector {words}", duration(min(bases)), *cells[1:]])
    columns = ["An event", *(f"{count(size)} versions" for size in options.sizes)]
    note = "Each version is registered, deployed and marked stable, one command at a time."
    return Table("Building from nothing, per event", columns, rows, note)


def _build(size: int, *, collecting: bool) -> Case:
    names = labels(size)
    rounds = max(1, 1_000 // size)

    def build() -> None:
        for _ in range(rounds):
            _ = built(names)

    return Case(str(size), lambda: build, 3 * size * rounds, collecting)


# Two ways


def _two_ways(options: Options) -> Table:
    rows: list[list[str]] = []
    for size in options.sizes:
        growing = Growing(size)
        cases = [_first_step(growing), _later_step(growing), _usual_step(growing)]
        taken = measured(cases, options.few)
        usual = taken["usual"]
        rows.append(
            [
                count(size),
                duration(taken["first"]),
                duration(taken["first"] / size),
                ratio(taken["later"], usual),
            ]
        )
    columns = ["Versions", "first step on the second way", "per version", "a later step on it"]
    note = (
        "The first step away from a registry that was extended already copies once; "
        "a later one is related to a step on the first way."
    )
    return Table("Going two ways from an old registry", columns, rows, note)


def _forked(growing: Growing) -> VersionRegistry:
    """Return an old registry, extended already."""
    [name] = growing.fresh(1)
    growing.registry = growing.registry.deploy(name)
    return growing.registry.at_revision(growing.registry.revision - 1)


def _first_step(growing: Growing) -> Case:
    return Case("first", lambda: partial(_forked(growing).mark_failed, label_of(0)))


def _later_step(growing: Growing) -> Case:
    def prepare() -> Run:
        way = _forked(growing).mark_failed(label_of(0)).register("new")
        return partial(way.register, "newer")

    return Case("later", prepare)


def _usual_step(growing: Growing) -> Case:
    def prepare() -> Run:
        _ = growing.fresh(1)
        return step

    def step() -> None:
        growing.registry = growing.registry.register(f"{len(growing.registry)}+new")

    return Case("usual", prepare)
