"""The rollouts of a Kubernetes workload as a registry.

Of a Deployment: ``kubectl get replicasets -l app=NAME -o json``, and for the verdict on the current
one ``kubectl get deployment NAME -o json``. Of a StatefulSet or a DaemonSet:
``kubectl get controllerrevisions -l app=NAME -o json``.

A version is a pod template: a ReplicaSet or a ControllerRevision, and its name is the label.

What Kubernetes does not record:

* **Whether a rollout was good, and mostly whether it failed.** Only the current rollout of a
  Deployment has a condition that says that its deadline passed. Everything else stays unproven.
* **When somebody went back.** A ReplicaSet has the time of its creation, and the numbers of the
  revisions that it was; a ControllerRevision only the last number.
* **That it was a rollback.** ``kubectl rollout undo`` and applying an old template are the same.
* **Who did it.** ``kubernetes.io/change-cause`` is whatever somebody wrote, and often of an older
  change.
* **Old revisions.** ``revisionHistoryLimit`` keeps 10 by default.

Checked in the sources of Kubernetes (``pkg/controller/deployment/util``,
``pkg/controller/history``, ``kubectl/pkg/polymorphichelpers``).
"""

from typing import Final

from docs.examples.histories.reading import Row, placed, row, rows, serves, whole_in
from lastgood import MetadataValue, VersionRegistry

REVISION: Final = "deployment.kubernetes.io/revision"
REVISIONS_BEFORE: Final = "deployment.kubernetes.io/revision-history"
CHANGE_CAUSE: Final = "kubernetes.io/change-cause"


def read(replica_sets: object, deployment: object = None) -> VersionRegistry:
    """Return the registry of a Deployment, from its ReplicaSets.

    Each number of a revision is one rollout. A ReplicaSet with several numbers served several
    times; what came back is observed, and if it was in the lineage, somebody went back.

    Odd rows:

    * ReplicaSets come in any order, and numbers may be missing. A number of two ReplicaSets is an
      error.
    * ReplicaSets of two Deployments are an error, and so is a Deployment that does not own them:
      select the ReplicaSets of one Deployment. A ReplicaSet without an owner may be of any.
    * A ReplicaSet without a number was never rolled out: it is registered only.
    * A number that a ReplicaSet has twice counts once; old releases of Kubernetes wrote such.
    * Only the first rollout of a ReplicaSet has a time.
    * The Deployment is judged only if its number is that of the last rollout: one of the two may be
      older than the other.

    Args:
        replica_sets: The list of ReplicaSets, parsed.
        deployment: The Deployment, parsed. Its status counts if it is about this generation.

    Raises:
        InvalidData: An item cannot be read; the message begins with the place.
    """
    registry, rollouts = VersionRegistry(), dict[int, Row]()
    items = _items(replica_sets)
    owner = _owner(items)
    for item in items:
        for number in _numbers(item):
            if number in rollouts:
                names = _name(rollouts[number]), _name(item)
                raise item.part("metadata").wrong(
                    "annotations", f"revision {number} is of {names[0]} and of {names[1]}"
                )
            rollouts[number] = item
    for number in sorted(rollouts):
        registry = _rolled_out(registry, rollouts[number], number)
    for item in items:
        if _name(item) not in registry:
            with placed(item):
                registry = _registered(registry, item)
    if deployment is None:
        return registry
    last = str(max(rollouts)) if rollouts else ""
    return _judged(registry, row(deployment, "deployment"), owner, last)


