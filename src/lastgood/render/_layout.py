"""What every picture of a registry shows: the latest deployments, as a line with branches.

The rules of this module:

1. It is worked out here what is shown and where; a picture only draws it.
2. Only what the public questions answer is used, and only of the deployments that are shown, so a
   picture costs what it shows and not what came before.
3. Statuses and reasons are those that are known now. How a deployment began and ended is what was
   recorded then.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from lastgood._basics.messages import brief, one_line, shortened, shown
from lastgood._basics.numbers import at_least
from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event
from lastgood._values.plan import RollbackPlan
from lastgood._values.version import Deployment, Version
from lastgood.render._lanes import is_again, landings

#: A picture shows this many deployments, unless another number is given.
LAST: Final = 20
#: At most this many characters of a reason are shown, and of who gave it.
_LONGEST: Final = 160


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
    #: The place of the stop that its line comes from; `None` if that is not shown.
    onto: int | None
    #: How far out it lies; 0 is the lineage.
    lane: int
    #: The lanes further in along which a line passes it.
    passing: range
    #: The label of the version that it went back from.
    left: str | None
    #: Whether the version had served last, and was undeployed in between.
    again: bool
    #: The undeploy that ended it.
    undeployed: Event | None
    #: Whether it is the last one.
    is_last: bool

    @property
    def how(self) -> str:
        """How it came about, in a word or two."""
        observed = self.deployment.kind == "observed"
        if self.left is not None:
            return f"observed, back from {self.left}" if observed else f"back from {self.left}"
        if self.again:
            return "observed again" if observed else "deployed again"
        return self.deployment.kind

    @property
    def came(self) -> str:
        """How it came about, by whom and why, unless it was simply deployed."""
        deployment = self.deployment
        if self.how == "deployed" and not (deployment.by or deployment.reason):
            return ""
        return said(self.how, deployment.by, deployment.reason)

    @property
    def went(self) -> str:
        """How it ended, by whom and why, if it was undeployed."""
        undeploy = self.undeployed
        if undeploy is None:
            return ""
        when = f" {minute(undeploy.at)}" if undeploy.at else ""
        return said(f"undeployed{when}", undeploy.by, undeploy.reason)

    @property
    def words(self) -> str:
        """What is known of its version, how it came about, and how it ended if that is special."""
        return "; ".join(filter(None, (brief(self.version.status_text), self.came, self.went)))


@attrs.frozen(weakref_slot=False)
class Picture:
    """The latest deployments of a registry, oldest first."""

    #: How many came before those that are shown.
    earlier: int
    stops: tuple[Stop, ...]
    #: How many versions are registered.
    versions: int
    #: Whether the version of the last deployment serves, and was not undeployed.
    is_serving: bool

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
        has_times = any(
            each.deployment.at or (each.undeployed and each.undeployed.at) for each in self.stops
        )
        return "oldest first" + ("; times in UTC" if has_times else "")

    @property
    def last_is(self) -> str:
        """What the version of the last deployment is."""
        return "current" if self.is_serving else "served last"

    def place_of(self, label: str) -> int | None:
        """Return the place of the latest stop of a version, in the lineage if it can be."""
        places = [place for place, stop in enumerate(self.stops) if stop.version.label == label]
        return max(places, key=lambda place: (self.stops[place].lane == 0, place), default=None)


def picture_of(registry: VersionRegistry, last: int) -> Picture:
    """Return the picture of the last deployments of a registry.

    Raises:
        TypeError: ``registry`` is not a `VersionRegistry`, or ``last`` is not an `int`.
        ValueError: ``last`` is less than 1.
    """
    if not isinstance(registry, VersionRegistry):
        raise TypeError(f"a picture is drawn of a VersionRegistry, not of {shown(registry)}")
    deployments = registry.deployments
    earlier = max(0, len(deployments) - at_least(last, 1, "last"))
    before = deployments[earlier - 1] if earlier else None
    stops = _stops(registry, before, deployments[earlier:], earlier)
    return Picture(earlier, tuple(stops), len(registry), registry.current is not None)


def checked_plan(plan: RollbackPlan | None) -> RollbackPlan | None:
    """Return the plan that is drawn, if there is one.

    Raises:
        TypeError: It is something else.
    """
    if plan is not None and not isinstance(plan, RollbackPlan):
        raise TypeError(f"plan must be what strategy.plan(registry) returns, not {shown(plan)}")
    return plan


def passed_over(plan: RollbackPlan | None) -> list[str]:
    """Return the labels that a plan rejected, each once."""
    considered = () if plan is None else plan.considered
    return [*dict.fromkeys(each.version for each in considered if not each.accepted)]


def counted(number: int, what: str) -> str:
    """Return the number with its noun: ``"1 version"``, ``"3,000 versions"``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def minute(when: datetime) -> str:
    """Return a time in UTC to the minute, as pictures show it."""
    return when.isoformat(" ")[:16]


def said(what: str, by: str, reason: str, longest: int = _LONGEST) -> str:
    """Return what happened, by whom and why: ``"observed by ana: switched by hand"``."""
    who = f" by {shortened(one_line(by), longest)}" if by else ""
    why = f": {shortened(one_line(reason), longest)}" if reason else ""
    return f"{one_line(what)}{who}{why}"


def _stops(
    registry: VersionRegistry,
    before: Deployment | None,
    deployments: Sequence[Deployment],
    earlier: int,
) -> Iterator[Stop]:
    then, count = before, earlier + len(deployments)
    ends = [each.revision for each in deployments[1:]] + [registry.revision + 1]
    landed = zip(deployments, landings(deployments), ends, strict=False)
    for number, (now, landing, end) in enumerate(landed, earlier + 1):
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
            undeployed=_undeploy(registry, now.revision, end),
            is_last=number == count,
        )
        then = now


def _undeploy(registry: VersionRegistry, begin: int, end: int) -> Event | None:
    """Return the undeploy after the revision of a deployment and before ``end``, or `None`.

    From there on nothing serves, so it is found by halves and not by reading every event.
    """
    span = range(begin, end)
    place = bisect_left(span, 1, key=lambda n: registry.at_revision(n).current is None)
    return registry.events[span[place] - 1] if place < len(span) else None
