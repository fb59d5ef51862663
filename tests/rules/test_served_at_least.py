"""`ServedAtLeast`: only what served long enough in total."""

from datetime import timedelta
from typing import Any

import pytest

from lastgood import VersionRegistry
from lastgood.rules import ServedAtLeast
from tests.rules.asked import DAY, SECOND, asked, day, rejects
from tests.scenarios.story import deploy, register, story

#: It served from day 0 to day 3.
REGISTRY = story(deploy("1", at=day(0)), deploy("2", at=day(3)))


def served(registry: VersionRegistry, label: str, total: timedelta) -> None:
    """Hold that the version served exactly so long in total."""
    assert asked(ServedAtLeast(total), registry, label) is None
    assert rejects(ServedAtLeast(total + SECOND), registry, label)


def test_what_served_long_enough_passes() -> None:
    """The time served counts up to the last second: at least is enough."""
    served(REGISTRY, "1", 3 * DAY)


def test_what_served_too_short_is_rejected() -> None:
    """The reason tells how long it served, and how long it must have."""
    reason = rejects(ServedAtLeast(7 * DAY), REGISTRY, "1")
    assert str(3 * DAY) in reason
    assert str(7 * DAY) in reason


def test_spans_are_summed() -> None:
    """All spans of the version count, not only the last one."""
    registry = story(deploy("1", at=day(10)), deploy("2", at=day(14)), since=REGISTRY)
    served(registry, "1", 7 * DAY)
    served(registry, "2", 7 * DAY)


def test_deploying_again_goes_on() -> None:
    """A restart of what serves ends one span and begins the next: no time is lost."""
    registry = story(deploy("1", at=day(0)), deploy("1", at=day(1)), deploy("2", at=day(3)))
    served(registry, "1", 3 * DAY)


def test_the_clock_ends_what_goes_on() -> None:
    """For the span that is still open the clock is the end."""
    served(REGISTRY.with_clock(day(8)), "2", 5 * DAY)


def test_an_unknown_beginning_counts_nothing() -> None:
    """A span of which nobody told when it began is unknown."""
    served(story(deploy("1"), deploy("2", at=day(3))), "1", timedelta(0))


def test_an_unknown_end_counts_nothing() -> None:
    """A span of which nobody told when it ended is unknown, though later times are known."""
    registry = story(deploy("1", at=day(0)), deploy("2"), deploy("3", at=day(9)))
    served(registry, "1", timedelta(0))


def test_an_open_span_with_an_unknown_beginning_counts_nothing() -> None:
    """Since when the current version serves must be known."""
    served(story(deploy("1")).with_clock(day(9)), "1", timedelta(0))


def test_unknown_spans_do_not_spoil_known_ones() -> None:
    """The sum is that of the spans whose two ends are known."""
    registry = story(deploy("1"), deploy("2"), since=REGISTRY)
    served(registry, "1", 3 * DAY)


def test_negative_spans_count_nothing() -> None:
    """A span that ends before it begins, as clocks go, takes nothing away from the others."""
    registry = story(deploy("1", at=day(20)), deploy("2", at=day(15)), since=REGISTRY)
    served(registry, "1", 3 * DAY)


def test_a_clock_set_back_counts_nothing() -> None:
    """A clock before the beginning of the open span takes nothing away."""
    served(REGISTRY.with_clock(day(1)), "2", timedelta(0))


def test_a_version_called_none() -> None:
    """A label may be "None". That is not what serves before the first deployment, in a fork too."""
    registry = VersionRegistry().register("1").deploy("1", at=day(1)).register("None")
    for label in ("one way", "another way"):
        served(registry.register(label, at=day(0)), "None", timedelta(0))


def test_what_never_served_has_served_nothing() -> None:
    """A version that never served is rejected by any real minimum."""
    registry = story(register("3"), since=REGISTRY)
    served(registry, "3", timedelta(0))


def test_no_clock_is_rejected() -> None:
    """A registry that was told no time rejects everything, and says that it has no clock."""
    registry = story(deploy("1"), deploy("2"))
    for label in registry:
        assert "time" in rejects(ServedAtLeast(timedelta(0)), registry, label)


def test_nothing_deployed() -> None:
    """Where nothing was deployed nothing served."""
    registry = VersionRegistry().register("1", at=day(0))
    served(registry, "1", timedelta(0))


def test_rollbacks_are_spans_too() -> None:
    """However a version came to serve, the time counts."""
    registry = story(deploy("1", at=day(0)), deploy("2", at=day(1)))
    registry = registry.observe("1", at=day(2)).deploy("1", at=day(4))
    served(registry.with_clock(day(5)), "1", 4 * DAY)


@pytest.mark.parametrize("wrong", [3600, 1.5, "1 day", None], ids=repr)
def test_it_takes_a_duration(wrong: Any) -> None:
    """A bare number has no unit, so it is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match="timedelta"):
        _ = ServedAtLeast(wrong)


def test_it_takes_no_negative_duration() -> None:
    """A negative duration would let everything pass in silence."""
    with pytest.raises(ValueError, match="negative"):
        _ = ServedAtLeast(-SECOND)
