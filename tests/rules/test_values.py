"""Rules are values: equal by value, hashable, frozen, printed as the code that makes them."""

from collections.abc import Callable

from lastgood import LastStable, rules
from tests.catalogue import RULES
from tests.rows import each_row
from tests.strategies.values import PROMISES, all_differ, made

CODES = [
    "AtLeast('1.3.0')",
    "AtLeast('v1.3')",
    "AtMostSteps(1)",
    "AtMostSteps(10)",
    "Budget(2)",
    "Budget(3)",
    "Budget(2, within='24h')",
    "Budget(2, within='1h')",
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
    "NotAcross('migration')",
    "NotAcross('barrier')",
    "Safe()",
    "SameMajor()",
    "SameMetadata('schema')",
    "SameMetadata('schema', 'tokenizer')",
    "SameMinor()",
    "Served()",
    "ServedAtLeast('7d')",
    "ServedAtLeast('0s')",
    "ServedAtLeast('1.5s')",
    "ServedWithin('7d')",
    "ServedWithin('1d12h')",
    "Stable()",
]


@each_row("promise", PROMISES)
@each_row("code", CODES)
def test_rules_are_values(code: str, promise: Callable[[str], None]) -> None:
    """A rule is a frozen value that prints as its code."""
    promise(code)


def test_rules_of_different_code_differ() -> None:
    """Rules that print differently are not equal: the print goes into the audit trail."""
    all_differ(CODES)


def test_every_rule_is_checked_against_the_promises() -> None:
    """No rule is left out above."""
    assert {type(made(code)).__name__ for code in CODES} == set(RULES)


def test_defaults_are_left_out() -> None:
    """What is given as the default is the same value, and prints as if it were left out."""
    given = made("Budget(2, within=None)")
    assert given == made("Budget(2)")
    assert repr(given) == "Budget(2)"


def test_rules_in_a_list() -> None:
    """A list of rules can be passed on: type checkers see that each of them is a rule."""
    some = [rules.Stable(), rules.Except("1"), rules.Budget(1)]
    assert repr(LastStable().where(*some)) == (
        "LastStable().where(Stable(), Except('1'), Budget(1))"
    )
