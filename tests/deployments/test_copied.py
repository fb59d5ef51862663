"""The examples of the pages work where they are copied to: a folder with nothing else in it."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import lastgood
from tests.deployments.conftest import Served
from tests.tools.deployments.needs import need_module

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"

#: How each kind of store is opened, from the copied file. ``address`` and ``name`` are set.
OPENED: Final = {
    "file": """
from pathlib import Path
from ci_rollback import FileStore
store = FileStore(Path(address) / f"{name}.json")
""",
    "sqlite": """
from sqlite_store import SqliteStore, connect
store = SqliteStore(connect(address), name)
""",
    "postgresql": """
from postgresql_store import PostgresqlStore, connect
store = PostgresqlStore(connect(address), name)
""",
    "postgresql_row": """
from postgresql_store import PostgresqlRowStore, connect
store = PostgresqlRowStore(connect(address), name)
""",
    "redis": """
from redis_store import RedisStore, connect
store = RedisStore(connect(f"redis://127.0.0.1:{address}"), name)
""",
    "etcd": """
from http.client import HTTPConnection
from etcd_store import EtcdStore
store = EtcdStore(lambda: HTTPConnection("127.0.0.1", int(address), timeout=30), name)
""",
    "dynamodb": """
from dynamodb_store import DynamoDbStore, connect
store = DynamoDbStore(connect(
    endpoint_url=address, region_name="us-east-1",
    aws_access_key_id="nobody", aws_secret_access_key="nothing",
), name)
""",
}

#: What a team writes around a store and a world: an update fails.
INCIDENT: Final = """
from driver import run
from lastgood import LastStable, VersionRegistry
from lastgood.control import Deploy, MarkFailed, MarkStable, Register, Seen, keep, record

nothing = VersionRegistry()

def began(store, metadata=(None, None)):
    for label, facts in zip(["1", "2"], metadata):
        run(record([Register(label, metadata=facts), Deploy(label)], nothing), store)
        if label == "1":
            run(record(MarkStable(label), nothing), store)

def ended(store, world):
    run(record(MarkFailed("2"), nothing), store)
    done = run(keep(LastStable(), nothing), store, world).wants
    print(done.outcome, world.look().version)

class World:
    def __init__(self, version="2"):
        self.seen = Seen(version, 0)

    def look(self):
        return self.seen

    def serve(self, version, revision):
        self.seen = Seen(version, revision)
        return True
"""


def run_copied(folder: Path, files: list[str], script: str) -> str:
    """Copy the files into the folder, run a script beside them, and return what it prints."""
    for file in files:
        _ = shutil.copy(EXAMPLES / file, folder)
    _ = (folder / "script.py").write_text(script, "utf-8")
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DAGSTER_DISABLE_TELEMETRY": "true"}
    ran = subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        # Of this tree the library only, wherever it is installed.
        env=os.environ | quiet | {"PYTHONPATH": str(Path(lastgood.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_one_file(path: Path) -> None:
    """It can be copied out of the tree: it imports no other example."""
    tree = ast.parse(path.read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name is None or name.startswith(("docs", "tests"))}


def test_a_copied_store_keeps_the_record(served: Served, name: str, tmp_path: Path) -> None:
    """The store, the driver and the library are all that the loop needs."""
    file = {"file": "ci_rollback.py", "postgresql_row": "postgresql_store.py"}.get(
        served.kind, f"{served.kind}_store.py"
    )
    script = f"address, name = {served.address!r}, {name!r}\n{OPENED[served.kind]}{INCIDENT}"
    script += "began(store)\nended(store, World())\n"

    assert run_copied(tmp_path, ["driver.py", file], script) == "settled 1\n"


def test_copied_parts_move_together(tmp_path: Path) -> None:
    """With a store and the driver beside it."""
    script = f"""{INCIDENT}
from move_together import Together
from sqlite_store import SqliteStore, connect

store = SqliteStore(connect("record.db"), "prod")
began(store, [{{"model": "m1", "features": "f1"}}, {{"model": "m2", "features": "f2"}}])
parts = {{"model": World("m2"), "features": World("f2")}}
ended(store, Together(lambda: nothing.extend(store.load(0, nothing.fingerprint)), parts))
print([part.look().version for part in parts.values()])
"""
    files = ["driver.py", "move_together.py", "sqlite_store.py"]

    assert run_copied(tmp_path, files, script) == "settled 1\n['m1', 'f1']\n"


def test_a_copied_alias_goes_back(tmp_path: Path) -> None:
    """MLflow with the record in a store."""
    need_module("mlflow", "mlflow")
    script = f"""{INCIDENT}
from pathlib import Path
from mlflow_rollback import ALIAS, Alias, connect as connect_mlflow
from sqlite_store import SqliteStore, connect

client = connect_mlflow(Path())
client.create_registered_model("it's")
for version in ["1", "2"]:
    client.create_model_version("it's", "file:///nowhere")
client.set_registered_model_alias("it's", ALIAS, "2")
store = SqliteStore(connect("record.db"), "it's")
began(store)
ended(store, Alias(client, "it's"))
print(client.get_model_version_by_alias("it's", ALIAS).version)
"""
    files = ["driver.py", "mlflow_rollback.py", "sqlite_store.py"]

    assert run_copied(tmp_path, files, script) == "settled 1\n1\n"


def test_a_copied_dagster_job_goes_back(tmp_path: Path) -> None:
    """The job has a driver of its own."""
    need_module("dagster", "deployments")
    script = f"""{INCIDENT}
from dagster_rollback import go_back
from sqlite_store import SqliteStore, connect

connection, world = connect("record.db"), World()
began(SqliteStore(connection, "prod"))
verdict = {{"registry": "prod", "version": "2", "healthy": False}}
policy = {{"strategy": LastStable().to_dict()}}
result = go_back.execute_in_process(
    run_config={{"ops": {{"judge": {{"config": verdict}}, "settle": {{"config": policy}}}}}},
    resources={{"store": lambda name: SqliteStore(connection, name), "world": world}},
)
print(result.output_for_node("settle"), world.look().version)
"""

    printed = run_copied(tmp_path, ["driver.py", "dagster_rollback.py", "sqlite_store.py"], script)
    assert printed == "'1' serves, as recorded at revision 7 1\n"
