"""Strategies that decide differently once the version to leave was undeployed."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, VersionRegistry
from tests.testing.wrong.common import accepted, rotated, usable


@attrs.frozen
class NothingToLeave(RollbackStrategy):
    """Sees nothing to leave once the last version was taken away."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        moves = {"deployed", "rolled_back", "observed", "undeployed"}
        if [event.kind for event in registry.events if event.kind in moves][-1] != "undeployed":
            yield from accepted(registry.lineage())


@attrs.frozen
class FurtherForEachOutage(RollbackStrategy):
    """Goes one step further back for each time that nothing served."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        outages = sum(event.kind == "undeployed" for event in registry.events)
        return rotated(usable(registry), outages)
