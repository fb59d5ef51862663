"""Strategies that depend on versions that they do not choose."""

from collections.abc import Iterator
from itertools import islice

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    RollbackStrategy,
    Status,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted, rotated, usable


@attrs.frozen
class ByNumberOfVersions(RollbackStrategy):
    """Picks by the number of registered versions."""

    n: int

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), len(registry) % self.n)


@attrs.frozen
class ByNumberOfEvents(RollbackStrategy):
    """Picks by the number of events."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), len(registry.events))


@attrs.frozen
class ByRevision(RollbackStrategy):
    """Picks by the revision, modulo three."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), registry.revision % 3)


@attrs.frozen
class ByHash(RollbackStrategy):
    """Picks by the hash of the registry."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), hash(registry))


@attrs.frozen
class Middle(RollbackStrategy):
    """Goes back to the version in the middle of all registered ones."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.values()]
        return accepted(known[len(known) // 2 :])


@attrs.frozen
class CarefulAmongMany(RollbackStrategy):
    """Goes back to the first version once there are more than three."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(reversed(known) if len(registry) > 3 else known)


@attrs.frozen
class JustBelow(RollbackStrategy):
    """Goes back to the version right below the current one, and to no other."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in islice(registry.below_in_semver(registry.current_version.label), 1):
            if version.status is Status.STABLE:
                yield Candidate.accept(version)


@attrs.frozen
class WaitsForACanary(RollbackStrategy):
    """Goes back only while a version waits that was never deployed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if any(not version.times_deployed for version in registry.values()):
            yield from accepted(registry.lineage())


@attrs.frozen
class NewestRegisteredMinusOne(RollbackStrategy):
    """Goes back to the version registered before the newest one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted([*registry.values()][-2:-1])


@attrs.frozen
class LostInACrowd(RollbackStrategy):
    """Goes back to the first version once there are more than anybody registers in a test."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.lineage()]
        return accepted(reversed(known) if len(registry) > 20 else known)
