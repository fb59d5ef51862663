"""The laws of strategies. Each looks for a breach, on the smallest registry first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from lastgood._registry import VersionRegistry
from lastgood._show import shown
from lastgood._status import Status
from lastgood._version import Version
from lastgood.strategies import Pinned, RollbackStrategy
from lastgood.testing._others import anew, newcomers, registered, retold
from lastgood.testing._reading import unreadable
from lastgood.testing._registries import Contents
from lastgood.testing._report import Breach
from lastgood.testing._trial import Answer, Case, Trial, Twin, is_equal, name_of, told, twins_of

_Check: TypeAlias = Callable[[Trial], Breach | None]


@attrs.frozen
class Law:
    """What every strategy keeps."""

    demand: str
    why: str
    check: _Check


def _yields_candidates(trial: Trial) -> Breach | None:
    expected = "candidates, made with Candidate.accept and Candidate.reject, and an end of them"
    case = trial.malformed
    return None if case is None else Breach(str(case.answer), expected, case.registry)


def _never_raises(trial: Trial) -> Breach | None:
    expected = "candidates, or none of them; a version that will not do is a rejection"
    case = trial.raised
    return None if case is None else Breach(str(case.answer), expected, case.registry)


def _deterministic(trial: Trial) -> Breach | None:
    return _asked_again(trial) or _asked_alone(trial)


def _asked_again(trial: Trial) -> Breach | None:
    breach = None
    # The other way round: each is asked about after all others, and the smallest breach comes last.
    for case in reversed(trial.cases):
        for registry, then in (
            (case.registry, "Asked again"),
            (anew(case.registry), "Asked about an equal registry, built anew"),
        ):
            answer = trial.ask(registry)
            if not answer.is_same_as(case.answer):
                breach = case.contradicted("the same answer about equal registries", then, answer)
    return breach


def _asked_alone(trial: Trial) -> Breach | None:
    """Look for an answer that is another one where it is the first that is asked for."""
    copies = trial.unasked(len(trial.cases) + 1)
    for case, beginner in zip(trial.cases, copies[1:], strict=False):
        later = Case(case.registry, trial.ask(case.registry, copies[0]))
        first = trial.ask(case.registry, beginner)
        if not later.answer.is_same_as(first):
            expected = "the same answer, whatever it was asked before"
            return later.contradicted(expected, "Asked about this registry alone", first)
    return None


def _known(trial: Trial) -> Breach | None:
    for case in trial.cases:
        for candidate in case.answer.said:
            if candidate.accepted and candidate.version not in case.registry:
                said = f"accepts {candidate.version!r}"
                return Breach(said, "only registered versions are accepted", case.registry)
    return None


def _order_of_news(trial: Trial) -> Breach | None:
    for case in trial.cases:
        for other in map(trial.case, retold(case.registry)):
            if other.answer != case.answer:
                relation = "The same verdicts, recorded in another order"
                return case.changed("the same choice", relation, other)
    return None


def _drop_unchosen(trial: Trial) -> Breach | None:
    return _smallest(trial, _crowded_out)


def _smallest(trial: Trial, search: Callable[[Trial, Case], Breach | None]) -> Breach | None:
    """Return the breach on the smallest registry; a search goes on from a case to larger ones."""
    found: Breach | None = None
    for case in trial.cases:
        if found is not None and found.size <= case.registry.revision:
            break
        breach = search(trial, case)
        if breach is not None and (found is None or breach.size < found.size):
            found = breach
    return found


def _crowded_out(trial: Trial, case: Case) -> Breach | None:
    """Register versions one after the other, and look for a choice that turns to another."""
    for newcomer in _newcomers(trial, case):
        label = newcomer[0]
        more = trial.case(registered(case.registry, newcomer))
        if trial.is_foreign(label) and not more.answer.is_sound:
            return None
        if more.answer not in (case.answer, Answer(target=label)):
            expected = f"the same choice, or {label!r}"
            return case.changed(expected, "Once another version is registered", more)
        case = more
    return None


def _newcomers(trial: Trial, case: Case) -> list[tuple[str, Contents]]:
    return newcomers(case.registry, case.answer.target, trial.labels, trial.contents)


def _worse_evidence(trial: Trial) -> Breach | None:
    return _smallest(
        trial, lambda trial, case: _bad_news(trial, case) or _distant_news(trial, case)
    )


def _bad_news(trial: Trial, case: Case) -> Breach | None:
    """Look for a choice that is wrong once there is bad news about one of the versions."""
    for version in case.registry.values():
        if _is_condemnable(case, version):
            for record in (VersionRegistry.mark_failed, VersionRegistry.retire):
                worse = trial.case(record(case.registry, version.label))
                breach = _unmoved(case, version.label, worse)
                if breach is not None:
                    return breach
    return None


def _distant_news(trial: Trial, case: Case) -> Breach | None:
    """Do so with bad news about versions that never served, one after the other."""
    if case.answer.target is None:
        return None
    for newcomer in _newcomers(trial, case):
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


def _survives_copy(trial: Trial) -> Breach | None:
    try:
        _ = hash(trial.strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Breach(f"its hash raises {told(error)}", _FROZEN)
    for twin in trial.twins:
        breach = _unlike(trial, twin, trial.cases)
        if breach is not None:
            return breach
    later = twins_of(trial.strategy, "made after it was asked")
    for place, twin in enumerate(later):
        breach = _unlike(trial, twin, trial.cases[place :: len(later)])
        if breach is not None:
            return breach
    return None


_FROZEN: Final = "a frozen value: make it @attrs.frozen, of a class at the top of a module"


def _unlike(trial: Trial, twin: Twin, cases: Sequence[Case]) -> Breach | None:
    """Return how a copy differs from the strategy, in itself or in its answers."""
    if not isinstance(twin.strategy, RollbackStrategy):
        return Breach(twin.error or f"{twin.made} is {shown(twin.strategy)}", _FROZEN)
    try:
        equal = twin.strategy == trial.strategy and hash(twin.strategy) == hash(trial.strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Breach(f"comparing it with {twin.made} raises {told(error)}", _FROZEN)
    if not equal:
        return Breach(f"{twin.made} is {name_of(twin.strategy)}, and does not equal it", _FROZEN)
    for case in cases:
        answer = trial.ask(case.registry, twin.strategy)
        if not answer.is_same_as(case.answer):
            relation = f"{twin.made[:1].upper()}{twin.made[1:]}"
            return case.contradicted("the same answer of both", relation, answer)
    return None


def _readable(trial: Trial) -> Breach | None:
    problem = unreadable(trial.strategy)
    if problem is not None:
        return Breach(*problem)
    for other in (*(twin.strategy for twin in trial.twins), _STRANGER):
        if name_of(other) != trial.name and is_equal(other, trial.strategy):
            said = f"shows itself as {trial.name}, and equals {name_of(other)}"
            return Breach(said, "a repr that equal strategies, and no others, have in common")
    return None


#: A strategy that no other one equals.
_STRANGER: Final = Pinned("nothing equals this strategy")


def _finds_a_target(trial: Trial) -> Breach | None:
    if any(case.answer.target is not None for case in trial.cases):
        return None
    return Breach(
        f"found no version to go back to on any of {trial.registries:,} registries",
        "a target on some; give what it looks for: metadata=[{'auc': 1}, {'auc': 2}], labels=[...]",
    )


#: The laws by their names, in the order in which they are reported.
TABLE: Final[Mapping[str, Law]] = {
    "yields_candidates": Law(
        "it yields nothing but candidates, and comes to an end",
        "the library can make a plan of nothing else, and review() reads to the end.",
        _yields_candidates,
    ),
    "never_raises": Law(
        "it raises nothing on a registry in which something is deployed",
        "an exception during an incident leaves nobody with a way back.",
        _never_raises,
    ),
    "deterministic": Law(
        "it gives the same answer when asked again, later, and about an equal registry",
        "a job that is retried, and a person who asks why, must see the same decision.",
        _deterministic,
    ),
    "known": Law(
        "it accepts only registered versions",
        "nothing is known about any other, not even whether it exists.",
        _known,
    ),
    "order_of_news": Law(
        "verdicts on different versions, recorded in another order, give the same choice",
        "late and reordered reports are the rule; which one came last says nothing.",
        _order_of_news,
    ),
    "drop_unchosen": Law(
        "registering a version that it then does not choose does not change the choice",
        "a canary that somebody registers must not send a rollback elsewhere.",
        _drop_unchosen,
    ),
    "worse_evidence": Law(
        "bad news about a version that it ranks after its choice, or never mentions, changes "
        "nothing; about one that it ranks before, never moves the choice to one ranked before",
        "bad news about one version is no good news about another.",
        _worse_evidence,
    ),
    "survives_copy": Law(
        "it can be hashed, and equals and answers like its copies and its unpickled pickle",
        "strategies travel between processes, and are keys of caches and tables.",
        _survives_copy,
    ),
    "readable": Law(
        "its repr tells its parameters, and is the same for equal strategies",
        "the repr is what the audit trail says about who decided.",
        _readable,
    ),
    "finds_a_target": Law(
        "it finds a version to go back to on some registry",
        "a check in which nothing was ever chosen has checked nothing.",
        _finds_a_target,
    ),
}
