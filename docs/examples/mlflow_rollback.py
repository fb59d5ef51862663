"""Move an MLflow alias back when the update of its model failed.

MLflow knows which versions exist, what was measured, and where the alias ``champion`` points now.
It does not know where the alias pointed before, so it cannot say where to go back to. lastgood can:
this script reads the model into a ``VersionRegistry``, plans, and carries the plan out.

Run it with ``python -m uv run --group mlflow docs/examples/mlflow_rollback.py``. It works on a real
MLflow registry in a temporary folder; for yours, call ``read_registry`` and ``apply`` with your own
client and name.
"""

# MLflow calls the tags and the aliases of a model a bare ``dict``, which strict checking minds.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false

import json
import os
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

# MLflow reads its settings when it is imported: no telemetry, and no word about making tables.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_LOGGING_LEVEL"] = "WARNING"

import attrs
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion

from lastgood import (
    BestBy,
    InvalidData,
    LastStable,
    MetadataValue,
    RollbackPlan,
    RollbackStrategy,
    Status,
    VersionRegistry,
)
from lastgood.control import Seen
from lastgood.rules import SameMetadata

MODEL: Final = "churn"
ALIAS: Final = "champion"

#: How many versions to ask for at a time. A server may answer with fewer.
PAGE: Final = 20

#: The tag of the registered model in which lastgood's own record is kept. The order in which
#: versions served, with its rollbacks, is one history of the whole model: a tag ``deployed_at``
#: on each version would forget that a version served twice, and what was rolled back. MLflow takes
#: 100,000 characters here, about a thousand events: a longer history belongs in a table of its own.
RECORD: Final = "lastgood"

#: The tag of the registered model in which `Alias` keeps what was asked for, such as ``2@7``.
ASKED: Final = "lastgood.asked"

#: The last version that proved good, or else the best measured one; but in both cases only one
#: that takes the features which are served today.
STRATEGY: Final[RollbackStrategy] = (LastStable() | BestBy("auc")).where(SameMetadata("features"))


def read_registry(
    client: MlflowClient, name: str, *, at: datetime | None = None
) -> VersionRegistry:
    """Read what MLflow knows into a registry: the record first, then the news since it was kept.

    Args:
        client: The client of MLflow.
        name: The name of the registered model.
        at: When the news was noticed; MLflow does not record when an alias was moved.
    """
    model = client.get_registered_model(name)
    versions = _versions(client, name)
    there = {str(version.version) for version in versions}
    registry = _load_record(model.tags.get(RECORD))
    for version in versions:
        # MLflow hands out numbers as int or str, depending on the release; a label is a str.
        if str(version.version) not in registry:
            metadata = _metadata(version.tags)
            registry = registry.register(str(version.version), metadata=metadata, at=at)
    serving, known = str(model.aliases.get(ALIAS)), registry.current
    if serving in there:
        # A fact, whoever moved the alias: a colleague, a rollback by hand, our own job that died.
        registry = registry.observe(serving, reason="found in MLflow", at=at)
    elif known is not None and known in there:
        # Removed by a hand. If the version was deleted, the alias went with it. Nobody wished that
        # nothing serves, so the version is only retired, and a rollback is needed.
        registry = registry.undeploy(known, reason="alias removed in MLflow", at=at)
    for version in versions:
        registry = _judge(registry, str(version.version), version.tags, at)
    return _retire_deleted(registry, there, at)


def write_record(client: MlflowClient, name: str, registry: VersionRegistry) -> None:
    """Keep the registry as plain data beside the model, in one write."""
    client.set_registered_model_tag(name, RECORD, json.dumps(registry.to_dict()))


def promote(
    client: MlflowClient, name: str, version: str, *, replacing: str | None, by: str = ""
) -> None:
    """Let the alias point to this version, and record that it did: MLflow keeps no history.

    Args:
        client: The client of MLflow.
        name: The name of the registered model.
        version: The version to promote.
        replacing: The version that is champion now, as the job found it when it started. A job
            that is retried late is then refused if another version is champion. `None` only for
            the first promotion of all.
        by: Who promotes.

    Raises:
        NotCurrent: Another version is champion than ``replacing``. Nothing was written.
        IllegalTransition: The version is failed, rolled back or retired. Nothing was written.
    """
    now = datetime.now(UTC)
    registry = read_registry(client, name, at=now)
    if replacing is None and registry.deployments:  # a late retry of the first promotion of all
        replacing = version  # so it is refused, unless that version is still champion
    registry = registry.deploy(version, replacing=replacing, by=by, at=now)
    client.set_registered_model_alias(name, ALIAS, version)
    write_record(client, name, registry)


