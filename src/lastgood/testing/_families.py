"""Families of small registries: what can happen in them, at what price, up to what sum."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, pairwise
from typing import Final, TypeAlias

import attrs

from lastgood._basics.errors import LastgoodError
from lastgood._basics.status import Status
from lastgood._registry.handle import served_last
from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event
from lastgood._values.metadata import MetadataValue
from lastgood._values.version import Version
from lastgood.strategies import Pinned
from lastgood.testing._contents import Contents

#: Alternative contents, each with a price: many alternatives cost more than a few.
Alternatives: TypeAlias = Sequence[tuple[int, Contents]]

#: Makes a registry. It raises if the last command is refused.
_Made: TypeAlias = Callable[[], VersionRegistry]

#: A registry costs the sum of what led to it. What has no price does not happen.
_Prices: TypeAlias = Mapping[str, int]

#: Long lineages with all their verdicts.
CALM: Final[_Prices] = {"deploy": 2, "verdict": 1, "go_back": 3, "skip": 6}
#: Long lineages to which something unusual happens.
LONG: Final[_Prices] = {
    "deploy": 1,
    "reinstate": 1,
    "go_back": 4,
    "deploy_again": 4,
    "observe": 4,
    "undeploy": 5,
    "skip": 10,
}
#: Whatever can happen. Rare events cost much, so that they happen to few versions at a time.
WILD: Final[_Prices] = {
    "deploy": 2,
    "verdict": 1,
    "go_back": 2,
    "observe": 2,
    "reinstate": 2,
    "annotate": 3,
    "deploy_again": 3,
    "repeat": 3,
    "retire": 3,
    "undeploy": 3,
    "register": 4,
    "skip": 4,
}
#: Versions with different contents.
VARIED: Final[_Prices] = {
    "deploy": 2,
    "verdict": 1,
    "retire": 3,
    "skip": 3,
    "annotate": 4,
    "register": 4,
}
#: Versions of which times and reasons are recorded.
TIMED: Final[_Prices] = {
    "deploy": 2,
    "verdict": 1,
    "go_back": 2,
    "deploy_again": 2,
    "observe": 3,
    "undeploy": 3,
    "register": 4,
    "skip": 3,
}
#: Versions of which some have times, and some have wrong ones.
MIXED: Final[_Prices] = {"deploy": 2, "verdict": 1, "repeat": 4, "skip": 9}

#: Where times are recorded, versions serve for long, and verdicts come soon.
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MONTH: Final = timedelta(days=30)
_MINUTE: Final = timedelta(minutes=1)

#: By how much the clock is wrong that dates the events of a version; `None` if it dates none.
_Skew: TypeAlias = timedelta | None
UNTIMED: Final[Sequence[_Skew]] = (None,)
RIGHT: Final[Sequence[_Skew]] = (timedelta(),)
WRONG: Final[Sequence[_Skew]] = (timedelta(), None, timedelta(days=3650))

_DEPLOYMENTS: Final = frozenset({"deployed", "rolled_back", "observed"})
#: Kinds of events after which other verdicts are possible.
_MOVES: Final = _DEPLOYMENTS | {"registered"}


@attrs.frozen
class Family:
    """Registries of one kind: over these labels, with these contents, up to a cost."""

    labels: tuple[str, ...]
    #: The contents that a version of each label may have, each with its price.
    contents: Sequence[Alternatives]
    prices: _Prices
    bound: int
    #: What versions are annotated with.
    facts: Sequence[Mapping[str, MetadataValue]] = ()
    #: The labels take turns with these clocks.
    skews: Sequence[_Skew] = UNTIMED

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
            for price, made in self._moves(registry, self.bound - cost):
                with suppress(LastgoodError):  # What is refused does not happen.
                    heapq.heappush(heap, (cost + price, next(numbers), made()))

    def _moves(self, registry: VersionRegistry, left: int) -> Iterator[tuple[int, _Made]]:
        """Yield what can happen next for at most what is left, each with its price."""
        prices = {kind: price for kind, price in self.prices.items() if price <= left}
        if not prices:
            return
        for price, made in self._arrivals(registry, prices):
            if price <= left:
                yield price, made
        for kind, made in self._news(registry, prices):
            if kind in prices:
                yield prices[kind], made

    def _arrivals(self, registry: VersionRegistry, prices: _Prices) -> Iterator[tuple[int, _Made]]:
        """Yield the registries with one more version, deployed or not."""
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

    def _news(self, registry: VersionRegistry, prices: _Prices) -> Iterator[tuple[str, _Made]]:
        """Yield the registries in which something happened to a version that is known."""
        for version in _judged_next(registry):
            yield from _verdicts(registry, version, self._at(registry, version.label, _MINUTE))
        for version in registry.values():
            at = self._at(registry, version.label, _MONTH)
            if "annotate" in prices:
                yield from _annotations(registry, version, self.facts, at)
            yield from _deployments(registry, version, at)
        label = served_last(registry)
        if "undeploy" in prices and label is not None:
            at = self._at(registry, label, _MONTH)
            yield "undeploy", partial(registry.undeploy, label, at=at, **_said("maintenance", at))
        if "repeat" in prices:
            yield from self._repetition(registry)

    def _repetition(self, registry: VersionRegistry) -> Iterator[tuple[str, _Made]]:
        """Yield the registry in which the last event is on record twice; only data can say so."""
        before, latest = (None, None, *registry.events[-2:])[-2:]
        if latest is None or latest.kind == "rolled_back":
            return
        if before is not None and _is_repeated(before, latest):
            return
        again = attrs.evolve(latest, at=self._at(registry, latest.version, _MINUTE))
        yield "repeat", partial(registry.extend, [again])

    def _at(self, registry: VersionRegistry, label: str, span: timedelta) -> datetime | None:
        """Return the time of what happens to the version after that span, if it has any."""
        skew = self.skews[self.labels.index(label) % len(self.skews)]
        if skew is None:
            return None
        # By the events, and not by the clock: a clock that is wrong does not move the others.
        return (
            _START + _MONTH * len(registry.deployments) + _MINUTE * registry.revision + span + skew
        )


def _is_repeated(before: Event, latest: Event) -> bool:
    """Whether the two say the same; their times do not matter."""
    return before.kind == latest.kind and attrs.evolve(before, at=latest.at) == latest


def _judged_next(registry: VersionRegistry) -> list[Version]:
    """Return the versions on which a verdict may lead to a registry that can be told apart.

    A verdict comes as soon as it can, and verdicts that follow one another come in the order of
    registration: later, or in another order, they lead to the same. If versions share contents they
    may not, since one may forbid the other: then every version is returned.
    """
    digests = [version.digest for version in registry.values() if version.digest is not None]
    if len(set(digests)) < len(digests):
        return [*registry.values()]
    places = {label: place for place, label in enumerate(registry)}
    first, touched = 0, set[str | None]()
    for event in reversed(registry.events[:]):
        if event.kind in _MOVES:
            touched |= {event.version, event.source}
            if event.kind == "observed" and len(registry.deployments) > 1:
                touched.add(registry.deployments[-2].version)  # It may have been left.
            break
        first = max(first, places[event.version])
    return [one for label, one in registry.items() if label in touched and places[label] >= first]


def _said(reason: str, at: datetime | None) -> dict[str, str]:
    """Return the reason and who said so, which are recorded where times are."""
    return {"reason": reason, "by": "monitor/p99"} if at else {}


def _verdicts(
    registry: VersionRegistry, version: Version, at: datetime | None
) -> Iterator[tuple[str, _Made]]:
    """Yield the registries with one more verdict on the version, if it is news."""
    label, status = version.label, version.status
    bad = _said("p99 latency 900 ms", at)
    if status is Status.UNPROVEN:
        good = _said("no alarm for a day", at)
        yield "verdict", partial(registry.mark_stable, label, at=at, **good)
    if status is not Status.FAILED and status is not Status.STABLE:
        yield "verdict", partial(registry.mark_failed, label, at=at, **bad)
    if status is not Status.RETIRED:
        yield "retire", partial(registry.retire, label, at=at, **bad)
    if status.is_bad:
        yield "reinstate", partial(registry.reinstate, label, reason="false alarm", at=at)


def _annotations(
    registry: VersionRegistry,
    version: Version,
    facts: Sequence[Mapping[str, MetadataValue]],
    at: datetime | None,
) -> Iterator[tuple[str, _Made]]:
    """Yield the registries in which something was learned about the version later."""
    for learned in facts:
        yield "annotate", partial(registry.annotate, version.label, learned, at=at)


def _deployments(
    registry: VersionRegistry, version: Version, at: datetime | None
) -> Iterator[tuple[str, _Made]]:
    """Yield the registries in which the version was deployed, gone back to, or observed."""
    label = version.label
    if not version.status.is_bad:
        kind = "deploy_again" if version.times_deployed else "deploy"
        yield kind, partial(registry.deploy, label, at=at)
        if registry.deployments:
            yield "go_back", partial(_gone_back, registry, label, at)
    if registry.current != label:
        yield "observe", partial(registry.observe, label, at=at, **_said("switched by hand", at))


def _deployed(known: _Made, label: str, at: datetime | None) -> VersionRegistry:
    return known().deploy(label, at=at)


def _gone_back(registry: VersionRegistry, label: str, at: datetime | None) -> VersionRegistry:
    plan = Pinned(label).plan(registry, leaving=served_last(registry))
    return registry.roll_back(plan, at=at, **_said("switched by hand", at))


def _askable(registry: VersionRegistry) -> object:
    """Return what a strategy can ask, except for times and for verdicts that no longer count."""
    events = registry.events[:]
    return (
        tuple(
            (one.label, one.status, one.reason, one.metadata, one.digest, _hidden(registry, one))
            for one in registry.values()
        ),
        # The deployments and the lineage follow from these, and whether anything serves.
        tuple(
            (event.version, event.kind)
            for event in events
            if event.kind in _DEPLOYMENTS or event.kind == "undeployed"
        ),
        tuple(
            (event.version, event.kind)
            for before, event in pairwise(events)
            if _is_repeated(before, event)
        ),
    )


def _hidden(registry: VersionRegistry, version: Version) -> object:
    """Return what the status does not say: what a held version was, whether contents failed."""
    if version.status is Status.ROLLED_BACK:
        return registry.reinstate(version.label)[version.label].status
    if version.status is not Status.RETIRED or version.digest is None:
        return None
    for event in reversed(registry.events[:]):
        if event.version == version.label and event.kind in {"marked_failed", "reinstated"}:
            return event.kind
    return None
