"""Runs the DAG of `docs/how-to/dagster.md` in Airflow, and says what came of it.

An Airflow has an environment of its own, since it pins what others need newer. Its Python runs this
module; the tests read what it prints, a run a line.
"""

# As in docs/examples/airflow_rollback.py.
# mypy: disable-error-code="import-not-found, no-any-unimported"
# pyright: basic, reportMissingImports=false

import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from docs.examples.airflow_rollback import rollback_dag
from docs.examples.driver import Store
from docs.examples.sqlite_store import TABLE, SqliteStore
from lastgood import Event, VersionRegistry
from lastgood.control import Seen
from tests.tools.deployments.records import NOTHING, append, load

#: What a file in the folder of DAGs says: Airflow reads the DAG from there as well.
DAG_FILE: Final = """\
# A DAG of Airflow, which reads no file without these two words.
from tests.tools.deployments.airflow import GO_BACK
"""
#: The moments at which a worker dies once.
MOMENTS: Final = tuple(
    f"{when} {what}"
    for what in ("marked_failed", "rolled_back", "the move")
    for when in ("before", "after")
)


@attrs.define
class Site:
    """A store and a world, and the moment at which a worker dies once."""

    connection: sqlite3.Connection
    version: str | None = "v1.1"
    revision: int = 0
    moves: int = 0
    broken: str = ""
    moment: str = ""

    def strike(self, moment: str) -> None:
        """Let the worker die if this is the moment."""
        if moment == self.moment:
            self.moment = ""
            raise RuntimeError(f"died {moment}")

    def store(self, name: str) -> Store:
        """Open the record of a name."""
        return Troubled(SqliteStore(self.connection, name), self)

    def look(self) -> Seen:
        """Return the version that serves."""
        return Seen(self.version, self.revision)

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Let this version serve, unless it is broken."""
        self.strike("before the move")
        if revision < self.revision:
            return False
        self.moves += revision > self.revision
        self.version = self.version if version == self.broken else version
        self.revision = revision
        self.strike("after the move")
        return True

    def begin(self, *, broken: str = "", moment: str = "") -> None:
        """Begin anew: v1.1 serves after two stable versions."""
        _ = self.connection.execute("DELETE FROM lastgood")
        table = {"v0.9": "stable", "v1.0": "stable", "v1.1": "unproven"}
        registry = VersionRegistry.from_statuses(table, current="v1.1")
        assert append(self.store, "prod", NOTHING, registry)
        self.version, self.revision, self.moves = "v1.1", registry.deployments[-1].revision, 0
        self.broken, self.moment = broken, moment


@attrs.frozen
class Troubled:
    """A record that somebody dies at."""

    store: Store
    site: Site

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the record."""
        return self.store.load(since, fingerprint)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record all of the news or nothing."""
        self.site.strike(f"before {events[0].kind}")
        appended = self.store.append(before, fingerprint, events)
        self.site.strike(f"after {events[0].kind}")
        return appended


SITE: Final = Site(sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None))
_ = SITE.connection.execute(TABLE)
GO_BACK: Final = rollback_dag(SITE.store, SITE)


def run(name: str, **conf: Any) -> None:
    """Run the DAG once and print what came of it.

    All of the parameters are given: a test run keeps those of the one before it.
    """
    verdict: dict[str, Any] = {"version": "v1.1", "healthy": False, "reason": "p99 900 ms"}
    verdict |= {"strategy": {"last_stable": {}}, "looks": 1}
    done = GO_BACK.test(run_conf=verdict | conf)
    registry = load(SITE.store, "prod")
    facts = {
        "name": name,
        "state": done.state,
        "tries": {task.task_id: task.try_number for task in done.get_task_instances()},
        "states": {task.task_id: task.state for task in done.get_task_instances()},
        "current": registry.current,
        "serves": SITE.version,
        "moves": SITE.moves,
        "revision": registry.revision,
        "rollbacks": sum(event.kind == "rolled_back" for event in registry.events),
        "statuses": {version.label: version.status_text for version in registry.values()},
    }
    print(f"\nRUN {json.dumps(facts)}", flush=True)


def stories() -> None:
    """Run the DAG in good and bad circumstances."""
    SITE.begin()
    run("bad verdict")
    run("repeated")
    run("late good verdict", healthy=True)
    run("about another", version="v0.9")
    for moment in MOMENTS:
        SITE.begin(moment=moment)
        run(moment)
    SITE.begin(broken="v1.0")
    run("target down")
    SITE.begin()
    run("healthy", healthy=True)
    SITE.begin()
    run("no way back", strategy={"pinned": {"version": "v7"}})


def main() -> None:
    """Make the database of Airflow in its home, and run the stories."""
    from airflow.utils.db import initdb  # noqa: PLC0415  # it makes a home when it is imported

    dags = Path(os.environ["AIRFLOW_HOME"]) / "dags"
    dags.mkdir(parents=True, exist_ok=True)
    _ = (dags / "go_back.py").write_text(DAG_FILE, "utf-8")
    initdb()
    stories()
