"""The service of the documentation, asked over HTTP."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from docs.examples.serve_rollbacks import app
from lastgood import VersionRegistry
from tests.package.discovery import ROOT, fences
from tests.schemas.validating import accepts

PAGE: Path = ROOT / "docs" / "how-to" / "serve-it.md"
#: What the page shows: a policy, a plan, and two refusals.
POLICY, PLAN, STALE, WRONG = (json.loads(body) for tag, body in fences(PAGE) if tag == "json")

FAILED = (
    VersionRegistry()
    .register("v1.0")
    .deploy("v1.0")
    .mark_stable("v1.0")
    .register("v1.1")
    .deploy("v1.1")
    .mark_failed("v1.1", reason="p99 900 ms")
)


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A client of the service, to which a registry was put whose latest version failed."""
    with TestClient(app) as client:
        assert client.put("/registry", json=FAILED.to_dict()).status_code == 200
        yield client


def test_the_page_shows_the_service() -> None:
    """What the page shows is the example, word for word."""
    source = (ROOT / "docs" / "examples" / "serve_rollbacks.py").read_text("utf-8")
    (shown,) = (body for tag, body in fences(PAGE) if tag == "python")
    assert source.endswith(f'"""\n\n{shown}')


def test_a_policy_becomes_a_plan(client: TestClient) -> None:
    """The answer is the plan that the page shows, as data that the schema accepts."""
    answer = client.post("/plans", json=POLICY)
    assert (answer.status_code, answer.json()) == (200, PLAN)
    assert accepts("plan", answer.json())


def test_a_plan_is_recorded(client: TestClient) -> None:
    """After it the target serves, and the registry says so."""
    answer = client.post("/rollbacks", json=PLAN)
    assert answer.status_code == 200
    assert answer.json()["current"] == "v1.0"
    registry = VersionRegistry.from_dict(answer.json()["registry"])
    assert registry.events[-1].source == "v1.1"
    assert registry.at_revision(6) == FAILED


def test_a_stale_plan_is_a_conflict(client: TestClient) -> None:
    """A retry is answered 409 with the words of the error, and records nothing."""
    first = client.post("/rollbacks", json=PLAN)
    again = client.post("/rollbacks", json=PLAN)
    assert first.status_code == 200
    assert (again.status_code, again.json()) == (409, STALE)
    assert len(app.state.registry.events) == 7


def test_of_several_that_ask_at_once_one_is_heard(client: TestClient) -> None:
    """The same plan sent by many at once is recorded once."""

    def ask(_attempt: int) -> int:
        return client.post("/rollbacks", json=PLAN).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(16))) == [200] + [409] * 15
    assert len(app.state.registry.events) == 7


def test_no_way_back_is_a_conflict_that_explains_itself(client: TestClient) -> None:
    """Where there is no target the answer says why not each version."""
    answer = client.post("/plans", json={"pinned": "v9"})
    assert answer.status_code == 409
    assert "v9     not registered" in answer.json()["detail"]


def test_a_policy_that_is_none_is_told_with_its_place(client: TestClient) -> None:
    """What is wrong with a policy is 422 with the place."""
    answer = client.post("/plans", json={"first_of": ["last_stabel"]})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("first_of[0]: unknown strategy 'last_stabel'")


def test_data_that_are_wrong_are_told_with_their_place(client: TestClient) -> None:
    """What is wrong with a registry or a plan is 422 with the place, as the page shows."""
    data: Any = FAILED.to_dict()
    data["events"][0]["at"] = "yesterday"
    answer = client.put("/registry", json=data)
    assert answer.status_code == 422
    (told,) = answer.json()["detail"]
    (shown,) = WRONG["detail"]
    assert {key: told[key] for key in shown} == shown
    answer = client.post("/rollbacks", json={**PLAN, "revision": -1})
    assert answer.status_code == 422
    assert "Value error, revision: " in answer.json()["detail"][0]["msg"]


def test_the_service_describes_itself(client: TestClient) -> None:
    """The page of OpenAPI names a registry and a plan, in and out."""
    paths = client.get("/openapi.json").json()["paths"]
    body = paths["/rollbacks"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert (body["type"], "lastgood.RollbackPlan" in body["description"]) == ("object", True)
    out = paths["/plans"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert "lastgood.RollbackPlan" in out["description"]
