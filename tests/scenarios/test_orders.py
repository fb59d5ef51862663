"""Which order "the one before" follows: what served, and not numbers, names, dates or counts."""

import pytest

from lastgood import LastStable, Pinned, Previous, PreviousBySemver, RollbackStrategy
from tests.ids import shown
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    ok,
    reasons,
    register,
    retire,
    reviewed,
    story,
    target,
)


def test_the_revision_minus_one_is_the_one_that_failed_before() -> None:
    """What was left by a rollback is no longer in the lineage, whatever its number.

    Restates fabfuel/ecs-deploy#8.
    """
    registry = story(
        deploy("1"),
        ok("1"),
        deploy("2"),
        bad("2"),
        back(LastStable()),
        deploy("3"),
        bad("3"),
    )

    plan = LastStable().plan(registry)

    assert plan.target == "1"
    assert looked_at(plan) == ["1"]


def test_a_second_failed_release_does_not_lead_to_the_first_failed_one() -> None:
    """What was left by a rollback is not the previous version of the next release.

    That holds even where nobody called it failed.

    Restates andres-montanez/Magallanes#93 and shipitjs/shipit-deploy#22.
    """
    registry = story(deploy("A"), deploy("B"), back(Previous(), leaving="B"), deploy("C"))

    assert target(Previous(), registry, leaving="C") == "A"
    left = reviewed(Previous(), registry, "B")
    assert not left.accepted
    assert "rolled back" in left.reason


def test_an_aborted_version_between_two_good_ones_is_no_way_back() -> None:
    """A version that was aborted before it served is never proposed.

    Rolling back again goes on to the good one below.

    Restates argoproj/argo-rollouts#3039.
    """
    registry = story(
        good("1", "2", "3"),
        register("4"),
        bad("4", "aborted"),
        good("5"),
        deploy("6"),
        bad("6"),
    )

    first = LastStable().plan(registry)
    registry = story(back(LastStable()), bad("5"), since=registry)
    second = LastStable().plan(registry)

    assert (first.target, second.target) == ("5", "3")
    assert "4" not in looked_at(first) + looked_at(second)
    assert "aborted" in reviewed(LastStable(), registry, "4").reason


@pytest.mark.parametrize("strategy", [LastStable(), Previous()], ids=shown)
def test_a_cancelled_release_was_never_the_previous_one(strategy: RollbackStrategy) -> None:
    """A version that was registered and cancelled never served.

    Restates deployphp/deployer#4114.
    """
    registry = story(deploy("A"), ok("A"), register("B"), deploy("C"), bad("C"))

    plan = strategy.plan(registry)

    assert plan.target == "A"
    assert looked_at(plan) == ["A"]


@pytest.mark.parametrize("strategy", [LastStable(), Previous()], ids=shown)
def test_the_canary_archived_last_is_not_the_last_production_version(
    strategy: RollbackStrategy,
) -> None:
    """The time of retiring is not an order: what served last is the way back.

    Restates Eshajha19/agri#3058.
    """
    registry = story(deploy("1"), ok("1"), register("2"), retire("2"), deploy("3"), bad("3"))

    assert target(strategy, registry) == "1"


def test_undoing_twice_comes_back_to_the_newest() -> None:
    """Every rollback goes further back, and none returns to what was left.

    Restates kubernetes/website#6921.
    """
    registry = story(good("8", "9"), deploy("10"), back(Previous(), leaving="10"))
    assert registry.current == "9"

    registry = story(back(Previous(), leaving="9"), since=registry)
    assert registry.current == "8"

    refusal = no_target(Previous(), registry, leaving="8")
    assert not any(candidate.accepted for candidate in refusal.considered)


def test_there_is_only_one_version_to_go_back_to() -> None:
    """With two deployments one can go back once; the second time is a refusal and no toggle.

    Restates coreos/rpm-ostree#906.
    """
    registry = story(deploy("A"), ok("A"), deploy("B"), back(Previous(), leaving="B"))

    assert registry.current == "A"
    refusal = no_target(Previous(), registry, leaving="A")
    assert "rolled back" in reasons(refusal)["B"]


def test_going_back_several_steps_counts_good_versions_only() -> None:
    """Three steps back is the third acceptable version, so a failed one in between does not count.

    Restates kayac/ecspresso#22.
    """
    registry = story(good("1", "2", "3", "4", "5", "6"), deploy("7"))
    with_bad_5 = story(bad("5"), since=registry)

    assert target(LastStable(steps=3), registry, leaving="7") == "4"
    plan = LastStable(steps=3).plan(with_bad_5, leaving="7")
    assert plan.target == "3"
    assert looked_at(plan) == ["6", "5", "4", "3"]


