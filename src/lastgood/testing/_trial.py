"""Asking a strategy about many registries, and keeping what it said."""

import copy
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, cast, final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate
from lastgood._plan import NoRollbackTarget
from lastgood._registry import VersionRegistry
from lastgood._show import one_line, shortened, shown
from lastgood.strategies import RollbackStrategy
from lastgood.testing._report import Breach

#: A strategy that yields more candidates than this, of a handful of versions, does not end.
_ENDLESS: Final = 2_000
#: An exception is shown with so many characters of its text.
_WIDEST: Final = 200


@final
@attrs.frozen
class Answer:
    """What planning ended in: a target, none, or an exception of the strategy."""

    target: str | None
    error: str | None = None

    @override
    def __str__(self) -> str:
        if self.error is not None:
            return f"raises {self.error}"
        if self.target is None:
            return "finds no version to go back to"
        return f"goes back to {self.target!r}"


@final
@attrs.frozen
class Case:
    """A registry, and what the strategy said when it was first asked about it."""

    registry: VersionRegistry
    #: The candidates, before the safety check.
    said: tuple[Candidate, ...]
    answer: Answer


@final
@attrs.frozen
class Twin:
    """A copy of the strategy, made before it was asked anything."""

    #: How it was made.
    made: str
    #: `None` where it could not be made.
    strategy: object
    error: str = ""


@final
class Trial:
    """A strategy on trial: the laws read its cases, and may ask it more."""

    def __init__(
        self,
        strategy: RollbackStrategy,
        registries: Iterable[VersionRegistry],
        labels: Iterable[str],
    ) -> None:
        self.strategy = strategy
        self.labels = tuple(labels)
        self.decisions = 0
        self.twins = [_twin(strategy, made, make) for made, make in _COPIES.items()]
        #: The first registry about which it said something that is no candidate.
        self.malformed: Breach | None = None
        #: The first registry about which it raised.
        self.raised: Breach | None = None
        self.cases = list(self._heard(registries))

    def ask(self, registry: VersionRegistry, strategy: RollbackStrategy | None = None) -> Answer:
        """Return what the strategy, or a twin of it, answers about the registry."""
        self.decisions += 1
        asked = self.strategy if strategy is None else strategy
        try:
            return Answer(asked.plan(registry).target)
        except NoRollbackTarget:
            return Answer(None)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
            return Answer(None, told(error))

    def _heard(self, registries: Iterable[VersionRegistry]) -> Iterator[Case]:
        for registry in registries:
            said = None if registry.current is None else self._said(registry)
            if said is None:
                continue
            if len(said) > _ENDLESS:  # To ask it for a plan might never end.
                self._note_malformed(registry, "yields candidates without an end")
                return
            answer = self.ask(registry)
            if answer.error is None:
                yield Case(registry, said, answer)
            else:
                self._note_raised(registry, answer.error)

    def _said(self, registry: VersionRegistry) -> tuple[Candidate, ...] | None:
        """Return the candidates of the strategy, or `None` where something is wrong with them."""
        try:
            said = _read(self.strategy.candidates(registry))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
            self._note_raised(registry, told(error))
            return None
        if not isinstance(said, tuple):
            self._note_malformed(registry, f"answers {shown(said)} in the place of candidates")
            return None
        said = cast("tuple[object, ...]", said)
        wrong = [one for one in said if not isinstance(one, Candidate)]
        if wrong:
            self._note_malformed(registry, f"yields {shown(wrong[0])}")
            return None
        return cast("tuple[Candidate, ...]", said)

    def _note_malformed(self, registry: VersionRegistry, said: str) -> None:
        expected = "candidates, made with Candidate.accept and Candidate.reject, and an end of them"
        self.malformed = self.malformed or Breach(said, expected, registry)

    def _note_raised(self, registry: VersionRegistry, error: str) -> None:
        expected = "candidates, or none of them; a version that will not do is a rejection"
        self.raised = self.raised or Breach(f"raises {error}", expected, registry)


def _read(answer: object) -> tuple[object, ...] | object:
    """Return what there is to iterate, up to what counts as endless; anything else as it is."""
    if not isinstance(answer, Iterable):
        return answer
    return tuple(islice(cast("Iterable[object]", answer), _ENDLESS + 1))


def told(error: Exception) -> str:
    """Return an exception in one line."""
    return f"{type(error).__name__}: {shortened(one_line(str(error)), _WIDEST)}"


def _twin(
    strategy: RollbackStrategy, made: str, make: Callable[[RollbackStrategy], object]
) -> Twin:
    try:
        return Twin(made, make(strategy))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Twin(made, None, told(error))


def _pickled(strategy: RollbackStrategy) -> object:
    return cast("object", pickle.loads(pickle.dumps(strategy)))  # noqa: S301  # our own bytes


_COPIES: Final[Mapping[str, Callable[[RollbackStrategy], object]]] = {
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle": _pickled,
}
