"""`AsOf`: back to what served at one moment."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from lastgood import AsOf, InvalidTime, LastStable, VersionRegistry
from tests.ids import shown
from tests.registry.making import hour
from tests.rows import each_row
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    observe,
    reasons,
    register,
    retire,
    story,
    target,
    undeploy,
)

#: One version an hour, from 1 to 4 o'clock; "4" failed.
REGISTRY = story(
    good("1", at=hour(1)),
    good("2", at=hour(2)),
    deploy("3", at=hour(3)),
    deploy("4", at=hour(4)),
    bad("4"),
)


# What served then


@each_row(("number", "label"), [(1, "1"), (1.99, "1"), (2, "2"), (2.5, "2"), (3, "3"), (3.99, "3")])
def test_what_served_then_is_the_target(number: float, label: str) -> None:
    """The one version that served at that time is the target, and the only candidate.

    It may be stable or unproven. A deployment begins at its time.
    """
    plan = AsOf(hour(number)).plan(REGISTRY)
    assert (plan.target, looked_at(plan)) == (label, [label])


def test_the_reason_names_the_time() -> None:
    """The plan says why it goes there."""
    plan = AsOf(hour(2)).plan(REGISTRY)
    assert "stable" in plan.reason
    assert "2024-05-01T14:00:00+00:00" in plan.strategy


def test_it_may_be_far_back() -> None:
    """Whatever happened since makes no difference, however many steps it was."""
    registry = story(*(deploy(str(number), at=hour(number)) for number in range(60)), bad("59"))
    assert target(AsOf(hour(30.5)), registry) == "30"


def test_it_may_be_outside_the_lineage() -> None:
    """What a rollback passed over may have been what served at that time."""
    registry = story(
        good("1", at=hour(1)),
        good("2", at=hour(2)),
        good("3", at=hour(3)),
        back(AsOf(hour(1)), at=hour(4), leaving="3"),
        deploy("4", at=hour(5)),
        bad("4"),
    )
    assert [version.label for version in registry.lineage()] == ["1"]
    assert target(AsOf(hour(2.5)), registry) == "2"
    assert target(AsOf(hour(4.5)), registry) == "1"


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [(bad("2", "slow"), "failed: slow"), (retire("2", "licence"), "retired: licence")],
    ids=["failed", "retired"],
)
def test_a_bad_version_is_not_the_target(verdict: Step, reason: str) -> None:
    """What served then and proved bad since is rejected, with its status and reason."""
    refusal = no_target(AsOf(hour(2.5)), story(verdict, since=REGISTRY))
    assert refusal.considered[0].version == "2"
    assert refusal.considered[0].reason == reason


def test_failed_contents_are_not_the_target() -> None:
    """The safety check applies as to any strategy."""
    registry = story(
        good("1", digest="x", at=hour(1)), deploy("2", digest="x", at=hour(2)), bad("2", "slow")
    )
    assert "slow" in reasons(no_target(AsOf(hour(1)), registry))["1"]


# When there is no such version


def only_rejection(when: datetime, registry: VersionRegistry) -> str:
    """Return the reason of the only candidate, which rejects the version that is to be left."""
    [candidate] = AsOf(when).candidates(registry)
    assert (candidate.version, candidate.accepted) == (registry.deployments[-1].version, False)
    assert no_target(AsOf(when), registry).considered[0] == candidate
    return candidate.reason


def test_the_current_version_served_then() -> None:
    """If the current version served then, there is nothing to go back to."""
    assert "current" in only_rejection(hour(4.5), REGISTRY)
    assert "current" in only_rejection(hour(4), REGISTRY)


def test_nothing_served_yet() -> None:
    """Before the first deployment nothing served."""
    registry = story(register("1", at=hour(0)), since=VersionRegistry())
    registry = story(deploy("1", at=hour(1)), deploy("2", at=hour(2)), bad("2"), since=registry)
    reason = only_rejection(hour(0.5), registry)
    assert "nothing" in reason


def test_nothing_served_any_more() -> None:
    """Between an undeploy and the next deployment nothing served."""
    registry = story(
        deploy("1", at=hour(1)), undeploy("1", at=hour(2)), deploy("2", at=hour(4)), bad("2")
    )
    assert "nothing" in only_rejection(hour(3), registry)
    assert target(AsOf(hour(1.5)), registry) == "1"


@pytest.mark.parametrize(
    "registry",
    [
        story(deploy("1", at=hour(1)), deploy("2"), register("x", at=hour(5)), bad("2")),
        story(deploy("1"), deploy("2", at=hour(5)), bad("2")),
        story(deploy("1"), deploy("2"), bad("2")),
        story(deploy("1", at=hour(9)), deploy("2", at=hour(1)), bad("2")),
    ],
    ids=["since when", "from when", "no times", "a wrong clock"],
)
def test_it_is_not_known_what_served_then(registry: VersionRegistry) -> None:
    """If the times on record do not tell what served then it fails closed.

    The reason says so, and how to make it known.
    """
    reason = only_rejection(hour(3), registry)
    assert "known" in reason
    assert "at=" in reason


def test_a_wrong_clock_does_not_make_it_name_what_did_not_serve() -> None:
    """After an event dated 2036 it is not known what served until then."""
    wrong = hour(0).replace(year=2036)
    registry = story(
        good("1", at=hour(1)),
        register("canary", at=wrong),
        deploy("2", at=hour(2)),
        deploy("3", at=hour(3)),
        bad("3"),
    )
    assert "known" in only_rejection(hour(2.5), registry)
    assert target(AsOf(hour(1)), registry) == "1"


def test_verdicts_do_not_bound() -> None:
    """A verdict that comes late, with the time of the alarm, says nothing about what served."""
    registry = story(
        deploy("1", at=hour(1)), deploy("2", at=hour(4)), bad("2", at=hour(2)), bad("1", at=hour(9))
    )
    assert no_target(AsOf(hour(1.5)), registry).considered[0].reason == "failed"


def test_a_composite_goes_on() -> None:
    """`AsOf(t) | LastStable()` takes the last stable version if nothing is known about t."""
    registry = story(good("1"), deploy("2"), bad("2"))
    plan = (AsOf(hour(1)) | LastStable()).plan(registry)
    assert plan.target == "1"
    assert [each.version for each in plan.considered] == ["2", "1"]


def test_the_world_put_it_there() -> None:
    """However the version came to serve, it served then."""
    registry = story(register("1"), register("2"), observe("1", at=hour(1)))
    registry = story(observe("2", at=hour(2)), bad("2"), since=registry)
    assert target(AsOf(hour(1.5)), registry) == "1"


def test_after_an_undeploy_it_is_asked_as_before() -> None:
    """What served last stands for the current version."""
    registry = story(undeploy("4", at=hour(5)), since=REGISTRY)
    assert target(AsOf(hour(2)), registry, leaving="4") == "2"
    refusal = no_target(AsOf(hour(4.5)), registry, leaving="4")
    assert refusal.considered[0].version == "4"


# What it is made from


@each_row(
    "when",
    [
        datetime(2026, 5, 1, 12, tzinfo=UTC),
        datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        "2026-05-01T12:00:00+00:00",
        "2026-05-01T14:00:00+02:00",
        "2026-05-01T12:00:00Z",
    ],
)
def test_one_moment_is_one_value(when: Any) -> None:
    """However the moment is written, it is kept in UTC, and shown in one way."""
    strategy = AsOf(when)
    assert strategy == AsOf(datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert strategy.when.tzinfo is UTC
    assert repr(strategy) == "AsOf('2026-05-01T12:00:00+00:00')"


def test_a_naive_time_is_refused() -> None:
    """A time without an offset names no moment."""
    with pytest.raises(InvalidTime):
        _ = AsOf(datetime(2026, 5, 1, 12))  # noqa: DTZ001  # this is the mistake


@each_row("wrong", ["2026-05-01T12:00:00", "2026-05-01", "yesterday", "", "12:00", "\ud800"])
def test_other_text_is_refused(wrong: str) -> None:
    """Text that is not an ISO 8601 time with an offset is a `ValueError`."""
    with pytest.raises(ValueError, match=r"offset|time"):
        _ = AsOf(wrong)


@pytest.mark.parametrize("wrong", [1714550400, 1.5, None, b"2026-05-01T12:00:00Z"], ids=shown)
def test_something_else_is_refused(wrong: Any) -> None:
    """Something else than a `datetime` or text is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = AsOf(wrong)
