"""The laws of strategies. Each looks for a breach, on the smallest registry first."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Final, TypeAlias, cast

import attrs

from lastgood._errors import LastgoodError
from lastgood._event import Event
from lastgood._registry import VersionRegistry
from lastgood._status import Status
from lastgood.strategies import RollbackStrategy
from lastgood.testing._report import Breach
from lastgood.testing._trial import Answer, Case, Trial, Twin

_Check: TypeAlias = Callable[[Trial], Breach | None]


@attrs.frozen
class Law:
    """What every strategy keeps."""

    demand: str
    why: str
    check: _Check


def _yields_candidates(trial: Trial) -> Breach | None:
    return trial.malformed


def _never_raises(trial: Trial) -> Breach | None:
    return trial.raised


def _deterministic(trial: Trial) -> Breach | None:
    breach = None
    # The other way round: each is asked about after all others, and the smallest breach comes last.
    for case in reversed(trial.cases):
        for registry, which in (
            (case.registry, "again"),
            (_anew(case.registry), "of an equal one"),
        ):
            answer = trial.ask(registry)
            if answer != case.answer:
                said = f"{case.answer}; asked {which}, {answer}"
                breach = Breach(said, "the same answer about equal registries", case.registry)
    return breach


def _known(trial: Trial) -> Breach | None:
    for case in trial.cases:
        for candidate in case.said:
            if candidate.accepted and candidate.version not in case.registry:
                return Breach(
                    f"accepts {candidate.version!r}",
                    "only registered versions are accepted",
                    case.registry,
                )
    return None


def _order_of_news(trial: Trial) -> Breach | None:
    for case in trial.cases:
        for retold in _retold(case.registry):
            answer = trial.ask(retold)
            if answer != case.answer:
                return Breach(
                    f"{case.answer} on the first, {answer} on the second",
                    "the same answer about both",
                    case.registry,
                    retold,
                    "The same verdicts, recorded in another order",
                )
    return None


def _drop_unchosen(trial: Trial) -> Breach | None:
    for case in trial.cases:
        for label in _newcomers(trial, case):
            more = case.registry.register(label)
            answer = trial.ask(more)
            if answer not in (case.answer, Answer(label)):
                return Breach(
                    f"{case.answer}, and once {label!r} is registered, {answer}",
                    f"{label!r} is chosen, or nothing changes",
                    case.registry,
                )
    return None


def _worse_evidence(trial: Trial) -> Breach | None:
    for case in trial.cases:
        if case.answer.target is None:
            continue
        before, elsewhere = _ranked(case, case.answer.target)
        for label in _condemnable(case):
            answer = trial.ask(case.registry.mark_failed(label))
            if label not in before and answer != case.answer:
                expected = f"{label!r} was ranked after {case.answer.target!r}: nothing changes"
            elif answer.target in before and answer.target not in elsewhere:
                expected = f"{answer.target!r} was ranked and rejected before: it stays rejected"
            else:
                continue
            said = f"{case.answer}, and once {label!r} is failed, {answer}"
            return Breach(said, expected, case.registry)
    return None


def _survives_copy(trial: Trial) -> Breach | None:
    try:
        _ = hash(trial.strategy)
    except TypeError as error:
        return Breach(f"cannot be hashed: {error}", "a frozen value: make it @attrs.frozen")
    return next(filter(None, (_twin_breach(trial, twin) for twin in trial.twins)), None)


def _twin_breach(trial: Trial, twin: Twin) -> Breach | None:
    if not isinstance(twin.strategy, RollbackStrategy):
        said = (
            f"{twin.made} raises {twin.error}" if twin.error else f"{twin.made} gives no strategy"
        )
        return Breach(said, "a frozen value whose class stands at the top of a module")
    if twin.strategy != trial.strategy or hash(twin.strategy) != hash(trial.strategy):
        said = f"{twin.strategy!r}, made by {twin.made}, does not equal {trial.strategy!r}"
        return Breach(said, "equality by value: make it @attrs.frozen")
    for case in trial.cases:
        answer = trial.ask(case.registry, twin.strategy)
        if answer != case.answer:
            said = f"{case.answer}; what {twin.made} made of it {answer}"
            return Breach(said, "the same answer of both", case.registry)
    return None


def _readable(trial: Trial) -> Breach | None:
    shown = repr(trial.strategy)
    if re.search(r"\bat 0x[0-9a-fA-F]+", shown):
        return Breach(f"shows itself as {shown}", "the code that makes it: make it @attrs.frozen")
    for name, value in _parameters(trial.strategy):
        if not _is_told(value, shown):
            return Breach(f"shows itself as {shown}", f"a repr that tells {name}={value!r}")
    for twin in trial.twins:
        if twin.strategy == trial.strategy and repr(twin.strategy) != shown:
            return Breach(f"{shown}, and {twin.strategy!r} for an equal one", "the same repr")
    return None


def _finds_a_target(trial: Trial) -> Breach | None:
    if any(case.answer.target is not None for case in trial.cases):
        return None
    return Breach(
        f"found no version to go back to on any of {len(trial.cases):,} registries",
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
        "failing a version that it ranks after its choice, or never mentions, changes nothing; "
        "failing one that it ranks before never moves the choice to one that it ranks before",
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


def _anew(registry: VersionRegistry) -> VersionRegistry:
    """Return an equal registry that shares nothing with this one."""
    built = VersionRegistry.replay(registry.events)
    return built if registry.clock is None else built.with_clock(registry.clock)


_VERDICTS: Final = frozenset({"marked_stable", "marked_failed", "retired", "reinstated"})


def _retold(registry: VersionRegistry) -> Iterator[VersionRegistry]:
    """Yield the same facts with the last verdicts on each version moved to the end, in two orders.

    What was told with times is left alone: its order is told as well.
    """
    if registry.clock is not None:
        return
    facts, verdicts = _parted(registry)
    for labels in (list(verdicts), list(reversed(verdicts))):
        late = chain.from_iterable(verdicts[label] for label in labels)
        try:
            retold = VersionRegistry.replay([*facts, *late])
        except LastgoodError:  # A later event needed one of the verdicts.
            continue
        if retold != registry and tuple(retold.values()) == tuple(registry.values()):
            yield retold


def _parted(registry: VersionRegistry) -> tuple[list[Event], dict[str, list[Event]]]:
    """Return the events without the last verdicts on each version, and those verdicts."""
    facts: list[Event] = []
    verdicts: dict[str, list[Event]] = {}
    for event in reversed(registry.events):
        told = {fact.version for fact in facts} | {fact.source for fact in facts}
        if event.event in _VERDICTS and event.version not in told:
            verdicts.setdefault(event.version, []).insert(0, event)
        else:
            facts.insert(0, event)
    return facts, verdicts


#: Labels of versions that nobody registered, below and above all others.
_SPARE: Final = ("0.0.1", "999.0.0")


def _newcomers(trial: Trial, case: Case) -> Iterator[str]:
    """Yield labels that are not registered: some that others were, and some that never were."""
    unused = [label for label in trial.labels if label not in case.registry]
    yield from (label for label in (*unused[:1], *_SPARE) if label not in case.registry)


def _ranked(case: Case, target: str) -> tuple[set[str], set[str]]:
    """Return the versions rejected before the target was chosen, and all accepted ones."""
    accepted = {candidate.version for candidate in case.said if candidate.accepted}
    chosen = next(
        place
        for place, candidate in enumerate(case.said)
        if candidate.accepted and candidate.version == target
    )
    return {candidate.version for candidate in case.said[:chosen]} - {target}, accepted


def _condemnable(case: Case) -> Iterator[str]:
    """Yield the versions, but the chosen and the current one, that can become failed alone."""
    digests = [version.digest for version in case.registry.values()]
    for version in case.registry.values():
        alone = version.digest is None or digests.count(version.digest) == 1
        already = version.status in {Status.FAILED, Status.RETIRED}
        left_out = version.label in {case.answer.target, case.registry.current}
        if alone and not already and not left_out:
            yield version.label


def _parameters(strategy: RollbackStrategy) -> Iterator[tuple[str, object]]:
    """Yield the names and values that make the strategy, without those that have their default."""
    kind: type = type(strategy)
    if not attrs.has(kind):
        yield from getattr(strategy, "__dict__", {}).items()
        return
    for field in attrs.fields(kind):
        value = getattr(strategy, field.name)
        if field.eq and (field.default is attrs.NOTHING or value != field.default):
            yield field.name, value


def _is_told(value: object, shown: str) -> bool:
    """Whether the text shows the value, or all the parts of which a tuple is made."""
    if isinstance(value, tuple):
        return all(_is_told(part, shown) for part in cast("tuple[object, ...]", value))
    name = getattr(value, "__qualname__", None)
    return (name if isinstance(name, str) else repr(value)) in shown
