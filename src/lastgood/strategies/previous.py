"""Back to what served before."""

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
class Previous(Coded, RollbackStrategy):
    """Goes back to the nearest version of the lineage that is stable or unproven.

    For where nobody records what proved good. It follows the lineage, so that it never toggles
    forward to what a rollback left (kubernetes/website#6921), and never meets a version that was
    not deployed (deployphp/deployer#4114).

    Args:
        steps: How many acceptable and safe versions to go back; all but the last of them are
            passed over.

    Raises:
        TypeError: ``steps`` is no `int`.
        ValueError: It is less than 1.

    >>> from lastgood import Previous, VersionRegistry
    >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="v1.2")
    >>> Previous().plan(registry).target
    'v1.1'
    """

    steps: int = attrs.field(default=1, kw_only=True, converter=steps_back)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return walk(registry, self.steps, (Status.STABLE, Status.UNPROVEN))
