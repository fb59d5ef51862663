"""The two answers of a strategy: a plan, or that there is no way back. Both explain themselves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self, final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate, signature, verdict
from lastgood._data import Reader, read_list, read_object
from lastgood._errors import LastgoodError, UnknownVersion
from lastgood._number import at_least
from lastgood._pydantic import Carried
from lastgood._show import abridged, brief, one_line, shown
from lastgood._text import label, reason, strategy

#: An explanation shows at most so many candidates; more are counted.
_MOST_LINES = 20
#: Labels are shown whole, in a column of at most so many characters.
_WIDEST_LABEL = 40
#: How the reasons of candidates begin that only `reinstate` could help.
_CONDEMNED = ("failed", "rolled back", "retired")
#: The reason of candidates that nothing is known of.
_UNKNOWN = "not registered"
#: How the reasons of stable versions begin that served, and that a strategy never mentioned.
_LEFT_OUT = "not proposed by"


def _revision(value: int) -> int:
    return at_least(value, 0, "a revision")


def _candidates(values: Iterable[Candidate]) -> tuple[Candidate, ...]:
    candidates = tuple(values)
    for candidate in candidates:
        if not isinstance(candidate, Candidate):
            raise TypeError(f"expected candidates, not {shown(candidate)}")
    return candidates


@final
@attrs.frozen(weakref_slot=False)
class RollbackPlan(Carried):
    """The decision: from which version, to which, why, and what else was considered.

    Strategies make plans; `VersionRegistry.roll_back` carries them out.

    >>> from lastgood import LastStable, VersionRegistry
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> plan = LastStable().plan(registry)
    >>> plan.source, plan.target, plan.reason
    ('2', '1', 'stable')
    """

    #: The label of the version that is left.
    source: str = attrs.field(converter=label)
    #: The label of the version to go back to.
    target: str = attrs.field(converter=label)
    #: Why that one.
    reason: str = attrs.field(converter=reason)
    #: The `repr` of the strategy that chose.
    strategy: str = attrs.field(converter=strategy)
    #: The revision of the registry for which it was made.
    revision: int = attrs.field(converter=_revision)
    #: Every candidate up to the target, in the order of the strategy, the target last.
    considered: tuple[Candidate, ...] = attrs.field(converter=_candidates)

    def explain(self) -> str:
        """Return the decision in a few lines that a tired person can read.

        >>> from lastgood import LastStable, VersionRegistry
        >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
        >>> print(LastStable().plan(VersionRegistry.from_statuses(table, current="v1.2")).explain())
        Roll back v1.2 -> v1.0    LastStable()
          x  v1.1   unproven
          >  v1.0   stable
        """
        heading = f"Roll back {one_line(self.source)} -> {one_line(self.target)}"
        chosen = Candidate.accept(self.target, self.reason)
        return _explanation(heading, self.strategy, self.considered or (chosen,))

    def _repr_html_(self) -> str:
        """Return the decision as a table of HTML, which is what a notebook shows."""
        from lastgood._markup import table  # noqa: PLC0415  # it is paid for where it is shown

        heading = f"Roll back {self.source} \N{RIGHTWARDS ARROW} {self.target}"
        chosen = Candidate.accept(self.target, self.reason)
        rows = _cells(self.considered or (chosen,), self.strategy)
        return table(heading, ("", "version", "reason"), rows, code=brief(self.strategy))

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain JSON types, so that another job can carry it out."""
        return {
            "source": self.source,
            "target": self.target,
            "reason": self.reason,
            "strategy": self.strategy,
            "revision": self.revision,
            "considered": [
                {name: getattr(candidate, name) for name in _CANDIDATE_READERS}
                for candidate in self.considered
            ],
        }

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Return the plan that `to_dict` wrote.

        Raises:
            InvalidData: Something is wrong with the data; the message begins with the place.
        """
        return cls(**read_object(data, _PLAN_READERS, required=_PLAN_READERS, place=""))


@final
class NoRollbackTarget(LastgoodError, LookupError):
    """A strategy that finds no version to go back to. What it said of each is kept.

    Attributes:
        source: The label of the current version, which was to be left.
        strategy: The `repr` of the strategy.
        revision: The revision of the registry for which it was asked.
        considered: Every candidate as it came, then every version that was never mentioned.
    """

    def __init__(
        self, source: str, strategy: str, revision: int, considered: tuple[Candidate, ...]
    ) -> None:
        super().__init__(source, strategy, revision, considered)
        self.source = source
        self.strategy = strategy
        self.revision = revision
        self.considered = considered

    def explain(self) -> str:
        """Return what was considered and why none of it would do, in a few lines."""
        heading = f"No way back from {one_line(self.source)}"
        return _explanation(heading, self.strategy, self.considered)

    @override
    def __str__(self) -> str:
        return "\n".join([self.explain(), *self._advice()])

    def _advice(self) -> Iterator[str]:
        """Yield what can be done, as far as the reasons tell."""
        unknown = self._unknown()
        if unknown is not None and unknown.close:
            yield f"{unknown}"
        reasons = [candidate.reason for candidate in self.considered]
        unproven = (reason for reason in reasons if reason.startswith("unproven"))
        if self.strategy != "Previous()" and not all(map(_is_never_deployed, unproven)):
            yield "Previous() goes back to unproven versions of the lineage as well."
        if any(reason.startswith(_CONDEMNED) for reason in reasons):
            yield (
                "A version that was condemned wrongly can be reinstated: "
                "registry = registry.reinstate(version, reason=...)"
            )
        left_out = [each.version for each in self.considered if each.reason.startswith(_LEFT_OUT)]
        if left_out:
            yield f"A version that was not proposed can be named: Pinned({shown(left_out[-1])})."
        yield "If nothing else helps, deploy a new version."

    def _unknown(self) -> UnknownVersion | None:
        """Return the first version that is not registered, as an error that knows close labels."""
        known = tuple(each.version for each in self.considered if each.reason != _UNKNOWN)
        unknown = (each.version for each in self.considered if each.reason == _UNKNOWN)
        return next((UnknownVersion(version, known) for version in unknown), None)


def _is_never_deployed(reason: str) -> bool:
    return reason.endswith("never deployed")


def _explanation(heading: str, strategy: str, considered: Sequence[Candidate]) -> str:
    lines = [f"{heading}    {brief(strategy)}"]
    if not considered:
        return f"{lines[0]}\n  no other version is registered"
    first, hidden, last = abridged(considered, _MOST_LINES)
    widest = max(len(one_line(candidate.version)) for candidate in (*first, last))
    width = min(widest, _WIDEST_LABEL)
    lines += [_line(candidate, width, strategy) for candidate in first]
    if hidden:
        lines.append(f"     and {hidden} more")
    lines.append(_line(last, width, strategy))
    return "\n".join(lines)


def _line(candidate: Candidate, width: int, strategy: str) -> str:
    mark = ">" if candidate.accepted else "x"
    return f"  {mark}  {one_line(candidate.version):<{width}}   {_why(candidate, strategy)}"


def _why(candidate: Candidate, strategy: str) -> str:
    """Return the reason, and who gave it where that was not the strategy itself."""
    by_itself = candidate.by in {"", strategy}
    return brief(candidate.reason) + ("" if by_itself else f"   [{brief(candidate.by)}]")


def _cells(considered: Sequence[Candidate], strategy: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a notebook shows of each candidate; of many in the middle only the number."""
    first, hidden, last = abridged(considered, _MOST_LINES)
    for candidate in first:
        yield _verdict(candidate), candidate.version, _why(candidate, strategy)
    if hidden:
        yield "", f"and {hidden} more", ""
    yield _verdict(last), last.version, _why(last, strategy)


def _verdict(candidate: Candidate) -> str:
    return "accepted" if candidate.accepted else "rejected"


_CANDIDATE_READERS: dict[str, Reader] = {
    "version": label,
    "accepted": verdict,
    "reason": reason,
    "by": signature,
}


def _read_considered(value: object) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            **read_object(
                item, _CANDIDATE_READERS, required=_CANDIDATE_READERS, place=f"considered[{place}]"
            )
        )
        for place, item in enumerate(read_list(value, "considered"))
    )


_PLAN_READERS: dict[str, Reader] = {
    "source": label,
    "target": label,
    "reason": reason,
    "strategy": strategy,
    "revision": _revision,
    "considered": _read_considered,
}
