"""Plain data that is right, and many ways to damage it."""

import collections
import copy
import enum
import math
import types
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, TypeAlias, cast

from lastgood import Event, VersionRegistry
from tests.registry.making import NOON, back, hour

Path: TypeAlias = tuple[str | int, ...]

#: Stands for a value whose key is removed.
GONE: Final = object()


def example() -> VersionRegistry:
    """Return a registry with an event of every kind, and every key."""
    registry = VersionRegistry().register(
        "1", metadata={"auc": 0.9, "note": None}, digest="sha256:aa", at=hour(0)
    )
    registry = registry.deploy("1", reason="nightly", by="pipeline 7", at=hour(1))
    registry = registry.mark_stable("1", reason="fine", by="ana", at=hour(2))
    registry = registry.register("2").deploy("2", replacing="1").mark_failed("2", reason="slow")
    registry = back(registry, "1", source="2", reason="paged", by="ben", at=hour(3))
    registry = registry.reinstate("2", reason="false alarm").retire("2", reason="licence")
    registry = registry.observe("2", reason="by hand", at=hour(4))
    return registry.annotate("2", {"migration": True, "note": "late"}, by="ana").undeploy("2")


def document() -> dict[str, Any]:
    """Return the example as plain data."""
    return example().to_dict()


_COMMON: Final = {
    "version": "1",
    "at": "2024-05-01T12:00:00+00:00",
    "reason": "because",
    "by": "ana",
}

#: What events of some kinds have besides the keys that all of them have.
_MORE: Final[dict[str, dict[str, Any]]] = {
    "registered": {"metadata": {"auc": 0.9}, "digest": "sha256:aa"},
    "annotated": {"metadata": {"migration": True}},
    "rolled_back": {"source": "2", "strategy": "LastStable()"},
}

#: One event of every kind, with every key that it may have.
EVENTS: Final[dict[str, dict[str, Any]]] = {
    kind: {"kind": kind, **_COMMON, **_MORE.get(kind, {})}
    for kind in (
        "registered",
        "annotated",
        "deployed",
        "undeployed",
        "marked_stable",
        "marked_failed",
        "retired",
        "reinstated",
        "rolled_back",
        "observed",
    )
}

#: The keys that an event must have.
REQUIRED: Final = {kind: {"kind", "version"} for kind in EVENTS} | {
    "annotated": {"kind", "version", "metadata"},
    "rolled_back": {"kind", "version", "source", "strategy"},
}

#: Every key that any event may have.
KEYS: Final = sorted({key for event in EVENTS.values() for key in event})


def inside(data: object) -> list[tuple[str | int, object]]:
    """Return the values in an object or a list, with their keys or places."""
    if isinstance(data, dict):
        return list(cast("dict[str | int, object]", data).items())
    if isinstance(data, list):
        return list(enumerate(cast("list[object]", data)))
    return []


def paths(data: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path to every part of the data, the whole first."""
    yield path
    for step, value in inside(data):
        yield from paths(value, (*path, step))


def part_at(data: Any, path: Path) -> object:  # any data at all
    """Return what stands at the end of the path."""
    for step in path:
        data = data[step]
    return data


def damaged(data: Any, path: Path, value: object) -> Any:  # any data at all
    """Return a copy of the data with something else at the end of the path.

    What does not lie on the path is the same object: nobody changes data that is read.
    """
    if not path:
        return value
    step, *rest = path
    copied = copy.copy(data)
    if not rest and value is GONE:
        del copied[step]
    else:
        copied[step] = damaged(copied[step], tuple(rest), value) if rest else value
    return copied


def place_of(path: Path) -> str:
    """Return the place as a message names it: ``events[3].at``."""
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place.removeprefix(".")


#: Values of every type that JSON has.
JSON_VALUES: Final[dict[str, object]] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "two": 2,
    "an int beyond 64 bits": 2**64,
    "a huge int": 10**5_000,
    "a whole float": 1.0,
    "a float": 1.5,
    "a huge float": 3.1e20,
    "an infinity": math.inf,
    "a text": "text",
    "an empty text": "",
    "a long text": "x" * 100_000,
    "a lone surrogate": "\ud800",
    "a list": [],
    "a list of lists": [[[]]],
    "an object": {},
    "an object of objects": {"kind": {"kind": {}}},
    "null in an object": {"kind": None},
}


def nested(kind: Callable[[object], object], depth: int = 20_000) -> object:
    """Return a value that is nested deeper than Python can recurse."""
    inner: object = None
    for _ in range(depth):
        inner = kind(inner)
    return inner


class Hollow(enum.Enum):
    """An enumeration, which JSON does not have."""

    VALUE = "registered"


class Strange:
    """A value that is of no use at all."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __str__(self) -> str:
        raise RuntimeError("no text")


#: Values that JSON does not have, or that are far too deep.
STRANGE_VALUES: Final[dict[str, object]] = {
    "a tuple": (),
    "a set": {1},
    "bytes": b"registered",
    "a time": NOON,
    "a decimal": Decimal("NaN"),
    "a complex number": 1j,
    "an enumeration": Hollow.VALUE,
    "a class": dict,
    "a function": len,
    "a generator": iter([]),
    "an event": Event("registered", "1"),
    "a registry": VersionRegistry(),
    "a mapping": types.MappingProxyType({}),
    "an ordered dict": collections.OrderedDict(kind="registered"),
    "a dict with other keys": {1: 1, None: None, (): ()},
    "a dict with a lone surrogate": {"\ud800": 1},
    "a deep list": nested(lambda inner: [inner]),
    "a deep object": nested(lambda inner: {"kind": inner}),
    "a deep object of metadata": nested(lambda inner: {"metadata": inner}),
    "not shown": Strange(),
    "of a class without a name": type("", (), {})(),
}
