"""`LastStable`: back to the nearest stable version of the lineage."""

from typing import Any

import pytest

from lastgood import LastStable, Status, VersionRegistry
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


def test_it_goes_to_the_nearest_stable_version() -> None:
    """Of several stable versions the one that served last is the target."""
    assert target(LastStable(), story(good("1", "2"), deploy("3"), bad("3"))) == "2"


def test_it_follows_the_lineage_not_the_registration() -> None:
    """What was registered last but served first is further back."""
    registry = story(register("2"), register("1"), good("1"), good("2"), deploy("3"), bad("3"))
    assert looked_at(LastStable(steps=2).plan(registry)) == ["2", "1"]
    registry = story(register("1"), register("2"), good("2"), good("1"), deploy("3"), bad("3"))
    assert looked_at(LastStable(steps=2).plan(registry)) == ["1", "2"]


def test_it_follows_the_lineage_not_semver() -> None:
    """A higher version that served earlier is further back."""
    assert target(LastStable(), story(good("2.0.0", "1.0.0"), deploy("3.0.0"))) == "1.0.0"


def test_it_follows_the_lineage_not_the_order_of_deployments() -> None:
    """What a rollback left, and what it passed over, is no way back although it served later."""
    registry = story(
        good("1", "2", "3"),
        back(LastStable(steps=2)),
        deploy("4"),
    )
    assert looked_at(LastStable().plan(registry)) == ["1"]


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([deploy("2")], "unproven"),
        ([deploy("2"), bad("2", "tokenizer mismatch")], "failed: tokenizer mismatch"),
        ([deploy("2"), retire("2", "licence ended")], "retired: licence ended"),
        ([good("2"), bad("2"), reinstate("2")], "unproven"),
    ],
    ids=["unproven", "failed", "retired", "reinstated"],
)
def test_it_rejects_what_is_not_stable(steps: list[Any], reason: str) -> None:
    """A version of the lineage that is not stable is passed over, and its status says why."""
    plan = LastStable().plan(story(good("1"), *steps, deploy("3")))
    assert plan.target == "1"
    assert reasons(plan)["2"].startswith(reason)


def test_it_rejects_what_was_rolled_back_and_observed_again() -> None:
    """A rolled-back version that the world put back into the lineage is not stable."""
    registry = story(good("1", "2"), back(LastStable()), observe("2"), deploy("3"))
    assert registry["2"].status is Status.ROLLED_BACK
    plan = LastStable().plan(registry)
    assert plan.target == "1"
    assert reasons(plan)["2"].startswith("rolled back")


def test_a_late_verdict_counts() -> None:
    """What is known now counts, not what was known when the version served."""
    registry = story(good("1"), deploy("2"), deploy("3"), ok("2"))
    assert target(LastStable(), registry) == "2"


def test_it_says_nothing_of_what_never_served() -> None:
    """A stable version that never was current is not in the lineage, so it is not reached."""
    registry = story(good("1"), register("2"), ok("2"), deploy("3"))
    assert looked_at(LastStable().plan(registry)) == ["1"]
    assert "never deployed" in reasons(no_target(LastStable(steps=2), registry))["2"]


def test_it_looks_at_each_version_once() -> None:
    """A version that served several times is one candidate, at its nearest place."""
    registry = story(good("1"), deploy("2"), deploy("1"), deploy("3"))
    assert looked_at(no_target(LastStable(steps=2), registry)) == ["1", "2"]


def test_it_never_looks_at_the_current_version() -> None:
    """The current version is not part of the lineage, even where it served before."""
    registry = story(good("1", "2"), deploy("1"))
    assert looked_at(LastStable().plan(registry)) == ["2"]


def test_repeated_rollbacks_go_further_back() -> None:
    """Each rollback goes further back, until there is nowhere to go."""
    registry = story(good("1", "2", "3"), deploy("4"))
    for expected in ("3", "2", "1"):
        registry = story(bad(str(registry.current)), back(LastStable()), since=registry)
        assert registry.current == expected
    refusal = no_target(LastStable(), story(bad("1"), since=registry))
    assert set(looked_at(refusal)) == {"2", "3", "4"}


def test_nothing_stable_is_no_target() -> None:
    """Where nothing proved good there is no target: it does not guess."""
    assert reasons(no_target(LastStable(), story(deploy("1"), deploy("2"), bad("2")))) == {
        "1": "unproven"
    }


def test_the_table_of_the_readme() -> None:
    """From a plain table, what comes after the current version never was deployed before it."""
    registry = VersionRegistry.from_statuses(
        {"v1.0": "stable", "v1.1": "failed", "v1.2": "stable"}, current="v1.1"
    )
    assert target(LastStable(), registry) == "v1.0"


# steps


def test_steps_pass_over_stable_versions() -> None:
    """With steps, that many stable versions back; those passed over are in the plan, rejected."""
    plan = LastStable(steps=3).plan(story(good("1", "2", "3", "4"), deploy("5")))
    assert plan.target == "2"
    assert [(each.version, each.accepted) for each in plan.considered] == [
        ("4", False),
        ("3", False),
        ("2", True),
    ]
    assert all(each.reason for each in plan.considered)


def test_steps_count_only_what_it_accepts() -> None:
    """An unproven or failed version is no step."""
    registry = story(good("1", "2"), deploy("3"), deploy("4"), bad("4"), good("5"), deploy("6"))
    assert target(LastStable(steps=2), registry) == "2"


def test_steps_count_only_what_is_safe() -> None:
    """A stable version that the safety check would veto is no step either."""
    registry = story(
        good("1"),
        good("2"),
        good("3", digest="x"),
        deploy("4", digest="x"),
        bad("4"),
    )
    plan = LastStable(steps=2).plan(registry)
    assert plan.target == "1"
    assert "x" in reasons(plan)["3"]


def test_too_many_steps_find_nothing() -> None:
    """Where the lineage ends before the steps do there is no target: it takes no other one."""
    refusal = no_target(LastStable(steps=3), story(good("1", "2"), deploy("3")))
    assert looked_at(refusal) == ["2", "1"]


@pytest.mark.parametrize("steps", [0, -1])
def test_steps_are_one_at_the_least(steps: int) -> None:
    """No step back is no rollback."""
    with pytest.raises(ValueError, match="steps"):
        _ = LastStable(steps=steps)


@pytest.mark.parametrize("steps", ["2", 2.0, None, True])
def test_steps_are_a_whole_number(steps: Any) -> None:
    """Something else than an `int` is a `TypeError`."""
    with pytest.raises(TypeError, match="steps"):
        _ = LastStable(steps=steps)


def test_steps_are_given_by_name() -> None:
    """A bare number would say nothing to who reads it."""
    make: Any = LastStable
    with pytest.raises(TypeError):
        _ = make(2)
