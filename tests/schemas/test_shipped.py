"""The schemas are schemas, stand alone, and have exactly the names of the code."""

import inspect
import json
import typing
from typing import Any, Final

import attrs
import pytest

from lastgood import Event, RollbackPlan, keys, rules, strategies
from tests.package.discovery import ROOT, fences, rule_names, strategy_names
from tests.policies.names import snake
from tests.rows import each_row
from tests.tools.schemas.validating import NAMES, schema, validator

_POLICY: Final = schema("policy")
#: What the schema says of each strategy, and of each rule.
STRATEGIES: Final[dict[str, Any]] = _POLICY["anyOf"][1]["properties"]
RULES: Final[dict[str, Any]] = _POLICY["$defs"]["rule"]["anyOf"][1]["properties"]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_schema(name: str) -> None:
    """Each is of draft 2020-12, and named by a URN that is our own to give."""
    found = schema(name)
    assert validator(found).is_valid({}) is False
    assert found["$schema"].endswith("/draft/2020-12/schema")
    assert found["$id"] == f"urn:lastgood:{name}:1"


def test_the_schema_of_a_registry_holds_that_of_an_event() -> None:
    """Each file stands alone: nothing needs to be fetched."""
    assert schema("registry")["$defs"] == {"event": schema("event")}


def test_labels_and_times_are_the_same_everywhere() -> None:
    """A label has the same definition in each schema, and so has a time."""
    labels = [schema(name)["$defs"]["label"] for name in ("event", "plan", "policy")]
    assert labels == [labels[0]] * 3
    assert schema("event")["$defs"]["time"] == _POLICY["$defs"]["time"]


def test_the_kinds_of_events() -> None:
    """The schema has the kinds that an event can be of."""
    kinds = typing.get_args(typing.get_type_hints(Event)["kind"])
    assert schema("event")["properties"]["kind"]["enum"] == [*kinds]


def test_the_keys_of_an_event() -> None:
    """The schema has the keys that an event can have, and they are its attributes."""
    fields = [field.name for field in attrs.fields(Event)]
    assert [*schema("event")["properties"]] == fields


def test_the_keys_of_a_plan() -> None:
    """The schema has the format and the keys of a plan, and requires all of them."""
    fields = ["format", *(field.name for field in attrs.fields(RollbackPlan))]
    assert [*schema("plan")["properties"]] == fields
    assert schema("plan")["required"] == fields


def test_the_strategies() -> None:
    """The schema knows the strategies that there are."""
    assert {*STRATEGIES} == {*map(snake, strategy_names()), "where"}


def test_the_rules() -> None:
    """The schema knows the rules that there are."""
    assert {*RULES} == {*map(snake, rule_names())}


@each_row("name", [*strategy_names(), *rule_names()])
def test_the_parameters(name: str) -> None:
    """The schema has the parameters of each class, and knows which are required."""
    found = getattr(strategies, name, None) or getattr(rules, name)
    described = {**STRATEGIES, **RULES}[snake(name)]
    by_name = described["anyOf"][0] if "anyOf" in described else described
    parameters = inspect.signature(found).parameters.values()
    assert [*by_name["properties"]] == [each.name for each in parameters]
    needed = [each.name for each in parameters if each.default is inspect.Parameter.empty]
    assert by_name.get("required", []) == needed
    assert ("anyOf" in described) is (len(needed) == 1)
    assert described.get("type") == (None if len(needed) == 1 else by_name["type"])
    assert ("null" in by_name["type"]) is (not needed)


def test_the_key_functions() -> None:
    """The schema knows the key functions, as a bare name and as an object."""
    names = [name for name in keys.__all__ if name != "Key"]
    by_name, by_object = _POLICY["$defs"]["key"]["anyOf"]
    assert by_name["enum"] == names
    assert [*by_object["properties"]] == names


def test_bare_names() -> None:
    """A bare name is accepted if there are no required parameters."""
    alone = {*_POLICY["anyOf"][0]["enum"], *_POLICY["$defs"]["rule"]["anyOf"][0]["enum"]}
    tables = {**STRATEGIES, **RULES}
    free = {
        name
        for name, described in tables.items()
        if "anyOf" not in described and "required" not in described
    }
    assert alone == free - {"where"}


#: The schema of one's own that the page on plain data shows.
(MINE,) = (
    json.loads(body)
    for tag, body in fences(ROOT / "docs" / "reference" / "data.md")
    if tag == "json" and "urn:example:policy" in body
)
MINE["$defs"]["lastgood"] = _POLICY  # a validator could be given it in another way


ADDED: Final[list[tuple[object, bool]]] = [
    ({"same_region": {"region": "eu"}}, True),
    ({"first_of": [{"same_region": {}}, "last_stable"]}, True),
    ({"first_of": ["last_stable"], "where": ["not_on_friday", "stable"]}, True),
    ({"first_of": [{"previous": {}, "where": ["not_on_friday"]}]}, True),
    ({"previous_by": "build"}, True),
    ({"previous_by": {"key": "numbers", "unproven": True}}, True),
    ({"first_of": [{"previous_by": {"key": "build"}}, "last_stable"]}, True),
    ({"previous_by": "bulid"}, False),
    ({"first_of": [{"other_region": {}}]}, False),
    ({"first_of": [{"previous": {}, "where": ["no_monday"]}]}, False),
    ("not_on_friday", False),
]


@each_row(("policy", "is_valid"), ADDED)
def test_a_schema_of_ones_own_adds_to_it(policy: object, *, is_valid: bool) -> None:
    """Through the dynamic anchors, an added name is accepted wherever one of ours is."""
    assert validator(MINE).is_valid(policy) is is_valid
