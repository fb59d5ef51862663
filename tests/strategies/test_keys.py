"""`PreviousBy`: back to the next lower version by a key of one's own, and `lastgood.keys`."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import NoRollbackTarget, PreviousBy, PreviousBySemver, Version, VersionRegistry
from lastgood.keys import numbers
from tests.rows import each_row
from tests.scenarios.story import (
    Step,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    note,
    ok,
    reasons,
    register,
    retire,
    story,
    target,
)
from tests.strategies.histories import tables
from tests.strategies.keys import by_build, by_date


def failed(label: str) -> Step:
    """Deploy a version that proves bad."""
    return lambda registry: story(deploy(label), bad(label), since=registry)


# lastgood.keys.numbers


@each_row(
    "labels",
    [
        ["v1.2.3.4", "v1.2.3.10", "v1.2.10.1", "v1.10"],
        ["2026-01-30-9", "2026-01-30-10", "2026-02-01-1"],
        ["model_v9", "model_v10", "model_v100"],
        ["release-1", "release-1.0", "release-1.0.1"],
        ["1", "2", "10"],
        ["r0007", "r8", "r0010"],
    ],
)
def test_numbers_are_compared_as_numbers(labels: list[str]) -> None:
    """All groups of digits count, in their order, and each as a number."""
    keys = [numbers(Version(label)) for label in labels]
    assert keys == sorted(keys, key=lambda key: key or ())
    assert len(set(keys)) == len(keys)


@each_row("label", ["nightly", "main", "v", "-", "²", "٣"])
def test_a_label_without_digits_has_no_numbers(label: str) -> None:
    """Without a group of ASCII digits a label has no place in this order."""
    assert numbers(Version(label)) is None


def test_only_the_digits_count() -> None:
    """What stands between the digits makes no difference, so such versions are equal."""
    keys = {numbers(Version(label)) for label in ["v1.2", "1-2", "release/1_2", "01.02"]}
    assert len(keys) == 1
    registry = story(good("v1.2", "1-2"), failed("1.2"))
    assert PreviousBy(numbers).review(registry).target is None


# The order


def test_it_goes_to_the_next_lower_version() -> None:
    """Of what is strictly below the current version the highest is the target."""
    registry = story(good("2026-01-30-9", "2026-01-30-10", "2026-02-02-1"), failed("2026-02-01-1"))
    plan = PreviousBy(numbers).plan(registry)
    assert (plan.target, looked_at(plan)) == ("2026-01-30-10", ["2026-01-30-10"])
    registry = story(bad("2026-01-30-10"), since=registry)
    assert looked_at(PreviousBy(numbers).plan(registry)) == ["2026-01-30-10", "2026-01-30-9"]


def test_it_reads_labels_that_semver_cannot_read() -> None:
    """It is for the labels of which SemVer knows nothing."""
    registry = story(good("model_v9"), failed("model_v10"))
    assert PreviousBySemver().review(registry).target is None
    assert target(PreviousBy(numbers), registry) == "model_v9"


def test_of_equal_ones_the_most_recently_deployed_comes_first() -> None:
    """Equal keys come by their last deployment, then by their registration."""
    registry = story(register("b1"), register("a1"), ok("a1", "b1"))
    assert target(PreviousBy(numbers), story(failed("2"), since=registry)) == "a1"
    registry = story(deploy("a1"), deploy("b1"), failed("2"), since=registry)
    assert target(PreviousBy(numbers), registry) == "b1"


def test_the_lineage_does_not_matter() -> None:
    """A stable version that never served is a target: it follows the key only."""
    registry = story(good("r1"), register("r2"), ok("r2"), failed("r3"))
    assert target(PreviousBy(numbers), registry) == "r2"


# The key


def test_a_key_may_read_anything_about_a_version() -> None:
    """A key is a function of the version: here of its metadata, as known now."""
    registry = story(
        good("old", metadata={"build": 7}), good("older", metadata={"build": 3}), good("new")
    )
    registry = story(deploy("now", metadata={"build": 9}), bad("now"), since=registry)
    assert target(PreviousBy(by_build), registry) == "old"
    assert target(PreviousBy(by_build), story(note("new", build=8), since=registry)) == "new"


def test_a_key_may_be_of_any_comparable_type() -> None:
    """Whatever can be compared by ``<`` will do."""
    registry = story(good("a@2026-05-01", "b@2026-04-01"), failed("c@2026-05-02"))
    assert target(PreviousBy(by_date), registry) == "a@2026-05-01"


def test_a_version_without_a_key_is_left_out() -> None:
    """`None` says that a version has no place in the order; it is accounted for if all fails."""
    registry = story(good("nightly", "r1"), failed("r2"))
    assert looked_at(PreviousBy(numbers).plan(registry)) == ["r1"]
    assert looked_at(no_target(PreviousBy(numbers), story(bad("r1"), since=registry))) == [
        "r1",
        "nightly",
    ]


def test_a_current_version_without_a_key() -> None:
    """If the current version has no place in the order nothing is below: one rejection says so."""
    registry = story(good("r1"), failed("nightly"))
    [candidate] = PreviousBy(numbers).candidates(registry)
    assert (candidate.version, candidate.accepted) == ("nightly", False)
    assert "numbers" in candidate.reason
    assert no_target(PreviousBy(numbers), registry).considered[0] == candidate


def broken(_version: Version, /) -> int:
    """Raise."""
    raise KeyError("auc")


def mixed(version: Version, /) -> Any:
    """Return keys that cannot be compared."""
    return version.label if version.label == "r1" else 7


def test_an_exception_of_a_key_passes_through() -> None:
    """What a key function raises escapes as it is, with a note that names the strategy."""
    registry = story(good("r1"), failed("r2"))
    with pytest.raises(KeyError, match="auc") as raised:
        _ = PreviousBy(broken).plan(registry)
    assert any("PreviousBy(broken)" in note for note in raised.value.__notes__)


def test_keys_that_cannot_be_compared_are_blamed_on_the_key() -> None:
    """The `TypeError` of the comparison escapes with a note that names the strategy."""
    with pytest.raises(TypeError) as raised:
        _ = PreviousBy(mixed).plan(story(good("r1"), failed("r2")))
    assert any("PreviousBy(mixed)" in note for note in raised.value.__notes__)


# What is accepted


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([register("r2")], "unproven"),
        ([deploy("r2"), bad("r2", "tokenizer mismatch")], "failed: tokenizer mismatch"),
        ([register("r2"), retire("r2", "licence ended")], "retired: licence ended"),
    ],
    ids=["unproven", "failed", "retired"],
)
def test_it_rejects_what_is_not_stable(steps: list[Step], reason: str) -> None:
    """A lower version that is not stable is passed over, and its status says why."""
    plan = PreviousBy(numbers).plan(story(good("r1"), *steps, failed("r3")))
    assert plan.target == "r1"
    assert reasons(plan)["r2"] == reason


def test_unproven_versions_can_be_admitted() -> None:
    """With the option an unproven version may be the target, and still no bad one."""
    registry = story(good("r1"), register("r2"), deploy("r3"), bad("r3"), failed("r4"))
    assert target(PreviousBy(numbers), registry) == "r1"
    assert target(PreviousBy(numbers, unproven=True), registry) == "r2"


# What it is made from


async def place_later(version: Version) -> int:
    """Return the place when it is waited for."""
    return len(version.label)


def test_an_asynchronous_key_is_refused() -> None:
    """A key that answers only when it is waited for is a `TypeError` at once."""
    with pytest.raises(TypeError, match="place_later is async"):
        _ = PreviousBy(place_later)


def test_a_key_has_a_name() -> None:
    """A lambda is a `TypeError`: the strategy goes on record by the name of its key."""
    with pytest.raises(TypeError, match="lambda"):
        _ = PreviousBy(lambda version: version.label)


class Callable2:
    """A callable without a name of its own."""

    def __call__(self, version: Version) -> str:
        """Return the label."""
        return version.label


@each_row(
    "wrong",
    ["build", None, 3, Callable2(), partial(by_build), Version],
)
def test_a_key_is_a_function(wrong: Any) -> None:
    """Something else than a named function is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match="function"):
        _ = PreviousBy(wrong)


