"""`LastStable` and `Previous`: back along the lineage, nearest first."""

from typing import Any

import pytest

from lastgood import LastStable, Pinned, Previous, RollbackStrategy, VersionRegistry
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
    ok,
    reasons,
    register,
    reinstate,
    retire,
    story,
    target,
)

each_strategy = each_row("make", [LastStable, Previous])


# The order


@each_strategy
def test_the_nearest_good_version_is_the_target(make: type[RollbackStrategy]) -> None:
    """Of several good versions the one that served last is the target."""
    assert target(make(), story(good("1", "2"), deploy("3"), bad("3"))) == "2"


@each_strategy
def test_it_follows_the_lineage_not_the_registration(make: Any) -> None:
    """What was registered last but served first is further back."""
    registry = story(register("2"), register("1"), good("1", "2"), deploy("3"), bad("3"))
    assert looked_at(make(steps=2).plan(registry)) == ["2", "1"]
    registry = story(register("1"), register("2"), good("2", "1"), deploy("3"), bad("3"))
    assert looked_at(make(steps=2).plan(registry)) == ["1", "2"]


@each_strategy
def test_it_follows_the_lineage_not_semver(make: type[RollbackStrategy]) -> None:
    """A higher version that served earlier is further back."""
    registry = story(good("2.0.0", "1.0.0"), deploy("3.0.0"), bad("3.0.0"))
    assert target(make(), registry) == "1.0.0"


@each_strategy
def test_it_follows_the_lineage_not_the_order_of_deployments(make: Any) -> None:
    """After *1, 2, 3, back to 1, deploy 4*, what lies before 4 is 1."""
    registry = story(good("1", "2", "3"), back(Pinned("1"), leaving="3"), deploy("4"), bad("4"))
    assert looked_at(make().plan(registry)) == ["1"]


@each_strategy
def test_it_looks_at_each_version_once(make: Any) -> None:
    """A version that served several times is one candidate, at its nearest place."""
    registry = story(good("1"), good("2"), deploy("1"), deploy("3"), bad("3"))
    assert looked_at(no_target(make(steps=3), registry)) == ["1", "2"]


@each_strategy
def test_it_never_looks_at_the_current_version(make: Any) -> None:
    """The current version is not part of the lineage, even if it served before."""
    registry = story(good("1", "2"), deploy("1"), bad("1"))
    assert looked_at(make().plan(registry)) == ["2"]


@each_strategy
def test_deploying_what_serves_is_no_step(make: Any) -> None:
    """A restart of what serves does not make it its own predecessor."""
    registry = story(good("1"), deploy("2"), deploy("2"), observe("2"), bad("2"))
    assert looked_at(make().plan(registry)) == ["1"]


@each_strategy
def test_what_never_served_is_not_reached(make: Any) -> None:
    """A canary, proved good, that never was current is not in the lineage."""
    registry = story(good("1"), register("2"), ok("2"), deploy("3"), bad("3"))
    assert looked_at(make().plan(registry)) == ["1"]
    assert "never deployed" in reasons(no_target(make(steps=2), registry))["2"]


@each_strategy
def test_the_first_deployment_has_nothing_before_it(make: Any) -> None:
    """If only one version ever served there is no target."""
    refusal = no_target(make(), story(deploy("1"), register("2"), bad("1")))
    assert looked_at(refusal) == ["2"]


@each_strategy
def test_repeated_rollbacks_go_further_back(make: Any) -> None:
    """Each rollback goes further back and never forward again, until there is nowhere to go."""
    registry = story(good("1", "2", "3"), deploy("4"))
    for failed, expected in (("4", "3"), ("3", "2"), ("2", "1")):
        registry = story(bad(failed), back(make()), since=registry)
        assert registry.current == expected
    refusal = no_target(make(), story(bad("1"), since=registry))
    assert set(looked_at(refusal)) == {"2", "3", "4"}


# What is accepted


def test_the_last_stable_version_is_stable() -> None:
    """`LastStable` passes over what is unproven; `Previous` takes it."""
    registry = story(good("1"), deploy("2"), deploy("3"), bad("3"))
    plan = LastStable().plan(registry)
    assert (plan.target, reasons(plan)["2"]) == ("1", "unproven")
    assert target(Previous(), registry) == "2"


