"""The operator of `docs/how-to/kubernetes.md`, run by kopf against an API server in memory."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.deployments.needs import need_module

need_module("kopf", "deployments")
need_module("kmock", "deployments")

import kmock

from docs.examples import kubernetes_rollback
from docs.examples.kubernetes_rollback import read_record, settle, take_over
from lastgood import Status, VersionRegistry
from tests.deployments.kubernetes import GROUP, KIND, MOST_ANNOTATIONS, PLURAL, Kubernetes

PATH: Final = f"/apis/{GROUP}/v1/namespaces/default/{PLURAL}/churn"
#: After so many seconds nothing more is to be expected, on the slowest machine.
PATIENCE: Final = 60

FAILED: Final = ("False", "ProgressDeadlineExceeded", "p99 latency 900 ms")
READY: Final = ("True", "Loaded", "")

Condition = tuple[str, str, str]


class Cluster:
    """The API server with what people and other controllers do there."""

    def __init__(self, server: Kubernetes, folder: Path) -> None:
        self.server = server
        self.folder = folder

    @property
    def churn(self) -> Mapping[str, Any]:
        """The resource, as the API server holds it."""
        return self.server.objects[KIND, "default", "churn"].raw

    @property
    def registry(self) -> VersionRegistry:
        """What the operator has recorded in the resource."""
        return read_record(self.churn)

    def said(self) -> str:
        """What the operator has told people, in the status."""
        return str(self.churn.get("status", {}).get("rollback", ""))

    async def want(self, version: str) -> None:
        """Do what a person does: put a version into the spec; and wait until it is recorded."""
        await self.patch("", {"spec": {"version": version}})
        await self.until(lambda: version in self.registry)

    async def report(self, condition: Condition, *, lag: int = 0) -> None:
        """Do what the controller does that deploys: report how the version of this spec is doing.

        Args:
            condition: The status, the reason and the message of the condition ``Ready``.
            lag: By how many generations the report lags behind.
        """
        status, reason, message = condition
        ready = {"type": "Ready", "status": status, "reason": reason, "message": message}
        ready["observedGeneration"] = self.churn["metadata"]["generation"] - lag
        await self.patch("/status", {"status": {"conditions": [ready]}})

    async def patch(self, subresource: str, patch: Mapping[str, Any]) -> None:
        """Patch the resource as `kubectl patch` does."""
        async with self.server.patch(f"{PATH}{subresource}", json=patch) as answer:
            assert answer.status == 200

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until something is the case."""
        async with asyncio.timeout(PATIENCE):
            while not happened():  # noqa: ASYNC110 - other processes set no event of this one
                await asyncio.sleep(0.02)

    def log(self) -> bytes:
        """What the last operators that were started have said."""
        return b"".join(log.read_bytes() for log in self.folder.glob("*.log"))

    async def settled(self) -> None:
        """Wait until the operators have seen all there is, and have nothing to add to it."""
        before = -1
        while before != self.server.patches + self.server.conflicts + self.server.refusals:
            before = self.server.patches + self.server.conflicts + self.server.refusals
            await asyncio.sleep(1.5)  # longer than kopf waits after a conflict

    @asynccontextmanager
    async def operator(self, *, processes: int = 1) -> AsyncGenerator[None, None]:
        """Run the operator as a team does, in so many processes."""
        operators = [await self._start(number) for number in range(processes)]
        try:
            yield
        finally:
            for operator in operators:
                operator.kill()  # as a node does that goes down
            _ = [await operator.wait() for operator in operators]

    async def _start(self, number: int) -> asyncio.subprocess.Process:
        config = self.folder / "kubeconfig"
        _ = config.write_text(json.dumps(_kubeconfig(str(self.server.url))), "utf-8")
        run = ["-m", "kopf", "run", "--standalone", "--all-namespaces"]
        with (self.folder / f"operator-{number}.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *run,
                str(kubernetes_rollback.__file__),
                env=os.environ | {"KUBECONFIG": str(config)},
                stderr=log,
            )


