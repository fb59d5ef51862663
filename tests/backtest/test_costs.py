"""What a back-test costs, in calls: proportional to the events, and to the incidents."""

from functools import cache, partial

from lastgood import (
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.backtest import backtest
from lastgood.rules import Budget, HasMetadata, NotAcross, ServedAtLeast
from tests.registry.making import hour
from tests.rows import each_row
from tests.test_costs import calls

FEW, MANY = 30, 120

STRATEGIES: tuple[RollbackStrategy, ...] = (
    LastStable(),
    Previous(),
    PreviousBySemver(),
    LastStable().where(ServedAtLeast("1h"), NotAcross("migration")),
    (Pinned("nothing") | LastStable()).where(Budget(3)),
    Pinned("nothing"),
)


@cache
def history(incidents: int) -> VersionRegistry:
    """Return a history in which every tenth version failed and was left."""
    registry = VersionRegistry()
    for number in range(10 * incidents):
        label, at = f"1.{number}.0", hour(number)
        registry = registry.register(label, at=at).deploy(label, at=at)
        if number % 10 < 9:
            registry = registry.mark_stable(label)
        else:
            registry = registry.mark_failed(label)
            registry = registry.roll_back(LastStable().plan(registry), at=at)
    return registry


@each_row("strategy", STRATEGIES)
def test_it_grows_with_the_history(strategy: RollbackStrategy) -> None:
    """A history with four times the events and the incidents takes four times the calls.

    The order of SemVer takes a little more: it is sorted again for each of the oldest incidents.
    """
    registries = history(FEW), history(MANY)
    assert [len(backtest(each, strategy)) for each in registries] == [FEW, MANY]
    few, many = (calls(partial(backtest, each, strategy)) for each in registries)
    assert many < 4.6 * few


def test_it_grows_with_what_the_strategy_looks_at() -> None:
    """A rule that rejects everything is asked about each version before each incident, and no more.

    So four times the history takes about sixteen times the calls, as many as there are candidates.
    """
    strategy = LastStable().where(HasMetadata("region", "eu"))
    registries = history(FEW), history(MANY)
    few, many = (calls(partial(backtest, each, strategy)) for each in registries)
    looked = [
        sum(each.choices[0].looked_at for each in backtest(one, strategy)) for one in registries
    ]
    assert many / few < 1.05 * looked[1] / looked[0]
