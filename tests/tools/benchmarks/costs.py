"""What lastgood costs as registries grow: flat, except where everything must be read."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from lastgood import (
    AsOf,
    BestBy,
    Event,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
    Rule,
    VersionRegistry,
    prunable,
)
from lastgood.keys import numbers
from lastgood.rules import AtLeast, Budget, NotAcross, ServedAtLeast, ServedWithin, Stable
from tests.tools.benchmarks import commands
from tests.tools.benchmarks.registries import Growing, built, failing, hour, label_of, labels
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, Run, looped, measured

#: Yields the name of each operation and its case, in a registry of about this many versions.
Cases = Callable[[int], Iterator[tuple[str, Case]]]


def tables(options: Options) -> Iterator[Table]:
    """Measure what is flat, then what reads everything, building, and going two ways."""
    for title, (cases, note) in _FLAT.items():
        yield _by_size(title, cases, options.sizes, options.turns, note)
    title = "What must read everything, per version"
    yield _by_size(
        title, _everything, options.sizes, options.few, "In a registry as for the rules."
    )
    yield _building(options)
    yield _two_ways(options)


def _by_size(title: str, cases: Cases, sizes: tuple[int, ...], turns: int, note: str) -> Table:
    """Measure each operation at all sizes, turn by turn, and relate them to the smallest."""
    rows: dict[str, list[Case]] = {}
    for size in sizes:
        for name, case in cases(size):
            rows.setdefault(name, []).append(case)
    smallest, *larger = map(str, sizes)
    table: list[list[str]] = []
    for name, at_all_sizes in rows.items():
        taken = measured(at_all_sizes, turns)
        base = taken[smallest]
        table.append([name, duration(base), *(ratio(taken[size], base) for size in larger)])
    columns = [title, *(f"{count(size)} versions" for size in sizes)]
    return Table(f"{title}, by the size of the registry", columns, table, note)


def _commands(size: int) -> Iterator[tuple[str, Case]]:
    return commands.cases(Growing(size))


# Plans


def plans(size: int) -> Iterator[tuple[str, Case]]:
    """Yield the name of each plan, and its case on a registry of this size.

    The current version failed, and the one before it is stable.
    """
    growing = Growing(size)
    [failed] = growing.fresh(1)
    growing.registry = growing.registry.deploy(failed).mark_failed(failed)
    registry = growing.registry
    strategies: list[RollbackStrategy] = [
        LastStable(),
        Previous(),
        Pinned(label_of(0)),
        PreviousBySemver(),
    ]
    for strategy in strategies:
        yield f"`{strategy!r}.plan`", _planning(strategy, registry, size)
    composite = LastStable() | Pinned(label_of(0))
    yield f"`({composite!r}).plan`", _planning(composite, registry, size)
    growing = Growing(size)
    for strategy in (LastStable(), PreviousBySemver()):
        yield f"`{strategy!r}.plan`, a release later", _after_a_release(strategy, growing)
    yield "`LastStable().recover`, a release later", _recovering(growing)


def _planning(strategy: RollbackStrategy, registry: VersionRegistry, size: int) -> Case:
    plan = partial(strategy.plan, registry)
    _ = plan()  # The fingerprint and the order of precedence are kept from the first time on.
    return looped(str(size), plan, 20)


def _after_a_release(strategy: RollbackStrategy, growing: Growing) -> Case:
    def prepare() -> Run:
        return partial(strategy.plan, _failed_release(growing))

    return Case(str(growing.size), prepare)


def _recovering(growing: Growing) -> Case:
    def prepare() -> Run:
        _ = _failed_release(growing)
        return recover

    def recover() -> None:
        growing.registry = LastStable().recover(growing.registry)

    return Case(str(growing.size), prepare)


def _failed_release(growing: Growing) -> VersionRegistry:
    """Deploy a release that proves good and one that fails; return the registry."""
    good, bad = growing.fresh(2)
    registry = growing.registry.deploy(good).mark_stable(good)
    growing.registry = registry.deploy(bad).mark_failed(bad)
    return growing.registry


def _rules(size: int) -> Iterator[tuple[str, Case]]:
    """Yield a plan without rules, with each of some rules, and with all of them together."""
    registry, failed = failing(size)
    of = LastStable()
    several: list[Rule] = [
        Stable(),
        AtLeast(label_of(0)),
        NotAcross("migration"),
        ServedAtLeast("1h"),
        ServedWithin("7d"),
        Budget(2),
        Budget(2, within="24h"),
    ]
    ruled = {repr(rule): of.where(rule) for rule in several}
    strategies = {
        "no rule": of,
        **ruled,
        "all of these": of.where(*several),
        "no rule, but `AsOf`": AsOf(hour(size - 0.5)),
    }
    targets = {strategy.plan(registry).target for strategy in strategies.values()}
    if targets != {label_of(size - 1)} or registry.current != failed:
        raise AssertionError(f"not all plans go back to the same version: {targets}")
    for name, strategy in strategies.items():
        shown = f"`{name}`" if name in ruled else name
        yield shown, _planning(strategy, registry, size)


# Questions


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
    yield "`registry.fingerprint`, an event later", _fingerprint_of_news(Growing(size))


def _fingerprint_of_news(growing: Growing) -> Case:
    def prepare() -> Run:
        _ = growing.fresh(commands.BATCH)
        registry = growing.registry
        first = registry.revision - commands.BATCH
        _ = registry.at_revision(first).fingerprint
        later = [registry.at_revision(first + 1 + place) for place in range(commands.BATCH)]

        def ask() -> None:
            for each in later:
                _ = each.fingerprint

        return ask

    return Case(str(growing.size), prepare, commands.BATCH)


# News


def _news(size: int) -> Iterator[tuple[str, Case]]:
    """Yield what a release costs a process that keeps its registry, and one that does not."""
    growing = Growing(size)
    ways: dict[str, Callable[[commands.Data], object]] = {
        "`registry.extend(map(Event.from_dict, data))`": partial(_extend, growing),
        "the same, and `registry.fingerprint`": lambda data: _extend(growing, data).fingerprint,
    }
    for name, way in ways.items():
        yield name, Case(str(size), partial(_reading_news, growing, way), commands.BATCH)
    everything = growing.registry.to_dict()
    yield (
        "`VersionRegistry.from_dict(everything)`",
        looped(str(size), lambda: VersionRegistry.from_dict(everything), 1),
    )


def _extend(growing: Growing, data: commands.Data) -> VersionRegistry:
    growing.registry = growing.registry.extend(map(Event.from_dict, data))
    return growing.registry


def _reading_news(growing: Growing, way: Callable[[commands.Data], object]) -> Run:
    releases = [
        [event.to_dict() for event in commands.release(name)]
        for name in commands.unheard_of(growing)
    ]
    _ = growing.registry.fingerprint

    def read() -> None:
        for data in releases:
            _ = way(data)

    return read


# Reading everything


def _everything(size: int) -> Iterator[tuple[str, Case]]:
    """Yield what grows with the registry, per version."""
    registry, failed = failing(size)
    late = registry.at_revision(registry.revision - 1)

    def refused() -> str:
        try:
            _ = Pinned(failed).plan(registry)
        except NoRollbackTarget as error:
            return error.explain()
        raise AssertionError(f"{failed} is not a target of its own rollback")

    operations: dict[str, Callable[[], object]] = {
        "`PreviousBy(numbers).plan`": partial(PreviousBy(numbers).plan, registry),
        "`BestBy('auc').plan`": partial(BestBy("auc").plan, registry),
        "`LastStable().review`": partial(LastStable().review, registry),
        "a plan without a target, and `error.explain()`": refused,
        "`prunable(registry)`": partial(prunable, registry),
    }
    for name, operation in operations.items():
        yield name, Case(str(size), partial(_again, operation), size)
    yield "`registry.fingerprint`, first asked", Case(str(size), partial(first_asked, late), size)


def _again(operation: Run) -> Run:
    return operation


def first_asked(registry: VersionRegistry) -> Run:
    """Make a registry ready whose fingerprint was never asked for, and return what asks for it.

    Args:
        registry: One that was extended already: the next command on it makes a copy.
    """
    copy = registry.register("copied")
    return lambda: copy.fingerprint


_ROLL_BACK = """\
The plans that `roll_back` carries out were made in another process, so it also computes the
fingerprint of the event before."""
_LATER = """\
The fingerprint is known, except in the rows *a release later*: there a plan computes it of the
events since."""
_RULED = """\
`LastStable().where(rule).plan`, in a registry in which every event has a time, every tenth version
is a barrier, and the last two releases failed. All plans go back to the same version."""
_KEPT = "Three events. The last row is what a process pays that reads the whole record again."

#: What should be flat, with what a reader must know of each table.
_FLAT: dict[str, tuple[Cases, str]] = {
    "Commands": (_commands, _ROLL_BACK),
    "Plans": (plans, _LATER),
    "Plans with rules": (_rules, _RULED),
    "Questions": (_questions, "In a registry as in the table before."),
    "News of one release": (_news, _KEPT),
}


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
