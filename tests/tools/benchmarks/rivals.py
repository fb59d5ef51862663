"""What people would use instead, each doing the same three things in its own way.

Some versions were deployed one after the other and all proved good; the last one serves. The tasks
are to record once more, for another reason, that a version proved good; to find the last stable
version before the current one; and to find the next lower stable release.
"""

import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from typing_extensions import override

from lastgood import LastStable, PreviousBySemver
from tests.tools.benchmarks.optional import installed, optional
from tests.tools.benchmarks.registries import built


class Rival(ABC):
    """One way to keep what is known of versions, filled with these labels."""

    #: Its name in a table.
    name: ClassVar[str]

    @abstractmethod
    def __init__(self, labels: Sequence[str]) -> None: ...

    @abstractmethod
    def record(self, label: str, reason: str) -> None:
        """Record that this version proved good, and why."""

    @abstractmethod
    def last_stable(self) -> str:
        """Return the stable version that served last before the current one."""

    @abstractmethod
    def previous_by_semver(self) -> str:
        """Return the highest stable version below the current one."""

    def close(self) -> None:  # noqa: B027  # most hold nothing
        """Release the files and connections that it holds."""


class Lastgood(Rival):
    """The library: an immutable registry, rebound."""

    name = "lastgood"

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        self._registry = built(labels)
        self._serves = labels[-1]

    @override
    def record(self, label: str, reason: str) -> None:
        self._registry = self._registry.mark_stable(label, reason=reason)

    @override
    def last_stable(self) -> str:
        return LastStable().plan(self._registry, leaving=self._serves).target

    @override
    def previous_by_semver(self) -> str:
        return PreviousBySemver().plan(self._registry, leaving=self._serves).target


class Plain(Rival):
    """A dict and a list, scanned, as in a tutorial: no checks, no reasons, no history of facts."""

    name = "dict and list"

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        self._statuses: dict[str, str] = {}
        self._deployed: list[str] = []
        self._events: list[tuple[str, str, str]] = []
        for label in labels:
            self.add(label)
            self.deploy(label)
            self.mark(label, "stable")

    def add(self, label: str) -> None:
        """Record a new version."""
        self._statuses[label] = "new"
        self._events.append(("new", label, ""))

    def deploy(self, label: str) -> None:
        """Record that this version serves."""
        if label not in self._statuses:
            raise KeyError(label)
        self._deployed.append(label)
        self._events.append(("deployed", label, ""))

    def mark(self, label: str, status: str, reason: str = "") -> None:
        """Record the status of this version."""
        if label not in self._statuses:
            raise KeyError(label)
        self._statuses[label] = status
        self._events.append((status, label, reason))

    def roll_back(self, target: str) -> None:
        """Record that the current version is left for this one."""
        self.mark(self._deployed[-1], "rolled back")
        self.deploy(target)

    @override
    def record(self, label: str, reason: str) -> None:
        self.mark(label, "stable", reason)

    @override
    def last_stable(self) -> str:
        current = self._deployed[-1]
        for label in reversed(self._deployed):
            if label != current and self._statuses[label] == "stable":
                return label
        raise LookupError

    @override
    def previous_by_semver(self) -> str:
        current = _numbers(self._deployed[-1])
        stable = (label for label, status in self._statuses.items() if status == "stable")
        return max((label for label in stable if _numbers(label) < current), key=_numbers)


class Sqlite(Rival):
    """SQLite in memory, with an index for every question."""

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
            rows = [(label, *_numbers(label)) for label in labels]
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
        current = _numbers(self._current().tags["semver"])
        stable = (str(version.tags["semver"]) for version in self._stable(most=100_000))
        return max((label for label in stable if _numbers(label) < current), key=_numbers)

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


def _numbers(label: str) -> tuple[int, ...]:
    return tuple(int(number) for number in label.split("."))


#: All that are measured; the last one only if it is installed.
RIVALS: list[type[Rival]] = [Lastgood, Plain, Sqlite, *([Mlflow] if installed("mlflow") else [])]
