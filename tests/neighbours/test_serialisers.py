"""cattrs, msgspec and PyYAML carry our values; what each needs is in `docs/how-to/serve-it.md`."""

import json
from typing import Any

import cattrs.preconf.json
import msgspec
import pytest
import yaml
from hypothesis import given

from lastgood import (
    Candidate,
    Event,
    InvalidLabel,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
    strategy_from_dict,
)
from tests.policies.compositions import policies
from tests.registry.documents import example
from tests.registry.histories import Command, commands, history
from tests.values.test_plan import example as example_plan

PLAN = example_plan()
REGISTRY = example()

#: Values of every type that is an attrs class.
VALUES: list[Any] = [
    PLAN,
    *PLAN.considered,
    *REGISTRY.events,
    *REGISTRY.values(),
    *REGISTRY.deployments,
]


def kind(value: object) -> str:
    """Return what a test of the value is called."""
    return type(value).__name__


def class_of(value: object) -> Any:
    """Return the class of the value, which the type checkers need not know."""
    return value.__class__


@pytest.mark.parametrize("value", VALUES, ids=[f"{i}-{kind(v)}" for i, v in enumerate(VALUES)])
def test_cattrs_needs_no_hook(value: Any) -> None:
    """Cattrs writes and reads our values as they are, through JSON."""
    converter = cattrs.preconf.json.make_converter()
    found = class_of(value)
    same: object = converter.loads(converter.dumps(value), found)
    assert same == value
    assert hash(same) == hash(value)
    assert repr(same) == repr(value)


def test_what_cattrs_makes_is_checked() -> None:
    """Cattrs calls the class, which checks as always."""
    converter = cattrs.Converter(detailed_validation=False)
    with pytest.raises(InvalidLabel):
        _ = converter.structure({"version": "", "accepted": True, "reason": "x"}, Candidate)


def test_cattrs_with_our_own_data() -> None:
    """With two hooks for each class cattrs writes what `to_dict` writes."""
    converter = cattrs.preconf.json.make_converter()
    for found in (Event, RollbackPlan, VersionRegistry):
        reader: Any = found
        converter.register_unstructure_hook(found, reader.to_dict)
        converter.register_structure_hook(found, lambda data, to: to.from_dict(data))
    values: list[Any] = [REGISTRY, PLAN, *REGISTRY.events]
    for value in values:
        data = converter.unstructure(value)
        assert data == value.to_dict()
        assert converter.structure(json.loads(json.dumps(data)), class_of(value)) == value


MSGSPEC: list[Any] = [PLAN, *PLAN.considered, *REGISTRY.deployments]


@pytest.mark.parametrize("value", MSGSPEC, ids=[f"{i}-{kind(v)}" for i, v in enumerate(MSGSPEC)])
def test_msgspec_needs_no_hook(value: Any) -> None:
    """Msgspec writes and reads plans, candidates and deployments as they are."""
    for module in (msgspec.json, msgspec.msgpack):
        same = module.decode(module.encode(value), type=type(value))
        assert same == value
        assert repr(same) == repr(value)


def test_what_msgspec_writes_of_a_plan_is_our_data() -> None:
    """A plan has the same keys, so `from_dict` reads and checks it."""
    data = msgspec.json.decode(msgspec.json.encode(PLAN))
    assert data == PLAN.to_dict()
    assert RollbackPlan.from_dict(data) == PLAN


def test_what_msgspec_makes_is_not_checked() -> None:
    """Msgspec does not call the class: hence the advice to read with `from_dict`."""
    data = {"version": "", "accepted": True, "reason": "x"}
    assert msgspec.convert(data, Candidate).version == ""


def test_msgspec_writes_a_version_with_a_hook() -> None:
    """The metadata of a version is a mapping of our own, which a hook makes a dict."""
    written = msgspec.json.decode(msgspec.json.encode(REGISTRY["1"], enc_hook=dict))
    assert written["label"] == "1"
    assert written["metadata"] == {"auc": 0.9, "note": None}


@given(told=commands)
def test_msgspec_with_our_own_data(told: list[Command]) -> None:
    """Registries and events go through `to_dict`, in JSON and in MessagePack."""
    registry = history(told)[-1]
    for module in (msgspec.json, msgspec.msgpack):
        data = module.decode(module.encode(registry.to_dict()))
        assert VersionRegistry.from_dict(data) == registry


@given(strategy=policies)
def test_policies_in_yaml(strategy: RollbackStrategy) -> None:
    """A policy in YAML comes back as it was."""
    text = yaml.safe_dump(strategy.to_dict())
    same = strategy_from_dict(yaml.safe_load(text))
    assert same == strategy
    assert repr(same) == repr(strategy)


def test_a_policy_as_one_writes_it_in_yaml() -> None:
    """A person leaves out what can be left out, and may write null."""
    text = """
    first_of:
    - pinned: v1.4
    - last_stable: {}
      where:
      - at_least: "1.2.0"
      - stable
      - served_at_least: PT24H
      - has_metadata: {key: region, value: null}
    where:
    - budget: {rollbacks: 2, within: P1D}
    """
    assert repr(strategy_from_dict(yaml.safe_load(text))) == (
        "FirstOf(Pinned('v1.4'), LastStable().where(AtLeast('1.2.0'), Stable(), "
        "ServedAtLeast(datetime.timedelta(days=1)), HasMetadata('region', None)))"
        ".where(Budget(2, within=datetime.timedelta(days=1)))"
    )
