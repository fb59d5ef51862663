"""The job of `docs/how-to/mlflow.md` does what it says, on a real MLflow on an SQLite file."""

# MLflow calls some parameters nothing, which strict checking minds.
# pyright: reportUnknownMemberType=false

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Final

import pytest

from tests.tools.deployments.needs import need_module

need_module("mlflow", "mlflow")

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # MLflow reads it when it is imported

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from docs.examples import mlflow_rollback
from docs.examples.driver import run as have
from docs.examples.mlflow_rollback import (
    ALIAS,
    MODEL,
    STRATEGY,
    Alias,
    apply,
    champion,
    keep_up,
    leave_failed,
    promote,
    read_registry,
    reinstate,
    write_record,
)
from docs.examples.sqlite_store import SqliteStore, connect
from lastgood import (
    IllegalTransition,
    InvalidData,
    LastStable,
    NotCurrent,
    RollbackNotNeeded,
    RollbackPlan,
    StalePlan,
    Status,
    VersionRegistry,
)
from lastgood.control import Done, Outcome, Seen, keep

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"

#: Runs a script, and dies as soon as anything in the process wants to talk to the network.
OFFLINE: Final = """
import os, runpy, sys

def hang_up(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        os.write(2, f"{event} {args}".encode())
        os._exit(99)

sys.addaudithook(hang_up)
runpy.run_path(sys.argv[1], run_name="__main__")
"""

#: What would keep MLflow from talking to its makers even if the script did not.
HUSHED: Final = {"CI", "DO_NOT_TRACK", "MLFLOW_DISABLE_TELEMETRY", "PYTEST_CURRENT_TEST"}


def start(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Python as a newcomer does, without our settings."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name not in HUSHED},
    )


def run(*arguments: str | Path) -> list[str]:
    """Run it so, and return the lines it prints."""
    finished = start(*arguments)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real MLflow whose champion 4 has failed, as the example says."""
    folder = tmp_path_factory.mktemp("mlflow")
    client = mlflow_rollback.connect(folder)
    mlflow_rollback.rehearse(client, folder)
    mlflow_rollback.report(client, MODEL, "4", Status.FAILED, "p99 latency 900 ms")
    return folder


@pytest.fixture
def client(rehearsed: Path, tmp_path: Path) -> MlflowClient:
    """A client of that MLflow's copy: to copy its file is faster than to make it again."""
    _ = shutil.copytree(rehearsed, tmp_path, dirs_exist_ok=True)
    return mlflow_rollback.connect(tmp_path)


@pytest.fixture
def plan(client: MlflowClient) -> RollbackPlan:
    """The plan that the example makes."""
    return STRATEGY.plan(keep_up(client, MODEL), leaving="4")


def tags(client: MlflowClient, version: str) -> dict[str, str]:
    """Return the tags that MLflow holds for this version."""
    return client.get_model_version(MODEL, version).tags


def test_the_mlflow_example_runs_as_a_script_and_talks_to_nobody() -> None:
    """Without any network the script explains why not version 3, and ends with what serves."""
    lines = run("-c", OFFLINE, EXAMPLES / "mlflow_rollback.py")

    assert lines[0].startswith("Roll back 4 -> 2")
    assert any("3" in line and "unproven" in line for line in lines)
    assert lines[-1] == "Deployed model version: 2"
    assert sum(line.startswith("Roll back") for line in lines) == 1, "the retry does nothing"


def test_a_word_to_the_network_is_noticed(tmp_path: Path) -> None:
    """A script that looks for a host, or knocks at an address, does not come to its end."""
    words = tmp_path / "words.py"
    for word in ('getaddrinfo("localhost", 80)', 'create_connection(("127.0.0.1", 9))'):
        _ = words.write_text(f"import socket\nsocket.{word}\n", encoding="utf-8")
        assert start("-c", OFFLINE, words).returncode == 99


def test_mlflow_is_read_into_a_registry(client: MlflowClient) -> None:
    """Versions, metrics, verdicts and the order of deployments are all in the registry."""
    registry = read_registry(client, MODEL)

    assert list(registry) == ["1", "2", "3", "4"]
    assert registry.current == "4"
    assert [version.label for version in registry.lineage()] == ["3", "2", "1"]
    assert [version.status.value for version in registry.values()] == [
        "stable",
        "stable",
        "unproven",
        "failed",
    ]
    assert registry["4"].reason == "p99 latency 900 ms"
    assert registry["2"].metadata == {"auc": 0.88, "features": "2025"}


