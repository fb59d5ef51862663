"""Rules that follow when and how long a version served."""

from datetime import timedelta
from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.durations import duration as duration_of
from lastgood._basics.frozen import named
from lastgood._registry.handle import opened
from lastgood._registry.lineage import ROOT
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.version import Version
from lastgood.rules.base import CodedRule


def _duration(value: timedelta | str) -> timedelta:
    return duration_of(value, "duration")


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class Served(CodedRule):
    """Rejects what never served here, such as a canary or a cancelled deployment.

    >>> from lastgood import Pinned, VersionRegistry
    >>> from lastgood.rules import Served
    >>> registry = VersionRegistry.from_statuses({"1": "failed", "2": "stable"}, current="1")
    >>> Served()(registry["2"], registry)
    'never served here'
    """

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return None if version.times_deployed else reasons.NEVER_SERVED


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class ServedWithin(CodedRule):
    """Rejects what last served longer ago than this, before the clock of the registry.

    It looks at the last deployment of the version, in the order in which they were recorded. A
    version is rejected if it never served, or if it is not known to have served so recently.
    Without a clock every version is rejected, except the one that serves.

    Args:
        duration: How long ago at most: a `timedelta`, or text such as ``"24h"`` or ``"7d"``.

    Raises:
        TypeError: The duration is neither a `timedelta` nor a `str`.
        ValueError: The duration is negative, or the text is not a duration.

    >>> from datetime import UTC, datetime
    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import ServedWithin
    >>> registry = VersionRegistry().register("1").deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
    >>> registry = registry.register("2").deploy("2", at=datetime(2026, 5, 2, tzinfo=UTC))
    >>> registry = registry.with_clock(datetime(2026, 5, 9, tzinfo=UTC))
    >>> ServedWithin("2d")(registry["1"], registry)
    'last served 7d before the clock 2026-05-09T00:00:00+00:00, longer than 2d'
    """

    duration: timedelta = attrs.field(converter=_duration)

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        ledger, revision = opened(registry)
        place = ledger.lineage.last(version.label, revision)
        if place == ROOT:
            return reasons.NEVER_SERVED
        ended, clock = ledger.lineage.ended_at(place, revision), registry.clock
        if ended is None:
            return None
        if clock is None:
            return reasons.NO_CLOCK
        earliest, latest = ledger.bounds.span(ended, revision)
        if earliest is not None and clock - earliest <= self.duration:
            return None
        if latest is None or clock - latest <= self.duration:
            return reasons.end_unknown(version.label)
        return reasons.ended_too_long_ago(clock - latest, self.duration, clock)


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class ServedAtLeast(CodedRule):
    """Rejects what served for less than this in total: it has not soaked.

    It adds up the deployments whose start and end are known, as `VersionRegistry.served_for` does.
    A version is rejected if it is not known how long it served.

    Args:
        duration: How long in total at least: a `timedelta`, or text such as ``"24h"`` or ``"7d"``.

    Raises:
        TypeError: The duration is neither a `timedelta` nor a `str`.
        ValueError: The duration is negative, or the text is not a duration.

    >>> from datetime import UTC, datetime
    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import ServedAtLeast
    >>> registry = VersionRegistry().register("1").deploy("1", at=datetime(2026, 5, 1, tzinfo=UTC))
    >>> registry = registry.register("2").deploy("2", at=datetime(2026, 5, 2, tzinfo=UTC))
    >>> ServedAtLeast("7d")(registry["1"], registry)
    'served 24h in total, less than 7d'
    """

    duration: timedelta = attrs.field(converter=_duration)

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        if not version.times_deployed:
            return reasons.NEVER_SERVED
        served = registry.served_for(version.label)
        if served is None:
            return reasons.served_unknown(version.label)
        if served >= self.duration:
            return None
        clock = registry.clock if version.label == registry.current else None
        return reasons.served_too_short(served, self.duration, clock)
