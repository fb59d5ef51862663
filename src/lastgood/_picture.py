"""What every picture of a registry shows: the latest deployments, as a line with branches.

The rules of this module:

1. A deployment takes a rung: a new one upon the rung below, or one on which it is taken to stand,
   because it went back to it or came again. The rungs in use are the lineage.
2. Lane 0 is the lineage of the current version. What rollbacks left lies further out, one lane for
   each rollback that it took to leave it and what it stood on.
3. Only what the public questions answer is used, and only of the deployments that are shown, so a
   picture costs what it shows and not what came before.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from lastgood._number import at_least
from lastgood._questions import Questions
from lastgood._show import brief, one_line, shown
from lastgood._version import Deployment, Version

#: A picture shows so many deployments, unless it is told otherwise.
LAST: Final = 20


@attrs.frozen(weakref_slot=False)
class Stop:
    """One deployment that is shown. Stops are known by their places in the picture."""

    #: Its number among all deployments, from 1.
    number: int
    deployment: Deployment
    #: The version that served, as it is known now.
    version: Version
    #: The place of the first stop that is shown of its rung, perhaps its own.
    rung: int
    #: The place of the stop that its line comes from; `None` where that is not shown.
    onto: int | None
    #: How far out it lies; 0 is the lineage.
    lane: int
    #: The lanes further in along which a line passes it.
    passing: range
    #: The label of the version that it went back from.
    left: str | None
    #: Whether the version that served was deployed again.
    again: bool
    #: Whether it is the one that goes on.
    is_current: bool

    @property
    def came(self) -> str:
        """How it came about, where that was not plainly by being deployed."""
        observed = self.deployment.kind == "observed"
        if self.left is not None:
            how = "observed, back from" if observed else "back from"
            return _because(f"{how} {self.left}", self.deployment.reason)
        if observed:
            return _because("observed", self.deployment.reason)
        return "deployed again" if self.again else ""

    @property
    def words(self) -> str:
        """What is known of its version, and how it came about."""
        return "; ".join(filter(None, (brief(self.version.verdict), self.came)))


@attrs.frozen(weakref_slot=False)
class Picture:
    """The latest deployments of a registry, oldest first."""

    #: How many came before those that are shown.
    earlier: int
    stops: tuple[Stop, ...]
    #: How many versions are registered.
    versions: int

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return 1 + max((stop.lane for stop in self.stops), default=0)

    @property
    def heading(self) -> str:
        """How many deployments are shown, and of how many."""
        count = len(self.stops)
        if not count:
            return f"Nothing was deployed; {counted(self.versions, 'version')} registered"
        if not self.earlier:
            return counted(count, "deployment")
        return f"The last {count:,} of {counted(self.earlier + count, 'deployment')}"

    @property
    def notes(self) -> str:
        """How to read what is shown."""
        has_times = any(stop.deployment.at for stop in self.stops)
        return "oldest first" + ("; times in UTC" if has_times else "")

    def place_of(self, label: str) -> int | None:
        """Return the place of the latest stop of a version, in the lineage if it can be."""
        places = [place for place, stop in enumerate(self.stops) if stop.version.label == label]
        return max(places, key=lambda place: (self.stops[place].lane == 0, place), default=None)


def picture_of(registry: Questions, last: int) -> Picture:
    """Return the picture of the last deployments of a registry.

    Raises:
        TypeError: It is no registry, or the number is no `int`.
        ValueError: The number is less than 1.
    """
    if not isinstance(registry, Questions):
        raise TypeError(f"a picture is drawn of a VersionRegistry, not of {shown(registry)}")
    deployments = registry.deployments
    earlier = max(0, len(deployments) - at_least(last, 1, "last"))
    before = deployments[earlier - 1] if earlier else None
    stops = _stops(registry, before, deployments[earlier:], earlier)
    return Picture(earlier, tuple(stops), len(registry))


def counted(number: int, what: str) -> str:
    """Return the number with its noun: ``"1 version"``, ``"3,000 versions"``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _because(what: str, reason: str) -> str:
    return f"{one_line(what)}: {brief(reason)}" if reason else one_line(what)


@attrs.define(weakref_slot=False)
class _Rung:
    """A place in the lineage, on which one version stands."""

    version: str
    below: "_Rung | None"
    #: The places of the first and the latest stop on it.
    first: int
    latest: int
    #: The place of the stop that left it; `None` while it is in the lineage.
    left_by: int | None = None
    lane: int = 0


#: What the lowest rungs stand upon, which nobody leaves.
_GROUND: Final = _Rung("", None, first=0, latest=0)


@attrs.frozen(weakref_slot=False)
class _Landing:
    """Where a deployment comes to stand."""

    rung: _Rung
    #: The place of the stop that its line comes from; `None` where that is not shown.
    onto: int | None
    #: The lowest rung in use that is shown.
    lowest: _Rung


class _Ladder:
    """The lineage as it grows and is left along the deployments that are shown."""

    __slots__ = ("_all", "_rungs")

    def __init__(self) -> None:
        self._rungs: list[_Rung] = []
        self._all: list[_Rung] = []

    def take(self, place: int, deployment: Deployment, *, again: bool) -> _Landing:
        """Return where a deployment comes to stand."""
        if deployment.rewound:
            self._leave_all_above(deployment.version, place)
        elif deployment.kind == "rolled_back":
            self._leave(place)
        top = self._rungs[-1] if self._rungs else None
        onto = None if top is None else top.latest
        if top is None or not (again or deployment.rewound):
            top = self._add(_Rung(deployment.version, top, place, place))
        top.latest = place
        return _Landing(top, onto, self._rungs[0])

    def set_lanes(self) -> None:
        """Work out the lanes, when all deployments have come to stand."""
        for rung in self._all:  # What a rung stands upon was added before it.
            below = rung.below or _GROUND
            rung.lane = below.lane + (rung.left_by != below.left_by)

    def _add(self, rung: _Rung) -> _Rung:
        self._rungs.append(rung)
        self._all.append(rung)
        return rung

    def _leave_all_above(self, label: str, place: int) -> None:
        while self._rungs and self._rungs[-1].version != label:
            self._leave(place)

    def _leave(self, place: int) -> None:
        if self._rungs:
            self._rungs.pop().left_by = place


def _stops(
    registry: Questions,
    before: Deployment | None,
    deployments: Sequence[Deployment],
    earlier: int,
) -> Iterator[Stop]:
    served = [None if before is None else before.version]
    served += [deployment.version for deployment in deployments]
    again = [
        now.kind == "deployed" and now.version == then
        for then, now in zip(served, deployments, strict=False)
    ]
    ladder = _Ladder()
    landings = [
        ladder.take(place, deployment, again=again[place])
        for place, deployment in enumerate(deployments)
    ]
    ladder.set_lanes()
    for place, (deployment, landing) in enumerate(zip(deployments, landings, strict=True)):
        lane = landing.rung.lane
        went_back = deployment.rewound or deployment.kind == "rolled_back"
        yield Stop(
            number=earlier + place + 1,
            deployment=deployment,
            version=registry[deployment.version],
            rung=landing.rung.first,
            onto=landing.onto,
            lane=lane,
            passing=range(0 if earlier else landing.lowest.lane, lane),
            left=served[place] if went_back else None,
            again=again[place],
            is_current=place == len(deployments) - 1,
        )
