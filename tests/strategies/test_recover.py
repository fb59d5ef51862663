"""`recover`: plan and roll back in one call, if a rollback is needed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from lastgood import (
    InvalidText,
    InvalidTime,
    LastStable,
    NoRollbackTarget,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.rules import Budget, ServedWithin
from tests.rows import each_row
from tests.scenarios.story import bad, deploy, good, register, retire, story, undeploy
from tests.strategies.custom import AcceptsAll, Fails
from tests.strategies.histories import histories

#: The current version, "v3", failed.
REGISTRY = VersionRegistry.from_statuses(
    {"v1": "stable", "v2": "unproven", "v3": "failed"}, current="v3"
)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FAILING = Fails(RuntimeError("asked for candidates"))


def test_it_plans_and_rolls_back() -> None:
    """If the current version failed, recovering is planning and rolling back."""
    strategy = LastStable()
    assert strategy.recover(REGISTRY) == REGISTRY.roll_back(strategy.plan(REGISTRY))


@each_row(
    "registry",
    [
        VersionRegistry(),
        VersionRegistry.from_statuses({"v1": "stable"}),
        VersionRegistry.from_statuses({"1": "stable", "2": "unproven"}, current="2"),
        story(good("1"), register("2"), bad("2")),
        story(good("1"), deploy("2"), undeploy("2"), bad("2")),
    ],
)
def test_it_leaves_alone_what_needs_no_rollback(registry: VersionRegistry) -> None:
    """If no rollback is needed the very same registry comes back, and the strategy is not asked."""
    assert FAILING.recover(registry, at=NOON, by="job") is registry


@pytest.mark.parametrize("ruin", [bad("2"), retire("2")], ids=["failed", "retired"])
def test_it_leaves_what_must_not_serve(ruin: Any) -> None:
    """A current version that failed or was retired is left."""
    assert LastStable().recover(story(good("1", "2"), ruin)).current == "1"


STRATEGIES: tuple[RollbackStrategy, ...] = (
    LastStable(),
    Previous(),
    AcceptsAll(),
    PreviousBySemver(prereleases=True, unproven=True),
)


@given(registry=histories(serving=False))
def test_it_never_recovers_twice(registry: VersionRegistry) -> None:
    """Whatever happened, recovering again changes nothing."""
    for strategy in STRATEGIES:
        try:
            recovered = strategy.recover(registry)
        except NoRollbackTarget:
            assert registry.needs_rollback
        else:
            assert not recovered.needs_rollback
            assert strategy.recover(recovered) is recovered


# When, and by whom


def test_it_records_the_time_and_who_decided() -> None:
    """The time and the name that are given are those of the rollback."""
    event = LastStable().recover(REGISTRY, at=NOON, by="controller").events[-1]
    assert (event.kind, event.at, event.by) == ("rolled_back", NOON, "controller")
    event = LastStable().recover(REGISTRY).events[-1]
    assert (event.at, event.by) == (None, "")


def test_the_time_is_the_clock_of_the_rules() -> None:
    """The time is that of the decision too: rules that need a clock have it."""
    strategy = LastStable().where(ServedWithin("1h"))
    registry = story(good("1", at=NOON), deploy("2", at=NOON + 5 * MINUTE), bad("2"))
    assert strategy.recover(registry, at=NOON + 10 * MINUTE).current == "1"
    with pytest.raises(NoRollbackTarget):
        _ = strategy.recover(registry, at=NOON + 3 * HOUR)


def test_the_time_outranks_a_later_one_on_record() -> None:
    """Rules see the time of the decision even if the registry was given a later one."""
    wrong = NOON.replace(year=2062)
    registry = story(
        good("1", at=NOON), deploy("2", at=NOON + 5 * MINUTE), bad("2"), register("3", at=wrong)
    )
    assert registry.clock == wrong
    strategy = LastStable().where(ServedWithin("1h"))
    recovered = strategy.recover(registry, at=NOON + 10 * MINUTE)
    assert recovered.current == "1"
    with pytest.raises(NoRollbackTarget):
        _ = strategy.recover(registry)
    with pytest.raises(NoRollbackTarget):
        _ = strategy.recover(registry.with_clock(wrong), at=NOON + 3 * HOUR)


def test_without_a_time_the_clock_of_the_registry_counts() -> None:
    """The registry may have been given the time beforehand."""
    strategy = LastStable().where(ServedWithin("1h"))
    registry = story(good("1", at=NOON), deploy("2", at=NOON + 5 * MINUTE), bad("2"))
    assert strategy.recover(registry.with_clock(NOON + 30 * MINUTE)).current == "1"
    with pytest.raises(NoRollbackTarget):
        _ = strategy.recover(registry.with_clock(NOON + 3 * HOUR))


def test_it_spends_a_budget() -> None:
    """What it records counts the next time."""
    strategy = LastStable().where(Budget(1, within="1h"))
    registry = story(good("1", "2"), deploy("3"), bad("3"))
    registry = story(bad("2"), since=strategy.recover(registry, at=NOON))
    with pytest.raises(NoRollbackTarget):
        _ = strategy.recover(registry, at=NOON + MINUTE)
    assert strategy.recover(registry, at=NOON + 2 * HOUR).current == "1"


# Refusals


def test_without_a_target_it_is_refused() -> None:
    """A rollback that is needed and impossible is an error, never a silent success."""
    with pytest.raises(NoRollbackTarget):
        _ = LastStable().recover(story(deploy("1"), bad("1")))


@pytest.mark.parametrize("registry", [REGISTRY, VersionRegistry()], ids=["needed", "not needed"])
def test_its_arguments_are_checked_first(registry: VersionRegistry) -> None:
    """A wrong time or name is refused as everywhere, whether a rollback is needed or not."""
    wrong: Any = "noon"
    with pytest.raises(InvalidTime):
        _ = LastStable().recover(registry, at=NOON.replace(tzinfo=None))
    with pytest.raises(TypeError):
        _ = LastStable().recover(registry, at=wrong)
    wrong = 7
    with pytest.raises(TypeError):
        _ = LastStable().recover(registry, by=wrong)
    with pytest.raises(InvalidText):
        _ = LastStable().recover(registry, by="\ud800")
