"""The versions of a Nomad job as a registry: ``nomad job history -json JOB``.

With ``nomad job deployments -json JOB`` it also knows which versions failed. A version is a job
specification; its label is the number that Nomad gave it first.

What Nomad does not record:

* **That it was a rollback.** A revert, by hand or by ``auto_revert``, makes a new number with the
  old specification. So the specifications are compared: a number whose specification was there
  before is the version of then. Scaling makes a new number: counts are left out, and so is who
  submitted it.
* **When a version became stable or failed.** ``Stable`` is a flag without a time. It is recorded
  right after the version was submitted; a flag that somebody set by hand later is taken back in
  time by that.
* **Failures**, in the history itself: a version that is not ``Stable`` may have failed, or may have
  been replaced too early, or may be of a type that has no deployments, such as ``system``. Without
  the deployments it stays unproven.
* **Old versions.** ``job_tracked_versions`` keeps 6 by default, and deployments are collected.

Checked in the sources of Nomad (``nomad/structs/structs.go``, ``command/job_history.go``).
"""

import json
from typing import Final

from docs.examples.histories.reading import Row, by_number, placed, rows, serves
from lastgood import VersionRegistry

#: What differs between two versions of the same specification.
UNSPECIFIED: Final = {
    *("Status", "StatusDescription", "Stable", "Version", "VersionTag", "SubmitTime", "Stop"),
    *("CreateIndex", "ModifyIndex", "JobModifyIndex", "NomadTokenID"),
}


def read(versions: object, deployments: object = ()) -> VersionRegistry:
    """Return the registry of a job.

    Odd rows:

    * Versions come in any order, and numbers may be missing. The same number twice is an error.
    * A version with ``Stop`` serves no more.
    * Of several deployments of a version the last one counts. One that is still running, or was
      cancelled, says nothing. An unknown status is an error.
    * A version that is ``Stable`` and whose last deployment failed: it was stable, and failed then.
    * A version that failed and is reverted to is observed; it stays failed.
    * A submission time that goes back is kept; what that leaves in doubt, lastgood does not know.

    Args:
        versions: What ``nomad job history -json JOB`` prints, parsed.
        deployments: What ``nomad job deployments -json JOB`` prints, parsed.

    Raises:
        InvalidData: A version or a deployment cannot be read; the message begins with the place.
    """
    registry, failed = VersionRegistry(), _failed(rows(deployments, "deployments"))
    labels = dict[str, str]()
    for version in by_number(rows(versions), "Version"):
        number, at = version.whole("Version"), version.since_1970("SubmitTime", 1_000_000_000)
        label = labels.setdefault(_specification(version), str(number))
        with placed(version):
            if label not in registry:
                registry = registry.register(label, at=at)
            registry = serves(registry, label, at=at, reason=f"version {number}")
            if version.flag("Stable") and not registry[label].status.is_bad:
                registry = registry.mark_stable(label)
            if number in failed:
                registry = registry.mark_failed(label, reason=failed[number])
            if version.flag("Stop"):
                registry = registry.undeploy(label)
    return registry


def _specification(version: Row) -> str:
    known = {key: value for key, value in version.values.items() if key not in UNSPECIFIED}
    """Return the specification as text, without what scaling changes."""
    groups = [
        {key: value for key, value in group.values.items() if key != "Count"}
        for group in version.parts("TaskGroups")
    ]
    return json.dumps(known | {"TaskGroups": groups}, sort_keys=True, default=repr)


def _failed(deployments: list[Row]) -> dict[int, str]:
    """Return the numbers of the versions whose last deployment failed, with the reasons."""
    failed = dict[int, str]()
    for each in sorted(deployments, key=lambda each: each.whole("CreateIndex")):
        number, status = each.whole("JobVersion"), each.text("Status")
        if status not in KNOWN:
            raise each.wrong("Status", f"unknown status {status!r}")
        _ = failed.pop(number, None)
        if status == "failed":
            failed[number] = each.text_or_none("StatusDescription") or ""
    return failed


#: Every status of a deployment.
KNOWN: Final = {
    *("initializing", "pending", "running", "paused", "blocked", "unblocking"),
    *("successful", "failed", "cancelled"),
}
