"""Strategies that keep all laws, and do not mean what their author means: see `check_choice`."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted


def _best(versions: Iterable[Version], key: Callable[[Version], Any]) -> Iterator[Candidate]:
    """Accept the stable ones, the best first; of equal ones the one that comes first."""
    stable = [version for version in versions if version.status is Status.STABLE]
    return accepted(sorted(stable, key=key, reverse=True))


def _releases(registry: VersionRegistry) -> list[Version]:
    """Return the registered releases."""
    known = [version for version in registry.values() if version.semver is not None]
    return [version for version in known if version.semver and not version.semver.prerelease]


@attrs.frozen
class BelowAsText(RollbackStrategy):
    """Compares versions as texts, so that 1.10 comes before 1.9."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version
        if current.semver is not None:
            known = [one for one in _releases(registry) if one.label < current.label]
            yield from _best(known, lambda version: version.label)


@attrs.frozen
class BelowWithPrereleases(RollbackStrategy):
    """Does not tell a pre-release from a release."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.below_in_semver(registry.current_version.label):
            if version.status is Status.STABLE:
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version)


@attrs.frozen
class BelowWithoutMinors(RollbackStrategy):
    """Stays within the minor version."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        if current is not None:
            known = [one for one in _releases(registry) if one.semver and one.semver < current]
            same = [one for one in known if one.semver and one.semver.minor == current.minor]
            yield from _best(same, lambda version: version.semver)


@attrs.frozen
class BelowOrEqual(RollbackStrategy):
    """Takes a version of equal precedence for a lower one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        if current is not None:
            known = [one for one in _releases(registry) if one.semver and one.semver <= current]
            yield from _best(known, lambda version: version.semver)


@attrs.frozen
class LatestRegisteredBelow(RollbackStrategy):
    """Takes the version registered last for the highest one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        places = {label: place for place, label in enumerate(registry)}
        if current is not None:
            known = [one for one in _releases(registry) if one.semver and one.semver < current]
            yield from _best(known, lambda version: places[version.label])


@attrs.frozen
class DeployedBefore(RollbackStrategy):
    """Goes back through the deployments, which is the lineage until the first rollback."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        labels = dict.fromkeys(one.version for one in reversed(registry.deployments))
        return accepted(registry[label] for label in labels if label != registry.current)
