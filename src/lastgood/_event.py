"""Events: what was recorded, in the order in which it was recorded, and their plain data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, Literal, TypeAlias, cast, final

import attrs

from lastgood import _text
from lastgood._data import Reader, items_of, read_object
from lastgood._errors import InvalidData
from lastgood._frozen import setters
from lastgood._metadata import NO_METADATA, Metadata, MetadataValue, frozen_copy
from lastgood._pydantic import Carried
from lastgood._show import listed, shown
from lastgood._time import read_time, utc

#: What can be recorded.
EventKind: TypeAlias = Literal[
    "registered",
    "deployed",
    "marked_stable",
    "marked_failed",
    "retired",
    "reinstated",
    "rolled_back",
    "observed",
]

#: What an event of each kind may tell besides its version.
_TELLS: Final[Mapping[EventKind, tuple[str, ...]]] = {
    "registered": ("at", "metadata", "digest"),
    "deployed": ("at",),
    "marked_stable": ("at", "reason"),
    "marked_failed": ("at", "reason"),
    "retired": ("at", "reason"),
    "reinstated": ("at", "reason"),
    "rolled_back": ("source", "strategy", "at", "reason"),
    "observed": ("at", "reason"),
}

#: What an event of a kind must tell besides its version.
_MUST_TELL: Final[Mapping[EventKind, tuple[str, ...]]] = {"rolled_back": ("source", "strategy")}


_KINDS: Final[Mapping[str, EventKind]] = {kind: kind for kind in _TELLS}


def _kind(value: EventKind) -> EventKind:
    try:
        return _KINDS[str.__str__(value)]
    except (KeyError, TypeError):
        kinds = listed([*_TELLS], len(_TELLS))
        raise ValueError(f"{shown(value)} is no kind of event; they are {kinds}") from None


@final
@attrs.frozen(init=False, weakref_slot=False)
class Event(Carried):
    """One thing that was recorded. Registries are made of these and of nothing else.

    The attributes have the names of the keys in plain data; what an event of its kind does not
    tell has its default.

    Args:
        event: What happened: ``"registered"``, ``"deployed"``, ``"marked_stable"``,
            ``"marked_failed"``, ``"retired"``, ``"reinstated"``, ``"rolled_back"``, ``"observed"``.
        version: The label of the version to which it happened; of a rollback, the target.
        at: When, where that was told; kept in UTC.
        reason: Why. Not for ``"registered"`` and ``"deployed"``.
        metadata: Plain values under `str` keys. For ``"registered"`` only.
        digest: The identity of the contents. For ``"registered"`` only.
        source: The version that was left. For ``"rolled_back"`` only, which needs it.
        strategy: The `repr` of what chose. For ``"rolled_back"`` only, which needs it.

    Raises:
        ValueError: The kind is unknown.
        InvalidData: Events of its kind do not tell this, or must tell more.
        TypeError, InvalidLabel, InvalidText, InvalidTime, InvalidMetadata: A value is none.

    >>> from lastgood import Event, VersionRegistry
    >>> VersionRegistry.replay([Event("registered", "v1"), Event("deployed", "v1")]).current
    'v1'
    """

    event: EventKind
    version: str
    at: datetime | None = attrs.field(default=None, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)
    metadata: Metadata = attrs.field(default=NO_METADATA, kw_only=True)
    digest: str | None = attrs.field(default=None, kw_only=True)
    source: str | None = attrs.field(default=None, kw_only=True)
    strategy: str | None = attrs.field(default=None, kw_only=True)

    # By hand: every command makes one, and with converters of attrs it would take longer.
    def __init__(  # noqa: PLR0913  # what plain data can tell
        self,
        event: EventKind,
        version: str,
        *,
        at: datetime | None = None,
        reason: str = "",
        metadata: Mapping[str, MetadataValue] | None = None,
        digest: str | None = None,
        source: str | None = None,
        strategy: str | None = None,
    ) -> None:
        kind = _kind(event)
        _set_event(self, kind)
        _set_version(self, _text.label(version))
        _set_at(self, None if at is None else utc(at))
        _set_reason(self, _text.reason(reason))
        _set_metadata(self, NO_METADATA if metadata is None else frozen_copy(metadata))
        _set_digest(self, None if digest is None else _text.digest(digest))
        _set_source(self, None if source is None else _text.label(source))
        _set_strategy(self, None if strategy is None else _text.strategy(strategy))
        untold, defaults = _UNTOLD[kind]
        if untold(self) != defaults:
            raise InvalidData(self._told_too_much(), f"an event {kind!r} has none")
        for name in _MUST_TELL.get(kind, ()):
            if getattr(self, name) is None:
                raise InvalidData(name, f"an event {kind!r} needs one")

    def _told_too_much(self) -> str:
        """Return the first name that events of its kind do not tell, and it does."""
        told = _TELLS[self.event]
        return next(
            name
            for name, default in _DEFAULTS.items()
            if name not in told and getattr(self, name) != default
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain JSON types; what equals its default is left out.

        >>> from lastgood import Event
        >>> Event("deployed", "v1").to_dict()
        {'event': 'deployed', 'version': 'v1'}
        """
        data: dict[str, Any] = {"event": self.event, "version": self.version}
        for name in _TELLS[self.event]:
            value, default = getattr(self, name), _DEFAULTS[name]
            if value is not default and value != default:
                data[name] = _PLAIN[name](value) if name in _PLAIN else value
        return data

    @classmethod
    def from_dict(cls, data: object) -> "Event":
        """Return the event that `to_dict` wrote.

        Raises:
            InvalidData: Something is wrong with the data; the message begins with the place.

        >>> from lastgood import Event
        >>> Event.from_dict({"event": "retired", "version": "v1", "reason": "licence"}).reason
        'licence'
        """
        return read_event(data)