def test_reading_mlflow_changes_nothing_and_is_repeatable(client: MlflowClient) -> None:
    """Two readings of the same MLflow are equal, so a plan made on one holds on the other."""
    assert read_registry(client, MODEL) == read_registry(client, MODEL)
    assert champion(client, MODEL) == "4"


def test_the_plan_moves_the_alias_and_tags_the_failed_version(
    client: MlflowClient, plan: RollbackPlan
) -> None:
    """After the rollback MLflow itself says what serves, what failed, and why."""
    registry = apply(client, MODEL, plan)

    assert champion(client, MODEL) == "2"
    assert tags(client, "4")["status"] == "failed"
    assert tags(client, "4")["reason"] == "p99 latency 900 ms"
    assert tags(client, "2")["status"] == "stable"
    assert read_registry(client, MODEL) == registry


def test_a_healthy_champion_that_is_left_keeps_its_verdict(client: MlflowClient) -> None:
    """A version that was left without a failure is held, and its tags do not call it failed."""
    promote(client, MODEL, "1", replacing="4")
    promote(client, MODEL, "2", replacing="1")
    plan = LastStable().plan(keep_up(client, MODEL), leaving="2")

    registry = apply(client, MODEL, plan)

    assert champion(client, MODEL) == "1"
    assert registry["2"].status is Status.ROLLED_BACK
    assert tags(client, "2")["left"] == "rolled back to 1"
    assert tags(client, "2")["status"] == "stable"
    assert read_registry(client, MODEL) == registry


def test_a_held_version_that_a_person_puts_back_stays(client: MlflowClient) -> None:
    """An alias that was moved back by hand lifts the hold, and no job takes the version away."""
    promote(client, MODEL, "2", replacing="4")
    _ = apply(client, MODEL, LastStable().plan(keep_up(client, MODEL), leaving="2"))
    client.set_registered_model_alias(MODEL, ALIAS, "2")

    _ = keep_up(client, MODEL)
    leave_failed(client, MODEL, "2")

    registry = read_registry(client, MODEL)
    assert (registry.current, champion(client, MODEL)) == ("2", "2")
    assert registry["2"].status_text == "stable: a week without complaints"
    assert not registry.needs_rollback


def test_a_failed_version_that_was_reinstated_stays_so(client: MlflowClient) -> None:
    """The tag goes with the verdict, so that the next reading does not fail the version again."""
    assert keep_up(client, MODEL)["4"].status is Status.FAILED

    reinstate(client, MODEL, "4", reason="the load test was wrong", by="ana")

    registry = read_registry(client, MODEL)

    assert registry["4"].status is Status.UNPROVEN
    assert not registry.needs_rollback
    assert registry.events[-1].by == "ana"


def test_a_version_that_was_deleted_from_mlflow_is_no_way_back(client: MlflowClient) -> None:
    """What the record knows and MLflow has no more is passed over, and the plan says why."""
    client.delete_model_version(MODEL, "2")
    registry = read_registry(client, MODEL)

    reasons = {each.version: each.reason for each in LastStable().plan(registry).considered}

    assert reasons == {
        "3": "unproven",
        "2": "retired: deleted from MLflow",
        "1": "stable: a week without complaints",
    }


def test_a_retried_job_does_not_step_back_twice(client: MlflowClient, plan: RollbackPlan) -> None:
    """To apply a plan again changes nothing, and a new attempt finds that 4 serves no more."""
    registry = apply(client, MODEL, plan)

    assert apply(client, MODEL, plan) == registry
    leave_failed(client, MODEL, "4")
    with pytest.raises(NotCurrent):
        _ = STRATEGY.plan(read_registry(client, MODEL), leaving="4")
    with pytest.raises(RollbackNotNeeded):
        _ = STRATEGY.plan(read_registry(client, MODEL))

    assert champion(client, MODEL) == "2"
    assert read_registry(client, MODEL) == registry
    assert not registry.needs_rollback


def test_a_promotion_that_is_retried_changes_nothing(client: MlflowClient) -> None:
    """A job that lost the answer promotes again, and finds it done."""
    promote(client, MODEL, "3", replacing="4")
    registry = read_registry(client, MODEL)

    promote(client, MODEL, "3", replacing="4")

    assert champion(client, MODEL) == "3"
    assert read_registry(client, MODEL) == registry


