"""`BestBy`: back to the stable version with the best number, as known now."""

from typing import Any

import pytest

from lastgood import BestBy, InvalidText, MetadataValue, VersionRegistry
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.story import (
    Step,
    back,
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


def measured(
    values: dict[str, MetadataValue], *, serving: bool = True, key: str = "auc"
) -> VersionRegistry:
    """Return stable versions with these numbers; "now", which failed, has none."""
    registry = VersionRegistry()
    for label, value in values.items():
        registry = registry.register(label, metadata={key: value}).mark_stable(label)
        registry = registry.deploy(label) if serving else registry
    return registry.register("now").deploy("now").mark_failed("now")


def test_it_goes_to_the_highest_number() -> None:
    """The stable version with the highest number is the target, wherever it served."""
    assert target(BestBy("auc"), measured({"1": 0.91, "2": 0.95, "3": 0.93})) == "2"


def test_it_goes_to_the_lowest_number() -> None:
    """Of a loss the lowest is the best."""
    registry = measured({"1": 0.91, "2": 0.95, "3": 0.93})
    assert target(BestBy("auc", lowest=True), registry) == "1"


@pytest.mark.parametrize(("lowest", "order"), [(False, ["b", "c", "a"]), (True, ["a", "c", "b"])])
def test_candidates_come_best_first(*, lowest: bool, order: list[str]) -> None:
    """Versions that are not stable have their place in the order, rejected with their status."""
    registry = measured({"a": -3, "b": 7, "c": 0.5})
    for label in order:
        registry = registry.mark_failed(label, reason="drift")
    refusal = no_target(BestBy("auc", lowest=lowest), registry)
    assert looked_at(refusal)[:3] == order
    assert {reasons(refusal)[label] for label in order} == {"failed: drift"}


def test_ties_go_to_the_most_recently_deployed() -> None:
    """Of equal numbers the version that was deployed last comes first."""
    registry = measured({"1": 0.9, "2": 0.9, "3": 0.9})
    registry = story(deploy("2"), deploy("4"), bad("4"), since=registry)
    assert target(BestBy("auc"), registry) == "2"
    assert target(BestBy("auc", lowest=True), registry) == "2"


def test_ties_of_what_never_served_go_to_the_most_recently_registered() -> None:
    """Of equal numbers without a deployment the version that was registered last comes first."""
    registry = measured({"1": 0.9, "2": 0.9, "3": 0.9}, serving=False)
    assert target(BestBy("auc"), registry) == "3"
    assert target(BestBy("auc", lowest=True), registry) == "3"


def test_ties_go_to_what_served() -> None:
    """Of equal numbers a version that served comes before one that was registered later."""
    registry = story(
        register("1", metadata={"auc": 1}),
        register("2", metadata={"auc": 1.0}),
        ok("1", "2"),
        deploy("1"),
        deploy("3"),
        bad("3"),
    )
    assert target(BestBy("auc"), registry) == "1"


def test_whole_and_broken_numbers_are_compared_exactly() -> None:
    """An `int` and a `float` are compared by value, however large."""
    registry = measured({"1": 2**53, "2": 2**53 + 1, "3": float(2**53)})
    assert target(BestBy("auc"), registry) == "2"


@each_row("lowest", [False, True])
@each_row("value", ["0.99", None, True, False])
def test_what_is_not_a_number_is_rejected(*, value: MetadataValue, lowest: bool) -> None:
    """A text, a truth value or `None` does not count, whichever end is the best."""
    plan = BestBy("auc", lowest=lowest).plan(measured({"1": 0.5, "2": value}))
    assert plan.target == "1"
    registry = measured({"2": value})
    assert "auc" in reasons(no_target(BestBy("auc", lowest=lowest), registry))["2"]


@pytest.mark.parametrize("lowest", [False, True])
def test_a_missing_number_is_rejected(*, lowest: bool) -> None:
    """A version that was not measured is rejected, and the reason names the key."""
    registry = story(good("1"), deploy("2"), bad("2"))
    assert "auc" in reasons(no_target(BestBy("auc", lowest=lowest), registry))["1"]


def test_zero_is_a_number() -> None:
    """Zero, and what is below it, is as good a number as any."""
    assert target(BestBy("auc"), measured({"1": -0.5, "2": 0})) == "2"
    assert target(BestBy("loss", lowest=True), measured({"1": 0.0, "2": 3}, key="loss")) == "1"


@pytest.mark.parametrize(
    "step",
    [register("2", metadata={"auc": 0.99}), deploy("2", metadata={"auc": 0.99})],
    ids=["registered", "deployed"],
)
def test_what_is_not_stable_is_rejected(step: Step) -> None:
    """The best number proves nothing: an unproven version is rejected with its status."""
    registry = story(good("1", metadata={"auc": 0.5}), step, deploy("3"), bad("3"))
    plan = BestBy("auc").plan(registry)
    assert plan.target == "1"
    assert reasons(plan)["2"] == "unproven"


def test_what_is_bad_is_rejected() -> None:
    """The best number does not bring back what failed, was retired, or was left."""
    registry = measured({"1": 0.5, "2": 0.7, "3": 0.8})
    registry = story(bad("3", "drift"), retire("2", "licence ended"), since=registry)
    registry = story(back(BestBy("auc")), deploy("next"), bad("next"), since=registry)
    plan = BestBy("auc").plan(registry)
    assert plan.target == "1"
    assert [each.reason for each in plan.considered[:2]] == [
        "failed: drift",
        "retired: licence ended",
    ]


def test_the_current_version_is_not_the_target() -> None:
    """The version that serves may have the best number, and is left all the same."""
    registry = story(good("1", metadata={"auc": 0.5}), good("2", metadata={"auc": 0.9}))
    assert target(BestBy("auc"), registry, leaving="2") == "1"


def test_the_lineage_does_not_matter() -> None:
    """A stable version that never served can be the target."""
    assert target(BestBy("auc"), measured({"1": 0.5, "2": 0.9}, serving=False)) == "2"


def test_what_was_measured_later_counts() -> None:
    """A number from production replaces the one from training, or is the first one."""
    registry = measured({"1": 0.95, "2": 0.93})
    registry = story(good("3"), deploy("4"), bad("4"), since=registry)
    assert target(BestBy("auc"), registry) == "1"
    registry = story(note("1", auc=0.7), since=registry)
    plan = BestBy("auc").plan(registry)
    assert plan.target == "2"
    assert "0.93" in plan.reason
    assert target(BestBy("auc"), story(note("3", auc=0.99), since=registry)) == "3"
    assert target(BestBy("auc", lowest=True), registry) == "1"


def test_a_number_can_be_taken_back() -> None:
    """A version whose number is annotated as `None` has none any more."""
    registry = story(note("1", auc=None), since=measured({"1": 0.95, "2": 0.93}))
    assert target(BestBy("auc"), registry) == "2"
    assert "auc" in reasons(BestBy("auc").review(registry))["1"]


@pytest.mark.parametrize("wrong", [None, 3, b"auc", ["auc"]], ids=shown)
def test_a_key_is_a_str(wrong: Any) -> None:
    """Metadata has `str` keys, so another key is a mistake."""
    with pytest.raises(TypeError):
        _ = BestBy(wrong)


def test_a_key_has_no_lone_surrogate() -> None:
    """A key that no metadata can have is refused at once."""
    with pytest.raises(InvalidText, match=r"^the key '.ud800' has a lone surrogate"):
        _ = BestBy("\ud800")
