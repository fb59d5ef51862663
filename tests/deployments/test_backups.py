"""The backups that the pages name can be made, and hold the whole record."""

import os
import re
import shlex
import subprocess
from pathlib import Path

from lastgood import VersionRegistry
from tests.package.discovery import ROOT
from tests.tools.deployments.kinds.kind import FOLDERS, kind_of, need
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.needs import need_program
from tests.tools.deployments.records import append, load

REGISTRY = VersionRegistry.from_statuses({"v1.0": "stable", "v1.1": "failed"}, current="v1.1")


def shown(page: str, begin: str) -> list[str]:
    """Return the words of a command that a page shows in a sentence."""
    text = (ROOT / "docs" / "how-to" / page).read_text("utf-8")
    (command,) = re.findall(f"`({re.escape(begin)}[^`]*)`", text)
    return shlex.split(str(command))


def run(*command: str, **environ: str) -> str:
    """Run a command, and return what it prints."""
    done = subprocess.run(
        command, env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dump_of_the_table_holds_the_record(tmp_path: Path, name: str) -> None:
    """PostgreSQL's dump of the table, read into an empty database, is the record."""
    need("postgresql")
    import psycopg  # noqa: PLC0415  # it may be missing

    kind = kind_of("postgresql")
    dump, *options = shown("postgresql.md", "pg_dump")
    with own_folder("postgresql") as folder, kind.serving(folder) as address:
        with kind.opened(address) as stores:
            assert append(stores, name, VersionRegistry(), REGISTRY)
        program = need_program(dump, "postgresql", folders=FOLDERS)
        saved = tmp_path / "lastgood.sql"
        _ = saved.write_text(run(program, *options, "--dbname", address), "utf-8")
        with psycopg.connect(address) as connection:
            _ = connection.execute("DROP TABLE lastgood")
        read = need_program("psql", "postgresql", folders=FOLDERS)
        _ = run(read, "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", address, "--file", str(saved))
        with kind.opened(address) as stores:
            assert load(stores, name) == REGISTRY


def test_etcdctl_shows_and_saves_the_record(tmp_path: Path, name: str) -> None:
    """The keys of the record have the prefix of the page, and a snapshot has keys in it."""
    need("etcd")
    kind = kind_of("etcd")
    program = need_program("etcdctl", "etcd-client")
    _, *show = shown("redis-etcd-dynamodb.md", "etcdctl get")
    _, *save = shown("redis-etcd-dynamodb.md", "etcdctl snapshot")
    with own_folder("etcd") as folder, kind.serving(folder) as address:
        with kind.opened(address) as stores:
            assert append(stores, name, VersionRegistry(), REGISTRY)
        where = f"--endpoints=http://127.0.0.1:{address}"
        printed = run(program, where, *show, ETCDCTL_API="3")
        assert f"/lastgood/{name}/" in printed
        assert '"marked_failed"' in printed
        saved = str(tmp_path / "lastgood.db")
        _ = run(program, where, *save, saved, ETCDCTL_API="3")
        told = run(program, "snapshot", "status", saved, ETCDCTL_API="3")
        assert int(told.split(", ")[2]) > 0
