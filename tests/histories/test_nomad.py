"""The versions of a Nomad job become a registry."""

import re
from typing import Any

import pytest

from docs.examples.histories import nomad
from lastgood import InvalidData, LastStable, VersionRegistry
from lastgood.backtest import backtest
from tests.histories.printed import known, printed, served
from tests.rows import each_row

FAILED = "Failed due to unhealthy allocations - rolling back to job version 1"


def version(number: int, image: str, count: int = 3, **more: Any) -> dict[str, Any]:
    """Return one version of a job."""
    group = {"Name": "model", "Count": count, "Tasks": [{"Config": {"image": image}}]}
    return {"ID": "churn", "Version": number, "Stable": False, "TaskGroups": [group]} | more


def deployment(number: int, status: str, index: int, **more: Any) -> dict[str, Any]:
    """Return one deployment."""
    return {"JobVersion": number, "Status": status, "CreateIndex": index} | more


def test_a_history() -> None:
    """A number whose specification was there before is the version of then."""
    assert served(nomad.read(printed("nomad"))) == [
        ("0", "deployed"),
        ("1", "deployed"),
        ("2", "deployed"),
        ("1", "observed"),
    ]


def test_what_proved_good() -> None:
    """`Stable` proves it; without the deployments nothing fails."""
    assert known(nomad.read(printed("nomad"))) == {
        "0": "stable",
        "1": "stable",
        "2": "rolled back: version 3",
    }


def test_what_failed() -> None:
    """The deployments say which version failed, and why."""
    registry = nomad.read(printed("nomad"), printed("nomad_deployments"))
    assert known(registry)["2"] == f"failed: {FAILED}"
    (incident,) = backtest(registry, LastStable())
    assert (incident.version, incident.choices[0].kind) == ("2", "as_recorded")


def test_times() -> None:
    """A submission has its time in nanoseconds; a verdict has none."""
    registry = nomad.read(printed("nomad"), printed("nomad_deployments"))
    assert registry.deployments[0].at is not None
    assert registry.deployments[0].at.isoformat() == "2026-03-02T09:12:44.512701+00:00"
    assert {each.at for each in registry.events if each.kind.startswith("marked")} == {None}


def test_the_last_deployment_counts() -> None:
    """One that failed and was repeated says nothing; one that runs or was cancelled neither."""
    job = [version(0, "a")]
    twice = [deployment(0, "successful", 9), deployment(0, "failed", 4)]
    assert known(nomad.read(job, twice)) == {"0": "unproven"}
    assert known(nomad.read(job, [deployment(0, "cancelled", 4)])) == {"0": "unproven"}


def test_stable_and_failed() -> None:
    """It was stable, and failed then."""
    registry = nomad.read([version(0, "a", Stable=True)], [deployment(0, "failed", 4)])
    kinds = [event.kind for event in registry.events]
    assert kinds == ["registered", "deployed", "marked_stable", "marked_failed"]


def test_a_revert_to_what_failed() -> None:
    """It is observed, and stays failed, whatever `Stable` says of the new number."""
    job = [version(0, "a"), version(1, "b"), version(2, "a", Stable=True)]
    registry = nomad.read(job, [deployment(0, "failed", 4)])
    assert served(registry)[-1] == ("0", "observed")
    assert registry.needs_rollback


def test_stopped_and_started() -> None:
    """A stopped job serves no more; the same specification started again is no step."""
    stopped = [version(0, "a"), version(1, "b"), version(2, "b", Stop=True)]
    registry = nomad.read(stopped)
    assert (registry.current, registry.deployments[-1].version) == (None, "1")
    registry = nomad.read([*stopped, version(3, "b")])
    assert registry.current == "1"
    assert [each.label for each in registry.lineage()] == ["0"]


def test_scaling() -> None:
    """Another number of allocations, or another submitter, is the same version."""
    scaled = [version(0, "a"), version(1, "a", 5), version(2, "a", 5, NomadTokenID="ana")]
    assert served(nomad.read(scaled)) == [("0", "deployed")]
    assert not backtest(nomad.read([*scaled, version(3, "a")]), LastStable())


def test_nothing() -> None:
    """A job without versions is an empty registry."""
    assert nomad.read([]) == VersionRegistry()


@each_row(
    ("versions", "deployments", "message"),
    [
        ([version(0, "a"), version(0, "b")], [], "[1].Version: 0 stands in [0] already"),
        ([version(0, "a", Stable="yes")], [], "[0].Stable: must be true or false, not 'yes'"),
        ([version(0, "a", SubmitTime=10**40)], [], "[0].SubmitTime: is out of range"),
        ([version(0, "a", SubmitTime=True)], [], "[0].SubmitTime: must be a whole number"),
        ([], [deployment(0, "lost", 1)], "deployments[0].Status: unknown status 'lost'"),
        ([], {}, "deployments: must be a list, not dict"),
    ],
)
def test_what_cannot_be_read(versions: object, deployments: object, message: str) -> None:
    """It is an error that begins with the place."""
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = nomad.read(versions, deployments)
