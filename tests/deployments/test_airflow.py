"""The DAG of `docs/how-to/dagster.md`, run by Airflow on SQLite, with its record in SQLite.

Airflow has an environment of its own: ``LASTGOOD_AIRFLOW`` is the path of its Python.
"""

import json
import os
import subprocess
from typing import Any, Final

import pytest

from tests.package.discovery import ROOT
from tests.tools.deployments.needs import missing

#: The moments at which a worker dies once, and the task that is tried again.
MOMENTS: Final = {
    "before marked_failed": "judge",
    "after marked_failed": "judge",
    "before rolled_back": "settle",
    "after rolled_back": "settle",
    "before the move": "settle",
    "after the move": "settle",
}
_RUN: Final = "from tests.tools.deployments.airflow import main; main()"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what came of each run of the DAG, by its name."""
    python = os.environ.get("LASTGOOD_AIRFLOW")
    if python is None:
        missing("no Airflow", "LASTGOOD_AIRFLOW=<a Python with apache-airflow>, as in .ci/run")
    home = tmp_path_factory.mktemp("airflow")
    ran = subprocess.run(
        [python, "-c", _RUN],
        cwd=home,
        env={
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            # The files of the examples lie beside each other, as in a folder of DAGs.
            "PYTHONPATH": os.pathsep.join(map(str, [ROOT / "docs/examples", ROOT / "src", ROOT])),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = [line.removeprefix("RUN ") for line in ran.stdout.splitlines() if line[:4] == "RUN "]
    facts = [json.loads(line) for line in told]
    return {each["name"]: each for each in facts}


def test_a_bad_verdict_takes_the_world_back(runs: dict[str, dict[str, Any]]) -> None:
    """The verdict is on record with its reason, the target serves, and the run succeeds."""
    done = runs["bad verdict"]
    assert done["state"] == "success"
    assert done["statuses"]["v1.1"] == "failed: p99 900 ms"
    assert done["current"] == done["serves"] == "v1.0"
    assert done["rollbacks"] == done["moves"] == 1


def test_a_run_that_is_repeated_does_nothing_again(runs: dict[str, dict[str, Any]]) -> None:
    """The same parameters, run again, find that v1.1 is left."""
    before, after = runs["bad verdict"], runs["repeated"]
    assert after["state"] == "success"
    assert after["revision"] == before["revision"]
    assert after["moves"] == 1


def test_a_late_good_verdict_clears_nothing(runs: dict[str, dict[str, Any]]) -> None:
    """Good news about a version that failed is refused, and the run succeeds."""
    before, after = runs["repeated"], runs["late good verdict"]
    assert after["state"] == "success"
    assert after["statuses"] == before["statuses"]
    assert after["revision"] == before["revision"]


def test_bad_news_about_another_version_moves_nothing(runs: dict[str, dict[str, Any]]) -> None:
    """It is on record, and the healthy version stays."""
    done = runs["about another"]
    assert done["statuses"]["v0.9"] == "failed: p99 900 ms"
    assert done["serves"] == "v1.0"
    assert done["moves"] == 1


@pytest.mark.parametrize(("moment", "task"), MOMENTS.items())
def test_a_task_that_died_and_is_tried_again_steps_back_once(
    runs: dict[str, dict[str, Any]], moment: str, task: str
) -> None:
    """Whenever the first try dies, right before it wrote or right after, there is one step back."""
    done = runs[moment]
    assert done["state"] == "success"
    assert done["tries"] == {"judge": 1, "settle": 1} | {task: 2}
    assert done["rollbacks"] == done["moves"] == 1
    assert done["current"] == done["serves"] == "v1.0"


def test_a_target_that_does_not_come_up_fails_the_run(runs: dict[str, dict[str, Any]]) -> None:
    """It is not tried again, nobody judges the target, and the rollback stays on record."""
    done = runs["target down"]
    assert done["states"] == {"judge": "success", "settle": "failed"}
    assert done["state"] == "failed"
    assert done["tries"]["settle"] == 1
    assert done["statuses"]["v1.0"] == "stable"
    assert done["rollbacks"] == 1


def test_a_good_verdict_is_recorded_and_moves_nothing(runs: dict[str, dict[str, Any]]) -> None:
    """The version proved good, and serves still."""
    done = runs["healthy"]
    assert done["statuses"]["v1.1"].startswith("stable")
    assert done["serves"] == "v1.1"
    assert done["moves"] == 0


def test_without_a_way_back_the_run_fails_at_once(runs: dict[str, dict[str, Any]]) -> None:
    """It is not tried again, nothing moves, and the verdict stays."""
    done = runs["no way back"]
    assert done["state"] == "failed"
    assert done["tries"]["settle"] == 1
    assert done["states"] == {"judge": "success", "settle": "failed"}
    assert done["statuses"]["v1.1"] == "failed: p99 900 ms"
    assert done["moves"] == 0
