"""cattrs, msgspec and PyYAML carry our values. `docs/how-to/serve-it.md` says how."""

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
    InvalidData,
    InvalidLabel,
    LastStable,
    Pinned,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
    strategy_from_dict,
)
from lastgood.rules import AtLeast, Stable
from tests.commands import Command, history
from tests.damage.documents import example_plan
from tests.package.discovery import ROOT, fences
from tests.policies.compositions import policies
from tests.registry.documents import example
from tests.registry.histories import commands
from tests.rows import each_row

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


@each_row("value", VALUES)
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


@each_row("value", MSGSPEC)
def test_msgspec_needs_no_hook(value: Any) -> None:
    """Msgspec writes and reads plans, candidates and deployments as they are."""
    for module in (msgspec.json, msgspec.msgpack):
        same = module.decode(module.encode(value), type=type(value))
        assert same == value
        assert repr(same) == repr(value)


def test_what_msgspec_writes_of_a_plan_is_our_data() -> None:
    """A plan has the same keys except the format, so `from_dict` reads and checks it."""
    data = msgspec.json.decode(msgspec.json.encode(PLAN))
    assert {"format": 1, **data} == PLAN.to_dict()
    assert RollbackPlan.from_dict({"format": 1, **data}) == PLAN


def test_what_msgspec_makes_is_not_checked() -> None:
    """Msgspec does not call the class: hence the advice to read with `from_dict`."""
    data = {"version": "", "accepted": True, "reason": "x"}
    assert msgspec.convert(data, Candidate).version == ""


def test_msgspec_writes_a_version_by_its_own_data() -> None:
    """The metadata of a version is a mapping of our own, so it goes through `to_dict`."""
    written = REGISTRY["1"].to_dict()
    for module in (msgspec.json, msgspec.msgpack):
        assert module.decode(module.encode(written)) == written


@given(drawn=commands)
def test_msgspec_with_our_own_data(drawn: list[Command]) -> None:
    """Registries and events go through `to_dict`, in JSON and in MessagePack."""
    registry = history(drawn)[-1]
    for module in (msgspec.json, msgspec.msgpack):
        data = module.decode(module.encode(registry.to_dict()))
        assert VersionRegistry.from_dict(data) == registry


def in_yaml(data: object) -> str:
    """Return the data as YAML."""
    untyped: Any = yaml  # Its types are known only in part.
    text: str = untyped.safe_dump(data)
    return text


@given(strategy=policies)
def test_policies_in_yaml(strategy: RollbackStrategy) -> None:
    """A policy in YAML comes back as it was."""
    same = strategy_from_dict(yaml.safe_load(in_yaml(strategy.to_dict())))
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
      - served_at_least: 24h
      - served:
      - has_metadata: {key: region, value: null}
    - as_of: 2026-05-01T14:00:00+02:00
    - previous_by: numbers
    - last_stable:
    where:
    - budget: {rollbacks: 2.0, within: 1d12h}
    """
    assert repr(strategy_from_dict(yaml.safe_load(text))) == (
        "(Pinned('v1.4') | LastStable().where(AtLeast('1.2.0'), Stable(), "
        "ServedAtLeast('24h'), Served(), HasMetadata('region', None)) | "
        "AsOf('2026-05-01T12:00:00+00:00') | PreviousBy(numbers) | LastStable())"
        ".where(Budget(2, within='1d12h'))"
    )


def test_the_policy_that_the_page_shows_in_yaml() -> None:
    """The page shows one policy in Python and in YAML."""
    page = ROOT / "docs" / "reference" / "policies.md"
    (text,) = (body for tag, body in fences(page) if tag == "yaml")
    strategy = Pinned("v1.4") | LastStable().where(AtLeast("1.2.0"), Stable())
    assert strategy_from_dict(yaml.safe_load(text)) == strategy


@each_row(
    ("text", "words"),
    [
        ("pinned: 1.10", "pinned: must be a text, not 1.1: put quotes around it, since YAML reads"),
        ("pinned: 2024-05-01", "pinned: must be a text, not a date"),
        ("pinned:", "pinned.version: the parameter is missing"),
        ("as_of: 2026-05-01T14:00:00", "as_of: the time 2026-05-01 14:00:00 has no time zone"),
        ("as_of: 2026-05-01", "as_of: when must be a datetime with a time zone or a text such as"),
        ("last_stable: {steps: 1e3}", "last_stable.steps: must be a whole number, not '1e3'"),
        ("previous: {}\nwhere:", "where: must be a list, not None"),
        (
            "previous: {}\nwhere:\n- served_within: 12:30",
            "where[0].served_within: duration must be",
        ),
    ],
)
def test_what_yaml_makes_of_a_text_without_quotes(text: str, words: str) -> None:
    """A value that YAML reads as something else is refused with its place."""
    with pytest.raises(InvalidData) as refusal:
        _ = strategy_from_dict(yaml.safe_load(text))
    assert str(refusal.value).startswith(words)


def test_a_registry_in_yaml() -> None:
    """A registry in YAML comes back as it was: its times are texts."""
    same = VersionRegistry.from_dict(yaml.safe_load(in_yaml(REGISTRY.to_dict())))
    assert same.events == REGISTRY.events
