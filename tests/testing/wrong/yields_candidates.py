"""Strategies that yield something other than candidates, or never end."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    Pinned,
    RollbackStrategy,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted, usable


@attrs.frozen
class Yields(RollbackStrategy):
    """Yields whatever it is given, and then the lineage."""

    junk: Any

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        yield self.junk
        yield from accepted(registry.lineage())


@attrs.frozen
class YieldsLabels(RollbackStrategy):
    """Yields labels."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        return (version.label for version in registry.lineage())


@attrs.frozen
class YieldsVersions(RollbackStrategy):
    """Yields versions."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return registry.lineage()


@attrs.frozen
class YieldsPlans(RollbackStrategy):
    """Yields what another strategy decides, once there is something."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        if usable(registry):
            yield Pinned(usable(registry)[0].label).plan(registry)


@attrs.frozen
class JunkAtTheEnd(RollbackStrategy):
    """Yields right candidates, and `None` after them, where no plan ever looks."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        yield from accepted(registry.lineage())
        yield None


@attrs.frozen
class Returns(RollbackStrategy):
    """Answers with this, whatever it is asked."""

    answer: Any

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return self.answer


@attrs.frozen
class ReturnsOne(RollbackStrategy):
    """Forgets that candidates are several."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return next(accepted(registry.lineage()), ())


@attrs.frozen
class ForgetsToReturn(RollbackStrategy):
    """Makes candidates, and answers nothing."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        _ = [*accepted(registry.lineage())]


@attrs.frozen
class AnswersASet(RollbackStrategy):
    """Answers with candidates in no order."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return {*accepted(registry.lineage())}


@attrs.frozen
class EndlessRejections(RollbackStrategy):
    """Rejects the current version for ever."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        while True:
            yield Candidate.reject(registry.current_version)


@attrs.frozen
class EndlessAcceptance(RollbackStrategy):
    """Accepts the lineage over and over: plans end, reviews do not."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return cycle([*accepted(registry.lineage())])


@attrs.frozen
class AcceptsLate(RollbackStrategy):
    """Finds the right version after a million rejections of the current one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for _ in range(10**6):
            yield Candidate.reject(registry.current_version)
        yield from accepted(registry.lineage())


@attrs.frozen
class EndlessOnLongLineages(RollbackStrategy):
    """Goes round in circles if there are two versions to go back to."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*accepted(registry.lineage())]
        return cycle(known) if len(known) > 1 else iter(known)


@attrs.frozen
class EndlessAmongMany(RollbackStrategy):
    """Goes round in circles if there are more versions than anybody registers in a test."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*accepted(registry.lineage())]
        return cycle(known) if len(registry) > 6 else iter(known)
