"""What every picture of a registry shows: the latest deployments, as a line with branches.

The rules of this module:

1. It is worked out here what is shown and where; a picture only draws it.
2. Only what the public questions answer is used, and only of the deployments that are shown, so a
   picture costs what it shows and not what came before.
3. Statuses and reasons are those that are known now.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from lastgood._ladder import is_again, landings
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


def _stops(
    registry: Questions, before: Deployment | None, deployments: Sequence[Deployment], earlier: int
) -> Iterator[Stop]:
    then, count = before, earlier + len(deployments)
    landed = zip(deployments, landings(deployments), strict=True)
    for number, (now, landing) in enumerate(landed, earlier + 1):
        went_back = now.rewound or now.kind == "rolled_back"
        yield Stop(
            number=number,
            deployment=now,
            version=registry[now.version],
            rung=landing.rung.first,
            onto=landing.onto,
            lane=landing.rung.lane,
            passing=range(0 if earlier else landing.lowest.lane, landing.rung.lane),
            left=then.version if went_back and then is not None else None,
            again=is_again(then, now),
            is_current=number == count,
        )
        then = now