@each_strategy
@each_row(
    ("verdict", "reason"),
    [
        (bad("2", "tokenizer mismatch"), "failed: tokenizer mismatch"),
        (retire("2", "licence ended"), "retired: licence ended"),
    ],
)
def test_it_passes_over_what_is_bad(make: Any, verdict: Step, reason: str) -> None:
    """A failed or retired version is passed over, with its status and reason."""
    plan = make().plan(story(good("1", "2"), verdict, deploy("3"), bad("3")))
    assert plan.target == "1"
    assert reasons(plan)["2"] == reason


def test_a_reinstated_version_is_unproven() -> None:
    """A reinstated version has its chance with `Previous`, and has to prove itself again."""
    registry = story(good("1", "2"), bad("2"), reinstate("2"), deploy("3"), bad("3"))
    assert target(Previous(), registry) == "2"
    assert target(LastStable(), registry) == "1"


@each_strategy
def test_a_held_version_that_was_put_back_counts_as_before(make: Any) -> None:
    """A version that was left and that the world put back is what it was: nobody judged it."""
    registry = story(
        good("1", "2"), back(LastStable(), leaving="2"), observe("2"), deploy("3"), bad("3")
    )
    assert target(make(), registry) == "2"


@each_strategy
def test_a_late_verdict_counts(make: Any) -> None:
    """What is known now counts, not what was known when the version served."""
    registry = story(good("1"), deploy("2"), deploy("3"), bad("3"))
    assert target(make(), story(ok("2"), since=registry)) == "2"
    assert target(make(), story(bad("2"), since=registry)) == "1"


def test_nothing_stable_is_no_target() -> None:
    """If nothing proved good `LastStable` does not guess."""
    refusal = no_target(LastStable(), story(deploy("1"), deploy("2"), bad("2")))
    assert reasons(refusal) == {"1": "unproven"}


def test_the_table_of_the_readme() -> None:
    """From a plain table, what comes after the current version never was deployed before it."""
    registry = VersionRegistry.from_statuses(
        {"v1.0": "stable", "v1.1": "failed", "v1.2": "stable"}, current="v1.1"
    )
    assert target(LastStable(), registry) == "v1.0"


# steps


@each_strategy
def test_steps_pass_over_good_versions(make: Any) -> None:
    """With steps, that many good versions back; those passed over are in the plan, rejected."""
    plan = make(steps=3).plan(story(good("1", "2", "3", "4"), deploy("5"), bad("5")))
    assert plan.target == "2"
    assert [(each.version, each.accepted) for each in plan.considered] == [
        ("4", False),
        ("3", False),
        ("2", True),
    ]
    assert all(each.reason for each in plan.considered)


def test_steps_count_only_what_is_accepted() -> None:
    """An unproven version is a step for `Previous` only, and a failed one for neither."""
    registry = story(
        good("1", "2"), deploy("3"), deploy("4"), bad("4"), good("5"), deploy("6"), bad("6")
    )
    assert target(LastStable(steps=2), registry) == "2"
    assert target(Previous(steps=2), registry) == "3"
    assert target(Previous(steps=3), registry) == "2"


@each_strategy
def test_steps_count_only_what_is_safe(make: Any) -> None:
    """A stable version that the safety check would veto is not a step either."""
    registry = story(
        good("1", "2"), good("3", digest="x"), deploy("4", digest="x"), bad("4", "slow")
    )
    plan = make(steps=2).plan(registry)
    assert plan.target == "1"
    assert "slow" in reasons(plan)["3"]


@each_strategy
def test_too_many_steps_find_nothing(make: Any) -> None:
    """If the lineage ends before the steps do there is no target: it takes no other one."""
    refusal = no_target(make(steps=3), story(good("1", "2"), deploy("3"), bad("3")))
    assert looked_at(refusal) == ["2", "1"]


@each_strategy
@each_row("steps", [0, -1])
def test_steps_are_at_least_one(make: Any, steps: int) -> None:
    """Without a step back there is nothing to go back to."""
    with pytest.raises(ValueError, match="steps"):
        _ = make(steps=steps)


@each_strategy
@each_row("steps", ["2", 2.0, None, True])
def test_steps_are_a_whole_number(make: Any, steps: Any) -> None:
    """Something else than an `int` is a `TypeError`."""
    with pytest.raises(TypeError, match="steps"):
        _ = make(steps=steps)


@each_strategy
def test_steps_are_given_by_name(make: Any) -> None:
    """A bare number would say nothing to its reader."""
    with pytest.raises(TypeError):
        _ = make(2)