_DEFAULTS: Final[Mapping[str, object]] = {
    field.name: field.default for field in attrs.fields(Event) if field.default is not attrs.NOTHING
}

#: What reads all that an event of each kind does not tell, and the defaults that it has then.
_UNTOLD: Final[Mapping[EventKind, tuple[Callable[[Event], object], object]]] = {
    kind: (attrgetter(*names), tuple(_DEFAULTS[name] for name in names))
    for kind, told in _TELLS.items()
    for names in [[name for name in _DEFAULTS if name not in told]]
}

(
    _set_event,
    _set_version,
    _set_at,
    _set_reason,
    _set_metadata,
    _set_digest,
    _set_source,
    _set_strategy,
) = setters(Event)

#: What becomes of a value in plain data, where it is not plain already.
_PLAIN: Final[Mapping[str, Reader]] = {"at": datetime.isoformat, "metadata": dict}


def _read_metadata(value: object) -> Metadata:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, not {shown(value)}")
    return frozen_copy(cast("dict[str, Any]", dict(items_of(cast("object", value)))))


_READERS: Final[Mapping[str, Reader]] = {
    "event": _kind,
    "version": _text.label,
    "source": _text.label,
    "strategy": _text.strategy,
    "at": read_time,
    "reason": _text.reason,
    "metadata": _read_metadata,
    "digest": _text.digest,
}

_READERS_OF: Final[Mapping[EventKind, Mapping[str, Reader]]] = {
    kind: {name: _READERS[name] for name in ("event", "version", *told)}
    for kind, told in _TELLS.items()
}


def read_event(data: object, place: str = "") -> Event:
    """Read one event that stands at the place; errors as of `Event.from_dict`."""
    kind = _kind_in(data)
    readers = _READERS_OF.get(kind, _READERS)
    required = ("event", "version", *_MUST_TELL.get(kind, ()))
    return Event(**read_object(data, readers, required=required, place=place))


def _kind_in(data: object) -> EventKind:
    """Return the kind of event that the data seems to be; what is none is found out later."""
    if not isinstance(data, dict):
        return cast("EventKind", "")
    for key, kind in items_of(cast("object", data)):
        if isinstance(key, str) and str.__str__(key) == "event" and isinstance(kind, str):
            return cast("EventKind", str.__str__(kind))
    return cast("EventKind", "")
