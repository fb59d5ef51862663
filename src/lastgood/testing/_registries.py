"""All small registries, so that a strategy can be held against every one of them."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import count, cycle, product
from typing import Final, TypeAlias

import attrs

from lastgood import _text
from lastgood._metadata import Metadata, MetadataValue, frozen_copy
from lastgood._registry import VersionRegistry
from lastgood._show import listed, shown
from lastgood._status import Status
from lastgood._version import Version
from lastgood.rules import Safe
from lastgood.strategies import Pinned

#: The versions of small registries, in the order of registration. They are chosen for the mistakes
#: that they find: as texts 1.10 sorts below 1.9; an older release is registered after a newer one;
#: two are of equal precedence; a pre-release lies between releases; and one is no version at all.
LABELS: Final = ("1.10.0", "1.9.0", "1.10.1-rc.1", "v1.10.0", "1.10.1", "main")

#: What a version is told at registration.
Contents: TypeAlias = tuple[Mapping[str, MetadataValue] | None, str | None]

#: Where nobody says what versions are told, some are told a value of each type, and of no meaning.
_ANY_METADATA: Final[Mapping[str, MetadataValue]] = {
    "text": "a",
    "number": 0.5,
    "whole": 3,
    "flag": True,
    "nothing": None,
}

#: Such contents, each with a price: many alternatives cost more than a few.
_Alternatives: TypeAlias = Sequence[tuple[int, Contents]]

#: What makes a registry.
_Made: TypeAlias = Callable[[], VersionRegistry]

#: A registry costs the sum of what led to it. What has no price does not happen.
_Prices: TypeAlias = Mapping[str, int]

#: Long lineages with all their verdicts.
_CALM: Final[_Prices] = {"deploy": 2, "verdict": 1, "go_back": 3, "skip": 6}
#: Long lineages to which something unusual happens.
_LONG: Final[_Prices] = {
    "deploy": 1,
    "reinstate": 1,
    "go_back": 4,
    "deploy_again": 4,
    "observe": 4,
    "skip": 10,
}
#: Whatever can happen. What is rare is dear, so that it happens to few versions at a time.
_WILD: Final[_Prices] = {
    "deploy": 2,
    "verdict": 1,
    "go_back": 2,
    "reinstate": 2,
    "deploy_again": 3,
    "observe": 3,
    "retire": 3,
    "register": 4,
    "skip": 4,
}
#: Versions of which more is told.
_TOLD: Final[_Prices] = {"deploy": 2, "verdict": 1, "register": 4, "skip": 3}
_TIMED: Final[_Prices] = {**_TOLD, "go_back": 2, "deploy_again": 2, "observe": 3}
_MIXED: Final[_Prices] = {"deploy": 2, "verdict": 1, "skip": 9}

#: Where times are told, versions serve long, and verdicts come soon.
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MONTH: Final = timedelta(days=30)
_MINUTE: Final = timedelta(minutes=1)

_SAFE: Final = Safe()
_DEPLOYMENTS: Final = frozenset({"deployed", "rolled_back", "observed"})


@attrs.frozen
class _Family:
    """Registries of one kind: over these labels, with these contents, up to a cost."""

    labels: tuple[str, ...]
    #: What a version of each label may be told, each with what it costs more.
    contents: Sequence[_Alternatives]
    prices: _Prices
    bound: int
    #: Of which labels times and reasons are told: of none, of all, or of every second one.
    told: slice = slice(0)

    def members(self) -> Iterator[tuple[object, VersionRegistry]]:
        """Yield what a strategy can ask them, and one registry for each, the cheapest first."""
        numbers = count()
        heap = [(0, next(numbers), VersionRegistry())]
        seen: set[object] = set()
        while heap:
            cost, _, registry = heapq.heappop(heap)
            askable = _askable(registry)
            if askable in seen:
                continue
            seen.add(askable)
            yield askable, registry
            for price, following in self._moves(registry, self.bound - cost):
                heapq.heappush(heap, (cost + price, next(numbers), following()))

    def _moves(self, registry: VersionRegistry, left: int) -> Iterator[tuple[int, _Made]]:
        """Yield what can happen next for no more than is left, each with its price."""
        prices = {kind: price for kind, price in self.prices.items() if price <= left}
        if not prices:
            return
        for price, made in self._arrivals(registry, prices):
            if price <= left:
                yield price, made
        for kind, made in self._news(registry):
            if kind in prices:
                yield prices[kind], made

    def _arrivals(self, registry: VersionRegistry, prices: _Prices) -> Iterator[tuple[int, _Made]]:
        """Yield the registries with one version more, deployed or not."""
        first = max((self.labels.index(label) + 1 for label in registry), default=0)
        for place in range(first, len(self.labels)):
            label, skip = self.labels[place], self.prices["skip"] if place > first else 0
            at = self._at(registry, label, _MONTH)
            for extra, (metadata, digest) in self.contents[place]:
                known = partial(registry.register, label, metadata=metadata, digest=digest, at=at)
                moves = ("register", known), ("deploy", partial(_deployed, known, label, at))
                for kind, made in moves:
                    if kind in prices:
                        yield prices[kind] + skip + extra, made

    def _news(self, registry: VersionRegistry) -> Iterator[tuple[str, _Made]]:
        """Yield the registries in which something happened to a version that is known."""
        judged = _last_judged(registry)
        for place, version in enumerate(registry.values()):
            if place >= judged:
                yield from _verdicts(registry, version, self._at(registry, version.label, _MINUTE))
            yield from _deployments(registry, version, self._at(registry, version.label, _MONTH))

    def _at(self, registry: VersionRegistry, label: str, span: timedelta) -> datetime | None:
        """Return the time that is told of what happens to the version after that span, if any."""
        return (registry.clock or _START) + span if label in self.labels[self.told] else None


def _last_judged(registry: VersionRegistry) -> int:
    """Return the place of the version on which there was a verdict just now; 0 without one.

    Verdicts that follow one another come in the order of registration: no other order leads to a
    registry that can be told apart.
    """
    latest = registry.events[-1] if registry.revision else None
    if latest is None or latest.event == "registered" or latest.event in _DEPLOYMENTS:
        return 0
    return list(registry).index(latest.version)


def _verdicts(
    registry: VersionRegistry, version: Version, at: datetime | None
) -> Iterator[tuple[str, _Made]]:
    """Yield the registries with one more verdict on the version, where it is news."""
    label, status = version.label, version.status
    good, bad = ("no alarm for a day", "p99 latency 900 ms") if at else ("", "")
    if status is Status.UNPROVEN:
        yield "verdict", partial(registry.mark_stable, label, reason=good, at=at)
    if status is not Status.FAILED and status is not Status.RETIRED:
        yield "verdict", partial(registry.mark_failed, label, reason=bad, at=at)
    if status is not Status.RETIRED:
        yield "retire", partial(registry.retire, label, reason=bad, at=at)
    if status.is_bad:
        yield "reinstate", partial(registry.reinstate, label, reason="false alarm", at=at)


def _deployments(
    registry: VersionRegistry, version: Version, at: datetime | None
) -> Iterator[tuple[str, _Made]]:
    """Yield the registries in which the version was deployed, gone back to, or observed."""
    label = version.label
    if not version.status.is_bad:
        kind = "deploy_again" if version.times_deployed else "deploy"
        yield kind, partial(registry.deploy, label, at=at)
    reason = "switched by hand" if at else ""
    if registry.current is not None and _SAFE(version, registry) is None:
        yield "go_back", partial(_gone_back, registry, label, reason, at)
    if registry.current != label:
        yield "observe", partial(registry.observe, label, reason=reason, at=at)


def _deployed(known: _Made, label: str, at: datetime | None) -> VersionRegistry:
    return known().deploy(label, at=at)


def _gone_back(
    registry: VersionRegistry, label: str, reason: str, at: datetime | None
) -> VersionRegistry:
    return registry.roll_back(Pinned(label).plan(registry), reason=reason, at=at)


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
            any, versions have none, or some of no meaning, equal for all of them.
        digests: What the digest of a version may be, likewise. Without any, versions have none, or
            share one.

    Raises:
        TypeError: A `str` or a mapping is given in the place of a sequence.
        ValueError: A label is given twice.
        Exception: What `VersionRegistry.register` raises about one of them.

    >>> from lastgood.testing import small_registries
    >>> first = next(registry for registry in small_registries() if registry.needs_rollback)
    >>> [event.event for event in first.events]
    ['registered', 'deployed', 'marked_failed']
    """
    called, (told, known) = checked_labels(labels), checked_contents(metadata, digests)
    yield from _found(called, tuple(map(_exactly, told)), known)


