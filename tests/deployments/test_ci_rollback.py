"""`docs/examples/ci_rollback.py`, copied out of the tree and run as a CI job runs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from lastgood import VersionRegistry
from tests.tools.deployments.kinds.kind import need

need("file")

from docs.examples.ci_rollback import FileStore

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NOTHING = VersionRegistry()


@attrs.frozen
class Job:
    """A folder with a copy of the script, a policy and a record."""

    folder: Path

    def run(self, version: str = "v1.1") -> subprocess.CompletedProcess[str]:
        """Run the job on an alarm about the version."""
        return subprocess.run(
            [sys.executable, "ci_rollback.py", "prod.json", "policy.yaml", version, "p99 900 ms"],
            cwd=self.folder,
            env=os.environ | {"GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def record(self) -> VersionRegistry:
        """What is on record."""
        return NOTHING.extend(FileStore(self.folder / "prod.json").load(0, NOTHING.fingerprint))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job, and a record in which v1.1 serves after v1.0, which is stable."""
    _ = shutil.copy(EXAMPLES / "ci_rollback.py", tmp_path)
    _ = (tmp_path / "policy.yaml").write_text("last_stable:\n", "utf-8")
    registry = NOTHING.register("v1.0").deploy("v1.0").mark_stable("v1.0")
    registry = registry.register("v1.1").deploy("v1.1")
    store = FileStore(tmp_path / "prod.json")
    assert store.append(0, NOTHING.fingerprint, tuple(registry.events))
    return Job(tmp_path)


def test_the_job_and_its_retry(job: Job) -> None:
    """The retry adds no event, and prints the same version; the summary has the plan once."""
    first = job.run()
    assert (first.returncode, first.stdout) == (0, "v1.0\n"), first.stderr
    recorded = job.record

    retry = job.run()

    assert (retry.returncode, retry.stdout) == (0, "v1.0\n"), retry.stderr
    assert job.record == recorded
    assert recorded["v1.1"].status_text == "failed: p99 900 ms"
    summary = (job.folder / "summary.md").read_text("utf-8")
    assert summary.count("### v1.1 is left for v1.0") == 1
    assert "Roll back v1.1 -> v1.0" in summary


def test_without_a_way_back_the_verdict_is_recorded(job: Job) -> None:
    """The job fails, and says why for each version; what is known is not lost."""
    assert job.run("v1.0").returncode == 0  # It does not serve, so nothing is left.

    failed = job.run()

    assert failed.returncode == 1
    assert "v1.0" in failed.stderr
    assert job.record.current == "v1.1"
    assert job.record["v1.1"].status_text == "failed: p99 900 ms"
    assert not (job.folder / "summary.md").exists()
