"""Rules that follow the labels themselves."""

from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import fill, named
from lastgood._basics.messages import shown
from lastgood._basics.texts import label
from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version
from lastgood.rules.base import CodedRule


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, init=False, repr=False)
class Except(CodedRule):
    """Rejects these versions.

    Args:
        versions: Their labels, registered or not.

    Raises:
        InvalidLabel: A label is empty, too long, or has control characters.
        TypeError: A label is not a `str`.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.rules import Except
    >>> table = {"1": "stable", "2": "stable", "3": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="3")
    >>> LastStable().where(Except("2")).plan(registry).target
    '1'
    """

    versions: tuple[str, ...]

    def __init__(self, *versions: str) -> None:
        given: tuple[object, ...] = versions
        for version in given:
            if isinstance(version, list | tuple | set | frozenset):
                raise TypeError(
                    f"a label must be a str, not {shown(version)}: write Except(*versions)"
                )
        fill(self, "versions", tuple(map(label, versions)))

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return "excluded by name" if version.label in self.versions else None
