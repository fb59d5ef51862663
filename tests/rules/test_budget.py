"""`Budget`: not again and again."""

from datetime import timedelta
from typing import Any

import pytest

from lastgood import LastStable, Pinned, Previous, VersionRegistry
from lastgood.rules import Budget
from tests.ids import shown
from tests.rows import each_row
from tests.rules.asked import DAY, SECOND, asked, day, passed, rejects
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    no_target,
    note,
    observe,
    ok,
    register,
    reinstate,
    story,
    target,
    undeploy,
)

FIVE = story(good("1", "2", "3", "4"), deploy("5"))
ONCE = story(back(LastStable(), leaving="5"), since=FIVE)
TWICE = story(back(LastStable(), leaving="4"), since=ONCE)


def spent(registry: VersionRegistry, rollbacks: int, within: timedelta | None = None) -> None:
    """Check that exactly this number of rollbacks counts."""
    assert asked(Budget(rollbacks + 1, within=within), registry, "1") is None
    if rollbacks:
        assert rejects(Budget(rollbacks, within=within), registry, "1")


# In a row


def test_rollbacks_in_a_row_count() -> None:
    """Every rollback since the last deployment of another version counts."""
    spent(FIVE, 0)
    spent(ONCE, 1)
    spent(TWICE, 2)


def test_everything_is_rejected() -> None:
    """Once spent it rejects every version: it is about the incident, not about one version."""
    assert passed(Budget(2), ONCE) == list(ONCE)
    assert passed(Budget(1), ONCE) == []


def test_the_reason_says_how_many() -> None:
    """The reason says how many there were, and that the version is probably not the cause."""
    reason = rejects(Budget(2), TWICE, "1")
    assert reason.startswith("2 rollbacks")
    assert "the cause is probably not the version" in reason
    assert rejects(Budget(1), ONCE, "1").startswith("1 rollback ")


def test_more_than_the_budget_is_spent_too() -> None:
    """If more rollbacks happened than are allowed, the budget is spent as well."""
    assert rejects(Budget(1), TWICE, "1")


def test_a_budget_of_nothing_rejects_always() -> None:
    """If no rollback is allowed everything is rejected from the beginning."""
    assert rejects(Budget(0), FIVE, "1")
    assert rejects(Budget(0), VersionRegistry().register("1"), "1")


def test_a_deployment_of_another_version_resets_it() -> None:
    """A new deployment begins a new row."""
    registry = story(deploy("6"), since=TWICE)
    spent(registry, 0)
    spent(story(back(LastStable(), leaving="6"), since=registry), 1)


def test_a_deployment_of_an_older_version_resets_it() -> None:
    """A version that served before is another version too, also after an undeploy."""
    spent(story(deploy("1"), since=TWICE), 0)
    spent(story(undeploy("3"), deploy("1"), since=TWICE), 0)


def test_an_observation_of_a_version_that_had_never_served_resets_it() -> None:
    """A registry that is only fed by observations begins a new row with each new version."""
    registry = story(register("9"), observe("9"), since=TWICE)
    spent(registry, 0)
    fed = story(*map(register, "1234"), observe("1"), observe("2"), observe("1"), observe("3"))
    spent(fed, 0)
    spent(story(observe("1"), since=fed), 1)
    spent(story(observe("1"), observe("4"), since=fed), 0)


@each_row(
    "steps",
    [
        [deploy("3")],
        [undeploy("3"), deploy("3")],
        [undeploy("3"), observe("3")],
        [undeploy("3")],
        [bad("4"), register("9"), ok("9")],
        [note("4", barrier=True)],
        [reinstate("4"), reinstate("5")],
        [observe("4")],
    ],
)
def test_other_news_neither_counts_nor_resets(steps: list[Step]) -> None:
    """Nothing but another deployment, or a version that is new in the world, begins a new row.

    An observation of a version that served before, outside the lineage, neither counts nor resets.
    """
    assert TWICE.current == "3"
    spent(story(*steps, since=TWICE), 2)


def test_rollbacks_beside_the_lineage_count() -> None:
    """A rollback to a version outside the lineage counts like any other."""
    registry = story(register("9"), ok("9"), back(Pinned("9"), leaving="5"), since=FIVE)
    assert registry.deployments[-1].rewound is False
    spent(registry, 1)


def test_a_rollback_to_what_never_served_is_not_a_reset() -> None:
    """A rollback is one, also to a version that had never served."""
    registry = story(register("9"), back(Pinned("9"), leaving="3"), since=TWICE)
    spent(registry, 3)


