"""The operator of `docs/how-to/kubernetes.md`, run by kopf against an API server in memory."""

import asyncio
import json
import re
import shlex
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tools.deployments.needs import need_module

need_module("kopf", "deployments")
need_module("kmock", "deployments")

from docs.examples.kubernetes_rollback import REINSTATE, read_record, settle, take_over
from lastgood import Status, VersionRegistry
from tests.tools.deployments.cluster import (
    FAILED,
    READY,
    Cluster,
    Condition,
    cluster_in,
    race,
    rollbacks,
    v1_1_serves_after_a_stable_v1_0,
)
from tests.tools.deployments.kubernetes import KIND, MOST_ANNOTATIONS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "kubernetes.md"
Story = Callable[[Cluster], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Story], None]:
    """A function that plays a story in a cluster of its own, in which ``churn`` serves v1.0."""

    async def played(story: Story) -> None:
        async with cluster_in(tmp_path) as cluster:
            await story(cluster)

    return lambda story: asyncio.run(played(story))


def test_a_version_that_failed_is_left_for_the_last_stable_one(
    play: Callable[[Story], None],
) -> None:
    """The spec names the target, the record says why, and the status explains it to people."""

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
    """At no time does the record have a rollback that the spec does not name."""

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
        figures = await race(cluster, rounds=3, processes=3)
        assert figures.failures == figures.rollbacks == 3
        assert figures.current == "v1.4"

    play(story)


def test_a_deployment_at_that_very_moment_is_not_overwritten(play: Callable[[Story], None]) -> None:
    """The patch is refused as a conflict, and the operator decides again on the new state."""

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
    """A failed version is left again, until the budget ends the fight; a person decides."""

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


def test_a_version_that_a_person_puts_back_stays(play: Callable[[Story], None]) -> None:
    """Somebody goes back by hand and forward again: observations, and nothing is overwritten."""

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            await cluster.until(lambda: cluster.registry.current == "v1.1")
            await cluster.patch("", {"spec": {"version": "v1.0"}})
            await cluster.until(lambda: cluster.registry.current == "v1.0")
            assert cluster.registry["v1.1"].status_text == "rolled back: spec.version was changed"
            await cluster.patch("", {"spec": {"version": "v1.1"}})
            await cluster.until(lambda: cluster.registry.current == "v1.1")
            await cluster.settled()
        assert cluster.churn["spec"]["version"] == "v1.1"
        assert cluster.registry["v1.1"].status_text == "unproven"
        assert rollbacks(cluster.registry) == 0

    play(story)


def test_a_person_gives_a_failed_version_another_chance(play: Callable[[Story], None]) -> None:
    """An annotation reinstates it, once; then it may be put back, and may fail again."""
    again, put_back = patches_of_the_page()

    async def story(cluster: Cluster) -> None:
        async with cluster.operator():
            await v1_1_serves_after_a_stable_v1_0(cluster)
            await cluster.report(FAILED)
            await cluster.until(lambda: cluster.churn["spec"]["version"] == "v1.0")
            await cluster.patch("", again)
            await cluster.until(lambda: cluster.registry["v1.1"].status is Status.UNPROVEN)
            await cluster.patch("", put_back)
            await cluster.until(lambda: cluster.registry.current == "v1.1")
            await cluster.settled()
            assert cluster.churn["spec"]["version"] == "v1.1"
            await cluster.report(FAILED)
            await cluster.until(lambda: cluster.churn["spec"]["version"] == "v1.0")
            await cluster.settled()
        assert cluster.registry["v1.1"].status is Status.FAILED
        assert rollbacks(cluster.registry) == 2

    play(story)


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


def test_a_record_that_is_too_long_is_refused_and_nothing_moves(
    play: Callable[[Story], None],
) -> None:
    """If the annotations are full, the API refuses record and target alike, and it is logged."""

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
    """The same resource, delivered again, adds nothing to the record and decides nothing."""
    body = resource(version="v1.1", condition=FAILED)
    known = take_over(registry, body)
    assert known.needs_rollback
    assert take_over(known, body) == known
    recovered, _ = settle(known)
    body = resource(version="v1.0", condition=FAILED, observed=1)
    assert settle(take_over(recovered, body))[0] == recovered


def test_a_late_report_does_not_clear_a_failed_version(registry: VersionRegistry) -> None:
    """A failed version that is reported ready stays failed, and is left."""
    failed = registry.mark_failed("v1.1", reason="wrong answers")
    known = take_over(failed, resource(version="v1.1", condition=READY))
    assert known["v1.1"].status is Status.FAILED
    assert settle(known)[0].current == "v1.0"


def test_eight_hundred_releases_fit_into_the_annotation() -> None:
    """The record of 800 releases fits into what Kubernetes takes, as the page says."""
    registry = VersionRegistry()
    for release in range(800):
        body = resource(version=f"v1.{release}", condition=READY)
        registry = take_over(registry, body)
    assert registry.revision == 2400
    assert len(json.dumps(registry.to_dict())) < MOST_ANNOTATIONS
