"""`SemVer` against other readers of versions, and against the floor below all of them."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Final, TypeAlias

from lastgood import SemVer
from tests.tools.benchmarks.optional import missing, optional
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Case, Run, measured

Read: TypeAlias = Callable[[str], Any]

#: The grammar of Semantic Versioning 2.0.0 as the specification suggests it, for ASCII digits.
SPECIFIED: Final = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
    r"(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?"
)

#: The modules of other readers, and their packages.
_OTHERS: Final = {
    "semver": "python-semver",
    "packaging.version": "packaging",
    "semantic_version": "semantic-version",
}
OURS: Final = "lastgood"
PYTHON_SEMVER: Final = _OTHERS["semver"]
BY_PRECEDENCE: Final = "lastgood, by `key=attrgetter('precedence')`"


def tables(options: Options) -> Iterator[Table]:
    """Measure reading, comparing and sorting."""
    _agree(texts(1_000), _readers())
    note = "Each of 1,000 texts is read once in a turn."
    yield _related("Reading a version", reading(), options.turns, note)
    for number in sorted({1_000, max(options.sizes)}):
        note = "The versions are read before. The first time, precedence is worked out as well."
        yield _related(f"Sorting {count(number)} versions", sorting(number), options.few, note)


def _readers() -> dict[str, Read]:
    """Return the functions that read a version, by the names of the installed packages."""
    readers: dict[str, Read] = {OURS: SemVer.parse}
    for module, package in _OTHERS.items():
        found = optional(module)
        if found is not None:
            readers[package] = found.Version.parse if module == "semver" else found.Version
    return readers


def texts(number: int) -> list[str]:
    """Return ``number`` versions that all readers can read, and put into the same order.

    Of ten, six are releases, three are pre-releases, and one is a pre-release with build metadata.
    """
    chance = random.Random(20)  # noqa: S311  # the same versions in every run
    return [_text(chance) for _ in range(number)]


def _text(chance: random.Random) -> str:
    text = ".".join(str(chance.choice((0, 1, 2, 9, 10, 11, 99, 256))) for _ in range(3))
    kind = chance.random()
    if kind > 0.6:
        text += f"-{chance.choice(('alpha', 'beta', 'rc'))}.{chance.randrange(1000)}"
    return text if kind <= 0.9 else f"{text}+build.{chance.randrange(1000)}"


def _agree(among: Sequence[str], readers: dict[str, Read]) -> None:
    """Check that all readers put the versions without build metadata into the same order."""
    plain = sorted({text.partition("+")[0] for text in among})
    orders = {tuple(sorted(plain, key=read)) for read in readers.values()}
    if len(orders) != 1:
        raise AssertionError("not all readers put versions into the same order")


def reading() -> list[Case]:
    """Return the cases of reading a version, the floor first."""
    among = texts(1_000)
    floor: dict[str, Read] = {"floor: the regular expression alone": SPECIFIED.fullmatch}
    more: dict[str, Read] = {
        "lastgood, as a label": SemVer.from_label,
        "lastgood, and its precedence": lambda text: SemVer.parse(text).precedence,
    }
    reads = {**floor, **_readers(), **more}
    return [_over_all(name, read, among) for name, read in reads.items()]


def sorting(number: int) -> list[Case]:
    """Return the cases of sorting ``number`` versions, the floor first."""
    among = texts(number)
    plain: dict[str, Read] = {
        "floor: plain strings": str,
        "tuples of ints and texts": _tuple,
        "the least class with a `__lt__`": Least,
    }
    cases = [
        Case(name, partial(_sorted, [read(text) for text in among]))
        for name, read in {**plain, **_readers()}.items()
    ]
    by_precedence = partial(sorted, _read(among), key=attrgetter("precedence"))
    return [
        *cases,
        Case(BY_PRECEDENCE, lambda: by_precedence),
        Case("lastgood, for the first time", lambda: _sorted(_read(among))),
    ]


class Least:
    """The least that sorting costs if Python code compares. It checks nothing."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __lt__(self, other: "Least") -> bool:
        return self.text < other.text


def _related(title: str, cases: Sequence[Case], turns: int, note: str) -> Table:
    """Measure the cases, the floor first, and relate all of them to it and to python-semver."""
    taken = {name: time.processor for name, time in measured(cases, turns).items()}
    floor, other = taken[cases[0].name], taken.get(PYTHON_SEMVER, 0)
    rows = [
        [name, duration(time), ratio(time, floor), ratio(time, other)]
        for name, time in taken.items()
    ]
    columns = [title, "time", "to the floor", "to python-semver"]
    return Table(title, columns, rows, " ".join(filter(None, (note, missing(_OTHERS)))))


def _over_all(name: str, read: Read, among: Sequence[str]) -> Case:
    def run() -> None:
        for text in among:
            _ = read(text)

    return Case(name, lambda: run, len(among))


def _read(among: Sequence[str]) -> list[SemVer]:
    return [SemVer.parse(text) for text in among]


def _sorted(values: Sequence[Any]) -> Run:
    return partial(sorted, values)


def _tuple(text: str) -> tuple[object, ...]:
    """Return the precedence of a version as a tuple, the plain way."""
    version, _, _ = text.partition("+")
    core, hyphen, prerelease = version.partition("-")
    numbers = tuple(int(number) for number in core.split("."))
    if not hyphen:
        return (*numbers, 1)
    identifiers = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in prerelease.split(".")
    )
    return (*numbers, 0, identifiers)
