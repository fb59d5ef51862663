"""Which contents failed, and under which labels.

The rules of this module:

1. Contents have failed as long as one version with their digest has failed and was not reinstated.
2. Of several such versions the one that failed most recently is named.
"""

from __future__ import annotations

from collections.abc import Mapping

from lastgood._registry.history import History
from lastgood._registry.record import Failure, Record


class Culprits:
    """Versions of equal contents that failed, the one that failed most recently on top.

    Below the top there may be versions that were reinstated since.
    """

    __slots__ = ("below", "label")

    def __init__(self, label: str, below: Culprits | None) -> None:
        self.label = label
        self.below = below


class Contents:
    """The versions that failed, by their digests."""

    __slots__ = ("_records", "culprits")

    #: The versions of the ledger, by their labels.
    _records: Mapping[str, Record]
    #: For every digest that ever failed: the versions with it that failed.
    culprits: dict[str | None, History[Culprits | None]]

    def __init__(self, records: Mapping[str, Record]) -> None:
        self._records, self.culprits = records, {}

    def failure(self, label: str, digest: str | None, revision: int) -> Failure | None:
        """Return the verdict that failed the contents of a version under another label."""
        history = self.culprits.get(digest)
        known = None if history is None else history.at(revision)
        culprits = None if known is None else known.value
        while culprits is not None:
            failure = self._records[culprits.label].failure(revision)
            if failure is not None and failure.label != label:
                return failure
            culprits = culprits.below
        return None

    def note(self, digest: str, version: Record, revision: int) -> None:
        """Note that a version with this digest failed, or that this was taken back."""
        before = self.culprits.get(digest)
        culprits = None if before is None else before.value
        if version.failure(revision) is not None:
            culprits = Culprits(version.label, culprits)
        while culprits is not None and self._records[culprits.label].failure(revision) is None:
            culprits = culprits.below
        self.culprits[digest] = History(revision, culprits, before)

    def until(self, revision: int, records: Mapping[str, Record]) -> Contents:
        """Return a copy of it as it was at the revision, with copies of the versions."""
        copy = Contents(records)
        # Copied at once, since whoever extends the original may add to it meanwhile.
        for digest, known in self.culprits.copy().items():
            before = known.at(revision)
            if before is not None:
                copy.culprits[digest] = before
        return copy
