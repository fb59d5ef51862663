"""Only what served not long ago."""

from datetime import timedelta
from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._lineage import ROOT
from lastgood._questions import opened
from lastgood._registry import VersionRegistry
from lastgood._time import duration
from lastgood._version import Version
from lastgood.rules._clock import NO_CLOCK


def _delta(value: timedelta) -> timedelta:
    return duration(value, "the time within which it must have served")


@final
@attrs.frozen(eq=False, repr=False)
class ServedWithin(CodedRule):
    """Rejects what last served longer ago than this.

    It looks at the last deployment of the version, in the order in which they were recorded, and
    compares its end with the clock of the registry. What never served, or served until nobody
    knows when, is rejected, and everything is where there is no clock.

    Args:
        delta: How long ago at the most.

    Raises:
        TypeError: It is no `timedelta`.
        ValueError: It is negative.

    >>> from datetime import UTC, datetime, timedelta
    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import ServedWithin
    >>> registry = VersionRegistry().register("1").deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
    >>> registry = registry.register("2").deploy("2", at=datetime(2026, 5, 2, tzinfo=UTC))
    >>> registry = registry.with_clock(datetime(2026, 5, 9, tzinfo=UTC))
    >>> ServedWithin(timedelta(days=2))(registry["1"], registry)
    'last served 7 days, 0:00:00 ago, longer than 2 days, 0:00:00'
    """

    delta: timedelta = attrs.field(converter=_delta)

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        if registry.clock is None:
            return NO_CLOCK
        ledger, revision = opened(registry)
        place = ledger.lineage.last(version.label, revision)
        if place == ROOT:
            return "never served"
        if place == ledger.lineage.tip(revision):
            return None
        ended = ledger.event_of(place + 1).at
        if ended is None:
            return "when it last served is not known"
        ago = registry.clock - ended
        return f"last served {ago} ago, longer than {self.delta}" if ago > self.delta else None
