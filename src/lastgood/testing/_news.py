"""The laws about news: what may change a choice, and what may not."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version
from lastgood.testing._answers import Answer, Case
from lastgood.testing._contents import Contents
from lastgood.testing._histories import (
    annotated,
    crowd,
    extended,
    newcomers,
    once,
    registered,
    repetitions,
    retold,
)
from lastgood.testing._report import Breach
from lastgood.testing._trial import Trial

#: Looks for a breach in what a strategy says about a registry, and about others like it.
_Search: TypeAlias = Callable[[Trial, Case], Breach | None]

#: Cases without a target say less: one in this number is looked at, unless there is a breach.
_SILENT: Final = 3


def _broken(trial: Trial, search: _Search) -> Breach | None:
    """Return the breach on the smallest registry."""
    telling = (
        case
        for place, case in enumerate(trial.cases)
        if case.answer.target is not None or place % _SILENT == 0
    )
    found = _smallest(trial, telling, search)
    if found is None:
        return None
    smaller = (case for case in trial.cases if case.registry.revision < found.size)
    return _smallest(trial, smaller, search) or found


def _smallest(trial: Trial, cases: Iterable[Case], search: _Search) -> Breach | None:
    """Return the breach on the smallest registry; a search goes on from a case to larger ones."""
    found: Breach | None = None
    for case in cases:
        if found is not None and found.size <= case.registry.revision:
            break
        breach = search(trial, case)
        if breach is not None and (found is None or breach.size < found.size):
            found = breach
    return found


def _other_choice(
    trial: Trial, case: Case, relation: str, registry: VersionRegistry
) -> Breach | None:
    """Return that the choice in the other registry is another one."""
    other = trial.case(registry)
    return case.changed("the same choice", relation, other) if other.answer != case.answer else None


# What must not change the choice


def order_of_news(trial: Trial) -> Breach | None:
    return _broken(trial, _reordered)


def _reordered(trial: Trial, case: Case) -> Breach | None:
    relation = "The same verdicts, recorded in another order"
    found = (_other_choice(trial, case, relation, other) for other in retold(case.registry))
    return next((breach for breach in found if breach is not None), None)


def no_news(trial: Trial) -> Breach | None:
    return _broken(trial, _unrepeated) or _broken(trial, _repeated)


def _unrepeated(trial: Trial, case: Case) -> Breach | None:
    """Look for a choice that rests on an event that is on record twice."""
    registry = once(case.registry)
    if registry is case.registry:
        return None
    return _other_choice(trial, case, "The same, with no event twice", registry)


def _repeated(trial: Trial, case: Case) -> Breach | None:
    """Look for a choice that changes once something is recorded that is so already."""
    relation = "Once something is recorded that is so already"
    events = repetitions(case.registry)
    # Not all of them at once: two versions of which more is said may keep their order.
    halves = [events[0::2], events[1::2]]
    for some in halves if case.answer.target is not None else halves[:1]:
        breach = _other_choice(trial, case, relation, extended(case.registry, some))
        if breach is not None:
            each = (extended(case.registry, [event]) for event in some)
            singly = (_other_choice(trial, case, relation, registry) for registry in each)
            return next((one for one in singly if one is not None), breach)
    return None


def unknown_keys(trial: Trial) -> Breach | None:
    return _smallest(trial, trial.with_target, _annotated)


def _annotated(trial: Trial, case: Case) -> Breach | None:
    relation, registry = "Once a fact is known that it does not look for", case.registry
    for label in case.registry:
        registry = annotated(registry, label)
        breach = _other_choice(trial, case, relation, registry)
        if breach is not None:
            return breach
    return None


def undeployed(trial: Trial) -> Breach | None:
    return _broken(trial, _stopped)


def _stopped(trial: Trial, case: Case) -> Breach | None:
    if case.registry.current is None:
        return None
    registry = case.registry.undeploy(case.source)
    return _other_choice(trial, case, "Once nothing serves any more", registry)


def drop_unchosen(trial: Trial) -> Breach | None:
    return _broken(trial, _joined) or _smallest(trial, trial.with_target[-_CROWDED:], _overrun)


#: How many registries get a crowd of further versions.
_CROWDED: Final = 5


def _overrun(trial: Trial, case: Case) -> Breach | None:
    """Look for a choice that turns to another version once there are very many."""
    return _crowded_out(trial, case, crowd(case.registry, trial.contents))


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
    """Register a few more versions, and look for a choice that turns to another one."""
    return _crowded_out(trial, case, _newcomers(trial, case))


def _newcomers(trial: Trial, case: Case) -> list[tuple[str, Contents]]:
    return newcomers(case.registry, case.answer.target, trial.labels, trial.contents)


# Bad news about other versions


def worse_evidence(trial: Trial) -> Breach | None:
    return _broken(trial, _bad_news) or _smallest(
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


#: In one of this number of registries, this number of versions that never served get bad news.
_DISTANT: Final = 3
_CONDEMNED: Final = 4


def _distant_news(trial: Trial, case: Case) -> Breach | None:
    """Do so with bad news about versions that never served, one after the other."""
    for newcomer in _newcomers(trial, case)[:_CONDEMNED]:
        label = newcomer[0]
        more = trial.case(registered(case.registry, newcomer))
        failed = trial.case(more.registry.mark_failed(label))
        case = trial.case(failed.registry.retire(label))
        if trial.is_foreign(label) and not all(
            each.answer.is_sound for each in (more, failed, case)
        ):
            return None
        breach = _unmoved(more, label, failed) or _unmoved(failed, label, case)
        if breach is not None and _is_condemnable(more, more.registry[label]):
            return breach
    return None


def _unmoved(case: Case, label: str, worse: Case) -> Breach | None:
    """Return what is wrong with what it says once there was bad news about that version."""
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
    """Whether bad news can come about this version, neither chosen nor left, and it alone."""
    if version.label in {case.answer.target, case.source}:
        return False
    if version.status in {Status.FAILED, Status.RETIRED}:
        return False
    return not _shares_contents(case.registry, version)


def _shares_contents(registry: VersionRegistry, version: Version) -> bool:
    """Whether another version has the same digest, so that they fail together."""
    same = (other.digest == version.digest for other in registry.values())
    return version.digest is not None and sum(same) > 1


# News that speaks for the choice


def better_evidence(trial: Trial) -> Breach | None:
    return _smallest(trial, trial.with_target, _kept)


def _kept(trial: Trial, case: Case) -> Breach | None:
    found = (_other_choice(trial, case, *better) for better in _good_news(case))
    return next((breach for breach in found if breach is not None), None)


def _good_news(case: Case) -> Iterator[tuple[str, VersionRegistry]]:
    """Yield registries with good news about the choice and bad news about what is left."""
    registry, source = case.registry, case.registry[case.source]
    if source.status is not Status.FAILED and not _shares_contents(registry, source):
        registry = registry.mark_failed(source.label)
        yield "Once the version that is left failed", registry
    if source.status is not Status.RETIRED:
        registry = registry.retire(source.label)
        yield "Once the version that is left was retired", registry
    for label in _undisputed(case):
        reason = registry[label].reason  # Some strategies read it; the news is the status.
        yield "Once its choice proved good", registry.mark_stable(label, reason=reason)


def _undisputed(case: Case) -> Iterator[str]:
    """Yield the choice if it is unproven and nowhere rejected.

    A part of the strategy that rejects it may count it once it is stable, as ``steps=2`` does.
    """
    rejected = {candidate.version for candidate in case.answer.said if not candidate.accepted}
    for label in {case.answer.target} - rejected:
        if label is not None and case.registry[label].status is Status.UNPROVEN:
            yield label
