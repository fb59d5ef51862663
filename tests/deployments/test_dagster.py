"""The job of `docs/how-to/dagster.md`, run by Dagster, with its record in SQLite."""

# Dagster leaves the kind of some parameters open, which strict checking minds.
# pyright: reportUnknownMemberType=false

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import attrs
import pytest

from tests.tools.deployments.needs import need_module

need_module("dagster", "deployments")

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "true"

import dagster as dg

from docs.examples.dagster_rollback import Store, Stores, go_back
from docs.examples.driver import run
from docs.examples.sqlite_store import SqliteStore, connect
from lastgood import Event, InvalidData, LastStable, Pinned, Status, VersionRegistry
from lastgood.control import Observe, RollBack, Seen, keep
from lastgood.rules import AtLeast
from tests.tools.deployments.records import NOTHING, append, change, load

STRATEGY = Pinned("v1.4") | LastStable().where(AtLeast("0.9"))


#: Runs a test of this module, and dies as soon as anything in it wants to talk to the network.
OFFLINE: Final = """
import os, sys

def hang_up(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        os.write(2, f"{event} {args}".encode())
        os._exit(99)

sys.addaudithook(hang_up)

import pytest

sys.exit(pytest.main(["-q", "-n0", "-p", "no:cacheprovider", sys.argv[1]]))
"""


class Died(Exception):
    """A worker is gone."""


def die() -> None:
    """Do what happens to a worker in the middle of its work."""
    raise Died


@attrs.define
class Trouble:
    """An accident that happens once, at a named moment: a worker dies, or somebody is quicker."""

    moment: str = ""
    happens: Callable[[], object] = die

    def strike(self, moment: str) -> None:
        """Let it happen if this is the moment."""
        if moment == self.moment:
            self.moment = ""
            _ = self.happens()


@attrs.frozen
class Record:
    """Stores whose worker may die while a rollback is written: right before it, or after."""

    store: Stores
    trouble: Trouble

    def __call__(self, name: str) -> "Troubled":
        """Open the record of a name."""
        return Troubled(self.store(name), self.trouble)


@attrs.frozen
class Troubled:
    """A record that somebody dies at."""

    store: Store
    trouble: Trouble

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the record."""
        return self.store.load(since, fingerprint)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record all of the news or nothing."""
        self.trouble.strike(f"before {events[0].kind}")
        appended = self.store.append(before, fingerprint, events)
        self.trouble.strike(f"after {events[0].kind}")
        return appended


@attrs.define
class Served:
    """The version that serves, and how often it was moved; a worker may die while it moves it.

    A version that is broken does not come up: the version before it serves still.
    """

    trouble: Trouble
    version: str | None = "v1.1"
    revision: int = 0
    moves: int = 0
    broken: str = ""

    def look(self) -> Seen:
        """Return the version that serves."""
        return Seen(self.version, self.revision)

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Let this version serve."""
        self.trouble.strike("before the move")
        if revision < self.revision:
            return False
        self.moves += revision > self.revision
        self.version = self.version if version == self.broken else version
        self.revision = revision
        self.trouble.strike("after the move")
        return True


@attrs.frozen
class Site:
    """A site where v1.1 serves after two stable versions, with its record, and Dagster."""

    instance: dg.DagsterInstance
    store: Stores
    world: Served
    trouble: Trouble

    def run(
        self,
        *,
        version: str = "v1.1",
        healthy: bool = False,
        reason: str = "p99 latency 900 ms",
        policy: object = None,
    ) -> dg.ExecuteInProcessResult:
        """Run the job on a verdict, as a sensor does."""
        verdict = {"registry": "prod", "version": version, "healthy": healthy, "reason": reason}
        strategy = json.loads(json.dumps(STRATEGY.to_dict() if policy is None else policy))
        return go_back.execute_in_process(
            run_config={
                "ops": {
                    "judge": {"config": verdict},
                    "settle": {"config": {"strategy": strategy, "looks": 1}},
                }
            },
            resources={"store": Record(self.store, self.trouble), "world": self.world},
            instance=self.instance,
            raise_on_error=False,
        )

    @property
    def registry(self) -> VersionRegistry:
        """The registry on record."""
        return load(self.store, "prod")

    @property
    def rollbacks(self) -> int:
        """How many rollbacks are on record."""
        return sum(event.kind == "rolled_back" for event in self.registry.events)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of its own, whose Dagster lives in a folder of its own."""
    table = {"v0.9": "stable", "v1.0": "stable", "v1.1": "unproven"}
    with (
        dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance,
        closing(connect(":memory:")) as connection,
    ):
        store, trouble = partial(SqliteStore, connection), Trouble()
        registry = VersionRegistry.from_statuses(table, current="v1.1")
        assert append(store, "prod", NOTHING, registry)
        world = Served(trouble, revision=registry.deployments[-1].revision)
        yield Site(instance, store, world, trouble)


