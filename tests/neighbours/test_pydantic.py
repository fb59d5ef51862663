"""pydantic carries a registry, an event and a plan as fields of a model."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from pydantic import BaseModel, TypeAdapter, ValidationError

from lastgood import Event, RollbackPlan, VersionRegistry
from tests.registry.documents import EVENTS, document, example
from tests.strategies.histories import histories
from tests.values.test_plan import example as example_plan


class Incident(BaseModel):
    """A model as users have them."""

    registry: VersionRegistry
    plan: RollbackPlan | None = None
    events: list[Event] = []


INCIDENT = Incident(registry=example(), plan=example_plan(), events=[*example().events])


def test_a_model_is_written_as_our_plain_data() -> None:
    """What a model writes of them is what `to_dict` writes, in Python as in JSON."""
    written = {
        "registry": example().to_dict(),
        "plan": example_plan().to_dict(),
        "events": [event.to_dict() for event in example().events],
    }
    assert INCIDENT.model_dump() == written
    assert json.loads(INCIDENT.model_dump_json()) == written
    assert Incident(registry=VersionRegistry()).model_dump()["plan"] is None


def test_a_model_comes_back() -> None:
    """What was written is read as the same values, of their own types."""
    for same in (
        Incident.model_validate(INCIDENT.model_dump()),
        Incident.model_validate_json(INCIDENT.model_dump_json()),
    ):
        assert same == INCIDENT
        assert same.registry.events == example().events
        assert isinstance(same.plan, RollbackPlan)


@given(registry=histories())
def test_every_registry_comes_back(registry: VersionRegistry) -> None:
    """Whatever happened to a registry, it goes through JSON unharmed."""
    adapter = TypeAdapter(VersionRegistry)
    assert adapter.validate_json(adapter.dump_json(registry)) == registry


def test_values_are_taken_as_they_are() -> None:
    """A registry itself is kept, with its clock, and is not replayed."""
    registry = example()
    assert Incident(registry=registry).registry is registry


def refused(data: object) -> str:
    """Return what pydantic says against the data."""
    with pytest.raises(ValidationError) as refusal:
        _ = Incident.model_validate(data)
    (error,) = refusal.value.errors()
    return f"{error['loc']} {error['msg']}"


def test_what_is_wrong_is_told_with_its_place() -> None:
    """The error of pydantic names its field, and in it the place that we name."""
    data = document()
    data["events"][3]["version"] = ""
    assert refused({"registry": data}) == (
        "('registry',) Value error, events[3].version: the label '' is empty"
    )
    assert refused({"registry": []}).startswith("('registry',) Value error, data: expected")
    assert refused({"registry": document(), "plan": {}}) == (
        "('plan',) Value error, source: the key is missing"
    )
    event: dict[str, Any] = {**EVENTS["retired"], "at": "noon"}
    assert refused({"registry": document(), "events": [event]}).startswith(
        "('events', 0) Value error, at: 'noon' is no time"
    )


@pytest.mark.parametrize("mode", ["validation", "serialization"])
@pytest.mark.parametrize("kind", [VersionRegistry, RollbackPlan, Event])
def test_they_have_a_json_schema(kind: type, mode: Any) -> None:
    """A page of documentation can be made of a model, for what goes in and what comes out."""
    found = TypeAdapter(kind).json_schema(mode=mode)
    assert found["type"] == "object"
    assert found["title"] == kind.__name__


def test_pydantic_is_not_imported_for_those_who_do_not_use_it() -> None:
    """Importing and using lastgood leaves pydantic alone."""
    program = (
        "import sys, lastgood\n"
        "lastgood.VersionRegistry().register('1').to_dict()\n"
        "print([name for name in sys.modules if name.startswith('pydantic')])\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert answer.stdout.split() == [b"[]"]
