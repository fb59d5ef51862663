"""Not across a minor version."""

from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._registry import VersionRegistry
from lastgood._version import Version
from lastgood.rules._current import across


@final
@attrs.frozen(eq=False, repr=False)
class SameMinor(CodedRule):
    """Rejects what has another SemVer major or minor than the current version.

    Where either label is no version the answer is not known, and the version is rejected.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import SameMinor
    >>> registry = VersionRegistry.from_statuses({"2.0": "stable", "2.1": "failed"}, current="2.1")
    >>> SameMinor()(registry["2.0"], registry)
    'across the minor of the current version 2.1'
    """

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return across("minor", lambda semver: (semver.major, semver.minor), version, registry)
