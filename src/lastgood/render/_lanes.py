"""The lineage as it grows and is left along deployments, worked out from the deployments alone.

The rules of this module:

1. A deployment stands on a rung: a new one upon the rung below, or the one that it went back to or
   that it is on already. The rungs in use are the lineage.
2. A rung that is in use lies in lane 0. One that was left lies in the lane of the rung below it if
   both were left at once, and otherwise one lane further out.
3. The deployments may begin anywhere in the history. What is gone back to and was not seen is a
   rung like any other.
4. A version that serves again after an undeploy stands on the rung on which it stood.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import attrs

from lastgood._values.version import Deployment


@attrs.define(weakref_slot=False, eq=False)
class Rung:
    """A place in the lineage, on which one version stands."""

    version: str
    below: "Rung | None"
    #: The places of the first and the latest deployment on it.
    first: int
    latest: int
    #: The place of the deployment that left it; `None` while it is in use.
    left_by: int | None = None
    lane: int = 0


@attrs.frozen(weakref_slot=False)
class Landing:
    """Where a deployment comes to stand."""

    rung: Rung
    #: The place of the deployment that its line comes from; `None` if that was not seen.
    onto: int | None
    #: The lowest of the rungs that are in use then.
    lowest: Rung


#: What the lowest rungs stand upon, which nobody leaves.
_GROUND: Final = Rung("", None, first=0, latest=0)


def landings(deployments: Sequence[Deployment]) -> list[Landing]:
    """Return where each deployment comes to stand."""
    ladder = _Ladder()
    steps = enumerate(pairwise([None, *deployments]))
    landed = [ladder.take(place, then, now) for place, (then, now) in steps if now is not None]
    ladder.set_lanes()
    return landed


def is_again(before: Deployment | None, deployment: Deployment) -> bool:
    """Whether a deployment is that of the version that served last, after an undeploy."""
    return before is not None and before.version == deployment.version


class _Ladder:
    __slots__ = ("_all", "_rungs")

    def __init__(self) -> None:
        self._rungs: list[Rung] = []
        self._all: list[Rung] = []

    def take(self, place: int, before: Deployment | None, deployment: Deployment) -> Landing:
        """Return where a deployment comes to stand."""
        if deployment.rewound:
            self._leave_all_above(deployment.version, place)
        elif deployment.kind == "rolled_back":
            self._leave(place)
        top = self._rungs[-1] if self._rungs else None
        onto = None if top is None else top.latest
        if top is None or not (deployment.rewound or is_again(before, deployment)):
            top = self._add(Rung(deployment.version, top, place, place))
        top.latest = place
        return Landing(top, onto, self._rungs[0])

    def set_lanes(self) -> None:
        """Work out the lanes, when all deployments have come to stand."""
        for rung in self._all:  # What a rung stands upon was added before it.
            below = rung.below or _GROUND
            rung.lane = below.lane + (rung.left_by != below.left_by)

    def _add(self, rung: Rung) -> Rung:
        self._rungs.append(rung)
        self._all.append(rung)
        return rung

    def _leave_all_above(self, label: str, place: int) -> None:
        while self._rungs and self._rungs[-1].version != label:
            self._leave(place)

    def _leave(self, place: int) -> None:
        for rung in self._rungs[-1:]:
            rung.left_by = place
        del self._rungs[-1:]
