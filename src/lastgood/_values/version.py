"""What the registry knows of one version, and of one span during which a version served."""

from datetime import datetime
from typing import Any, Literal, TypeAlias, final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import Value, named
from lastgood._basics.pydantic import Output
from lastgood._basics.status import Status
from lastgood._values import reasons
from lastgood._values.metadata import NO_METADATA, Metadata
from lastgood._values.semver import SemVer

#: How a deployment came about.
DeploymentKind: TypeAlias = Literal["deployed", "rolled_back", "observed"]


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False, weakref_slot=False)
class Version(Value, Output):
    """One immutable artifact, as a registry knows it at one revision.

    >>> from lastgood import VersionRegistry
    >>> registry = VersionRegistry().register("v1.0", metadata={"auc": 0.91})
    >>> registry["v1.0"].metadata["auc"]
    0.91
    """

    #: The identity: ``v1.0`` and ``1.0`` are two versions.
    label: str
    status: Status = Status.UNPROVEN
    #: Why it has that status, or ``""``.
    reason: str = ""
    #: What was recorded at registration, with what was annotated since laid over it.
    metadata: Metadata = NO_METADATA
    #: The identity of the contents, such as ``"sha256:…"``, if it was given.
    digest: str | None = None
    registered_at: datetime | None = None
    #: When it was last deployed, in UTC, if that was recorded.
    deployed_at: datetime | None = None
    times_deployed: int = 0

    @property
    def semver(self) -> SemVer | None:
        """The version that the label is read as, or `None`; see `SemVer.from_label`."""
        return SemVer.from_label(self.label)

    @property
    def status_text(self) -> str:
        """The status in words, with its reason: ``"failed: tokenizer mismatch"``."""
        return reasons.status(self.status, self.reason)

    def to_dict(self) -> dict[str, Any]:
        """Return what is known of it as plain JSON types, with every key.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0", metadata={"auc": 0.91})
        >>> registry["v1.0"].to_dict()["metadata"]
        {'auc': 0.91}
        """
        return {
            "label": self.label,
            "status": self.status.value,
            "reason": self.reason,
            "metadata": dict(self.metadata),
            "digest": self.digest,
            "registered_at": _iso(self.registered_at),
            "deployed_at": _iso(self.deployed_at),
            "times_deployed": self.times_deployed,
        }

    def _repr_html_(self) -> str:
        """Return what is known of it as a table of HTML, which is what a notebook shows."""
        from lastgood.render._tables import version  # noqa: PLC0415  # paid for where it is shown

        return version(self)

    @override
    def __str__(self) -> str:
        return self.label


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False, weakref_slot=False)
class Deployment(Value, Output):
    """One span during which a version was the current one.

    >>> from lastgood import VersionRegistry
    >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
    >>> registry.deployments[-1].kind
    'deployed'
    """

    #: The revision at which it was recorded: ``at_revision(d.revision).current == d.version``.
    revision: int
    #: The label of the version that served.
    version: str
    #: When it began, in UTC, if that was recorded.
    at: datetime | None
    #: When the next deployment or an undeploy ended it, if that was recorded; `None` while it
    #: serves.
    ended_at: datetime | None
    #: How it came about: ``"deployed"``, ``"rolled_back"`` or ``"observed"``.
    kind: DeploymentKind
    #: Whether it went back to a deployment of the lineage, as a rollback mostly does and an
    #: observation may.
    rewound: bool
    #: Why, or ``""``.
    reason: str
    #: Who or what said so, or ``""``.
    by: str

    def to_dict(self) -> dict[str, Any]:
        """Return the deployment as plain JSON types, with every key.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0", by="pipeline 7")
        >>> registry.deployments[-1].to_dict()["by"]
        'pipeline 7'
        """
        return {
            "revision": self.revision,
            "version": self.version,
            "at": _iso(self.at),
            "ended_at": _iso(self.ended_at),
            "kind": self.kind,
            "rewound": self.rewound,
            "reason": self.reason,
            "by": self.by,
        }

    def _repr_html_(self) -> str:
        """Return what is known of it as a table of HTML, which is what a notebook shows."""
        from lastgood.render._tables import facts  # noqa: PLC0415  # paid for where it is shown

        return facts(self)


def _iso(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
