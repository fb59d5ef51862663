"""What `prunable` names, in which order, and what it never names."""

from typing import Any

import pytest

from lastgood import (
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    VersionRegistry,
    prunable,
)
from lastgood.rules import AtMostSteps, Except
from tests.rows import each_row
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    observe,
    ok,
    register,
    retire,
    story,
    target,
    undeploy,
)


def named(
    registry: VersionRegistry, keep: int = 3, strategy: RollbackStrategy | None = None
) -> list[str]:
    """Return the labels of what may be deleted."""
    return [version.label for version in prunable(registry, keep=keep, strategy=strategy)]


# The nearest stable versions


def test_stable_versions_beyond_the_nearest_are_named_oldest_first() -> None:
    """The nearest `keep` stable versions besides the current one stay."""
    registry = story(good("1", "2", "3", "4", "5", "6"))
    assert named(registry) == ["1", "2"]
    assert named(registry, keep=1) == ["1", "2", "3", "4"]
    assert named(registry, keep=5) == []
    assert named(registry, keep=2**63 - 1) == []


def test_five_stable_versions_are_kept_by_default() -> None:
    """Without `keep` there are five ways back."""
    registry = story(good("1", "2", "3", "4", "5", "6", "7"))
    assert prunable(registry) == prunable(registry, keep=5) == (registry["1"],)


def test_what_it_returns_are_versions() -> None:
    """It names versions, so that their digests and metadata are at hand."""
    registry = story(good("1", "2"), bad("1"))
    assert prunable(registry) == (registry["1"],)


def test_failed_releases_do_not_push_out_the_only_good_one() -> None:
    """However many failed since, the last good one stays (capistrano#1907, deployer#814)."""
    registry = story(good("1"))
    for number in range(2, 22):
        registry = story(deploy(str(number)), bad(str(number)), since=registry)
    assert named(registry, keep=1) == [str(number) for number in range(2, 21)]


def test_a_limit_of_one_is_one_way_back() -> None:
    """With a history of one the way back is the one that proved good (kubermatic#13953)."""
    registry = story(good("1", "2"), deploy("3"), bad("3"))
    assert named(registry, keep=1) == ["1"]
    assert target(LastStable(), registry) == "2"


def test_what_serves_after_a_silent_rollback_is_never_named() -> None:
    """What is observed to serve is current, whatever its place (terraform-provider-aws#48997)."""
    assert named(story(good("1", "2", "3"), observe("1")), keep=1) == []


def test_unproven_versions_are_not_kept() -> None:
    """`LastStable` does not go back to what has no verdict; a strategy that does is passed."""
    registry = story(deploy("1"), good("2"), deploy("3"), good("4"))
    assert named(registry, keep=1) == ["1", "3"]
    assert named(registry, keep=1, strategy=Previous()) == ["1"]
    assert named(registry, keep=3, strategy=Previous()) == []


def test_a_registry_without_verdicts_needs_a_strategy() -> None:
    """If nobody says what proved good, the strategy that goes back says what is needed."""
    registry = story(deploy("1"), deploy("2"), deploy("3"), deploy("4"), deploy("5"))
    assert named(registry, keep=2) == ["1", "2", "3", "4"]
    assert named(registry, keep=2, strategy=Previous()) == ["1", "2"]


# The order


def test_the_bad_ones_come_first() -> None:
    """Failed, held and retired ones come before the rest, each in registration order."""
    registry = story(
        good("1"),
        deploy("2"),
        good("3"),
        deploy("4"),
        retire("3"),
        bad("2"),
        back(Pinned("1"), leaving="4"),
        good("5", "6"),
    )
    assert [version.status.value for version in registry.values()][1:4] == [
        "failed",
        "retired",
        "rolled_back",
    ]
    assert named(registry, keep=1) == ["2", "3", "4", "1"]


def test_never_deployed_versions_before_the_current_one_are_named() -> None:
    """A cancelled deployment and an old canary are in no lineage, whether stable or not."""
    registry = story(register("1"), register("2"), ok("2"), deploy("3"))
    assert named(registry) == ["1", "2"]


def test_what_was_registered_after_the_current_version_is_never_named() -> None:
    """A canary to come stays, and so does what a rollback left: the registry knows no better."""
    registry = story(good("1", "2"), deploy("3"), bad("3"), back(Pinned("1")))
    registry = story(register("4"), bad("4"), since=registry)
    assert registry.current == "1"
    assert named(registry, keep=1) == []


def test_what_is_retired_is_named_again() -> None:
    """The registry knows of no artifacts: what was deleted and retired is named the next time."""
    registry = story(good("1", "2", "3"))
    for version in prunable(registry, keep=1):
        registry = registry.retire(version.label, reason="artifact deleted")
    assert named(registry, keep=1) == ["1"]


# Where nothing serves


def test_nothing_is_named_if_nothing_was_ever_deployed() -> None:
    """Without a version that served nobody knows what is needed."""
    assert named(VersionRegistry()) == []
    registry = VersionRegistry.from_statuses({"1": "failed", "2": "retired"})
    assert named(registry) == []
    assert named(registry, strategy=LastStable()) == []


