"""Back to the last version that proved good."""

from collections.abc import Iterator
from typing import final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate
from lastgood._code import Coded
from lastgood._registry import VersionRegistry
from lastgood._status import Status
from lastgood.strategies._lineage import steps_back, walk
from lastgood.strategies.base import RollbackStrategy


@final
@attrs.frozen(eq=False, repr=False)
class LastStable(Coded, RollbackStrategy):
    """Goes back to the nearest stable version of the lineage.

    It follows the lineage, the order in which versions were deployed, not the order of
    registration nor that of SemVer (fabfuel/ecs-deploy#8, helm/helm#5237).

    Args:
        steps: How many acceptable and safe versions to go back; all but the last of them are
            passed over.

    Raises:
        TypeError: ``steps`` is no `int`.
        ValueError: It is less than 1.

    >>> from lastgood import LastStable, VersionRegistry
    >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="v1.2")
    >>> LastStable().plan(registry).target
    'v1.0'
    """

    steps: int = attrs.field(default=1, kw_only=True, converter=steps_back)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return walk(registry, self.steps, (Status.STABLE,))
