"""`Served`, `ServedWithin` and `ServedAtLeast`: rules that follow what served, when and how long.

When something happened lies between the latest time recorded up to it and the earliest one
recorded by it or after it. Verdicts do not bound: they may come late, with the time of the alarm.
"""

from datetime import timedelta

import pytest

from lastgood import LastStable, Previous, VersionRegistry
from lastgood.rules import Served, ServedAtLeast, ServedWithin
from tests.rows import each_row
from tests.rules.asked import DAY, SECOND, asked, day, passed, rejects
from tests.scenarios.story import (
    bad,
    deploy,
    good,
    observe,
    ok,
    register,
    story,
    target,
    undeploy,
)

#: "1" served from day 0 to day 3, and "2" since then.
REGISTRY = story(deploy("1", at=day(0)), deploy("2", at=day(3)))

ZERO = timedelta(0)
LONG = 1000 * DAY


# Served


def test_what_served_passes() -> None:
    """Whatever served here once passes, in the lineage or not, however it came to serve."""
    registry = story(good("1"), deploy("2"), register("3"), observe("3"), observe("1"), deploy("4"))
    assert passed(Served(), registry) == ["1", "2", "3", "4"]


def test_what_never_served_is_rejected() -> None:
    """A version that never served here is rejected, good or not; the reason says so."""
    registry = story(good("1"), register("2"), ok("2"), deploy("3"))
    assert "never" in rejects(Served(), registry, "2")
    assert passed(Served(), registry) == ["1", "3"]


def test_what_was_undeployed_has_served() -> None:
    """Taking a version out of service does not undo that it served."""
    assert passed(Served(), story(deploy("1"), undeploy("1"), register("2"))) == ["1"]


# ServedWithin


def within(registry: VersionRegistry, label: str, duration: timedelta) -> None:
    """Check that the version last served exactly this long before the clock."""
    assert asked(ServedWithin(duration), registry, label) is None
    assert rejects(ServedWithin(duration - SECOND), registry, label)


def test_what_served_not_long_ago_passes() -> None:
    """The end of the last span counts, not its beginning, and the limit itself passes."""
    within(REGISTRY.with_clock(day(5)), "1", 2 * DAY)


def test_what_served_too_long_ago_is_rejected() -> None:
    """The reason says how long ago, what the limit is, and what the clock says."""
    reason = rejects(ServedWithin("48h"), REGISTRY.with_clock(day(10)), "1")
    for words in ("7d", "2d", "2026-05-11T00:00:00+00:00"):
        assert words in reason


def test_the_last_deployment_counts() -> None:
    """If a version served several times only the last span counts."""
    registry = story(deploy("1", at=day(20)), deploy("2", at=day(21)), since=REGISTRY)
    within(registry.with_clock(day(30)), "1", 9 * DAY)


def test_an_undeploy_ends_a_span() -> None:
    """What was taken out of service served until then."""
    registry = story(undeploy("2", at=day(5)), deploy("1", at=day(7)), since=REGISTRY)
    within(registry.with_clock(day(10)), "2", 5 * DAY)


@pytest.mark.parametrize("registry", [REGISTRY, story(deploy("1"), deploy("2"))], ids=["", "bare"])
def test_what_serves_now_passes(registry: VersionRegistry) -> None:
    """The deployment that is still open has not ended, however long ago it began."""
    assert asked(ServedWithin("0s"), registry.with_clock(day(1000)), "2") is None


def test_an_unknown_beginning_does_not_matter() -> None:
    """`ServedWithin` does not ask when the span began."""
    registry = story(deploy("1"), deploy("2", at=day(3)))
    within(registry.with_clock(day(5)), "1", 2 * DAY)


def test_an_unknown_end_is_bounded_by_what_was_recorded_before_it() -> None:
    """A span that ended without a time ended no earlier than the times recorded before it."""
    registry = story(deploy("1", at=day(0)), deploy("2"), register("3", at=day(9)))
    within(registry, "1", 9 * DAY)
    unknown = story(deploy("1"), deploy("2")).with_clock(day(1))
    assert rejects(ServedWithin(LONG), unknown, "1")


