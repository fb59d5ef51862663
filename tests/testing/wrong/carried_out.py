"""Strategies with plans that cannot be carried out."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import Candidate, RollbackStrategy, VersionRegistry
from tests.testing.wrong.common import accepted


@attrs.frozen(repr=False)
class NoText(RollbackStrategy):
    """Shows itself as a text that no plan can keep."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        return "NoText('\udc80')"


@attrs.frozen
class ReadToTheEnd(RollbackStrategy):
    """Answers only once its last answer was read to the end, and a plan stops before."""

    open: list[int] = attrs.field(factory=list[int], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if not self.open:
            self.open.append(registry.revision)
            yield from accepted(registry.lineage())
            self.open.clear()


@attrs.frozen
class OtherwiseThanReviewed(RollbackStrategy):
    """Turns to another version as soon as a part of its answer is all that is read."""

    parts: list[int] = attrs.field(factory=list[int], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.lineage()]
        self.parts.append(1)
        yield from accepted(reversed(known) if len(self.parts) > 1 else known)
        self.parts.clear()
