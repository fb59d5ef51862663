"""What a registry can be asked. Nothing here records anything."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar, cast, overload

from typing_extensions import override

from lastgood._effects import known
from lastgood._errors import InvalidTime, NothingDeployed, UnknownVersion
from lastgood._event import Event
from lastgood._frozen import Frozen
from lastgood._ledger import Ledger
from lastgood._lineage import ROOT
from lastgood._sequence import Lazy
from lastgood._time import utc
from lastgood._version import Deployment, Kind, Version

D = TypeVar("D")


class Questions(Frozen, Mapping[str, Version]):
    """The half of the registry that is read: a ledger, as of one of its revisions.

    It is a mapping from label to `Version`, in the order of registration.
    """

    __slots__ = ("_clock", "_ledger", "_revision")

    _ledger: Ledger
    _revision: int
    _clock: datetime | None

    @override
    def __getitem__(self, key: str, /) -> Version:
        version = self.get(key)
        if version is not None:
            return version
        if not isinstance(key, str):
            raise UnknownVersion(key)
        return known(self._ledger, self._revision, str.__str__(key))

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
        return self.get(key) is not None

    @override
    def __iter__(self) -> Iterator[str]:
        return map(self._ledger.labels.__getitem__, range(len(self)))

    @override
    def __len__(self) -> int:
        return self._ledger.labels.count(self._revision)

    @property
    def current(self) -> str | None:
        """The label of the version that serves now, or `None` where nothing was deployed."""
        return self._ledger.lineage.current(self._revision)

    @property
    def current_version(self) -> Version:
        """The version that serves now; `NothingDeployed` where there is none."""
        current = self.current
        if current is None:
            raise NothingDeployed
        return self[current]

    @property
    def needs_rollback(self) -> bool:
        """Whether the current version is failed, rolled back or retired."""
        current = self.current
        return current is not None and self[current].status.is_bad

    @property
    def revision(self) -> int:
        """How many events were recorded."""
        return self._revision

    @property
    def clock(self) -> datetime | None:
        """The latest time that the registry was told, in UTC; or what `with_clock` set."""
        return self._clock

    @property
    def events(self) -> Sequence[Event]:
        """The events, oldest first. ``events[n:]`` is what a store at revision ``n`` lacks."""
        return Lazy(self._revision, self._ledger.events.__getitem__)

    @property
    def deployments(self) -> Sequence[Deployment]:
        """The deployments, oldest first, in the order in which they were recorded."""
        length = self._ledger.lineage.tip(self._revision)
        return Lazy(length, lambda index: self._deployment(index + 1))

    def lineage(self) -> Iterator[Version]:
        """Return the versions that led to the current one, nearest first.

        It follows the order of deployments, with what rollbacks left taken out. Each version
        comes once, and the current one not at all.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry.from_statuses(
        ...     {"1": "stable", "2": "stable", "3": "failed"}, current="3"
        ... )
        >>> [version.label for version in registry.lineage()]
        ['2', '1']
        """
        seen = {self.current}
        for place in self._ledger.lineage.back(self._revision):
            served = self._ledger.lineage[place].version
            if served is not None and served not in seen:
                seen.add(served)
                yield self[served]

    def below(self, version: str) -> Iterator[Version]:
        """Return the versions of strictly lower SemVer precedence, highest first.

        Of equal ones the most recently deployed comes first, then the most recently registered.
        Labels that are no version are left out; below such a label there is nothing.

        Args:
            version: The label of a registered version.

        Raises:
            UnknownVersion: It is not registered.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"v1.10": "stable", "v1.9": "stable"})
        >>> [version.label for version in registry.below("v1.10")]
        ['v1.9']
        """
        semver = self[version].semver
        groups = (
            iter(()) if semver is None else self._ledger.below(semver.precedence, self._revision)
        )
        return (below for group in groups for below in group)

    def current_at(self, when: datetime) -> str | None:
        """Return the label that was current at that time, or `None`.

        A deployment that told its time began at the latest time told by then. One that told none
        began somewhere between the time told before it and the next one told; nobody knows when.

        Args:
            when: The time, with a time zone.

        Raises:
            InvalidTime: It has no time zone, or nobody told what was current then.
            TypeError: It is no `datetime`.

        >>> from lastgood import VersionRegistry
        >>> from datetime import UTC, datetime
        >>> registry = VersionRegistry().register("1")
        >>> registry = registry.deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
        >>> registry.current_at(datetime(2026, 5, 2, tzinfo=UTC))
        '1'
        """
        when = utc(when)
        told, recorded = self._ledger.recorded_by(when, self._revision)
        lineage = self._ledger.lineage
        place = lineage.tip(recorded)
        if place != ROOT and lineage.recorded_at(place) > told:
            raise InvalidTime(
                when,
                f"cannot be answered for: nobody told when {lineage[place].version!r} was "
                "deployed; record deployments with at=",
            )
        return lineage[place].version

    def _deployment(self, place: int) -> Deployment:
        ledger = self._ledger
        event = ledger.event_of(place)
        ended = place < ledger.lineage.tip(self._revision)
        return Deployment(
            event.version,
            event.at,
            ledger.event_of(place + 1).at if ended else None,
            cast("Kind", event.event),
            ledger.lineage[place].rewound,
            event.reason,
        )


def opened(registry: Questions) -> tuple[Ledger, int]:
    """Return the ledger of a registry and the revision up to which to read it.

    This is the one door for our own rules and strategies that need more than the questions; it is
    no part of the public face.
    """
    return registry._ledger, registry._revision  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
