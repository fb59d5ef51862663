"""The names in policies are those of the strategies, rules and key functions, and no others."""

import inspect
import re

import pytest

import lastgood
from lastgood import (
    InvalidData,
    LastStable,
    PreviousBy,
    RollbackStrategy,
    keys,
    rules,
    strategies,
    strategy_from_dict,
)
from tests.package.discovery import ROOT, rule_names, strategy_names
from tests.policies.compositions import CODES
from tests.policies.names import snake
from tests.rows import each_row
from tests.strategies.values import made


def known(data: object) -> set[str]:
    """Return the names that the message about an unknown one lists."""
    with pytest.raises(InvalidData) as refusal:
        _ = strategy_from_dict(data)
    return {*re.findall(r"'(\w+)'", refusal.value.problem)}


#: The key functions that the module exports, beside the type of them.
KEYS = [name for name in keys.__all__ if name != "Key"]

NAMES = {snake(name): name for name in strategy_names() + rule_names()}


def test_every_strategy_and_rule_has_a_name() -> None:
    """The one table holds exactly what the faces export."""
    assert known("???") == {snake(name) for name in strategy_names()}
    assert known({"last_stable": {}, "where": ["???"]}) == {snake(name) for name in rule_names()}


def test_every_key_function_has_a_name() -> None:
    """The table holds the key functions of `lastgood.keys`, and those are functions."""
    assert known({"previous_by": "???"}) == set(KEYS)


def test_every_name_is_written() -> None:
    """Each of them is written under the name of its class in snake case."""
    written = {next(iter(made(code).to_dict())) for code in CODES}
    written |= {
        name for code in CODES for rule in made(code).to_dict().get("where", []) for name in rule
    }
    assert written == set(NAMES)
    for name in KEYS:
        written_key = PreviousBy(getattr(keys, name)).to_dict()["previous_by"]["key"]
        assert written_key == name


ROWS = re.findall(
    r"^\| `(\w+)` \| `(\w+)` \| (.*) \|$",
    (ROOT / "docs" / "reference" / "policies.md").read_text("utf-8"),
    re.MULTILINE,
)


def parameters_of(found: type) -> str:
    """Return the parameters of a class as the page writes them."""
    parameters = [
        (f"a list: `{each.name}`" if each.kind is each.VAR_POSITIONAL else f"`{each.name}`", each)
        for each in inspect.signature(found).parameters.values()
    ]
    words = [
        f"{word}, required" if each.kind is each.POSITIONAL_OR_KEYWORD else word
        for word, each in parameters
    ]
    optional = ", ".join(word for word in words if not word.endswith("required"))
    required = [word for word in words if word.endswith("required")]
    return "; ".join([*required, *[optional] * bool(optional)]) or "none"


def test_the_page_has_them_all() -> None:
    """The table of the page has each strategy and each rule, with its name."""
    assert {written: name for name, written, _ in ROWS} == NAMES


@each_row("name", NAMES.values())
def test_the_page_has_the_parameters(name: str) -> None:
    """The table of the page has the parameters of each of them, and which are required."""
    (written,) = (parameters for known, _, parameters in ROWS if known == name)
    found: type = getattr(strategies, name, None) or getattr(rules, name)
    assert written == parameters_of(found)


def test_it_is_exported() -> None:
    """`lastgood` shows the reader; the faces of strategies and rules are as they were."""
    assert "strategy_from_dict" in lastgood.__all__
    assert not hasattr(strategies, "strategy_from_dict")
    assert not hasattr(rules, "strategy_from_dict")


def test_to_dict_is_final() -> None:
    """What is written is what can be read: a strategy of one's own does not redefine it."""
    with pytest.raises(TypeError, match=r"Mine redefines to_dict\(\): write candidates\(\) only"):
        _ = type("Mine", (RollbackStrategy,), {"to_dict": dict})
    assert LastStable().to_dict() == {"last_stable": {}}
