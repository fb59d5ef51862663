"""The history of a Helm release as a registry: ``helm history RELEASE -o json``.

A version is a revision that brought something new; its label is the number of that revision. A
revision that Helm made by going back is not a version of its own: it is a rollback to the version
that it copied.

What Helm does not record:

* **Whether a release was good.** ``deployed`` and ``superseded`` say that it was accepted; with
  ``--wait`` also that its pods became ready. Both stay unproven unless you say how long a release
  must have served.
* **Every failure.** A failed release is called ``superseded`` once a rollback from it failed too.
* **Who did it, and when it ended.** There is one time, of the last deployment.
* **Old releases.** ``--history-max`` keeps 10 by default; ``helm history`` prints 256 at most.

Checked in the sources of Helm 4 (``pkg/cmd/history.go``, ``pkg/action``) of August 2026. Helm 3
prints the same without ``rollback_revision``.
"""

import re
from datetime import timedelta
from typing import Final

from docs.examples.histories.reading import (
    Row,
    by_number,
    placed,
    rows,
    serves,
    soaked,
    went_back,
)
from lastgood import VersionRegistry

#: The release was put in place.
APPLIED: Final = {"deployed", "superseded", "failed", "uninstalled", "uninstalling"}
#: It never got that far, or nobody knows whether it did: its version is registered only.
UNSETTLED: Final = {"unknown", "pending-install", "pending-upgrade", "pending-rollback"}

_ROLLBACK: Final = re.compile(r"Rollback to ([0-9]{1,9})")


def read(history: object, *, soak: timedelta | None = None) -> VersionRegistry:
    """Return the registry of a release.

    Odd rows:

    * Rows come in any order, and numbers may be missing. The same number twice is an error.
    * Several rows are ``deployed``: the one with the highest number serves.
    * A failed release served: Helm puts a release in place before it knows that it fails.
    * Going back to a revision that is not in the history any more registers its number.
    * Going back failed: the move is recorded, and says nothing against the target. Helm 3 does not
      say where it went then, so its revision counts as a new version that failed.
    * An uninstalled release serves no more; when that happened is not recorded.
    * An unknown status is an error. Times that go back are kept; what they leave in doubt, lastgood
      does not know.

    Args:
        history: What ``helm history RELEASE -o json`` prints, parsed.
        soak: A release that served this long before the next one came is marked stable.

    Raises:
        InvalidData: A row cannot be read; the message begins with the place.
    """
    registry, copied = VersionRegistry(), dict[int, str]()
    for row in by_number(rows(history), "revision"):
        with placed(row):
            registry = _told(registry, row, copied, soak)
    return registry


def _told(
    registry: VersionRegistry, row: Row, copied: dict[int, str], soak: timedelta | None
) -> VersionRegistry:
    """Return the registry after one row; note which version its revision is a copy of."""
    revision, status, at = row.whole("revision"), row.text("status"), row.time("updated")
    if status not in APPLIED | UNSETTLED:
        raise row.wrong("status", f"unknown status {status!r}")
    description = row.text_or_none("description") or ""
    origin = _origin(row, description)
    if origin is not None and origin >= revision:
        raise row.wrong("description", f"revision {revision} cannot go back to {origin}")
    label = copied[revision] = str(revision) if origin is None else copied.get(origin, str(origin))
    if origin is None or label not in registry:
        keys = ("chart", "app_version") if origin is None else ()
        registry = registry.register(
            label, metadata={key: row.text_or_none(key) for key in keys}, at=at
        )
    if status in UNSETTLED:
        return registry
    registry = soaked(registry, soak, at)
    if origin is not None:
        registry = went_back(registry, label, at=at, reason=description)
    else:
        has_failed = status == "failed"
        registry = serves(registry, label, at=at, reason="" if has_failed else description)
        if has_failed:
            registry = registry.mark_failed(label, at=at, reason=description)
    return registry.undeploy(label) if status.startswith("uninstall") else registry


def _origin(row: Row, description: str) -> int | None:
    """Return the number of the revision that a rollback went back to."""
    if row.values.get("rollback_revision"):
        return row.whole("rollback_revision")
    found = _ROLLBACK.fullmatch(description)
    return None if found is None else int(found[1])
