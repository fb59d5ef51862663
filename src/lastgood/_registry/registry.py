"""The registry: what is known of the versions of one deployed thing, as a value."""

import operator
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Never, Self, final

from typing_extensions import override

from lastgood._basics.data import Reader, read_list, read_object
from lastgood._basics.errors import InvalidData, LastgoodError
from lastgood._basics.frozen import named
from lastgood._basics.pydantic import Carried
from lastgood._basics.status import Status
from lastgood._basics.times import utc
from lastgood._registry.handle import opened
from lastgood._registry.knowledge import Knowledge
from lastgood._registry.moves import Moves
from lastgood._registry.questions import Questions
from lastgood._registry.recording import Recording, chunks
from lastgood._registry.tables import events_of
from lastgood._values.event import Event, columns_of, not_an_event, read_event, row_of
from lastgood._values.plan import read_format
from lastgood._values.row import Columns, as_columns, usual_columns, written

#: The format of the plain data that `VersionRegistry.to_dict` writes.
_FORMAT: Final = 1


@named("lastgood")
@final
class VersionRegistry(Carried, Knowledge, Moves, Questions):
    """Everything known about the versions of one thing in one environment.

    A registry is a value. Every command returns a new one and leaves the old one as it is; a
    command that is refused raises and changes nothing. It is a mapping from label to `Version`,
    in the order of registration.

    >>> from lastgood import VersionRegistry
    >>> registry = VersionRegistry().register("v1.0").deploy("v1.0").mark_stable("v1.0")
    >>> registry = registry.register("v1.1").deploy("v1.1").mark_failed("v1.1", reason="p99 900 ms")
    >>> registry.current, registry.needs_rollback
    ('v1.1', True)
    """

    __slots__ = ("__weakref__",)

    def __init__(self, *misplaced: Never) -> None:
        if misplaced:
            raise TypeError(
                "VersionRegistry() takes no arguments: write "
                "VersionRegistry.from_statuses(statuses, current=...), "
                "or VersionRegistry.from_dict(data)"
            )
        self._begin()

    # As of other moments

    def with_clock(self, now: datetime) -> Self:
        """Return the same registry with its clock set, backwards too. It records nothing.

        Rules that need the time use the clock. Commands keep it and advance it when `at` is later.

        Args:
            now: The time, with a time zone.

        Returns:
            The new registry. This one is unchanged.

        Raises:
            TypeError: ``now`` is not a `datetime`.
            InvalidTime: ``now`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> from datetime import UTC, datetime
        >>> VersionRegistry().with_clock(datetime(2026, 5, 1, tzinfo=UTC)).clock.isoformat()
        '2026-05-01T00:00:00+00:00'
        """
        return self._seen(self._ledger, self._revision, utc(now), self._current)

    def at_revision(self, n: int) -> Self:
        """Return the registry of the first ``n`` events.

        Its clock is the latest time that they recorded. At its own revision it is the registry
        itself.

        Raises:
            IndexError: ``n`` is negative or greater than `revision`.
            TypeError: ``n`` is not an integer.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("1").deploy("1")
        >>> registry.at_revision(1).current is None
        True
        """
        n = operator.index(n)
        if n == self._revision:
            return self
        if not 0 <= n < self._revision:
            raise IndexError(f"revision must be between 0 and {self._revision}, not {n}")
        ledger = self._ledger
        return self._seen(ledger, n, ledger.bounds.clock(n), ledger.lineage.current(n))

    # In and out as plain data

    @classmethod
    def from_statuses(
        cls, statuses: Mapping[str, str | Status], *, current: str | None = None
    ) -> "VersionRegistry":
        """Return the registry of a plain table, oldest version first.

        Every version up to and including the current one is taken to have been deployed, in that
        order; leave out those that were not. Later ones are registered only. A plan does not
        outlive the table: decide and act on one registry, and store events to keep plans.

        Args:
            statuses: A `Status` or its value for each label.
            current: The label of the version that serves; `None` if nothing was deployed.

        Raises:
            UnknownVersion: The current label is not in the table.
            InvalidData: A status is unknown, or is ``"rolled_back"``, which a table cannot express.
            InvalidLabel: A label is empty, too long, or has control characters.
            TypeError: The statuses are not a mapping, or a label is not a `str`.

        >>> from lastgood import LastStable, VersionRegistry
        >>> table = {"v1.0": "stable", "v1.1": "failed", "v1.2": "stable"}
        >>> registry = VersionRegistry.from_statuses(table, current="v1.1")
        >>> registry.current
        'v1.1'
        >>> LastStable().plan(registry).target
        'v1.0'
        """
        return VersionRegistry.replay(events_of(statuses, current))

    @classmethod
    def replay(cls, events: Iterable[Event]) -> "VersionRegistry":
        """Return the registry of these events, each checked as the command that it records.

        Args:
            events: The events, oldest first. One that changes nothing is kept, and only its time
                counts.

        Raises:
            LastgoodError: What the command would raise; a note says which event: ``events[3]``.
            NotCurrent: A rollback left a version that is not current.
            TypeError: One of them is not an `Event`.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
        >>> VersionRegistry.replay(registry.events) == registry
        True
        """
        return cls().extend(events)

    def extend(self, events: Iterable[Event]) -> Self:
        """Return the registry with these events after its own, each checked like a command.

        It is what a process that keeps a registry calls when its store has news. Compare the
        fingerprint first: the news belongs to this registry only if the stored events begin with
        its own.

        Args:
            events: The events, oldest first. One that changes nothing is kept, and only its time
                counts.

        Returns:
            The new registry. This one is unchanged. Without events, the same registry is returned.

        Raises:
            LastgoodError: What the command would raise; a note says which event: ``events[3]``.
            NotCurrent: A rollback left a version that is not current.
            TypeError: One of them is not an `Event`.

        >>> from lastgood import VersionRegistry
        >>> store = VersionRegistry().register("v1.0").deploy("v1.0")
        >>> kept = store.at_revision(1)
        >>> kept.extend(store.events[kept.revision :]) == store
        True
        """
        recording = Recording(self._ledger, self._revision, self._clock)
        for chunk in chunks(events):
            try:
                recording.add(columns := columns_of(chunk))
                if len(columns[0]) < len(chunk):
                    raise not_an_event(chunk[len(columns[0])])
            except (LastgoodError, TypeError) as error:
                error.add_note(f"events[{recording.revision - self._revision}]")
                raise
        return self._after(recording)

    def to_dict(self) -> dict[str, Any]:
        """Return the events as plain JSON types. The clock is not among them.

        >>> from lastgood import VersionRegistry
        >>> VersionRegistry().register("v1.0").to_dict()
        {'format': 1, 'events': [{'kind': 'registered', 'version': 'v1.0'}]}
        """
        return {"format": _FORMAT, "events": [*map(written, zip(*self._columns(), strict=True))]}

    @classmethod
    def from_dict(cls, data: object) -> "VersionRegistry":
        """Return the registry that `to_dict` wrote.

        Raises:
            InvalidData: Something is wrong with the data, or the rules refuse an event; the
                message begins with the place.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0")
        >>> VersionRegistry.from_dict(registry.to_dict()) == registry
        True
        """
        read = read_object(data, _READERS, required=_READERS, place="")
        empty = VersionRegistry()
        recording = Recording(empty._ledger, 0, None)
        for chunk in chunks(read["events"]):
            usual = usual_columns(chunk, recording.ledger.records)
            for columns in [usual] if usual is not None else _read(chunk, recording.revision):
                try:
                    recording.add(columns)
                except LastgoodError as error:
                    place = f"events[{recording.revision}]"
                    raise InvalidData(place, str(error)) from error
        return empty._after(recording)

    # As a value

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VersionRegistry):
            return NotImplemented
        if self._revision != other._revision or self._clock != other._clock:
            return False
        if self._current != other._current:
            return False
        return self._ledger is other._ledger or self._columns() == other._columns()

    @override
    def __hash__(self) -> int:
        # Constant time: a few facts that equal events have in common, not the events.
        latest = self._ledger.row(self._revision) if self._revision else None
        return hash((self._revision, self._clock, self._current, len(self), latest))

    @override
    def __repr__(self) -> str:
        return (
            f"<VersionRegistry: {len(self)} versions, {len(self.deployments)} deployments, "
            f"current {self._current!r}, revision {self._revision}>"
        )

    def _repr_html_(self) -> str:
        """Return a drawing and a table as HTML, which is what a notebook shows."""
        from lastgood.render._notebook import page  # noqa: PLC0415  # paid for where it is shown

        return page(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object, /) -> Self:
        return self

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return VersionRegistry._restored, (self._columns(), self._clock, self._current)

    @classmethod
    def _restored(cls, columns: Columns, clock: datetime | None, current: str | None) -> Self:
        """Return the registry that was pickled. As a method it leaves only its class in pickles."""
        recording = Recording(opened(cls())[0], 0, None)
        recording.add(columns)
        return cls._seen(recording.ledger, recording.revision, clock, current)

    def _columns(self) -> Columns:
        return self._ledger.columns(0, self._revision)


def _read(events: list[object], start: int) -> Iterator[Columns]:
    """Yield the columns of one event after the other, which are read key by key."""
    for place, event in enumerate(events, start):
        yield as_columns(row_of(read_event(event, f"events[{place}]")))


def _list(value: object) -> list[object]:
    return read_list(value, "events")


_READERS: Final[Mapping[str, Reader]] = {"format": read_format, "events": _list}
