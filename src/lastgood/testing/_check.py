"""Checking a strategy against the laws, and against an oracle."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import product
from typing import Final

from lastgood._basics.frozen import named
from lastgood._basics.messages import listed, shown
from lastgood._registry.handle import serving_again
from lastgood._registry.registry import VersionRegistry
from lastgood._values.metadata import MetadataValue
from lastgood._values.version import Version
from lastgood.strategies import RollbackStrategy
from lastgood.testing._answers import Answer
from lastgood.testing._contents import LABELS
from lastgood.testing._laws import TABLE, Law
from lastgood.testing._registries import small_registries
from lastgood.testing._report import Breach, LawReport, StrategyLawViolation, Violation
from lastgood.testing._trial import Trial

#: The names of the laws, in the order in which they are reported.
LAWS: Final[tuple[str, ...]] = tuple(TABLE)

#: Without a target nothing was checked, whatever else holds.
_VACUOUS: Final = "finds_a_target"


@named("lastgood.testing")
def check_strategy(  # noqa: PLR0913  # all but the first are options
    strategy: RollbackStrategy,
    *,
    laws: Iterable[str] = LAWS,
    labels: Sequence[str] = LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
    expected_failures: Mapping[str, str] | None = None,
) -> LawReport:
    """Check a strategy against the laws, on all small registries.

    The laws cannot know what you meant by the strategy. For that there is `check_choice`.

    Args:
        strategy: The strategy.
        laws: The names of the laws to check, from `LAWS`. That the strategy finds a target on some
            registry is always checked.
        labels: The labels of the registries, in the order of registration.
        metadata: The metadata to try on each version, when it is registered and as an annotation.
        digests: The digests to try on each version; `None` stands for no digest.
        expected_failures: The laws that the strategy breaks on purpose, each with the reason.
            Waivers for laws that are not among ``laws`` are ignored, so one dict serves every
            parametrised test.

    Returns:
        What was checked, with counts.

    Raises:
        StrategyLawViolation: The strategy breaks laws. The error shows all of them at once, each
            with its smallest registry. Also raised if a law that was waived holds.
        TypeError: ``strategy`` is not a `RollbackStrategy`, or an option has the wrong type.
        ValueError: The name of a law is unknown, or a waiver has no reason.

    >>> from lastgood import Pinned
    >>> from lastgood.testing import check_strategy
    >>> check_strategy(Pinned("v1.4"), labels=["v1.3", "v1.4", "v1.5"]).waived
    {}
    """
    waived = _checked_waivers(expected_failures)
    checked = {name: TABLE[name] for name in _checked_laws(laws, waived)}
    return _judged(_trial(strategy, labels, metadata, digests), checked, waived, _WAIVE)


@named("lastgood.testing")
def check_choice(
    strategy: RollbackStrategy,
    oracle: Callable[[VersionRegistry], str | None],
    *,
    labels: Sequence[str] = LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
) -> LawReport:
    """Compare the choice of a strategy with that of an oracle, on all small registries.

    The laws cannot know what you meant: a strategy that compares versions as text keeps every law.
    An oracle says what you meant. Write it as plainly as you can, without a thought for speed.

    Args:
        strategy: The strategy.
        oracle: A function that takes a registry in which something serves and returns the label of
            the right target, or `None`. If the version was undeployed, the registry is one in
            which it serves again, as for a strategy.
        labels: The labels of the registries, in the order of registration.
        metadata: The metadata to try on each version, when it is registered and as an annotation.
        digests: The digests to try on each version; `None` stands for no digest.

    Returns:
        What was checked, with counts.

    Raises:
        StrategyLawViolation: The two differ, or neither ever finds a target. The error shows the
            smallest registry on which they differ.
        TypeError: ``strategy`` is not a `RollbackStrategy`, or the oracle returns something else.
        Exception: Whatever the oracle raises.

    >>> from lastgood import LastStable, Status
    >>> from lastgood.rules import Safe
    >>> from lastgood.testing import check_choice
    >>> def plainly(registry):
    ...     for version in registry.lineage():
    ...         if version.status is Status.STABLE and Safe()(version, registry) is None:
    ...             return version.label
    ...     return None
    >>> check_choice(LastStable(), plainly).laws
    ('choice', 'finds_a_target')
    """
    choice = Law(
        "it chooses what the oracle chooses",
        "the laws cannot know what was meant; only the author of the strategy can say it.",
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
        right = Answer(target=_answer_of(oracle, serving_again(case.registry)))
        if right != case.answer:
            return Breach(str(case.answer), f"the oracle {right}", case.registry)
    return None


def _answer_of(
    oracle: Callable[[VersionRegistry], str | None], registry: VersionRegistry
) -> str | None:
    answer: object = oracle(registry)
    if answer is not None and not isinstance(answer, str):
        hint = ": return version.label" if isinstance(answer, Version) else ""
        raise TypeError(f"the oracle must return a label or None, not {shown(answer)}{hint}")
    return answer


def _trial(
    strategy: RollbackStrategy,
    labels: Sequence[str],
    metadata: Sequence[Mapping[str, MetadataValue]],
    digests: Sequence[str | None],
) -> Trial:
    if not isinstance(strategy, RollbackStrategy):
        raise TypeError(
            f"strategy must be a RollbackStrategy, not {shown(strategy)}{_instance_hint(strategy)}"
        )
    registries = small_registries(labels=labels, metadata=metadata, digests=digests)
    contents = tuple(product(tuple(metadata) or (None,), tuple(digests) or (None,)))
    return Trial(strategy, registries, tuple(labels), contents)


def _instance_hint(strategy: object) -> str:
    if isinstance(strategy, type) and issubclass(strategy, RollbackStrategy):
        return f": write {strategy.__name__}(...)"
    return ""


def _judged(
    trial: Trial, laws: Mapping[str, Law], waived: Mapping[str, str], hint: str
) -> LawReport:
    """Return what holds; raise what is broken without a waiver, and what is waived and holds."""
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
    """Return the laws to check, without repetitions and in their order, with `finds_a_target`."""
    if isinstance(laws, str):
        raise TypeError(
            f"laws must be a list of names, not {shown(laws)}: write laws=[{shown(laws)}]"
        )
    asked = [*laws, _VACUOUS]
    for name in (*asked, *waived):
        if name not in LAWS:
            raise ValueError(f"unknown law {shown(name)}; {_hint(name)}")
    return tuple(name for name in LAWS if name in asked)


def _hint(name: object) -> str:
    close = get_close_matches(name, LAWS) if isinstance(name, str) else ()
    if close:
        return f"did you mean {listed(close)}?"
    return f"expected one of {listed(LAWS, len(LAWS))}"


def _checked_waivers(waivers: Mapping[str, str] | None) -> dict[str, str]:
    if waivers is None:
        return {}
    if not isinstance(waivers, Mapping):
        raise TypeError(
            "expected_failures must be a mapping of law to reason, "
            f"not {shown(waivers)}: write expected_failures={{law: reason}}"
        )
    for name, why in waivers.items():
        if not str(why).strip():
            raise ValueError(f"the waiver of {shown(name)} must have a reason: say why it is meant")
    return dict(waivers)
