"""What a strategy answers about a registry, and what a plan makes of that."""

from collections.abc import Callable, Iterable
from itertools import islice, zip_longest
from typing import Final, cast, final

import attrs
from typing_extensions import override

from lastgood._basics.messages import brief, shown
from lastgood._registry.handle import served_last
from lastgood._registry.registry import VersionRegistry
from lastgood._values.candidate import Candidate
from lastgood.rules import Safe
from lastgood.strategies import RollbackStrategy
from lastgood.testing._report import Breach

#: A strategy that yields more candidates than this, of a handful of versions, does not end.
_ENDLESS: Final = 1_000

_SAFE: Final = Safe()


@final
@attrs.frozen
class Answer:
    """What a strategy says of a registry, and what a plan makes of that. Equal by the choice."""

    #: The candidates, before the safety check.
    said: tuple[Candidate, ...] = attrs.field(default=(), eq=False)
    #: The first of them that is accepted and safe.
    target: str | None = None
    #: The exception that it raised instead.
    raised: str | None = None
    #: That exception itself, for its traceback.
    error: BaseException | None = attrs.field(default=None, eq=False, repr=False)
    #: What it did instead of yielding candidates.
    malformed: str | None = None
    #: Whether there is no point in asking again: it does not end, or raises more than an exception.
    ends: bool = False

    def is_same_as(self, other: "Answer") -> bool:
        """Whether it is the same in every candidate, not in the choice alone."""
        return self == other and self.said == other.said

    def against(self, other: "Answer") -> str:
        """Return it in words that tell it from the other one."""
        if self != other:
            return str(self)
        pairs = zip_longest(self.said, other.said)
        place, candidate = next(
            (place, here) for place, (here, there) in enumerate(pairs, 1) if here != there
        )
        if candidate is None:
            return f"{self}, and has no candidate {place}"
        verb = "accepts" if candidate.accepted else "rejects"
        return f"{self}, and as candidate {place} {verb} {candidate.version!r}: {candidate.reason}"

    @property
    def is_sound(self) -> bool:
        """Whether it yielded candidates, and came to an end."""
        return self.raised is None and self.malformed is None

    @override
    def __str__(self) -> str:
        if self.malformed is not None:
            return self.malformed
        if self.raised is not None:
            return f"raises {self.raised}"
        if self.target is None:
            return "finds no version to go back to"
        return f"goes back to {self.target!r}"


@final
@attrs.frozen
class Case:
    """A registry, and what the strategy said when it was first asked about it."""

    registry: VersionRegistry
    answer: Answer

    @property
    def source(self) -> str:
        """The version that is left: what serves, or what served last."""
        return served_last(self.registry) or ""

    def changed(self, expected: str, relation: str, other: "Case") -> Breach:
        """Return what is wrong with the answers about this registry and about another one."""
        return Breach(
            str(self.answer), expected, self.registry, relation, str(other.answer), other.registry
        )

    def contradicted(self, expected: str, relation: str, answer: Answer) -> Breach:
        """Return what is wrong with this answer and another one about the same registry."""
        first, second = self.answer.against(answer), answer.against(self.answer)
        return Breach(first, expected, self.registry, relation, second)


def _nothing() -> None:
    """Do nothing meanwhile."""


def answer_of(
    strategy: RollbackStrategy,
    registry: VersionRegistry,
    meanwhile: Callable[[], object] = _nothing,
) -> Answer:
    """Return what a plan would make of what the strategy yields, read to the end.

    Args:
        strategy: The strategy.
        registry: A registry in which something serves.
        meanwhile: Called when the first candidate was read.
    """
    try:
        answered: object = strategy.candidates(registry)
        if not isinstance(answered, Iterable):
            return Answer(malformed=f"returns {shown(answered)} instead of candidates")
        if isinstance(answered, set | frozenset):
            return Answer(malformed="returns a set, which has no order: return a list")
        answers = iter(cast("Iterable[object]", answered))
        first = [*islice(answers, 1)]
        _ = meanwhile()
        said = (*first, *islice(answers, _ENDLESS))
    except KeyboardInterrupt:  # This is the author's own.
        raise
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Answer(raised=in_words(error), error=error, ends=not isinstance(error, Exception))
    wrong = [one for one in said if not isinstance(one, Candidate)]
    if wrong:
        return Answer(malformed=f"yields {shown(wrong[0])}")
    if len(said) > _ENDLESS:
        return Answer(malformed="yields candidates without an end", ends=True)
    candidates = cast("tuple[Candidate, ...]", said)
    return Answer(candidates, _target(candidates, registry))


def _target(candidates: Iterable[Candidate], registry: VersionRegistry) -> str | None:
    for candidate in candidates:
        version = registry.get(candidate.version) if candidate.accepted else None
        if version is not None and _SAFE(version, registry) is None:
            return version.label
    return None


def usable(registry: VersionRegistry) -> int:
    """Return how many versions of the lineage are safe to go back to."""
    return sum(_SAFE(version, registry) is None for version in registry.lineage())


def in_words(error: BaseException) -> str:
    """Return an exception on one line."""
    try:
        text = brief(str(error))
    except Exception:  # noqa: BLE001  # whatever it is, it is the strategy's
        text = "…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def name_of(strategy: object) -> str:
    """Return the `repr` of a strategy, or what it raises."""
    try:
        return repr(strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return f"<{type(strategy).__name__}, whose repr raises {in_words(error)}>"


def is_equal(one: object, other: object) -> bool:
    """Whether the two are equal; what cannot be compared is not."""
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001  # whatever it is, it is the strategy's
        return False
