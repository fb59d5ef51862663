"""`ServedWithin`: only what served not long ago."""

from datetime import timedelta
from typing import Any

import pytest

from lastgood import VersionRegistry
from lastgood.rules import ServedWithin
from tests.rules.asked import DAY, SECOND, asked, day, passed, rejects
from tests.scenarios.story import deploy, register, story

#: It served from day 0 to day 3.
REGISTRY = story(deploy("1", at=day(0)), deploy("2", at=day(3)))


def test_what_served_not_long_ago_passes() -> None:
    """What last served at most so long before the clock passes."""
    registry = REGISTRY.with_clock(day(5))
    assert asked(ServedWithin(3 * DAY), registry, "1") is None


def test_what_served_too_long_ago_is_rejected() -> None:
    """What last served longer ago is rejected; the reason tells how long, and the limit."""
    reason = rejects(ServedWithin(2 * DAY), REGISTRY.with_clock(day(10)), "1")
    assert str(7 * DAY) in reason
    assert str(2 * DAY) in reason


def test_the_limit_itself_passes() -> None:
    """What last served exactly so long ago is not longer ago."""
    rule = ServedWithin(2 * DAY)
    assert asked(rule, REGISTRY.with_clock(day(5)), "1") is None
    assert rejects(rule, REGISTRY.with_clock(day(5) + SECOND), "1")


def test_it_ended_when_the_next_one_began() -> None:
    """The end of the last span counts, not its beginning."""
    registry = story(deploy("1", at=day(0)), deploy("2", at=day(30)))
    assert asked(ServedWithin(DAY), registry, "1") is None


def test_the_last_deployment_counts() -> None:
    """Of a version that served several times only the last span counts."""
    registry = story(
        deploy("1", at=day(0)),
        deploy("2", at=day(1)),
        deploy("1", at=day(20)),
        deploy("2", at=day(21)),
    )
    assert asked(ServedWithin(DAY), registry, "1") is None


def test_the_last_one_recorded_counts() -> None:
    """Order is the order of recording: a late report of an old time is the last one."""
    registry = story(
        deploy("1", at=day(20)),
        deploy("2", at=day(21)),
        deploy("1", at=day(0)),
        deploy("2", at=day(1)),
    )
    assert rejects(ServedWithin(DAY), registry, "1")


def test_what_serves_now_passes() -> None:
    """The deployment that goes on has not ended, however long ago it began."""
    registry = REGISTRY.with_clock(day(1000))
    assert asked(ServedWithin(timedelta(0)), registry, "2") is None


def test_what_serves_now_from_an_unknown_time_passes() -> None:
    """That it serves is known even where nobody told since when."""
    registry = story(deploy("1")).with_clock(day(1))
    assert asked(ServedWithin(DAY), registry, "1") is None


def test_what_never_served_is_rejected() -> None:
    """A version that never served did not serve lately."""
    registry = story(register("3"), since=REGISTRY)
    assert "never" in rejects(ServedWithin(1000 * DAY), registry, "3")


def test_an_unknown_end_is_rejected() -> None:
    """Where nobody told when the next deployment began, it fails closed."""
    registry = story(deploy("1", at=day(0)), deploy("2")).with_clock(day(1))
    assert rejects(ServedWithin(1000 * DAY), registry, "1")


def test_an_unknown_beginning_does_not_matter() -> None:
    """When the span began is not asked for."""
    registry = story(deploy("1"), deploy("2", at=day(3)))
    assert asked(ServedWithin(DAY), registry, "1") is None


def test_no_clock_is_rejected() -> None:
    """A registry that was told no time rejects everything, and says that it has no clock."""
    registry = story(deploy("1"), deploy("2"))
    for label in registry:
        assert "time" in rejects(ServedWithin(1000 * DAY), registry, label)


def test_the_clock_is_the_latest_time_told() -> None:
    """Any event that tells a time moves the clock."""
    registry = REGISTRY.mark_stable("1", at=day(100))
    assert rejects(ServedWithin(DAY), registry, "1")


def test_a_clock_set_back_makes_nothing_too_old() -> None:
    """What ended after the clock did not end too long before it."""
    assert asked(ServedWithin(DAY), REGISTRY.with_clock(day(-10)), "1") is None


def test_nothing_deployed() -> None:
    """Where nothing was deployed nothing served."""
    registry = VersionRegistry().register("1", at=day(0))
    assert passed(ServedWithin(DAY), registry) == []


@pytest.mark.parametrize("wrong", [3600, 1.5, "1 day", None], ids=repr)
def test_it_takes_a_duration(wrong: Any) -> None:
    """A bare number has no unit, so it is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match="timedelta"):
        _ = ServedWithin(wrong)


def test_it_takes_no_negative_duration() -> None:
    """A negative duration would reject everything in silence."""
    with pytest.raises(ValueError, match="negative"):
        _ = ServedWithin(-SECOND)
