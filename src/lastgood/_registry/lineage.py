"""The deployments in the order in which they were recorded, and which of them led to which.

The rules of this module:

1. Every deployment is a step, known by its place in that order; place 0 is the root, which stands
   for nothing being deployed.
2. The lineage is a stack. A step is put on top of it. Going back takes steps off down to the one
   that it goes back to, and that one with them; then its own step is put on top.
3. What was taken off never comes back.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lastgood._registry.record import Record
from lastgood._registry.sequences import Lazy

#: The place of the root.
ROOT: Final = 0


class Lineage:
    """All steps. What is asked with a ``revision`` is answered as of that revision."""

    __slots__ = (
        "_before",
        "_ends",
        "_in_a_row",
        "_left",
        "_records",
        "_returns",
        "_revisions",
        "_rewound",
        "_same",
        "_versions",
    )

    #: The versions of the ledger, by their labels.
    _records: Mapping[str, Record]
    #: By the place of a step: the label that serves, `None` for the root.
    _versions: list[str | None]
    #: By the place of a step: the place of the one below it in the lineage.
    _before: list[int]
    #: By the place of a step: the revision at which it was recorded. What it has is in place.
    _revisions: list[int]
    #: By the place of a step that was taken off the lineage: the place of the one that did it.
    _left: dict[int, int]
    #: By the place of a step: the place of the nearest one of the same version below it, if any.
    _same: dict[int, int]
    #: The places of the steps that are rollbacks, or observations that went back; oldest first.
    _returns: list[int]
    #: Those of them that went back to a step of the lineage.
    _rewound: dict[int, bool]
    #: By the place of a step: how many steps returned up to it since the latest that brought
    #: something new, which is another version that was deployed, or one that was observed and had
    #: never served. 0 where it is missing.
    _in_a_row: dict[int, int]
    #: The revision at which the version of a step was undeployed, by the place of the step.
    _ends: dict[int, int]

    def __init__(self, records: Mapping[str, Record]) -> None:
        self._records = records
        self._versions, self._before, self._revisions = [None], [ROOT], [0]
        self._left, self._same, self._in_a_row, self._ends = {}, {}, {}, {}
        self._returns, self._rewound = [], {}

    # Reading

    def version(self, place: int) -> str | None:
        """Return the label of a step; `None` for the root."""
        return self._versions[place]

    def tip(self, revision: int) -> int:
        """Return the place of the latest step; `ROOT` where nothing was deployed."""
        revisions = self._revisions
        latest = len(revisions) - 1
        return latest if revisions[latest] <= revision else bisect_right(revisions, revision) - 1

    def served_last(self, revision: int) -> str | None:
        """Return the label of the latest step; `None` where nothing was deployed."""
        return self._versions[self.tip(revision)]

    def latest(self, revision: int) -> tuple[str | None, str | None]:
        """Return the label of the latest step, and once more unless it was undeployed since."""
        revisions = self._revisions
        tip = len(revisions) - 1
        if revisions[tip] > revision:
            tip = bisect_right(revisions, revision) - 1
        last, ended = self._versions[tip], self._ends.get(tip)
        return last, last if ended is None or ended > revision else None

    def current(self, revision: int) -> str | None:
        """Return the label that serves, or `None` if nothing does."""
        return self.latest(revision)[1]

    def ended_at(self, place: int, revision: int) -> int | None:
        """Return the revision that ended the deployment at the place; `None` while it serves."""
        ended = self._ends.get(place)
        if ended is not None and ended <= revision:
            return ended
        return self._revisions[place + 1] if place < self.tip(revision) else None

    def changed_at(self, then: int, now: int) -> list[int]:
        """Return the places of the steps between two revisions that changed the version."""
        versions, tip = self._versions, self.tip(now)
        if self._revisions[tip] <= then:
            return []
        places = range(self.tip(then) + 1, tip + 1)
        return [place for place in places if versions[place] != versions[place - 1]]

    def recorded_at(self, place: int) -> int:
        """Return the revision at which the step was recorded."""
        return self._revisions[place]

    def rewound(self, place: int) -> bool:
        """Whether the step went back to one of the lineage."""
        return place in self._rewound

    def earlier(self, revision: int) -> Iterator[Record]:
        """Return the versions of the lineage below the latest step, nearest first, each once."""
        versions, before, place = self._versions, self._before, self.tip(revision)
        seen = {versions[place], versions[ROOT]}

        def step() -> Record | None:
            nonlocal place
            while (label := versions[place]) in seen:
                if place == ROOT:
                    return None
                place = before[place]
            seen.add(label)
            return self._records[str(label)]

        return iter(step, None)  # Unlike a generator, it costs nothing to leave it half way.

    def served(self, label: str, revision: int) -> Sequence[int]:
        """Return the places of all steps of a version, in the lineage or not, oldest first."""
        record = self._records[label]
        return Lazy(record.deployments(self.tip(revision)), record.deployment)

    def last(self, label: str, revision: int) -> int:
        """Return the place of the latest step of a version; `ROOT` where it was never deployed."""
        record = self._records.get(label)
        return ROOT if record is None else record.last_deployment(self.tip(revision))

    def nearest(self, record: Record, revision: int) -> int:
        """Return the place of the nearest step of a version in the lineage; `ROOT` without one."""
        # No step of the version was recorded after its latest. So its nearest step in the lineage
        # is the latest one, or below that one.
        tip = self.tip(revision)
        place = record.last_deployment(tip)
        while place != ROOT and self._left.get(place, tip + 1) <= tip:
            place = self._same.get(place, ROOT)
        return place

    def returns(self, revision: int) -> Sequence[int]:
        """Return the places of all steps that returned, oldest first."""
        count = bisect_right(self._returns, self.tip(revision))
        return Lazy(count, self._returns.__getitem__)

    def returns_since_fresh(self, revision: int) -> int:
        """Return how many steps returned since the latest step that brought something new."""
        return self._in_a_row.get(self.tip(revision), 0)

    # Growing

    def go_on(self, record: Record, revision: int, *, is_fresh: bool) -> None:
        """Record a step on top of the lineage; one of what served last replaces the top."""
        tip = len(self._revisions) - 1
        below, same = tip, ROOT
        if self._versions[tip] == record.label:
            self._left[tip] = tip + 1
            below, same = self._before[tip], self._same.get(tip, ROOT)
        elif record.first != ROOT:
            same = self.nearest(record, revision)
        if not is_fresh and tip in self._in_a_row:
            self._in_a_row[tip + 1] = self._in_a_row[tip]
        self._add(record, revision, below, same)

    def go_back(self, record: Record, revision: int) -> None:
        """Record going back to a version: in the lineage, or else in place of the top of it."""
        place, tip = len(self._revisions), len(self._revisions) - 1
        target, off = self.nearest(record, revision), tip
        while off != target != ROOT:
            self._left[off] = place
            off = self._before[off]
        self._left[off] = place
        if target != ROOT:
            self._rewound[place] = True
        self._in_a_row[place] = self._in_a_row.get(tip, 0) + 1
        self._returns.append(place)
        self._add(record, revision, self._before[off], self._same.get(target, ROOT))

    def end(self, revision: int) -> None:
        """Record that the version of the latest step was undeployed."""
        self._ends[len(self._revisions) - 1] = revision

    def until(self, revision: int, records: Mapping[str, Record]) -> Lineage:
        """Return a copy of it as it was at the revision, of copies of its versions."""
        copy, steps = Lineage(records), self.tip(revision) + 1
        copy._versions = self._versions[:steps]
        copy._before = self._before[:steps]
        copy._revisions = self._revisions[:steps]
        copy._returns = self._returns[: bisect_left(self._returns, steps)]
        # Copied at once, since whoever extends the original may add to it meanwhile.
        copy._left = {at: by for at, by in self._left.copy().items() if by < steps}
        copy._same = {at: same for at, same in self._same.copy().items() if at < steps}
        copy._rewound = dict.fromkeys((at for at in copy._returns if at in self._rewound), True)
        copy._in_a_row = {at: so for at, so in self._in_a_row.copy().items() if at < steps}
        copy._ends = {at: end for at, end in self._ends.copy().items() if end <= revision}
        return copy

    def _add(self, record: Record, revision: int, below: int, same: int) -> None:
        place = len(self._revisions)
        if same != ROOT:
            self._same[place] = same
        if record.first == ROOT:
            record.first, record.changed = place, revision
        else:
            record.serves_again(revision, place)
        self._versions.append(record.label)
        self._before.append(below)
        self._revisions.append(revision)
