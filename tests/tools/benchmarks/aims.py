"""What was aimed at, and what came of it: the few numbers that decide, in one table.

An aim stays as it was set before the code was written. Most are ratios to a floor that is measured
in the same run, turn by turn, so that they hold on another machine.
"""

from collections.abc import Iterator
from functools import partial

import attrs

from tests.tools.benchmarks import commands, decisions, importing, loading, memory, precedence
from tests.tools.benchmarks.registries import Growing, built, incident, label_of, labels
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.tables import memory as bytes_of
from tests.tools.benchmarks.timing import Case, Time, looped, measured

#: At most this many times as long as one `re.fullmatch` of the SemVer expression.
_COMMANDS = {
    "register": 14,
    "mark_stable": 14,
    "mark_failed": 14,
    "retire": 14,
    "reinstate": 14,
    "deploy": 20,
    "observe, going back": 30,
    "roll_back": 30,
}
_PLANS = {"LastStable": 26, "Pinned": 20, "FirstOf": 36, "PreviousBySemver": 47}
#: At most this many times as long as what each of them is related to.
_TO_REGEX, _TO_PYTHON_SEMVER, _TO_STRINGS, _BY_PRECEDENCE, _TO_JSON = 2.8, 0.65, 4.3, 1.6, 3
#: At most this many seconds.
_LOOKUP, _EVENT, _IMPORT = 0.6e-6, 1e-6, 12e-3
#: At most this many bytes.
_VERSION, _EMPTY = 600, 100

_FULLMATCH = "floor: `re.fullmatch` of the SemVer expression"


def tables(options: Options) -> Iterator[Table]:
    """Measure all that was aimed at, on the largest registry."""
    rows = [
        row
        for measure in (_commands, _plans, _reading, _versions, _importing, _memory)
        for row in measure(options)
    ]
    title = f"Aims, in a registry of {count(options.largest)} versions"
    columns = ["What", "aim: at most", "measured", "", "processor time", "wall clock"]
    yield Table(title, columns, rows, _NOTE)


_NOTE = """\
Commands and plans are related to one `re.fullmatch` of the SemVer expression with `1.2.3`, which
was measured with them, turn by turn. Other machines have the ratios in common with this one, not
the times."""


def _floor() -> Case:
    return looped(_FULLMATCH, partial(precedence.SPECIFIED.fullmatch, "1.2.3"))


def _commands(options: Options) -> Iterator[list[str]]:
    growing = Growing(options.largest)
    for name, case in commands.cases(growing):
        if name == "roll_back":
            yield _rolling_back(growing, case, options)
        elif name in _COMMANDS:
            yield _to_fullmatch(f"`{name}`", _COMMANDS[name], case, options)


def _rolling_back(growing: Growing, case: Case, options: Options) -> list[str]:
    """Take off the fingerprint of the event before, which a plan of this process would know."""
    later = attrs.evolve(commands.fingerprint_later(growing), name="later")
    taken = measured([_floor(), case, later], options.turns)
    both, of_event = taken[case.name], taken["later"]
    time = Time(both.processor - of_event.processor, both.wall - of_event.wall)
    what = "`roll_back`, less the fingerprint of the event before, to `re.fullmatch`"
    return _ratio(what, _COMMANDS["roll_back"], time, taken[_FULLMATCH])


def _plans(options: Options) -> Iterator[list[str]]:
    for name, case in decisions.plans(options.largest):
        strategy = name.strip("`")
        if strategy in _PLANS:
            yield _to_fullmatch(f"`{strategy}.plan`", _PLANS[strategy], case, options)


def _to_fullmatch(what: str, aim: float, case: Case, options: Options) -> list[str]:
    taken = measured([_floor(), case], options.turns)
    return _ratio(f"{what}, to `re.fullmatch`", aim, taken[case.name], taken[_FULLMATCH])


def _reading(options: Options) -> Iterator[list[str]]:
    full, bare = incident(options.largest), built(labels(options.largest // 3 + 1))
    for events, registry in (("events with times", full), ("events without", bare)):
        taken = measured(loading.operations(registry), options.few)
        what = f"`from_dict` of {events}, to `json.loads` of the same text"
        yield _ratio(what, _TO_JSON, taken[loading.FROM_DICT], taken[loading.JSON])
        yield _seconds(f"`replay` of {events}, per event", _EVENT, taken[loading.REPLAY])
        yield _seconds(f"unpickling {events}, per event", _EVENT, taken[loading.UNPICKLE])
        asked = partial(decisions.first_asked, tuple(registry.events))
        case = Case("asked", asked, registry.revision)
        what = f"`fingerprint` of {events}, first asked, per event"
        yield _seconds(what, _EVENT, measured([case], options.few)["asked"])
    registry, label = built(labels(options.largest)), label_of(0)
    case = looped("label", lambda: registry[label])
    yield _seconds("`registry[label]`", _LOOKUP, measured([case], options.turns)["label"])


def _versions(options: Options) -> Iterator[list[str]]:
    read = measured(precedence.reading(), options.turns)
    ours = read[precedence.OURS]
    yield _ratio("`SemVer.parse`, to `re.fullmatch`", _TO_REGEX, ours, next(iter(read.values())))
    if precedence.PYTHON_SEMVER in read:
        other = read[precedence.PYTHON_SEMVER]
        yield _ratio("`SemVer.parse`, to python-semver", _TO_PYTHON_SEMVER, ours, other)
    for number in sorted({1_000, options.largest}):
        taken = measured(precedence.sorting(number), options.few)
        strings, many = next(iter(taken.values())), count(number)
        what = f"sorting {many} `SemVer` objects, to strings"
        yield _ratio(what, _TO_STRINGS, taken[precedence.OURS], strings)
        what = f"sorting {many} by `precedence`, to strings"
        yield _ratio(what, _BY_PRECEDENCE, taken[precedence.BY_PRECEDENCE], strings)


def _importing(options: Options) -> Iterator[list[str]]:
    _, ours = importing.taken(options)
    yield _seconds("`import lastgood`, after attrs and typing-extensions", _IMPORT, ours)


def _memory(options: Options) -> Iterator[list[str]]:
    size = min(10_000, options.largest)
    each = memory.per_version(memory.three_events, size)
    yield _bytes("a registered version with three events", _VERSION, each)
    yield _bytes("an empty registry", _EMPTY, memory.empty())


def _ratio(what: str, aim: float, time: Time, base: Time) -> list[str]:
    value = time.processor / base.processor if base.processor else 0
    return _row(what, f"{aim:g}x", ratio(value, 1), time, met=value <= aim)


def _seconds(what: str, aim: float, time: Time) -> list[str]:
    value = time.processor
    return _row(what, duration(aim), duration(value), time, met=value <= aim)


def _bytes(what: str, aim: float, value: float) -> list[str]:
    return _row(what, bytes_of(aim), bytes_of(value), None, met=value <= aim)


def _row(what: str, aim: str, value: str, time: Time | None, *, met: bool) -> list[str]:
    times = ["-", "-"] if time is None else [duration(time.processor), duration(time.wall)]
    return [what, aim, value, "met" if met else "**missed**", *times]
