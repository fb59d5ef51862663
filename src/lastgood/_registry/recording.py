"""Events that are recorded one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from lastgood._basics.errors import LastgoodError
from lastgood._basics.kinds import KINDS
from lastgood._basics.times import later
from lastgood._registry.effects import EFFECTS, first_effect
from lastgood._registry.ledger import Ledger
from lastgood._registry.record import Record
from lastgood._values.row import Columns

T = TypeVar("T")

#: At most this number of events is read and recorded at once.
_MANY: Final = 256


class Recording:
    """Events that are recorded after those of a registry. The ledger is claimed once."""

    __slots__ = ("_is_own", "clock", "has_moved", "ledger", "revision")

    ledger: Ledger
    #: How many events were recorded, or with a refused one how many came before it.
    revision: int
    clock: datetime | None
    #: Whether something else serves than before, or nothing.
    has_moved: bool
    #: Whether the ledger was claimed.
    _is_own: bool

    def __init__(self, ledger: Ledger, revision: int, clock: datetime | None) -> None:
        self.ledger = ledger
        self.revision = revision
        self.clock = clock
        self.has_moved = self._is_own = False

    def add(self, columns: Columns) -> None:
        """Record events. Raises the errors of their commands; then none of them is recorded."""
        ledger, revision = self.ledger, self.revision
        records, is_own, about = ledger.records, self._is_own, list[Record]()
        for row in zip(*columns, strict=True):
            version = records.get(row[1])
            if version is not None and version.registered > revision:
                version = None
            try:
                if version is None:
                    change = first_effect(ledger, revision, row)
                else:
                    change = EFFECTS[row[0]](ledger, revision, version, row)
            except LastgoodError:
                self.revision = revision
                raise
            if not is_own:
                self.ledger = ledger = ledger.claim(revision)
                self._is_own, is_own, records = True, True, ledger.records
                version = records.get(row[1])
            revision += 1
            if version is None:
                version = ledger.register(revision, row)
            if change:
                for note, value in change:
                    note(ledger, revision, version, value)
            about.append(version)
        self.has_moved = self.has_moved or any(KINDS[kind].moves for kind in set(columns[0]))
        ledger.append(columns, about)
        self.revision = revision
        latest = max(filter(None, columns[2]), default=None)
        self.clock = later(self.clock, latest)


def chunks(events: Iterable[T]) -> Iterator[list[T]]:
    """Yield the events in their order, many at once."""
    rest = iter(events)
    while chunk := [*islice(rest, _MANY)]:
        yield chunk
