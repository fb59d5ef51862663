"""Strategies as users write them, right ones and wrong ones."""

from collections.abc import Iterator
from typing import Any

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, VersionRegistry


@attrs.frozen
class Says(RollbackStrategy):
    """Says the same about every registry; without a type checker, anything at all."""

    said: tuple[Any, ...]

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield from self.said


@attrs.frozen
class Answers(RollbackStrategy):
    """Answers with this value as it is, not as a generator."""

    answer: Any

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return self.answer


@attrs.frozen
class AcceptsAll(RollbackStrategy):
    """Accepts every registered version, the current one too, the newest first."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in reversed(list(registry.values())):
            yield Candidate.accept(version)


@attrs.frozen
class AcceptsLineage(RollbackStrategy):
    """Accepts the whole lineage, which is a right strategy: the library checks what is safe."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            yield Candidate.accept(version)


@attrs.frozen
class Fails(RollbackStrategy):
    """Yields these candidates, and then raises."""

    error: Exception
    before: tuple[Candidate, ...] = ()

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield from self.before
        raise self.error


@attrs.frozen
class Endless(RollbackStrategy):
    """Yields these candidates over and over."""

    said: tuple[Candidate, ...]

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        while True:
            yield from self.said
