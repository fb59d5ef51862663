"""Rules are values: equal by value, hashable, frozen, printed as the code that makes them."""

from collections.abc import Callable

import pytest

from lastgood import rules
from tests.strategies.values import PROMISES, all_differ, made

CODES = [
    "AtLeast('1.3.0')",
    "AtLeast('v1.3')",
    "Budget(2)",
    "Budget(3)",
    "Budget(2, within=datetime.timedelta(days=1))",
    "Budget(2, within=datetime.timedelta(seconds=3600))",
    "Except()",
    "Except('v1')",
    "Except('v1', 'v2')",
    "Except('v2', 'v1')",
    "HasMetadata('region', 'eu')",
    "HasMetadata('region', None)",
    "HasMetadata('region', 1)",
    "HasMetadata('region', True)",
    "HasMetadata('region', 1.0)",
    "HasMetadata('region', 0)",
    "HasMetadata('region', 0.0)",
    "HasMetadata('region', -0.0)",
    "HasMetadata('schema', 'eu')",
    "NotPast('migration')",
    "NotPast('barrier')",
    "Safe()",
    "SameMajor()",
    "SameMetadata('schema')",
    "SameMetadata('schema', 'tokenizer')",
    "SameMinor()",
    "ServedAtLeast(datetime.timedelta(days=7))",
    "ServedAtLeast(datetime.timedelta(0))",
    "ServedWithin(datetime.timedelta(days=7))",
    "ServedWithin(datetime.timedelta(seconds=3600))",
    "Stable()",
    "WithinLast(1)",
    "WithinLast(10)",
]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("code", CODES)
def test_rules_are_values(code: str, promise: Callable[[str], None]) -> None:
    """A rule is a frozen value that prints as its code."""
    promise(code)


def test_rules_of_different_code_differ() -> None:
    """Rules that print differently are not equal: the print goes into the audit trail."""
    all_differ(CODES)


def test_every_rule_is_held_against_the_promises() -> None:
    """No rule is left out above."""
    made_of = {type(made(code)).__name__ for code in CODES}
    assert made_of == {name for name in rules.__all__ if name != "Rule"}


def test_defaults_are_left_out() -> None:
    """What is given as the default is the same value, and prints as if it were left out."""
    given = made("Budget(2, within=None)")
    assert given == made("Budget(2)")
    assert repr(given) == "Budget(2)"


def test_equal_durations_are_equal_rules() -> None:
    """The same time written in another unit makes the same rule, with the same print."""
    assert made("ServedWithin(timedelta(hours=24))") == made("ServedWithin(timedelta(days=1))")
    assert repr(made("ServedWithin(timedelta(hours=24))")) == (
        "ServedWithin(datetime.timedelta(days=1))"
    )
