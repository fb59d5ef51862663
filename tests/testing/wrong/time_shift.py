"""Strategies that ask the clock of the machine."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, VersionRegistry
from tests.testing.wrong.common import accepted

#: A date that is not a parameter of any strategy.
CUTOFF = datetime(2100, 1, 1, tzinfo=UTC)


@attrs.frozen
class Soaked(RollbackStrategy):
    """Goes back to what was deployed a week ago or earlier, by the clock on the wall."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        now = datetime.now(UTC)
        for version in registry.lineage():
            if version.deployed_at is None or now - version.deployed_at < timedelta(days=7):
                yield Candidate.reject(version, "too fresh")
            else:
                yield Candidate.accept(version)


@attrs.frozen
class Fresh(RollbackStrategy):
    """Goes back to what was deployed within the last century, by the clock on the wall."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        century = datetime.now(UTC) + timedelta(days=36_525)
        known = registry.lineage()
        return accepted(one for one in known if one.deployed_at and one.deployed_at < century)


@attrs.frozen
class BeforeADate(RollbackStrategy):
    """Goes back to what was deployed before a date that is not among its parameters."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = registry.lineage()
        return accepted(one for one in known if one.deployed_at and one.deployed_at < CUTOFF)
