"""What was aimed at, and what came of it: the few numbers that decide, in one table.

An aim stays as it was set before the code was written. Where later work made something slower, the
last column says by how much its aim is missed.
"""

from collections.abc import Iterator
from functools import partial

from tests.tools.benchmarks import commands, costs, importing, precedence
from tests.tools.benchmarks.registries import Growing, built, labels
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, measured

#: At most this many seconds.
_COMMAND, _IMPORT, _EVENT_OF_FINGERPRINT = 6e-6, 12e-3, 0.2e-6
_PLANS = {"`LastStable().plan`": 10e-6, "`PreviousBySemver().plan`": 20e-6}
#: At most this many times as long.
_TO_REGEX, _TO_PYTHON_SEMVER, _TO_STRINGS = 2.8, 0.65, 3.0


def tables(options: Options) -> Iterator[Table]:
    """Measure all that was aimed at, on the largest registry."""
    rows = [*_versions(options), _importing(options), *_registry(options)]
    title = f"Aims, in a registry of {count(max(options.sizes))} versions"
    yield Table(title, ["What", "aim: at most", "measured", "to the aim", ""], rows, _NOTE)


_NOTE = (
    "Seconds are those of one machine on one day; another machine has the ratios in common with "
    "it. The aim of every command is the same, whatever it does."
)


def _versions(options: Options) -> Iterator[list[str]]:
    read = measured(precedence.reading(), options.turns)
    for other, aim in (
        (next(iter(read)), _TO_REGEX),
        (precedence.PYTHON_SEMVER, _TO_PYTHON_SEMVER),
    ):
        if other in read:
            what = f"`SemVer.parse`, to {other.removeprefix('floor: ')}"
            yield _times(what, aim, read[precedence.OURS], read[other])
    for number in sorted({1_000, max(options.sizes)}):
        taken = measured(precedence.sorting(number), options.turns)
        what = f"sorting {count(number)} `SemVer` objects, to sorting strings"
        yield _times(what, _TO_STRINGS, taken[precedence.OURS], next(iter(taken.values())))


def _importing(options: Options) -> list[str]:
    _, ours = importing.taken(options)
    return _seconds("`import lastgood`, after attrs and typing-extensions", _IMPORT, ours)


def _registry(options: Options) -> Iterator[list[str]]:
    size = max(options.sizes)
    for name, case in costs.plans(size):
        if name in _PLANS:
            yield _seconds(name, _PLANS[name], _alone(case, options.turns))
    registry = built(labels(size))
    asked = partial(costs.first_asked, registry.at_revision(registry.revision - 1))
    case = Case(str(size), asked, registry.revision)
    name = "`registry.fingerprint`, first asked, per event without time and metadata"
    yield _seconds(name, _EVENT_OF_FINGERPRINT, _alone(case, options.few))
    for name, case in commands.cases(Growing(size)):
        yield _seconds(name, _COMMAND, _alone(case, options.turns))


def _alone(case: Case, turns: int) -> float:
    return measured([case], turns)[case.name]


def _times(what: str, aim: float, value: float, base: float) -> list[str]:
    return [what, f"{aim:g}x", ratio(value, base), *_verdict(aim, value / base if base else 0)]


def _seconds(what: str, aim: float, value: float) -> list[str]:
    return [what, duration(aim), duration(value), *_verdict(aim, value)]


def _verdict(aim: float, value: float) -> list[str]:
    return [ratio(value, aim), "met" if value <= aim else "**missed**"]
