"""`Previous`: back to what served before, stable or unproven."""

from typing import Any

import pytest

from lastgood import Pinned, Previous
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    observe,
    ok,
    reasons,
    register,
    reinstate,
    retire,
    story,
    target,
)


@pytest.mark.parametrize("known", [deploy, good], ids=["unproven", "stable"])
def test_it_goes_to_what_served_before(known: Any) -> None:
    """The nearest version of the lineage is the target, proved good or not."""
    assert target(Previous(), story(good("1"), known("2"), deploy("3"))) == "2"


@pytest.mark.parametrize(
    ("ruin", "reason"),
    [
        (bad("2", "tokenizer mismatch"), "failed: tokenizer mismatch"),
        (retire("2", "licence ended"), "retired: licence ended"),
    ],
    ids=["failed", "retired"],
)
def test_it_rejects_what_is_bad(ruin: Any, reason: str) -> None:
    """A failed or retired version is passed over, with its status and reason."""
    plan = Previous().plan(story(deploy("1"), deploy("2"), ruin, deploy("3")))
    assert plan.target == "1"
    assert reasons(plan)["2"] == reason


def test_it_rejects_what_was_rolled_back_and_observed_again() -> None:
    """A rolled-back version that the world put back into the lineage is passed over."""
    registry = story(deploy("1"), deploy("2"), back(Previous()), observe("2"), deploy("3"))
    plan = Previous().plan(registry)
    assert plan.target == "1"
    assert reasons(plan)["2"].startswith("rolled back")


def test_a_reinstated_version_has_its_chance() -> None:
    """A reinstated version is unproven again, and a target where it is in the lineage."""
    registry = story(deploy("1"), deploy("2"), bad("2"), reinstate("2"), deploy("3"))
    assert target(Previous(), registry) == "2"


def test_it_never_toggles_forward() -> None:
    """Rolling back twice goes further back, not to what was just left."""
    registry = story(deploy("8"), deploy("9"), deploy("10"), back(Previous()), back(Previous()))
    assert registry.current == "8"
    assert no_target(Previous(), registry).source == "8"


def test_it_follows_the_lineage() -> None:
    """After *1, 2, 3, back to 1, deploy 4*, what lies before 4 is 1."""
    registry = story(deploy("1"), deploy("2"), deploy("3"), back(Pinned("1")), deploy("4"))
    assert looked_at(Previous().plan(registry)) == ["1"]


def test_what_never_served_is_never_previous() -> None:
    """A canary, proved good, that never was current is not reached."""
    registry = story(deploy("1"), register("2"), ok("2"), deploy("3"))
    assert target(Previous(), registry) == "1"


def test_deploying_the_current_version_again_is_no_step() -> None:
    """A restart of what serves does not make it its own predecessor."""
    registry = story(deploy("1"), deploy("2"), deploy("2"))
    assert looked_at(Previous().plan(registry)) == ["1"]


def test_the_first_deployment_has_nothing_before_it() -> None:
    """Where only one version ever served there is no target."""
    assert looked_at(no_target(Previous(), story(deploy("1"), register("2")))) == ["2"]


# steps


def test_steps_pass_over_stable_and_unproven_versions() -> None:
    """With steps, that many acceptable versions back."""
    registry = story(deploy("1"), good("2"), deploy("3"), deploy("4"))
    assert target(Previous(steps=2), registry) == "2"
    assert target(Previous(steps=3), registry) == "1"


def test_steps_do_not_count_what_is_bad() -> None:
    """A failed version is no step."""
    registry = story(deploy("1"), deploy("2"), bad("2"), deploy("3"), deploy("4"))
    assert target(Previous(steps=2), registry) == "1"


def test_steps_count_only_what_is_safe() -> None:
    """A version that the safety check would veto is no step either."""
    registry = story(deploy("1"), deploy("2"), deploy("3", digest="x"), deploy("4", digest="x"))
    assert target(Previous(steps=2), registry) == "1"


def test_too_many_steps_find_nothing() -> None:
    """Where the lineage ends before the steps do there is no target."""
    assert looked_at(no_target(Previous(steps=2), story(deploy("1"), deploy("2")))) == ["1"]


@pytest.mark.parametrize("steps", [0, -3])
def test_steps_are_one_at_the_least(steps: int) -> None:
    """No step back is no rollback."""
    with pytest.raises(ValueError, match="steps"):
        _ = Previous(steps=steps)


@pytest.mark.parametrize("steps", ["2", 2.0, None, False])
def test_steps_are_a_whole_number(steps: Any) -> None:
    """Something else than an `int` is a `TypeError`."""
    with pytest.raises(TypeError, match="steps"):
        _ = Previous(steps=steps)
