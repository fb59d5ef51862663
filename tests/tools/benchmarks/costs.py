"""What lastgood costs as registries grow: flat, except where everything must be read."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from lastgood import VersionRegistry
from tests.tools.benchmarks import commands, decisions
from tests.tools.benchmarks.registries import Growing, built, failing, hour, label_of, labels
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, Run, looped, measured

#: Yields the name of each operation and its case, in a registry of about this many versions.
Cases = Callable[[int], Iterator[tuple[str, Case]]]

_MADE = """\
The plans that `roll_back` carries out were made in another process, so it also computes the
fingerprint of the event before."""
_LATER = """\
`strategy.plan(registry)` with each strategy. The fingerprint is known, except in the rows *a
release later*: there a plan computes it of the events since."""
_RULED = """\
`LastStable().where(rule).plan`, in a registry in which every event has a time, every tenth version
is a barrier, and the last two releases failed. All plans go back to the same version."""


def tables(options: Options) -> Iterator[Table]:
    """Measure what is flat, then what reads everything, building, and going two ways."""
    for title, cases, note in (
        ("Commands", _commands, _MADE),
        ("Plans", decisions.plans, _LATER),
        ("Plans with rules", decisions.rules, _RULED),
        ("Questions", _questions, "In a registry as in the table before."),
    ):
        yield _by_size(title, cases, options.sizes, options.turns, note)
    title, note = "What must read everything, per version", "In a registry as for the rules."
    yield _by_size(title, decisions.everything, options.sizes, options.few, note)
    yield _building(options)
    yield _two_ways(options)


def _commands(size: int) -> Iterator[tuple[str, Case]]:
    return commands.cases(Growing(size))


def _by_size(title: str, cases: Cases, sizes: tuple[int, ...], turns: int, note: str) -> Table:
    """Measure each operation at all sizes, turn by turn, and relate them to the smallest."""
    rows: dict[str, list[Case]] = {}
    for size in sizes:
        for name, case in cases(size):
            rows.setdefault(name, []).append(case)
    smallest, *larger = map(str, sizes)
    table: list[list[str]] = []
    for name, at_all_sizes in rows.items():
        taken = {size: time.processor for size, time in measured(at_all_sizes, turns).items()}
        base = taken[smallest]
        table.append([name, duration(base), *(ratio(taken[size], base) for size in larger)])
    columns = [title, *(f"{count(size)} versions" for size in sizes)]
    return Table(f"{title}, by the size of the registry", columns, table, note)


def _questions(size: int) -> Iterator[tuple[str, Case]]:
    registry, _ = failing(size)
    old = registry.at_revision(registry.revision // 2)
    label, noon = label_of(size // 2), hour(size // 2 + 0.5)
    questions: dict[str, Callable[[], object]] = {
        "`registry[label]`": lambda: registry[label],
        "`registry[label]`, half way back": lambda: old[label],
        "`label in registry`": lambda: label in registry,
        "`len(registry)`": lambda: len(registry),
        "`registry.current`": lambda: registry.current,
        "`registry.needs_rollback`": lambda: registry.needs_rollback,
        "`registry.at_revision(n)`": lambda: registry.at_revision(old.revision),
        "`registry.at_revision(n).current`": lambda: registry.at_revision(old.revision).current,
        "`registry.current_at(when)`": lambda: registry.current_at(noon),
        "`registry.served_for(label)`": lambda: registry.served_for(label),
        "`registry.fingerprint`, asked again": lambda: registry.fingerprint,
        "`hash(registry)`": lambda: hash(registry),
        "the last three of `registry.events`": lambda: registry.events[-3:],
        "the last of `registry.deployments`": lambda: registry.deployments[-1],
        "the last of `registry.deployments_of(label)`": lambda: registry.deployments_of(label)[-1],
        "the first three of `registry.lineage()`": lambda: list(islice(registry.lineage(), 3)),
    }
    if registry.current_at(noon) != label:
        raise AssertionError(f"{label} served at {noon}")
    for name, question in questions.items():
        yield name, looped(str(size), question)
    yield "`registry.fingerprint`, an event later", commands.fingerprint_later(Growing(size))


# Building


def _building(options: Options) -> Table:
    """Measure building registries, up to ten times as large as the others."""
    sizes = (*options.sizes, 10 * options.largest)
    rows: list[list[str]] = []
    for collecting, words in ((True, "on"), (False, "off")):
        # Many small registries are built in a turn, so that a turn is long enough.
        cases = [_build(size, collecting=collecting) for size in sizes]
        base, *larger = [time.processor for time in measured(cases, options.few).values()]
        rows.append([f"collector {words}", duration(base), *(ratio(time, base) for time in larger)])
    columns = ["An event", *(f"{count(size)} versions" for size in sizes)]
    note = (
        "Each version is registered, deployed and marked stable, one command at a time; "
        "the time to drop the registry is included."
    )
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
        taken = {name: time.processor for name, time in measured(cases, options.few).items()}
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
        return partial(_registering, way)

    return Case("later", prepare, commands.BATCH)


def _usual_step(growing: Growing) -> Case:
    def prepare() -> Run:
        _ = growing.fresh(1)
        return step

    def step() -> None:
        growing.registry = _registering(growing.registry)

    return Case("usual", prepare, commands.BATCH)


def _registering(registry: VersionRegistry) -> VersionRegistry:
    for number in range(commands.BATCH):
        registry = registry.register(f"{len(registry)}+{number}")
    return registry