def keep_up(client: MlflowClient, name: str) -> VersionRegistry:
    """Record what happened in MLflow since the record was kept; run this every few minutes.

    A plan rests on what is on record, so this comes before each decision. An event ``observed``
    says that somebody moved the alias by hand.

    Returns:
        The registry. All of it is on record now.
    """
    known = _load_record(client.get_registered_model(name).tags.get(RECORD))
    registry = read_registry(client, name, at=datetime.now(UTC))
    if registry.revision > known.revision:
        write_record(client, name, registry)
    return registry


def report(client: MlflowClient, name: str, version: str, status: Status, reason: str = "") -> None:
    """Write a verdict into the tags of the version, where everybody sees it."""
    client.set_model_version_tag(name, version, "status", status.value)
    client.set_model_version_tag(name, version, "reason", reason)


def reinstate(client: MlflowClient, name: str, version: str, *, reason: str, by: str = "") -> None:
    """Give a failed version another chance: its tag goes first, or the next reading fails it again.

    A version that was only left, and did not fail, is what it was before.
    """
    report(client, name, version, Status.UNPROVEN, reason)
    now = datetime.now(UTC)
    registry = read_registry(client, name, at=now).reinstate(version, reason=reason, by=by, at=now)
    write_record(client, name, registry)


def apply(client: MlflowClient, name: str, plan: RollbackPlan, *, by: str = "") -> VersionRegistry:
    """Move the alias to the plan's target, if there was no news against the plan.

    A plan that is carried out already changes nothing: a job that lost the answer may call again.
    If a job died after the alias was moved and before that was on record, the move is observed
    meanwhile, and calling again raises `StalePlan`: there is nothing left to do.

    Args:
        client: The client of MLflow.
        name: The name of the registered model.
        plan: Made on the registry that `keep_up` returned.
        by: Who carries it out.

    Raises:
        StalePlan: Another version was promoted, there is bad news about the target, or the plan
            rests on news that is not on record. Nothing was written.
    """
    now = datetime.now(UTC)
    registry = read_registry(client, name, at=now).roll_back(plan, by=by, at=now)
    # MLflow has no compare-and-set on aliases: who moves the alias between the reading above and
    # the writing below is overwritten. Have one job at a time do this if that matters.
    client.set_registered_model_alias(name, ALIAS, plan.target)
    write_record(client, name, registry)
    left = registry[plan.source]
    if left.status is not Status.RETIRED:  # then it may be deleted, and takes no tag
        client.set_model_version_tag(name, left.label, "left", left.status_text)
    return registry


def champion(client: MlflowClient, name: str) -> str:
    """Return the version that the alias points to, as MLflow answers when it is asked."""
    return str(client.get_model_version_by_alias(name, ALIAS).version)


@attrs.frozen
class Alias:
    """What serves, for the loop of `lastgood.control`, whose record is in a store."""

    client: MlflowClient
    name: str

    def look(self) -> Seen:
        """Return the version that the alias points to, and the revision it was asked for."""
        serving, asked, revision = self._read()
        return Seen(serving, revision if serving == asked or not revision else None)

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Let the alias point to this version, unless something later was asked for."""
        serving, asked, latest = self._read()
        if latest > revision or (latest == revision and asked != version):
            return False
        # First the note: a job that dies in between has refused what is older.
        self.client.set_registered_model_tag(self.name, ASKED, f"{version or ''}@{revision}")
        if version is not None:
            self.client.set_registered_model_alias(self.name, ALIAS, version)
        elif serving is not None:
            self.client.delete_registered_model_alias(self.name, ALIAS)
        return True

    def _read(self) -> tuple[str | None, str | None, int]:
        """Return what serves, what was asked for, and its revision: 0 if nothing was."""
        model = self.client.get_registered_model(self.name)
        serving, note = model.aliases.get(ALIAS), str(model.tags.get(ASKED, "@0"))
        asked, _, revision = note.rpartition("@")
        if not revision.isdecimal():
            raise InvalidData(f"tag {ASKED}", f"{note!r} is not a version and a revision")
        return None if serving is None else str(serving), asked or None, int(revision)


def leave_failed(client: MlflowClient, name: str, failed: str) -> None:
    """Roll back if this version is champion and failed: a job that an alarm starts."""
    registry = keep_up(client, name)
    if registry.current == failed and registry.needs_rollback:
        plan = STRATEGY.plan(registry, leaving=failed)
        print(plan.explain())
        _ = apply(client, name, plan, by="rollback job")


def main() -> None:
    """Promote four versions, let the last one fail, and go back, in a job that runs twice."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        client = connect(Path(folder))
        rehearse(client, Path(folder))

        # Bad news first: should this job die half-way, then the next one reads it and goes on.
        report(client, MODEL, "4", Status.FAILED, "p99 latency 900 ms")

        leave_failed(client, MODEL, "4")
        leave_failed(client, MODEL, "4")  # the retry finds nothing to do
        print(f"Deployed model version: {champion(client, MODEL)}")


