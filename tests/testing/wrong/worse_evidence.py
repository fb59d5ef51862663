"""Strategies that bad news about a third version turns to another one."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted, usable


def _bad(registry: VersionRegistry) -> list[Version]:
    """Return the bad versions, the current one left out."""
    known = [version for version in registry.values() if version.label != registry.current]
    return [version for version in known if version.status.is_bad]


@attrs.frozen
class OneFurtherForEachFailure(RollbackStrategy):
    """Goes one step further back for each version that failed, whichever it was."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(usable(registry)[len(_bad(registry)) :])


@attrs.frozen
class CarefulAfterFailures(RollbackStrategy):
    """Goes back to the first version once this number of others are bad."""

    failures: int

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(reversed(known) if len(_bad(registry)) >= self.failures else known)


@attrs.frozen
class TurnsForwardAfterFailure(RollbackStrategy):
    """Takes the stable ones of the lineage, but the unproven nearest one once another failed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if version.status is Status.STABLE or (_bad(registry) and not version.status.is_bad):
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version)


@attrs.frozen
class AcceptsAfterAnyFailure(RollbackStrategy):
    """Accepts nothing, until something else has failed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if _bad(registry):
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version, "no reason to go back")


@attrs.frozen
class FearsRetirement(RollbackStrategy):
    """Goes back to the first version once any other was retired."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        retired = any(version.status is Status.RETIRED for version in _bad(registry))
        return accepted(reversed(known) if retired else known)


@attrs.frozen
class MajorityOfGood(RollbackStrategy):
    """Goes back to the version in the middle of the good ones."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(known[len(known) // 2 :][:1])


@attrs.frozen
class SecondGoodUnsaid(RollbackStrategy):
    """Passes over the nearest good version, and does not say so."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(usable(registry)[1:2])


@attrs.frozen
class NextToAFailure(RollbackStrategy):
    """Goes back to what was registered right after a version that failed, if there is one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        labels = [*registry]
        near = {labels.index(version.label) + 1 for version in _bad(registry)}
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: labels.index(version.label) not in near))


@attrs.frozen
class FailureOfAnyKindInTheLineage(RollbackStrategy):
    """Trusts the lineage until something in it has failed, and then the newest version."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if any(version.status.is_bad for version in registry.lineage()):
            return accepted(reversed([*registry.values()]))
        return accepted(registry.lineage())


@attrs.frozen
class SecondThoughts(RollbackStrategy):
    """Rejects the nearest version, but takes it once the one behind it is bad."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        lineage = [*registry.lineage()]
        if len(lineage) < 2:
            return
        nearest, behind, *others = lineage
        if behind.status.is_bad:
            yield Candidate.accept(nearest)
        else:
            yield Candidate.reject(nearest)
        yield Candidate.reject(behind)
        yield from map(Candidate.accept, others)
