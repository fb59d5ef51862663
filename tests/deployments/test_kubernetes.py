"""The operator of `docs/how-to/kubernetes.md`, run by kopf against API servers.

One is in memory. The other is the real one for custom resources, if the environment names it:
`python -m tests.tools.deployments.kubernetes` builds it and runs these tests.
"""

import asyncio
import json
import os
import re
import shlex
import ssl
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.tools.deployments.needs import need_module

need_module("kopf", "deployments")
need_module("kmock", "deployments")

import aiohttp

from docs.examples.kubernetes_rollback import (
    ASKED,
    RECORD,
    REINSTATE,
    DoesNotFit,
    ModelService,
    alarm,
    converse,
    registry_of,
    take_over,
)
from lastgood import LastStable, Status, VersionRegistry, to_entries
from lastgood.control import Deploy, MarkFailed, Outcome, Register, record
from lastgood.testing import STORE_LAWS, check_store
from tests.tools.deployments.cluster import (
    FAILED,
    READY,
    Cluster,
    Condition,
    race,
    rollbacks,
    v1_1_serves_after_a_stable_v1_0,
)
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.kubernetes.manifest import PATH
from tests.tools.deployments.kubernetes.memory import MOST_ANNOTATIONS, in_memory
from tests.tools.deployments.kubernetes.real import real
from tests.tools.deployments.kubernetes.served import Served

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "kubernetes.md"
#: The program of the real API server, if it was built.
PROGRAM = os.environ.get("LASTGOOD_APISERVER")


@contextmanager
def serving(server: str) -> Generator[Served]:
    """Start an API server: in memory, or the real one."""
    if server == "memory":
        with in_memory() as served:
            yield served
    else:
        with own_folder("kubernetes") as folder, real(Path(str(PROGRAM)), folder) as served:
            yield served


SERVERS = ("memory", "real") if PROGRAM else ("memory",)


@pytest.fixture(scope="module", params=SERVERS)
def served(request: pytest.FixtureRequest) -> Generator[Served]:
    """Each API server in turn."""
    with serving(request.param) as server:
        yield server


@pytest.fixture
def cluster(served: Served, tmp_path: Path) -> Cluster:
    """A cluster with an object of a new name, which names v1.0."""
    name = f"churn-{uuid4().hex[:8]}"
    served.create(name, "v1.0")
    return Cluster(served, tmp_path, name)


def service_in(served: Served, name: str) -> ModelService:
    """Return a handle on an object, as a monitor or a job opens it."""
    tls = ssl.create_default_context(cafile=served.certificate) if served.certificate else False
    opened = partial(
        aiohttp.ClientSession,
        served.url,
        headers={"Authorization": "Bearer operator"},
        timeout=aiohttp.ClientTimeout(total=10),
    )
    return ModelService(lambda: opened(connector=aiohttp.TCPConnector(ssl=tls)), f"{PATH}/{name}")


def named(name: str) -> str:
    """Return a name that Kubernetes takes, which does not take all."""
    return f"r-{sha256(name.encode()).hexdigest()[:40]}"