def two(_version: Version, _registry: VersionRegistry, /) -> int:
    """Want more than a key function is given."""
    return 1


def test_a_key_takes_one_version() -> None:
    """A function that cannot take one argument is a `TypeError` at once, not at the incident."""
    wrong: Any = two
    with pytest.raises(TypeError, match="two"):
        _ = PreviousBy(wrong)


def test_unproven_is_given_by_name() -> None:
    """A bare truth value would say nothing to its reader."""
    make: Any = PreviousBy
    with pytest.raises(TypeError):
        _ = make(numbers, True)  # noqa: FBT003  # this is the mistake


LABELS = ("r1", "r2", "r2a", "r10", "r9", "2026-01", "2026-1", "latest")


@given(
    statuses=tables(LABELS),
    current=st.sampled_from(LABELS),
    unproven=st.booleans(),
)
def test_it_agrees_with_a_naive_search(
    *, statuses: dict[str, str], current: str, unproven: bool
) -> None:
    """Whatever the table, the target is one of the highest of all that qualify."""
    registry = VersionRegistry.from_statuses(statuses, current=current)
    wanted = {"stable", "unproven"} if unproven else {"stable"}
    here = numbers(registry[current])
    found = [
        key
        for version in registry.values()
        if (key := numbers(version)) is not None
        and here is not None
        and key < here
        and version.status in wanted
    ]
    try:
        plan = PreviousBy(numbers, unproven=unproven).plan(registry, leaving=current)
    except NoRollbackTarget:
        assert found == []
    else:
        assert numbers(registry[plan.target]) == max(found)
