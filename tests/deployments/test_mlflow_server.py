"""`docs/examples/mlflow_rollback.py` over HTTP, with a real `mlflow server` on loopback."""

# MLflow calls some parameters nothing, which strict checking minds.
# pyright: reportUnknownMemberType=false

import os
import sys
from collections.abc import Generator
from contextlib import closing
from typing import Final
from urllib.request import urlopen
from uuid import uuid4

import pytest

from tests.tools.deployments.kinds.server import free_port, own_folder, running
from tests.tools.deployments.needs import need_module

need_module("mlflow", "mlflow")
need_module("flask_cors", "deployments")
need_module("pandas", "deployments")

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

from mlflow import MlflowClient

from docs.examples.driver import run
from docs.examples.mlflow_rollback import (
    ALIAS,
    PAGE,
    STRATEGY,
    Alias,
    apply,
    champion,
    keep_up,
    leave_failed,
    promote,
    read_registry,
)
from docs.examples.sqlite_store import SqliteStore, connect
from lastgood import BestBy, LastStable, Status
from lastgood.control import Outcome, Seen, keep
from tests.tools.deployments.records import NOTHING, outcome

#: Where an artifact is said to be. Nobody reads it, and a server takes no path of its own disk.
SOURCE: Final = "s3://nowhere/model"


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    """The address of an MLflow whose database is a file."""
    port = free_port()
    served = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri=sqlite:///mlflow.db"]
    command += ["--host=127.0.0.1", f"--port={port}", "--workers=1", "--no-serve-artifacts"]
    # Jobs in the background are not needed, and ask for another package.
    environ = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (
        own_folder("mlflow") as folder,
        running(
            command, folder=folder, ready=lambda: _answered(f"{served}/health"), environ=environ
        ),
    ):
        yield served


def _answered(url: str) -> None:
    with closing(urlopen(url, timeout=5)) as answer:  # noqa: S310  # loopback
        assert answer.status == 200


@pytest.fixture
def client(address: str) -> MlflowClient:
    """A client of that MLflow."""
    return MlflowClient(tracking_uri=address, registry_uri=address)


@pytest.fixture
def model(client: MlflowClient) -> str:
    """A model whose champion is version 3, after two that proved good."""
    return begun(client, f"churn-{uuid4().hex}")


def begun(client: MlflowClient, name: str) -> str:
    """Make a model: version 1 and 2 are stable, 2 measured better, and 3 is champion."""
    _ = client.create_registered_model(name)
    before: str | None = None
    for auc in ("0.88", "0.91", "0.93"):
        tags = {"auc": auc, "features": "2025"} | ({} if auc == "0.93" else {"status": "stable"})
        made = client.create_model_version(name, SOURCE, tags=tags)
        promote(client, name, str(made.version), replacing=before)
        before = str(made.version)
    return name


def test_a_failed_champion_is_left_over_http(client: MlflowClient, model: str) -> None:
    """The job of the page, and its retry, on a server."""
    client.set_model_version_tag(model, "3", "status", "failed")

    leave_failed(client, model, "3")
    leave_failed(client, model, "3")

    assert champion(client, model) == "2"
    assert [event.kind for event in keep_up(client, model).events].count("rolled_back") == 1


def test_a_measurement_that_is_no_number_is_no_measurement(
    client: MlflowClient, model: str
) -> None:
    """A tag such as ``n/a`` or ``nan`` does not stop the job, and the version is passed over."""
    for text in ("n/a", "nan", "inf", ""):
        _ = client.create_model_version(model, SOURCE, tags={"auc": text})
    registry = read_registry(client, model).mark_failed("3").mark_stable("4")

    plan = BestBy("auc").plan(registry, leaving="3")

    assert plan.target == "2"
    reasons = {each.version: each.reason for each in BestBy("auc").review(registry)}
    assert reasons["4"] == "stable; metadata 'auc' has no number"
    assert {label: registry[label].metadata["auc"] for label in "4567"} == {
        "4": "n/a",
        "5": "nan",
        "6": "inf",
        "7": "",
    }


