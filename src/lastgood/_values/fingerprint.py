"""The fingerprint of events: equal for equal events, on every machine and in every release.

The rules of this module:

1. The text of an event has its keys in alphabetical order, and leaves out what has its default.
2. A text in it stands behind its length, so that no two events have one text.
3. Numbers are written by their value: 1 and 1.0 alike, and `True` is not 1.
4. The fingerprint is the number of events and the CRC-32 of all their texts in UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from zlib import crc32

from lastgood._values.event import Event, row_of
from lastgood._values.metadata import NO_METADATA, Metadata, MetadataValue
from lastgood._values.row import Columns, Row

#: The fingerprint of no events.
NOTHING: Final = "0-00000000"

#: How many events lie between two checksums that are always kept.
_STRIDE = 64


class Checksums:
    """The checksums of the first events of a ledger, computed when they are asked for.

    Several readers may compute one at the same time; they all write the same number.
    """

    __slots__ = ("_known",)

    #: Fingerprints, by the number of their events.
    _known: dict[int, str]

    def __init__(self) -> None:
        self._known = {0: NOTHING}

    def fingerprint(self, columns: Callable[[int, int], Columns], revision: int) -> str:
        """Return the fingerprint of the first ``revision`` events.

        Args:
            columns: Returns the columns of the events between two revisions.
            revision: How many events.
        """
        known = self._known
        start = revision
        while start not in known:
            start = max(start - (1 if start % _STRIDE else _STRIDE), 0)
        fingerprint = known[start]
        while start < revision:
            end = min(start - start % _STRIDE + _STRIDE, revision)
            rows = zip(*columns(start, end), strict=True)
            known[end] = fingerprint = _continued(fingerprint, end, map(text_of, rows))
            start = end
        return fingerprint

    def until(self, revision: int) -> Checksums:
        """Return a copy of those that are known up to the revision."""
        copy = Checksums.__new__(Checksums)
        known = self._known.copy()  # At once, since a reader may add to it meanwhile.
        copy._known = {at: fingerprint for at, fingerprint in known.items() if at <= revision}
        return copy


def continued(fingerprint: str, event: Event) -> str:
    """Return the fingerprint of the events that this fingerprint is of, and of one more."""
    revision, _, _ = fingerprint.partition("-")
    return _continued(fingerprint, int(revision) + 1, [text_of(row_of(event))])


def _continued(fingerprint: str, revision: int, texts: Iterable[str]) -> str:
    """Return the fingerprint up to the revision, by the texts of the events since."""
    _, _, checksum = fingerprint.partition("-")
    return f"{revision}-{crc32(''.join(texts).encode(), int(checksum, 16)):08x}"


def text_of(row: Row) -> str:
    """Return the text of an event that the checksum is made of."""
    kind, version, when, why, details = row
    at = "" if when is None else f"at {when.isoformat()}\n"
    reason = f"reason {len(why)}:{why}\n" if why else ""
    if details is None:
        return f"{at}kind {kind}\n{reason}version {len(version)}:{version}\n"
    by, metadata, digest, source, strategy = details
    who = f"by {len(by)}:{by}\n" if by else ""
    contents = f"digest {len(digest)}:{digest}\n" if digest else ""
    facts = "" if metadata is NO_METADATA else _metadata(metadata)
    left = f"source {_counted(source)}\n" if source else ""
    chosen = "" if strategy is None else f"strategy {_counted(strategy)}\n"
    return (
        f"{at}{who}{contents}kind {kind}\n{facts}{reason}{left}{chosen}"
        f"version {len(version)}:{version}\n"
    )


def _metadata(metadata: Metadata) -> str:
    items = [f"{len(key)}:{key}{_value(value)}" for key, value in sorted(metadata.items())]
    return f"metadata {len(items)}:{''.join(items)}\n"


def _counted(text: str) -> str:
    return f"{len(text)}:{text}"


def _value(value: MetadataValue) -> str:
    if isinstance(value, float):
        return f"{int(value) if value.is_integer() else value!r};"
    if isinstance(value, str):
        return f"s{_counted(value)}"
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    return f"{value!r};"
