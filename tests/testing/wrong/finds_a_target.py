"""Strategies that never find anything."""

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
class AcceptsNothing(RollbackStrategy):
    """Rejects every version."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return map(Candidate.reject, registry.values())


@attrs.frozen
class Silent(RollbackStrategy):
    """Says nothing."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return iter(())


@attrs.frozen
class AcceptsTheCurrent(RollbackStrategy):
    """Accepts what serves already."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(registry.current_version)


@attrs.frozen
class AcceptsTheFailed(RollbackStrategy):
    """Accepts what failed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(version for version in registry.values() if version.status.is_bad)
