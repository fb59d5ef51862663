"""People, operators and other controllers in a cluster; and a race of operators, counted.

`python -m tests.tools.deployments.cluster --rounds 25 --processes 4` prints the figures.
"""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs
import kmock

from docs.examples import kubernetes_rollback
from docs.examples.kubernetes_rollback import read_record
from lastgood import Status, VersionRegistry
from tests.tools.deployments.kubernetes import GROUP, KIND, PLURAL, Kubernetes

PATH: Final = f"/apis/{GROUP}/v1/namespaces/default/{PLURAL}/churn"
#: Seconds after which nothing more is to be expected, on the slowest machine.
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
        """The record that the operator keeps in the resource."""
        return read_record(self.churn)

    def said(self) -> str:
        """The text of the status, which people read."""
        return str(self.churn.get("status", {}).get("rollback", ""))

    async def want(self, version: str) -> None:
        """Do what a person does: put a version into the spec; and wait until it is recorded."""
        await self.patch("", {"spec": {"version": version}})
        await self.until(lambda: version in self.registry)

    async def report(self, condition: Condition, *, lag: int = 0) -> None:
        """Report how the version of this spec is doing, as the deploying controller does.

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
        """Wait until something has happened."""
        async with asyncio.timeout(PATIENCE):
            while not happened():  # noqa: ASYNC110 - other processes set no event of this one
                await asyncio.sleep(0.02)

    def log(self) -> bytes:
        """The log of the operators that were started last."""
        return b"".join(log.read_bytes() for log in self.folder.glob("*.log"))

    async def settled(self) -> None:
        """Wait until the operators have seen everything, and have nothing to add to it."""
        before = -1
        while before != self.server.patches + self.server.conflicts + self.server.refusals:
            before = self.server.patches + self.server.conflicts + self.server.refusals
            await asyncio.sleep(1.5)  # longer than kopf waits after a conflict

    @asynccontextmanager
    async def operator(self, *, processes: int = 1) -> AsyncGenerator[None, None]:
        """Run the operator as a team does, in several processes."""
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


async def v1_1_serves_after_a_stable_v1_0(cluster: Cluster) -> None:
    """Do what comes before every incident."""
    await cluster.until(lambda: cluster.registry.current == "v1.0")
    await cluster.report(READY)
    await cluster.until(lambda: cluster.registry["v1.0"].status is Status.STABLE)
    await cluster.want("v1.1")


def rollbacks(registry: VersionRegistry) -> int:
    """Return how many rollbacks were recorded."""
    return sum(event.kind == "rolled_back" for event in registry.events)


@attrs.frozen
class Figures:
    """The counts of a race: right is one failure and one rollback for each round.

    Args:
        failures: How many were recorded.
        rollbacks: How many were recorded.
        conflicts: How many patches were refused, because somebody else was quicker.
        current: The version that is on record as current.
    """

    failures: int
    rollbacks: int
    conflicts: int
    current: str | None


async def race(cluster: Cluster, *, rounds: int, processes: int) -> Figures:
    """Let several operators see one failed version after the other."""
    async with cluster.operator(processes=processes):
        await v1_1_serves_after_a_stable_v1_0(cluster)
        for number in range(1, rounds + 1):
            await cluster.report(FAILED)
            await cluster.until(lambda: cluster.churn["spec"]["version"] == "v1.0")
            await cluster.want(f"v1.{number + 1}")
        await cluster.settled()
    recorded = Counter(event.kind for event in cluster.registry.events)
    return Figures(
        recorded["marked_failed"],
        recorded["rolled_back"],
        cluster.server.conflicts,
        cluster.registry.current,
    )


@asynccontextmanager
async def cluster_in(folder: Path) -> AsyncGenerator[Cluster, None]:
    """Start a cluster in which ``churn`` shall serve v1.0."""
    async with Kubernetes() as server, kmock.Server(server):
        server.create("churn", version="v1.0", annotations={})
        yield Cluster(server, folder)


async def main() -> None:
    """Run a race with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--rounds", type=int, default=25)
    _ = parser.add_argument("--processes", type=int, default=4)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        async with cluster_in(Path(folder)) as cluster:
            print(await race(cluster, rounds=arguments.rounds, processes=arguments.processes))


if __name__ == "__main__":
    asyncio.run(main())
