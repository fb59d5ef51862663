"""The loop as a Temporal workflow, on a real server, with a worker that forgets everything."""

# Temporal's server for tests has a parameter of an unknown kind, which strict checking minds.
# pyright: reportUnknownMemberType=false

import asyncio
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import attrs
import pytest

from lastgood import LastStable, VersionRegistry
from tests.tools.deployments.needs import missing, need_module

need_module("temporalio", "deployments")
PROGRAM = shutil.which("temporal", path=str(Path(sys.executable).parent)) or shutil.which(
    "temporal"
)
if PROGRAM is None:
    missing("no program temporal", "uv sync --group deployments")

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from docs.examples.temporal_loop import Model


@attrs.define
class World:
    """A world in memory, whose answers can be lost."""

    version: str | None
    revision: int
    lost: int = 0
    moves: list[str | None] = attrs.field(factory=list[str | None])

    @activity.defn(name="look")
    async def look(self) -> dict[str, Any]:
        """Return what serves."""
        return {"version": self.version, "revision": self.revision}

    @activity.defn(name="serve")
    async def serve(self, version: str | None, revision: int) -> bool:
        """Serve this version, unless a later revision was asked for."""
        if revision < self.revision:
            return False
        if revision > self.revision:
            self.moves.append(version)
        self.version, self.revision = version, revision
        if self.lost:
            self.lost -= 1
            raise ConnectionResetError
        return True


def updated() -> VersionRegistry:
    """Return the record of a stable v1, and of an update to v2."""
    now = datetime.now(UTC)
    registry = VersionRegistry().register("v1").deploy("v1", at=now).mark_stable("v1")
    return registry.register("v2").deploy("v2", replacing="v1", at=now)


async def until(
    handle: WorkflowHandle[Any, Any], holds: Callable[[VersionRegistry, str], bool]
) -> VersionRegistry:
    """Wait until something holds of the record and of the latest end; return the record."""
    async with asyncio.timeout(60):
        while True:
            record = VersionRegistry.from_dict(await handle.query(Model.record))
            if holds(record, await handle.query(Model.ended)):
                return record
            await asyncio.sleep(0.05)


async def rolled_back(client: Client, world: World) -> VersionRegistry:
    """Tell a workflow that v2 failed, twice, and something that is not true; return its record."""
    queue = str(uuid4())
    worker = Worker(
        client,
        task_queue=queue,
        workflows=[Model],
        activities=[world.look, world.serve],
        max_cached_workflows=0,  # everything is replayed from the history at each step
    )
    async with worker:
        handle = await client.start_workflow(
            Model.run,
            args=[updated().to_dict(), LastStable().to_dict(), 0.2],
            id=f"churn-{queue}",
            task_queue=queue,
        )
        _ = await until(handle, lambda _, ended: ended.startswith("settled: 'v2' serves"))
        await handle.signal(Model.tell, {"kind": "deployed", "version": "v9"})
        for _ in range(2):
            verdict = {"kind": "marked_failed", "version": "v2", "reason": "p99 900 ms"}
            await handle.signal(Model.tell, verdict)
        record = await until(handle, lambda _, ended: ended.startswith("settled: 'v1' serves"))
        await handle.terminate()
    return record


@pytest.mark.parametrize("lost", [0, 1])
def test_a_failed_update_is_rolled_back_once(lost: int) -> None:
    """The verdict comes twice, an answer is lost, and the worker replays the history each time."""
    world = World("v1", 0, lost)

    async def main() -> VersionRegistry:
        environment = await WorkflowEnvironment.start_local(dev_server_existing_path=PROGRAM)
        async with environment:
            return await rolled_back(environment.client, world)

    record = asyncio.run(main())
    back = [place for place, event in enumerate(record.events) if event.kind == "rolled_back"]
    assert len(back) == 1
    assert record.events[back[0]].by.startswith("workflow ")
    assert world.moves == ["v2", "v1"]
    # The verdict that came twice may be on record after the rollback, and changes nothing.
    assert (world.version, world.revision) == ("v1", back[0] + 1)