def _kubeconfig(url: str) -> dict[str, Any]:
    return {
        "current-context": "test",
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
        "clusters": [{"name": "test", "cluster": {"server": url.rstrip("/")}}],
        "users": [{"name": "test", "user": {}}],
    }


Story = Callable[[Cluster], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Story], None]:
    """What plays a story in a cluster of its own, in which ``churn`` serves v1.0."""

    async def played(story: Story) -> None:
        async with Kubernetes() as server, kmock.Server(server):
            server.create("churn", version="v1.0", annotations={})
            await story(Cluster(server, tmp_path))

    return lambda story: asyncio.run(played(story))


async def v1_1_serves_after_a_stable_v1_0(cluster: Cluster) -> None:
    """Do what comes before every incident."""
    await cluster.until(lambda: cluster.registry.current == "v1.0")
    await cluster.report(READY)
    await cluster.until(lambda: cluster.registry["v1.0"].status is Status.STABLE)
    await cluster.want("v1.1")


def rollbacks(registry: VersionRegistry) -> int:
    """Return how many rollbacks were recorded."""
    return sum(event.event == "rolled_back" for event in registry.events)


def test_a_version_that_failed_is_left_for_the_last_stable_one(
    play: Callable[[Story], None],
) -> None:
    """The spec names the target, the record tells why, and the status explains it to people."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            await cluster.report(FAILED)
            await cluster.until(lambda: cluster.churn["spec"]["version"] == "v1.0")
            await cluster.report(READY)
            await cluster.settled()
        assert cluster.registry.current == "v1.0"
        assert cluster.registry["v1.1"].reason == "ProgressDeadlineExceeded: p99 latency 900 ms"
        assert rollbacks(cluster.registry) == 1
        assert cluster.said().startswith("Roll back v1.1 -> v1.0")

    play(story)


def test_record_and_spec_change_together(play: Callable[[Story], None]) -> None:
    """At no time does the record tell of a rollback that the spec does not name."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            await cluster.report(FAILED)
            await cluster.until(lambda: bool(rollbacks(cluster.registry)))
        seen = [body for body in cluster.server.objects[KIND, "default", "churn"].history if body]
        after = [body["spec"]["version"] for body in seen if rollbacks(read_record(body))]
        assert set(after) == {"v1.0"}

    play(story)


def test_an_operator_that_starts_again_does_nothing_again(play: Callable[[Story], None]) -> None:
    """All events are delivered once more, and the resource stays as it is, to its version."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            await cluster.report(FAILED)
            await cluster.until(lambda: cluster.said().startswith("Roll back v1.1 -> v1.0"))
        before = cluster.churn
        async with cluster.operator():
            await cluster.until(lambda: b"'react' succeeded" in cluster.log())
            await cluster.settled()
        assert cluster.churn == before
        assert rollbacks(cluster.registry) == 1

    play(story)


def test_of_several_operators_one_rolls_back(play: Callable[[Story], None]) -> None:
    """Three processes see the same failures: each is answered by one rollback, and none is lost."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator(processes=3):
            await v1_1_serves_after_a_stable_v1_0(cluster)
            for failed, following in (("v1.1", "v1.2"), ("v1.2", "v1.3"), ("v1.3", "v1.4")):
                await cluster.report(FAILED)
                await cluster.until(lambda: cluster.churn["spec"]["version"] == "v1.0")
                assert cluster.registry[failed].status is Status.FAILED
                await cluster.want(following)
            await cluster.settled()
        kinds = [event.event for event in cluster.registry.events]
        assert kinds.count("rolled_back") == kinds.count("marked_failed") == 3
        assert cluster.registry.current == "v1.4"

    play(story)


