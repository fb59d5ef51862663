"""The append-only core that registries share.

The rules of this module:

1. A ledger only grows, at its end; a registry is a ledger and a revision, and sees nothing later.
2. Whoever extends a revision must claim its slot first. One claim wins; the others get a copy.
3. The events are kept in columns. Everything else is derived from them, and could be rebuilt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, TypeAlias

from lastgood._basics.kinds import EventKind
from lastgood._registry.barriers import Barriers
from lastgood._registry.bounds import Bounds
from lastgood._registry.contents import Contents
from lastgood._registry.history import History
from lastgood._registry.lineage import ROOT, Lineage
from lastgood._registry.precedence import Precedence
from lastgood._registry.record import Failure, Record, Standing
from lastgood._values.event import Event, event_of
from lastgood._values.fingerprint import Checksums
from lastgood._values.metadata import NO_METADATA, Metadata, laid_over
from lastgood._values.row import NO_DETAILS, Columns, Details, Row
from lastgood._values.version import Version

#: Methods of the ledger that note what an event does, each with what it notes of the version.
Notes: TypeAlias = tuple[tuple[Callable[["Ledger", int, Record, Any], None], object], ...]

#: What an event does; `None` if it changes nothing. Then it is kept, and only its time counts.
Change: TypeAlias = Notes | None

NO_NEWS: Final[Change] = None

_registered: Final = attrgetter("registered")


class Ledger:
    """Events in the order in which they were recorded, and what follows from them.

    Args and return values called ``revision`` count events; a method that takes one answers as
    of that revision.
    """

    __slots__ = (
        "_about",
        "_barriers",
        "_claims",
        "_details",
        "_kinds",
        "_reasons",
        "_times",
        "bounds",
        "checksums",
        "contents",
        "lineage",
        "order",
        "precedence",
        "records",
    )

    #: The columns. Kinds are appended last, so that their number says what is complete.
    _kinds: list[EventKind]
    _about: list[Record]
    _times: list[datetime | None]
    _reasons: list[str]
    _details: list[Details | None]
    #: The versions by their labels, and in the order of registration.
    records: dict[str, Record]
    order: list[Record]
    #: The deployments, and which of them led to which.
    lineage: Lineage
    #: When each event happened, as far as the times tell.
    bounds: Bounds
    #: Which contents failed.
    contents: Contents
    #: Of all events, as far as they were asked for.
    checksums: Checksums
    #: The versions in the order of SemVer.
    precedence: Precedence
    _barriers: Barriers
    _claims: dict[int, object]

    def __init__(self) -> None:
        self._kinds, self._about, self._times, self._reasons, self._details = [], [], [], [], []
        self.records, self.order = {}, []
        self.lineage = Lineage(self.records)
        self.bounds = Bounds()
        self.contents = Contents(self.records)
        self.precedence = Precedence(self.order)
        self._barriers = Barriers()
        self.checksums = Checksums()
        self._claims = {}

    # Events

    def row(self, revision: int) -> Row:
        """Return the row of the event that was recorded at the revision."""
        place = revision - 1
        return (
            self._kinds[place],
            self._about[place].label,
            self._times[place],
            self._reasons[place],
            self._details[place],
        )

    def columns(self, start: int, stop: int) -> Columns:
        """Return the columns of the events that were recorded between two revisions."""
        return (
            self._kinds[start:stop],
            [record.label for record in self._about[start:stop]],
            self._times[start:stop],
            self._reasons[start:stop],
            self._details[start:stop],
        )

    def event(self, revision: int) -> Event:
        """Return the event that was recorded at the revision."""
        return event_of(self.row(revision))

    def time(self, revision: int) -> datetime | None:
        """Return the time of the event that was recorded at the revision."""
        return self._times[revision - 1]

    def event_of(self, place: int) -> Event:
        """Return the event that made the step at the place."""
        return self.event(self.lineage.recorded_at(place))

    # Versions

    def count(self, revision: int) -> int:
        """Return how many versions were registered."""
        order = self.order
        count = len(order)
        if not count or order[count - 1].registered <= revision:
            return count
        return bisect_right(order, revision, 0, count, key=_registered)

    def record(self, label: str, revision: int) -> Record | None:
        """Return the record of a version, or `None` before its registration."""
        record = self.records.get(label)
        return None if record is None or record.registered > revision else record

    def version(self, label: str, revision: int) -> Version | None:
        """Return what was known of a version, or `None` before its registration."""
        record = self.records.get(label)
        if record is None or record.registered > revision:
            return None
        return self.known(record, revision)

    def known(self, record: Record, revision: int) -> Version:
        """Return what was known of a version that was registered."""
        made = record.made
        if made is not None and made[0] == record.changed <= revision:
            return made[1]
        since, tip = record.changed, self.lineage.tip(revision)
        status, reason = record.standing(revision)
        times = record.deployments(tip)
        deployed = self.lineage.recorded_at(record.deployment(times - 1)) if times else 0
        version = Version(
            record.label,
            status,
            reason,
            record.facts(revision),
            record.digest,
            self._times[record.registered - 1],
            self._times[deployed - 1] if times else None,
            times,
        )
        if since <= revision:
            record.made = since, version
        return version

    def barrier(self, key: str, revision: int) -> int | None:
        """Return the place of the first deployment of the latest barrier, or `None`."""

        def is_one(place: int) -> bool:
            record = self.records[str(self.lineage.version(place))]
            return bool(record.facts(revision).get(key))

        places = self.lineage.tip(revision) + 1
        return self._barriers.latest(key, places, revision, is_one)

    # Growing

    def claim(self, revision: int) -> Ledger:
        """Return a ledger that ends at the revision and that the caller alone may extend."""
        if not revision:  # All registries of no events share a ledger, which nobody extends.
            return Ledger()
        # The token is fresh, so that the same registry extended twice is told apart. A claim is
        # dropped once its slot is filled, hence the second look at the length.
        token = object()
        if (
            len(self._kinds) == revision
            and self._claims.setdefault(revision, token) is token
            and len(self._kinds) == revision
        ):
            return self
        return self._until(revision)

    def register(self, revision: int, row: Row) -> Record:
        """Note that the version of an event is known now. Nobody sees it before `append`."""
        _, label, _, _, details = row
        _, metadata, digest, _, _ = details or NO_DETAILS
        version = self.records[label] = Record(label, revision, metadata, digest)
        self.order.append(version)
        return version

    def append(self, columns: Columns, about: list[Record]) -> None:
        """Record events that were noted, all of them about these versions."""
        kinds, _, times, reasons, details = columns
        revision = len(self._kinds)
        if any(times):
            self.bounds.add(revision, kinds, times)
        self._about += about
        self._times += times
        self._reasons += reasons
        self._details += details
        self._kinds += kinds
        _ = self._claims.pop(revision, None)  # A copy was never claimed.

    # What an event does

    def stands(self, revision: int, record: Record, standing: Standing) -> None:
        """Note the status of the version, and the reason for it."""
        record.stood = History(revision, standing, record.stood)
        record.changed = revision

    def leaves(self, revision: int, _: Record, standing: Standing) -> None:
        """Note the status of what served last, which is left for the version."""
        self.stands(revision, self.records[str(self.lineage.served_last(revision))], standing)

    def goes_on(self, revision: int, record: Record, is_fresh: bool) -> None:  # noqa: FBT001  # a fact
        """Note that the version serves, after what served last."""
        is_first = record.first == ROOT
        self.lineage.go_on(record, revision, is_fresh=is_fresh)
        if is_first:
            self._note_barrier(record, revision)

    def goes_back(self, revision: int, record: Record, _: None) -> None:
        """Note that the version serves again, or in place of what served last."""
        is_first = record.first == ROOT
        self.lineage.go_back(record, revision)
        if is_first:
            self._note_barrier(record, revision)

    def ends(self, revision: int, _: Record, __: None) -> None:
        """Note that nothing serves."""
        self.lineage.end(revision)

    def fails(self, revision: int, record: Record, reason: str | None) -> None:
        """Note that the version failed, and its contents; `None` if that was taken back."""
        failure = None if reason is None else Failure(record.label, reason)
        record.failed = History(revision, failure, record.failed)
        if record.digest is not None:
            self.contents.note(record.digest, record, revision)

    def is_annotated(self, revision: int, record: Record, metadata: Metadata) -> None:
        """Note metadata that are laid over those of the version."""
        record.is_annotated(revision, laid_over(record.facts(revision), metadata))
        first = record.first
        if first:
            self._barriers.annotated(metadata, first, revision)

    def _note_barrier(self, record: Record, revision: int) -> None:
        """Note that a version which may be a barrier was deployed for the first time."""
        if record.metadata is not NO_METADATA or record.annotated is not None:
            self._barriers.deployed(record.facts(revision), record.first)

    # Going another way

    def _until(self, revision: int) -> Ledger:
        """Return a copy of the ledger as it was at the revision."""
        copy, tip = Ledger(), self.lineage.tip(revision)
        copy.order = [record.until(revision, tip) for record in self.order[: self.count(revision)]]
        copy.records = {record.label: record for record in copy.order}
        copy._kinds = self._kinds[:revision]
        copy._about = [copy.records[record.label] for record in self._about[:revision]]
        copy._times = self._times[:revision]
        copy._reasons = self._reasons[:revision]
        copy._details = self._details[:revision]
        copy.lineage = self.lineage.until(revision, copy.records)
        copy.bounds = self.bounds.until(revision)
        copy.checksums = self.checksums.until(revision)
        copy._barriers = self._barriers.until(tip + 1, revision)
        copy.contents = self.contents.until(revision, copy.records)
        copy.precedence = Precedence(copy.order)
        return copy
