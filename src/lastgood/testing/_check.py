"""Holding a strategy against the laws, and against an oracle."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import product
from typing import Final

from lastgood._metadata import MetadataValue
from lastgood._registry import VersionRegistry
from lastgood._show import listed, shown
from lastgood._version import Version
from lastgood.strategies import RollbackStrategy
from lastgood.testing._laws import TABLE, Law
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
    waived = _checked_waivers(expected_failures)
    checked = {name: TABLE[name] for name in _checked_laws(laws, waived)}
    return _judged(_trial(strategy, labels, metadata, digests), checked, waived, _WAIVE)


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
    choice = Law(
        "it chooses what the oracle chooses",
        "laws cannot see a wrong intent; only its author can say what is meant.",
        partial(_wrong_choice, oracle),
    )
    checked = {"choice": choice, _VACUOUS: TABLE[_VACUOUS]}
    return _judged(_trial(strategy, labels, metadata, digests), checked, {}, _REVISE)


_WAIVE: Final = "Meant so? Then say why: expected_failures={{{!r}: 'because ...'}}"
_REVISE: Final = "One of the two is wrong: the strategy, or the oracle."


def _wrong_choice(oracle: Callable[[VersionRegistry], str | None], trial: Trial) -> Breach | None:
    unsound = trial.malformed or trial.raised
    if unsound is not None:
        return Breach(str(unsound.answer), "candidates", unsound.registry)
    for case in trial.cases:
        right = Answer(target=_answer_of(oracle, case.registry))
        if right != case.answer:
            return Breach(str(case.answer), f"the oracle {right}", case.registry)
    return None


def _answer_of(
    oracle: Callable[[VersionRegistry], str | None], registry: VersionRegistry
) -> str | None:
    answer = oracle(registry)
    if answer is not None and not isinstance(answer, str):
        raise TypeError(
            f"an oracle answers a label or None, and this one {shown(answer)}{_label_hint(answer)}"
        )
    return answer


def _label_hint(answer: object) -> str:
    return ": write version.label" if isinstance(answer, Version) else ""


def _trial(
    strategy: RollbackStrategy,
    labels: Sequence[str],
    metadata: Sequence[Mapping[str, MetadataValue]],
    digests: Sequence[str | None],
) -> Trial:
    if not isinstance(strategy, RollbackStrategy):
        raise TypeError(f"{shown(strategy)} is no strategy: {_instance_hint(strategy)}")
    registries = small_registries(labels=labels, metadata=metadata, digests=digests)
    contents = tuple(product(tuple(metadata) or (None,), tuple(digests) or (None,)))
    return Trial(strategy, registries, tuple(labels), contents)


def _instance_hint(strategy: object) -> str:
    if isinstance(strategy, type) and issubclass(strategy, RollbackStrategy):
        return f"write {strategy.__name__}(...)"
    return "make one of a RollbackStrategy class"


def _judged(
    trial: Trial, laws: Mapping[str, Law], waived: Mapping[str, str], hint: str
) -> LawReport:
    """Return what holds; raise what does not and is not waived, and what is waived and holds."""
    breaches = {name: law.check(trial) for name, law in laws.items()}
    report = LawReport(
        trial.name,
        tuple(name for name, breach in breaches.items() if breach is None),
        registries=trial.registries,
        decisions=trial.decisions,
        targets=len(trial.with_target),
        waived={name: waived[name] for name in laws if name in waived},
    )
    violations = [
        Violation(name, laws[name].demand, laws[name].why, breach, hint.format(name))
        for name, breach in breaches.items()
        if breach is not None and name not in waived
    ]
    needless = [name for name in report.laws if name in waived]
    if violations or needless:
        cause = None if trial.raised is None else trial.raised.answer.error
        raise StrategyLawViolation(report, violations, needless) from cause
    return report


def _checked_laws(laws: Iterable[object], waived: Mapping[str, str]) -> tuple[str, ...]:
    """Return the laws to check, without doubles and in their order, `finds_a_target` always."""
    if isinstance(laws, str):
        raise TypeError(f"laws are several names: write laws=[{shown(laws)}]")
    asked = [*laws, _VACUOUS]
    for name in (*asked, *waived):
        if name not in LAWS:
            raise ValueError(f"there is no law {shown(name)}; {_hint(name)}")
    return tuple(name for name in LAWS if name in asked)


def _hint(name: object) -> str:
    close = get_close_matches(name, LAWS) if isinstance(name, str) else ()
    return f"did you mean {listed(close)}?" if close else f"there are {listed(LAWS, len(LAWS))}"


def _checked_waivers(waivers: Mapping[str, str] | None) -> dict[str, str]:
    if waivers is None:
        return {}
    if not isinstance(waivers, Mapping):
        raise TypeError("a law is waived with its reason: write expected_failures={law: reason}")
    for name, why in waivers.items():
        if not str(why).strip():
            raise ValueError(f"say why {shown(name)} may be broken: {{{shown(name)}: reason}}")
    return dict(waivers)
