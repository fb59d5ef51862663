"""Holding a strategy against the laws, and against an oracle."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from lastgood._metadata import MetadataValue
from lastgood._registry import VersionRegistry
from lastgood._show import listed, shown
from lastgood.strategies import RollbackStrategy
from lastgood.testing._laws import TABLE
from lastgood.testing._registries import LABELS, small_registries
from lastgood.testing._report import Breach, LawReport, StrategyLawViolation, Violation
from lastgood.testing._trial import Answer, Trial

#: The names of the laws, in the order in which they are reported.
LAWS: Final[tuple[str, ...]] = tuple(TABLE)

#: Without a target nothing was checked, whatever else holds.
_VACUOUS: Final = "finds_a_target"


def check_strategy(  # noqa: PLR0913  # all but the first are options
    strategy: RollbackStrategy,
    *,
    laws: Iterable[str] = LAWS,
    labels: Sequence[str] = LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
    expected_failures: Mapping[str, str] | None = None,
) -> LawReport:
    """Hold a strategy against the laws, on all small registries.

    That a strategy keeps the laws does not say that it chooses what its author means; for that
    there is `check_choice`.

    Args:
        strategy: The strategy.
        laws: The names of the laws to check, of `LAWS`. That it ever finds a target is checked
            always.
        labels: The labels of the registries, in the order of registration.
        metadata: What the metadata of a version may be; each is tried for each version.
        digests: What the digest of a version may be, likewise.
        expected_failures: Laws that it is meant to break, each with the reason.

    Returns:
        What was checked, with counts.

    Raises:
        StrategyLawViolation: It breaks laws; the error shows all of them at once, each with the
            smallest registry. Also where a law that was waived holds.
        TypeError: It is no strategy.
        ValueError: There is no law of that name, or a reason is empty.

    >>> from lastgood import Pinned
    >>> from lastgood.testing import check_strategy
    >>> check_strategy(Pinned("v1.4"), labels=["v1.3", "v1.4", "v1.5"]).waived
    {}
    """
    waived = dict(expected_failures or {})
    checked = _checked_laws(laws, waived)
    registries = small_registries(labels=labels, metadata=metadata, digests=digests)
    trial = Trial(_checked_strategy(strategy), registries, labels)
    breaches = {name: TABLE[name].check(trial) for name in checked}
    violations = [
        Violation(name, TABLE[name].demand, TABLE[name].why, breach, _WAIVE.format(name))
        for name, breach in breaches.items()
        if breach is not None and name not in waived
    ]
    needless = [name for name in waived if name in breaches and breaches[name] is None]
    held = tuple(name for name, breach in breaches.items() if breach is None)
    return _reported(trial, held, waived, violations, needless)


def check_choice(
    strategy: RollbackStrategy,
    oracle: Callable[[VersionRegistry], str | None],
    *,
    labels: Sequence[str] = LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
) -> LawReport:
    """Hold the choice of a strategy against an oracle, on all small registries.

    Laws cannot see a wrong intent: versions compared as texts keep every law. An oracle can. Write
    it as plainly as you can, without a thought for speed.

    Args:
        strategy: The strategy.
        oracle: A function that takes a registry in which something is deployed and returns the
            label of the right target, or `None`.
        labels: The labels of the registries, in the order of registration.
        metadata: What the metadata of a version may be; each is tried for each version.
        digests: What the digest of a version may be, likewise.

    Returns:
        What was checked, with counts.

    Raises:
        StrategyLawViolation: They differ, or neither ever finds a target; the error shows the
            smallest registry on which they do.
        TypeError: It is no strategy, or the oracle answers something else.
        Exception: What the oracle raises.

    >>> from lastgood import LastStable, Status
    >>> from lastgood.testing import check_choice
    >>> def plainly(registry):
    ...     for version in registry.lineage():
    ...         bad = [other for other in registry.values() if other.status.is_bad]
    ...         digests = {other.digest for other in (*bad, registry.current_version)} - {None}
    ...         if version.status is Status.STABLE and version.digest not in digests:
    ...             return version.label
    ...     return None
    >>> check_choice(LastStable(), plainly).laws
    ('choice', 'finds_a_target')
    """
    registries = small_registries(labels=labels, metadata=metadata, digests=digests)
    trial = Trial(_checked_strategy(strategy), registries, labels)
    breaches = {
        "choice": trial.malformed or trial.raised or _wrong_choice(trial, oracle),
        _VACUOUS: TABLE[_VACUOUS].check(trial),
    }
    demands = {"choice": _CHOICE, _VACUOUS: (TABLE[_VACUOUS].demand, TABLE[_VACUOUS].why)}
    violations = [
        Violation(
            name, *demands[name], breach, "one of the two is wrong: the strategy or the oracle"
        )
        for name, breach in breaches.items()
        if breach is not None
    ]
    held = tuple(name for name, breach in breaches.items() if breach is None)
    return _reported(trial, held, {}, violations, [])


_WAIVE: Final = "to waive it, write expected_failures={{{!r}: 'the reason why it may be broken'}}"

_CHOICE: Final = (
    "it chooses what the oracle chooses",
    "laws cannot see a wrong intent; only its author can say what is meant.",
)


def _wrong_choice(trial: Trial, oracle: Callable[[VersionRegistry], str | None]) -> Breach | None:
    for case in trial.cases:
        right = oracle(case.registry)
        if right is not None and not isinstance(right, str):
            raise TypeError(f"an oracle answers a label or None, and this one {shown(right)}")
        if right != case.answer.target:
            return Breach(
                str(case.answer), f"what the oracle says: it {Answer(right)}", case.registry
            )
    return None


def _reported(
    trial: Trial,
    held: tuple[str, ...],
    waived: dict[str, str],
    violations: Sequence[Violation],
    needless: Sequence[str],
) -> LawReport:
    report = LawReport(
        repr(trial.strategy),
        held,
        registries=len(trial.cases),
        decisions=trial.decisions,
        targets=sum(case.answer.target is not None for case in trial.cases),
        waived=waived,
    )
    if violations or needless:
        raise StrategyLawViolation(report, violations, needless)
    return report


def _checked_strategy(strategy: RollbackStrategy) -> RollbackStrategy:
    if not isinstance(strategy, RollbackStrategy):
        raise TypeError(f"{shown(strategy)} is no strategy: make one of a RollbackStrategy class")
    return strategy


def _checked_laws(laws: Iterable[str], waived: Mapping[str, str]) -> tuple[str, ...]:
    """Return the laws to check, without doubles and in their order, `finds_a_target` always."""
    if isinstance(laws, str):
        raise TypeError(f"laws are several names: write laws=[{laws!r}]")
    asked = {*laws, _VACUOUS}
    for name in (*asked, *waived):
        if name not in TABLE:
            close = listed(get_close_matches(name, LAWS) or LAWS, len(LAWS))
            raise ValueError(f"there is no law {shown(name)}; did you mean {close}?")
    for name, why in waived.items():
        if not why:
            raise ValueError(f"say why {name!r} is waived: expected_failures={{{name!r}: reason}}")
    return tuple(name for name in LAWS if name in asked)
