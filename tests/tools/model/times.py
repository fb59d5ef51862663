"""Section 2.4 again: when something happened, as far as the recorded times show.

An event happened between the latest time recorded up to it and the earliest one recorded by it or
after it.
Verdicts do not bound: they may come late, with the time of the alarm.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.tools.model.facts import VERDICTS, Deployment, Event, Facts


class Bounds(NamedTuple):
    """The two bounds of one event; a clock was wrong where they cross."""

    latest_before: datetime | None
    earliest_after: datetime | None

    @property
    def known(self) -> datetime | None:
        """The time, where the bounds are equal."""
        return self.latest_before if self.latest_before == self.earliest_after else None

    @property
    def no_earlier_than(self) -> datetime | None:
        """Before this it had not happened; without a time up to it, that is never known."""
        return None if self.latest_before is None else earliest(self)

    @property
    def no_later_than(self) -> datetime | None:
        """From this on it had happened; without a time since, that is never known."""
        return None if self.earliest_after is None else latest(self)

    def has_happened(self, when: datetime) -> bool | None:
        """Whether it had happened by that time; `None` if that is not known."""
        if self.no_later_than is not None and self.no_later_than <= when:
            return True
        if self.no_earlier_than is not None and when < self.no_earlier_than:
            return False
        return None


def bounds(events: Sequence[Event], place: int) -> Bounds:
    """When the event at this place happened."""
    told = [None if event.kind in VERDICTS else event.at for event in events]
    return Bounds(latest(told[: place + 1]), earliest(told[place:]))


def latest(times: Iterable[datetime | None]) -> datetime | None:
    """The latest of the times that are known."""
    return max((time for time in times if time is not None), default=None)


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the times that are known."""
    return min((time for time in times if time is not None), default=None)


class Unknown(Exception):
    """It is not known what served at that time."""


def current_at(events: Sequence[Event], facts: Facts, when: datetime) -> str | None:
    """The label that was current at that time, or `None`; `Unknown` if any change is in doubt."""
    serving: str | None = None
    for place, label in changes(events, facts):
        happened = bounds(events, place).has_happened(when)
        if happened is None:
            raise Unknown
        serving = label if happened else serving
    return serving


def changes(events: Sequence[Event], facts: Facts) -> list[tuple[int, str | None]]:
    """The places of the events since which another label, or none, serves."""
    begun = [(found.began, found.version) for found in facts.deployments]
    undeployed = [
        (found.ended, None)
        for found in facts.deployments
        if found.ended is not None and events[found.ended].kind == "undeployed"
    ]
    return sorted([*begun, *undeployed], key=lambda change: change[0])


def served_for(
    events: Sequence[Event], facts: Facts, clock: datetime | None, label: str
) -> timedelta | None:
    """The sum of the spans whose two ends are known and in order; `None` without one."""
    spans = [
        span
        for found in facts.deployments
        if found.version == label and (span := length(events, found, clock)) is not None
    ]
    return sum(spans, timedelta()) if spans else None


def length(
    events: Sequence[Event], deployment: Deployment, clock: datetime | None
) -> timedelta | None:
    """How long one span was, the clock being the end of the one that still goes on."""
    began = bounds(events, deployment.began).known
    ended = clock if deployment.ended is None else bounds(events, deployment.ended).known
    return ended - began if began is not None and ended is not None and began <= ended else None
