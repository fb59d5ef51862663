"""The deployments of a GitHub repository to one environment as a registry.

``GET /repos/OWNER/REPO/deployments?environment=production`` gives the deployments, and
``GET /repos/OWNER/REPO/deployments/ID/statuses`` the statuses of one. A version is a commit: its
``sha`` is the label.

What GitHub does not record:

* **Whether a commit was good.** ``success`` says that the deployment is done. It stays unproven
  unless you say how long a commit must have served.
* **What serves.** That is whatever reached ``success`` last. ``inactive`` is added to older
  deployments, and not in every environment, so it only counts for the deployment that serves.
* **That it was a rollback.** A commit that is deployed again is observed, and if it was in the
  lineage, somebody went back. ``git revert`` makes a new commit.
* **An alarm.** ``failure`` is what a job wrote; monitoring writes it only if you let it.

Checked in GitHub's description of its REST API.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast

from docs.examples.histories.reading import Row, placed, rows, serves, soaked
from lastgood import InvalidData, VersionRegistry

#: Statuses that change nothing here: on the way, or trouble that is not a verdict on the commit.
NO_NEWS: Final = {"pending", "queued", "in_progress", "waiting", "error"}


def read(
    deployments: object, statuses: Mapping[int, object], *, soak: timedelta | None = None
) -> VersionRegistry:
    """Return the registry of an environment.

    Odd rows:

    * Deployments and statuses come in any order: what counts is ``created_at``, then ``id``.
    * A deployment without a status was asked for, and nobody said what became of it: it is
      registered only.
    * ``failure`` before ``success`` fails a commit that never served, which is not an incident.
      ``failure`` after ``success`` fails the commit that serves.
    * ``success`` after ``failure``, of the same commit, gives it another chance.
    * ``inactive`` of the deployment that serves: nothing serves then. Of another deployment it says
      nothing, even if that one is of the same commit.
    * ``error`` is trouble around the deployment, and not a verdict on the commit.
    * A status before its deployment, an unknown state, and deployments of two environments are
      errors.

    Args:
        deployments: The deployments, parsed.
        statuses: For the ``id`` of each deployment, a whole number, its statuses, parsed.
        soak: A commit that served this long before something else happened is marked stable.

    Raises:
        InvalidData: A deployment or a status cannot be read; the message begins with the place.
    """
    known, moments = _by_id(statuses), list[tuple[Row, Row]]()
    for deployment in rows(deployments, "deployments"):
        number = deployment.whole("id")
        found = rows(known.get(number, ()), f"statuses[{number}]")
        moments += [(deployment, each) for each in (deployment, *found)]
    _check_environments([deployment for deployment, _ in moments])
    registry, serving = VersionRegistry(), None
    for deployment, each in sorted(moments, key=_moment):
        with placed(each):
            if deployment is each:
                registry = _registered(registry, deployment)
                continue
            registry = soaked(registry, soak, each.time("created_at"))
            number, state = deployment.whole("id"), each.text("state")
            if state != "inactive" or number == serving:
                registry = _told(registry, deployment, each)
            if state == "success":
                serving = number
            elif state == "inactive" and number == serving:
                serving = None
    return registry


def _by_id(statuses: object) -> Mapping[object, object]:
    """Return the statuses by the number of their deployment; JSON has only keys of text."""
    if not isinstance(statuses, Mapping):
        raise InvalidData("statuses", f"must be an object, not {type(statuses).__name__}")
    known = cast("Mapping[object, object]", statuses)
    for key in known:
        if not isinstance(key, int):
            problem = "the key must be a whole number: the id of the deployment"
            raise InvalidData(f"statuses[{key!r}]", problem)
    return known


def _moment(moment: tuple[Row, Row]) -> tuple[datetime, bool, int]:
    """Return the place of a status in time; a deployment comes before the statuses of its time."""
    deployment, each = moment
    at = each.time("created_at")
    if at is None:
        raise each.wrong("created_at", "is missing")
    return at, deployment is not each, each.whole("id")


def _check_environments(deployments: list[Row]) -> None:
    names = {each.text_or_none("environment"): each for each in deployments}
    if len(names) > 1:
        known = ", ".join(sorted(map(str, names)))
        raise deployments[-1].wrong("environment", f"there are several: {known}")


def _registered(registry: VersionRegistry, deployment: Row) -> VersionRegistry:
    sha = deployment.text("sha")
    if sha in registry:
        return registry
    metadata = {"ref": deployment.text_or_none("ref")}
    return registry.register(sha, metadata=metadata, at=deployment.time("created_at"))


def _told(registry: VersionRegistry, deployment: Row, status: Row) -> VersionRegistry:
    """Return the registry after one status."""
    sha, state, at = deployment.text("sha"), status.text("state"), status.time("created_at")
    by = status.part("creator").text_or_none("login") or ""
    reason = status.text_or_none("description") or ""
    if state == "success":
        if registry[sha].status.value == "failed":
            registry = registry.reinstate(sha, at=at, by=by, reason="a later deployment succeeded")
        return serves(registry, sha, at=at, by=by, reason=reason)
    if state == "failure":
        return registry.mark_failed(sha, at=at, by=by, reason=reason)
    if state == "inactive":
        return registry.undeploy(sha, at=at, by=by, reason=reason)
    if state not in NO_NEWS:
        raise status.wrong("state", f"unknown state {state!r}")
    return registry