def test_an_unknown_end_stays_unknown() -> None:
    """If no time was recorded up to the end, a version is rejected for the longest duration too."""
    registry = story(good("1"), deploy("2"), deploy("3", at=day(1)))
    assert "1" in rejects(ServedWithin(timedelta.max), registry, "1")


def test_a_verdict_does_not_bound() -> None:
    """A verdict that comes late, with the time of the alarm, says nothing about the spans."""
    registry = story(deploy("1"), bad("1", at=day(0)), deploy("2")).with_clock(day(1))
    assert rejects(ServedWithin(LONG), registry, "1")
    registry = REGISTRY.mark_failed("2", at=day(100)).with_clock(day(5))
    within(registry, "1", 2 * DAY)


def test_a_wrong_clock_does_not_make_it_recent() -> None:
    """If the bounds cross, the earlier one counts: it fails closed.

    A registration that is dated 2036 says nothing about what was deployed after it.
    """
    wrong = day(0).replace(year=2036)
    registry = story(
        deploy("1", at=day(0)), register("canary", at=wrong), deploy("2", at=day(3))
    ).with_clock(day(5))
    within(registry, "1", 2 * DAY)


def test_a_later_time_on_record_does_not_outrank_the_time_of_the_decision() -> None:
    """An event dated 2062 does not silence the rule: `recover` is given the time."""
    wrong = day(0).replace(year=2062)
    registry = story(
        good("1", at=day(0)), deploy("2", at=day(3)), bad("2"), register("3", at=wrong)
    )
    strategy = LastStable().where(ServedWithin("7d"))
    assert strategy.recover(registry, at=day(4)).current == "1"


def test_a_clock_set_back_makes_nothing_too_old() -> None:
    """What ended after the clock did not end too long before it."""
    assert asked(ServedWithin(DAY), REGISTRY.with_clock(day(-10)), "1") is None


def test_the_clock_is_the_latest_time_recorded() -> None:
    """Any event with a time moves the clock."""
    assert rejects(ServedWithin(DAY), REGISTRY.mark_stable("1", at=day(100)), "1")


def test_what_never_served_did_not_serve_lately() -> None:
    """A version that never served is rejected, whatever the limit."""
    assert "never" in rejects(ServedWithin(LONG), story(register("3"), since=REGISTRY), "3")
    assert passed(ServedWithin(DAY), VersionRegistry().register("1", at=day(0))) == []


# ServedAtLeast


def served(registry: VersionRegistry, label: str, total: timedelta) -> None:
    """Check that the version served exactly this long in total."""
    assert registry.served_for(label) == total
    assert asked(ServedAtLeast(total), registry, label) is None
    assert rejects(ServedAtLeast(total + SECOND), registry, label)


def not_known(registry: VersionRegistry, label: str) -> None:
    """Check that it is not known how long the version served, which fails closed.

    The reason says so, and how to make it known.
    """
    assert registry.served_for(label) is None
    reason = rejects(ServedAtLeast(ZERO), registry, label)
    assert "at=" in reason or "with_clock(now)" in reason


def test_what_served_long_enough_passes() -> None:
    """The time served counts up to the last second: at least is enough."""
    served(REGISTRY, "1", 3 * DAY)


def test_what_served_too_short_is_rejected() -> None:
    """The reason says how long it served, and how long it must have."""
    reason = rejects(ServedAtLeast("7d"), REGISTRY, "1")
    assert "3d" in reason
    assert "7d" in reason


def test_spans_are_summed() -> None:
    """All spans of the version count, not only the last one."""
    registry = story(deploy("1", at=day(10)), deploy("2", at=day(14)), since=REGISTRY)
    served(registry, "1", 7 * DAY)
    served(registry, "2", 7 * DAY)


