"""Anything but these."""

from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._frozen import fill
from lastgood._registry import VersionRegistry
from lastgood._text import label
from lastgood._version import Version


@final
@attrs.frozen(eq=False, init=False, repr=False)
class Except(CodedRule):
    """Rejects these versions.

    Args:
        versions: Their labels, registered or not.

    Raises:
        TypeError, InvalidLabel: One of them is no label.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.rules import Except
    >>> table = {"1": "stable", "2": "stable", "3": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="3")
    >>> LastStable().where(Except("2")).plan(registry).target
    '1'
    """

    versions: tuple[str, ...]

    def __init__(self, *versions: str) -> None:
        fill(self, "versions", tuple(map(label, versions)))

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return "excluded by name" if version.label in self.versions else None
