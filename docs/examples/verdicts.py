"""Other model registries as sources of verdicts: each function reads what a client returned.

1. Nothing here asks a service. The caller does, and passes the answer in, as plain `dict` objects.
2. Call a function as often as you like. If the answer has no news, the same registry comes back.
3. An approval never clears a version that failed, was rolled back or was retired here: the other
   registry does not know what happened in service. Bad news is always recorded.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lastgood import Status, VersionRegistry

#: One version in an answer.
Item = Mapping[str, Any]


def from_sagemaker(registry: VersionRegistry, answer: Item) -> VersionRegistry:
    """Read what ``list_model_packages`` of boto3 returned: its approvals are verdicts."""
    verdicts = {"Approved": True, "Rejected": False}
    for package in sorted(answer["ModelPackageSummaryList"], key=_package_version):
        verdict = verdicts.get(package.get("ModelApprovalStatus", ""))
        registry = heard(registry, str(_package_version(package)), verdict=verdict, by="SageMaker")
    return registry


def from_vertex(registry: VersionRegistry, answer: Item, key: str = "verdict") -> VersionRegistry:
    """Read what ``models.listVersions`` of Vertex AI returned: a label is a verdict."""
    for model in sorted(answer["models"], key=_model_version):
        verdict = {"good": True, "bad": False}.get(model.get("labels", {}).get(key))
        registry = heard(registry, model["versionId"], verdict=verdict, by="Vertex AI")
    return registry


def from_wandb(registry: VersionRegistry, artifacts: Iterable[Item]) -> VersionRegistry:
    """Read the ``version`` and ``tags`` of artifacts of W&B: the tags good and bad are verdicts.

    An artifact that has both tags is bad.
    """
    for artifact in sorted(artifacts, key=_artifact_version):
        tags = set(artifact["tags"])
        verdict = False if "bad" in tags else True if "good" in tags else None
        registry = heard(registry, artifact["version"], verdict=verdict, by="W&B")
    return registry


def heard(
    registry: VersionRegistry, version: str, *, verdict: bool | None, by: str
) -> VersionRegistry:
    """Record what another registry says of a version: good, bad, or nothing yet."""
    if version not in registry:
        registry = registry.register(version, by=by)
    status = registry[version].status
    if verdict is False and status is not Status.FAILED:
        return registry.mark_failed(version, reason=f"rejected in {by}", by=by)
    if verdict is True and status is Status.UNPROVEN:
        return registry.mark_stable(version, reason=f"approved in {by}", by=by)
    return registry


def _package_version(package: Item) -> int:
    return int(package["ModelPackageVersion"])


def _model_version(model: Item) -> int:
    return int(model["versionId"])


def _artifact_version(artifact: Item) -> int:
    return int(artifact["version"].removeprefix("v"))
