"""pydantic reads and writes registries, events and plans; of other values it writes the data."""

import json
import subprocess
import sys
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from pydantic import BaseModel, TypeAdapter, ValidationError

from lastgood import (
    Candidate,
    Deployment,
    Event,
    LastStable,
    Review,
    RollbackPlan,
    Version,
    VersionRegistry,
)
from lastgood.backtest import Backtest, Choice, backtest
from tests.damage.documents import example_plan
from tests.registry.documents import EVENTS, document, example
from tests.rows import each_row
from tests.strategies.histories import histories


class Incident(BaseModel):
    """A model as users have them."""

    registry: VersionRegistry
    plan: RollbackPlan | None = None
    events: list[Event] = []


class Report(BaseModel):
    """A model of what is only written out."""

    version: Version
    deployments: list[Deployment] = []
    by_label: dict[str, Candidate | None] = {}
    review: Review | None = None


INCIDENT = Incident(registry=example(), plan=example_plan(), events=[*example().events])


def test_a_model_is_written_as_our_plain_data() -> None:
    """A model writes them as `to_dict` does, in Python as in JSON."""
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
    """Return the error of pydantic about the data."""
    with pytest.raises(ValidationError) as refusal:
        _ = Incident.model_validate(data)
    (error,) = refusal.value.errors()
    return f"{error['loc']} {error['msg']}"


def test_an_error_has_its_place() -> None:
    """The error of pydantic names its field, and in it the place that we name."""
    data = document()
    data["events"][3]["version"] = ""
    assert refused({"registry": data}) == (
        "('registry',) Value error, events[3].version: the label '' is empty"
    )
    assert refused({"registry": []}).startswith("('registry',) Value error, data: must be an")
    assert refused({"registry": document(), "plan": {}}) == (
        "('plan',) Value error, format: the key is missing"
    )
    event: dict[str, Any] = {**EVENTS["retired"], "at": "noon"}
    assert refused({"registry": document(), "events": [event]}).startswith(
        "('events', 0) Value error, at: 'noon' is not an ISO 8601 time"
    )


REPORT = Report(
    version=example()["1"],
    deployments=[*example().deployments],
    by_label={"1": example_plan().considered[-1], "2": None},
    review=LastStable().review(example()),
)


def test_values_that_are_only_written() -> None:
    """Versions, deployments, candidates and reviews are written as `to_dict` does."""
    written = {
        "version": example()["1"].to_dict(),
        "deployments": [deployment.to_dict() for deployment in example().deployments],
        "by_label": {"1": example_plan().considered[-1].to_dict(), "2": None},
        "review": LastStable().review(example()).to_dict(),
    }
    assert REPORT.model_dump() == written
    assert json.loads(REPORT.model_dump_json()) == written


def test_a_back_test_is_written() -> None:
    """The result of a back-test is written whole, and so are its parts."""
    result = backtest(example(), LastStable())
    for kind, value in ((Backtest, result), (Choice, result[0].choices[0])):
        assert TypeAdapter[Any](kind).dump_python(value, mode="json") == value.to_dict()


@each_row("kind", [Version, Deployment, Candidate, Review, Backtest, Choice])
def test_they_are_not_read(kind: type) -> None:
    """Their plain data are refused, since lastgood makes them from events."""
    with pytest.raises(ValidationError, match=f"must be a {kind.__name__}: its plain data are"):
        _ = TypeAdapter[Any](kind).validate_python({})


KINDS = [VersionRegistry, RollbackPlan, Event, Version, Deployment, Candidate, Review]


@each_row("mode", ["validation", "serialization"])
@each_row("kind", KINDS)
def test_they_have_a_json_schema(kind: type, mode: Any) -> None:
    """A page of documentation can be made of a model, for what goes in and what comes out."""
    found = TypeAdapter[Any](kind).json_schema(mode=mode)
    assert found["type"] == "object"
    assert found["title"] == kind.__name__
    assert found["description"] == f"What lastgood.{kind.__name__}.to_dict() writes."


#: The types of the fields of each model.
DEFINED: dict[type[BaseModel], set[str]] = {
    Incident: {"Event", "RollbackPlan", "VersionRegistry"},
    Report: {"Candidate", "Deployment", "Review", "Version"},
}


@pytest.mark.parametrize("mode", ["validation", "serialization"])
@pytest.mark.parametrize("model", DEFINED)
def test_a_field_refers_to_the_schema_of_its_type(model: type[BaseModel], mode: Any) -> None:
    """Each type has one definition under its own name, wherever it is used in a model."""
    found = model.model_json_schema(mode=mode)
    for name, definition in found["$defs"].items():
        assert definition["title"] == name
    assert {*found["$defs"]} == DEFINED[model]


service = FastAPI()


@service.get("/version")
def version() -> Version:
    """Answer a version."""
    return example()["1"]


@service.get("/deployments")
def deployments() -> list[Deployment]:
    """Answer a list of deployments."""
    return [*example().deployments]


@service.get("/candidates")
def candidates() -> dict[str, Candidate]:
    """Answer candidates by label."""
    return {candidate.version: candidate for candidate in example_plan().considered}


@service.get("/report")
def report() -> Report:
    """Answer a model."""
    return REPORT


ANSWERS: dict[str, Any] = {
    "/version": example()["1"].to_dict(),
    "/deployments": [deployment.to_dict() for deployment in example().deployments],
    "/candidates": {each.version: each.to_dict() for each in example_plan().considered},
    "/report": REPORT.model_dump(),
}


@pytest.mark.parametrize("path", ANSWERS)
def test_fastapi_answers_with_them(path: str) -> None:
    """A path function returns them as they are; the answer is their plain data."""
    answer = TestClient(service).get(path)
    assert (answer.status_code, answer.json()) == (200, ANSWERS[path])


def test_openapi_names_them() -> None:
    """The page of OpenAPI has one schema for each type, under its own name."""
    page = TestClient(service).get("/openapi.json").json()
    schemas = page["components"]["schemas"]
    assert {*schemas} == {"Candidate", "Deployment", "Report", "Review", "Version"}
    assert all(found["title"] == name for name, found in schemas.items())
    answer = page["paths"]["/version"]["get"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"] == {"$ref": "#/components/schemas/Version"}


def test_pydantic_is_not_imported_for_those_who_do_not_use_it() -> None:
    """Importing and using lastgood leaves pydantic alone."""
    program = (
        "import sys, lastgood\n"
        "lastgood.VersionRegistry().register('1').to_dict()\n"
        "print([name for name in sys.modules if name.startswith('pydantic')])\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert answer.stdout.split() == [b"[]"]
