"""Rules that follow the version order of SemVer."""

import abc
from typing import ClassVar, final

import attrs
from typing_extensions import override

from lastgood._basics.errors import InvalidSemVer
from lastgood._basics.frozen import named
from lastgood._basics.texts import label
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.semver import SemVer
from lastgood._values.version import Version
from lastgood.rules.base import CodedRule


def _floor(version: str) -> str:
    floor = label(version)
    if SemVer.from_label(floor) is None:
        raise InvalidSemVer(floor, "a SemVer version as labels have it, such as '1.2.0' or 'v1.2'")
    return floor


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class AtLeast(CodedRule):
    """Rejects what is below a floor of SemVer precedence, and every label that is not SemVer.

    It is the anti-rollback of update systems that must not go back past a fix (RAUC's
    ``min-bundle-version``).

    Args:
        version: The floor, read as labels are. The floor itself may be gone back to.

    Raises:
        InvalidSemVer: The floor is not a SemVer version.
        InvalidLabel: The floor is empty, too long, or has control characters.
        TypeError: The floor is not a `str`.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.rules import AtLeast
    >>> table = {"1.2.9": "stable", "1.3.0": "stable", "1.4.0": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="1.4.0")
    >>> AtLeast("1.3.0")(registry["1.2.9"], registry)
    'below 1.3.0'
    """

    version: str = attrs.field(converter=_floor)

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        semver, floor = version.semver, SemVer.from_label(self.version)
        if semver is None or floor is None:
            return reasons.floor_unknown(self.version)
        return reasons.below_floor(self.version) if semver < floor else None


class SamePart(CodedRule):
    """Rejects what has another part of its SemVer version than the current version.

    If either label is not SemVer the answer is not known, and the version is rejected.
    """

    __slots__ = ()

    #: The name of the part, in reasons.
    _part: ClassVar[str]

    @abc.abstractmethod
    def _of(self, semver: SemVer, /) -> tuple[int, ...]:
        """Return the numbers that must be the same."""

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        current = registry.get(registry.current)
        if current is None:
            return reasons.NOTHING_TO_COMPARE
        there, here = version.semver, current.semver
        if there is None:
            return reasons.part_unknown(version.label, self._part)
        if here is None:
            return reasons.part_unknown(current.label, self._part)
        same = self._of(there) == self._of(here)
        return None if same else reasons.across(self._part, current.label)


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class SameMajor(SamePart):
    """Rejects what has another SemVer major than the current version.

    If either label is not SemVer the answer is not known, and the version is rejected.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import SameMajor
    >>> registry = VersionRegistry.from_statuses({"1.9": "stable", "2.0": "failed"}, current="2.0")
    >>> SameMajor()(registry["1.9"], registry)
    'across the major of the current version 2.0'
    """

    _part = "major"

    @override
    def _of(self, semver: SemVer, /) -> tuple[int, ...]:
        return (semver.major,)


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class SameMinor(SamePart):
    """Rejects what has another SemVer major or minor than the current version.

    If either label is not SemVer the answer is not known, and the version is rejected.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import SameMinor
    >>> registry = VersionRegistry.from_statuses({"2.0": "stable", "2.1": "failed"}, current="2.1")
    >>> SameMinor()(registry["2.0"], registry)
    'across the minor of the current version 2.1'
    """

    _part = "minor"

    @override
    def _of(self, semver: SemVer, /) -> tuple[int, ...]:
        return semver.major, semver.minor
