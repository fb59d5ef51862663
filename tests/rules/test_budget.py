"""`Budget`: not again and again."""

from datetime import timedelta
from typing import Any

import pytest

from lastgood import LastStable, Pinned, Previous, VersionRegistry
from lastgood.rules import Budget
from tests.rules.asked import DAY, SECOND, asked, day, passed, rejects
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    no_target,
    observe,
    ok,
    register,
    story,
    target,
)

FIVE = story(good("1", "2", "3", "4"), deploy("5"))


def spent(registry: VersionRegistry, rollbacks: int, within: timedelta | None = None) -> None:
    """Hold that exactly so many rollbacks count."""
    assert asked(Budget(rollbacks + 1, within=within), registry, "1") is None
    if rollbacks:
        assert rejects(Budget(rollbacks, within=within), registry, "1")


def test_rollbacks_in_a_row_count() -> None:
    """Every rollback since the last `deploy` counts."""
    spent(FIVE, 0)
    once = story(back(LastStable()), since=FIVE)
    spent(once, 1)
    spent(story(back(LastStable()), since=once), 2)


def test_everything_is_rejected() -> None:
    """Once spent it rejects every version: it is about the incident, not about one version."""
    registry = story(back(LastStable()), since=FIVE)
    assert passed(Budget(2), registry) == list(registry)
    assert passed(Budget(1), registry) == []


def test_the_reason_tells_the_number() -> None:
    """The reason says how many there were, and that the version is probably not the cause."""
    registry = story(back(LastStable()), back(LastStable()), since=FIVE)
    reason = rejects(Budget(2), registry, "1")
    assert reason == "2 rollbacks in a row; the cause is probably not the version"


def test_more_than_the_budget_is_spent_too() -> None:
    """Where more rollbacks happened than are allowed, the budget is spent as well."""
    registry = story(back(LastStable()), back(LastStable()), back(LastStable()), since=FIVE)
    assert rejects(Budget(1), registry, "1")


def test_no_budget_rejects_always() -> None:
    """Where no rollback is allowed everything is rejected from the beginning."""
    assert rejects(Budget(0), FIVE, "1")


def test_a_deployment_resets_it() -> None:
    """A new deployment begins a new row."""
    registry = story(back(LastStable()), back(LastStable()), deploy("6"), since=FIVE)
    spent(registry, 0)
    spent(story(back(LastStable()), since=registry), 1)


def test_deploying_the_current_version_again_resets_it() -> None:
    """Any `deploy` is one."""
    registry = story(back(LastStable()), since=FIVE)
    spent(story(deploy(str(registry.current)), since=registry), 0)


def test_rollbacks_beside_the_lineage_count() -> None:
    """A rollback to a version outside the lineage counts as any."""
    registry = story(register("9"), ok("9"), back(Pinned("9")), since=FIVE)
    assert registry.deployments[-1].rewound is False
    spent(registry, 1)


def test_observations_that_rewind_count() -> None:
    """That the world went back by itself is a rollback too."""
    spent(story(observe("3"), since=FIVE), 1)


def test_other_observations_neither_count_nor_reset() -> None:
    """That the world went on by itself is no rollback, and no deployment of ours."""
    registry = story(register("9"), observe("9"), since=FIVE)
    spent(registry, 0)
    registry = story(back(LastStable()), register("9"), observe("9"), since=FIVE)
    spent(registry, 1)


def test_verdicts_do_not_matter() -> None:
    """Other news neither counts nor resets."""
    registry = story(back(LastStable()), bad("4"), register("9"), ok("9"), since=FIVE)
    spent(registry, 1)


def test_it_stops_a_platform_outage() -> None:
    """When version after version fails, the row is stopped before the last good one is lost."""
    strategy = LastStable().where(Budget(2))
    registry = story(bad("5"), back(strategy), bad("4"), back(strategy), bad("3"), since=FIVE)
    assert registry.current == "3"
    refusal = no_target(strategy, registry)
    assert {each.by for each in refusal.considered if each.version in "21"} == {"Budget(2)"}


