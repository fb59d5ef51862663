"""Asking a strategy about many registries, and keeping what it said."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, final

from lastgood._registry.handle import serving_again
from lastgood._registry.registry import VersionRegistry
from lastgood.strategies import RollbackStrategy
from lastgood.testing._answers import Answer, Case, answer_of, name_of, usable
from lastgood.testing._contents import Contents
from lastgood.testing._siblings import twins_of


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
        #: The labels and the contents of the versions of the registries.
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
        deployed = [registry for registry in registries if registry.deployments]
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

        If there is another registry, it is asked about that one before the answer is read on.
        """
        self.decisions += 1
        asked = self.strategy if strategy is None else strategy
        if meanwhile is None:
            return answer_of(asked, serving_again(registry))
        return answer_of(asked, serving_again(registry), lambda: self.ask(meanwhile, asked))

    @property
    def with_target(self) -> list[Case]:
        """The cases in which it found a version to go back to."""
        return [case for case in self.cases if case.answer.target is not None]

    def case(self, registry: VersionRegistry) -> Case:
        """Return the registry with what the strategy answers about it."""
        return Case(registry, self.ask(registry))

    def is_foreign(self, label: str) -> bool:
        """Whether no registry was meant to have a version of that label."""
        return label not in self.labels

    def unasked(self, number: int) -> list[RollbackStrategy]:
        """Return this number of copies that were asked nothing; an empty list if they cannot be."""
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


#: How often it is asked before anything else.
_FIRST: Final = 5

#: Among this number of the largest registries there is one with a long lineage.
_LARGEST: Final = 50


def _largest(registries: Sequence[VersionRegistry]) -> Sequence[VersionRegistry]:
    """Return a registry with as many versions to go back to as any; nothing without registries."""
    return sorted(map(serving_again, registries[-_LARGEST:]), key=usable)[-1:]
