"""Events: what was recorded, in the order in which it was recorded, and their plain data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Final, cast, final

import attrs

from lastgood._basics import texts
from lastgood._basics.data import Reader, items_of, read_object, within
from lastgood._basics.errors import InvalidData
from lastgood._basics.frozen import named, setters
from lastgood._basics.kinds import KINDS, EventKind
from lastgood._basics.messages import listed, shown
from lastgood._basics.pydantic import Carried
from lastgood._basics.times import read_time, utc
from lastgood._values.metadata import (
    NO_METADATA,
    Metadata,
    MetadataValue,
    frozen_copy,
    read_metadata,
)

_KINDS: Final[Mapping[str, EventKind]] = {kind: kind for kind in KINDS}


def _kind(value: EventKind) -> EventKind:
    try:
        return _KINDS[str.__str__(value)]
    except (KeyError, TypeError):
        kinds = listed([*KINDS], len(KINDS))
        raise ValueError(f"unknown kind of event {shown(value)}; expected one of {kinds}") from None


@named("lastgood")
@final
@attrs.frozen(init=False, weakref_slot=False)
class Event(Carried):
    """One thing that was recorded. Registries are made of these and of nothing else.

    The attributes have the names of the keys in plain data. What an event of its kind does not say
    has its default.

    Args:
        kind: What happened: ``"registered"``, ``"annotated"``, ``"deployed"``, ``"undeployed"``,
            ``"marked_stable"``, ``"marked_failed"``, ``"retired"``, ``"reinstated"``,
            ``"rolled_back"``, ``"observed"``.
        version: The label of the version to which it happened; of a rollback, the target.
        at: When, if it is known; stored in UTC.
        reason: Why.
        by: Who or what says so.
        metadata: Plain values under `str` keys. For ``"registered"``, and for ``"annotated"``,
            which needs at least one.
        digest: The identity of the contents. For ``"registered"`` only.
        source: The version that was left. For ``"rolled_back"`` only, which needs it.
        strategy: The `repr` of what chose. For ``"rolled_back"`` only, which needs it.

    Raises:
        ValueError: The kind is unknown.
        InvalidData: Events of this kind do not have this key, or lack one that they need.
        InvalidLabel: A label is empty, too long, or has control characters.
        InvalidText: A text has a lone surrogate, or the digest is empty.
        InvalidTime: ``at`` has no time zone, or is out of range in UTC.
        InvalidMetadata: A value is nested, too large or not finite.
        TypeError: An argument has the wrong type.

    >>> from lastgood import Event, VersionRegistry
    >>> VersionRegistry.replay([Event("registered", "v1"), Event("deployed", "v1")]).current
    'v1'
    """

    kind: EventKind
    version: str
    at: datetime | None = attrs.field(default=None, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)
    by: str = attrs.field(default="", kw_only=True)
    metadata: Metadata = attrs.field(default=NO_METADATA, kw_only=True)
    digest: str | None = attrs.field(default=None, kw_only=True)
    source: str | None = attrs.field(default=None, kw_only=True)
    strategy: str | None = attrs.field(default=None, kw_only=True)

    #: The format of its plain data, which a store keeps beside it: the lowest that can express it.
    format: ClassVar[int] = 1

    # By hand: every command makes one, and with converters of attrs it would take longer.
    def __init__(  # noqa: PLR0913  # what plain data can say
        self,
        kind: EventKind,
        version: str,
        *,
        at: datetime | None = None,
        reason: str = "",
        by: str = "",
        metadata: Mapping[str, MetadataValue] | None = None,
        digest: str | None = None,
        source: str | None = None,
        strategy: str | None = None,
    ) -> None:
        kind = _kind(kind)
        _set_kind(self, kind)
        _set_version(self, texts.label(version))
        _set_at(self, None if at is None else utc(at))
        _set_reason(self, texts.reason(reason))
        _set_by(self, texts.by(by))
        _set_metadata(self, NO_METADATA if metadata is None else frozen_copy(metadata))
        _set_digest(self, None if digest is None else texts.digest(digest))
        _set_source(self, None if source is None else texts.label(source))
        _set_strategy(self, None if strategy is None else texts.strategy(strategy))
        unsaid, defaults = _UNSAID[kind]
        if unsaid(self) != defaults:
            raise InvalidData(self._said_too_much(), f"not allowed in {_an(kind)} event")
        for name in KINDS[kind].needs:
            if getattr(self, name) == _DEFAULTS[name]:
                raise InvalidData(name, f"required in {_an(kind)} event")

    def _said_too_much(self) -> str:
        """Return the first name that events of its kind do not have, and this one has."""
        says = KINDS[self.kind].keys
        return next(
            name
            for name, default in _DEFAULTS.items()
            if name not in says and getattr(self, name) != default
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain JSON types; a key that has its default is left out.

        >>> from lastgood import Event
        >>> Event("deployed", "v1").to_dict()
        {'kind': 'deployed', 'version': 'v1'}
        """
        data: dict[str, Any] = {"kind": self.kind, "version": self.version}
        for name in KINDS[self.kind].keys:
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
        >>> Event.from_dict({"kind": "retired", "version": "v1", "reason": "licence"}).reason
        'licence'
        """
        return read_event(data)


_DEFAULTS: Final[Mapping[str, object]] = {
    field.name: field.default for field in attrs.fields(Event) if field.default is not attrs.NOTHING
}

#: What reads all that an event of each kind does not say, and the defaults that it has then.
_UNSAID: Final[Mapping[EventKind, tuple[Callable[[Event], object], object]]] = {
    kind: (attrgetter(*names), tuple(_DEFAULTS[name] for name in names))
    for kind, row in KINDS.items()
    for names in [[name for name in _DEFAULTS if name not in row.keys]]
}

(
    _set_kind,
    _set_version,
    _set_at,
    _set_reason,
    _set_by,
    _set_metadata,
    _set_digest,
    _set_source,
    _set_strategy,
) = setters(Event)

#: What becomes of a value in plain data, where it is not plain already.
_PLAIN: Final[Mapping[str, Reader]] = {"at": datetime.isoformat, "metadata": dict}


_READERS: Final[Mapping[str, Reader]] = {
    "kind": _kind,
    "version": texts.label,
    "source": texts.label,
    "strategy": texts.strategy,
    "at": read_time,
    "reason": texts.reason,
    "by": texts.by,
    "metadata": read_metadata,
    "digest": texts.digest,
}

_READERS_OF: Final[Mapping[EventKind, Mapping[str, Reader]]] = {
    kind: {name: _READERS[name] for name in ("kind", "version", *row.keys)}
    for kind, row in KINDS.items()
}


def read_event(data: object, place: str = "") -> Event:
    """Read the event at the place. Raises the same errors as `Event.from_dict`."""
    kind = _kind_in(data)
    readers = _READERS_OF.get(kind, _READERS)
    required = ("kind", "version", *(KINDS[kind].needs if kind in KINDS else ()))
    values = read_object(data, readers, required=required, place=place)
    try:
        return Event(**values)
    except InvalidData as error:
        raise InvalidData(within(place, error.place), error.problem) from error


def _kind_in(data: object) -> EventKind:
    """Return the kind that the data claims, unchecked; reading it validates it."""
    if not isinstance(data, dict):
        return cast("EventKind", "")
    for key, kind in items_of(cast("object", data)):
        if isinstance(key, str) and str.__str__(key) == "kind" and isinstance(kind, str):
            return cast("EventKind", str.__str__(kind))
    return cast("EventKind", "")


def _an(kind: str) -> str:
    return f"an {kind!r}" if kind[0] in "aou" else f"a {kind!r}"