#: Metadata as a key of a cache, which `Metadata` is not: it equals what has 1.0 in the place of 1.
_Exact: TypeAlias = tuple[tuple[str, type, MetadataValue], ...]


def _exactly(metadata: Mapping[str, MetadataValue]) -> _Exact:
    return tuple((key, type(value), value) for key, value in metadata.items())


@lru_cache(maxsize=4)  # Registries are values, so runs can share them.
def _found(
    labels: tuple[str, ...], exact: tuple[_Exact, ...], digests: tuple[str | None, ...]
) -> Sequence[VersionRegistry]:
    metadata = tuple(Metadata({key: value for key, _, value in items}) for items in exact)
    seen: set[object] = set()
    found: list[VersionRegistry] = []
    for family in _families(labels, metadata, digests):
        for askable, registry in family.members():
            asked = askable, registry.clock is None
            if asked not in seen:
                seen.add(asked)
                found.append(registry)
    return sorted(found, key=lambda registry: registry.revision)


def _families(
    labels: tuple[str, ...],
    metadata: tuple[Mapping[str, MetadataValue], ...],
    digests: tuple[str | None, ...],
) -> Iterator[_Family]:
    contents = _alternatives(metadata, digests)
    # Labels take turns: versions that all share one digest could never be gone back to.
    turns = cycle([one for _, one in contents if one[1] is None] or [one for _, one in contents])
    quiet = [[(0, one)] for one, _ in zip(turns, labels, strict=False)]
    yield _Family(labels, quiet, _CALM, bound=13)
    yield _Family(labels[:5], quiet, _LONG, bound=10)
    yield _Family(labels, quiet, _WILD, bound=10)
    yield _Family(labels, [contents] * len(labels), _TOLD, bound=9)
    if not metadata:
        odd = [[(0, (_ANY_METADATA, one[1])), (1, one)] for ((_, one),) in quiet]
        yield _Family(labels, odd, _TOLD, bound=7)
    yield _Family(labels, quiet, _TIMED, bound=9, told=slice(None))
    yield _Family(labels, quiet, _MIXED, bound=8, told=slice(0, None, 2))