def test_who_deploys_in_that_very_moment_is_not_overwritten(play: Callable[[Story], None]) -> None:
    """The patch is refused as a conflict, and the operator decides again from what is new."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            await cluster.settled()
            conflicts = cluster.server.conflicts
            cluster.server.meanwhile = {"spec": {"version": "v1.2"}}  # before the next patch
            await cluster.report(FAILED)
            await cluster.until(lambda: cluster.registry.current == "v1.2")
            await cluster.settled()
        assert cluster.server.conflicts > conflicts
        assert cluster.churn["spec"]["version"] == "v1.2"
        assert cluster.registry["v1.1"].status is Status.UNPROVEN  # nobody wrote down its failure
        assert rollbacks(cluster.registry) == 0

    play(story)


def test_a_tool_that_insists_on_a_failed_version_gets_two_rollbacks(
    play: Callable[[Story], None],
) -> None:
    """What is put back by hand is left again, until the budget ends the fight; a person decides."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            await cluster.report(FAILED)
            for insisted in (1, 2):
                await cluster.until(lambda: cluster.churn["spec"]["version"] == "v1.0")
                assert rollbacks(cluster.registry) == insisted
                await cluster.want("v1.1")
            await cluster.until(lambda: "2 rollbacks in a row" in cluster.said())
            await cluster.settled()
        assert cluster.churn["spec"]["version"] == "v1.1"

    play(story)


def test_a_record_that_is_too_long_is_refused_and_nothing_moves(
    play: Callable[[Story], None],
) -> None:
    """Where the annotations are full, the API refuses record and target alike, and it is logged."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            there = len(json.dumps(cluster.churn["metadata"]["annotations"]))
            notes = {"notes": "x" * (MOST_ANNOTATIONS - there - 100)}
            await cluster.patch("", {"metadata": {"annotations": notes}})
            await cluster.report(FAILED)
            await cluster.until(lambda: cluster.server.refusals > 0)
            await cluster.settled()
            assert b"metadata.annotations: Too long" in cluster.log()
        assert cluster.churn["spec"]["version"] == "v1.1"
        assert cluster.registry["v1.1"].status is Status.UNPROVEN

    play(story)


def resource(*, version: str, condition: Condition, observed: int = 2) -> dict[str, Any]:
    """Return a resource of generation 2, before anything was recorded in it."""
    status, reason, message = condition
    ready = {"type": "Ready", "status": status, "reason": reason, "message": message}
    return {
        "metadata": {"generation": 2},
        "spec": {"version": version},
        "status": {"conditions": [{**ready, "observedGeneration": observed}]},
    }


@pytest.fixture
def registry() -> VersionRegistry:
    """What is on record: v1.1 serves after a stable v1.0."""
    return VersionRegistry.from_statuses({"v1.0": "stable", "v1.1": "unproven"}, current="v1.1")


def test_a_report_that_lags_behind_condemns_nobody(registry: VersionRegistry) -> None:
    """A condition that was reported for the spec before this one says nothing of this version."""
    body = resource(version="v1.1", condition=FAILED, observed=1)
    assert take_over(registry, body) == registry


def test_a_roll_out_under_way_is_no_failure(registry: VersionRegistry) -> None:
    """A version that is not ready yet has not failed: only some reasons are final."""
    body = resource(version="v1.1", condition=("False", "Progressing", "1 of 3 replicas"))
    assert take_over(registry, body) == registry


def test_the_same_news_is_no_news(registry: VersionRegistry) -> None:
    """The same resource, delivered again, adds nothing to the record and decides nothing."""
    body = resource(version="v1.1", condition=FAILED)
    known = take_over(registry, body)
    assert known.needs_rollback
    assert take_over(known, body) == known
    recovered, _ = settle(known)
    body = resource(version="v1.0", condition=FAILED, observed=1)
    assert settle(take_over(recovered, body))[0] == recovered


def test_a_late_report_does_not_launder_a_failed_version(registry: VersionRegistry) -> None:
    """A failed version that is reported ready stays failed, and is left."""
    failed = registry.mark_failed("v1.1", reason="wrong answers")
    known = take_over(failed, resource(version="v1.1", condition=READY))
    assert known["v1.1"].status is Status.FAILED
    assert settle(known)[0].current == "v1.0"


def test_a_thousand_events_fit_into_the_annotation() -> None:
    """The record of a few hundred releases fits into what Kubernetes takes, as the page says."""
    registry = VersionRegistry()
    for release in range(400):
        body = resource(version=f"v1.{release}", condition=READY)
        registry = take_over(registry, body)
    assert registry.revision == 1200
    assert len(json.dumps(registry.to_dict())) < MOST_ANNOTATIONS
