"""Strategies for which a repeated event is a second fact."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, Version, VersionRegistry
from tests.testing.wrong.common import accepted, usable


@attrs.frozen
class CountsPraise(RollbackStrategy):
    """Goes back to the version that was marked stable most often."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        def praise(version: Version) -> int:
            good = [event for event in registry.events if event.kind == "marked_stable"]
            return -sum(event.version == version.label for event in good)

        return accepted(sorted(registry.lineage(), key=praise))


@attrs.frozen
class CountsDeployments(RollbackStrategy):
    """Goes back to the version with the most deployments on record, repeated ones included."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        def deployments(version: Version) -> int:
            deployed = [event for event in registry.events if event.kind == "deployed"]
            return -sum(event.version == version.label for event in deployed)

        return accepted(sorted(registry.lineage(), key=deployments))


@attrs.frozen
class AfterAFailure(RollbackStrategy):
    """Goes back only if the failure of the current version is the last thing on record."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        last = registry.events[-1]
        if last.kind == "marked_failed" and last.version == registry.current:
            yield from accepted(usable(registry))
