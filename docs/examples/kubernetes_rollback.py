"""An operator that moves a custom resource back when its version failed.

It watches resources of the kind ``ModelService``. Another controller deploys the version that
``spec.version`` names and reports in ``status.conditions`` how that went. This operator records
what happened. When the version in ``spec.version`` failed, it writes the version to go back to.

It changes ``spec.version`` in this case only. A version that a person or a tool put there is an
observation and not a verdict: it stays, whatever was rolled back before, unless it failed.

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

#: A person gives a failed version another chance with this annotation, whose value is the label.
REINSTATE: Final = "lastgood.example/reinstate"

#: Reasons of the condition ``Ready`` that are final. Others, such as ``Progressing``, may pass.
FINAL: Final = frozenset({"ProgressDeadlineExceeded", "ModelLoadFailed"})

#: After two rollbacks in a row the cause is probably not the version: then a person decides.
STRATEGY: Final[RollbackStrategy] = LastStable().where(Budget(2))


@kopf.on.event("lastgood.example", "v1", "modelservices")
def react(body: kopf.Body, patch: kopf.Patch, **_: object) -> None:
    """Read the resource, decide, and write record and target in one conditional patch."""
    known = read_record(body)
    seen = take_over(known, body)
    registry, said = settle(seen)
    if registry.revision == known.revision and REINSTATE not in body.metadata.annotations:
        return  # Nothing is new: the event was delivered twice, or was not about this.
    patch.metadata["resourceVersion"] = body.metadata["resourceVersion"]  # the compare-and-set
    patch.metadata.annotations[RECORD] = json.dumps(registry.to_dict())
    patch.metadata.annotations[REINSTATE] = None  # done: a later failure must count again
    if registry.current != seen.current:
        patch.spec["version"] = registry.current
    patch.status["rollback"] = said


def read_record(body: Mapping[str, Any]) -> VersionRegistry:
    """Return the registry that the resource carries."""
    record = body["metadata"].get("annotations", {}).get(RECORD)
    return VersionRegistry() if record is None else VersionRegistry.from_dict(json.loads(record))


def take_over(registry: VersionRegistry, body: Mapping[str, Any]) -> VersionRegistry:
    """Record what the resource shows: which version is wanted, and how it does."""
    label, now = body["spec"]["version"], datetime.now(UTC)
    again = body["metadata"].get("annotations", {}).get(REINSTATE)
    if again in registry:
        registry = registry.reinstate(again, reason="annotation of the resource", at=now)
    if label not in registry:
        registry = registry.register(label, at=now).deploy(label, at=now)
    else:  # Known, but perhaps not what was there before: a person or a tool put it there.
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
    """Turn the condition into a verdict, if it is news."""
    if condition is None:
        return registry
    status, now = registry[label].status, datetime.now(UTC)
    ready, reason = condition["status"], condition["reason"]
    by = "condition Ready"
    if ready == "True" and status is Status.UNPROVEN:
        return registry.mark_stable(label, reason=reason, by=by, at=now)
    if ready == "False" and reason in FINAL and status not in {Status.FAILED, Status.RETIRED}:
        why = f"{reason}: {condition['message']}"
        return registry.mark_failed(label, reason=why, by=by, at=now)
    return registry


def settle(registry: VersionRegistry) -> tuple[VersionRegistry, str]:
    """Roll back if that is needed and possible; return the decision in words, for the status."""
    if not registry.needs_rollback:
        return registry, f"not needed: {registry.current} is {registry.current_version.status_text}"
    try:
        plan = STRATEGY.plan(registry)
    except NoRollbackTarget as error:
        return registry, error.explain()
    return registry.roll_back(plan, by="operator", at=datetime.now(UTC)), plan.explain()
