"""What a registry can be asked. Nothing here records anything."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, repeat
from operator import attrgetter
from typing import Final, TypeVar, cast, overload

from typing_extensions import override

from lastgood._basics.errors import InvalidTime
from lastgood._basics.messages import shown
from lastgood._basics.refusals import NothingDeployed, UnknownVersion
from lastgood._basics.times import utc
from lastgood._registry.effects import unknown
from lastgood._registry.handle import Handle
from lastgood._registry.sequences import Lazy
from lastgood._registry.views import Ordered
from lastgood._values.event import Event
from lastgood._values.semver import precedence_of
from lastgood._values.version import Deployment, DeploymentKind, Version

D = TypeVar("D")
_label: Final = attrgetter("label")


class Questions(Handle, Ordered):
    """The half of the registry that is read.

    It is a mapping from label to `Version`, in the order of registration.
    """

    __slots__ = ()

    @override
    def __getitem__(self, key: str, /) -> Version:
        version = self.get(key)
        if version is not None:
            return version
        if not isinstance(key, str):
            raise UnknownVersion(key)
        raise unknown(self._ledger, self._revision, str.__str__(key))

    @overload
    def get(self, key: object, /) -> Version | None: ...
    @overload
    def get(self, key: object, /, default: Version | D) -> Version | D: ...
    @override
    def get(self, key: object, /, default: Version | D | None = None) -> Version | D | None:
        """Return the version of the label, or the default; never raises."""
        if not isinstance(key, str):
            return default
        version = self._ledger.version(str.__str__(key), self._revision)
        return default if version is None else version

    @override
    def __contains__(self, key: object, /) -> bool:
        if not isinstance(key, str):
            return False
        return self._ledger.record(str.__str__(key), self._revision) is not None

    @override
    def __iter__(self) -> Iterator[str]:
        return map(_label, islice(self._ledger.order, len(self)))

    @override
    def __reversed__(self) -> Iterator[str]:
        places = range(len(self) - 1, -1, -1)
        return map(_label, map(self._ledger.order.__getitem__, places))

    @override
    def __len__(self) -> int:
        return self._ledger.count(self._revision)

    @property
    def current(self) -> str | None:
        """The label of the version that serves now, or `None` if nothing serves."""
        return self._current

    @property
    def current_version(self) -> Version:
        """The version that serves now.

        Raises:
            NothingDeployed: Nothing was ever deployed, or what served was undeployed.
        """
        current, ledger, revision = self._current, self._ledger, self._revision
        if current is None:
            raise NothingDeployed(ledger.lineage.served_last(revision))
        return ledger.known(ledger.records[current], revision)

    @property
    def needs_rollback(self) -> bool:
        """Whether the current version is failed or retired.

        It is false where nothing serves. It looks at the version's own status only: a service whose
        contents failed under another label is not moved without a verdict on itself.
        """
        current = self._current
        if current is None:
            return False
        status, _ = self._ledger.records[current].standing(self._revision)
        return status.is_bad

    @property
    def revision(self) -> int:
        """How many events were recorded."""
        return self._revision

    @property
    def fingerprint(self) -> str:
        """A short text that is equal for equal events, and otherwise different.

        It begins with the number of events. It is the same on every machine and in every release,
        and two different histories share one with a chance of 1 in 2**32. Copies, stores and plans
        are compared by it.

        >>> from lastgood import VersionRegistry
        >>> VersionRegistry().fingerprint
        '0-00000000'
        """
        return self._ledger.checksums.fingerprint(self._ledger.columns, self._revision)

    @property
    def clock(self) -> datetime | None:
        """The latest time that was recorded, in UTC; or what `with_clock` set."""
        return self._clock

    @property
    def events(self) -> Sequence[Event]:
        """The events, oldest first. ``events[n:]`` is what a store at revision ``n`` needs."""
        return Lazy(self._revision, lambda place: self._ledger.event(place + 1))

    @property
    def deployments(self) -> Sequence[Deployment]:
        """The deployments, oldest first, in the order in which they were recorded."""
        length = self._ledger.lineage.tip(self._revision)
        return Lazy(length, lambda index: self._deployment(index + 1))

    def deployments_of(self, version: str) -> Sequence[Deployment]:
        """Return the deployments of one version, oldest first.

        Args:
            version: The label of a registered version.

        Raises:
            UnknownVersion: It is not registered.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("1").deploy("1").undeploy("1").deploy("1")
        >>> [deployment.revision for deployment in registry.deployments_of("1")]
        [2, 4]
        """
        places = self._ledger.lineage.served(self[version].label, self._revision)
        return Lazy(len(places), lambda index: self._deployment(places[index]))

    def served_for(self, version: str) -> timedelta | None:
        """Return how long a version served in total.

        It adds up the deployments whose start and end are known; the current deployment ends at
        the registry's clock. A start or an end is known where the times recorded before and after
        it leave no doubt, so a wrong clock makes it unknown.

        Args:
            version: The label of a registered version.

        Returns:
            The total, or `None` if the time of no deployment is known.

        Raises:
            UnknownVersion: It is not registered.

        >>> from datetime import UTC, datetime
        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("1")
        >>> registry = registry.deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
        >>> registry = registry.undeploy("1", at=datetime(2026, 5, 3, tzinfo=UTC))
        >>> registry.served_for("1")
        datetime.timedelta(days=2)
        """
        places = self._ledger.lineage.served(self[version].label, self._revision)
        spans = [span for place in places if (span := self._span(place)) is not None]
        return sum(spans, timedelta()) if spans else None

    def lineage(self) -> Iterator[Version]:
        """Return the versions that served before the current one, nearest first.

        It follows the order of deployments, with what rollbacks left taken out. Each version
        comes once, and the current one not at all. After `undeploy`, what served last stands for
        the current one.

        >>> from lastgood import VersionRegistry
        >>> table = {"1": "stable", "2": "stable", "3": "failed"}
        >>> registry = VersionRegistry.from_statuses(table, current="3")
        >>> [version.label for version in registry.lineage()]
        ['2', '1']
        """
        ledger, revision = self._ledger, self._revision
        return map(ledger.known, ledger.lineage.earlier(revision), repeat(revision))

    def below_in_semver(self, version: str) -> Iterator[Version]:
        """Return the versions of strictly lower SemVer precedence, highest first.

        Of equal ones the most recently deployed comes first, then the most recently registered.
        Labels that are not SemVer are skipped, and nothing is below one.

        Args:
            version: The label of a registered version.

        Raises:
            UnknownVersion: It is not registered.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"v1.10": "stable", "v1.9": "stable"})
        >>> [version.label for version in registry.below_in_semver("v1.10")]
        ['v1.9']
        """
        than = precedence_of(self[version].label) or ""  # Nothing is below that.
        ledger, revision = self._ledger, self._revision
        tip, count = ledger.lineage.tip(revision), ledger.count(revision)
        return map(ledger.known, ledger.precedence.below(than, count, tip), repeat(revision))

    def current_at(self, when: datetime) -> str | None:
        """Return the label that was current at a time, or `None` if nothing served then.

        A deployment happened between the latest time recorded up to it and the earliest time
        recorded by it or after it. Where the two are equal, its time is known; where they cross, a
        clock was wrong, and nothing between them is known. Verdicts may come late, so their times
        do not count.

        Args:
            when: The time, with a time zone.

        Raises:
            InvalidTime: It has no time zone, or it is not known what was current then.
            TypeError: It is not a `datetime`.

        >>> from lastgood import VersionRegistry
        >>> from datetime import UTC, datetime
        >>> registry = VersionRegistry().register("1")
        >>> registry = registry.deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
        >>> registry.current_at(datetime(2026, 5, 2, tzinfo=UTC))
        '1'
        """
        when = utc(when)
        lineage, tip = self._ledger.lineage, self._ledger.lineage.tip(self._revision)
        begun = bisect_right(
            range(1, tip + 1),
            0,
            key=lambda place: 0 if self._is_over(lineage.recorded_at(place), when) else 1,
        )
        version, ended = lineage.version(begun), lineage.ended_at(begun, self._revision)
        if ended is not None and self._is_over(ended, when):  # It was undeployed.
            version, ended = None, lineage.recorded_at(begun + 1) if begun < tip else None
        if ended is not None:
            self._check_not_yet(ended, when)
        return version

    def _is_over(self, event: int, when: datetime) -> bool:
        """Whether an event is known to have happened by a time."""
        _, latest = self._ledger.bounds.span(event, self._revision)
        return latest is not None and latest <= when

    def _check_not_yet(self, event: int, when: datetime) -> None:
        """Raise `InvalidTime` unless an event is known to have happened after a time."""
        earliest, _ = self._ledger.bounds.span(event, self._revision)
        if earliest is None or earliest <= when:
            happened = self._ledger.event(event)
            raise InvalidTime(
                when,
                f"has no known answer: it is not certain whether {shown(happened.version)} was "
                f"{happened.kind.replace('_', ' ')} before it; pass at= to every command",
            )

    def _span(self, place: int) -> timedelta | None:
        """Return how long a deployment lasted, or `None` where that is not known."""
        began = self._known_time(self._ledger.lineage.recorded_at(place))
        over = self._ledger.lineage.ended_at(place, self._revision)
        ended = self._clock if over is None else self._known_time(over)
        return None if began is None or ended is None or ended < began else ended - began

    def _known_time(self, event: int) -> datetime | None:
        earliest, latest = self._ledger.bounds.span(event, self._revision)
        return earliest if earliest == latest else None

    def _deployment(self, place: int) -> Deployment:
        ledger = self._ledger
        event = ledger.event_of(place)
        ended = ledger.lineage.ended_at(place, self._revision)
        return Deployment(
            ledger.lineage.recorded_at(place),
            event.version,
            event.at,
            None if ended is None else ledger.time(ended),
            cast("DeploymentKind", event.kind),
            ledger.lineage.rewound(place),
            event.reason,
            event.by,
        )
