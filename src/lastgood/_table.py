"""A plain table of statuses, as the events that it stands for."""

from collections.abc import Iterator, Mapping
from typing import Final

from lastgood._errors import InvalidData, UnknownVersion
from lastgood._event import Event, EventKind
from lastgood._show import listed, shown
from lastgood._status import Status
from lastgood._text import label

#: The event that gives a version the status. A version begins unproven; that one was rolled back
#: is no verdict on it, but a deployment of another one, which a table does not tell.
_VERDICTS: Final[Mapping[Status, EventKind]] = {
    Status.STABLE: "marked_stable",
    Status.FAILED: "marked_failed",
    Status.RETIRED: "retired",
}


def events_of(statuses: Mapping[str, str | Status], current: str | None) -> Iterator[Event]:
    """Yield the events of a table, version by version; see `VersionRegistry.from_statuses`."""
    if not isinstance(statuses, Mapping):
        raise TypeError(f"statuses are a mapping, and {shown(statuses)} is none")
    labels = [label(version) for version in statuses]
    if current is not None and label(current) not in labels:
        remedy = f"add it to the table with its status, such as {{{shown(current)}: 'unproven'}}"
        raise UnknownVersion(current, tuple(labels), remedy)
    serving = current is not None
    for version, status in zip(labels, statuses.values(), strict=True):
        yield Event("registered", version)
        if serving:
            yield Event("deployed", version)
            serving = version != current
        told = _status(version, status)
        if told in _VERDICTS:
            yield Event(_VERDICTS[told], version)


def _status(version: str, status: str | Status) -> Status:
    place = f"statuses[{shown(version)}]"
    try:
        told = Status(status)
    except ValueError:
        words = listed([told.value for told in (Status.UNPROVEN, *_VERDICTS)])
        raise InvalidData(place, f"{shown(status)} is no status: write one of {words}") from None
    if told is Status.ROLLED_BACK:
        raise InvalidData(
            place,
            "a table does not tell from where and to where it was rolled back: "
            "write 'failed', or replay events",
        )
    return told