def connect(folder: Path) -> MlflowClient:
    """Return a client of an MLflow that lives in one SQLite file, without any server."""
    database = f"sqlite:///{folder / 'mlflow.db'}"
    return MlflowClient(tracking_uri=database, registry_uri=database)


def rehearse(client: MlflowClient, folder: Path) -> None:
    """Do what a team does in a few weeks: register versions, promote them, judge some of them."""
    _ = client.create_registered_model(MODEL)
    before: str | None = None
    for auc, features in ((0.84, "2024"), (0.88, "2025"), (0.90, "2025"), (0.93, "2025")):
        artifact = folder / f"auc-{auc}.json"
        _ = artifact.write_text(json.dumps({"bias": auc}), encoding="utf-8")
        made = client.create_model_version(
            MODEL, artifact.as_uri(), tags={"auc": str(auc), "features": features}
        )
        promote(client, MODEL, str(made.version), replacing=before, by="training pipeline")
        before = str(made.version)
        if auc < 0.90:  # nobody ever judged version 3
            report(client, MODEL, before, Status.STABLE, "a week without complaints")


def _versions(client: MlflowClient, name: str) -> list[ModelVersion]:
    """Return the versions of the model, oldest first: all pages of them."""
    # A quote cannot be escaped in a filter; there ``_`` stands for any character.
    quoted = name.replace("'", "_")
    condition = f"name {'=' if quoted == name else 'LIKE'} '{quoted}'"
    found = list[ModelVersion]()
    token: str | None = None
    while token != "":
        page = client.search_model_versions(condition, max_results=PAGE, page_token=token)
        found += [version for version in page if version.name == name]
        token = str(page.token or "")
    return sorted(found, key=lambda version: int(version.version))


def _load_record(record: str | None) -> VersionRegistry:
    return VersionRegistry() if record is None else VersionRegistry.from_dict(json.loads(record))


def _metadata(tags: dict[str, str]) -> dict[str, MetadataValue]:
    """Pick what strategies and rules ask for; tags are text, so numbers must become numbers."""
    metadata: dict[str, MetadataValue] = {}
    if "auc" in tags:
        metadata["auc"] = _number(tags["auc"])
    if "features" in tags:
        metadata["features"] = tags["features"]
    return metadata


def _number(text: str) -> float | str:
    """Return the number; a text such as ``n/a`` stays a text, which is not a measurement."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text


def _judge(
    registry: VersionRegistry, label: str, tags: dict[str, str], at: datetime | None
) -> VersionRegistry:
    """Record a verdict that is news; a tag alone never makes a bad version good again."""
    status, tag = registry[label].status, tags.get("status", "").strip().lower()
    if tag == "failed" and status not in {Status.FAILED, Status.RETIRED}:
        return registry.mark_failed(label, reason=tags.get("reason", ""), at=at)
    if tag == "stable" and status is Status.UNPROVEN:
        return registry.mark_stable(label, reason=tags.get("reason", ""), at=at)
    return registry


def _retire_deleted(
    registry: VersionRegistry, labels: set[str], at: datetime | None
) -> VersionRegistry:
    """Rule out the versions that MLflow no longer has: nobody can go back to them."""
    for version in registry.values():
        if version.label not in labels and version.status is not Status.RETIRED:
            registry = registry.retire(version.label, reason="deleted from MLflow", at=at)
    return registry


if __name__ == "__main__":
    main()
