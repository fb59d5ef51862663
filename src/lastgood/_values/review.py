"""What a strategy says of every version, before an incident and when it finds no way back."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, final, overload

import attrs
from typing_extensions import override

from lastgood._basics.errors import LastgoodError
from lastgood._basics.frozen import Value, named
from lastgood._basics.messages import brief, one_line, shown
from lastgood._basics.pydantic import Output
from lastgood._basics.refusals import UnknownVersion, ways_past_failed_contents
from lastgood._values.candidate import Candidate
from lastgood._values.explanation import cells, explanation


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False, weakref_slot=False)
class Review(Value, Output, Sequence[Candidate]):
    """What a strategy and the safety check say of every version except the current one.

    It is a sequence of candidates, each version once, in the order of the strategy.
    `RollbackStrategy.review` makes it.

    >>> from lastgood import LastStable, VersionRegistry
    >>> table = {"1": "stable", "2": "unproven", "3": "stable"}
    >>> review = LastStable().review(VersionRegistry.from_statuses(table, current="3"))
    >>> review.target, len(review)
    ('1', 2)
    """

    #: The label of the version that would be left: the current one, or what served last.
    source: str
    #: The `repr` of the strategy.
    strategy: str
    #: Every other registered version.
    candidates: tuple[Candidate, ...]

    @property
    def target(self) -> str | None:
        """The label that a plan would choose now, or `None` if there is no way back."""
        return next((each.version for each in self.candidates if each.accepted), None)

    @overload
    def __getitem__(self, index: int, /) -> Candidate: ...
    @overload
    def __getitem__(self, index: slice, /) -> tuple[Candidate, ...]: ...
    @override
    def __getitem__(self, index: int | slice, /) -> Candidate | tuple[Candidate, ...]:
        return self.candidates[index]

    @override
    def __len__(self) -> int:
        return len(self.candidates)

    def explain(self) -> str:
        """Return the review in a few lines, as a plan would explain itself.

        >>> from lastgood import LastStable, VersionRegistry
        >>> table = {"1": "stable", "2": "unproven", "3": "stable"}
        >>> registry = VersionRegistry.from_statuses(table, current="3")
        >>> print(LastStable().review(registry).explain())
        From 3 the way back is 1    LastStable()
          x  2   unproven
          >  1   stable
        """
        return explanation(self._heading(one_line), self.strategy, self.candidates)

    def to_dict(self) -> dict[str, Any]:
        """Return the review as plain JSON types."""
        return {
            "source": self.source,
            "strategy": self.strategy,
            "target": self.target,
            "candidates": [candidate.to_dict() for candidate in self.candidates],
        }

    def _repr_html_(self) -> str:
        """Return the review as a table of HTML, which is what a notebook shows."""
        from lastgood.render._html import table  # noqa: PLC0415  # it is paid for where it is shown

        rows = cells(self.candidates, self.strategy)
        head = ("", "version", "reason")
        return table(self._heading(str), head, rows, code=brief(self.strategy))

    def _heading(self, line: Callable[[str], str]) -> str:
        if self.target is None:
            return f"From {line(self.source)} there is no way back"
        return f"From {line(self.source)} the way back is {line(self.target)}"


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False, weakref_slot=False)
class WaysOut(Value):
    """What could help where a strategy finds no way back: labels, from which advice is made.

    >>> from lastgood import LastStable, NoRollbackTarget, VersionRegistry
    >>> table = {"1": "unproven", "2": "failed"}
    >>> try:
    ...     plan = LastStable().plan(VersionRegistry.from_statuses(table, current="2"))
    ... except NoRollbackTarget as error:
    ...     print(error.ways_out.unproven)
    1
    """

    #: A version that the strategy named and that is not registered, with labels that look like it.
    unknown: UnknownVersion | None = None
    #: The nearest version that could be gone back to and is only unproven.
    unproven: str | None = None
    #: The nearest version that served and that only its status forbids.
    bad: str | None = None
    #: A version that could be gone back to and that the strategy never mentioned.
    not_proposed: str | None = None
    #: The label under which the contents of a version failed that could be gone back to otherwise.
    failed_as: str | None = None


@named("lastgood")
@final
class NoRollbackTarget(LastgoodError, LookupError):
    """A strategy found no version to go back to. What it said of each is kept.

    Attributes:
        source: The label of the version that was to be left.
        strategy: The `repr` of the strategy.
        revision: The revision of the registry for which it was asked.
        considered: Every candidate as it came, then every version that was never mentioned.
        ways_out: What could help, as facts.
    """

    def __init__(
        self,
        source: str,
        strategy: str,
        revision: int,
        considered: tuple[Candidate, ...],
        ways_out: WaysOut = WaysOut(),  # it is frozen
    ) -> None:
        super().__init__(source, strategy, revision, considered, ways_out)
        self.source = source
        self.strategy = strategy
        self.revision = revision
        self.considered = considered
        self.ways_out = ways_out

    def explain(self) -> str:
        """Return what was considered and why none of it would do, in a few lines."""
        heading = f"No way back from {one_line(self.source)}"
        return explanation(heading, self.strategy, self.considered)

    def _repr_html_(self) -> str:
        """Return the reasons and the advice as HTML, which is what a notebook shows."""
        from lastgood.render._html import lines, table  # noqa: PLC0415  # paid for where it is shown

        rows = cells(self.considered, self.strategy)
        head = ("", "version", "reason")
        said = table(f"No way back from {self.source}", head, rows, code=brief(self.strategy))
        return said + lines(self._advice())

    @override
    def __str__(self) -> str:
        return "\n".join([self.explain(), *self._advice()])

    def _advice(self) -> Iterator[str]:
        """Yield what can be done."""
        out = self.ways_out
        if out.unknown is not None and out.unknown.close:
            yield f"{out.unknown}"
        if out.failed_as is not None:
            ways = ways_past_failed_contents(out.failed_as, is_left=out.failed_as == self.source)
            yield f"The contents failed as {shown(out.failed_as)}: {ways}."
        if out.unproven is not None:
            pinned = f"Pinned({shown(out.unproven)})"
            yield f"A version that is only unproven can be named, if that is good enough: {pinned}."
        if out.bad is not None:
            yield (
                "A version that was marked by mistake, or is held, can be reinstated: "
                f"registry = registry.reinstate({shown(out.bad)}, reason=...)"
            )
        if out.not_proposed is not None:
            pinned = f"Pinned({shown(out.not_proposed)})"
            yield f"A version that was not proposed can be named: {pinned}."
        yield "If nothing else helps, deploy a new version."
