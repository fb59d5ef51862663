"""The fingerprint of events: equal for equal events, on every machine and in every release.

The rules of this module:

1. The text of an event has its keys in alphabetical order, and leaves out what has its default.
2. A text in it stands behind its length, so that no two events have one text.
3. Numbers are written by their value: 1 and 1.0 alike, and `True` is not 1.
4. The fingerprint is the number of events and the CRC-32 of all their texts in UTF-8.
"""

from typing import Final
from zlib import crc32

from lastgood._values.event import Event
from lastgood._values.metadata import Metadata, MetadataValue

#: The fingerprint of no events.
NOTHING: Final = "0-00000000"

#: How many events lie between two checksums that are always kept.
_STRIDE = 64


class Checksums:
    """The checksums of the first events of a ledger, computed when they are asked for.

    Several readers may compute one at the same time; they all write the same number.
    """

    __slots__ = ("_known",)

    _known: dict[int, int]

    def __init__(self) -> None:
        self._known = {0: 0}

    def fingerprint(self, events: list[Event], revision: int) -> str:
        """Return the fingerprint of the first ``revision`` events."""
        known = self._known
        start = revision
        while start not in known:
            start -= 1 if start % _STRIDE else _STRIDE
            start = max(start, 0)
        checksum = known[start]
        for place in range(start, revision):
            checksum = crc32(text_of(events[place]).encode(), checksum)
            if (place + 1) % _STRIDE == 0:
                known[place + 1] = checksum
        known[revision] = checksum
        return f"{revision}-{checksum:08x}"

    def until(self, revision: int) -> "Checksums":
        """Return a copy of those that are known up to the revision."""
        copy = Checksums.__new__(Checksums)
        known = self._known.copy()  # At once, since a reader may add to it meanwhile.
        copy._known = {at: checksum for at, checksum in known.items() if at <= revision}
        return copy


def continued(fingerprint: str, event: Event) -> str:
    """Return the fingerprint of the events that this fingerprint is of, and of one more."""
    revision, _, checksum = fingerprint.partition("-")
    return f"{int(revision) + 1}-{crc32(text_of(event).encode(), int(checksum, 16)):08x}"


def text_of(event: Event) -> str:
    """Return an event as the text that the checksum is made of."""
    at = "" if event.at is None else f"at {event.at.isoformat()}\n"
    by = _line("by", event.by)
    digest = _line("digest", event.digest)
    metadata = _metadata(event.metadata) if event.metadata else ""
    reason, source = _line("reason", event.reason), _line("source", event.source)
    strategy = "" if event.strategy is None else f"strategy {_counted(event.strategy)}\n"
    version = f"version {_counted(event.version)}\n"
    return f"{at}{by}{digest}kind {event.kind}\n{metadata}{reason}{source}{strategy}{version}"


def _line(key: str, text: str | None) -> str:
    return f"{key} {_counted(text)}\n" if text else ""


def _metadata(metadata: Metadata) -> str:
    items = "".join(f"{_counted(key)}{_value(metadata[key])}" for key in sorted(metadata))
    return f"metadata {len(metadata)}:{items}\n"


def _counted(text: str) -> str:
    return f"{len(text)}:{text}"


def _value(value: MetadataValue) -> str:
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return f"s{_counted(value)}"
    number = int(value) if value == int(value) else value
    return f"{number!r};"
