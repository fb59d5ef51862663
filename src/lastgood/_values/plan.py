"""The plan: the decision to go back, with what it rests on."""

from collections.abc import Iterable
from typing import Any, Final, Self, final

import attrs

from lastgood._basics.data import Reader, read_list, read_object
from lastgood._basics.frozen import Value, named, setters
from lastgood._basics.messages import one_line, shown
from lastgood._basics.numbers import at_least, whole
from lastgood._basics.pydantic import Carried
from lastgood._basics.texts import fingerprint, label, reason, strategy, text
from lastgood._values.candidate import Candidate, acceptance, signature
from lastgood._values.explanation import cells, explanation

#: The format of the plain data that `RollbackPlan.to_dict` writes.
_FORMAT: Final = 1


def _revision(value: int) -> int:
    return at_least(value, 0, "revision")


def _candidates(values: Iterable[Candidate]) -> tuple[Candidate, ...]:
    candidates = tuple(values)
    for candidate in candidates:
        if not isinstance(candidate, Candidate):
            raise TypeError(f"considered must hold candidates, not {shown(candidate)}")
    return candidates


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False, weakref_slot=False)
class RollbackPlan(Value, Carried):
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
    #: The fingerprint of that registry.
    fingerprint: str = attrs.field(converter=fingerprint)
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
        return explanation(heading, self.strategy, self._considered())

    def _repr_html_(self) -> str:
        """Return the way as a picture, and a table of it, as HTML: what a notebook shows."""
        from lastgood.render._notebook import page_of_plan  # noqa: PLC0415  # paid for there

        return page_of_plan(self, cells(self._considered(), self.strategy))

    def _considered(self) -> tuple[Candidate, ...]:
        """Return what was considered; for a plan made by hand without it, the target."""
        return self.considered or (Candidate.accept(self.target, self.reason),)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain JSON types, so that another job can carry it out."""
        return {
            "format": _FORMAT,
            "source": self.source,
            "target": self.target,
            "reason": self.reason,
            "strategy": self.strategy,
            "revision": self.revision,
            "fingerprint": self.fingerprint,
            "considered": [candidate.to_dict() for candidate in self.considered],
        }

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Return the plan that `to_dict` wrote.

        Raises:
            InvalidData: Something is wrong with the data; the message begins with the place.

        >>> from lastgood import LastStable, RollbackPlan, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> plan = LastStable().plan(registry)
        >>> RollbackPlan.from_dict(plan.to_dict()) == plan
        True
        """
        values = read_object(data, _PLAN_READERS, required=_PLAN_READERS, place="")
        del values["format"]
        return cls(**values)


(
    _set_source,
    _set_target,
    _set_reason,
    _set_strategy,
    _set_revision,
    _set_fingerprint,
    _set_considered,
) = setters(RollbackPlan)


def plan_of(
    source: str, strategy: str, revision: int, fingerprint: str, considered: Iterable[Candidate]
) -> RollbackPlan:
    """Return the plan of a strategy: to the last of the candidates that it considered."""
    plan, considered = RollbackPlan.__new__(RollbackPlan), tuple(considered)
    _set_source(plan, source)  # All but the `repr` of the strategy was checked before.
    _set_target(plan, considered[-1].version)
    _set_reason(plan, considered[-1].reason)
    _set_strategy(plan, text(strategy, "strategy"))
    _set_revision(plan, revision)
    _set_fingerprint(plan, fingerprint)
    _set_considered(plan, considered)
    return plan


_CANDIDATE_READERS: dict[str, Reader] = {
    "version": label,
    "accepted": acceptance,
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


def _read_revision(value: object) -> int:
    return _revision(whole(value))


def read_format(value: object) -> int:
    """Read the number of a format.

    Raises:
        ValueError: This release does not read that format.
    """
    number = whole(value)
    if isinstance(number, bool) or not isinstance(number, int) or int.__index__(number) != _FORMAT:
        raise ValueError(f"{shown(value)} is not supported; this release reads {_FORMAT}")
    return _FORMAT


_PLAN_READERS: dict[str, Reader] = {
    "format": read_format,
    "source": label,
    "target": label,
    "reason": reason,
    "strategy": strategy,
    "revision": _read_revision,
    "fingerprint": fingerprint,
    "considered": _read_considered,
}
