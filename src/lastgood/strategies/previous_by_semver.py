"""Back to the next lower release."""

from collections.abc import Iterator
from typing import final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate
from lastgood._code import Coded
from lastgood._number import flag
from lastgood._registry import VersionRegistry
from lastgood._status import Status
from lastgood._version import Version
from lastgood.strategies.base import RollbackStrategy


def _prereleases(value: bool) -> bool:  # noqa: FBT001  # an option
    return flag(value, "prereleases")


def _unproven(value: bool) -> bool:  # noqa: FBT001  # an option
    return flag(value, "unproven")


@final
@attrs.frozen(eq=False, repr=False)
class PreviousBySemver(Coded, RollbackStrategy):
    """Goes back to the highest stable release of strictly lower precedence than the current one.

    It follows SemVer precedence (clause 11 of Semantic Versioning 2.0.0), whether a version was
    ever deployed or not; of equal ones the most recently deployed comes first, then the most
    recently registered. Where the current label is no version there is nothing to follow.

    Args:
        prereleases: Whether to accept pre-releases (renovatebot/renovate#14878).
        unproven: Whether to accept unproven versions.

    >>> from lastgood import PreviousBySemver, VersionRegistry
    >>> table = {"1.9.0": "stable", "1.10.0": "stable", "1.11.0": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="1.11.0")
    >>> PreviousBySemver().plan(registry).target
    '1.10.0'
    """

    prereleases: bool = attrs.field(default=False, kw_only=True, converter=_prereleases)
    unproven: bool = attrs.field(default=False, kw_only=True, converter=_unproven)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version
        for version in registry.below(current.label):
            yield self._judged(version)
        if current.semver is None:  # Then nothing is below it.
            yield Candidate.reject(
                current, "the label of the current version is no SemVer version to go below"
            )

    def _judged(self, version: Version) -> Candidate:
        unproven = self.unproven and version.status is Status.UNPROVEN
        if version.status is not Status.STABLE and not unproven:
            return Candidate.reject(version)
        semver = version.semver
        if semver is not None and semver.prerelease and not self.prereleases:
            return Candidate.reject(version, f"{version.verdict}, but a pre-release")
        return Candidate.accept(version)
