"""Strategies are values: equal by value, hashable, frozen, printed as the code that makes them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from lastgood import (
    AsOf,
    BestBy,
    FirstOf,
    LastStable,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
)
from lastgood.keys import numbers
from lastgood.rules import (
    AtLeast,
    AtMostSteps,
    Budget,
    HasMetadata,
    NotAcross,
    ServedAtLeast,
    ServedWithin,
)
from tests.catalogue import STRATEGIES
from tests.rows import each_row
from tests.strategies.values import PROMISES, all_differ, made

CODES = [
    "LastStable()",
    "LastStable(steps=3)",
    "Previous()",
    "Previous(steps=2)",
    "Pinned('v1.0')",
    "Pinned('1.0')",
    'Pinned("it\'s")',
    "AsOf('2026-05-01T12:00:00+00:00')",
    "AsOf('2026-05-01T12:00:00.000001+00:00')",
    "PreviousBySemver()",
    "PreviousBySemver(prereleases=True)",
    "PreviousBySemver(unproven=True)",
    "PreviousBySemver(prereleases=True, unproven=True)",
    "PreviousBy(numbers)",
    "PreviousBy(numbers, unproven=True)",
    "BestBy('auc')",
    "BestBy('loss')",
    "BestBy('auc', lowest=True)",
    "LastStable() | Pinned('v1')",
    "Pinned('v1') | LastStable()",
    "AsOf('2026-05-01T12:00:00+00:00') | PreviousBy(numbers) | LastStable()",
    "LastStable().where(Stable())",
    "LastStable().where(Stable(), Except('v1'))",
    "LastStable(steps=3).where(Except('v1', 'v2'), Stable())",
    "(LastStable() | Previous()).where(Budget(2))",
    "(LastStable() | Previous()).where(Budget(2)) | Pinned('v1')",
    "LastStable().where(AtLeast('1.2')) | Previous()",
    "LastStable().where(Budget(2, within='1h'))",
    "LastStable().where(ServedAtLeast('24h')) | Pinned('v0.9')",
]


@each_row("promise", PROMISES)
@each_row("code", CODES)
def test_strategies_are_values(code: str, promise: Callable[[str], None]) -> None:
    """A strategy is a frozen value that prints as its code."""
    promise(code)


@pytest.mark.parametrize("promise", PROMISES[1:], ids=lambda promise: promise.__name__)
def test_a_key_of_ones_own_is_part_of_the_value(promise: Callable[[str], None]) -> None:
    """A strategy with a key function of one's own is a value like any other."""
    promise("PreviousBy(by_build)")
    assert repr(made("PreviousBy(by_build)")) == "PreviousBy(by_build)"
    assert made("PreviousBy(by_build)") != made("PreviousBy(numbers)")


@pytest.mark.parametrize("promise", PROMISES[1:], ids=lambda promise: promise.__name__)
def test_a_composite_of_one_is_a_value(promise: Callable[[str], None]) -> None:
    """A composite of one strategy is a value, and its repr makes it again."""
    promise("FirstOf(LastStable())")
    assert made(repr(made("FirstOf(LastStable())"))) == FirstOf(LastStable())
    guarded = FirstOf(LastStable()).where(Budget(2))
    assert made(repr(guarded)) == guarded


def test_strategies_of_different_code_differ() -> None:
    """No two strategies that decide differently are equal."""
    all_differ(CODES)


def test_every_strategy_is_checked_against_the_promises() -> None:
    """No strategy is left out above."""
    assert {type(made(code)).__name__ for code in CODES} >= set(STRATEGIES)


def test_defaults_are_left_out() -> None:
    """What is given as the default is the same value, and prints as if it were left out."""
    assert LastStable(steps=1) == LastStable()
    assert repr(LastStable(steps=1)) == "LastStable()"
    assert repr(PreviousBy(numbers, unproven=False)) == "PreviousBy(numbers)"


def test_a_composite_prints_as_a_person_would_write_it() -> None:
    """What `|` made prints with `|`, and in parentheses under rules."""
    assert repr(FirstOf(LastStable(), Previous(), Pinned("v1"))) == (
        "LastStable() | Previous() | Pinned('v1')"
    )
    assert repr((LastStable() | Previous()).where(Budget(2))) == (
        "(LastStable() | Previous()).where(Budget(2))"
    )


@each_row(
    ("value", "name", "expected"),
    [
        (LastStable(steps=3), "steps", 3),
        (Pinned("v1"), "version", "v1"),
        (PreviousBySemver(unproven=True), "unproven", True),
        (PreviousBySemver(unproven=True), "prereleases", False),
        (PreviousBy(numbers), "key", numbers),
        (BestBy("auc", lowest=True), "lowest", True),
        (FirstOf(LastStable(), Previous()), "strategies", (LastStable(), Previous())),
        (Budget(2), "rollbacks", 2),
        (AtMostSteps(3), "n", 3),
        (NotAcross("migration"), "key", "migration"),
        (AtLeast("v1.2"), "version", "v1.2"),
        (HasMetadata("region", "eu"), "value", "eu"),
        (ServedAtLeast("24h"), "duration", made("timedelta(days=1)")),
        (ServedWithin("24h"), "duration", made("timedelta(days=1)")),
        (AsOf("2026-05-01T14:00:00+02:00"), "when", AsOf("2026-05-01T12:00:00Z").when),
    ],
)
def test_attributes_are_the_parameters(value: object, name: str, expected: Any) -> None:
    """What a strategy or a rule was made with can be read from it."""
    assert getattr(value, name) == expected


@each_row(
    ("make", "option"),
    [
        (PreviousBySemver, "prereleases"),
        (PreviousBySemver, "unproven"),
        (partial(PreviousBy, numbers), "unproven"),
        (partial(BestBy, "auc"), "lowest"),
    ],
)
@each_row("wrong", [1, 0, None, "yes"])
def test_an_option_is_a_truth_value(make: Any, option: str, wrong: object) -> None:
    """Something else than True or False is a `TypeError` that names the option."""
    with pytest.raises(TypeError, match=f"^{option} must be True or False"):
        _ = make(**{option: wrong})
