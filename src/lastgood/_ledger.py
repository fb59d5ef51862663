"""The append-only core that registries share.

The rules of this module:

1. A ledger only grows, at its end; a registry is a ledger and a revision, and sees nothing later.
2. Whoever extends a revision must claim its slot first. One claim wins; the others get a copy.
3. Everything but the events is derived from them, and could be rebuilt from them.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from lastgood._event import Event
from lastgood._history import History
from lastgood._lineage import Lineage, Step
from lastgood._precedence import PrecedenceOrder
from lastgood._version import Version


class Culprits:
    """Versions of equal contents, the one that most recently became bad on top.

    Below the top there may be versions that were reinstated since.
    """

    __slots__ = ("below", "label")

    def __init__(self, label: str, below: "Culprits | None") -> None:
        self.label = label
        self.below = below


class Change:
    """What an event does: the versions that are not as before, and the deployment that began."""

    __slots__ = ("step", "versions")

    def __init__(self, *versions: Version, step: Step | None = None) -> None:
        self.versions = versions
        self.step = step


class Ledger:
    """Events in the order in which they were recorded, and what follows from them.

    Args and return values called ``revision`` count events; a method that takes one answers as
    of that revision.
    """

    __slots__ = (
        "_claims",
        "_culprits",
        "_order",
        "_versions",
        "events",
        "labels",
        "lineage",
        "times",
    )

    #: All events. Appended last, so that its length says what is complete.
    events: list[Event]
    #: The labels in the order of registration.
    labels: History[str]
    #: The deployments, and which of them led to which.
    lineage: Lineage
    #: For every event that told a time, the latest time told by then.
    times: History[datetime]
    _versions: dict[str, History[Version]]
    #: For every digest, at each change of the status of a version that has it: the bad ones.
    _culprits: dict[str, History[Culprits | None]]
    _order: PrecedenceOrder | None
    _claims: dict[int, object]

    def __init__(self) -> None:
        self.events = []
        self.labels = History()
        self.lineage = Lineage()
        self.times = History()
        self._versions = {}
        self._culprits = {}
        self._order = None
        self._claims = {}

    # Reading

    def version(self, label: str, revision: int) -> Version | None:
        """Return what was known of a version, or `None` before its registration."""
        history = self._versions.get(label)
        return None if history is None else history.at(revision)

    def recorded_by(self, when: datetime, revision: int) -> tuple[int, int]:
        """Return the revisions between which that time lies: told by then, and not yet later."""
        place = self.times.count_up_to(when, revision)
        told = self.times.revision(place - 1) if place else 0
        is_last = place == self.times.count(revision)
        return told, revision if is_last else self.times.revision(place) - 1

    def event_of(self, place: int) -> Event:
        """Return the event that made the step at the place."""
        return self.events[self.lineage.recorded_at(place) - 1]

    def culprit(self, digest: str, revision: int) -> str | None:
        """Return a failed, rolled-back or retired version that has the digest, or `None`."""
        history = self._culprits.get(digest)
        culprits = None if history is None else history.at(revision)
        return None if culprits is None else culprits.label

    def status_changed(self, label: str, since: int, revision: int) -> bool:
        """Whether the status of a version changed between two revisions, even if it is the same."""
        history = self._versions[label]
        then, now = history.count(since), history.count(revision)
        if then == now:
            return False
        statuses = [history[place].status for place in range(max(0, then - 1), now)]
        return any(before is not after for before, after in pairwise(statuses))

    def contents_changed(self, digest: str, since: int, revision: int) -> bool:
        """Whether the status of any version that has the digest changed between two revisions."""
        history = self._culprits.get(digest)
        return history is not None and history.count(since) != history.count(revision)

    def below(self, precedence: str, revision: int) -> Iterator[list[Version]]:
        """Return the versions of lower precedence, the highest first, equal ones together.

        Of equal ones the most recently deployed comes first, then the most recently registered.
        """
        count = self.labels.count(revision)
        order = self._precedence_order(count)
        for places in order.groups_below(precedence):
            known = [place for place in places if place < count]
            if len(known) > 1:
                known.sort(key=lambda place: self._recency(place, revision), reverse=True)
            yield [
                version
                for place in known
                if (version := self.version(self.labels[place], revision)) is not None
            ]

    def _precedence_order(self, count: int) -> PrecedenceOrder:
        """Return an order with the first so many labels, and perhaps some later ones."""
        # Read once: another reader may put another order there, which may lack some of the labels.
        order = self._order or PrecedenceOrder(self.labels, count)
        if order.is_far_beyond(count):  # An old registry need not wade through it all.
            return PrecedenceOrder(self.labels, count)
        self._order = order = order.caught_up(self.labels, count)
        return order

    def _recency(self, place: int, revision: int) -> tuple[int, int]:
        return self.lineage.last(self.labels[place], revision), place

    # Growing

    def claim(self, revision: int) -> "Ledger":
        """Return a ledger that ends at the revision and that the caller alone may extend."""
        # The token is fresh, so that the same registry extended twice is told apart. A claim is
        # dropped once its slot is filled, hence the second look at the length.
        token = object()
        if (
            len(self.events) == revision
            and self._claims.setdefault(revision, token) is token
            and len(self.events) == revision
        ):
            return self
        return self._until(revision)

    def append(self, event: Event, change: Change) -> None:
        """Record an event and what it does, on a ledger that was claimed."""
        revision = len(self.events) + 1
        if event.at is not None:
            latest = self.times.at(revision)
            self.times.add(revision, event.at if latest is None else max(latest, event.at))
        for version in change.versions:
            self._note(version, revision)
        if change.step is not None:
            self.lineage.add(revision, event.version, change.step)
        self.events.append(event)
        _ = self._claims.pop(revision - 1, None)  # A copy was never claimed.

    def _note(self, version: Version, revision: int) -> None:
        history = self._versions.get(version.label)
        if history is None:
            history = self._versions[version.label] = History()
            self.labels.add(revision, version.label)
            history.add(revision, version)
            return
        before = history.values[-1]
        if version is before:
            return
        history.add(revision, version)
        if version.digest is not None and before.status is not version.status:
            told = self._culprits.setdefault(version.digest, History())
            told.add(revision, self._culprits_after(version, told.at(revision), revision))

    def _culprits_after(
        self, changed: Version, culprits: Culprits | None, revision: int
    ) -> Culprits | None:
        if changed.status.is_bad:
            return Culprits(changed.label, culprits)
        while culprits is not None:
            known = self.version(culprits.label, revision)
            if known is not None and known.status.is_bad:
                break
            culprits = culprits.below
        return culprits

    def _until(self, revision: int) -> "Ledger":
        """Return a copy of the ledger as it was at the revision."""
        copy = Ledger()
        copy.labels = self.labels.until(revision)
        copy.lineage = self.lineage.until(revision)
        copy.times = self.times.until(revision)
        for place in range(copy.labels.count(revision)):
            label = copy.labels[place]
            history = copy._versions[label] = self._versions[label].until(revision)
            digest = history[0].digest
            if digest in self._culprits and digest not in copy._culprits:
                copy._culprits[digest] = self._culprits[digest].until(revision)
        copy.events = self.events[:revision]
        return copy
