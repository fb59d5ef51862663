"""An incident on record, and what a strategy would have done in it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, final

import attrs

from lastgood._basics.frozen import named
from lastgood._basics.pydantic import Output
from lastgood._basics.status import Status
from lastgood._values.candidate import Candidate
from lastgood._values.event import Event
from lastgood._values.version import Deployment

#: How a choice compares with the record.
ChoiceKind: TypeAlias = Literal["as_recorded", "otherwise", "no_target", "raised"]


@named("lastgood.backtest")
@final
@attrs.frozen(weakref_slot=False)
class Choice(Output):
    """What one strategy would have done in one incident, and what the record says of it now.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.backtest import backtest
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> registry = registry.roll_back(LastStable().plan(registry))
    >>> choice = backtest(registry, LastStable())[0].choices[0]
    >>> choice.kind, choice.target, choice.reason, choice.later
    ('as_recorded', '1', 'stable', 'stable')
    """

    #: The `repr` of the strategy.
    strategy: str
    #: ``"as_recorded"``: the version that served next on record. ``"otherwise"``: another one.
    #: ``"no_target"``: none. ``"raised"``: the strategy, or a rule of it, raised an exception.
    kind: ChoiceKind
    #: The label of the version that it chooses, or `None`.
    target: str | None
    #: Why that one, or what was raised. Without a target, why the first candidate was rejected that
    #: is not failed, held or retired; or else the first of all.
    reason: str
    #: How many candidates it looked at; 0 if it raised an exception.
    looked_at: int = 0
    #: The first candidates that were rejected, at most three.
    rejected: tuple[Candidate, ...] = ()
    #: What was known of the target when the strategy was asked: its status with the reason. ``""``
    #: without one.
    status_text: str = ""
    #: What the whole record says of the target: its status with the reason. ``""`` without one.
    later: str = ""
    #: Whether the target, or its contents under another label, failed after the incident and was
    #: not reinstated since.
    failed_later: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the choice as plain JSON types, with every key."""
        return {
            "strategy": self.strategy,
            "kind": self.kind,
            "target": self.target,
            "reason": self.reason,
            "looked_at": self.looked_at,
            "rejected": [candidate.to_dict() for candidate in self.rejected],
            "status_text": self.status_text,
            "later": self.later,
            "failed_later": self.failed_later,
        }


@named("lastgood.backtest")
@final
@attrs.frozen(weakref_slot=False)
class Incident(Output):
    """One stay of a version as the current one that went wrong, and what strategies say of it.

    To ask again about an incident, and to see every candidate, plan at its revision:
    ``strategy.plan(registry.at_revision(incident.revision), leaving=incident.version)``.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.backtest import backtest
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> registry = registry.roll_back(LastStable().plan(registry))
    >>> incident = backtest(registry, LastStable())[0]
    >>> incident.version, incident.status_text, incident.revision, incident.action.kind
    ('2', 'failed', 6, 'rolled_back')
    """

    #: The label of the version that was left, or that is still to be left.
    version: str
    #: The revision at which the strategies were asked: the last one before the version was left.
    revision: int
    #: The latest time recorded by that revision, which rules saw as the clock.
    clock: datetime | None
    #: The status of the version at that revision.
    status: Status
    #: That status in words, with its reason.
    status_text: str
    #: The event that made the version failed or retired while it was current; `None` if it was
    #: left without a verdict.
    verdict: Event | None
    #: The deployment that took its place: a rollback, an observation, or the next version. `None`
    #: if nothing did so far.
    action: Deployment | None
    #: Whether the version was undeployed when the strategies were asked.
    is_undeployed: bool
    #: What the whole record says of the version that took its place; ``""`` without one.
    later: str
    #: Whether that version, or its contents, failed afterwards and was not reinstated since. False
    #: if it had failed before.
    failed_later: bool
    #: Whether that version, or its contents, stood as failed before it took the place.
    failed_before: bool
    #: What each strategy would have done, in the order in which they were given.
    choices: tuple[Choice, ...]

    @property
    def at(self) -> datetime | None:
        """When it ended, if that was recorded; otherwise the clock that rules saw.

        If it ended and ``action.at`` is `None`, it ended at that clock or later: texts and tables
        show that time with the word "after".
        """
        ended = None if self.action is None else self.action.at
        return self.clock if ended is None else ended

    @property
    def is_disputed(self) -> bool:
        """Whether the strategies do not all do the same."""
        return len({(choice.kind, choice.target) for choice in self.choices}) > 1

    def to_dict(self) -> dict[str, Any]:
        """Return the incident as plain JSON types, with every key."""
        return {
            "version": self.version,
            "revision": self.revision,
            "clock": None if self.clock is None else self.clock.isoformat(),
            "status": self.status.value,
            "status_text": self.status_text,
            "verdict": None if self.verdict is None else self.verdict.to_dict(),
            "action": None if self.action is None else self.action.to_dict(),
            "is_undeployed": self.is_undeployed,
            "later": self.later,
            "failed_later": self.failed_later,
            "failed_before": self.failed_before,
            "choices": [choice.to_dict() for choice in self.choices],
        }


@named("lastgood.backtest")
@final
@attrs.frozen(weakref_slot=False)
class Counts(Output):
    """How often a strategy did what, over all incidents.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.backtest import backtest
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> backtest(registry, LastStable()).counts[0].otherwise
    1
    """

    #: The `repr` of the strategy.
    strategy: str
    #: How often it chose the version that served next on record.
    as_recorded: int
    #: How often it chose another one.
    otherwise: int
    #: How often it found none.
    no_target: int
    #: How often it raised an exception.
    raised: int
    #: How many of its choices failed later.
    failed_later: int

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain JSON types, with every key."""
        return {
            "strategy": self.strategy,
            "as_recorded": self.as_recorded,
            "otherwise": self.otherwise,
            "no_target": self.no_target,
            "raised": self.raised,
            "failed_later": self.failed_later,
        }


def counts_of(strategies: Sequence[str], incidents: Sequence[Incident]) -> tuple[Counts, ...]:
    """Return the counts of each strategy, over these incidents."""
    return tuple(
        _counts(by, [incident.choices[place] for incident in incidents])
        for place, by in enumerate(strategies)
    )


def _counts(strategy: str, choices: Sequence[Choice]) -> Counts:
    kinds = Counter(choice.kind for choice in choices)
    return Counts(
        strategy,
        as_recorded=kinds["as_recorded"],
        otherwise=kinds["otherwise"],
        no_target=kinds["no_target"],
        raised=kinds["raised"],
        failed_later=sum(choice.failed_later for choice in choices),
    )
