"""Not across a major version."""

from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._registry import VersionRegistry
from lastgood._version import Version
from lastgood.rules._current import across


@final
@attrs.frozen(eq=False, repr=False)
class SameMajor(CodedRule):
    """Rejects what has another SemVer major than the current version.

    Where either label is no version the answer is not known, and the version is rejected.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import SameMajor
    >>> registry = VersionRegistry.from_statuses({"1.9": "stable", "2.0": "failed"}, current="2.0")
    >>> SameMajor()(registry["1.9"], registry)
    'across the major of the current version 2.0'
    """

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return across("major", lambda semver: (semver.major,), version, registry)
