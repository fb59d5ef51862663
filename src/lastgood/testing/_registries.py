"""All small registries, so that a strategy can be held against every one of them."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, product
from typing import Final, TypeAlias

import attrs

from lastgood._metadata import MetadataValue
from lastgood._registry import VersionRegistry
from lastgood._status import Status
from lastgood._version import Version
from lastgood.rules import Safe
from lastgood.strategies import Pinned

#: The versions of small registries, in the order of registration. They are chosen for the mistakes
#: that they find: as texts 1.10 sorts below 1.9; two are of equal precedence; a pre-release is
#: registered before its older relatives; and one is no version at all.
LABELS: Final = ("1.9.0", "1.10.1-rc.1", "1.10.0", "v1.10.0", "main")

#: What a version is told at registration.
Contents: TypeAlias = tuple[Mapping[str, MetadataValue] | None, str | None]

#: A registry costs the sum of what led to it. What happens every day is cheap, so that lineages of
#: four versions with all their verdicts are within the bound; what is rare is dear, so that it
#: happens to few versions at a time.
_REGISTER, _SKIP, _CONTENTS = 4, 3, 1
_DEPLOY, _AGAIN, _BACK, _OBSERVE = 2, 4, 2, 3
_VERDICT, _RETIRE, _REINSTATE = 1, 3, 2

#: Where times are told, versions serve long, and verdicts come soon.
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MONTH: Final = timedelta(days=30)
_MINUTE: Final = timedelta(minutes=1)

_SAFE: Final = Safe()


@attrs.frozen
class _Family:
    """Registries of one kind: over these labels, with these contents, up to a cost."""

    labels: tuple[str, ...]
    contents: tuple[Contents, ...]
    bound: int
    #: Whether times are told.
    timed: bool = False

    def members(self) -> Iterator[VersionRegistry]:
        """Yield them, the cheapest first, each one that a strategy can tell apart once."""
        numbers = count()
        heap = [(0, next(numbers), VersionRegistry())]
        seen: set[object] = set()
        while heap:
            cost, _, registry = heapq.heappop(heap)
            askable = _askable(registry)
            if askable in seen:
                continue
            seen.add(askable)
            yield registry
            for price, following in self._moves(registry, self.bound - cost):
                heapq.heappush(heap, (cost + price, next(numbers), following))

    def _moves(self, registry: VersionRegistry, left: int) -> Iterator[tuple[int, VersionRegistry]]:
        """Yield what can happen next for at most that price, each with its price."""
        yield from self._arrivals(registry, self._after(registry, _MONTH), left)
        for version in registry.values():
            if left >= _VERDICT:
                yield from _verdicts(registry, version, self._after(registry, _MINUTE), left)
            if left >= _BACK and not self.timed:
                yield from _deployments(registry, version, self._after(registry, _MONTH), left)

    def _after(self, registry: VersionRegistry, span: timedelta) -> datetime | None:
        return (registry.clock or _START) + span if self.timed else None

    def _arrivals(
        self, registry: VersionRegistry, at: datetime | None, left: int
    ) -> Iterator[tuple[int, VersionRegistry]]:
        """Yield the registries with one version more, deployed or not."""
        first = max((self.labels.index(label) + 1 for label in registry), default=0)
        for skipped, label in enumerate(self.labels[first:]):
            for place, (metadata, digest) in enumerate(self.contents):
                price = skipped * _SKIP + (place > 0) * _CONTENTS
                if price + _DEPLOY > left:
                    continue
                arrived = registry.register(label, metadata=metadata, digest=digest, at=at)
                if price + _REGISTER <= left:
                    yield price + _REGISTER, arrived
                yield price + _DEPLOY, arrived.deploy(label, at=at)


def small_registries(
    *,
    labels: Sequence[str] = LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
) -> Iterator[VersionRegistry]:
    """Yield every registry that can be reached within a bound, with the fewest events first.

    Those that no strategy could tell apart come once. The bound admits lineages of up to four
    versions with rollbacks, redeploys, observations and reinstatements, with and without times.

    Args:
        labels: The labels, in the order of registration.
        metadata: What the metadata of a version may be; each is tried for each version. Without
            any, all versions have equal metadata: none.
        digests: What the digest of a version may be, likewise. Without any, versions have none, or
            share one.

    >>> from lastgood.testing import small_registries
    >>> first = next(registry for registry in small_registries() if registry.needs_rollback)
    >>> [event.event for event in first.events]
    ['registered', 'deployed', 'marked_failed']
    """
    seen: set[object] = set()
    found: list[VersionRegistry] = []
    for family in _families(tuple(labels), tuple(metadata), tuple(digests)):
        for registry in family.members():
            askable = _askable(registry), family.timed
            if askable not in seen:
                seen.add(askable)
                found.append(registry)
    yield from sorted(found, key=lambda registry: registry.revision)


def _families(
    labels: tuple[str, ...],
    metadata: tuple[Mapping[str, MetadataValue], ...],
    digests: tuple[str | None, ...],
) -> Iterator[_Family]:
    plain = metadata[0] if metadata else None
    yield _Family(labels, ((plain, digests[0] if digests else None),), bound=11)
    contents = all_contents(metadata, digests)
    yield _Family(labels[:3], contents, bound=9)
    yield _Family(labels[:4], contents[:1], bound=11, timed=True)


def all_contents(
    metadata: tuple[Mapping[str, MetadataValue], ...], digests: tuple[str | None, ...]
) -> tuple[Contents, ...]:
    """Return what a version may be told; without digests, none or one that several share."""
    return tuple(product(metadata or (None,), digests or (None, "sha256:shared")))


def _verdicts(
    registry: VersionRegistry, version: Version, at: datetime | None, left: int
) -> Iterator[tuple[int, VersionRegistry]]:
    """Yield the registries with one more verdict on the version, where it is news."""
    label, status = version.label, version.status
    if status is Status.UNPROVEN:
        yield _VERDICT, registry.mark_stable(label, at=at)
    if status is not Status.FAILED and status is not Status.RETIRED:
        yield _VERDICT, registry.mark_failed(label, at=at)
    if status is not Status.RETIRED and left >= _RETIRE:
        yield _RETIRE, registry.retire(label, at=at)
    if status.is_bad and left >= _REINSTATE:
        yield _REINSTATE, registry.reinstate(label, at=at)


def _deployments(
    registry: VersionRegistry, version: Version, at: datetime | None, left: int
) -> Iterator[tuple[int, VersionRegistry]]:
    """Yield the registries in which the version was deployed, gone back to, or observed."""
    label = version.label
    price = _AGAIN if version.times_deployed else _DEPLOY
    if not version.status.is_bad and left >= price:
        yield price, registry.deploy(label, at=at)
    if registry.current is not None and _SAFE(version, registry) is None:
        yield _BACK, registry.roll_back(Pinned(label).plan(registry), at=at)
    if registry.current != label and left >= _OBSERVE:
        yield _OBSERVE, registry.observe(label, at=at)


def _askable(registry: VersionRegistry) -> object:
    """Return all that a strategy can ask, but for the events and the times that they tell."""
    return (
        tuple(
            (one.label, one.status, one.reason, one.metadata, one.digest)
            for one in registry.values()
        ),
        tuple((one.version, one.kind, one.rewound) for one in registry.deployments),
        tuple(version.label for version in registry.lineage()),
    )
