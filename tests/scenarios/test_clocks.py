"""Clocks that are wrong, late or silent: what is not known is said, and fails closed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lastgood import AsOf, InvalidTime, LastStable, Pinned, VersionRegistry
from lastgood.rules import Budget, ServedAtLeast, ServedWithin
from tests.registry.making import NOON, hour
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    no_target,
    observe,
    ok,
    reasons,
    story,
    target,
)

#: What a clock says whose battery was changed, and one that was set by hand.
WRONG = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2036, 2, 7, tzinfo=UTC))
DAYS = 24


def test_the_clocks_of_the_servers_disagree() -> None:
    """The order of deployments is the order in which they were recorded, not that of their times.

    Restates jeffbyrnes/railsless-deploy#6.
    """
    registry = story(
        good("1", at=hour(9)),
        good("2", at=hour(3)),
        deploy("3", at=hour(5)),
        bad("3"),
    )

    assert target(LastStable(), registry) == "2"


def test_which_version_served_at_the_time_of_the_complaint() -> None:
    """For every time one can tell what served then, through a rollback too.

    Restates mlflow/mlflow#2169.
    """
    registry = story(
        deploy("1", at=hour(1)),
        deploy("2", at=hour(2)),
        back(LastStable() | Pinned("1"), at=hour(3), leaving="2"),
    )

    assert registry.current_at(hour(0)) is None
    assert registry.current_at(hour(1)) == "1"
    assert registry.current_at(hour(2)) == "2"
    assert registry.current_at(hour(3)) == "1"
    assert registry.current_at(hour(4)) == "1"


def test_the_last_good_version_served_too_long_ago() -> None:
    """One can refuse what has not served for long; without a known time it is refused too.

    Restates temporalio/temporal-worker-controller#274.
    """
    registry = story(
        good("1", at=hour(0)),
        deploy("2", at=hour(1 * DAYS)),
        deploy("3", at=hour(60 * DAYS)),
        bad("3"),
    )
    timeless = story(good("1"), deploy("2"), bad("2"))

    month = LastStable().where(ServedWithin("30d"))
    quarter = LastStable().where(ServedWithin(timedelta(days=90)))

    assert target(quarter, registry) == "1"
    assert not any(candidate.accepted for candidate in no_target(month, registry).considered)
    assert "clock" in reasons(no_target(quarter, timeless))["1"]


def test_an_event_of_the_far_future_names_nobody_as_a_fact() -> None:
    """Between the bounds of a wrong clock it is not known what served, and that is the answer."""
    registry = story(deploy("1", at=hour(0)), deploy("2", at=WRONG[1]), deploy("3", at=hour(2)))

    assert registry.current_at(hour(1)) == "1"
    assert served_at(registry, hour(3)) == "unknown"
    assert served_at(registry, WRONG[1]) == "3"
    assert no_target(AsOf(hour(3)), registry, leaving="3").considered[0].version == "3"


def test_the_time_that_the_caller_tells_counts() -> None:
    """An event of the far future does not silence a rule that knows the time of the decision."""
    registry = story(
        good("1", at=hour(0)),
        deploy("2", at=WRONG[1]),
        deploy("3", at=hour(2)),
        bad("3", at=hour(3)),
    )
    recent = LastStable().where(ServedWithin("24h"))

    assert recent.recover(registry, at=hour(4)).current == "1"


def test_a_rollback_without_a_time_does_not_block_for_ever() -> None:
    """An old rollback of unknown time counts only until something later is known to be old.

    While it counts, the reason names the clock and the line that tells the time.
    """
    strategy = LastStable().where(Budget(1, within="6h"))
    once = story(
        good("1", "2", "3"),
        bad("3"),
        back(LastStable()),
        bad("2"),
    )
    assert "clock" in reasons(no_target(strategy, once))["1"]

    later = story(observe("2"), deploy("4", at=hour(0)), bad("4", at=hour(1)), since=once)
    assert "with_clock" in reasons(no_target(strategy, later))["1"]
    assert target(strategy, later.with_clock(hour(7))) == "1"


def test_how_long_a_version_served_is_not_guessed() -> None:
    """Without times it is not known how long a version served, and the reason says so."""
    silent = story(good("1"), deploy("2"), bad("2"))
    timed = story(good("1", at=hour(0)), deploy("2", at=hour(30)), bad("2"))
    soaked = LastStable().where(ServedAtLeast("24h"))

    assert silent.served_for("1") is None
    assert "0:00" not in reasons(no_target(soaked, silent))["1"]
    assert timed.served_for("1") == timedelta(hours=30)
    assert target(soaked, timed) == "1"


@given(
    wrong=st.integers(1, 5),
    said=st.sampled_from(WRONG),
    silent=st.sets(st.integers(0, 6)),
)
def test_a_wrong_clock_misleads_nobody_elsewhere(
    wrong: int, said: datetime, silent: set[int]
) -> None:
    """One wrong time makes answers unknown, and wrong ones only between its two neighbours.

    Seven versions are deployed, one an hour; one of them with a wrong time, some without a time.
    """
    registry = VersionRegistry()
    times = {place: hour(place) for place in range(7) if place not in silent | {wrong}}
    for place in range(7):
        at = said if place == wrong else times.get(place)
        registry = story(deploy(str(place), at=at), ok(str(place)), since=registry)

    before = max((at for place, at in times.items() if place < wrong), default=None)
    after = min((at for place, at in times.items() if place > wrong), default=None)
    for half in range(15):
        when = NOON + timedelta(minutes=30 * half)
        answer = served_at(registry, when)
        near = (before is None or when >= before) and (after is None or when < after)
        assert near or answer in ("unknown", str(min(half // 2, 6)))


def served_at(registry: VersionRegistry, when: datetime) -> str | None:
    """Return what served then, or that it is not known."""
    try:
        return registry.current_at(when)
    except InvalidTime:
        return "unknown"
