"""An Airflow DAG that records a monitor's verdict, and goes back if the version failed.

The verdict and the policy are parameters of the DAG: the monitor, or a person, starts a run with
them as ``conf``. A file in the folder of DAGs has the line ``GO = rollback_dag(store, world)``:
``store("prod")`` opens a store such as a `SqliteStore`, and the world is one of ``driver.py``.
"""

# Airflow is not where types are checked: its releases pin what others of our tools need newer.
# mypy: disable-error-code="import-not-found, untyped-decorator, no-any-unimported"
# pyright: basic, reportMissingImports=false, reportCallIssue=false

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

from airflow.sdk import DAG, Param, dag, task
from airflow.sdk.exceptions import AirflowFailException
from driver import Store, World, run

from lastgood import VersionRegistry, strategy_from_dict
from lastgood.control import Conversation, Done, MarkFailed, MarkStable, Outcome, keep, record

#: Opens the record of a name. Open the connection here: each task runs in its own process.
Stores: TypeAlias = Callable[[str], Store]

#: What a run is given. The label is the one that the monitor watched.
PARAMS: Final = {
    "registry": Param("prod", type="string"),
    "version": Param(None, type=["null", "string"]),
    "healthy": Param(default=False, type="boolean"),
    "reason": Param("", type="string"),
    "by": Param("monitor", type="string"),
    "strategy": Param({"last_stable": {}}, type="object"),
    "looks": Param(3, type="integer"),
}
#: A task may be tried again without harm: what the first try did is on record.
AGAIN: Final = {"retries": 2, "retry_delay": timedelta(seconds=0)}


def rollback_dag(store: Stores, world: World) -> DAG:
    """Return the DAG: record a verdict, then let the loop decide and act."""

    @dag("go_back", schedule=None, params=PARAMS, default_args=AGAIN, catchup=False)
    def go_back() -> None:
        @task
        def judge(params: dict[str, Any]) -> str:
            """Record the verdict; return how that ended."""
            kind = MarkStable if params["healthy"] else MarkFailed
            verdict = kind(params["version"], reason=params["reason"], by=params["by"])
            talk = run(record(verdict, VersionRegistry()), store(params["registry"]))
            # Good news about a version that failed is refused, and changes nothing.
            return succeeded(talk, *([Outcome.REFUSED] if params["healthy"] else []))

        @task
        def settle(params: dict[str, Any], run_id: str) -> str:
            """Roll back if the version that must serve failed, and move the world."""
            policy, by = strategy_from_dict(params["strategy"]), f"airflow {run_id}"
            talk = keep(policy, VersionRegistry(), looks=params["looks"], by=by)
            return succeeded(run(talk, store(params["registry"]), world))

        _ = judge() >> settle()

    return go_back()


def succeeded(talk: Conversation, *also: Outcome) -> str:
    """Return why all is well; otherwise fail, and try again only if nobody has to decide."""
    match talk.wants:
        case Done(outcome, said) if outcome in {Outcome.SETTLED, *also}:
            return said
        case Done(Outcome.GAVE_UP, said):
            raise TimeoutError(said)
        case ended:
            raise AirflowFailException(str(ended))
