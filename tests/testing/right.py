"""Strategies of users that keep the laws, however plain they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any, Final

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    LastStable,
    PreviousBySemver,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
)


@attrs.frozen
class WholeLineage(RollbackStrategy):
    """Accepts the whole lineage: safety is the library's business."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return map(Candidate.accept, registry.lineage())


@attrs.frozen
class AllVersions(RollbackStrategy):
    """Accepts all versions, the current one too, the newest first."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> list[Candidate]:
        return [Candidate.accept(version) for version in reversed([*registry.values()])]


@attrs.frozen
class OldestFirst(RollbackStrategy):
    """Goes back as far as it can."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> tuple[Candidate, ...]:
        return tuple(Candidate.accept(version) for version in reversed([*registry.lineage()]))


@attrs.frozen
class MostDeployed(RollbackStrategy):
    """Goes back to what was deployed most often."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = sorted(registry.lineage(), key=lambda version: -version.times_deployed)
        return map(Candidate.accept, known)


@attrs.frozen
class DeploymentBefore(RollbackStrategy):
    """Goes back to the deployment before the last one, which toggles, and keeps the laws."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for deployment in registry.deployments[-2:-1]:
            yield Candidate.accept(registry[deployment.version])


@attrs.frozen
class RegisteredBefore(RollbackStrategy):
    """Goes back to what was registered before the current version, deployed or not."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        labels = [*registry]
        for label in labels[: labels.index(registry.current_version.label)][::-1]:
            yield Candidate.accept(registry[label])


@attrs.frozen
class StopsAtAFailure(RollbackStrategy):
    """Goes back along the lineage, but never past a version that failed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if version.status.is_bad:
                yield Candidate.reject(version, f"{version.status_text}; not past it")
                return
            yield Candidate.accept(version)


@attrs.frozen
class LeastTroubled(RollbackStrategy):
    """Goes back to the version that was left by the fewest rollbacks."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        def troubles(version: Version) -> int:
            return sum(event.source == version.label for event in registry.events)

        return map(Candidate.accept, sorted(registry.lineage(), key=troubles))


@attrs.frozen
class LastMarkedStableByTime(RollbackStrategy):
    """Goes back to what was marked stable latest, by the recorded times."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = {
            event.version: event.at
            for event in registry.events
            if event.kind == "marked_stable" and event.at is not None
        }
        for label in sorted(known, key=lambda label: known[label], reverse=True):
            yield Candidate.accept(registry[label])


@attrs.frozen
class ByReason(RollbackStrategy):
    """Prefers what proved good for a reason."""

    word: str

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if self.word in version.reason:
                yield Candidate.accept(version, f"its reason says {self.word!r}")
            else:
                yield Candidate.reject(version, f"its reason does not say {self.word!r}")


@attrs.frozen
class Uploaded(RollbackStrategy):
    """Works on labels that are numbers, as MLflow hands them out."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = sorted(registry.values(), key=lambda version: int(version.label), reverse=True)
        for version in known:
            if int(version.label) < int(registry.current_version.label):
                yield Candidate.accept(version)


@attrs.frozen
class HighestNumber(RollbackStrategy):
    """Works on metadata that every version has."""

    key: str

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        def number(version: Version) -> float:
            return float(str(version.metadata[self.key]))

        return map(Candidate.accept, sorted(registry.lineage(), key=number, reverse=True))


@attrs.frozen
class ReadsDigests(RollbackStrategy):
    """Works on digests that every version has."""

    algorithm: str = "sha256"

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if str(version.digest).split(":")[0] == self.algorithm and version.digest is not None:
                yield Candidate.accept(version)


@attrs.frozen
class NeedsDigests(RollbackStrategy):
    """Works on digests, and fails without one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.values():
            algorithm, _ = str(version.digest).split(":")
            yield Candidate.accept(version, f"a digest of {algorithm}")


@dataclass(frozen=True)
class AsADataclass(RollbackStrategy):
    """A frozen data class is a value as well."""

    steps: int = 1
    note: str = field(default="", compare=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for place, version in enumerate(registry.lineage(), 1):
            if place < self.steps:
                yield Candidate.reject(version, f"only step {place}")
            else:
                yield Candidate.accept(version)


class ByHand(RollbackStrategy):
    """A class that does without any helper, and leaves defaults out of its `repr`."""

    __slots__ = ("_labels", "_unproven")

    def __init__(self, *labels: str, unproven: bool = False) -> None:
        self._labels = labels
        self._unproven = unproven

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in map(registry.get, self._labels):
            if version is None:
                continue
            if version.status is Status.STABLE or self._unproven:
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version)

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ByHand):
            return NotImplemented
        return (self._labels, self._unproven) == (other._labels, other._unproven)

    @override
    def __hash__(self) -> int:
        return hash((self._labels, self._unproven))

    @override
    def __repr__(self) -> str:
        arguments = [*map(repr, self._labels), *(["unproven=True"] if self._unproven else [])]
        return f"ByHand({', '.join(arguments)})"


@attrs.frozen
class Remembers(RollbackStrategy):
    """Keeps what it found for each registry, which is right as long as all of it is the key."""

    found: dict[VersionRegistry, tuple[Candidate, ...]] = attrs.field(
        factory=dict[VersionRegistry, tuple[Candidate, ...]], eq=False, repr=False
    )

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if registry not in self.found:
            self.found[registry] = tuple(map(Candidate.accept, registry.lineage()))
        return iter(self.found[registry])


