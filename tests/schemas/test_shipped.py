"""The schemas are schemas, stand alone, and name what the code names, no more and no less."""

import inspect
import json
import typing
from typing import Any, Final

import attrs
import pytest

from lastgood import Event, RollbackPlan, rules, strategies
from tests.package.discovery import ROOT, fences, rule_names, snake, strategy_names
from tests.schemas.validating import NAMES, schema, validator

_POLICY: Final = schema("policy")
#: What the schema tells of each strategy, and of each rule.
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


def test_labels_are_the_same_everywhere() -> None:
    """What a label is, is said in the same words in each schema."""
    labels = [schema(name)["$defs"]["label"] for name in ("event", "plan", "policy")]
    assert labels == [labels[0]] * 3


def test_the_kinds_of_events() -> None:
    """The schema has the kinds that an event can be of."""
    kinds = typing.get_args(typing.get_type_hints(Event)["event"])
    assert schema("event")["properties"]["event"]["enum"] == [*kinds]


def test_the_keys_of_an_event() -> None:
    """The schema has the keys that an event can have, and they are its attributes."""
    fields = [field.name for field in attrs.fields(Event)]
    assert [*schema("event")["properties"]] == fields


def test_the_keys_of_a_plan() -> None:
    """The schema has the keys of a plan, and needs all of them."""
    fields = [field.name for field in attrs.fields(RollbackPlan)]
    assert [*schema("plan")["properties"]] == fields
    assert schema("plan")["required"] == fields


def test_the_strategies() -> None:
    """The schema knows the strategies that there are."""
    assert {*STRATEGIES} == {*map(snake, strategy_names()), "where"}


def test_the_rules() -> None:
    """The schema knows the rules that there are."""
    assert {*RULES} == {*map(snake, rule_names())}


@pytest.mark.parametrize("name", [*strategy_names(), *rule_names()])
def test_the_parameters(name: str) -> None:
    """The schema knows the parameters that there are, and which are needed."""
    found = getattr(strategies, name, None) or getattr(rules, name)
    told = {**STRATEGIES, **RULES}[snake(name)]
    by_name = told["anyOf"][0] if "anyOf" in told else told
    parameters = inspect.signature(found).parameters.values()
    assert [*by_name["properties"]] == [each.name for each in parameters]
    needed = [each.name for each in parameters if each.default is inspect.Parameter.empty]
    assert by_name.get("required", []) == needed
    assert ("anyOf" in told) is (len(needed) == 1)


def test_what_can_stand_as_a_name_alone() -> None:
    """A name alone is accepted of what needs no parameters."""
    alone = {*_POLICY["anyOf"][0]["enum"], *_POLICY["$defs"]["rule"]["anyOf"][0]["enum"]}
    tables = {**STRATEGIES, **RULES}
    free = {name for name, told in tables.items() if "anyOf" not in told and "required" not in told}
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
    ({"first_of": [{"other_region": {}}]}, False),
    ({"first_of": [{"previous": {}, "where": ["no_monday"]}]}, False),
    ("not_on_friday", False),
]


@pytest.mark.parametrize(("policy", "is_valid"), ADDED, ids=repr)
def test_a_schema_of_ones_own_adds_to_it(policy: object, *, is_valid: bool) -> None:
    """Through the dynamic anchors, what is added is accepted wherever its like is."""
    assert validator(MINE).is_valid(policy) is is_valid
