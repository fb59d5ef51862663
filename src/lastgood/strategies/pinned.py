"""A strategy that goes back to one version, chosen by hand."""

from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.frozen import named
from lastgood._basics.texts import label
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate
from lastgood.strategies.base import RollbackStrategy


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False)
class Pinned(RollbackStrategy, Coded):
    """Go back to this version, whether stable or unproven, in the lineage or not.

    Follows no order. A pinned version that failed, was rolled back or retired is still rejected:
    `VersionRegistry.reinstate` it first.

    Args:
        version: The label.

    Raises:
        InvalidLabel: The label is empty, too long, or has control characters.
        TypeError: The label is not a `str`.

    >>> from lastgood import Pinned, VersionRegistry
    >>> table = {"v1.0": "stable", "v1.1": "stable", "v1.2": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="v1.2")
    >>> Pinned("v1.0").plan(registry).target
    'v1.0'
    """

    version: str = attrs.field(converter=label)

    @override
    def candidates(self, registry: VersionRegistry, /) -> tuple[Candidate]:
        version = registry.get(self.version)
        if version is None:
            return (Candidate.reject(self.version, reasons.NOT_REGISTERED),)
        return (Candidate.reject(version) if version.status.is_bad else Candidate.accept(version),)
