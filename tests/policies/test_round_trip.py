"""A strategy comes back from its plain data as it was, through JSON and TOML alike."""

import json
import tomllib
from typing import Any, cast

from hypothesis import given

from lastgood import FirstOf, LastStable, Pinned, Previous, RollbackStrategy, strategy_from_dict
from lastgood.rules import AtLeast, Budget, Except, HasMetadata, Stable
from tests.policies.compositions import CODES, policies
from tests.rows import each_row
from tests.strategies.values import made


def as_toml(value: object) -> str:
    """Return plain data as the value of a key in TOML, which has no null."""
    match value:
        case dict():
            items = cast("dict[str, object]", value).items()
            return "{" + ", ".join(f"{as_toml(k)} = {as_toml(v)}" for k, v in items) + "}"
        case list():
            return "[" + ", ".join(map(as_toml, cast("list[object]", value))) + "]"
        case bool() | str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int() | float():
            return repr(value)
        case _:
            raise TypeError(f"TOML has no {value!r}")


def comes_back(strategy: RollbackStrategy) -> None:
    """Check a strategy against every promise about its data."""
    data = strategy.to_dict()
    through_json: object = json.loads(json.dumps(data, allow_nan=False))
    assert through_json == data
    through_toml = tomllib.loads(f"policy = {as_toml(data)}")["policy"]
    for read in (data, through_json, through_toml):
        same = strategy_from_dict(read)
        assert same == strategy
        assert hash(same) == hash(strategy)
        assert repr(same) == repr(strategy)
        assert same.to_dict() == data


@each_row("code", CODES)
def test_each_strategy_and_rule_comes_back(code: str) -> None:
    """What is read equals what was written, with the same repr, through JSON and TOML."""
    comes_back(made(code))


@given(strategy=policies)
def test_any_composition_comes_back(strategy: RollbackStrategy) -> None:
    """However strategies and rules are combined, what is read equals what was written."""
    comes_back(strategy)


def test_a_composition_is_read_as_one_would_write_it() -> None:
    """The form has names, parameters, and `where` beside the name."""
    strategy = Pinned("v1.4") | LastStable(steps=2).where(AtLeast("1.2.0"), Stable())
    assert strategy.to_dict() == {
        "first_of": [
            {"pinned": {"version": "v1.4"}},
            {
                "last_stable": {"steps": 2},
                "where": [{"at_least": {"version": "1.2.0"}}, {"stable": {}}],
            },
        ]
    }


def test_rules_on_a_composite_stand_beside_it() -> None:
    """`(a | b).where(rule)` has its rules beside `first_of`, and keeps their order."""
    strategy = (LastStable() | Previous()).where(Budget(2), Except("v1", "v2"))
    assert strategy.to_dict() == {
        "first_of": [{"last_stable": {}}, {"previous": {}}],
        "where": [{"budget": {"rollbacks": 2}}, {"except": ["v1", "v2"]}],
    }


def test_none_is_written_without_null() -> None:
    """TOML has no null, so `None` is an object; a null is read as well."""
    written = {"has_metadata": {"key": "region", "value": {"null": True}}}
    strategy = LastStable().where(HasMetadata("region", None))
    assert strategy.to_dict() == {"last_stable": {}, "where": [written]}
    by_hand = {"has_metadata": {"key": "region", "value": None}}
    assert strategy_from_dict({"last_stable": {}, "where": [by_hand]}) == strategy


@each_row(
    ("data", "code"),
    [
        ("last_stable", "LastStable()"),
        ({"last_stable": {"steps": 1}}, "LastStable()"),
        ({"pinned": "v1.4"}, "Pinned('v1.4')"),
        ({"best_by": "auc"}, "BestBy('auc')"),
        ({"last_stable": {}, "where": []}, "LastStable()"),
        ({"last_stable": None}, "LastStable()"),
        ({"last_stable": None, "where": [{"stable": None}]}, "LastStable().where(Stable())"),
        ({"first_of": ["last_stable", "previous"]}, "FirstOf(LastStable(), Previous())"),
        ({"first_of": {"strategies": ["previous"]}}, "FirstOf(Previous())"),
        ({"previous_by": "numbers"}, "PreviousBy(numbers)"),
        ({"previous_by": {"key": {"numbers": {}}}}, "PreviousBy(numbers)"),
        ({"previous_by": {"key": {"numbers": None}}}, "PreviousBy(numbers)"),
        ({"as_of": "2026-05-01T14:00:00+02:00"}, "AsOf('2026-05-01T12:00:00+00:00')"),
        (
            {"first_of": [{"first_of": ["last_stable"]}, "previous"]},
            "FirstOf(LastStable(), Previous())",
        ),
        ({"previous": {}, "where": ["stable"]}, "Previous().where(Stable())"),
        ({"previous": {}, "where": [{"at_least": "1.2"}]}, "Previous().where(AtLeast('1.2'))"),
        ({"previous": {}, "where": [{"budget": 2}]}, "Previous().where(Budget(2))"),
        ({"previous": {}, "where": [{"at_most_steps": 3}]}, "Previous().where(AtMostSteps(3))"),
        ({"previous": {}, "where": [{"not_across": "m"}]}, "Previous().where(NotAcross('m'))"),
        (
            {"previous": {}, "where": [{"budget": {"rollbacks": 2, "within": None}}]},
            "Previous().where(Budget(2))",
        ),
        (
            {"previous": {}, "where": [{"served_within": "24h"}]},
            "Previous().where(ServedWithin('24h'))",
        ),
    ],
)
def test_what_a_person_would_write_is_read(data: Any, code: str) -> None:
    """A bare name or empty value stands for no parameters, another value for the required one."""
    assert strategy_from_dict(data) == made(code)


def test_the_data_are_left_alone() -> None:
    """Reading changes nothing in what it is given, and the strategy keeps nothing of it."""
    data: dict[str, Any] = {"first_of": [{"last_stable": {}, "where": [{"except": ["v1"]}]}]}
    before = json.dumps(data)
    strategy = strategy_from_dict(data)
    assert json.dumps(data) == before
    data["first_of"].clear()
    assert strategy == FirstOf(LastStable().where(Except("v1")))


def test_what_is_written_is_new_every_time() -> None:
    """Changing the data changes nothing else."""
    strategy = LastStable().where(HasMetadata("region", None))
    changed = strategy.to_dict()
    changed["where"][0]["has_metadata"]["value"]["null"] = False
    assert strategy.to_dict() != changed
