"""Not again and again."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import final

import attrs
from typing_extensions import override

from lastgood._code import CodedRule
from lastgood._number import at_least
from lastgood._registry import VersionRegistry
from lastgood._time import duration
from lastgood._version import Deployment
from lastgood.rules._clock import NO_CLOCK
from lastgood.rules._rule import Surveys, Veto


def _rollbacks(value: int) -> int:
    return at_least(value, 0, "the number of rollbacks")


def _within(value: timedelta | None) -> timedelta | None:
    return None if value is None else duration(value, "the time of the budget")


@final
@attrs.frozen(eq=False, repr=False)
class Budget(Surveys, CodedRule):
    """Rejects everything once so many rollbacks happened: the cause is probably not the version.

    It counts rollbacks, and the observations that went back in the lineage, since the last
    `deploy`; or, with a time, within that time before the clock of the registry, whatever was
    deployed in between, and one of which no time was told counts too. Where there is no clock, a
    budget with a time rejects everything.

    With a time it looks at every deployment of the registry, however old, once for a decision. A
    rollback that is later than a clock that was set back counts.

    It guards what it is put on: ``(a | b).where(Budget(2))``. On ``a`` alone it would send the
    decision on to ``b``.

    Args:
        rollbacks: How many are allowed.
        within: In what time; `None` means since the last `deploy`.

    Raises:
        TypeError: One of them is of another type.
        ValueError: One of them is negative.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.rules import Budget
    >>> table = {"1": "stable", "2": "stable", "3": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="3")
    >>> registry = LastStable().recover(registry)
    >>> Budget(1)(registry["1"], registry)
    '1 rollback in a row; the cause is probably not the version'
    """

    rollbacks: int = attrs.field(converter=_rollbacks)
    within: timedelta | None = attrs.field(default=None, converter=_within, kw_only=True)

    @override
    def _over(self, registry: VersionRegistry, /) -> Veto:
        answer = cache(lambda: self._answer(registry))
        return lambda _: answer()

    def _answer(self, registry: VersionRegistry) -> str | None:
        if self.within is not None and registry.clock is None:
            return NO_CLOCK
        spent = sum(1 for _ in islice(self._spent(registry), self.rollbacks))
        if spent < self.rollbacks:
            return None
        many = "1 rollback" if spent == 1 else f"{spent} rollbacks"
        when = "in a row" if self.within is None else f"within {self.within}"
        return f"{many} {when}; the cause is probably not the version"

    def _spent(self, registry: VersionRegistry) -> Iterator[Deployment]:
        """Return the rollbacks that count, the latest first."""
        for deployment in reversed(registry.deployments):
            if deployment.kind == "deployed" and self.within is None:
                return
            went_back = deployment.kind == "rolled_back" or deployment.rewound
            if went_back and self._is_recent(deployment, registry):
                yield deployment

    def _is_recent(self, deployment: Deployment, registry: VersionRegistry) -> bool:
        if self.within is None or deployment.at is None or registry.clock is None:
            return True
        return registry.clock - deployment.at <= self.within
