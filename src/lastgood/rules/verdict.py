"""Rules that follow the verdicts."""

from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version
from lastgood.rules.base import CodedRule


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class Stable(CodedRule):
    """Rejects what is not stable.

    >>> from lastgood import Previous, VersionRegistry
    >>> from lastgood.rules import Stable
    >>> table = {"1": "stable", "2": "unproven", "3": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="3")
    >>> Previous().where(Stable()).plan(registry).target
    '1'
    """

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return None if version.status is Status.STABLE else version.status_text
