"""The service of the documentation, asked over HTTP."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from docs.examples.serve_rollbacks import app
from lastgood import RollbackPlan, VersionRegistry
from tests.package.discovery import ROOT, fences
from tests.tools.schemas.validating import accepts

PAGE: Path = ROOT / "docs" / "how-to" / "serve-it.md"
#: What the page shows: a question, a plan, and two refusals.
QUESTION, PLAN, STALE, WRONG = (json.loads(body) for tag, body in fences(PAGE) if tag == "json")

SERVING = (
    VersionRegistry()
    .register("v1.0")
    .deploy("v1.0")
    .mark_stable("v1.0")
    .register("v1.1")
    .deploy("v1.1", replacing="v1.0")
)
FAILED = SERVING.mark_failed("v1.1", reason="p99 900 ms")


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A client of the service, on whose record the latest version has failed."""
    app.state.registry = FAILED
    with TestClient(app) as client:
        yield client


def recorded() -> VersionRegistry:
    """Return what is on record."""
    registry: VersionRegistry = app.state.registry
    return registry


def test_the_page_shows_the_service() -> None:
    """The page shows the example, word for word."""
    source = (ROOT / "docs" / "examples" / "serve_rollbacks.py").read_text("utf-8")
    shown, _job = (body for tag, body in fences(PAGE) if tag == "python")
    assert source.endswith(f'"""\n\n{shown}')


def test_a_policy_becomes_a_plan(client: TestClient) -> None:
    """The answer is the plan that the page shows, as data that the schema accepts."""
    answer = client.post("/plans", json=QUESTION)
    assert (answer.status_code, answer.json()) == (200, PLAN)
    assert accepts("plan", answer.json())


def test_a_plan_is_recorded(client: TestClient) -> None:
    """After it the target serves, and the registry says so."""
    answer = client.post("/rollbacks", json=PLAN, params={"by": "ana"})
    assert answer.status_code == 200
    assert answer.json()["current"]["label"] == "v1.0"
    registry = VersionRegistry.from_dict(client.get("/registry").json())
    assert (registry.events[-1].source, registry.events[-1].by) == ("v1.1", "ana")
    assert registry.at_revision(6) == FAILED
    assert answer.json()["fingerprint"] == registry.fingerprint


def test_requests_that_come_twice_change_nothing(client: TestClient) -> None:
    """A job that loses each answer and sends each request again steps back once."""
    news = {"version": "v1.1", "reason": "p99 900 ms", "by": "monitor"}
    for _ in range(2):
        assert client.post("/failures", json=news).status_code == 200
        assert client.post("/rollbacks", json=PLAN).json()["current"]["label"] == "v1.0"
    assert recorded().revision == FAILED.revision + 1


def test_a_job_that_runs_twice_finds_nothing_to_plan(client: TestClient) -> None:
    """The second question is a conflict, with and without the version to leave."""
    _ = client.post("/rollbacks", json=PLAN)
    for leaving in ("v1.1", None):
        answer = client.post("/plans", json={**QUESTION, "leaving": leaving})
        assert answer.status_code == 409
    assert recorded().revision == FAILED.revision + 1


def test_a_healthy_version_is_left_only_by_name(client: TestClient) -> None:
    """Without a verdict and without a name there is nothing to plan."""
    app.state.registry = SERVING
    assert client.post("/plans", json={**QUESTION, "leaving": None}).status_code == 409
    assert client.post("/plans", json=QUESTION).json()["target"] == "v1.0"


def test_a_stale_plan_is_a_conflict(client: TestClient) -> None:
    """News against a plan is answered 409 with the words of the error, and nothing is recorded."""
    _ = client.post("/failures", json={"version": "v1.0", "reason": "the same bug", "by": "ana"})
    answer = client.post("/rollbacks", json=PLAN)
    assert (answer.status_code, answer.json()) == (409, STALE)
    assert recorded().current == "v1.1"


def test_of_several_that_ask_at_once_all_are_answered(client: TestClient) -> None:
    """The same plan sent by many at once is recorded once."""

    def ask(_attempt: int) -> int:
        return client.post("/rollbacks", json=PLAN).status_code

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(ask, range(16))] == [200] * 16
    assert recorded().revision == FAILED.revision + 1


def test_a_registry_is_taken_over_if_nothing_is_lost(client: TestClient) -> None:
    """A longer registry is; an older one and one with other events would lose what is on record."""
    longer = FAILED.register("v1.2")
    for _ in range(2):
        assert client.put("/registry", json=longer.to_dict()).status_code == 200
    for registry in (FAILED, SERVING.mark_failed("v1.1", reason="another").register("v1.2")):
        assert client.put("/registry", json=registry.to_dict()).status_code == 409
    assert recorded() == longer


def test_no_way_back_is_a_conflict_that_explains_itself(client: TestClient) -> None:
    """If there is no target the answer gives the reason for each version."""
    answer = client.post("/plans", json={"policy": {"pinned": "v9"}})
    assert answer.status_code == 409
    assert "v9     not registered" in answer.json()["detail"]


def test_a_wrong_policy_is_refused_with_its_place(client: TestClient) -> None:
    """A mistake in a policy is 422 with the place."""
    answer = client.post("/plans", json={"policy": {"first_of": ["last_stabel"]}})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("first_of[0]: unknown strategy 'last_stabel'")


def test_wrong_data_are_refused_with_their_place(client: TestClient) -> None:
    """A mistake in a registry or a plan is 422 with the place, as the page shows."""
    data: Any = FAILED.to_dict()
    data["events"][0]["at"] = "yesterday"
    answer = client.put("/registry", json=data)
    assert answer.status_code == 422
    (found,) = answer.json()["detail"]
    (shown,) = WRONG["detail"]
    assert {key: found[key] for key in shown} == shown
    answer = client.post("/rollbacks", json={**PLAN, "revision": -1})
    assert answer.status_code == 422
    assert "Value error, revision: " in answer.json()["detail"][0]["msg"]


def test_deployments_are_answered(client: TestClient) -> None:
    """What served is answered as the data of `to_dict`."""
    _ = client.post("/rollbacks", json=PLAN)
    answer = client.get("/deployments").json()
    assert answer == [deployment.to_dict() for deployment in recorded().deployments]


def test_the_service_describes_itself(client: TestClient) -> None:
    """The page of OpenAPI names a plan, in and out, and says what it is."""
    described = client.get("/openapi.json").json()
    paths, schemas = described["paths"], described["components"]["schemas"]
    taken = paths["/rollbacks"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    given = paths["/plans"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert taken == given == {"$ref": "#/components/schemas/RollbackPlan"}
    for name in ("Deployment", "RollbackPlan", "Version", "VersionRegistry"):
        assert f"lastgood.{name}" in schemas[name]["description"]


def test_the_plan_of_the_page_is_a_plan() -> None:
    """The plan that the page shows is read as it is."""
    assert RollbackPlan.from_dict(PLAN).fingerprint == FAILED.fingerprint
