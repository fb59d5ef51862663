"""A floor, against going back too far."""

from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._errors import InvalidSemVer
from lastgood._registry import VersionRegistry
from lastgood._semver import SemVer
from lastgood._text import label
from lastgood._version import Version


def _floor(version: str) -> str:
    floor = label(version)
    if SemVer.from_label(floor) is None:
        raise InvalidSemVer(floor, "a version as labels have them, such as '1.2.0' or 'v1.2'")
    return floor


@final
@attrs.frozen(eq=False, repr=False)
class AtLeast(CodedRule):
    """Rejects what is below a floor of SemVer precedence, and what is no version at all.

    It is the anti-rollback of update systems that must not go back past a fix (RAUC's
    ``min-bundle-version``).

    Args:
        version: The floor, read as labels are; it may be gone back to itself.

    Raises:
        InvalidSemVer: It is no version.
        TypeError, InvalidLabel: It is no label.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.rules import AtLeast
    >>> table = {"1.2.9": "stable", "1.3.0": "stable", "1.4.0": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="1.4.0")
    >>> AtLeast("1.3.0")(registry["1.2.9"], registry)
    'below 1.3.0'
    """

    version: str = attrs.field(converter=_floor)

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        semver, floor = version.semver, SemVer.from_label(self.version)
        if semver is None or floor is None:
            return f"its label is no SemVer version, so not known to be {self.version} or above"
        return f"below {self.version}" if semver < floor else None