def test_a_promotion_that_comes_late_replaces_nothing(client: MlflowClient) -> None:
    """A retry that comes after somebody else promoted is refused, and writes nothing."""
    promote(client, MODEL, "2", replacing="4")
    promote(client, MODEL, "3", replacing="2")
    before = read_registry(client, MODEL)

    with pytest.raises(NotCurrent):
        promote(client, MODEL, "2", replacing="4")

    assert champion(client, MODEL) == "3"
    assert read_registry(client, MODEL) == before


def test_a_job_that_died_after_moving_the_alias_is_not_repeated(
    client: MlflowClient, plan: RollbackPlan
) -> None:
    """If only the alias was moved, the next reading finds the rollback done and 4 failed."""
    client.set_registered_model_alias(MODEL, ALIAS, plan.target)

    leave_failed(client, MODEL, "4")
    registry = read_registry(client, MODEL)

    assert registry.current == "2"
    assert registry["4"].status is Status.FAILED
    assert not registry.needs_rollback
    with pytest.raises(StalePlan):
        _ = apply(client, MODEL, plan)
    assert champion(client, MODEL) == "2"


def test_a_plan_that_comes_too_late_does_not_undo_what_somebody_did(
    client: MlflowClient, plan: RollbackPlan
) -> None:
    """If somebody moved the alias since, the plan is refused and MLflow stays as it is."""
    promote(client, MODEL, "3", replacing="4")
    before = read_registry(client, MODEL)

    with pytest.raises(StalePlan):
        _ = apply(client, MODEL, plan)

    assert champion(client, MODEL) == "3"
    assert tags(client, "4")["status"] == "failed"
    assert read_registry(client, MODEL) == before


def test_the_order_of_deployments_outlives_the_rollback(
    client: MlflowClient, plan: RollbackPlan
) -> None:
    """After a rollback from 4 to 2, what lies before the next champion is 2, not 4 or 3."""
    _ = apply(client, MODEL, plan)
    made = client.create_model_version(MODEL, "file:///nowhere", tags={"features": "2025"})

    promote(client, MODEL, str(made.version), replacing="2")

    lineage = read_registry(client, MODEL).lineage()
    assert [version.label for version in lineage] == ["2", "1"]


def test_the_record_keeps_what_mlflow_forgets(client: MlflowClient, plan: RollbackPlan) -> None:
    """What was champion, in which order, by whom and when: an alias has no history."""
    registry = apply(client, MODEL, plan, by="ana")

    served = [(each.version, each.kind, each.by) for each in registry.deployments]
    assert served == [
        ("1", "deployed", "training pipeline"),
        ("2", "deployed", "training pipeline"),
        ("3", "deployed", "training pipeline"),
        ("4", "deployed", "training pipeline"),
        ("2", "rolled_back", "ana"),
    ]
    third = registry.deployments[2]
    assert third.at is not None
    assert registry.current_at(third.at) == "3"


def test_an_alias_that_was_moved_by_hand_is_noticed_once(client: MlflowClient) -> None:
    """A move that nobody recorded becomes an `observed` event, and then it is on record."""
    known = keep_up(client, MODEL)
    client.set_registered_model_alias(MODEL, ALIAS, "2")

    registry = keep_up(client, MODEL)

    news = registry.events[known.revision :]
    assert [(event.kind, event.version) for event in news] == [("observed", "2")]
    assert keep_up(client, MODEL) == registry
    assert registry.deployments[-1].kind == "observed"


def test_a_move_back_by_hand_is_a_step_back(client: MlflowClient) -> None:
    """After somebody went back to 2 by hand, the next rollback goes to 1 and not forward to 3."""
    client.set_registered_model_alias(MODEL, ALIAS, "2")
    _ = keep_up(client, MODEL)
    mlflow_rollback.report(client, MODEL, "2", Status.FAILED, "wrong as well")

    registry = read_registry(client, MODEL)

    assert LastStable().plan(registry, leaving="2").target == "1"


def test_a_failed_version_is_not_promoted_again(client: MlflowClient, plan: RollbackPlan) -> None:
    """A job that promotes what just failed is refused before it moves anything."""
    _ = apply(client, MODEL, plan)

    with pytest.raises(IllegalTransition, match="p99 latency 900 ms"):
        promote(client, MODEL, "4", replacing="2")

    assert champion(client, MODEL) == "2"


def test_two_jobs_at_once_can_lose_what_one_of_them_recorded(client: MlflowClient) -> None:
    """Without a compare-and-set the later write wins; what serves is seen all the same."""
    stale = read_registry(client, MODEL)
    promote(client, MODEL, "3", replacing="4")
    write_record(client, MODEL, stale)  # the other job, which read before

    registry = read_registry(client, MODEL)

    assert registry.current == champion(client, MODEL) == "3"
    assert registry.deployments[-1].kind == "observed"  # that it was promoted is forgotten


