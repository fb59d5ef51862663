"""Strategies that accept versions that are not registered."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    RollbackStrategy,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted


@attrs.frozen
class Unregistered(RollbackStrategy):
    """Accepts a version that nobody registered, and the lineage after it."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept("v0", "the golden one")
        yield from accepted(registry.lineage())


@attrs.frozen
class OnlyUnregistered(RollbackStrategy):
    """Accepts a version that nobody registered, and nothing else."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept("v0", "the golden one")


@attrs.frozen
class PinnedUnchecked(RollbackStrategy):
    """Accepts one version, whether it is registered or not."""

    version: str

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(self.version, "pinned")


@attrs.frozen
class OneBefore(RollbackStrategy):
    """Counts down the last number of the current label."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        if current is not None:
            label = f"{current.major}.{current.minor}.{max(0, current.patch - 1)}"
            yield Candidate.accept(label, "the one before")


@attrs.frozen
class StripsTheV(RollbackStrategy):
    """Takes `v1.0` and `1.0` for one version."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            yield Candidate.accept(version.label.lstrip("v"), "stripped")
