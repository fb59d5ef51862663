"""The stays of versions as the current one, and which of them were incidents.

The rules of this module:

1. A stay begins when a version takes the place of another one, and ends when another one takes its
   place. An undeploy does not end it, and serving again does not begin another.
2. It was an incident if it ended in a rollback or in an observation that rewinds, or if the version
   became failed or retired while it lasted.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, repeat
from operator import attrgetter, itemgetter
from typing import TypeAlias, final

import attrs

from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event
from lastgood._values.version import Deployment

#: Verdicts with the revisions at which they were recorded, oldest first.
_Verdicts: TypeAlias = Sequence[tuple[int, Event]]


@final
@attrs.frozen
class Stay:
    """One stay that was an incident."""

    version: str
    #: The last revision at which the version had not been left.
    revision: int
    #: The verdict that made it failed or retired; the last one if there are several.
    verdict: Event | None
    #: The deployment that ended the stay.
    action: Deployment | None


def incidents(registry: VersionRegistry) -> Iterator[Stay]:
    """Yield the stays that were incidents, oldest first."""
    verdicts = [
        (revision, event)
        for revision, event in enumerate(registry.events, 1)
        if event.kind in {"marked_failed", "retired"}
    ]
    for began, action in _stays(registry):
        revision = registry.revision if action is None else action.revision - 1
        verdict = _verdict(registry, _between(verdicts, began.revision, revision), began.version)
        went_back = action is not None and (action.kind == "rolled_back" or action.rewound)
        if went_back or verdict is not None:
            yield Stay(began.version, revision, verdict, action)


def _stays(registry: VersionRegistry) -> Iterator[tuple[Deployment, Deployment | None]]:
    """Yield the first deployment of each stay, and the one that ended it."""
    runs = groupby(registry.deployments, key=attrgetter("version"))
    first = [next(run) for _, run in runs]
    yield from pairwise(first)
    yield from zip(first[-1:], repeat(None))


def _between(verdicts: _Verdicts, first: int, last: int) -> _Verdicts:
    """Return the verdicts that were recorded after one revision, up to another one."""
    recorded = itemgetter(0)
    begin = bisect_right(verdicts, first, key=recorded)
    return verdicts[begin : bisect_right(verdicts, last, lo=begin, key=recorded)]


def _verdict(registry: VersionRegistry, verdicts: _Verdicts, label: str) -> Event | None:
    """Return the last of the verdicts that made the version failed or retired."""
    for revision, event in reversed(verdicts):
        if event.version == label:
            before, after = (
                registry.at_revision(each)[label].status for each in (revision - 1, revision)
            )
            if after is not before:
                return event
    return None
