"""Strategies that raise on some registry."""

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter
from typing import NoReturn

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    LastStable,
    RollbackStrategy,
    VersionRegistry,
)
from tests.testing.wrong.common import Condition, accepted, usable


@attrs.frozen
class RaisesWhere(RollbackStrategy):
    """Goes back along the lineage, but raises if the condition holds."""

    condition: Condition

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if self.condition(registry):
            raise LookupError("nobody thought of this")
        return accepted(registry.lineage())


class UnspeakableError(Exception):
    """Cannot even say what is wrong."""

    @override
    def __str__(self) -> str:
        raise RuntimeError("not that either")


@attrs.frozen
class Raises(RollbackStrategy):
    """Raises this, whatever it is asked."""

    error: Exception

    @override
    def candidates(self, registry: VersionRegistry, /) -> NoReturn:
        raise self.error


def has_clock(registry: VersionRegistry) -> bool:
    """Whether a time was recorded."""
    return registry.clock is not None


@attrs.frozen
class NearestOnly(RollbackStrategy):
    """Takes the first of the lineage, as if there always were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        nearest, *_ = registry.lineage()
        yield Candidate.accept(nearest)


@attrs.frozen
class SecondToLast(RollbackStrategy):
    """Takes the deployment before the last one, as if there always were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(registry[registry.deployments[-2].version])


@attrs.frozen
class HighestSemver(RollbackStrategy):
    """Compares versions, as if every label were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.values()]
        return accepted(sorted(known, key=attrgetter("semver"), reverse=True))


@attrs.frozen
class ReadsMajors(RollbackStrategy):
    """Reads the major version out of every label."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: int(version.label.split(".")[0])))


@attrs.frozen
class BestAuc(RollbackStrategy):
    """Looks for a number that nobody promised to record."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: str(version.metadata["auc"])))


@attrs.frozen
class LatestRegistered(RollbackStrategy):
    """Compares times, as if they were always recorded."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=attrgetter("registered_at"), reverse=True))


@attrs.frozen
class LatestOrEarliest(RollbackStrategy):
    """Compares times with one without a zone, which fails if only some times are recorded."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        never = datetime.min  # noqa: DTZ901  # this is the mistake
        return accepted(sorted(known, key=lambda version: version.deployed_at or never))


@attrs.frozen
class FirstWordOfTheReason(RollbackStrategy):
    """Reads reasons, as if there always were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: version.reason.split()[0]))


@attrs.frozen
class AsksAnother(RollbackStrategy):
    """Asks another strategy for a plan, which may not exist."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(registry[LastStable().plan(registry).target])


@attrs.frozen
class CountsDeploymentsByLabel(RollbackStrategy):
    """Keeps a table by SemVer, in which versions of equal precedence collide."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        table = {version.semver: version for version in registry.values()}
        if len(table) < len(registry):
            raise ValueError("two versions are one")
        return accepted(registry.lineage())


@attrs.frozen
class Recursive(RollbackStrategy):
    """Asks itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield from self.candidates(registry)


@attrs.frozen
class KnowsThreeEvents(RollbackStrategy):
    """Reads the events, and does not know all kinds of them."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        handlers = {"registered": 0, "deployed": 1, "marked_stable": 2, "marked_failed": 3}
        _ = [handlers[event.kind] for event in registry.events]
        return accepted(registry.lineage())


class OutOfReachError(BaseException):
    """Passes by whoever catches exceptions."""


@attrs.frozen
class GivesUp(RollbackStrategy):
    """Ends everything if there are two versions to go back to."""

    error: type[BaseException]

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if len([*registry.lineage()]) > 1:
            raise self.error
        return accepted(registry.lineage())
