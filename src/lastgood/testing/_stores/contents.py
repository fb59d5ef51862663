"""What is recorded in a store on trial: small histories, odd values, and events of a later release.

The rules of this module:

1. The events of a later release are those of this one, with a later format in their data.
2. An interruption is an exception in the middle of the events, as when the process dies there.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, final

from typing_extensions import override

from lastgood._basics.frozen import fill
from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event
from lastgood._values.metadata import MetadataValue

#: A registry in which nothing is recorded.
EMPTY: Final = VersionRegistry()

#: The history that most laws begin with.
FIRST: Final = EMPTY.register("1")
SECOND: Final = FIRST.deploy("1")
THIRD: Final = SECOND.mark_stable("1")

#: As many events as `SECOND` has, and the same event at the end.
OTHER: Final = EMPTY.register("1", by="ana").deploy("1")

#: A history of six events, which is written in three portions.
SIXTH: Final = THIRD.register("2").deploy("2").mark_failed("2")

_NOON: Final = datetime(2026, 5, 1, 12, 0, 0, 1, tzinfo=UTC)

#: Values that are hard to keep exactly.
_HARD: Final[dict[str, MetadataValue]] = {
    "largest int": 2**63 - 1,
    "smallest int": -(2**63),
    "float beyond ints": 1e22,
    "whole float": 1.0,
    "negative zero": -0.0,
    "digits": 0.1 + 0.2,
    "smallest float": 5e-324,
    "largest float": 1.7976931348623157e308,
    "true": True,
    "null": None,
    "empty": "",
    "text": "NUL \0, quote \" ' \\, lines \r\n\u2028, é, 模型, 🚀",
    "🚀 as a key \0": "%s {} $1 :name KEYS[1]",
}

#: One event with every odd value, and a history with every kind of key.
ODD: Final = EMPTY.register("v\u20281 '\"🚀", metadata=_HARD, digest="é", at=_NOON, by="ana")
USUAL: Final = VersionRegistry.replay(
    [
        Event("registered", "v1", digest="sha256:01", metadata={"auc": 0.9}),
        Event("deployed", "v1", at=_NOON, by="ci"),
        Event("marked_stable", "v1", reason="24 h without an alarm", by="monitor"),
        Event("registered", "v2"),
        Event("deployed", "v2", at=_NOON),
        Event("marked_failed", "v2", reason="p99 900 ms"),
        Event("rolled_back", "v1", source="v2", strategy="LastStable()", by="controller"),
    ]
)

#: How many events are recorded at once, and the lines that make them.
MANY: Final = 500
MANY_LINES: Final = f"tuple(Event('registered', f'v{{n}}') for n in range({MANY}))"


def many() -> VersionRegistry:
    """Return the history that `MANY_LINES` makes."""
    return VersionRegistry.replay(Event("registered", f"v{n}") for n in range(MANY))


#: The format of a later release.
LATER: Final = Event.format + 1
#: A kind of event that this release does not know.
UNKNOWN: Final = "quarantined"


class LaterEvent(Event):  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]  # see rule 1
    """An event as a later release writes it: its data means something else than it does here."""

    __slots__ = ("_reads",)

    format = LATER

    @property
    def was_written(self) -> bool:
        """Whether somebody made data of it. A fake that keeps the events themselves does not."""
        return bool(getattr(self, "_reads", ""))

    @override
    def to_dict(self) -> dict[str, Any]:
        fill(self, "_reads", "some")
        return super().to_dict()


@final
class UnknownEvent(LaterEvent):  # type: ignore[misc]  # see rule 1
    """An event as a later release writes it: this release does not know its kind."""

    __slots__ = ()

    @override
    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"kind": UNKNOWN}


class Interrupted(Exception):
    """The process dies here."""


@final
class Torn(tuple[Event, ...]):  # noqa: SLOT001  # a tuple cannot have any
    """Events that cannot be gone through: whoever tries is interrupted after some of them."""

    after: int

    @classmethod
    def of(cls, events: tuple[Event, ...], after: int) -> "Torn":
        """Return the events, which interrupt after this number of them."""
        torn = cls(events)
        torn.after = after
        return torn

    @override
    def __iter__(self) -> Iterator[Event]:
        yield from self[: self.after]
        raise Interrupted
