"""The laws about what a strategy answers; each looks for the smallest breach."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from lastgood._status import Status
from lastgood._version import Version
from lastgood.testing._others import anew, crowd, later, newcomers, registered, retold
from lastgood.testing._parameters import parameters_of
from lastgood.testing._registries import Contents
from lastgood.testing._report import Breach
from lastgood.testing._trial import Answer, Case, Trial


def yields_candidates(trial: Trial) -> Breach | None:
    expected = "candidates, made with Candidate.accept and Candidate.reject, and an end of them"
    case = trial.malformed
    return None if case is None else Breach(str(case.answer), expected, case.registry)


def never_raises(trial: Trial) -> Breach | None:
    expected = "candidates, or none of them; a version that will not do is a rejection"
    case = trial.raised
    return None if case is None else Breach(str(case.answer), expected, case.registry)


def deterministic(trial: Trial) -> Breach | None:
    return (
        _asked_again(trial) or _asked_alone(trial) or _asked_at_once(trial) or _asked_first(trial)
    )


#: Of so many registries one is built anew.
_REBUILT: Final = 2


def _asked_again(trial: Trial) -> Breach | None:
    breach = None
    # The other way round: each is asked about after all others, and the smallest breach comes last.
    for place, case in reversed([*enumerate(trial.cases)]):
        registries = {"Asked again": case.registry}
        if place % _REBUILT == 0:
            registries["Asked about an equal registry, built anew"] = anew(case.registry)
        for relation, registry in registries.items():
            answer = trial.ask(registry)
            if not answer.is_same_as(case.answer):
                expected = "the same answer about equal registries"
                breach = case.contradicted(expected, relation, answer)
    return breach


def _asked_alone(trial: Trial) -> Breach | None:
    """Look for an answer that is another one where it is the first that is asked for."""
    beginners = trial.unasked(len(trial.cases))
    for case, beginner in zip(trial.cases, beginners, strict=False):
        answer = trial.ask(case.registry, beginner)
        if not answer.is_same_as(case.answer):
            return _asked_in_order(trial)
    return None


def _asked_in_order(trial: Trial) -> Breach | None:
    """Do so with a copy that is asked all of it, since a copy may be another strategy anyway."""
    copies = trial.unasked(len(trial.cases) + 1)
    for case, beginner in zip(trial.cases, copies[1:], strict=False):
        later = Case(case.registry, trial.ask(case.registry, copies[0]))
        first = trial.ask(case.registry, beginner)
        if not later.answer.is_same_as(first):
            expected = "the same answer, whatever it was asked before"
            return later.contradicted(expected, "Asked about this registry alone", first)
    return None


#: Of so many registries one is asked about while another one is.
_INTERRUPTED: Final = 5


def _asked_at_once(trial: Trial) -> Breach | None:
    """Look for an answer that is another one where it is read after the next question was asked."""
    for case, other in zip(trial.cases[::_INTERRUPTED], trial.cases[1::_INTERRUPTED], strict=False):
        answer = trial.ask(case.registry, meanwhile=other.registry)
        if not answer.is_same_as(case.answer):
            relation = "Asked about another registry before its answer was read to the end"
            return case.contradicted("the same answer", relation, answer)
    return None


def _asked_first(trial: Trial) -> Breach | None:
    """Look for an answer that was another one when the strategy was asked for the first time."""
    for case in trial.opening:
        answer = trial.ask(case.registry)
        if not answer.is_same_as(case.answer):
            return case.contradicted("the same answer, the first time too", "Asked again", answer)
    return None


def time_shift(trial: Trial) -> Breach | None:
    """Look for a choice that is another one where the same happened four hundred years later.

    Whoever is given a date compares times with it, and not with the clock of the machine.
    """
    if any(isinstance(one.value, date) for one in parameters_of(trial.strategy)):
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


def order_of_news(trial: Trial) -> Breach | None:
    for case in trial.cases:
        for other in map(trial.case, retold(case.registry)):
            if other.answer != case.answer:
                relation = "The same verdicts, recorded in another order"
                return case.changed("the same choice", relation, other)
    return None


def drop_unchosen(trial: Trial) -> Breach | None:
    return _smallest(trial, trial.cases, _joined) or _lost_in_a_crowd(trial)


#: So many registries get a crowd of versions more.
_CROWDED: Final = 5


def _lost_in_a_crowd(trial: Trial) -> Breach | None:
    """Look for a choice that turns to another version once there are very many."""
    for case in trial.with_target[-_CROWDED:]:
        breach = _crowded_out(trial, case, crowd(case.registry, trial.contents))
        if breach is not None:
            return breach
    return None


def _smallest(
    trial: Trial, cases: Iterable[Case], search: Callable[[Trial, Case], Breach | None]
) -> Breach | None:
    """Return the breach on the smallest registry; a search goes on from a case to larger ones."""
    found: Breach | None = None
    for case in cases:
        if found is not None and found.size <= case.registry.revision:
            break
        breach = search(trial, case)
        if breach is not None and (found is None or breach.size < found.size):
            found = breach
    return found


def _crowded_out(
    trial: Trial, case: Case, strangers: Iterable[tuple[str, Contents]]
) -> Breach | None:
    """Register versions one after the other, and look for a choice that turns to another."""
    for newcomer in strangers:
        label = newcomer[0]
        more = trial.case(registered(case.registry, newcomer))
        if trial.is_foreign(label) and not more.answer.is_sound:
            return None
        if more.answer not in (case.answer, Answer(target=label)):
            expected = f"the same choice, or {label!r}"
            return case.changed(expected, "Once another version is registered", more)
        case = more
    return None


def _joined(trial: Trial, case: Case) -> Breach | None:
    """Register a few versions more, and look for a choice that turns to another one."""
    return _crowded_out(trial, case, _newcomers(trial, case))


def _newcomers(trial: Trial, case: Case) -> list[tuple[str, Contents]]:
    return newcomers(case.registry, case.answer.target, trial.labels, trial.contents)


def worse_evidence(trial: Trial) -> Breach | None:
    return _smallest(trial, trial.cases, _bad_news) or _smallest(
        trial, trial.with_target[::_DISTANT], _distant_news
    )


def _bad_news(trial: Trial, case: Case) -> Breach | None:
    """Look for a choice that is wrong once there is bad news about one of the versions."""
    for version in case.registry.values():
        if _is_condemnable(case, version):
            label = version.label
            failed = trial.case(case.registry.mark_failed(label))
            retired = trial.case(failed.registry.retire(label))
            breach = _unmoved(case, label, failed) or _unmoved(failed, label, retired)
            if breach is not None:
                return breach
    return None


#: In one of so many registries there is bad news about so many versions that never served.
_DISTANT: Final = 3
_CONDEMNED: Final = 4


def _distant_news(trial: Trial, case: Case) -> Breach | None:
    """Do so with bad news about versions that never served, one after the other."""
    for newcomer in _newcomers(trial, case)[:_CONDEMNED]:
        label = newcomer[0]
        more = trial.case(registered(case.registry, newcomer))
        case = trial.case(more.registry.mark_failed(label))
        if trial.is_foreign(label) and not (more.answer.is_sound and case.answer.is_sound):
            return None
        breach = _unmoved(more, label, case)
        if breach is not None and _is_condemnable(more, more.registry[label]):
            return breach
    return None


def _unmoved(case: Case, label: str, worse: Case) -> Breach | None:
    """Return what is wrong about what it says once there was bad news about that version."""
    before, accepted = _ranked(case)
    target = worse.answer.target
    if label not in before and worse.answer != case.answer:
        expected = f"the same choice, since {label!r} is not ranked before it"
    elif target in before and target not in accepted:
        expected = f"not {target!r}, which it ranked before, and rejected"
    else:
        return None
    return case.changed(expected, "Once there is bad news about another version", worse)


def _ranked(case: Case) -> tuple[set[str], set[str]]:
    """Return the versions that it mentions before its choice, and all that it accepts."""
    before: set[str] = set()
    for candidate in case.answer.said:
        if candidate.accepted and candidate.version == case.answer.target:
            break
        before.add(candidate.version)
    accepted = {candidate.version for candidate in case.answer.said if candidate.accepted}
    return before, accepted


def _is_condemnable(case: Case, version: Version) -> bool:
    """Whether bad news can come about this version, neither chosen nor current, and it alone."""
    if version.label in {case.answer.target, case.registry.current}:
        return False
    if version.status in {Status.FAILED, Status.RETIRED}:
        return False
    same = (other.digest == version.digest for other in case.registry.values())
    return version.digest is None or sum(same) == 1
