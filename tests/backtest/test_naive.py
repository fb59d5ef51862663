"""A back-test agrees with a slow one that reads the events alone, on any history."""

from collections.abc import Iterator

import attrs
from hypothesis import given
from typing_extensions import override

from lastgood import (
    BestBy,
    Candidate,
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.backtest import backtest
from lastgood.rules import Budget, ServedWithin
from lastgood.testing import registries, small_registries
from tests.backtest.naive import Answer, answers


@attrs.frozen
class Breaks(RollbackStrategy):
    """Fails like a program in every third revision."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        _ = 1 // (registry.revision % 3)
        return map(Candidate.accept, registry.lineage())


STRATEGIES = (
    LastStable(),
    Previous(steps=2),
    PreviousBySemver(unproven=True),
    Previous().where(ServedWithin("2d")) | Pinned("1.0.0"),
    (BestBy("score") | LastStable()).where(Budget(2)),
    Breaks(),
)


def found(registry: VersionRegistry) -> Iterator[Answer]:
    """Yield what the library answers, in the words of the slow one."""
    for incident in backtest(registry, *STRATEGIES):
        ended = None if incident.action is None else incident.action.revision
        said = [(each.kind, each.target, each.failed_later) for each in incident.choices]
        failed = incident.failed_before, incident.failed_later
        yield incident.version, incident.revision, incident.verdict, ended, failed, [*said]


def test_on_all_small_registries() -> None:
    """The incidents, the choices and what became of them agree on every small history."""
    seen = 0
    for registry in small_registries():
        expected = [*answers(registry, *STRATEGIES)]
        assert [*found(registry)] == expected
        seen += len(expected)
    assert seen > 1000


@given(registries(metadata=[{"score": 1}, {"score": 2}, {}]))
def test_on_random_registries(registry: VersionRegistry) -> None:
    """They agree on random histories, in which times are wrong and events are on record twice."""
    assert [*found(registry)] == [*answers(registry, *STRATEGIES)]
