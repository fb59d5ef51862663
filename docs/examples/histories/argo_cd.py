"""The history of an Argo CD application as a registry: ``argocd app get NAME -o json``.

``kubectl get application NAME -o json`` prints the same object. A version is what one sync put in
place: the revision, which is a commit or the version of a chart, together with the source.

What Argo CD does not record:

* **Failures.** Only a sync that succeeded, of all resources, is written into the history. The
  health is of now, and of the resources that are live: it is not a verdict on a revision.
* **Whether a revision was good.** All of them stay unproven unless you say how long one must have
  served.
* **That it was a rollback.** Going back is a sync like any other. A revision that comes again is
  observed, and if it was in the lineage, somebody went back. ``git revert`` makes a new commit.
* **Old entries.** ``revisionHistoryLimit`` keeps 10 by default.

Checked in the sources of Argo CD (``pkg/apis/application/v1alpha1/types.go``, ``controller``).
"""

import json
from datetime import timedelta

from docs.examples.histories.reading import Row, by_number, placed, row, serves, soaked
from lastgood import VersionRegistry


def read(application: object, *, soak: timedelta | None = None) -> VersionRegistry:
    """Return the registry of an application.

    Odd rows:

    * Entries come in any order, and numbers may be missing. The same ``id`` twice is an error.
    * The label is the revision. Several sources have several revisions: they are joined with ``+``.
    * The same revision with another source, such as another value of a parameter, is a version of
      its own: its label ends with the ``id`` of its first entry.
    * The same revision again, right after itself, changes nothing.
    * Without an entry the registry is empty. An object without ``status`` is an error: it is not an
      application.
    * An entry without a revision is an error. Times that go back are kept; what they leave in
      doubt, lastgood does not know.

    Args:
        application: The application, parsed.
        soak: What served this long before the next sync is marked stable.

    Raises:
        InvalidData: An entry cannot be read; the message begins with the place.
    """
    entries = row(row(application, "").required("status"), "status").parts("history")
    registry, labels = VersionRegistry(), dict[tuple[str, str], str]()
    for entry in by_number(entries, "id"):
        with placed(entry):
            label, at = _label(entry, labels), entry.time("deployedAt")
            if label not in registry:
                registry = registry.register(label, at=entry.time("deployStartedAt") or at)
            if label != registry.current:
                registry = soaked(registry, soak, at)
                registry = serves(registry, label, at=at, by=_by(entry))
    return registry


def _label(entry: Row, labels: dict[tuple[str, str], str]) -> str:
    """Return the label of what an entry put in place, and note it."""
    sources = entry.parts("sources") or [entry.part("source")]
    contents = [
        {key: value for key, value in source.values.items() if key != "targetRevision"}
        for source in sources
    ]
    revision = _revision(entry)
    key = revision, json.dumps(contents, sort_keys=True, default=repr)
    is_new = revision not in labels.values()
    return labels.setdefault(key, revision if is_new else f"{revision} ({entry.whole('id')})")


def _revision(entry: Row) -> str:
    return "+".join(entry.texts("revisions")) or entry.text("revision")


def _by(entry: Row) -> str:
    initiated = entry.part("initiatedBy")
    automated = "automated sync" if initiated.flag("automated") else ""
    return initiated.text_or_none("username") or automated
