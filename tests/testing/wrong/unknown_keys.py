"""Strategies that are turned by facts that they do not look for."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, VersionRegistry
from tests.testing.wrong.common import accepted, usable


@attrs.frozen
class SameMetadataThroughout(RollbackStrategy):
    """Goes back to what has the metadata of the current version, key for key."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version
        for version in registry.lineage():
            if version.metadata == current.metadata:
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version, "other metadata")


@attrs.frozen
class MostFacts(RollbackStrategy):
    """Goes back to the version about which the most is known."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: -len(version.metadata)))


@attrs.frozen
class NothingToNote(RollbackStrategy):
    """Trusts only versions about which nobody noted anything."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(version for version in registry.lineage() if not version.metadata)