@lru_cache(maxsize=100)
def _accepted(registry: VersionRegistry) -> tuple[Candidate, ...]:
    return tuple(map(Candidate.accept, registry.lineage()))


@attrs.frozen
class UsesACache(RollbackStrategy):
    """Has a cache in common with all others of its kind."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> tuple[Candidate, ...]:
        return _accepted(registry)


@attrs.frozen
class Guards(RollbackStrategy):
    """Is made of another strategy."""

    inner: RollbackStrategy

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for candidate in self.inner.candidates(registry):
            if candidate.accepted and "rc" in candidate.version:
                yield Candidate.reject(candidate.version, "a release candidate")
            else:
                yield candidate


@attrs.frozen(repr=False)
class ShowsItInWords(RollbackStrategy):
    """Shows its parameters in words, not as code."""

    region: str
    steps: tuple[int, ...]

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return map(Candidate.accept, registry.lineage())

    @override
    def __repr__(self) -> str:
        return f"<the lineage of {self.region}, {' or '.join(map(str, self.steps))} steps back>"


class Direction(Enum):
    """Where to begin."""

    NEAREST = "nearest"
    OLDEST = "oldest"


@attrs.frozen
class Soaked(RollbackStrategy):
    """Goes back to what was deployed long enough ago, by the clock of the registry."""

    soak: timedelta
    direction: Direction = Direction.NEAREST
    beside: frozenset[str] = frozenset()

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.lineage()]
        for version in known if self.direction is Direction.NEAREST else reversed(known):
            problem = self._problem(version, registry)
            if problem is None:
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version, problem)

    def _problem(self, version: Version, registry: VersionRegistry) -> str | None:
        if version.label in self.beside:
            return "left aside"
        if registry.clock is None or version.deployed_at is None:
            return "it is not known when it was deployed"
        return "too fresh" if registry.clock - version.deployed_at < self.soak else None


@attrs.frozen(repr=False)
class SoakedInHours(RollbackStrategy):
    """Shows its parameter in another unit."""

    soak: timedelta

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return Soaked(self.soak).candidates(registry)

    @override
    def __repr__(self) -> str:
        return f"SoakedInHours({self.soak / timedelta(hours=1):g})"


@attrs.frozen
class DeployedSince(RollbackStrategy):
    """Goes back no further than to a day, which it is given."""

    day: date

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if version.deployed_at is not None and version.deployed_at.date() >= self.day:
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version, f"not deployed since {self.day}")


class WithoutParameters(RollbackStrategy):
    """Is made from nothing, and keeps a number of its own."""

    def __init__(self) -> None:
        self.longest = 3

    @override
    def candidates(self, registry: VersionRegistry, /) -> list[Candidate]:
        return [Candidate.accept(version) for version in registry.lineage()][: self.longest]

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, WithoutParameters)

    @override
    def __hash__(self) -> int:
        return hash(type(self))

    @override
    def __repr__(self) -> str:
        return "WithoutParameters()"


class InAnyCase(RollbackStrategy):
    """Puts its parameter into one form, so that two ways of writing it are equal."""

    def __init__(self, word: str = "", *, limit: int = 5) -> None:
        self._word = word.lower()[:3]
        self.limit = min(limit, 5)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if self._word in version.label:
                yield Candidate.accept(version)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, InAnyCase) and (self._word, self.limit) == (
            other._word,
            other.limit,
        )

    @override
    def __hash__(self) -> int:
        return hash((self._word, self.limit))

    @override
    def __repr__(self) -> str:
        return (
            f"InAnyCase({self._word!r})"
            if self.limit == 5
            else f"InAnyCase({self._word!r}, limit={self.limit})"
        )


#: All of them, each with what it must be given.
RIGHT: Final[Sequence[tuple[RollbackStrategy, Mapping[str, Any]]]] = [
    (WholeLineage(), {}),
    (AllVersions(), {}),
    (OldestFirst(), {}),
    (MostDeployed(), {}),
    (DeploymentBefore(), {}),
    (RegisteredBefore(), {}),
    (StopsAtAFailure(), {}),
    (LeastTroubled(), {}),
    (LastMarkedStableByTime(), {}),
    (ByReason("alarm"), {}),
    (Uploaded(), {"labels": ["2", "10"]}),
    (HighestNumber("auc"), {"metadata": [{"auc": 0.8}, {"auc": 0.9}]}),
    (ReadsDigests(), {"digests": ["sha256:a", "sha256:b"]}),
    (AsADataclass(), {}),
    (AsADataclass(steps=2, note="not a parameter"), {}),
    (ByHand("1.9.0"), {}),
    (ByHand("1.9.0", "main", unproven=True), {}),
    (Remembers(), {"labels": ["1", "2"]}),  # it grows, and is copied
    (UsesACache(), {"labels": ["1", "2"]}),
    (Guards(PreviousBySemver(prereleases=True)), {}),
    (ShowsItInWords("eu", (1, 2)), {}),
    (Soaked(timedelta(days=20)), {}),
    (Soaked(timedelta(days=20), Direction.OLDEST, frozenset({"main"})), {}),
    (SoakedInHours(timedelta(days=20)), {}),
    (DeployedSince(date(2026, 3, 1)), {}),
    (WithoutParameters(), {}),
    (InAnyCase("1.9"), {}),
    (WholeLineage() | OldestFirst() | LastStable(), {}),
]
