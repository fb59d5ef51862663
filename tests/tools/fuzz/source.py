"""Bytes as a source of choices: texts, values, and documents that are nearly right.

1. The same bytes make the same choices. When they are used up, every choice is the first one.
2. Most of what is made is valid, or valid except in a few places, so that more is tried than the
   first check of the reader.
3. Texts and numbers are also changed a little: such damage finds where two readers disagree.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from lastgood import LastgoodError, Previous, VersionRegistry

T = TypeVar("T")

LABELS: Final = ("1.0.0", "v1.1", "1.2.0-rc.1", "main", "1.0.0+b", "é", "2024.05.01")
TIMES: Final = (
    "2024-05-01T12:00:00+00:00",
    "2024-05-01T12:00:00Z",
    "2024-05-01 14:00:00.123456+02:00",
    "20240501T120000Z",
    "2024-W18-3T12:00+05:30:15.000001",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.999999+00:00",
)
BAD_TIMES: Final = (
    "2024-05-01T12:00:00",
    "2024-05-01",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2024-02-30T00:00:00Z",
    "2024-05-01T24:00:00Z",
    "2024-05-01T12:60:00Z",
    "2024-05-01T12:00:60Z",
    "2024-05-01T12:00:00+24:00",
    "2024-05-01T12:00:00Z\n",
    "2024-05-01x12:00:00Z",
    "٢٠٢٤-05-01T12:00:00Z",
)
DURATIONS: Final = (
    "0s",
    "1.5s",
    "90s",
    "24h",
    "7d",
    "1d12h",
    "1h0.25m",
    "999999999d23h59m59.999999s",
)
BAD_DURATIONS: Final = (
    "24",
    "P1D",
    "1h1d",
    "1h1h",
    "1.5h30m",
    "1.0000001s",
    "1000000000s",
    "999999999d24h",
    "24h\n",
)
#: What is put into texts to change them a little.
LETTERS: Final = "0123456789dhms.:TZ+-_vV \n\u00e9\u0661\u2028\x85\x00"
#: A number of more digits than `int` reads at once.
LONG: Final = "1" + "0" * 5_000
#: Pieces of versions, and of what only looks like them.
NUMBERS: Final = ("0", "1", "2", "10", "99", "9" * 30, "12", "01", "3", "4", "5", "6", LONG)
GOOD_PIECES: Final = ("0", "1", "12", "rc", "a-b", "-", "x1", "1x", "Z", "alpha")
PIECES: Final = (*GOOD_PIECES, "01", "", " ", "\n", "é", "٣", "_", "\ud800")
JOINTS: Final = (".", ".", ".", "-", "+", "", "v", "\x00")
#: Strategies and rules as plain data: as they are written, and as one writes them by hand.
STRATEGIES: Final[Sequence[dict[str, object]]] = (
    {"last_stable": {}},
    {"last_stable": {"steps": 2}},
    {"previous": {"steps": 2**63 - 1}},
    {"pinned": {"version": "v1.1"}},
    {"pinned": "main"},
    {"previous_by_semver": {"prereleases": True, "unproven": False}},
    {"best_by": {"key": "auc", "lowest": True}},
    {"as_of": {"when": "2024-05-01T12:00:00+00:00"}},
    {"as_of": "2024-05-01 14:00:00.123456+02:00"},
    {"previous_by": {"key": "numbers", "unproven": True}},
    {"previous_by": "numbers"},
    {"last_stable": None},
)
RULES: Final[Sequence[object]] = (
    {"safe": {}},
    "stable",
    {"except": ["v1.1", "é"]},
    {"except": []},
    {"at_least": {"version": "1.2.0-rc.1"}},
    {"same_major": {}},
    "same_minor",
    {"same_metadata": ["region", ""]},
    {"has_metadata": {"key": "region", "value": {"null": True}}},
    {"has_metadata": {"key": "auc", "value": -0.0}},
    {"has_metadata": {"key": "gpus", "value": None}},
    {"served": None},
    {"served_within": {"duration": "7d"}},
    {"served_at_least": "0.000001s"},
    {"at_most_steps": {"n": 3.0}},
    {"not_across": "migration"},
    {"budget": {"rollbacks": 0, "within": "999999999d23h59m59.999999s"}},
    {"budget": {"rollbacks": 2.0, "within": "1d12h"}},
)
STARTS: Final = ("", "v", "1.2.3-", "1.2.3+", "0.", "1.2.3-a.")


def deep(levels: int) -> object:
    """Return a list in a list in a list, ``levels`` times."""
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


#: Deeper than anything that recurses can follow, and a number longer than `int` reads or writes.
DEEP: Final = deep(100_000)
HUGE: Final = 10**5000


class Strange:
    """A value that no document has, and that raises an error whatever it is asked."""

    __hash__ = None  # type: ignore[assignment]  # on purpose

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("do not compare me")

    def __repr__(self) -> str:
        raise RuntimeError("do not show me")


class Texty(str):
    """A `str` of a class of its own."""

    __slots__ = ()


class Source:
    """Makes choices from bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def number(self, most: int) -> int:
        """Return a number from 0 to at most 255."""
        if self.place >= len(self.data):
            return 0
        self.place += 1
        return self.data[self.place - 1] % (most + 1)

    def choose(self, options: Sequence[T]) -> T:
        """Return one of at most 256 options."""
        return options[self.number(len(options) - 1)]

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        rest, self.place = self.data[self.place :], len(self.data)
        return rest

    # Texts

    def text(self) -> str:
        """Return a text that may be a version: as it comes, nearly a version, or very long."""
        match self.number(15):
            case 0:
                return self.rest().decode("utf-8", "surrogateescape")
            case 1:
                return self.rest().decode("latin-1")
            case 2:
                start, times = self.choose(STARTS), 1 << self.number(8)
                return start + self.pieces() * times + self.piece()
            case 3 | 4 | 5:
                return self.choose(STARTS) + self.pieces()
            case _:
                return self.version()

    def version(self) -> str:
        """Return a version, perhaps with one thing wrong."""
        core = ".".join(self.choose(NUMBERS) for _ in range(self.choose((3, 3, 3, 1, 2, 4))))
        prerelease = "".join(f"{joint}{self.piece()}" for joint in "-..."[: self.number(4)])
        build = "".join(f"{joint}{self.piece()}" for joint in "+..."[: self.number(4)])
        return self.choose(("", "", "", "v")) + core + prerelease + build

    def pieces(self) -> str:
        """Return pieces of versions, joined in some way."""
        count = 1 + self.number(7)
        return "".join(self.piece() + self.choose(JOINTS) for _ in range(count))

    def piece(self) -> str:
        """Return a piece of a version, or now and then something else."""
        return self.choose(PIECES if self.number(7) == 0 else GOOD_PIECES)

    # Values

    def value(self, depth: int = 0) -> object:
        """Return any value at all, most of them such as JSON has."""
        makers: tuple[Callable[[], object], ...] = (
            lambda: None,
            lambda: self.number(255),
            lambda: self.choose((True, False)),
            lambda: self.choose((0.5, -0.0, 1e308, math.nan, math.inf, -math.inf, 2.0, 1e19)),
            lambda: self.choose((2**63 - 1, -(2**63), 2**63, HUGE, -1, 31 * 10**19, 2**1024)),
            lambda: self.choose((*LABELS, *TIMES, *BAD_TIMES, *DURATIONS)),
            lambda: self.choose(("", " ", "\ud800", "a\x00b", "x" * 256, "x" * 257, "\u2028")),
            lambda: self.choose((b"1.0.0", {1, 2}, (1, 2), Strange(), Strange, Texty("1.0.0"))),
            lambda: datetime(2024, 5, 1, tzinfo=UTC),
            lambda: [self.value(depth + 1) for _ in range(self.number(4))],
            lambda: {self.key(): self.value(depth + 1) for _ in range(self.number(4))},
            lambda: self.choose((DEEP, deep(10))),
            self.event,
        )
        return makers[self.number(len(makers) - 1 if depth < 4 else 8)]()

    def key(self) -> Any:
        """Return what may be a key, most often one that some object has."""
        keys = ("kind", "version", "at", "reason", "metadata", "digest", "source", "strategy",
                "format", "events", "target", "revision", "considered", "accepted", "by", "auc",
                "fingerprint", "duration", "when", "within", "key", "numbers", "where", "null",
                "steps", "", "\ud800", Texty("version"), 1, None, (1, 2))  # fmt: skip
        return self.choose(keys)

    # Documents

    def event(self) -> dict[str, Any]:
        """Return an event that is right in itself."""
        registry = self.registry(steps=1 + self.number(6))
        events = registry.to_dict()["events"]
        data: dict[str, Any] = dict(events[self.number(len(events) - 1)]) if events else {}
        if self.number(1):
            data["at"] = self.choose(TIMES)
        return data

    def registry(self, *, steps: int) -> VersionRegistry:
        """Return a registry after at most ``steps`` commands, and a few versions before."""
        registry = VersionRegistry()
        for label in LABELS[: self.number(4)]:
            registry = registry.register(label).deploy(label)
        for _ in range(steps):
            try:
                registry = self.command(registry)
            except LastgoodError:
                continue
        return registry

    def command(self, registry: VersionRegistry) -> VersionRegistry:
        """Return the registry after some command, which may be refused."""
        label, at = self.choose(LABELS), self.time()
        reason, by = self.choose(("", "red", "\U0001f4a5 boom")), self.choose(("", "", "ana"))
        way = self.number(13)
        if way < 2:
            metadata, digest = self.metadata(), self.choose((None, "sha256:1"))
            return registry.register(
                label, metadata=metadata, digest=digest, at=at, reason=reason, by=by
            )
        if way == 2:
            return registry.annotate(label, self.metadata(), at=at, reason=reason, by=by)
        if way < 5:
            plan = Previous().plan(registry, leaving=label)
            return registry.roll_back(plan, reason=reason, at=at, by=by)
        commands = (
            registry.mark_stable,
            registry.mark_failed,
            registry.retire,
            registry.reinstate,
            registry.observe,
            registry.undeploy,
        )
        command = commands[way - 5] if way < 11 else registry.deploy
        return command(label, reason=reason, at=at, by=by)

    def time(self) -> datetime | None:
        """Return a time or `None`."""
        return self.choose((None, None, *map(datetime.fromisoformat, TIMES)))

    def metadata(self) -> dict[str, str | int | float | bool | None]:
        """Return metadata of a version."""
        values = ("A", 1, 0.5, True, None, -(2**63))
        return {f"key {n}": self.choose(values) for n in range(self.number(3))}

    def document(self) -> object:
        """Return a whole registry as plain data, intact or damaged in a few places."""
        return self.damaged(self.registry(steps=self.number(40)).to_dict())

    def plan(self) -> object:
        """Return a plan as plain data, intact or damaged in a few places."""
        considered = [
            {
                "version": self.choose(LABELS),
                "accepted": self.choose((True, False)),
                "reason": self.choose(("stable", "", "two\nlines", "\u202e" + "long " * 60)),
                "by": self.choose(("", "LastStable()")),
            }
            for _ in range(self.number(30))
        ]
        plan = {
            "format": self.choose((1, 1.0)),
            "source": self.choose(LABELS),
            "target": self.choose(LABELS),
            "reason": "stable",
            "strategy": self.choose(("LastStable()", "", "x" * 200)),
            "revision": self.number(255),
            "fingerprint": self.choose(("0-00000000", "12-89abcdef")),
            "considered": considered,
        }
        return self.damaged(plan)

    def policy(self) -> object:
        """Return a policy as plain data, intact or damaged in a few places."""
        return self.damaged(self.strategy())

    def strategy(self, depth: int = 0) -> object:
        """Return a strategy as plain data, which may ask others and have rules."""
        data: dict[str, object] = {**self.choose(STRATEGIES)}
        if depth < 4 and self.number(2):
            data = {"first_of": [self.strategy(depth + 1) for _ in range(1 + self.number(2))]}
        if self.number(1):
            data["where"] = [self.choose(RULES) for _ in range(self.number(3))]
        return data

    def damaged(self, data: object) -> object:
        """Return the data with up to three places that are not as they were."""
        for _ in range(max(0, self.number(5) - 2)):
            data = self.damage(data)
        return data

    def damage(self, data: object) -> object:
        """Return the data with a change somewhere inside, or another value for all of it."""
        if isinstance(data, dict) and data and self.number(9):
            return self.damaged_object(dict(data))  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(data, list) and data and self.number(9):
            return self.damaged_list(list(data))  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(data, str) and self.number(2):
            return self.damaged_text(data)
        if isinstance(data, int | float) and self.number(2):
            return self.other_number(data)
        return self.value()

    def damaged_text(self, text: str) -> str:
        """Return the text with one character changed, left out, or one more; or another text."""
        if self.number(3) == 0:
            return self.choose((*LABELS, *TIMES, *BAD_TIMES, *DURATIONS, *BAD_DURATIONS))
        place = self.number(len(text))
        letter: str = self.choose(("", *LETTERS))
        return text[:place] + letter + text[place + self.number(1) :]

    def other_number(self, number: float) -> object:
        """Return another number, or the same one as other languages write it."""
        others: list[object] = [-number, number == 1, 0, 2**63, 31 * 10**19, 2**1024]
        with suppress(ValueError, OverflowError):
            others += [float(number), int(number), float(number) + 0.5]
        return self.choose(others)

    def damaged_object(self, data: dict[Any, Any]) -> object:
        """Return the object with one key changed, left out, renamed, or one more."""
        key = self.choose([*data] + 4 * [key for key in data if isinstance(data[key], dict | list)])
        match self.number(8):
            case 0:
                del data[key]
            case 1:
                data[self.key()] = data.pop(key)
            case 2:
                data[self.key()] = self.value()
            case _:
                data[key] = self.damage(data[key])
        return data

    def damaged_list(self, data: list[Any]) -> object:
        """Return the list with one item changed, left out, twice, or elsewhere."""
        place = self.number(len(data) - 1)
        match self.number(8):
            case 0:
                del data[place]
            case 1:
                data.insert(self.number(len(data) - 1), data[place])
            case 2:
                data.append(data.pop(place))
            case _:
                data[place] = self.damage(data[place])
        return data