def _alternatives(
    metadata: tuple[Mapping[str, MetadataValue], ...], digests: tuple[str | None, ...]
) -> _Alternatives:
    """Return what a version may be told, with its price."""
    prices = [
        place.bit_length() + other.bit_length()
        for place in range(len(metadata) or 1)
        for other in range(len(digests) or 2)
    ]
    return list(zip(prices, all_contents(metadata, digests), strict=True))


def all_contents(
    metadata: tuple[Mapping[str, MetadataValue], ...], digests: tuple[str | None, ...]
) -> tuple[Contents, ...]:
    """Return what a version may be told; without digests, none or one that several share."""
    return tuple(product(metadata or (None,), digests or (None, "sha256:shared")))


def checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the labels, exact ones; errors as of `register`, and where one is given twice."""
    if isinstance(labels, str):
        raise TypeError(f"labels are several: write labels=[{shown(labels)}]")
    exact = tuple(map(_text.label, labels))
    twice = [label for place, label in enumerate(exact) if label in exact[:place]]
    if twice:
        raise ValueError(f"a label is given once: {listed(twice)}")
    return exact


def checked_contents(
    metadata: Sequence[Mapping[str, MetadataValue]], digests: Sequence[str | None]
) -> tuple[tuple[Mapping[str, MetadataValue], ...], tuple[str | None, ...]]:
    """Return the metadata and the digests to try; errors as of `register`.

    Raises:
        TypeError: Also where one stands for several.
    """
    if isinstance(metadata, Mapping):
        raise TypeError("metadata is what to try, one after the other: write metadata=[{...}, ...]")
    if isinstance(digests, str):
        raise TypeError(f"digests are several: write digests=[{shown(digests)}]")
    known = (None if digest is None else _text.digest(digest) for digest in digests)
    return tuple(map(frozen_copy, metadata)), tuple(known)


def _askable(registry: VersionRegistry) -> object:
    """Return all that a strategy can ask, but for the verdicts before the last and the times."""
    return (
        tuple(
            (one.label, one.status, one.reason, one.metadata, one.digest)
            for one in registry.values()
        ),
        # The deployments and the lineage follow from these.
        tuple(
            (event.version, event.event) for event in registry.events if event.event in _DEPLOYMENTS
        ),
    )
