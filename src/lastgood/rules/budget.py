"""A rule that follows the rollbacks themselves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.durations import duration
from lastgood._basics.frozen import named
from lastgood._basics.numbers import at_least
from lastgood._registry.handle import opened
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood.rules.base import Survey, Veto


def _rollbacks(value: int) -> int:
    return at_least(value, 0, "rollbacks")


def _within(value: timedelta | str | None) -> timedelta | None:
    return None if value is None else duration(value, "within")


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class Budget(Survey):
    """Rejects everything after this many rollbacks: the cause is probably not the version.

    Without ``within``, it begins to count again when `deploy` puts a version in service that is
    not the one before it, or when a version is observed that had never served. With ``within``, it
    counts the rollbacks in that period before the registry's clock, whatever was deployed in
    between. One that is not known to be older counts. Without a clock, everything is rejected. An
    `observe` that goes back in the lineage is a rollback; other observations neither count nor
    reset.

    Its cost does not grow with the registry. It guards what it is put on:
    ``(a | b).where(Budget(2))``. On ``a`` alone it would send the decision on to ``b``.

    Args:
        rollbacks: How many are allowed.
        within: In what time: a `timedelta`, or text such as ``"24h"``. `None` means since the last
            new deployment.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is negative, or the text is not a duration.

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
        if self.within is not None:
            return self._answer_within(registry, self.within)
        if not self.rollbacks:
            return reasons.no_budget()
        ledger, revision = opened(registry)
        spent = ledger.lineage.returns_since_fresh(revision)
        return None if spent < self.rollbacks else reasons.budget_spent(spent)

    def _answer_within(self, registry: VersionRegistry, within: timedelta) -> str | None:
        clock = registry.clock
        if clock is None:
            return reasons.NO_CLOCK
        if not self.rollbacks:
            return reasons.no_budget()
        spent = [*islice(_since(registry, clock, within), self.rollbacks)]
        if len(spent) < self.rollbacks:
            return None
        return reasons.budget_spent_within(len(spent), within, clock, _later(spent[-1], within))


def _since(
    registry: VersionRegistry, clock: datetime, within: timedelta
) -> Iterator[datetime | None]:
    """Yield for each rollback that counts, the latest first, when it happened at the latest."""
    ledger, revision = opened(registry)
    for place in reversed(ledger.lineage.returns(revision)):
        _, latest = ledger.bounds.span(ledger.lineage.recorded_at(place), revision)
        if latest is not None and clock - latest > within:
            return  # Those before it happened no later.
        yield latest


def _later(when: datetime | None, delta: timedelta) -> datetime | None:
    """Return the time that much later, or `None` if there is no such time."""
    try:
        return None if when is None else when + delta
    except OverflowError:
        return None
