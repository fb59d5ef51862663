"""Strategies that depend on more than the registry: chance, memory, and earlier questions."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import ClassVar

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    RollbackStrategy,
    Version,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted, rotated, usable


@attrs.frozen
class Random(RollbackStrategy):
    """Takes any version of the lineage."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(random.sample(known, len(known)))


@attrs.frozen
class RandomRest(RollbackStrategy):
    """Chooses the nearest version; what comes after it is in any order, which reviews show."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        nearest, *rest = usable(registry) or [registry.current_version]
        return accepted([nearest, *random.sample(rest, len(rest))])


@attrs.frozen
class RandomReason(RollbackStrategy):
    """Goes back along the lineage, with a reason that differs every time."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            yield Candidate.accept(version, f"ticket {random.random()}")  # noqa: S311


@attrs.frozen
class ByIdOfTheRegistry(RollbackStrategy):
    """Depends on where in memory the registry is."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), id(registry) >> 4)


@attrs.frozen
class ByIdOfVersions(RollbackStrategy):
    """Depends on where in memory the versions are."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(sorted(usable(registry), key=id))


@attrs.frozen
class ByIdOfLabels(RollbackStrategy):
    """Depends on where in memory the labels are."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(sorted(usable(registry), key=lambda version: id(version.label)))


@attrs.frozen
class ByCallCount(RollbackStrategy):
    """Counts how often it was asked, and begins elsewhere every time."""

    calls: Iterator[int] = attrs.field(factory=count, eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), next(self.calls))


@attrs.frozen
class EveryHundredth(RollbackStrategy):
    """Goes further back every hundredth time."""

    calls: Iterator[int] = attrs.field(factory=count, eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), next(self.calls) % 100 == 0)


@attrs.frozen
class CountsOfAll(RollbackStrategy):
    """Counts how often any of its kind was asked."""

    calls: ClassVar[list[int]] = []

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.calls.append(1)
        return rotated(usable(registry), len(self.calls))


@attrs.frozen
class NeverTwice(RollbackStrategy):
    """Does not propose the same version twice in a row."""

    last: list[str] = attrs.field(factory=list[str], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        last = self.last[-1:]
        for version in registry.lineage():
            if version.label not in last and not version.status.is_bad:
                self.last.append(version.label)
                yield Candidate.accept(version)
                return


@attrs.frozen
class Sticky(RollbackStrategy):
    """Stays with what it chose first, wherever that is registered."""

    chosen: list[str] = attrs.field(factory=list[str], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.chosen.extend(version.label for version in usable(registry))
        return accepted(registry[label] for label in self.chosen[:1] if label in registry)


@attrs.frozen
class CachesByCurrent(RollbackStrategy):
    """Remembers its answer for each current version, whatever else differs."""

    answers: dict[str | None, list[Version]] = attrs.field(
        factory=dict[str | None, list[Version]], eq=False, repr=False
    )

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if usable(registry):
            found = self.answers.setdefault(registry.current, usable(registry))
            yield from accepted(version for version in found if version.label in registry)


@attrs.frozen
class CachesByRevision(RollbackStrategy):
    """Remembers its answer for each revision, as if there were one registry only."""

    answers: dict[int, list[Version]] = attrs.field(
        factory=dict[int, list[Version]], eq=False, repr=False
    )

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        found = self.answers.setdefault(registry.revision, usable(registry))
        return accepted(version for version in found if version.label in registry)


@attrs.frozen
class RejectsOnce(RollbackStrategy):
    """Rejects the current version of the first registry, and then keeps silent about all."""

    asked: list[str] = attrs.field(factory=list[str], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if not self.asked:
            self.asked.append(registry.current_version.label)
            yield Candidate.reject(registry.current_version, "for once")


@attrs.frozen
class OneIterator(RollbackStrategy):
    """Keeps an iterator that can be read once."""

    answers: dict[VersionRegistry, Iterator[Candidate]] = attrs.field(
        factory=dict[VersionRegistry, Iterator[Candidate]], eq=False, repr=False
    )

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return self.answers.setdefault(registry, accepted(registry.lineage()))


@attrs.frozen
class ComparesWithTheLast(RollbackStrategy):
    """Goes further back if the registry before had the same current version."""

    last: list[str | None] = attrs.field(factory=list[str | None], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        again = self.last[-1:] == [registry.current]
        self.last.append(registry.current)
        return rotated(usable(registry), again)


@attrs.frozen
class ByTheClockOnTheWall(RollbackStrategy):
    """Asks the clock of the machine, by the microsecond."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), datetime.now(UTC).microsecond)


@attrs.frozen
class ReusesItsList(RollbackStrategy):
    """Answers with an iterator over a list that it fills again for the next question."""

    found: list[Candidate] = attrs.field(factory=list[Candidate], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.found[:] = accepted(registry.lineage())
        return iter(self.found)


#: What `RemembersInAModule` found, by the number of versions.
_FOUND: dict[int, list[Version]] = {}


@attrs.frozen
class RemembersInAModule(RollbackStrategy):
    """Keeps its answers by the number of versions, for all of its kind to read."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if usable(registry):
            yield from accepted(_FOUND.setdefault(len(registry), usable(registry)))


@attrs.frozen
class FirstOfItsKind(RollbackStrategy):
    """Answers differently the first time that any of its kind is asked, or the second time."""

    differently_at: int = 1
    calls: ClassVar[list[int]] = []

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.calls.append(1)
        return rotated(usable(registry), len(self.calls) == self.differently_at)