def attempts(result: dg.ExecuteInProcessResult, op: str) -> int:
    """Return how often Dagster started an op."""
    return sum(
        event.step_key == op
        for event in result.all_events
        if event.event_type_value in {"STEP_START", "STEP_RESTARTED"}
    )


def test_a_bad_verdict_takes_the_world_back(site: Site) -> None:
    """The verdict is on record with its reason, the target serves, and the job says which it is."""
    result = site.run()

    assert result.success
    assert result.output_for_node("settle") == "'v1.0' serves, as recorded at revision 10"
    assert site.world.version == "v1.0"
    assert site.registry["v1.1"].status_text == "failed: p99 latency 900 ms"
    assert site.registry.current == "v1.0"


def test_a_good_verdict_is_recorded_once_and_moves_nothing(site: Site) -> None:
    """The version is stable, and the same verdict on the next day adds nothing."""
    assert site.run(healthy=True, reason="24 h without an alarm").success
    recorded = site.registry
    assert recorded["v1.1"].status_text == "stable: 24 h without an alarm"

    assert site.run(healthy=True, reason="24 h without an alarm").success

    assert site.registry == recorded
    assert site.world.moves == 0


def test_the_policy_travels_as_data(site: Site) -> None:
    """The strategy on record is the one that was written into the run config as plain JSON."""
    assert site.run().success
    assert site.registry.events[-1].strategy == repr(STRATEGY)


@pytest.mark.parametrize(
    ("moment", "op"),
    [
        ("before marked_failed", "judge"),
        ("after marked_failed", "judge"),
        ("before rolled_back", "settle"),
        ("after rolled_back", "settle"),
        ("before the move", "settle"),
        ("after the move", "settle"),
    ],
)
def test_a_task_that_died_and_is_tried_again_steps_back_once(
    site: Site, moment: str, op: str
) -> None:
    """Whenever the first try dies, right before it wrote or right after, there is one step back."""
    site.trouble.moment = moment

    result = site.run()

    assert result.success
    assert attempts(result, op) == 2
    assert site.rollbacks == 1
    assert site.world.moves == 1
    assert site.world.version == site.registry.current == "v1.0"


def test_of_two_runs_at_once_one_decides(site: Site) -> None:
    """A run that reads at the same time and writes later finds the rollback done."""
    site.trouble.moment = "before rolled_back"
    world = Served(Trouble(), revision=site.world.revision)
    site.trouble.happens = lambda: run(keep(STRATEGY, NOTHING), site.store("prod"), world)

    result = site.run()

    assert result.success
    assert attempts(result, "settle") == 1
    assert site.rollbacks == site.world.moves == 1
    assert site.world.version == "v1.0"


def test_a_run_that_is_repeated_does_nothing_again(site: Site) -> None:
    """The same run config, run again, finds that v1.1 is left."""
    assert site.run().success
    recorded = site.registry

    assert site.run().success

    assert site.registry == recorded
    assert site.world.moves == 1