def test_observations_that_rewind_count() -> None:
    """That the world went back by itself is a rollback too."""
    spent(story(observe("3"), since=FIVE), 1)
    spent(story(observe("1"), since=TWICE), 3)


def test_a_rollback_after_an_undeploy_counts() -> None:
    """Leaving what served last is a rollback."""
    spent(story(undeploy("5"), back(LastStable(), leaving="5"), since=FIVE), 1)


def test_it_stops_a_platform_outage() -> None:
    """When version after version fails, the row is stopped before the last good one is lost."""
    strategy = LastStable().where(Budget(2))
    registry = story(bad("5"), back(strategy), bad("4"), back(strategy), bad("3"), since=FIVE)
    assert registry.current == "3"
    refusal = no_target(strategy, registry)
    assert {each.by for each in refusal.considered if each.version in "21"} == {"Budget(2)"}


def test_it_guards_what_it_is_put_on() -> None:
    """On a composite it stops all of it; on one strategy it sends the decision on."""
    registry = story(bad("4"), since=ONCE)
    a, b = LastStable(), Previous()
    assert no_target((a | b).where(Budget(1)), registry).considered[0].by == "Budget(1)"
    assert target(a.where(Budget(1)) | b, registry) == "3"


def test_before_the_first_deployment_nothing_was_rolled_back() -> None:
    """The budget of an old registry in which nothing had served is not spent by what came later."""
    assert asked(Budget(1), TWICE.at_revision(1), "1") is None


def test_in_a_row_no_clock_is_needed() -> None:
    """A budget without a time does not ask for the time."""
    assert asked(Budget(9), TWICE, "1") is None


# Within a time


def at(*days: float | None) -> VersionRegistry:
    """Return a registry that was rolled back on these days, with None at an unknown time."""
    registry = story(good("0"), register("1"))
    for number, when in enumerate(days):
        label = f"bad-{number}"
        moment = None if when is None else day(when)
        registry = story(deploy(label), back(Pinned("0"), at=moment, leaving=label), since=registry)
    return registry


def test_only_recent_rollbacks_count() -> None:
    """With a time, rollbacks longer ago than that before the clock do not count."""
    registry = at(0, 5, 6).with_clock(day(7))
    spent(registry, 3, 7 * DAY)
    spent(registry, 2, 2 * DAY)
    spent(registry, 1, DAY)
    spent(registry, 0, DAY / 2)


def test_the_time_itself_is_within() -> None:
    """A rollback exactly that long ago still counts."""
    registry = at(0)
    spent(registry.with_clock(day(2)), 1, 2 * DAY)
    spent(registry.with_clock(day(2) + SECOND), 0, 2 * DAY)


@pytest.mark.parametrize(
    "steps", [[deploy("new")], [register("seen"), observe("seen")]], ids=["deploy", "observe"]
)
def test_new_versions_in_between_do_not_reset_it(steps: list[Step]) -> None:
    """With a time it makes no difference what was deployed in between."""
    registry = story(*steps, since=at(0, 1))
    spent(registry, 2, 7 * DAY)
    spent(registry, 0)


def test_observations_within_count_if_they_rewind() -> None:
    """With a time too, only those observations count that went back."""
    registry = story(good("1"), deploy("2"))
    spent(registry.observe("1", at=day(0)), 1, DAY)
    spent(registry.register("3").observe("3", at=day(0)), 0, DAY)


def test_a_rollback_of_which_the_time_is_not_known_counts() -> None:
    """A rollback without a time may have been recent; only a later time says that it was not."""
    spent(at(None, None).with_clock(day(100)), 2, DAY)
    spent(at(0, None).with_clock(day(100)), 1, DAY)
    spent(at(None, 100, None).with_clock(day(100)), 3, DAY)


def test_a_rollback_without_a_time_is_bounded_by_later_events() -> None:
    """A rollback without a time happened by the times that were recorded after it."""
    registry = story(register("9", at=day(3)), since=at(None))
    spent(registry.with_clock(day(5)), 1, 2 * DAY)
    spent(registry.with_clock(day(5)), 0, DAY)


def test_a_verdict_does_not_bound() -> None:
    """A verdict that was recorded with an early time does not make a rollback old."""
    registry = at(None).mark_failed("bad-0", at=day(0))
    spent(registry.with_clock(day(100)), 1, DAY)


