"""A strategy that follows the version order of SemVer."""

from collections.abc import Iterator
from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.frozen import named
from lastgood._basics.numbers import flag
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate
from lastgood._values.version import Version
from lastgood.strategies.base import RollbackStrategy


def _prereleases(value: bool) -> bool:  # noqa: FBT001  # an option
    return flag(value, "prereleases")


def _unproven(value: bool) -> bool:  # noqa: FBT001  # an option
    return flag(value, "unproven")


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False)
class PreviousBySemver(RollbackStrategy, Coded):
    """Go back to the highest stable release of strictly lower precedence than the current one.

    Follows SemVer precedence (clause 11 of Semantic Versioning 2.0.0), whether a version was ever
    deployed or not; of equal ones the most recently deployed comes first, then the most recently
    registered. If the current label is not SemVer, it proposes nothing.

    Args:
        prereleases: Whether to accept pre-releases (renovatebot/renovate#14878).
        unproven: Whether to accept unproven versions.

    Raises:
        TypeError: An argument is not a `bool`.

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
        for version in registry.below_in_semver(current.label):
            yield self._judged(version)
        if current.semver is None:  # Then nothing is below it.
            yield Candidate.reject(current, reasons.current_not_semver())

    def _judged(self, version: Version) -> Candidate:
        status = version.status
        if status is not Status.STABLE and not (self.unproven and status is Status.UNPROVEN):
            return Candidate.reject(version)
        if self.prereleases or "-" not in version.label:  # Most need not be read again.
            return Candidate.accept(version)
        semver = version.semver
        if semver is not None and semver.prerelease:
            return Candidate.reject(version, reasons.prerelease(version.status_text))
        return Candidate.accept(version)

    @override
    def _why_not_mentioned(self, version: Version, registry: VersionRegistry, /) -> str | None:
        semver, current = version.semver, registry.current_version.semver
        if semver is None:
            return reasons.NOT_SEMVER
        if current is None:
            return None
        return reasons.ABOVE_CURRENT if semver > current else reasons.EQUAL_TO_CURRENT
