"""The result of a back-test: the incidents, what to make of them, and how they are shown."""

from collections.abc import Sequence
from typing import Any, final, overload

import attrs
from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood._basics.numbers import at_least
from lastgood._basics.pydantic import Output
from lastgood.backtest._html import page
from lastgood.backtest._incidents import Counts, Incident, counts_of
from lastgood.backtest._text import lines
from lastgood.render._layout import LAST


@named("lastgood.backtest")
@final
@attrs.frozen(weakref_slot=False)
class Backtest(Output, Sequence[Incident]):
    """What each strategy would have done in every incident on record.

    It is a sequence of incidents, oldest first. `backtest` makes it.

    >>> from lastgood import LastStable, Previous, VersionRegistry
    >>> from lastgood.backtest import backtest
    >>> table = {"1": "stable", "2": "unproven", "3": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="3")
    >>> result = backtest(registry, LastStable(), Previous())
    >>> len(result), [counts.otherwise for counts in result.counts]
    (1, [1, 1])
    """

    #: The `repr` of each strategy, in the order in which they were given.
    strategies: tuple[str, ...]
    #: The incidents, oldest first.
    incidents: tuple[Incident, ...]
    #: The fingerprint of the registry that was asked about.
    fingerprint: str

    @overload
    def __getitem__(self, index: int, /) -> Incident: ...
    @overload
    def __getitem__(self, index: slice, /) -> tuple[Incident, ...]: ...
    @override
    def __getitem__(self, index: int | slice, /) -> Incident | tuple[Incident, ...]:
        return self.incidents[index]

    @override
    def __len__(self) -> int:
        return len(self.incidents)

    @property
    def counts(self) -> tuple[Counts, ...]:
        """How often each strategy did what, in the order of the strategies."""
        return counts_of(self.strategies, self.incidents)

    def differing(self) -> "Backtest":
        """Return only the incidents in which the strategies do not all choose the same.

        With a policy in use and one that is proposed, these are the incidents that the change would
        have changed. Without such an incident the result is empty.

        >>> from lastgood import LastStable, Previous, VersionRegistry
        >>> from lastgood.backtest import backtest
        >>> table = {"1": "stable", "2": "stable", "3": "failed"}
        >>> registry = VersionRegistry.from_statuses(table, current="3")
        >>> len(backtest(registry, LastStable(), Previous()).differing())
        0
        """
        found = tuple(each for each in self.incidents if each.is_disputed)
        return attrs.evolve(self, incidents=found)

    def explain(self, *, last: int = LAST) -> str:
        """Return the incidents as plain text of 80 columns, with the counts at the end.

        A line is at most 80 columns wide, unless a label is too long for that.

        Args:
            last: How many incidents are shown at most, the latest ones. The counts are of all.

        Raises:
            TypeError: ``last`` is not an `int`.
            ValueError: ``last`` is less than 1.

        >>> from lastgood import LastStable, Previous, VersionRegistry
        >>> from lastgood.backtest import backtest
        >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
        >>> registry = VersionRegistry.from_statuses(table, current="v1.2")
        >>> registry = registry.roll_back(Previous().plan(registry), reason="p99 900 ms")
        >>> registry = registry.mark_failed("v1.1", reason="out of memory")
        >>> print(backtest(registry, LastStable(), Previous()).explain(last=1))
        The last 1 of 2 incidents on record
          S1  LastStable()
          S2  Previous()
          = as recorded, > otherwise, x no target, ! raised
        <BLANKLINE>
        v1.1  failed: out of memory
          revision 10: nothing took its place so far
          >  S1  v1.0   stable
          >  S2  v1.0   stable
        <BLANKLINE>
                  as recorded  otherwise  no target  raised  failed later
          S1                0          2          0       0             0
          S2                1          1          0       0             1
          record                                                        1
        """
        return "\n".join(lines(self.incidents, self.counts, at_least(last, 1, "last")))

    def to_dict(self) -> dict[str, Any]:
        """Return the incidents, their choices and the counts as plain JSON types.

        >>> from lastgood import LastStable, VersionRegistry
        >>> from lastgood.backtest import backtest
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> data = backtest(registry, LastStable()).to_dict()
        >>> data["incidents"][0]["choices"][0]["target"], data["counts"][0]["otherwise"]
        ('1', 1)
        """
        return {
            "strategies": [*self.strategies],
            "incidents": [incident.to_dict() for incident in self.incidents],
            "counts": [counts.to_dict() for counts in self.counts],
            "fingerprint": self.fingerprint,
        }

    def _repr_html_(self) -> str:
        """Return a table of HTML, which is what a notebook shows: a row for each incident."""
        return page(self.incidents, self.counts)