def test_a_wrong_clock_in_the_future_keeps_later_rollbacks() -> None:
    """After an event dated 2036 a rollback is not known to be old before 2036.

    It is not kept for ever: once the clock is past that, it is old.
    """
    wrong = day(0).replace(year=2036)
    registry = story(register("9", at=wrong), since=story(good("0"), register("1")))
    registry = story(deploy("2"), back(Pinned("0"), at=day(1), leaving="2"), since=registry)
    spent(registry.with_clock(day(100)), 1, DAY)
    spent(registry.with_clock(wrong + DAY), 1, DAY)
    spent(registry.with_clock(wrong + 2 * DAY), 0, DAY)


def test_a_rollback_with_a_wrong_time_is_bounded_by_its_neighbours() -> None:
    """A rollback that is dated long before what was recorded before it is not thereby old."""
    registry = at(6, 0)
    spent(registry.with_clock(day(7)), 2, DAY)
    spent(registry.with_clock(day(7) + SECOND), 0, DAY)


def test_rollbacks_after_the_clock_count() -> None:
    """A clock set back makes no rollback older."""
    spent(at(5).with_clock(day(0)), 1, DAY)


def test_the_reason_within_a_time() -> None:
    """The reason says how many there were in which time, by which clock, and when it frees.

    It ends with the line that tells the time.
    """
    reason = rejects(Budget(2, within="7d"), at(0, 1, 2).with_clock(day(3)), "1")
    assert "3 rollbacks" in reason or "2 rollbacks" in reason
    assert "7d" in reason
    assert "2026-05-04T00:00:00+00:00" in reason, "the clock"
    assert "2026-05-09T00:00:00+00:00" in reason, "when fewer than two are within"
    assert reason.endswith("strategy.plan(registry.with_clock(now))")


def test_the_reason_is_true_about_when_it_frees() -> None:
    """At the time that the reason names it is spent still, and right after it not any more."""
    registry, budget = at(0, 1, 2), Budget(2, within="7d")
    assert rejects(budget, registry.with_clock(day(8)), "1")
    assert asked(budget, registry.with_clock(day(8) + SECOND), "1") is None


def test_without_a_known_time_the_reason_names_none() -> None:
    """If it is not known when the rollback happened, the reason says so and how to tell it."""
    reason = rejects(Budget(1, within="7d"), at(None).with_clock(day(3)), "1")
    assert "not known" in reason
    assert "at=" in reason


def test_no_clock_fails_closed() -> None:
    """A registry without any time rejects, and says that it has no clock and how to set it."""
    assert "with_clock(now)" in rejects(Budget(1, within=DAY), ONCE, "1")
    assert "with_clock(now)" in rejects(Budget(9, within=DAY), FIVE, "1")


def test_a_decision_at_a_later_time_is_possible() -> None:
    """What the reason advises works: with the time of now the budget is free again."""
    strategy = LastStable().where(Budget(1, within="24h"))
    registry = story(good("1", "2"), deploy("3"))
    registry = story(back(LastStable(), at=day(0), leaving="3"), bad("2"), since=registry)
    _ = no_target(strategy, registry)
    assert target(strategy, registry.with_clock(day(2))) == "1"
    assert strategy.recover(registry, at=day(2)).current == "1"


# What it is made from


@pytest.mark.parametrize("wrong", ["2", 2.0, None, True], ids=shown)
def test_it_takes_a_whole_number(wrong: Any) -> None:
    """Something else than an `int` is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = Budget(wrong)


def test_it_takes_no_negative_number() -> None:
    """A negative budget means nothing."""
    with pytest.raises(ValueError, match="-1"):
        _ = Budget(-1)


def test_within_is_given_by_name() -> None:
    """A bare duration would say nothing to its reader."""
    make: Any = Budget
    with pytest.raises(TypeError):
        _ = make(2, DAY)


def test_a_budget_of_zero_with_a_period_never_frees() -> None:
    """No rollback is allowed, whatever the clock says."""
    registry = FIVE.with_clock(day(9))
    assert rejects(Budget(0, within=DAY), registry, "1") == "the budget allows 0 rollbacks"


def test_a_period_beyond_the_calendar_never_frees() -> None:
    """If the rollback would count beyond the last day that there is, no time is named."""
    registry = deployed_and_back()
    reason = rejects(Budget(1, within=timedelta.max), registry, "1")
    assert "it is not known when it frees" in reason


def deployed_and_back() -> VersionRegistry:
    """Return a registry with one rollback whose time is known."""
    return story(good("1", "2"), back(LastStable(), at=day(2), leaving="2"))
