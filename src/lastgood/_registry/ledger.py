"""The append-only core that registries share.

The rules of this module:

1. A ledger only grows, at its end; a registry is a ledger and a revision, and sees nothing later.
2. Whoever extends a revision must claim its slot first. One claim wins; the others get a copy.
3. Everything but the events is derived from them, and could be rebuilt from them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from lastgood._basics.kinds import KINDS
from lastgood._basics.status import Status
from lastgood._registry.barriers import Barriers
from lastgood._registry.bounds import Bounds
from lastgood._registry.history import History
from lastgood._registry.lineage import Lineage, Step
from lastgood._registry.precedence import PrecedenceOrder
from lastgood._values.event import Event
from lastgood._values.fingerprint import Checksums
from lastgood._values.version import Version

T = TypeVar("T")


class Culprits:
    """Versions of equal contents that failed, the one that failed most recently on top.

    Below the top there may be versions that were reinstated since.
    """

    __slots__ = ("below", "label")

    def __init__(self, label: str, below: "Culprits | None") -> None:
        self.label = label
        self.below = below


class Failure:
    """The verdict that a version, and with it its contents, failed."""

    __slots__ = ("label", "reason")

    def __init__(self, label: str, reason: str) -> None:
        self.label = label
        self.reason = reason


class Change:
    """What an event does.

    Args:
        versions: The versions that are not as before.
        step: The deployment that began.
        ended: Whether the current deployment ended, and nothing serves.
        failure: The verdict that a version failed.
        cleared: The label of a version of which such a verdict was taken back.
    """

    __slots__ = ("cleared", "ended", "failure", "step", "versions")

    def __init__(
        self,
        *versions: Version,
        step: Step | None = None,
        ended: bool = False,
        failure: Failure | None = None,
        cleared: str | None = None,
    ) -> None:
        self.versions = versions
        self.step = step
        self.ended = ended
        self.failure = failure
        self.cleared = cleared


#: What an event does that changes nothing: it is kept, and only its time counts.
NO_NEWS = Change()


class Ledger:
    """Events in the order in which they were recorded, and what follows from them.

    Args and return values called ``revision`` count events; a method that takes one answers as
    of that revision.
    """

    __slots__ = (
        "_barriers",
        "_checksums",
        "_claims",
        "_culprits",
        "_failures",
        "_order",
        "_versions",
        "bounds",
        "clock",
        "events",
        "labels",
        "lineage",
    )

    #: All events. Appended last, so that its length says what is complete.
    events: list[Event]
    #: The labels in the order of registration.
    labels: History[str]
    #: The deployments, and which of them led to which.
    lineage: Lineage
    #: The latest time recorded by then.
    clock: History[datetime]
    #: When each event happened, as far as the times tell.
    bounds: Bounds
    _versions: dict[str, History[Version]]
    #: For every version that ever failed: the failure, `None` once it was reinstated.
    _failures: dict[str, History[Failure | None]]
    #: For every digest that ever failed: the versions with it that failed.
    _culprits: dict[str, History[Culprits | None]]
    _barriers: Barriers
    _checksums: Checksums
    _order: PrecedenceOrder | None
    _claims: dict[int, object]

    def __init__(self) -> None:
        self.events = []
        self.labels = History()
        self.lineage = Lineage()
        self.clock = History()
        self.bounds = Bounds()
        self._versions = {}
        self._failures = {}
        self._culprits = {}
        self._barriers = Barriers()
        self._checksums = Checksums()
        self._order = None
        self._claims = {}

    # Reading

    def version(self, label: str, revision: int) -> Version | None:
        """Return what was known of a version, or `None` before its registration."""
        history = self._versions.get(label)
        return None if history is None else history.at(revision)

    def registered(self, label: str) -> Version:
        """Return a registered version as it was registered."""
        return self._versions[label][0]

    def before_hold(self, label: str, revision: int) -> Version:
        """Return what was known of a held version before it was left."""
        history = self._versions[label]
        place = history.count(revision) - 1
        while history[place].status is Status.ROLLED_BACK:
            place -= 1
        return history[place]

    def fingerprint(self, revision: int) -> str:
        """Return the fingerprint of the first ``revision`` events."""
        return self._checksums.fingerprint(self.events, revision)

    def event_of(self, place: int) -> Event:
        """Return the event that made the step at the place."""
        return self.events[self.lineage.recorded_at(place) - 1]

    def failure(self, label: str, revision: int) -> Failure | None:
        """Return the verdict that a version failed, unless it was reinstated since."""
        history = self._failures.get(label)
        return None if history is None else history.at(revision)

    def failed_contents(self, version: Version, revision: int) -> Failure | None:
        """Return the verdict that failed the contents of a version under another label."""
        history = None if version.digest is None else self._culprits.get(version.digest)
        culprits = None if history is None else history.at(revision)
        while culprits is not None:
            failure = self.failure(culprits.label, revision)
            if failure is not None and failure.label != version.label:
                return failure
            culprits = culprits.below
        return None

    def barrier(self, key: str, revision: int) -> int | None:
        """Return the place of the first deployment of the latest barrier, or `None`."""

        def is_one(place: int) -> bool:
            version = self.version(str(self.lineage[place].version), revision)
            return version is not None and bool(version.metadata.get(key))

        places = self.lineage.tip(revision) + 1
        return self._barriers.latest(key, places, revision, is_one)

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
        """Return an order with at least the first ``count`` labels."""
        # Read once: another reader may put another order there, which may lack some of the labels.
        order = self._order or PrecedenceOrder.of(self.labels, count)
        if order.is_far_beyond(count):  # An old registry need not wade through it all.
            return PrecedenceOrder.of(self.labels, count)
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
            self._note_time(event.at, revision, bounds=not KINDS[event.kind].is_verdict)
        if change is not NO_NEWS:
            self._note(event, change, revision)
        self.events.append(event)
        _ = self._claims.pop(revision - 1, None)  # A copy was never claimed.

    def _note_time(self, when: datetime, revision: int, *, bounds: bool) -> None:
        latest = self.clock.at(revision)
        if latest is None or when > latest:
            self.clock.add(revision, when)
        if bounds:
            self.bounds.add(revision, when)

    def _note(self, event: Event, change: Change, revision: int) -> None:
        for version in change.versions:
            self._note_version(version, revision)
        if change.step is not None:
            self.lineage.add(revision, event.version, change.step)
        self._note_barrier(event, revision)
        if change.ended:
            self.lineage.end(revision)
        if change.failure is not None:
            self._note_failure(change.failure.label, change.failure, revision)
        if change.cleared is not None:
            self._note_failure(change.cleared, None, revision)

    def _note_barrier(self, event: Event, revision: int) -> None:
        """Note what may be a barrier: a version that is first deployed, or that is annotated."""
        if event.kind == "annotated":
            served = self.lineage.served(event.version, revision)
            if served:
                self._barriers.annotated(event.metadata, served[0], revision)
            return
        version = self.version(event.version, revision)
        if version is not None and version.metadata and version.times_deployed == 1:
            place = self.lineage.last(event.version, revision)
            if self.lineage.recorded_at(place) == revision:
                self._barriers.deployed(version.metadata, place)

    def _note_version(self, version: Version, revision: int) -> None:
        history = self._versions.get(version.label)
        if history is None:
            history = self._versions[version.label] = History()
            self.labels.add(revision, version.label)
        history.add(revision, version)

    def _note_failure(self, label: str, failure: Failure | None, revision: int) -> None:
        self._failures.setdefault(label, History()).add(revision, failure)
        digest = self.registered(label).digest
        if digest is not None:
            known = self._culprits.setdefault(digest, History())
            known.add(revision, self._culprits_after(label, known.at(revision), revision))

    def _culprits_after(
        self, label: str, culprits: Culprits | None, revision: int
    ) -> Culprits | None:
        if self.failure(label, revision) is not None:
            return Culprits(label, culprits)
        while culprits is not None and self.failure(culprits.label, revision) is None:
            culprits = culprits.below
        return culprits

    def _until(self, revision: int) -> "Ledger":
        """Return a copy of the ledger as it was at the revision."""
        copy = Ledger.__new__(Ledger)  # Every part of it is a copy of its own.
        copy.events = self.events[:revision]
        copy.labels = self.labels.until(revision)
        copy.lineage = self.lineage.until(revision)
        copy.clock = self.clock.until(revision)
        copy.bounds = self.bounds.until(revision)
        copy._checksums = self._checksums.until(revision)
        copy._barriers = self._barriers.until(copy.lineage.tip(revision) + 1, revision)
        copy._versions = {
            label: self._versions[label].until(revision) for label in copy.labels.values
        }
        copy._failures = _until(self._failures, revision)
        copy._culprits = _until(self._culprits, revision)
        copy._order, copy._claims = None, {}
        return copy


def _until(histories: dict[str, History[T]], revision: int) -> dict[str, History[T]]:
    """Return copies of some histories as they were at the revision."""
    if not histories:
        return {}
    # Copied at once, since whoever extends the original may add to it meanwhile.
    return {key: history.until(revision) for key, history in histories.copy().items()}
