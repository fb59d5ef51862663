"""Events: what was recorded, in the order in which it was recorded, and their plain data."""

from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any, ClassVar, Final, cast, final

import attrs

from lastgood._basics import texts
from lastgood._basics.data import Reader, items_of, read_object, within
from lastgood._basics.errors import InvalidData
from lastgood._basics.frozen import Value, named, setters
from lastgood._basics.kinds import KINDS, EventKind
from lastgood._basics.messages import listed, shown
from lastgood._basics.pydantic import Carried
from lastgood._basics.times import utc
from lastgood._values.metadata import NO_METADATA, Metadata, MetadataValue, frozen_copy
from lastgood._values.row import NAMES, NO_DETAILS, READERS, Columns, Row, details_of, written


def _kind(value: EventKind) -> EventKind:
    try:
        return NAMES[str.__str__(value)]
    except (KeyError, TypeError):
        kinds = listed([*KINDS], len(KINDS))
        raise ValueError(f"unknown kind of event {shown(value)}; expected one of {kinds}") from None


def _at(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value)


def _metadata(value: Mapping[str, MetadataValue] | None) -> Metadata:
    return NO_METADATA if value is None else frozen_copy(value)


def _digest(value: str | None) -> str | None:
    return None if value is None else texts.digest(value)


def _source(value: str | None) -> str | None:
    return None if value is None else texts.label(value)


def _strategy(value: str | None) -> str | None:
    return None if value is None else texts.strategy(value)


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False, weakref_slot=False)
class Event(Value, Carried):
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

    kind: EventKind = attrs.field(converter=_kind)
    version: str = attrs.field(converter=texts.label)
    at: datetime | None = attrs.field(default=None, kw_only=True, converter=_at)
    reason: str = attrs.field(default="", kw_only=True, converter=texts.reason)
    by: str = attrs.field(default="", kw_only=True, converter=texts.by)
    metadata: Metadata = attrs.field(default=NO_METADATA, kw_only=True, converter=_metadata)
    digest: str | None = attrs.field(default=None, kw_only=True, converter=_digest)
    source: str | None = attrs.field(default=None, kw_only=True, converter=_source)
    strategy: str | None = attrs.field(default=None, kw_only=True, converter=_strategy)

    #: The format of its plain data, which a store keeps beside it: the lowest that can express it.
    format: ClassVar[int] = 1

    def __attrs_post_init__(self) -> None:
        row = KINDS[self.kind]
        for name, default in _DEFAULTS.items():
            if name not in row.keys and getattr(self, name) != default:
                raise InvalidData(name, f"not allowed in {_an(self.kind)} event")
        for name in row.needs:
            if getattr(self, name) == _DEFAULTS[name]:
                raise lacking(self.kind, name)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain JSON types; a key that has its default is left out.

        >>> from lastgood import Event
        >>> Event("deployed", "v1").to_dict()
        {'kind': 'deployed', 'version': 'v1'}
        """
        return written(row_of(self))

    def _repr_html_(self) -> str:
        """Return what is known of it as a table of HTML, which is what a notebook shows."""
        from lastgood.render._tables import facts  # noqa: PLC0415  # paid for where it is shown

        return facts(self)

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

_READERS: Final[Mapping[str, Reader]] = {"kind": _kind, **READERS}

_READERS_OF: Final[Mapping[EventKind, Mapping[str, Reader]]] = {
    kind: {name: _READERS[name] for name in ("kind", "version", *row.keys)}
    for kind, row in KINDS.items()
}


def lacking(kind: EventKind, key: str) -> InvalidData:
    """Return the error that an event lacks a key that it needs."""
    return InvalidData(key, f"required in {_an(kind)} event")


def event_of(row: Row) -> Event:
    """Return the event of a row, which was checked."""
    kind, version, at, reason, details = row
    by, metadata, digest, source, strategy = details or NO_DETAILS
    event = Event.__new__(Event)
    _set_kind(event, kind)
    _set_version(event, version)
    _set_at(event, at)
    _set_reason(event, reason)
    _set_by(event, by)
    _set_metadata(event, metadata)
    _set_digest(event, digest)
    _set_source(event, source)
    _set_strategy(event, strategy)
    return event


def row_of(event: Event) -> Row:
    """Return what an event says."""
    details = details_of(event.by, event.metadata, event.digest, event.source, event.strategy)
    return event.kind, event.version, event.at, event.reason, details


def columns_of(events: list[Event]) -> Columns:
    """Return what events say, up to the first that is not an `Event`."""
    if {*map(type, events)} != {Event}:
        events = [*takewhile(lambda event: isinstance(event, Event), events)]
    return (
        [event.kind for event in events],
        [event.version for event in events],
        [event.at for event in events],
        [event.reason for event in events],
        [
            None
            if event.metadata is NO_METADATA and event.source is event.digest and not event.by
            else details_of(event.by, event.metadata, event.digest, event.source, event.strategy)
            for event in events
        ],
    )


def not_an_event(value: object) -> TypeError:
    """Return the error that a value is not an `Event`."""
    return TypeError(f"expected an Event, not {shown(value)}: write Event.from_dict(data)")


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