def test_it_guards_what_it_is_put_on() -> None:
    """On a composite it stops all of it; on one strategy it sends the decision on."""
    registry = story(back(LastStable()), since=FIVE)
    a, b = LastStable(), Previous()
    assert no_target((a | b).where(Budget(1)), registry).considered[0].by == "Budget(1)"
    assert target(a.where(Budget(1)) | b, registry) == "3"


def test_nothing_deployed() -> None:
    """Where nothing was deployed nothing was rolled back."""
    registry = VersionRegistry().register("1")
    spent(registry, 0)


# within


def at(*days: float | None) -> VersionRegistry:
    """Return a registry that was rolled back on these days, once where the day is not known."""
    registry = story(good("0"), register("1"))
    for number, when in enumerate(days):
        served = story(deploy(f"bad-{number}"), since=registry)
        told = None if when is None else day(when)
        registry = story(back(Pinned("0"), at=told), since=served)
    return registry


def test_only_recent_rollbacks_count() -> None:
    """With a time, what happened longer before the clock does not count."""
    registry = at(0, 5, 6).with_clock(day(7))
    spent(registry, 3, 7 * DAY)
    spent(registry, 2, 2 * DAY)
    spent(registry, 1, DAY)
    spent(registry, 0, DAY / 2)


def test_the_time_itself_is_within() -> None:
    """What happened exactly so long ago counts still."""
    registry = at(0)
    spent(registry.with_clock(day(2)), 1, 2 * DAY)
    spent(registry.with_clock(day(2) + SECOND), 0, 2 * DAY)


def test_deployments_in_between_do_not_reset_it() -> None:
    """With a time, what was deployed in between does not matter."""
    registry = story(deploy("new"), since=at(0, 1))
    spent(registry, 2, 7 * DAY)
    spent(registry, 0)


def test_untimed_rollbacks_count() -> None:
    """A rollback of which no time was told may have been recent, and counts."""
    spent(at(0, None).with_clock(day(100)), 1, DAY)
    spent(at(None, 100, None).with_clock(day(100)), 3, DAY)


def test_old_rollbacks_do_not_hide_recent_ones() -> None:
    """Each rollback is judged by its own time, in whatever order they were told."""
    spent(at(6, 0, 6.5).with_clock(day(7)), 2, DAY)


def test_rollbacks_after_the_clock_count() -> None:
    """A clock set back makes no rollback older."""
    spent(at(5).with_clock(day(0)), 1, DAY)


def test_observations_within_count_where_they_rewind() -> None:
    """With a time too, only those observations count that went back."""
    registry = story(good("1"), deploy("2"))
    spent(registry.observe("1", at=day(0)), 1, DAY)
    spent(registry.register("3").observe("3", at=day(0)), 0, DAY)


def test_the_reason_tells_the_time() -> None:
    """The reason says how many there were in what time."""
    reason = rejects(Budget(2, within=7 * DAY), at(0, 1), "1")
    assert "2 rollbacks" in reason
    assert str(7 * DAY) in reason


def test_no_clock_is_rejected() -> None:
    """A registry that was told no time rejects everything, and says that it has no clock."""
    assert "time" in rejects(Budget(9, within=DAY), FIVE, "1")


def test_without_a_time_no_clock_is_needed() -> None:
    """A budget in a row asks for no time."""
    assert asked(Budget(9), FIVE, "1") is None


# What it is made from


@pytest.mark.parametrize("wrong", ["2", 2.0, None, True], ids=repr)
def test_it_takes_a_whole_number(wrong: Any) -> None:
    """Something else than an `int` is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = Budget(wrong)


def test_it_takes_no_negative_number() -> None:
    """A negative budget means nothing."""
    with pytest.raises(ValueError, match="-1"):
        _ = Budget(-1)


@pytest.mark.parametrize("wrong", [3600, 1.5, "1 day"], ids=repr)
def test_within_is_a_duration(wrong: Any) -> None:
    """A bare number has no unit, so it is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match="timedelta"):
        _ = Budget(2, within=wrong)


def test_within_is_not_negative() -> None:
    """A negative duration would count nothing in silence."""
    with pytest.raises(ValueError, match="negative"):
        _ = Budget(2, within=-SECOND)


def test_within_is_given_by_name() -> None:
    """A bare duration would say nothing to who reads it."""
    make: Any = Budget
    with pytest.raises(TypeError):
        _ = make(2, DAY)