async def together(calls: list[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Make the calls at once, in a task each."""
    _ = await asyncio.gather(*(call() for call in calls))


@pytest.mark.parametrize("server", SERVERS)
def test_the_record_in_an_object_keeps_the_laws_of_stores(server: str) -> None:
    """Whoever appends to an annotation, nothing is lost, doubled, torn or mixed up."""
    with serving(server) as served:
        keeps_the_laws(served)


def keeps_the_laws(served: Served) -> None:
    """Check the store on objects of its own."""

    def opened(name: str) -> ModelService:
        served.create(named(name), "v0")
        return service_in(served, named(name))

    def damage(name: str) -> None:
        cluster = Cluster(served, Path(), named(name))
        text: str = cluster.churn["metadata"]["annotations"][RECORD]
        cluster.annotate(RECORD, text.replace('"marked_stable"', '"retired"', 1))

    report = check_store(opened, together=together, run=asyncio.run, damage=[damage])

    assert report.laws == STORE_LAWS


def test_a_version_that_failed_is_left_for_the_last_stable_one(cluster: Cluster) -> None:
    """The spec names the target, the record says why, and the status explains it to people."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        cluster.until(lambda: cluster.wanted == "v1.0")
        cluster.report(READY)
        cluster.settled()
    assert cluster.registry.current == "v1.0"
    assert cluster.registry["v1.1"].reason == "ProgressDeadlineExceeded: p99 latency 900 ms"
    assert rollbacks(cluster.registry) == 1
    assert cluster.said() == "settled"
    assert cluster.said("decision").startswith("Roll back v1.1 -> v1.0")


def test_record_and_spec_change_together(cluster: Cluster) -> None:
    """At no time does the record have a rollback that the spec does not name."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        cluster.until(lambda: bool(rollbacks(cluster.registry)))
    history = cluster.served.gate.history
    seen = [body for body in history if body["metadata"]["name"] == cluster.name]
    after = [body["spec"]["version"] for body in seen if rollbacks(registry_of(body))]
    assert set(after) == {"v1.0"}


def test_a_move_carries_its_revision(cluster: Cluster) -> None:
    """The version in the spec stands beside the revision for which it was asked."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        cluster.until(lambda: cluster.wanted == "v1.0")
    revision = cluster.registry.deployments[-1].revision
    assert cluster.churn["metadata"]["annotations"][ASKED] == f"v1.0@{revision}"


def test_an_operator_that_starts_again_does_nothing_again(cluster: Cluster) -> None:
    """All events are delivered once more, and the object stays as it is, to its version."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        cluster.until(lambda: cluster.said("decision").startswith("Roll back v1.1 -> v1.0"))
        cluster.settled()
    before = cluster.churn
    with cluster.operator():
        cluster.until(
            lambda: f"{cluster.name}] Handler 'react' succeeded".encode() in cluster.log()
        )
        cluster.settled()
    assert cluster.churn == before
    assert rollbacks(cluster.registry) == 1


def test_of_several_operators_one_rolls_back(cluster: Cluster) -> None:
    """Three processes see the same failures: each is answered by one rollback, and none is lost."""
    figures = race(cluster, rounds=3, processes=3)
    assert figures.failures == figures.rollbacks == 3
    assert figures.current == "v1.4"


def test_a_conflict_is_no_error(cluster: Cluster) -> None:
    """Operators that come too late, or lose an answer, try again and log nothing that is wrong."""
    with cluster.operator(processes=2):
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.settled()
        conflicts = cluster.served.gate.conflicts
        cluster.served.gate.meanwhile = lambda: cluster.annotate("team", "fraud")
        cluster.served.gate.lost = 1
        cluster.report(FAILED)
        cluster.until(lambda: cluster.wanted == "v1.0")
        cluster.settled()
    assert cluster.served.gate.conflicts > conflicts
    assert rollbacks(cluster.registry) == 1
    assert b"ERROR" not in cluster.log()
    assert b"WARNING" not in cluster.log()


def test_a_deployment_at_that_very_moment_is_not_overwritten(cluster: Cluster) -> None:
    """The patch is refused as a conflict, and the operator decides again on the new state."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.settled()
        conflicts = cluster.served.gate.conflicts
        newer = {"spec": {"version": "v1.2"}}
        cluster.served.gate.meanwhile = lambda: cluster.patch("", newer)
        cluster.report(FAILED)
        cluster.until(lambda: cluster.registry.current == "v1.2")
        cluster.settled()
    assert cluster.served.gate.conflicts > conflicts
    assert cluster.wanted == "v1.2"
    assert cluster.registry["v1.1"].status is Status.UNPROVEN  # nobody wrote down its failure
    assert rollbacks(cluster.registry) == 0


def test_a_tool_that_insists_on_a_failed_version_gets_two_rollbacks(cluster: Cluster) -> None:
    """A failed version is left again, until the budget ends the fight; a person decides."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        for insisted in (1, 2):
            cluster.until(lambda: cluster.wanted == "v1.0")
            assert rollbacks(cluster.registry) == insisted
            cluster.want("v1.1")
        cluster.until(lambda: "2 rollbacks in a row" in cluster.said("detail"))
        cluster.settled()
    assert cluster.said() == "no_target"
    assert cluster.wanted == "v1.1"


def test_a_target_that_does_not_come_up_is_reported(cluster: Cluster) -> None:
    """It gets no verdict, and there is no second step: two in a row say more about the cluster."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        cluster.until(lambda: cluster.wanted == "v1.0")
        cluster.report(FAILED)
        cluster.until(lambda: cluster.said() == "target_down")
        cluster.report(READY)
        cluster.until(lambda: cluster.said() == "settled")
    assert cluster.registry["v1.0"].status is Status.STABLE
    assert rollbacks(cluster.registry) == 1


def test_a_version_that_a_person_puts_back_stays(cluster: Cluster) -> None:
    """Somebody goes back by hand and forward again: observations, and nothing is overwritten."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.until(lambda: cluster.registry.current == "v1.1")
        cluster.patch("", {"spec": {"version": "v1.0"}})
        cluster.until(lambda: cluster.registry.current == "v1.0")
        assert cluster.registry["v1.1"].status_text == "rolled back: spec.version was changed"
        cluster.patch("", {"spec": {"version": "v1.1"}})
        cluster.until(lambda: cluster.registry.current == "v1.1")
        cluster.settled()
    assert cluster.wanted == "v1.1"
    assert cluster.registry["v1.1"].status_text == "unproven"
    assert rollbacks(cluster.registry) == 0


def test_a_person_gives_a_failed_version_another_chance(cluster: Cluster) -> None:
    """An annotation reinstates it, once; then it may be put back, and may fail again."""
    again, put_back = patches_of_the_page()
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        cluster.until(lambda: cluster.wanted == "v1.0")
        cluster.patch("", again)
        cluster.until(lambda: cluster.registry["v1.1"].status is Status.UNPROVEN)
        cluster.patch("", put_back)
        cluster.until(lambda: cluster.registry.current == "v1.1")
        cluster.settled()
        assert cluster.wanted == "v1.1"
        cluster.report(FAILED)
        cluster.until(lambda: cluster.wanted == "v1.0")
        cluster.settled()
    assert cluster.registry["v1.1"].status is Status.FAILED
    assert rollbacks(cluster.registry) == 2


def patches_of_the_page() -> list[dict[str, Any]]:
    """Return the patches that kubectl makes of the commands with which a version gets a chance."""
    patches: list[dict[str, Any]] = []
    for command in re.findall(
        r"^\$ (kubectl (?:annotate|patch) .*)", PAGE.read_text("utf-8"), re.MULTILINE
    ):
        _, verb, kind, name, *others = shlex.split(str(command))
        assert (kind, name) == ("modelservice", "churn")
        if verb == "annotate":
            ((key, value),) = (other.split("=") for other in others)
            assert key == REINSTATE
            patches.append({"metadata": {"annotations": {key: value}}})
        else:
            assert others[:3] == ["--type", "merge", "--patch"]
            patches.append(json.loads(others[3]))
    return patches


def test_an_annotation_without_effect_is_removed(cluster: Cluster) -> None:
    """A label that is not known is forgotten, so that it does not work later by surprise."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.annotate(REINSTATE, "v9")
        cluster.until(lambda: REINSTATE not in cluster.churn["metadata"]["annotations"])


def test_a_monitor_records_a_verdict_on_a_version_that_was_good(cluster: Cluster) -> None:
    """It appends to the record in the object, and the operator leaves the version."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(READY)
        cluster.until(lambda: cluster.registry["v1.1"].status is Status.STABLE)
        service = service_in(cluster.served, cluster.name)
        done = asyncio.run(alarm(service, "v1.1", "wrong answers"))
        assert done.outcome is Outcome.SETTLED
        cluster.until(lambda: cluster.wanted == "v1.0")
    assert cluster.registry["v1.1"].reason == "wrong answers"
    assert rollbacks(cluster.registry) == 1


def test_a_job_that_records_a_deployment_moves_the_object(cluster: Cluster) -> None:
    """The version is in the spec in the same patch, unless somebody put another one there."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.settled()
    update = [Register("v1.2"), Deploy("v1.2", replacing="v1.1")]
    service = service_in(cluster.served, cluster.name)
    done = asyncio.run(converse(record(update, VersionRegistry()), service))
    assert (done.outcome, cluster.wanted) == (Outcome.SETTLED, "v1.2")
    cluster.patch("", {"spec": {"version": "v1.9"}})  # a hand, which is not on record yet
    update = [Register("v1.3"), Deploy("v1.3", replacing="v1.2")]
    done = asyncio.run(converse(record(update, VersionRegistry()), service))
    assert (done.outcome, cluster.wanted) == (Outcome.SETTLED, "v1.9")


def test_a_record_that_does_not_fit_is_reported_and_nothing_moves(cluster: Cluster) -> None:
    """The status has the line to do; when there is room again, the version is left."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.settled()
        there = sum(
            len(f"{key}{value}") for key, value in cluster.churn["metadata"]["annotations"].items()
        )
        cluster.annotate("notes", "x" * (MOST_ANNOTATIONS - there - 10))
        cluster.report(FAILED)
        cluster.until(lambda: cluster.said() == "does_not_fit")
        cluster.settled()
        assert "metadata.annotations: Too long" in cluster.said("detail")
        line = f"kubectl annotate modelservice {cluster.name} {RECORD}- {ASKED}-"
        assert line in cluster.said("detail")
        assert cluster.wanted == "v1.1"
        assert cluster.registry["v1.1"].status is Status.UNPROVEN
        cluster.annotate("notes", None)
        cluster.until(lambda: cluster.wanted == "v1.0")
        cluster.until(lambda: cluster.said() == "settled")


def test_an_object_that_is_too_large_is_reported(cluster: Cluster) -> None:
    """Also what other tools put there counts: etcd takes 1.5 MiB, and nothing moves beyond."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.settled()
        size = len(json.dumps(cluster.churn, separators=(",", ":")))
        cluster.patch("/status", {"status": {"notes": "x" * (cluster.served.most - size - 4000)}})
        service = service_in(cluster.served, cluster.name)
        verdict = MarkFailed("v1.1", reason="x" * 5000)
        with pytest.raises(DoesNotFit, match="too large"):
            _ = asyncio.run(converse(record(verdict, VersionRegistry()), service))
        assert cluster.registry["v1.1"].status is Status.UNPROVEN


def test_a_server_that_is_restarted_loses_nothing(cluster: Cluster) -> None:
    """The operator watches again, and leaves a version that failed meanwhile, once."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.settled()
        for version in ("v1.2", "v1.3"):
            _ = cluster.served.restart()
            cluster.report(FAILED)
            _ = cluster.served.restart()
            cluster.until(lambda: cluster.wanted == "v1.0")
            cluster.want(version)
        cluster.settled()
    assert rollbacks(cluster.registry) == 2
    assert cluster.registry.current == "v1.3"


def test_a_record_that_cannot_be_read_is_reported(cluster: Cluster) -> None:
    """Its own object says so, nothing moves, and other objects are looked after as before."""
    other = Cluster(cluster.served, cluster.folder, f"{cluster.name}-other")
    cluster.served.create(other.name, "v1.0")
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.settled()
        kept: str = cluster.churn["metadata"]["annotations"][RECORD]
        cluster.annotate(RECORD, kept.replace('"format":1', '"format":99', 1))
        cluster.report(FAILED)
        cluster.until(lambda: cluster.said() == "unreadable")
        assert "format" in cluster.said("detail")
        v1_1_serves_after_a_stable_v1_0(other)
        other.report(FAILED)
        other.until(lambda: other.wanted == "v1.0")
        assert cluster.wanted == "v1.1"
        cluster.annotate(RECORD, kept)
        cluster.until(lambda: cluster.wanted == "v1.0")


def test_a_record_that_was_restored_is_reported(cluster: Cluster) -> None:
    """The object was asked for a later revision than the record has: nothing is moved."""
    with cluster.operator():
        v1_1_serves_after_a_stable_v1_0(cluster)
        cluster.report(FAILED)
        cluster.until(lambda: cluster.wanted == "v1.0")
        cluster.settled()
        entries = json.loads(cluster.churn["metadata"]["annotations"][RECORD])
        cluster.annotate(RECORD, json.dumps(entries[:5]))  # as a backup had it
        cluster.report(READY)
        cluster.until(lambda: cluster.said() == "record_behind")
    assert cluster.wanted == "v1.0"


def test_a_move_that_comes_too_late_is_refused(cluster: Cluster) -> None:
    """A controller that slept asks for an older revision, or another version at the same one."""
    service = service_in(cluster.served, cluster.name)

    async def asked(version: str, revision: int) -> bool | None:
        _ = await service.read()
        return await service.serve(version, revision)

    assert asyncio.run(asked("v1.1", 7))
    assert asyncio.run(asked("v1.0", 5)) is False
    assert asyncio.run(asked("v1.0", 7)) is False
    assert asyncio.run(asked("v1.1", 7))
    assert cluster.wanted == "v1.1"
    cluster.patch("", {"spec": {"version": "v9"}})  # by a hand
    assert asyncio.run(asked("v1.1", 7))
    assert cluster.wanted == "v1.1"


def test_a_move_rests_on_the_object_that_was_read(cluster: Cluster) -> None:
    """If anybody wrote since, nothing is changed, and it is looked at again."""
    service = service_in(cluster.served, cluster.name)

    async def overtaken() -> bool | None:
        _ = await service.read()
        await asyncio.to_thread(cluster.patch, "", {"spec": {"version": "v2"}})
        return await service.serve("v1.1", 7)

    assert asyncio.run(overtaken()) is None
    assert cluster.wanted == "v2"


def resource(*, version: str, condition: Condition, observed: int = 2) -> dict[str, Any]:
    """Return an object of generation 2, before anything was recorded in it."""
    status, reason, message = condition
    ready = {"type": "Ready", "status": status, "reason": reason, "message": message}
    return {
        "metadata": {"generation": 2},
        "spec": {"version": version},
        "status": {"conditions": [{**ready, "observedGeneration": observed}]},
    }


@pytest.fixture
def registry() -> VersionRegistry:
    """The record: v1.1 serves after a stable v1.0."""
    return VersionRegistry.from_statuses({"v1.0": "stable", "v1.1": "unproven"}, current="v1.1")


def test_a_report_that_lags_behind_fails_nobody(registry: VersionRegistry) -> None:
    """A condition that was reported for an older spec says nothing about this version."""
    body = resource(version="v1.1", condition=FAILED, observed=1)
    assert take_over(registry, body) == registry


def test_a_roll_out_under_way_is_no_failure(registry: VersionRegistry) -> None:
    """A version that is not ready yet has not failed: only some reasons are final."""
    body = resource(version="v1.1", condition=("False", "Progressing", "1 of 3 replicas"))
    assert take_over(registry, body) == registry


def test_the_same_news_adds_nothing(registry: VersionRegistry) -> None:
    """The same object, delivered again, adds nothing to the record."""
    body = resource(version="v1.1", condition=FAILED)
    known = take_over(registry, body)
    assert known.needs_rollback
    assert take_over(known, body) == known
    recovered = LastStable().recover(known)
    body = resource(version="v1.0", condition=FAILED, observed=1)
    assert take_over(recovered, body) == recovered


def test_a_late_report_does_not_clear_a_failed_version(registry: VersionRegistry) -> None:
    """A failed version that is reported ready stays failed."""
    failed = registry.mark_failed("v1.1", reason="wrong answers")
    known = take_over(failed, resource(version="v1.1", condition=READY))
    assert known["v1.1"].status is Status.FAILED


def test_six_hundred_releases_fit_into_the_annotation() -> None:
    """The record of 600 releases fits into what Kubernetes takes, as the page says."""
    registry = VersionRegistry()
    for release in range(600):
        body = resource(version=f"v1.{release}", condition=READY)
        registry = take_over(registry, body, datetime.now(UTC))
    assert registry.revision == 1800
    entries = to_entries(registry.events)
    assert len(json.dumps(entries, separators=(",", ":"))) < MOST_ANNOTATIONS
