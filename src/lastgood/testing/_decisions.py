"""The laws about how a strategy decides; each looks for the smallest breach."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from lastgood._values.plan import RollbackPlan
from lastgood.testing._answers import Answer, Case, in_words
from lastgood.testing._histories import later, remade
from lastgood.testing._report import Breach
from lastgood.testing._siblings import parts_of
from lastgood.testing._trial import Trial


def yields_candidates(trial: Trial) -> Breach | None:
    expected = "a finite iterable of candidates, made with Candidate.accept and Candidate.reject"
    case = trial.malformed
    return None if case is None else Breach(str(case.answer), expected, case.registry)


def never_raises(trial: Trial) -> Breach | None:
    expected = "candidates, possibly none; reject an unsuitable version instead of raising"
    case = trial.raised
    return None if case is None else Breach(str(case.answer), expected, case.registry)


def deterministic(trial: Trial) -> Breach | None:
    return (
        _asked_again(trial) or _asked_alone(trial) or _asked_at_once(trial) or _asked_first(trial)
    )


#: One in this number of registries is made anew.
_REMADE: Final = 4


def _asked_again(trial: Trial) -> Breach | None:
    breach = None
    # Backwards: each is asked about after all others, and the smallest breach comes last.
    for place, case in reversed([*enumerate(trial.cases)]):
        registries = {"Asked again": case.registry}
        if place % _REMADE == 0:
            made, registry = remade(case.registry, place // _REMADE)
            registries[f"Asked about an equal registry, {made}"] = registry
        for relation, registry in registries.items():
            answer = trial.ask(registry)
            if not answer.is_same_as(case.answer):
                expected = "the same answer about equal registries"
                breach = case.contradicted(expected, relation, answer)
    return breach


def _asked_alone(trial: Trial) -> Breach | None:
    """Look for an answer that differs when it is the first that is asked for."""
    beginners = trial.unasked(len(trial.cases))
    for case, beginner in zip(trial.cases, beginners, strict=False):
        answer = trial.ask(case.registry, beginner)
        if not answer.is_same_as(case.answer):
            return _asked_in_order(trial)
    return None


def _asked_in_order(trial: Trial) -> Breach | None:
    """Compare with a copy that is asked everything: a copy may be another strategy anyway."""
    copies = trial.unasked(len(trial.cases) + 1)
    for case, beginner in zip(trial.cases, copies[1:], strict=False):
        later_on = Case(case.registry, trial.ask(case.registry, copies[0]))
        first = trial.ask(case.registry, beginner)
        if not later_on.answer.is_same_as(first):
            expected = "the same answer, whatever it was asked before"
            return later_on.contradicted(expected, "Asked about this registry alone", first)
    return None


#: One in this number of registries is asked about while another one is.
_INTERRUPTED: Final = 5


def _asked_at_once(trial: Trial) -> Breach | None:
    """Look for an answer that differs when it is read after the next question was asked."""
    for case, other in zip(trial.cases[::_INTERRUPTED], trial.cases[1::_INTERRUPTED], strict=False):
        answer = trial.ask(case.registry, meanwhile=other.registry)
        if not answer.is_same_as(case.answer):
            relation = "Asked about another registry before its answer was read to the end"
            return case.contradicted("the same answer", relation, answer)
    return None


def _asked_first(trial: Trial) -> Breach | None:
    """Look for an answer that differed when the strategy was asked for the first time."""
    for case in trial.opening:
        answer = trial.ask(case.registry)
        if not answer.is_same_as(case.answer):
            return case.contradicted("the same answer, the first time too", "Asked again", answer)
    return None


def time_shift(trial: Trial) -> Breach | None:
    """Look for a choice that differs when the same happened four hundred years later.

    A strategy with a date among its parameters compares times with that date.
    """
    if any(isinstance(part, date) for part in parts_of(trial.strategy)):
        return None
    for case in trial.cases:
        if case.registry.clock is not None:
            shifted = trial.case(later(case.registry))
            if shifted.answer != case.answer:
                relation = "The same, four hundred years later"
                return case.changed("the same choice", relation, shifted)
    return None


def known(trial: Trial) -> Breach | None:
    for case in trial.cases:
        for candidate in case.answer.said:
            if candidate.accepted and candidate.version not in case.registry:
                said = f"accepts {candidate.version!r}"
                return Breach(said, "only registered versions are accepted", case.registry)
    return None


#: One in this number of choices is planned; and one in this number of plans is sent elsewhere.
_PLANNED: Final = 3
_SENT: Final = 2


def carried_out(trial: Trial) -> Breach | None:
    for place, case in enumerate(trial.with_target[::_PLANNED]):
        try:
            found = next(_failures(trial, case, sent=place % _SENT == 0), None)
        except Exception as error:  # noqa: BLE001  # whatever it is, the strategy is the cause
            found = f"raises {in_words(error)}"
        if found is not None:
            said = f"{case.answer}, and {found}"
            return Breach(said, "a plan that can be carried out, once", case.registry)
    return None


def _failures(trial: Trial, case: Case, *, sent: bool) -> Iterator[str]:
    """Yield what is wrong with the plan: as it is made, carried out, and sent elsewhere."""
    strategy, registry, target = trial.strategy, case.registry, case.answer.target
    plan = strategy.plan(registry, leaving=case.source)
    review, after = strategy.review(registry), registry.roll_back(plan)
    holds = {
        f"its plan() {Answer(target=plan.target)}": plan.target == target,
        f"its review() {Answer(target=review.target)}": review.target == target,
        "its plan changes something when it is carried out again": after.roll_back(plan) is after,
    }
    if sent:
        _, elsewhere = remade(registry, registry.revision)
        there = elsewhere.roll_back(RollbackPlan.from_dict(plan.to_dict()))
        holds["its plan does something else when it is carried out elsewhere"] = there == after
    yield from (problem for problem, is_right in holds.items() if not is_right)