def test_what_served_last_stands_for_what_serves() -> None:
    """After an undeploy the ways back from what served last stay, and it stays itself."""
    registry = story(good("1", "2", "3"), deploy("4"), undeploy("4"), register("5"))
    assert named(registry, keep=1) == ["1", "2"]
    assert named(registry, keep=1, strategy=LastStable(steps=2)) == ["1"]


# Contents


def with_digests(table: str) -> VersionRegistry:
    """Return a registry of stable versions ``"1"``, ``"2"``… with these digests."""
    return story(
        *(
            good(str(number), digest=None if digest == "-" else digest)
            for number, digest in enumerate(table, 1)
        )
    )


@each_row(
    ("digests", "keep", "expected"),
    [
        ("----", 1, ["1", "2"]),
        ("abcd", 1, ["1", "2"]),
        ("dbcd", 1, ["2"]),
        ("cbcd", 1, ["2"]),
        ("ab-c", 1, ["1", "2"]),
        ("abbc", 2, []),
        ("xabbc", 2, ["1"]),
        ("abcc", 1, ["1"]),
        ("-a-aa", 1, ["1"]),
        ("--2-", 2, ["1"]),
    ],
)
def test_equal_contents_are_kept_and_counted_once(
    digests: str, keep: int, expected: list[str]
) -> None:
    """What has the contents of something kept is kept, and two of equal contents fail together."""
    assert named(with_digests(digests), keep) == expected


def test_what_is_unsafe_does_not_count() -> None:
    """A stable version whose contents failed elsewhere is not a way back, and not counted.

    On the way to the last one that counts it is kept: a reinstatement may clear its contents.
    """
    registry = with_digests("axbxc").mark_failed("2")
    assert named(registry, keep=1) == ["1"]
    assert target(LastStable(), registry, leaving="5") == "3"
    assert named(registry, keep=2) == []


def test_the_contents_of_what_a_strategy_accepts_are_kept() -> None:
    """What has the contents of a version that the strategy would go to is kept too."""
    registry = story(
        register("1", digest="x"), deploy("2", digest="x"), good("3"), good("4"), deploy("5")
    )
    assert named(registry, keep=1) == ["1", "2", "3"]
    pinned = Pinned("2")
    assert named(registry, keep=1, strategy=pinned) == ["3"]


# A strategy


def test_the_first_that_a_strategy_accepts_are_kept() -> None:
    """The first `keep` of its order stay, besides the nearest stable ones of the lineage."""
    registry = story(good("2.0.0", "1.0.0", "1.1.0", "3.0.0"), deploy("2.5.0"))
    assert named(registry, keep=1) == ["2.0.0", "1.0.0", "1.1.0"]
    assert named(registry, keep=1, strategy=PreviousBySemver()) == ["1.0.0", "1.1.0"]
    assert named(registry, keep=2, strategy=PreviousBySemver()) == ["1.0.0"]


def test_the_rules_of_a_strategy_count() -> None:
    """What a rule rejects would not be gone to, so it is not kept for the strategy."""
    registry = story(deploy("1"), deploy("2"), deploy("3"), deploy("4"))
    assert named(registry, keep=2, strategy=Previous()) == ["1"]
    assert named(registry, keep=2, strategy=Previous().where(AtMostSteps(1))) == ["1", "2"]
    assert named(registry, keep=1, strategy=Previous().where(Except("3"))) == ["1", "3"]


def test_a_pinned_spare_is_kept() -> None:
    """The spare that a strategy would fall back to stays, although it never served."""
    registry = story(register("spare"), good("1", "2", "3"))
    strategy = LastStable().where(Except("1", "2")) | Pinned("spare")
    assert named(registry, keep=1) == ["spare", "1"]
    assert named(registry, keep=1, strategy=strategy) == ["1"]


# What it is given


@pytest.mark.parametrize("keep", [0, -1, 2**63])
def test_there_is_at_least_one_way_back(keep: int) -> None:
    """Keeping none would leave no way back: `ValueError`."""
    with pytest.raises(ValueError, match="keep must"):
        _ = prunable(VersionRegistry(), keep=keep)


@pytest.mark.parametrize("keep", [True, 1.0, "3", None])
def test_keep_is_a_whole_number(keep: Any) -> None:
    """Anything but an `int` is a `TypeError`."""
    with pytest.raises(TypeError, match="keep must be an int"):
        _ = prunable(VersionRegistry(), keep=keep)


def test_it_is_asked_about_a_registry() -> None:
    """Something else is a `TypeError` that says what to write."""
    wrong: Any = {}
    with pytest.raises(TypeError, match="VersionRegistry, not a dict: write"):
        _ = prunable(wrong)


@each_row("registry", [VersionRegistry(), story(good("1"))])
@each_row("wrong", ["LastStable()", 3, AtMostSteps(1)])
def test_a_strategy_is_one(registry: VersionRegistry, wrong: Any) -> None:
    """Something else than a strategy is a `TypeError`, whatever the registry."""
    with pytest.raises(TypeError, match="strategy"):
        _ = prunable(registry, strategy=wrong)


def test_a_class_is_refused() -> None:
    """A class passed by mistake is a `TypeError` that shows the right line."""
    wrong: Any = LastStable
    with pytest.raises(TypeError, match=r"write LastStable\("):
        _ = prunable(story(good("1")), strategy=wrong)
