"""What the registry knows of one version, and of one span during which a version served."""

from datetime import datetime
from typing import Literal, TypeAlias, final

import attrs
from typing_extensions import override

from lastgood._frozen import setters
from lastgood._metadata import NO_METADATA, Metadata
from lastgood._semver import SemVer
from lastgood._status import Status

#: How a deployment came about.
Kind: TypeAlias = Literal["deployed", "rolled_back", "observed"]


@final
@attrs.frozen(init=False, weakref_slot=False)
class Version:
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
    #: What was told at registration.
    metadata: Metadata = NO_METADATA
    #: The identity of the contents, such as ``"sha256:…"``, where it was told.
    digest: str | None = None
    registered_at: datetime | None = None
    #: When it was last deployed, in UTC, where that was told.
    deployed_at: datetime | None = None
    times_deployed: int = 0

    # By hand, as in `Event`: every command makes one or two.
    def __init__(  # noqa: PLR0913, PLR0917  # one for each attribute, in their order
        self,
        label: str,
        status: Status = Status.UNPROVEN,
        reason: str = "",
        metadata: Metadata = NO_METADATA,
        digest: str | None = None,
        registered_at: datetime | None = None,
        deployed_at: datetime | None = None,
        times_deployed: int = 0,
    ) -> None:
        _set_label(self, label)
        _set_status(self, status)
        _set_reason(self, reason)
        _set_metadata(self, metadata)
        _set_digest(self, digest)
        _set_registered_at(self, registered_at)
        _set_deployed_at(self, deployed_at)
        _set_times_deployed(self, times_deployed)

    @property
    def semver(self) -> SemVer | None:
        """The version that the label is read as, or `None`; see `SemVer.from_label`."""
        return SemVer.from_label(self.label)

    @property
    def verdict(self) -> str:
        """The status in words, with its reason: ``"failed: tokenizer mismatch"``."""
        words = self.status.words
        if self.status is Status.ROLLED_BACK and self.reason.startswith("rolled back to "):
            return self.reason
        return f"{words}: {self.reason}" if self.reason else words

    @override
    def __str__(self) -> str:
        return self.label


(
    _set_label,
    _set_status,
    _set_reason,
    _set_metadata,
    _set_digest,
    _set_registered_at,
    _set_deployed_at,
    _set_times_deployed,
) = setters(Version)


@final
@attrs.frozen(weakref_slot=False)
class Deployment:
    """One span during which a version was the current one.

    >>> from lastgood import VersionRegistry
    >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
    >>> registry.deployments[-1].kind
    'deployed'
    """

    #: The label of the version that served.
    version: str
    #: When it began, in UTC, where that was told.
    at: datetime | None
    #: When the next deployment began, where that was told; `None` for the one that goes on.
    ended_at: datetime | None
    #: How it came about: ``"deployed"``, ``"rolled_back"`` or ``"observed"``.
    kind: Kind
    #: Whether it went back to a deployment of the lineage, as a rollback mostly does and an
    #: observation may.
    rewound: bool
    #: Why the version before it was left, where that was told.
    reason: str