def test_with_a_store_one_of_several_jobs_decides(client: MlflowClient, tmp_path: Path) -> None:
    """With the record in a store that has a compare-and-set, four jobs at once step back once.

    A job that looks between the note of another one and its alias takes the alias for a hand's. It
    asks for the same version, and says so at its end.
    """
    database, known = tmp_path / "record.db", read_registry(client, MODEL)
    with closing(connect(str(database))) as connection:
        store = SqliteStore(connection, MODEL)
        assert store.append(0, VersionRegistry().fingerprint, tuple(known.events))
    start = Barrier(4)

    def job() -> Outcome:
        with closing(connect(str(database))) as connection:
            alias = Alias(mlflow_rollback.connect(tmp_path), MODEL)
            _ = start.wait()
            return ended(SqliteStore(connection, MODEL), alias)

    with ThreadPoolExecutor(4) as jobs:
        ends = [future.result() for future in [jobs.submit(job) for _ in range(4)]]

    assert {*ends} <= {Outcome.SETTLED, Outcome.MOVED_BY_HAND}
    assert Outcome.SETTLED in ends
    assert champion(client, MODEL) == "2"
    with closing(connect(str(database))) as connection:
        recorded = SqliteStore(connection, MODEL).load(known.revision, known.fingerprint)
    assert [event.kind for event in recorded] == ["rolled_back"]


def ended(store: SqliteStore, alias: Alias) -> Outcome:
    """Run the loop as the page does, and return how it ended."""
    talk = keep(STRATEGY, VersionRegistry())
    talk = have(talk, store, alias, sleep=lambda _: None, not_known=(OSError, MlflowException))
    assert isinstance(talk.wants, Done)
    return talk.wants.outcome


def test_with_a_store_the_alias_follows_the_record(client: MlflowClient) -> None:
    """An alias that was moved or removed by a hand is put back to what the record says."""
    alias, known = Alias(client, MODEL), read_registry(client, MODEL).reinstate("4")
    with closing(connect(":memory:")) as connection:
        store = SqliteStore(connection, MODEL)
        assert store.append(0, VersionRegistry().fingerprint, tuple(known.events))
        assert ended(store, alias) is Outcome.SETTLED
        assert alias.look() == Seen("4", known.deployments[-1].revision)

        client.set_registered_model_alias(MODEL, ALIAS, "1")
        assert alias.look() == Seen("1", None)
        assert ended(store, alias) is Outcome.MOVED_BY_HAND
        assert champion(client, MODEL) == "4"

        client.delete_registered_model_alias(MODEL, ALIAS)
        assert alias.look() == Seen(None, None)
        assert ended(store, alias) is Outcome.MOVED_BY_HAND
        assert champion(client, MODEL) == "4"


def test_an_older_request_does_not_move_the_alias(client: MlflowClient) -> None:
    """A job that slept is refused; a request that nothing serves removes the alias."""
    alias = Alias(client, MODEL)
    assert alias.look() == Seen("4", 0)
    client.set_registered_model_tag(MODEL, mlflow_rollback.ASKED, "2@9")  # a job died after this
    assert not alias.serve("4", 8)
    assert alias.serve("2", 9)
    assert not alias.serve("4", 8)
    assert not alias.serve("4", 9)
    assert alias.serve("2", 9)
    assert alias.look() == Seen("2", 9)

    assert alias.serve(None, 10)
    assert alias.serve(None, 10)
    assert alias.look() == Seen(None, 10)


def test_a_note_that_somebody_else_wrote_is_named(client: MlflowClient) -> None:
    """The loop ends and says what the tag holds."""
    client.set_registered_model_tag(MODEL, mlflow_rollback.ASKED, "soon")
    with pytest.raises(InvalidData, match=r"tag lastgood\.asked: 'soon' is not a version"):
        _ = Alias(client, MODEL).look()


def test_mlflow_takes_a_record_of_a_hundred_thousand_characters(client: MlflowClient) -> None:
    """The limit that the page names is the one that MLflow has."""
    registry = VersionRegistry().register("1")
    write_record(client, MODEL, registry.mark_failed("1", reason="x" * 99_000))
    with pytest.raises(MlflowException, match="100000"):
        write_record(client, MODEL, registry.mark_failed("1", reason="x" * 100_000))
