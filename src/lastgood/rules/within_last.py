"""Not further back than this."""

from itertools import islice
from typing import final

import attrs
from typing_extensions import override

from lastgood._code import CodedRule
from lastgood._number import at_least
from lastgood._registry import VersionRegistry
from lastgood._version import Version
from lastgood.rules._rule import Surveys, Veto


def _number(value: int) -> int:
    return at_least(value, 1, "the number of versions to go back")


@final
@attrs.frozen(eq=False, repr=False)
class WithinLast(Surveys, CodedRule):
    """Rejects what is not among the nearest versions of the lineage.

    It follows the lineage, not the order of registration.

    Args:
        n: How many versions, 1 at the least.

    Raises:
        TypeError: It is no `int`.
        ValueError: It is less than 1.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import WithinLast
    >>> table = {"1": "stable", "2": "stable", "3": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="3")
    >>> WithinLast(1)(registry["1"], registry)
    'not among the last 1 of the lineage'
    """

    n: int = attrs.field(converter=_number)

    @override
    def _over(self, registry: VersionRegistry, /) -> Veto:
        nearest = (near.label for near in islice(registry.lineage(), self.n))
        seen = set[str]()

        def veto(version: Version) -> str | None:
            while version.label not in seen:
                label = next(nearest, None)
                if label is None:
                    return f"not among the last {self.n} of the lineage"
                seen.add(label)
            return None

        return veto
