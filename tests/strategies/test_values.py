"""Strategies are values: equal by value, hashable, frozen, printed as the code that makes them."""

from collections.abc import Callable

import pytest

from lastgood import FirstOf, LastStable, Pinned, Previous, strategies
from lastgood.rules import Budget
from tests.strategies.values import PROMISES, all_differ, made

CODES = [
    "LastStable()",
    "LastStable(steps=3)",
    "Previous()",
    "Previous(steps=2)",
    "Pinned('v1.0')",
    "Pinned('1.0')",
    'Pinned("it\'s")',
    "PreviousBySemver()",
    "PreviousBySemver(prereleases=True)",
    "PreviousBySemver(unproven=True)",
    "PreviousBySemver(prereleases=True, unproven=True)",
    "BestBy('auc')",
    "BestBy('loss')",
    "BestBy('auc', lowest=True)",
    "FirstOf(LastStable())",
    "FirstOf(LastStable(), Pinned('v1'))",
    "FirstOf(Pinned('v1'), LastStable())",
    "LastStable().where(Stable())",
    "LastStable().where(Stable(), Except('v1'))",
    "LastStable(steps=3).where(Except('v1', 'v2'), Stable())",
    "FirstOf(LastStable(), Previous()).where(Budget(2))",
    "FirstOf(LastStable().where(AtLeast('1.2')), Previous())",
    "LastStable().where(Budget(2, within=datetime.timedelta(seconds=3600)))",
]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("code", CODES)
def test_strategies_are_values(code: str, promise: Callable[[str], None]) -> None:
    """A strategy is a frozen value that prints as its code."""
    promise(code)


def test_strategies_of_different_code_differ() -> None:
    """No two strategies that decide differently are equal."""
    all_differ(CODES)


def test_every_strategy_is_held_against_the_promises() -> None:
    """No strategy is left out above."""
    assert {type(made(code)).__name__ for code in CODES} >= {
        name for name in strategies.__all__ if name != "RollbackStrategy"
    }


def test_defaults_are_left_out() -> None:
    """What is given as the default is the same value, and prints as if it were left out."""
    assert LastStable(steps=1) == LastStable()
    assert repr(LastStable(steps=1)) == "LastStable()"


def test_a_composite_prints_as_a_call() -> None:
    """What `|` made prints as `FirstOf`, which makes the same."""
    assert repr(LastStable() | Previous() | Pinned("v1")) == (
        "FirstOf(LastStable(), Previous(), Pinned('v1'))"
    )


def test_attributes_are_the_parameters() -> None:
    """What a strategy was made with can be read from it."""
    assert LastStable(steps=3).steps == 3
    assert Pinned("v1").version == "v1"
    assert FirstOf(LastStable(), Previous()).strategies == (LastStable(), Previous())
    assert Budget(2).rollbacks == 2