def test_the_clock_ends_what_is_still_open() -> None:
    """For the span that is still open the clock is the end."""
    served(REGISTRY.with_clock(day(8)), "2", 5 * DAY)


def test_the_reason_of_an_open_span_names_the_clock() -> None:
    """A reason that rests on the clock says what the clock says."""
    reason = rejects(ServedAtLeast("7d"), REGISTRY.with_clock(day(8)), "2")
    assert "2026-05-09T00:00:00+00:00" in reason


def test_an_undeploy_ends_what_served() -> None:
    """The time between an undeploy and the next deployment does not count."""
    registry = story(undeploy("2", at=day(5)), deploy("2", at=day(7)), since=REGISTRY)
    served(registry.with_clock(day(8)), "2", 3 * DAY)


@each_row(
    "registry",
    [
        story(deploy("1"), deploy("2", at=day(3))),
        story(deploy("1", at=day(0)), deploy("2"), deploy("3", at=day(9))),
        story(deploy("1")).with_clock(day(9)),
        story(deploy("1", at=day(20)), deploy("2", at=day(15))),
        story(deploy("1", at=day(0))).with_clock(day(-1)),
        story(deploy("1"), deploy("2")),
        story(deploy("1"), ok("1"), bad("1", at=day(3)), deploy("2", at=day(5))),
    ],
)
def test_no_known_span_is_not_known(registry: VersionRegistry) -> None:
    """If no span has two known ends in order, it is not known for how long the version served."""
    not_known(registry, "1")


def test_unknown_spans_do_not_spoil_known_ones() -> None:
    """The sum is that of the spans whose two ends are known and in order."""
    served(story(deploy("1"), deploy("2"), since=REGISTRY), "1", 3 * DAY)
    served(story(deploy("1", at=day(20)), deploy("2", at=day(15)), since=REGISTRY), "1", 3 * DAY)


def test_two_equal_bounds_make_a_time_known() -> None:
    """An event without a time between two of the same time happened then."""
    registry = story(deploy("1", at=day(0)), register("3", at=day(3)), deploy("2"))
    not_known(registry, "1")
    served(story(register("4", at=day(3)), since=registry), "1", 3 * DAY)


def test_after_a_wrong_clock_nothing_is_known_until_it_is_passed() -> None:
    """What was recorded after an event dated 2036 has no known time before 2036."""
    wrong = day(0).replace(year=2036)
    registry = story(
        deploy("1", at=day(0)),
        deploy("2", at=day(3)),
        register("canary", at=wrong),
        deploy("3", at=day(4)),
        deploy("4", at=day(5)),
    )
    served(registry, "1", 3 * DAY)
    not_known(registry, "2")
    not_known(registry, "3")


def test_rollbacks_are_spans_too() -> None:
    """However a version came to serve, the time counts."""
    registry = story(deploy("1", at=day(0)), deploy("2", at=day(1)), observe("1", at=day(2)))
    served(registry.with_clock(day(5)), "1", 4 * DAY)


@pytest.mark.parametrize(
    "registry",
    [
        story(register("None"), since=REGISTRY),
        VersionRegistry().register("None", at=day(0)),
        VersionRegistry().register("1").deploy("1", at=day(1)).register("None", at=day(2)),
    ],
    ids=["after others", "nothing deployed", "before others"],
)
def test_what_never_served_has_not_soaked(registry: VersionRegistry) -> None:
    """A version that never served is rejected, whatever the minimum, also one called "None"."""
    assert registry.served_for("None") is None
    assert "never" in rejects(ServedAtLeast(ZERO), registry, "None")


def test_a_soak_keeps_what_was_hardly_tried_from_being_the_target() -> None:
    """On a strategy it leads to what served for longer."""
    registry = story(
        deploy("1", at=day(0)), deploy("2", at=day(9)), deploy("3", at=day(9.5)), bad("3")
    )
    assert target(Previous(), registry) == "2"
    assert target(Previous().where(ServedAtLeast("24h")), registry) == "1"
