"""The deployments in the order in which they were recorded, and which of them led to which.

The rules of this module:

1. Every deployment is a step. It stands on the step before it, down to the root, which stands for
   nothing being deployed. What a step stands on is its lineage.
2. The lineage of the latest step is that of the registry. A rollback begins a new step that stands
   where the step it went back to stood; what was left is on no later lineage.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from lastgood._registry.history import History
from lastgood._registry.sequences import Lazy

#: The place of the root.
ROOT: Final = 0


class Step:
    """A deployment as part of the lineage. Steps are known by their places, in recorded order."""

    __slots__ = ("before", "depth", "fresh", "jump", "returned", "rewound", "same", "version")

    #: The label that serves; `None` for the root.
    version: str | None
    #: The place of the step on which it stands.
    before: int
    #: How many steps lie below it.
    depth: int
    #: The place of a step further down, which makes finding one at a depth cheap
    #: (Myers, 1983, "An applicative random-access stack").
    jump: int
    #: The place of the nearest step of the same version below it; `ROOT` where there is none.
    same: int
    #: The place of the latest step up to it that brought something new: another version that was
    #: deployed, or one that was observed and had never served.
    fresh: int
    #: Whether it is a rollback, or an observation that went back in the lineage.
    returned: bool
    #: Whether it went back to a step of the lineage.
    rewound: bool

    def __init__(  # noqa: PLR0913  # one for each attribute
        self,
        version: str | None,
        before: int,
        *,
        depth: int,
        jump: int,
        same: int,
        fresh: int,
        returned: bool = False,
        rewound: bool = False,
    ) -> None:
        self.version = version
        self.before = before
        self.depth = depth
        self.jump = jump
        self.same = same
        self.fresh = fresh
        self.returned = returned
        self.rewound = rewound


class Lineage:
    """All steps. What is asked with a ``revision`` is answered as of that revision."""

    __slots__ = ("_ends", "_returns", "_served", "_steps")

    _steps: History[Step]
    #: The places of the steps of each version that was deployed, oldest first.
    _served: dict[str, list[int]]
    #: The places of the steps that returned, oldest first.
    _returns: list[int]
    #: The revision at which the version of a step was undeployed, by the place of the step.
    _ends: dict[int, int]

    def __init__(self) -> None:
        self._steps = History()
        self._steps.add(0, Step(None, ROOT, depth=0, jump=ROOT, same=ROOT, fresh=ROOT))
        self._served = {}
        self._returns = []
        self._ends = {}

    def __getitem__(self, place: int) -> Step:
        return self._steps.values[place]

    def tip(self, revision: int) -> int:
        """Return the place of the latest step; `ROOT` where nothing was deployed."""
        return self._steps.count(revision) - 1

    def served_last(self, revision: int) -> str | None:
        """Return the label of the latest step; `None` where nothing was deployed."""
        return self._steps.values[self.tip(revision)].version

    def current(self, revision: int) -> str | None:
        """Return the label that serves: of the latest step, unless it was undeployed since."""
        tip = self.tip(revision)
        ended = self._ends.get(tip)
        if ended is not None and ended <= revision:
            return None
        return self._steps.values[tip].version

    def ended_at(self, place: int, revision: int) -> int | None:
        """Return the revision that ended the deployment at the place; `None` while it serves."""
        ended = self._ends.get(place)
        if ended is not None and ended <= revision:
            return ended
        return self._steps.revision(place + 1) if place < self.tip(revision) else None

    def changed_at(self, then: int, now: int) -> list[int]:
        """Return the places of the steps between two revisions that changed the version."""
        steps = self._steps.values
        places = range(self.tip(then) + 1, self.tip(now) + 1)
        return [place for place in places if steps[place].version != steps[place - 1].version]

    def recorded_at(self, place: int) -> int:
        """Return the revision at which the step was recorded."""
        return self._steps.revision(place)

    def back(self, revision: int) -> Iterator[int]:
        """Return the places of the lineage, from the latest step down to the first."""
        place, steps = self.tip(revision), self._steps.values
        while place != ROOT:
            yield place
            place = steps[place].before

    def served(self, label: str, revision: int) -> Sequence[int]:
        """Return the places of all steps of a version, in the lineage or not, oldest first."""
        places = self._served.get(label, [])
        return Lazy(self._times(places, revision), places.__getitem__)

    def returns(self, revision: int) -> Sequence[int]:
        """Return the places of all steps that returned, oldest first."""
        return Lazy(self._times(self._returns, revision), self._returns.__getitem__)

    def last(self, label: str, revision: int) -> int:
        """Return the place of the latest step of a version; `ROOT` where it was never deployed."""
        places = self._served.get(label)
        times = 0 if places is None else self._times(places, revision)
        return ROOT if places is None or not times else places[times - 1]

    def _times(self, places: list[int], revision: int) -> int:
        """Return how many of the steps at these places were recorded by the revision."""
        return bisect_left(places, self._steps.count(revision))

    def nearest(self, label: str, revision: int) -> int:
        """Return the place of the nearest step of a version in the lineage; `ROOT` without one."""
        # What was left never comes back, and no step of the version was recorded after its latest.
        # So its nearest step in the lineage is the latest one, or below that one.
        tip, place = self.tip(revision), self.last(label, revision)
        while place != ROOT and not self._is_below(place, tip):
            place = self._steps[place].same
        return place

    def returns_since_fresh(self, revision: int) -> int:
        """Return how many steps returned since the latest step that brought something new."""
        fresh = self._steps[self.tip(revision)].fresh
        return self._times(self._returns, revision) - bisect_left(self._returns, fresh)

    def deployed(self, label: str, revision: int) -> Step:
        """Return the step of a deployment; what served last again adds nothing below it."""
        return self._went_on(label, revision, is_fresh=label != self.served_last(revision))

    def observed(self, label: str, revision: int) -> Step:
        """Return the step of an observation that goes on from what served last."""
        return self._went_on(label, revision, is_fresh=self.last(label, revision) == ROOT)

    def _went_on(self, label: str, revision: int, *, is_fresh: bool) -> Step:
        tip = self.tip(revision)
        current = self._steps[tip]
        if current.version == label:
            return self._onto(current.before, label, current.same, current.fresh)
        fresh = tip + 1 if is_fresh else current.fresh
        return self._onto(tip, label, self.nearest(label, revision), fresh)

    def went_back(self, label: str, revision: int) -> Step:
        """Return the step of going back to a version, in the lineage or in place of the latest."""
        tip, place = self.tip(revision), self.nearest(label, revision)
        fresh = self._steps[tip].fresh
        if place == ROOT:
            return self._onto(self._steps[tip].before, label, ROOT, fresh, returned=True)
        target = self._steps[place]
        return self._onto(target.before, label, target.same, fresh, returned=True, rewound=True)

    def add(self, revision: int, label: str, step: Step) -> None:
        """Record the step of a version as the latest."""
        place = self._steps.count(revision)
        self._served.setdefault(label, []).append(place)
        if step.returned:
            self._returns.append(place)
        self._steps.add(revision, step)

    def end(self, revision: int) -> None:
        """Record that the version of the latest step was undeployed."""
        self._ends[self.tip(revision)] = revision

    def until(self, revision: int) -> "Lineage":
        """Return a copy of it as it was at the revision."""
        copy = Lineage.__new__(Lineage)
        copy._steps = self._steps.until(revision)
        # Copied at once, since whoever extends the original may add to it meanwhile.
        served = self._served.copy().items()
        cut = ((label, places[: self._times(places, revision)]) for label, places in served)
        copy._served = {label: places for label, places in cut if places}
        copy._returns = self._returns[: self._times(self._returns, revision)]
        copy._ends = {place: end for place, end in self._ends.copy().items() if end <= revision}
        return copy

    def _onto(  # noqa: PLR0913  # what a step has
        self,
        before: int,
        label: str,
        same: int,
        fresh: int,
        *,
        returned: bool = False,
        rewound: bool = False,
    ) -> Step:
        steps = self._steps.values
        base = steps[before]
        far = steps[base.jump]
        level = base.depth - far.depth == far.depth - steps[far.jump].depth
        return Step(
            label,
            before,
            depth=base.depth + 1,
            jump=far.jump if level else before,
            same=same,
            fresh=fresh,
            returned=returned,
            rewound=rewound,
        )

    def _is_below(self, place: int, tip: int) -> bool:
        """Whether the step at the place is the tip or below it."""
        steps = self._steps.values
        depth = steps[place].depth
        while steps[tip].depth > depth:
            step = steps[tip]
            tip = step.jump if steps[step.jump].depth >= depth else step.before
        return tip == place
