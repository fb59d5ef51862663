"""Asking a strategy about many registries, and keeping what it said."""

import copy
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Final, cast, final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate
from lastgood._registry import VersionRegistry
from lastgood._show import brief, shown
from lastgood.rules import Safe
from lastgood.strategies import RollbackStrategy
from lastgood.testing._registries import Contents
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
    #: Whether it is of no use to ask on: it has no end, or would not be asked any more.
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

    def changed(self, expected: str, relation: str, other: "Case") -> Breach:
        """Return what is wrong with the answers about this registry and about another one."""
        return Breach(
            str(self.answer), expected, self.registry, relation, str(other.answer), other.registry
        )

    def contradicted(self, expected: str, relation: str, answer: Answer) -> Breach:
        """Return what is wrong with this answer and another one about the same registry."""
        first, second = self.answer.against(answer), answer.against(self.answer)
        return Breach(first, expected, self.registry, relation, second)


@final
@attrs.frozen
class Twin:
    """A copy of a strategy."""

    #: How it was made.
    made: str
    strategy: object = None
    #: Why it could not be made.
    error: str = ""


@final
class Trial:
    """A strategy on trial: the laws read its cases, and may ask it more."""

    def __init__(
        self,
        strategy: RollbackStrategy,
        registries: Iterable[VersionRegistry],
        labels: tuple[str, ...],
        contents: tuple[Contents, ...],
    ) -> None:
        self.strategy = strategy
        #: Its `repr`, whatever that does.
        self.name = name_of(strategy)
        #: What the versions of the registries are called, and what they are told.
        self.labels = labels
        self.contents = contents
        #: How many answers were asked of it, and about how many registries.
        self.decisions = 0
        self.registries = 0
        #: Copies that were made before it was asked anything.
        self.twins = twins_of(strategy, "made before it was asked")
        #: The first registry about which it raised, and the first about which it yielded something
        #: else than candidates.
        self.raised: Case | None = None
        self.malformed: Case | None = None
        deployed = [registry for registry in registries if registry.current is not None]
        #: What it said at the very first, asked about one registry again and again.
        self.opening = [
            self.case(registry) for registry in _largest(deployed) for _ in range(_FIRST)
        ]
        self.cases = list(self._heard(deployed))

    def ask(
        self,
        registry: VersionRegistry,
        strategy: RollbackStrategy | None = None,
        *,
        meanwhile: VersionRegistry | None = None,
    ) -> Answer:
        """Return what the strategy, or a copy of it, answers about the registry.

        Where there is another registry, it is asked about that one before the answer is read on.
        """
        self.decisions += 1
        asked = self.strategy if strategy is None else strategy
        if meanwhile is None:
            return _answer(asked, registry)
        return _answer(asked, registry, lambda: self.ask(meanwhile, asked))

    @property
    def with_target(self) -> list[Case]:
        """The cases in which it found a version to go back to."""
        return [case for case in self.cases if case.answer.target is not None]

    def case(self, registry: VersionRegistry) -> Case:
        """Return the registry with what the strategy answers about it."""
        return Case(registry, self.ask(registry))

    def is_foreign(self, label: str) -> bool:
        """Whether no registry was to have a version of that label."""
        return label not in self.labels

    def unasked(self, number: int) -> list[RollbackStrategy]:
        """Return so many copies that were asked nothing; none where there can be none."""
        never_asked = self.twins[0].strategy
        try:
            copies = [copy.deepcopy(never_asked) for _ in range(number)]
        except Exception:  # noqa: BLE001  # whatever it is, it is the strategy's
            return []
        return [one for one in copies if isinstance(one, RollbackStrategy)]

    def _heard(self, registries: Iterable[VersionRegistry]) -> Iterator[Case]:
        for registry in registries:
            case = self.case(registry)
            self.registries += 1
            if case.answer.is_sound:
                yield case
            elif case.answer.raised is not None:
                self.raised = self.raised or case
            else:
                self.malformed = self.malformed or case
            if case.answer.ends:
                return


#: So often it is asked before anything else.
_FIRST: Final = 5

#: Among so many of the largest registries there is one with a long lineage.
_LARGEST: Final = 50


def _largest(registries: Sequence[VersionRegistry]) -> Sequence[VersionRegistry]:
    """Return a registry with as many versions to go back to as any; none where there is none."""

    def usable(registry: VersionRegistry) -> int:
        return sum(_SAFE(version, registry) is None for version in registry.lineage())

    return sorted(registries[-_LARGEST:], key=usable)[-1:]


def _nothing() -> None:
    """Do nothing meanwhile."""


def _answer(
    strategy: RollbackStrategy,
    registry: VersionRegistry,
    meanwhile: Callable[[], object] = _nothing,
) -> Answer:
    """Return what a plan would make of what the strategy yields, read to the end."""
    try:
        answered: object = strategy.candidates(registry)
        if not isinstance(answered, Iterable):
            return Answer(malformed=f"answers {shown(answered)} in the place of candidates")
        if isinstance(answered, set | frozenset):
            return Answer(malformed="answers a set, which has no order: write a list")
        answers = iter(cast("Iterable[object]", answered))
        first = [*islice(answers, 1)]
        _ = meanwhile()
        said = (*first, *islice(answers, _ENDLESS))
    except KeyboardInterrupt:  # This is the author's own.
        raise
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Answer(raised=told(error), error=error, ends=not isinstance(error, Exception))
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


def told(error: BaseException) -> str:
    """Return an exception in one line."""
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
        return f"<{type(strategy).__name__}, whose repr raises {told(error)}>"


def is_equal(one: object, other: object) -> bool:
    """Whether the two are equal; what cannot be compared is not."""
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001  # whatever it is, it is the strategy's
        return False


def twins_of(strategy: RollbackStrategy, when: str) -> tuple[Twin, ...]:
    """Return copies of a strategy, one made in each way."""
    return tuple(_twin(strategy, f"{made} ({when})", make) for made, make in _COPIES.items())


def _twin(
    strategy: RollbackStrategy, made: str, make: Callable[[RollbackStrategy], object]
) -> Twin:
    try:
        return Twin(made, make(strategy))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Twin(made, error=f"it cannot be copied: {made} raises {told(error)}")


def _pickled(strategy: RollbackStrategy) -> object:
    return cast("object", pickle.loads(pickle.dumps(strategy)))  # noqa: S301  # our own bytes


_COPIES: Final[Mapping[str, Callable[[RollbackStrategy], object]]] = {
    "its copy by copy.deepcopy": copy.deepcopy,
    "its copy by copy.copy": copy.copy,
    "its copy by pickle": _pickled,
}