def test_going_back_several_steps_does_not_count_the_same_contents() -> None:
    """A good version with the contents that failed does not count either.

    Restates kayac/ecspresso#22.
    """
    registry = story(
        good("1", "2"),
        good("3", digest="sha256:x"),
        deploy("4", digest="sha256:x"),
        bad("4"),
    )

    assert target(LastStable(steps=2), registry) == "1"


def test_several_steps_back_and_several_more() -> None:
    """After a rollback by two steps and a new version, two steps are counted from there.

    Restates serverless/serverless#2412 and serverless/serverless#3894.
    """
    registry = story(good("1", "2", "3", "4", "5"), back(LastStable(steps=2), leaving="5"))
    assert registry.current == "3"

    registry = story(good("6"), since=registry)
    assert target(LastStable(steps=2), registry, leaving="6") == "2"


def test_a_revert_to_an_old_version_drops_what_lay_above_it() -> None:
    """After going back from 3 to 1 and on to 4, what lies before 4 is 1, not 3.

    Restates canonical/snapd#1457.
    """
    registry = story(
        good("1"), deploy("2"), deploy("3"), back(Pinned("1"), leaving="3"), deploy("4")
    )

    assert [version.label for version in registry.lineage()] == ["1"]
    assert target(Previous(), registry, leaving="4") == "1"


def test_the_last_good_version_lies_twenty_failures_back() -> None:
    """However many releases failed in between, the last good one is found.

    Restates hashicorp/nomad#4242.
    """
    registry = story(good("1"))
    for number in range(2, 22):
        registry = story(deploy(str(number)), bad(str(number)), since=registry)

    plan = LastStable().plan(registry)

    assert plan.target == "1"
    assert looked_at(plan) == [str(number) for number in range(20, 0, -1)]


def test_versions_between_the_old_and_the_new_one_were_never_deployed() -> None:
    """From 7 one goes back to 3, by every order: 4 to 6 never served, and nobody judged them.

    Restates mlflow/mlflow#6180.
    """
    registry = story(
        *(register(str(number)) for number in range(1, 8)),
        deploy("3"),
        ok("3"),
        deploy("7"),
        bad("7"),
    )

    assert target(LastStable(), registry) == "3"
    assert target(Previous(), registry) == "3"
    by_semver = PreviousBySemver().plan(registry)
    assert by_semver.target == "3"
    assert reasons(by_semver) == {
        "6": "unproven",
        "5": "unproven",
        "4": "unproven",
        "3": "stable",
    }


def test_the_newest_number_is_not_the_latest_deployed_one() -> None:
    """What was deployed last is current in every accessor, though a higher number exists.

    Restates iterative/gto#132.
    """
    registry = story(deploy("2.0.0"), deploy("1.0.0"))

    assert registry.current == "1.0.0"
    assert registry.current_version.label == "1.0.0"
    assert registry.deployments[-1].version == "1.0.0"
    assert [version.label for version in registry.lineage()] == ["2.0.0"]


def test_release_names_sort_differently_from_their_deployments() -> None:
    """Labels are names and no order: what was deployed first stays first, however it sorts.

    Restates capistrano/capistrano#1141 and capistrano/capistrano#53.
    """
    registry = story(good("765a5c8", "20140928164907", "20140928164944"), deploy("20140928164958"))

    assert [version.label for version in registry.lineage()] == [
        "20140928164944",
        "20140928164907",
        "765a5c8",
    ]
    assert target(LastStable(), registry, leaving="20140928164958") == "20140928164944"


def test_applying_the_same_version_again_keeps_the_way_back() -> None:
    """To deploy what serves already changes nothing: the previous version stays the same.

    Restates victorarias/attn#882.
    """
    registry = story(good("1"), deploy("2"), deploy("2"), deploy("2"))

    assert registry["2"].times_deployed == 1
    assert registry.deploy("2", reason="scaled", by="ana") is registry
    assert target(Previous(), registry, leaving="2") == "1"

    registry = story(register("fix"), back(Pinned("fix"), leaving="2"), since=registry)
    assert [version.label for version in registry.lineage()] == ["1"]


def test_scaling_the_old_version_does_not_bring_it_back() -> None:
    """A repeated deployment of 1 (it was scaled) before a healthy 2 gives no reason to return to 1.

    Restates hashicorp/nomad#27878.
    """
    registry = story(deploy("1"), ok("1"), deploy("1"), deploy("2"), ok("2"))

    assert LastStable().recover(registry) is registry
    assert registry.current == "2"


def test_a_fix_after_an_aborted_release_fails_as_well() -> None:
    """After an aborted 2, the fix 3 may be deployed on top of 1, and falls back to 1.

    Restates argoproj/argo-rollouts#2048.
    """
    registry = story(good("1"), deploy("2"), bad("2"), back(LastStable()), deploy("3"))
    assert registry.current == "3"

    assert target(LastStable(), story(bad("3"), since=registry)) == "1"