def test_bad_news_about_another_version_is_recorded_and_moves_nothing(site: Site) -> None:
    """A verdict that comes late, about a version that serves no more, leaves the healthy one."""
    assert site.run(version="v1.0").success

    assert site.registry["v1.0"].status is Status.FAILED
    assert site.registry.current == site.world.version == "v1.1"


def test_a_held_version_that_a_person_puts_back_stays(site: Site) -> None:
    """The same run config, run again, does not leave a version that did not fail."""
    held = LastStable().plan(site.registry, leaving="v1.1")
    _ = change(site.store("prod"), RollBack(held), Observe("v1.1", by="ana"))

    assert site.run(healthy=True).success

    assert site.registry.current == site.world.version == "v1.1"
    assert site.registry["v1.1"].status is Status.STABLE


def test_a_target_that_does_not_come_up_fails_the_run(site: Site) -> None:
    """Nobody judges it: the run fails, a repeated one as well, and a person names the version."""
    site.world.broken = "v1.0"
    result = site.run()
    assert not result.success
    assert attempts(result, "settle") == 1
    failure = str(result.failure_data_for_node("settle"))
    assert "target_down: 'v1.0' does not come up" in failure
    assert "No verdict was recorded" in failure
    recorded = site.registry
    assert recorded["v1.0"].status is Status.STABLE

    assert not site.run().success
    assert site.registry == recorded

    assert site.run(version="v1.0", reason="does not load").success
    assert site.world.version == site.registry.current == "v0.9"


def test_without_a_way_back_the_run_fails_at_once(site: Site) -> None:
    """The error lists what was considered; nothing moves, and the verdict stays."""
    assert site.run(version="v0.9").success
    assert site.run(version="v1.0").success

    result = site.run()

    assert not result.success
    assert attempts(result, "settle") == 1
    failure = result.failure_data_for_node("settle")
    assert failure is not None
    assert "no_target: No way back from v1.1" in str(failure.user_failure_data)
    assert site.world.moves == 0
    assert site.registry.needs_rollback


def test_a_policy_with_a_mistake_fails_and_moves_nothing(site: Site) -> None:
    """A policy with a wrong name in it is refused, before anything is decided."""
    result = site.run(policy={"last_stabel": {}})

    assert not result.success
    failure = result.failure_data_for_node("settle")
    assert failure is not None
    assert InvalidData.__name__ in str(failure)
    assert "data: unknown strategy 'last_stabel'; did you mean 'last_stable'?" in str(failure)
    assert site.registry["v1.1"].status is Status.FAILED
    assert site.rollbacks == site.world.moves == 0


def test_a_late_good_verdict_does_not_clear_a_failed_version(site: Site) -> None:
    """Good news about a version that failed changes nothing, and the run goes on."""
    assert site.run().success
    recorded = site.registry

    assert site.run(healthy=True).success

    assert site.registry == recorded
    assert site.world.version == "v1.0"


def test_a_verdict_on_an_unknown_version_fails_at_once(site: Site) -> None:
    """A typing mistake in the run config is named, and not tried again."""
    result = site.run(version="v1.l")

    assert not result.success
    assert attempts(result, "judge") == 1
    assert "did you mean 'v1.1'" in str(result.failure_data_for_node("judge"))


def test_an_answer_that_is_lost_is_asked_for_again(site: Site) -> None:
    """A connection that breaks after the append does not fail the op: it reads, and goes on."""
    site.trouble.moment, site.trouble.happens = "after rolled_back", lose

    result = site.run()

    assert result.success
    assert attempts(result, "settle") == 1
    assert site.rollbacks == site.world.moves == 1


def lose() -> None:
    """Do what happens to a connection."""
    raise ConnectionResetError


def test_the_job_talks_to_nobody() -> None:
    """Dagster needs no server, no daemon and no network to run the job."""
    test = f"{__file__}::test_a_bad_verdict_takes_the_world_back"
    ran = subprocess.run(
        [sys.executable, "-c", OFFLINE, test],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
