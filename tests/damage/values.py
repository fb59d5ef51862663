"""Values that may stand where others are expected."""

import collections
import enum
import math
import types
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from lastgood import Event, VersionRegistry
from tests.registry.making import NOON

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


class StrangeFloat(float):
    """A number that cannot be shown."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


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

#: Every value that may stand anywhere.
VALUES: Final = (*JSON_VALUES.values(), *STRANGE_VALUES.values())
