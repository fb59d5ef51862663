"""How a strategy is asked, and what the facts say where it is silent.

The rules of this module:

1. What a strategy says is signed with its `repr`, and it is blamed for whatever goes wrong.
2. What is said of a version that it never mentioned, and what could help where nothing is left, is
   derived from facts, never from the words of a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from types import GeneratorType
from typing import Final, NoReturn, TypeAlias

from lastgood._basics.messages import shown
from lastgood._basics.refusals import MOST_LABELS, UnknownVersion
from lastgood._basics.status import Status
from lastgood._basics.texts import text
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate, candidate_of
from lastgood._values.review import WaysOut
from lastgood._values.version import Version
from lastgood.rules.base import Rule, Veto, answer, name_of, noted
from lastgood.rules.safe import Safe, failed_contents, why_unsafe

#: Who signs what the safety check rejects.
_SAFE: Final = repr(Safe())

#: What can be gone through; those that come first are known without asking what they can do.
_ITERABLE: tuple[type, ...] = (GeneratorType, tuple, list, Iterable)

#: The one method of a strategy.
_Candidates: TypeAlias = Callable[[VersionRegistry], Iterable[Candidate]]


class Asked:
    """What the strategy with the `repr` ``by`` says, signed.

    Unlike a generator, it costs nothing to leave it after the first candidate that will do.
    """

    __slots__ = ("_by", "_said")

    def __init__(self, candidates: _Candidates, registry: VersionRegistry, by: str) -> None:
        self._by = text(by, "signature")
        try:
            answer = candidates(registry)
            if not isinstance(answer, _ITERABLE):
                _wrong_answer(answer, by)
            self._said: Iterator[object] = iter(answer)
        except StopIteration as error:  # It would end the candidates without a word.
            stopped = RuntimeError(f"{by} raised StopIteration")
            raise noted(stopped, "while it was asked for candidates") from error
        except Exception as error:
            _ = noted(error, f"while {by} was asked for candidates")
            raise

    def __iter__(self) -> Iterator[Candidate]:
        return self

    def __next__(self) -> Candidate:
        by = self._by
        try:
            said = next(self._said)
        except StopIteration:
            raise
        except Exception as error:
            _ = noted(error, f"while {by} was asked for candidates")
            raise
        if isinstance(said, Candidate):
            if said.by:
                return said
            return candidate_of(said.version, said.reason, by, accepted=said.accepted)
        raise TypeError(
            f"{by} must yield candidates, not {shown(said)}: write yield Candidate.accept(version)"
        )


def _wrong_answer(answer: object, by: str) -> NoReturn:
    raise TypeError(f"candidates() of {by} must yield candidates, not return {shown(answer)}")


def vetted(
    said: Iterable[Candidate], registry: VersionRegistry, *, to_target: bool
) -> list[Candidate]:
    """Return what a strategy says after the safety check; ``to_target``: no further than that."""
    considered: list[Candidate] = []
    for candidate in said:
        if candidate.accepted:
            unsafe = why_unsafe(registry.get(candidate.version), registry)
            if unsafe is not None:
                candidate = _rejected(candidate.version, unsafe, _SAFE)  # noqa: PLW2901
            elif to_target:
                return [*considered, candidate]
        considered.append(candidate)
    return considered


def ruled(
    registry: VersionRegistry, vetoes: Iterable[tuple[Rule, Veto]], candidate: Candidate
) -> Candidate:
    """Return the candidate, rejected if a rule rejects its version."""
    version = registry.get(candidate.version) if candidate.accepted else None
    if version is not None:  # What is not registered is left to the safety check, which says so.
        for rule, veto in vetoes:
            reason = answer(rule, veto, version)
            if reason is not None:
                return _rejected(version.label, reason, text(name_of(rule), "signature"))
    return candidate


def _rejected(version: str, reason: str, by: str) -> Candidate:
    return candidate_of(version, reason, by, accepted=False)


def never_mentioned(
    why: Callable[[Version, VersionRegistry], str | None],
    registry: VersionRegistry,
    by: str,
    mentioned: Iterable[str],
) -> Iterator[Candidate]:
    """Yield a rejection of every other version but the current one, with what the facts say.

    Args:
        why: Returns why the order of the strategy does not reach a version, if it is known.
        registry: The registry that the strategy was asked about.
        by: The `repr` of the strategy.
        mentioned: The labels that it mentioned.
    """
    left_out, strategy = {*mentioned, registry.current}, text(by, "signature")
    for version in registry.values():
        if version.label not in left_out:
            unsafe = why_unsafe(version, registry)
            facts = [*_against(version, unsafe)]
            out_of_order = why(version, registry)
            if out_of_order is not None:
                facts.append(out_of_order)
            elif version.times_deployed and unsafe is None:
                facts.append(reasons.not_proposed(by))
            signer = strategy if unsafe is None else _SAFE
            yield _rejected(version.label, "; ".join(facts), signer)


def _against(version: Version, unsafe: str | None) -> Iterator[str]:
    """Yield what speaks against a version, whatever the strategy."""
    if unsafe is not None:
        yield unsafe
    elif version.status is not Status.STABLE:
        yield version.status_text
    if not version.times_deployed:
        yield reasons.NEVER_DEPLOYED


def ways_out(
    vetoes: Callable[[Version, VersionRegistry], bool],
    registry: VersionRegistry,
    mentioned: Iterable[str],
) -> WaysOut:
    """Return what could help where no candidate is left.

    Args:
        vetoes: Whether rules that were put on the strategy reject a version, so that it must not be
            advised.
        registry: The registry that the strategy was asked about.
        mentioned: The labels that it mentioned, in its order.
    """
    labels = dict.fromkeys(mentioned)
    known = [registry[label] for label in labels if label in registry]
    lineage = {version.label: version for version in registry.lineage()}
    others = {version.label: version for version in reversed(registry.values())}
    nearest = (version for label, version in (lineage | others).items() if label not in labels)
    found: dict[str, str] = {}
    for version in chain(known, nearest):
        if (version.times_deployed or version.label in labels) and not vetoes(version, registry):
            for way, label in _ways(version, registry, labels):
                _ = found.setdefault(way, label)
    return WaysOut(unknown=_unknown(labels, registry), **found)


def _ways(
    version: Version, registry: VersionRegistry, labels: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield what could let a version be a target, as an attribute of `WaysOut` and a label."""
    label = version.label
    if why_unsafe(version, registry) is None:
        if version.status is Status.UNPROVEN:
            yield "unproven", label
        elif label not in labels:
            yield "not_proposed", label
    elif label != registry.current:
        failure = failed_contents(version, registry)
        if failure is not None:
            yield "failed_as", failure.label
        else:  # Only its status forbids it.
            yield "bad", label


def _unknown(labels: Iterable[str], registry: VersionRegistry) -> UnknownVersion | None:
    """Return the first label that is not registered, as an error that knows labels like it."""
    unknown = next((label for label in labels if label not in registry), None)
    if unknown is None:
        return None
    latest = [*islice(reversed(registry), MOST_LABELS)]
    return UnknownVersion(unknown, tuple(reversed(latest)))
