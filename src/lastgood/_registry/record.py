"""What a ledger keeps of one version, at every revision."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, TypeAlias

from lastgood._basics.status import Status
from lastgood._registry.history import History
from lastgood._values.metadata import Metadata
from lastgood._values.version import Version

#: A status and the reason for it.
Standing: TypeAlias = tuple[Status, str]

#: Every version begins with it.
_BEGUN: Final[History[Standing]] = History(0, (Status.UNPROVEN, ""))


class Failure:
    """The verdict that a version, and with it its contents, failed."""

    __slots__ = ("label", "reason")

    #: The label under which they failed.
    label: str
    #: Why, or ``""``.
    reason: str

    def __init__(self, label: str, reason: str) -> None:
        self.label = label
        self.reason = reason


class Record:
    """What is known of one version. What is asked with a ``revision`` is answered as of it.

    Only the one that may extend the ledger changes it. What it replaces stays as it was, so readers
    of older revisions go on.
    """

    __slots__ = (
        "_later",
        "annotated",
        "changed",
        "digest",
        "failed",
        "first",
        "label",
        "made",
        "metadata",
        "registered",
        "stood",
    )

    label: str
    digest: str | None
    #: As it was registered.
    metadata: Metadata
    #: All its metadata, if it was ever annotated.
    annotated: History[Metadata] | None
    #: Its failure, `None` once it was reinstated; if it ever failed.
    failed: History[Failure | None] | None
    #: The revision at which it was registered.
    registered: int
    #: The revision of the latest event that changed it.
    changed: int
    #: The place of its first deployment; 0 if it was never deployed.
    first: int
    #: Its statuses, and the reasons for them.
    stood: History[Standing]
    #: The latest `Version` that was made of it, and the revision of the change it was made after.
    made: tuple[int, Version] | None
    #: The places of its other deployments, oldest first; most versions have none.
    _later: list[int] | None

    def __init__(self, label: str, registered: int, metadata: Metadata, digest: str | None) -> None:
        self.label = label
        self.registered = self.changed = registered
        self.metadata = metadata
        self.digest = digest
        self.stood = _BEGUN
        self.annotated = self.failed = self._later = self.made = None
        self.first = 0

    # Reading

    def standing(self, revision: int) -> Standing:
        """Return its status and the reason for it."""
        standing = self.stood
        if standing.revision > revision:
            return (standing.at(revision) or _BEGUN).value
        return standing.value

    def before_hold(self, revision: int) -> Standing:
        """Return the status and the reason that it had before it was left, if it is held."""
        known = self.stood.at(revision)
        while known is not None and known.value[0] is Status.ROLLED_BACK:
            known = known.before
        return (known or _BEGUN).value

    def facts(self, revision: int) -> Metadata:
        """Return its metadata, with what was annotated since laid over it."""
        known = None if self.annotated is None else self.annotated.at(revision)
        return self.metadata if known is None else known.value

    def failure(self, revision: int) -> Failure | None:
        """Return the verdict that it failed, unless it was reinstated since."""
        known = None if self.failed is None else self.failed.at(revision)
        return None if known is None else known.value

    def deployments(self, tip: int) -> int:
        """Return how many of its deployments are at the place ``tip`` or before it."""
        first, later = self.first, self._later
        if not first or first > tip:
            return 0
        return 1 if later is None else 1 + bisect_left(later, tip + 1)

    def deployment(self, number: int) -> int:
        """Return the place of a deployment that was counted before, the first of which is 0."""
        return self.first if not number or self._later is None else self._later[number - 1]

    def last_deployment(self, tip: int) -> int:
        """Return the place of the latest deployment up to ``tip``; 0 before the first."""
        later = self._later
        if later is None or later[0] > tip:
            return self.first if self.first <= tip else 0
        return later[bisect_left(later, tip + 1) - 1]

    # Changing

    def is_annotated(self, revision: int, metadata: Metadata) -> None:
        """Note all its metadata."""
        self.annotated = History(revision, metadata, self.annotated)
        self.changed = revision

    def serves_again(self, revision: int, place: int) -> None:
        """Note a deployment that is not the first."""
        if self._later is None:
            self._later = [place]
        else:
            self._later.append(place)
        self.changed = revision

    def until(self, revision: int, tip: int) -> Record:
        """Return a copy of it as it was at the revision, at which the latest place was ``tip``."""
        copy = Record(self.label, self.registered, self.metadata, self.digest)
        copy.changed = min(self.changed, revision)
        copy.stood = self.stood.at(revision) or _BEGUN
        if self.annotated is not None:
            copy.annotated = self.annotated.at(revision)
        if self.failed is not None:
            copy.failed = self.failed.at(revision)
        times = self.deployments(tip)
        if times:
            copy.first = self.first
        if times > 1 and self._later is not None:
            copy._later = self._later[: times - 1]
        made = self.made
        if made is not None and made[0] == copy.changed:
            copy.made = made
        return copy
