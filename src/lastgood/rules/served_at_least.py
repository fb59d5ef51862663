"""Only what served long enough."""

from datetime import timedelta
from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._questions import opened
from lastgood._registry import VersionRegistry
from lastgood._time import duration
from lastgood._version import Version
from lastgood.rules._clock import NO_CLOCK


def _delta(value: timedelta) -> timedelta:
    return duration(value, "the time that it must have served")


@final
@attrs.frozen(eq=False, repr=False)
class ServedAtLeast(CodedRule):
    """Rejects what served for less than this in total: it has not soaked.

    The total is that of the spans whose two ends are known; of the deployment that goes on the
    clock of the registry is the end. Unknown and negative spans count nothing. Everything is
    rejected where there is no clock.

    Args:
        delta: How long in total at the least.

    Raises:
        TypeError: It is no `timedelta`.
        ValueError: It is negative.

    >>> from datetime import UTC, datetime, timedelta
    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import ServedAtLeast
    >>> registry = VersionRegistry().register("1").deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
    >>> registry = registry.register("2").deploy("2", at=datetime(2026, 5, 2, tzinfo=UTC))
    >>> ServedAtLeast(timedelta(days=7))(registry["1"], registry)
    'served 1 day, 0:00:00 in total, less than 7 days, 0:00:00'
    """

    delta: timedelta = attrs.field(converter=_delta)

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        if registry.clock is None:
            return NO_CLOCK
        served = _served(version.label, registry)
        if served >= self.delta:
            return None
        return f"served {served} in total, less than {self.delta}"


def _served(label: str, registry: VersionRegistry) -> timedelta:
    ledger, revision = opened(registry)
    tip = ledger.lineage.tip(revision)
    total = timedelta()
    for place in ledger.lineage.served(label, revision):
        began = ledger.event_of(place).at
        ended = registry.clock if place == tip else ledger.event_of(place + 1).at
        if began is not None and ended is not None:
            total += max(ended - began, timedelta())
    return total