def read_controller_revisions(revisions: object) -> VersionRegistry:
    """Return the registry of a StatefulSet or a DaemonSet, from its ControllerRevisions.

    Going back gives the old revision a new number and forgets the one before, so the registry
    has no incident in it: it knows what there is, and in which order each was last wanted.

    Args:
        revisions: The list of ControllerRevisions, parsed.

    Raises:
        InvalidData: An item cannot be read, two have one number, or they have several owners; the
            message begins with the place.
    """
    registry, rollouts = VersionRegistry(), dict[int, Row]()
    items = _items(revisions)
    _ = _owner(items)
    for item in items:
        number = item.whole("revision")
        if number in rollouts:
            raise item.wrong("revision", f"{number} stands in {rollouts[number].place} already")
        rollouts[number] = item
    for number in sorted(rollouts):
        with placed(rollouts[number]):
            registry = _registered(registry, rollouts[number])
            registry = serves(registry, _name(rollouts[number]), reason=f"rollout {number}")
    return registry


def _rolled_out(registry: VersionRegistry, item: Row, number: int) -> VersionRegistry:
    """Return the registry after one rollout; the first one of a ReplicaSet registers it."""
    name, at = _name(item), None
    with placed(item):
        if name not in registry:
            registry = _registered(registry, item)
            at = registry[name].registered_at
        return serves(registry, name, at=at, reason=f"rollout {number}")


def _items(found: object) -> list[Row]:
    return rows(row(found, "").required("items"), "items")


def _owner(items: list[Row]) -> str | None:
    """Return the name of the one workload that owns the items; `None` if no item names it."""
    owners = dict[str, Row]()
    for item in items:
        for each in item.part("metadata").parts("ownerReferences"):
            if each.flag("controller"):
                _ = owners.setdefault(f"{each.text_or_none('kind')} {each.text('name')}", each)
    if len(owners) > 1:
        several = ", ".join(sorted(owners))
        raise [*owners.values()][-1].wrong("name", f"there are several owners: {several}")
    return next(iter(owners), None)


def _name(item: Row) -> str:
    return item.part("metadata").text("name")


def _registered(registry: VersionRegistry, item: Row) -> VersionRegistry:
    metadata = item.part("metadata")
    known: dict[str, MetadataValue] = {"images": ", ".join(_images(item))}
    cause = metadata.part("annotations").text_or_none(CHANGE_CAUSE)
    return registry.register(
        _name(item),
        metadata=known if cause is None else known | {"change_cause": cause},
        at=metadata.time("creationTimestamp"),
    )


def _images(item: Row) -> list[str]:
    """Return the images of a template; a ControllerRevision has it under ``data``."""
    spec = item.part("data").part("spec") if "data" in item.values else item.part("spec")
    return [each.text("image") for each in spec.part("template").part("spec").parts("containers")]


def _numbers(item: Row) -> set[int]:
    annotations = item.part("metadata").part("annotations")
    before = (annotations.text_or_none(REVISIONS_BEFORE) or "").split(",")
    now = annotations.text_or_none(REVISION) or ""
    written = {each.strip() for each in (*before, now)} - {""}
    numbers = {each: whole_in(each) for each in written}
    for each, number in numbers.items():
        if number is None:
            raise annotations.wrong(REVISION, f"must be whole numbers, not {each!r}")
    return {number for number in numbers.values() if number}


def _judged(
    registry: VersionRegistry, deployment: Row, owner: str | None, last: str
) -> VersionRegistry:
    """Return the registry with the verdict of the Deployment on what it rolls out now."""
    status, metadata = deployment.part("status"), deployment.part("metadata")
    seen = status.values.get("observedGeneration")
    conditions = status.parts("conditions")
    name = f"{deployment.text_or_none('kind')} {_name(deployment)}"
    if owner not in {None, name}:
        raise metadata.wrong("name", f"the ReplicaSets are of {owner}, not of {name}")
    is_last = metadata.part("annotations").text_or_none(REVISION) == last
    if not is_last or seen != metadata.values.get("generation"):
        return registry
    for each in conditions:
        if each.text_or_none("reason") == "ProgressDeadlineExceeded":
            at, why = each.time("lastUpdateTime"), each.text_or_none("message") or ""
            rolled_out = registry.current_version
            with placed(each):
                return registry.mark_failed(rolled_out.label, at=at, reason=why)
    return registry
