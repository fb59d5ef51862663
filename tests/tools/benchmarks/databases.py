"""Databases that people would use instead: SQLite in memory, and an MLflow model registry."""

import os
import sqlite3
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from typing_extensions import override

from tests.tools.benchmarks.optional import optional
from tests.tools.benchmarks.rivals import Rival, next_lower, numbers


class Sqlite(Rival):
    """SQLite in memory, with an index for every question, and a transaction for every event."""

    name = "SQLite in memory"

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        self._connection = sqlite3.connect(":memory:")
        _ = self._connection.executescript("""
            create table versions (
                label text primary key, status text not null,
                major integer not null, minor integer not null, patch integer not null
            ) without rowid;
            create index by_precedence on versions (status, major, minor, patch);
            create table deployments (id integer primary key, label text not null);
            create table events (
                id integer primary key, kind text not null, label text not null,
                reason text not null default ''
            );
        """)
        with self._connection as connection:
            rows = [(label, *numbers(label)) for label in labels]
            _ = connection.executemany("insert into versions values (?, 'stable', ?, ?, ?)", rows)
            names = [(label,) for label in labels]
            _ = connection.executemany("insert into deployments (label) values (?)", names)
            events = [(kind, label) for label in labels for kind in ("new", "deployed", "stable")]
            _ = connection.executemany("insert into events (kind, label) values (?, ?)", events)

    @override
    def record(self, label: str, reason: str) -> None:
        event = "insert into events (kind, label, reason) values ('stable', ?, ?)"
        with self._connection as connection:
            _ = connection.execute("update versions set status = 'stable' where label = ?", [label])
            _ = connection.execute(event, [label, reason])

    @override
    def last_stable(self) -> str:
        return self._label("""
            select label from deployments join versions using (label)
            where id < (select max(id) from deployments) and status = 'stable'
            order by id desc limit 1
        """)

    @override
    def previous_by_semver(self) -> str:
        return self._label("""
            with current as (
                select major, minor, patch from versions where label =
                    (select label from deployments order by id desc limit 1)
            )
            select label from versions where status = 'stable'
            and (major, minor, patch) < (select major, minor, patch from current)
            order by major desc, minor desc, patch desc limit 1
        """)

    def _label(self, query: str) -> str:
        return str(self._connection.execute(query).fetchone()[0])

    @override
    def close(self) -> None:
        self._connection.close()


class Mlflow(Rival):
    """An MLflow model registry on an SQLite file: status and version in tags, one alias.

    MLflow keeps no history of what served, so the last stable version is the one of the highest
    number below that of the alias. It does not read SemVer, so all stable versions are read to find
    the next lower one. It has no log of events, so recording sets a tag to the reason. Its rows are
    made by SQL, because its client would take minutes for 100,000 of them.
    """

    name = "MLflow on SQLite"
    most = 10_000
    needs: ClassVar = {"mlflow": "mlflow-skinny"}
    _MODEL, _ALIAS = "model", "champion"

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)
        path = Path(self._folder.name, "mlflow.db")
        _ = path.write_bytes(_one_version(self._MODEL, labels[0]))
        _multiply(path, labels)
        self._client = _client(path)
        self._client.set_registered_model_alias(self._MODEL, self._ALIAS, str(len(labels)))
        self._numbers = {label: str(number) for number, label in enumerate(labels, 1)}

    @override
    def record(self, label: str, reason: str) -> None:
        number = self._numbers[label]
        self._client.set_model_version_tag(self._MODEL, number, "stable because", reason)

    @override
    def last_stable(self) -> str:
        current = int(self._current().version)
        for version in self._stable(most=2):
            if int(version.version) != current:
                return str(version.tags["semver"])
        raise LookupError

    @override
    def previous_by_semver(self) -> str:
        stable = ((str(row.tags["semver"]), "stable") for row in self._stable(most=100_000))
        return next_lower(self._current().tags["semver"], stable)

    def _current(self) -> Any:
        return self._client.get_model_version_by_alias(self._MODEL, self._ALIAS)

    def _stable(self, most: int) -> Any:
        return self._client.search_model_versions(
            f"name = '{self._MODEL}' and tags.status = 'stable'",
            max_results=most,
            order_by=["version_number DESC"],
        )

    @override
    def close(self) -> None:
        self._folder.cleanup()


def _client(path: Path) -> Any:
    os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_LOGGING_LEVEL="WARNING")
    uri = f"sqlite:///{path}"
    return optional("mlflow").MlflowClient(tracking_uri=uri, registry_uri=uri)


@cache
def _one_version(model: str, label: str) -> bytes:
    """Return the database of a model with one version. Making its tables takes seconds."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "mlflow.db")
        client = _client(path)
        client.create_registered_model(model)
        tags = {"status": "stable", "semver": label}
        client.create_model_version(model, source="s3://bucket/model", tags=tags)
        return path.read_bytes()


def _multiply(path: Path, labels: Sequence[str]) -> None:
    """Copy the first version, with its tags, for each of the other labels."""
    others = [(number, label) for number, label in enumerate(labels[1:], 2)]
    connection = sqlite3.connect(path)
    with connection:
        _ = connection.execute("create temp table other (version integer, semver text)")
        _ = connection.executemany("insert into other values (?, ?)", others)
        for table in ("model_versions", "model_version_tags"):
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            changed = {
                "version": "other.version",
                "value": "case row.key when 'semver' then other.semver else row.value end",
            }
            values = ", ".join(changed.get(column, f"row.{column}") for column in columns)
            _ = connection.execute(
                f"insert into {table} ({', '.join(columns)}) "  # noqa: S608  # names of its own
                f"select {values} from {table} as row, other where row.version = 1"
            )
    connection.close()
