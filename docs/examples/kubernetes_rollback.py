"""An operator that moves a custom resource back when its version failed.

It watches resources of the kind ``ModelService``. Another controller deploys the version that
``spec.version`` names and reports in ``status.conditions`` how that went. This operator writes down
what happened, and when a version failed it puts the one to go back to into ``spec.version``.

Run it with ``kopf run --standalone --all-namespaces docs/examples/kubernetes_rollback.py``. The
kind is in ``kubernetes_modelservice.json``, for ``kubectl apply -f``.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import kopf

from lastgood import LastStable, NoRollbackTarget, RollbackStrategy, Status, VersionRegistry
from lastgood.rules import Budget

#: The annotation in which the record is kept. Kubernetes takes 256 KiB of annotations an object.
RECORD: Final = "lastgood.example/record"

#: Reasons of the condition ``Ready`` that are final. Others, such as ``Progressing``, may pass.
FINAL: Final = frozenset({"ProgressDeadlineExceeded", "ModelLoadFailed"})

#: After two rollbacks in a row the cause is probably not the version: then a person decides.
STRATEGY: Final[RollbackStrategy] = LastStable().where(Budget(2))


@kopf.on.event("lastgood.example", "v1", "modelservices")
def react(body: kopf.Body, patch: kopf.Patch, **_: object) -> None:
    """Read the resource, decide, and write record and target in one conditional patch."""
    known = read_record(body)
    registry, said = settle(take_over(known, body))
    if registry.revision == known.revision:
        return  # Nothing is new: the event was delivered twice, or was not about this.
    patch.metadata["resourceVersion"] = body.metadata["resourceVersion"]  # the compare-and-set
    patch.metadata.annotations[RECORD] = json.dumps(registry.to_dict())
    patch.spec["version"] = registry.current
    patch.status["rollback"] = said


def read_record(body: Mapping[str, Any]) -> VersionRegistry:
    """Return the registry that the resource carries."""
    record = body["metadata"].get("annotations", {}).get(RECORD)
    return VersionRegistry() if record is None else VersionRegistry.from_dict(json.loads(record))


def take_over(registry: VersionRegistry, body: Mapping[str, Any]) -> VersionRegistry:
    """Record what the resource tells: which version shall serve, and how it does."""
    label, now = body["spec"]["version"], datetime.now(UTC)
    if label not in registry:
        registry = registry.register(label, at=now).deploy(label, at=now)
    else:  # Known, but not what we left there: a person or a tool put it back. That is a fact.
        registry = registry.observe(label, reason="spec.version was changed", at=now)
    return judge(registry, label, ready(body))


def ready(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the condition ``Ready``, if it is about this spec and not about the one before."""
    conditions: list[Mapping[str, Any]] = body.get("status", {}).get("conditions", [])
    for condition in conditions:
        observed = condition.get("observedGeneration")
        if condition["type"] == "Ready" and observed == body["metadata"]["generation"]:
            return condition
    return None


def judge(
    registry: VersionRegistry, label: str, condition: Mapping[str, Any] | None
) -> VersionRegistry:
    """Turn the condition into a verdict, where it is news."""
    if condition is None:
        return registry
    status, now = registry[label].status, datetime.now(UTC)
    told, reason = condition["status"], condition["reason"]
    if told == "True" and status is Status.UNPROVEN:
        return registry.mark_stable(label, reason=reason, at=now)
    if told == "False" and reason in FINAL and status not in {Status.FAILED, Status.RETIRED}:
        why = f"{reason}: {condition['message']}"
        return registry.mark_failed(label, reason=why, at=now)
    return registry


def settle(registry: VersionRegistry) -> tuple[VersionRegistry, str]:
    """Roll back where that is needed and possible; say what was decided, for the status."""
    if not registry.needs_rollback:
        return registry, f"not needed: {registry.current} is {registry.current_version.verdict}"
    try:
        plan = STRATEGY.plan(registry)
    except NoRollbackTarget as error:
        return registry, error.explain()
    return registry.roll_back(plan, at=datetime.now(UTC)), plan.explain()
