"""A plain table of statuses, as the events that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lastgood._basics.errors import InvalidData
from lastgood._basics.kinds import EventKind
from lastgood._basics.messages import listed, shown
from lastgood._basics.refusals import UnknownVersion
from lastgood._basics.status import Status
from lastgood._basics.texts import label
from lastgood._values.event import Event

#: The event that gives a version the status. A version begins unproven, and "rolled_back" needs a
#: second deployment, which a table cannot express.
_VERDICTS: Final[Mapping[Status, EventKind]] = {
    Status.STABLE: "marked_stable",
    Status.FAILED: "marked_failed",
    Status.RETIRED: "retired",
}


def events_of(statuses: Mapping[str, str | Status], current: str | None) -> Iterator[Event]:
    """Yield the events of a table, version by version; see `VersionRegistry.from_statuses`."""
    if not isinstance(statuses, Mapping):
        raise TypeError(
            f"statuses must be a mapping of label to status, not {shown(statuses)}: "
            "write dict(statuses)"
        )
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
        known = _status(version, status)
        if known in _VERDICTS:
            yield Event(_VERDICTS[known], version)


def _status(version: str, status: str | Status) -> Status:
    place = f"statuses[{shown(version)}]"
    words = listed([known.value for known in (Status.UNPROVEN, *_VERDICTS)])
    try:
        known = Status(status)
    except ValueError:
        raise InvalidData(
            place, f"unknown status {shown(status)}; expected one of {words}"
        ) from None
    if known is Status.ROLLED_BACK:
        raise InvalidData(
            place,
            "'rolled_back' needs a second deployment, which a table cannot express: "
            "leave it out, write 'failed' if it proved bad, or replay events",
        )
    return known