def test_a_deleted_champion_is_left(client: MlflowClient, model: str) -> None:
    """Its alias goes with it. Nobody asked for nothing to serve, so a rollback is needed."""
    _ = keep_up(client, model)
    client.delete_model_version(model, "3")
    assert ALIAS not in client.get_registered_model(model).aliases

    registry = keep_up(client, model)

    assert registry.current == "3"
    assert registry["3"].status_text == "retired: deleted from MLflow"
    leave_failed(client, model, "3")
    assert champion(client, model) == "2"
    assert keep_up(client, model).current == "2"


def test_versions_come_in_pages(client: MlflowClient, model: str) -> None:
    """More versions than one page are all read, and the oldest is not lost."""
    for _ in range(PAGE + 5):
        _ = client.create_model_version(model, SOURCE)

    registry = read_registry(client, model)

    assert list(registry) == [str(number) for number in range(1, PAGE + 9)]
    assert registry["1"].status is Status.STABLE
    assert not [version for version in registry.values() if version.status is Status.RETIRED]


def test_a_status_is_read_however_it_is_written(client: MlflowClient, model: str) -> None:
    """A person writes tags by hand: a capital or a space does not hide a verdict."""
    for text in ("Failed", "FAILED", " failed "):
        client.set_model_version_tag(model, "3", "status", text)
        assert read_registry(client, model)["3"].status is Status.FAILED


def test_a_quote_in_a_name_is_a_name(client: MlflowClient) -> None:
    """The model ``it's`` is read, and another one with a similar name is not."""
    suffix = uuid4().hex
    name = begun(client, f"it's {suffix}")
    other = f"it-s {suffix}"
    _ = client.create_registered_model(other)
    for _ in range(5):
        _ = client.create_model_version(other, SOURCE)

    registry = read_registry(client, name)

    assert list(registry) == ["1", "2", "3"]
    registry = apply(client, name, LastStable().plan(keep_up(client, name), leaving="3"))
    assert champion(client, name) == registry.current == "2"


def test_an_alias_that_a_hand_removed_is_an_undeploy(client: MlflowClient, model: str) -> None:
    """Nothing serves, on purpose: no job puts anything back. A new alias ends it."""
    client.set_model_version_tag(model, "3", "status", "failed")
    client.delete_registered_model_alias(model, ALIAS)

    registry = keep_up(client, model)

    assert registry.current is None
    assert [event.kind for event in registry.events][-2:] == ["undeployed", "marked_failed"]
    assert not registry.needs_rollback
    leave_failed(client, model, "3")
    assert ALIAS not in client.get_registered_model(model).aliases
    assert keep_up(client, model) == registry

    client.set_registered_model_alias(model, ALIAS, "2")
    assert keep_up(client, model).current == "2"


def test_the_loop_moves_the_alias_over_http(client: MlflowClient, model: str) -> None:
    """With the record in a store, and with a hand that removes the alias."""
    client.set_model_version_tag(model, "3", "status", "failed")
    known, alias = read_registry(client, model), Alias(client, model)
    with closing(connect(":memory:")) as connection:
        store = SqliteStore(connection, model)
        assert store.append(0, NOTHING.fingerprint, tuple(known.events))

        assert outcome(run(keep(STRATEGY, NOTHING), store, alias)) is Outcome.SETTLED
        assert alias.look() == Seen("2", known.revision + 1)
        assert champion(client, model) == "2"

        client.delete_registered_model_alias(model, ALIAS)
        talk = run(keep(STRATEGY, NOTHING, follow=True), store, alias)
        assert outcome(talk) is Outcome.MOVED_BY_HAND
        assert talk.registry.current is None
        assert alias.look() == Seen(None, talk.registry.revision)
