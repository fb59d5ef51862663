"""Strategies that lose their choice by news that speaks for it."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, Status, VersionRegistry
from tests.testing.wrong.common import accepted


@attrs.frozen
class OnlyUnproven(RollbackStrategy):
    """Goes back to what nobody judged yet."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = registry.lineage()
        return accepted(version for version in known if version.status is Status.UNPROVEN)


@attrs.frozen
class NotInAnEmergency(RollbackStrategy):
    """Goes back from a healthy version only, when there is no hurry."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if registry.current_version.status is not Status.FAILED:
            yield from accepted(registry.lineage())


@attrs.frozen
class FurtherFromARetiredVersion(RollbackStrategy):
    """Goes back to the first version of all if the current one was retired."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.lineage()]
        retired = registry.current_version.status is Status.RETIRED
        return accepted(reversed(known) if retired else known)
