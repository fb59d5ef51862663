"""How strategies are asked about the past: at a revision, so that nothing later can be seen."""

from collections.abc import Sequence
from typing import Final

from lastgood._basics.frozen import named
from lastgood._basics.messages import brief
from lastgood._basics.status import Status
from lastgood._registry.handle import opened, serving_again
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate
from lastgood.backtest._incidents import Choice, ChoiceKind, Incident
from lastgood.backtest._report import Backtest
from lastgood.backtest._stays import Stay, incidents
from lastgood.strategies.base import (
    RollbackStrategy,
    checked_registry,
    checked_strategy,
    considered_to_target,
)

#: A choice keeps at most this many of the candidates that were rejected.
_MOST_REJECTED: Final = 3


@named("lastgood.backtest")
def backtest(registry: VersionRegistry, *strategies: RollbackStrategy) -> Backtest:
    """Return what each strategy would have done in every incident on record.

    An incident is one stay of a version as the current one that ended in a rollback or in an
    observation that rewinds, or in which the version became failed or retired. An undeploy does not
    end a stay. Each strategy is asked as by `RollbackStrategy.plan`, at the last revision before
    the version was left, with the clock of that revision, and about leaving that version. A version
    that has not been left yet is asked about now, with the registry's own clock. So nothing that
    was recorded later can be seen. What the whole record says of each choice is added afterwards.

    Incidents follow the order in which they were recorded. Each is asked about as it is on record:
    a choice that differs does not change what came next.

    It takes time proportional to the events, and for each incident what the strategies look at. A
    strategy that never finds a target looks at every version each time: there the time grows with
    the number of incidents times that of versions, and `Choice.looked_at` says how many they were.

    Args:
        registry: What is known.
        strategies: At least one.

    Returns:
        The incidents, each with one choice for each strategy. An exception that a strategy or a
        rule raises is a choice of the kind ``"raised"``.

    Raises:
        TypeError: No strategy is given, or an argument has the wrong type.

    >>> from lastgood import LastStable, Previous, VersionRegistry
    >>> from lastgood.backtest import backtest
    >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="v1.2")
    >>> registry = registry.roll_back(Previous().plan(registry)).mark_failed("v1.1", reason="OOM")
    >>> result = backtest(registry, LastStable(), Previous())
    >>> for incident in result:
    ...     print(incident.version, [choice.target for choice in incident.choices])
    v1.2 ['v1.0', 'v1.1']
    v1.1 ['v1.0', 'v1.0']
    """
    asked = [(checked_strategy(strategy), repr(strategy)) for strategy in strategies]
    if not asked:
        raise TypeError("backtest() has nothing to ask: write backtest(registry, LastStable())")
    stays = incidents(checked_registry(registry))
    found = tuple(_incident(registry, stay, asked) for stay in stays)
    return Backtest(tuple(by for _, by in asked), found, registry.fingerprint)


def _incident(
    registry: VersionRegistry, stay: Stay, strategies: Sequence[tuple[RollbackStrategy, str]]
) -> Incident:
    then, action = registry.at_revision(stay.revision), stay.action
    left = then[stay.version]
    later, failed_later = ("", False) if action is None else _later(registry, action.version)
    failed_before = action is not None and _later(then, action.version)[1]
    choices = (_choice(strategy, by, registry, stay) for strategy, by in strategies)
    return Incident(
        stay.version,
        stay.revision,
        then.clock,
        left.status,
        left.status_text,
        stay.verdict,
        action,
        then.current is None,
        later,
        failed_later and not failed_before,
        failed_before,
        tuple(choices),
    )


def _choice(strategy: RollbackStrategy, by: str, registry: VersionRegistry, stay: Stay) -> Choice:
    """Return what a strategy chooses: what its plan would be, without advice."""
    asked = serving_again(registry.at_revision(stay.revision))
    try:
        considered = considered_to_target(strategy, asked, by)
    except Exception as error:  # noqa: BLE001  # it would have raised then: that is the answer
        return Choice(by, "raised", None, f"{type(error).__name__}: {brief(str(error))}")
    rejected = tuple(each for each in considered[:_MOST_REJECTED] if not each.accepted)
    if not considered or not considered[-1].accepted:
        why = _why_none(considered, asked)
        return Choice(by, "no_target", None, why, len(considered), rejected)
    target, reason = considered[-1].version, considered[-1].reason
    is_as_recorded = stay.action is not None and stay.action.version == target
    kind: ChoiceKind = "as_recorded" if is_as_recorded else "otherwise"
    later, failed_later = _later(registry, target)
    known = asked[target].status_text
    return Choice(by, kind, target, reason, len(considered), rejected, known, later, failed_later)


def _why_none(considered: Sequence[Candidate], asked: VersionRegistry) -> str:
    """Return why nothing was chosen: the most telling rejection, and how many more there are.

    Everybody expects that a failed version is rejected. So it is the first one that is not failed,
    held or retired, or else the first.
    """
    if not considered:
        return "it proposed no version"
    known = ((each, asked.get(each.version)) for each in considered)
    good = (each for each, version in known if version is not None and not version.status.is_bad)
    first, more = next(good, considered[0]), len(considered) - 1
    said = f"{first.version}: {first.reason}"
    return f"{said}; and {more:,} more rejected" if more else said


def _later(registry: VersionRegistry, label: str) -> tuple[str, bool]:
    """Return what the record says of a version, and whether it stands as failed."""
    version = registry[label]
    if version.status is Status.FAILED:
        return version.status_text, True
    ledger, revision = opened(registry)
    own = ledger.records[label].failure(revision)
    if own is not None:  # It was retired since, or had been before.
        return f"{version.status_text}; {reasons.status(Status.FAILED, own.reason)}", True
    twin = ledger.contents.failure(label, version.digest, revision)
    if twin is None:
        return version.status_text, False
    contents = reasons.same_contents(twin.label, twin.reason, str(version.digest))
    return f"{version.status_text}; {contents}", True
