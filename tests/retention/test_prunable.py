"""What `prunable` names, in which order, and what it never names."""

from typing import Any

import pytest

from lastgood import LastStable, Pinned, VersionRegistry, prunable
from tests.registry.making import by_hand, labels
from tests.scenarios.story import bad, deploy, good, story


def named(registry: VersionRegistry, keep: int = 3) -> list[str]:
    """Return the labels of what may be deleted."""
    return labels(prunable(registry, keep=keep))


def test_stable_versions_beyond_so_many_are_named_oldest_first() -> None:
    """The nearest `keep` stable versions besides the current one stay."""
    registry = story(good("1", "2", "3", "4", "5", "6"))
    assert named(registry) == ["1", "2"]
    assert named(registry, keep=1) == ["1", "2", "3", "4"]
    assert named(registry, keep=5) == []
    assert named(registry, keep=2**63 - 1) == []


def test_three_stable_versions_are_kept_where_nothing_is_said() -> None:
    """By default there are three ways back."""
    registry = story(good("1", "2", "3", "4", "5"))
    assert prunable(registry) == prunable(registry, keep=3) == (registry["1"],)


def test_what_it_returns_are_versions() -> None:
    """It names versions, so that their digests and metadata are at hand."""
    registry = story(good("1", "2"), bad("1"))
    assert prunable(registry) == (registry["1"],)


def test_failed_releases_do_not_push_out_the_only_good_one() -> None:
    """However many failed since, the last good one stays (capistrano#1907, deployer#814)."""
    registry = story(good("1"))
    for number in range(2, 22):
        registry = registry.register(str(number)).deploy(str(number)).mark_failed(str(number))
    assert named(registry, keep=1) == [str(number) for number in range(2, 21)]


def test_a_limit_of_one_is_one_way_back() -> None:
    """With a history of one the way back is the one that proved good (kubermatic#13953)."""
    registry = story(good("1", "2"), deploy("3"), bad("3"))
    assert named(registry, keep=1) == ["1"]
    assert LastStable().plan(registry).target == "2"


def test_what_serves_after_a_silent_rollback_is_never_named() -> None:
    """What is observed to serve is current, whatever its place (terraform-provider-aws#48997)."""
    registry = story(good("1", "2", "3")).observe("1")
    assert named(registry, keep=1) == []


def test_the_bad_ones_come_first() -> None:
    """Failed, rolled back and retired ones come before the rest, each in registration order."""
    registry = story(good("1"), deploy("2"), good("3"), deploy("4"))
    registry = registry.retire("3").mark_failed("2").roll_back(by_hand(registry, "1"))
    registry = registry.register("5").deploy("5").mark_stable("5")
    registry = registry.register("6").deploy("6").mark_stable("6")
    assert [version.status.value for version in registry.values()][1:4] == [
        "failed",
        "retired",
        "rolled_back",
    ]
    assert named(registry, keep=1) == ["2", "3", "4", "1"]


def test_never_deployed_versions_before_the_current_one_are_named() -> None:
    """A cancelled deployment and an old canary are in no lineage, whether stable or not."""
    registry = VersionRegistry().register("1").register("2").mark_stable("2")
    registry = registry.register("3").deploy("3")
    assert named(registry) == ["1", "2"]


def test_what_was_registered_after_the_current_version_is_never_named() -> None:
    """A canary to come stays, and so does what a rollback left: the registry knows no better."""
    registry = story(good("1", "2"), deploy("3"), bad("3"))
    registry = registry.roll_back(Pinned("1").plan(registry)).register("4").mark_failed("4")
    assert registry.current == "1"
    assert named(registry, keep=1) == []


def test_unproven_versions_nearer_than_the_last_way_back_are_kept() -> None:
    """What has no verdict yet may prove good; further back than what proved good it may go."""
    registry = story(deploy("1"), good("2"), deploy("3"), good("4"))
    assert named(registry, keep=1) == ["1"]
    assert named(registry, keep=2) == []


def test_where_nothing_proved_good_the_lineage_is_kept() -> None:
    """Nobody ever said what is good, so nobody knows what is superfluous."""
    registry = story(deploy("1"), deploy("2"), deploy("3"), deploy("4"), deploy("5"))
    assert named(registry, keep=1) == []
    assert named(registry.mark_failed("2"), keep=1) == ["2"]


def test_nothing_is_named_where_nothing_is_deployed() -> None:
    """Without a current version nobody knows what is needed."""
    assert named(VersionRegistry()) == []
    assert named(VersionRegistry.from_statuses({"1": "failed", "2": "retired"})) == []


def with_digests(table: str) -> VersionRegistry:
    """Return a registry of stable versions ``"1"``, ``"2"``… with these digests."""
    registry = VersionRegistry()
    for number, digest in enumerate(table, 1):
        label = str(number)
        told = None if digest == "-" else digest
        registry = registry.register(label, digest=told).deploy(label).mark_stable(label)
    return registry


@pytest.mark.parametrize(
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
    """A stable version that has the contents of a failed one is no way back, and not counted."""
    registry = with_digests("axbxc").mark_failed("2")
    assert named(registry, keep=1) == ["2", "1", "4"]
    assert named(registry, keep=2) == ["2", "4"]


def test_unproven_versions_that_are_unsafe_are_named() -> None:
    """What has the contents of a failed version will not be gone back to, verdict or not."""
    registry = VersionRegistry().register("1", digest="x").deploy("1")
    registry = registry.register("2", digest="x").deploy("2").mark_failed("2")
    registry = registry.register("3").deploy("3")
    assert named(registry) == ["2", "1"]


def test_what_is_retired_is_named_again() -> None:
    """The registry knows of no artifacts: what was deleted and retired is named the next time."""
    registry = story(good("1", "2", "3"))
    for version in prunable(registry, keep=1):
        registry = registry.retire(version.label, reason="artifact deleted")
    assert named(registry, keep=1) == ["1"]


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
    with pytest.raises(TypeError, match=r"^expected a VersionRegistry, not a dict: write"):
        _ = prunable(wrong)
