"""People, operators and other controllers in a cluster; and a race of operators, counted.

`python -m tests.tools.deployments.cluster --rounds 25 --processes 4` prints the figures.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs

from docs.examples import kubernetes_rollback
from docs.examples.kubernetes_rollback import registry_of
from lastgood import Status, VersionRegistry
from tests.tools.deployments.kubernetes.manifest import PATH
from tests.tools.deployments.kubernetes.memory import in_memory
from tests.tools.deployments.kubernetes.served import Served

#: Seconds after which nothing more is to be expected, on the slowest machine.
PATIENCE: Final = 60

FAILED: Final = ("False", "ProgressDeadlineExceeded", "p99 latency 900 ms")
READY: Final = ("True", "Loaded", "")

Condition = tuple[str, str, str]


@attrs.frozen
class Cluster:
    """An API server with one object, and what people and other controllers do there."""

    served: Served
    folder: Path
    name: str = "churn"

    @property
    def churn(self) -> Mapping[str, Any]:
        """The object, as the API server holds it."""
        return self.served.get(self.name)

    @property
    def wanted(self) -> str:
        """The version in the spec."""
        return str(self.churn["spec"]["version"])

    @property
    def registry(self) -> VersionRegistry:
        """The record that the operator keeps in the object."""
        return registry_of(self.churn)

    def said(self, key: str = "outcome") -> str:
        """Return a text of the status, which people read."""
        return str(self.churn.get("status", {}).get("rollback", {}).get(key, ""))

    def want(self, version: str) -> None:
        """Do what a person does: put a version into the spec; and wait until it is recorded."""
        self.patch("", {"spec": {"version": version}})
        self.until(lambda: version in self.registry)

    def report(self, condition: Condition) -> None:
        """Report how the version of this spec is doing, as the deploying controller does.

        Args:
            condition: The status, the reason and the message of the condition ``Ready``.
        """
        status, reason, message = condition
        ready = {"type": "Ready", "status": status, "reason": reason, "message": message}
        observed = {"observedGeneration": self.churn["metadata"]["generation"]}
        self.patch("/status", {"status": {"conditions": [ready | observed]}})

    def annotate(self, annotation: str, value: str | None) -> None:
        """Annotate the object as `kubectl annotate` does."""
        self.patch("", {"metadata": {"annotations": {annotation: value}}})

    def patch(self, subresource: str, patch: Mapping[str, Any]) -> None:
        """Patch the object as `kubectl patch` does."""
        status, said = self.served.ask("PATCH", f"{PATH}/{self.name}{subresource}", patch)
        assert status == 200, said

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end, self.log().decode()[-5000:]
            time.sleep(0.05)

    def log(self) -> bytes:
        """The log of the operators that were started last."""
        return b"".join(log.read_bytes() for log in self.folder.glob("*.log"))

    def settled(self) -> None:
        """Wait until the operators have seen everything, and have nothing to add to it."""
        gate, before = self.served.gate, -1
        while before != gate.patches + gate.conflicts + gate.refusals:
            before = gate.patches + gate.conflicts + gate.refusals
            time.sleep(0.8)  # longer than an event takes

    @contextmanager
    def operator(self, *, processes: int = 1) -> Generator[None]:
        """Run the operator as a team does, in several processes."""
        operators = [self._start(number) for number in range(processes)]
        try:
            yield
        finally:
            for operator in operators:
                operator.kill()  # as a node does that goes down
            _ = [operator.wait() for operator in operators]

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        config = self.folder / "kubeconfig"
        _ = config.write_text(json.dumps(self.served.kubeconfig("operator")), "utf-8")
        run = ["-m", "kopf", "run", "--standalone", "--all-namespaces"]
        with (self.folder / f"operator-{number}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, *run, str(kubernetes_rollback.__file__)],
                env=os.environ | {"KUBECONFIG": str(config)},
                stderr=log,
            )


def v1_1_serves_after_a_stable_v1_0(cluster: Cluster) -> None:
    """Do what comes before every incident."""
    cluster.until(lambda: cluster.registry.current == "v1.0")
    cluster.report(READY)
    cluster.until(lambda: cluster.registry["v1.0"].status is Status.STABLE)
    cluster.want("v1.1")


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


def race(cluster: Cluster, *, rounds: int, processes: int) -> Figures:
    """Let several operators see one failed version after the other."""
    with cluster.operator(processes=processes):
        v1_1_serves_after_a_stable_v1_0(cluster)
        for number in range(1, rounds + 1):
            cluster.report(FAILED)
            cluster.until(lambda: cluster.wanted == "v1.0")
            cluster.want(f"v1.{number + 1}")
        cluster.settled()
    recorded = Counter(event.kind for event in cluster.registry.events)
    return Figures(
        recorded["marked_failed"],
        recorded["rolled_back"],
        cluster.served.gate.conflicts,
        cluster.registry.current,
    )


def main() -> None:
    """Run a race with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--rounds", type=int, default=25)
    _ = parser.add_argument("--processes", type=int, default=4)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder, in_memory() as served:
        served.create("churn", "v1.0")
        cluster = Cluster(served, Path(folder))
        print(race(cluster, rounds=arguments.rounds, processes=arguments.processes))


if __name__ == "__main__":
    main()
