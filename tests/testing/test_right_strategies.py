"""The kit finds nothing to say about strategies that are right."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from lastgood import LastStable, PreviousBySemver, RollbackStrategy
from lastgood.testing import LAWS, check_strategy
from tests.testing import right

RIGHT: list[tuple[RollbackStrategy, Mapping[str, Any]]] = [
    (right.WholeLineage(), {}),
    (right.AllVersions(), {}),
    (right.OldestFirst(), {}),
    (right.MostDeployed(), {}),
    (right.DeploymentBefore(), {}),
    (right.RegisteredBefore(), {}),
    (right.StopsAtAFailure(), {}),
    (right.LeastTroubled(), {}),
    (right.LastMarkedStableByTime(), {}),
    (right.ByReason("alarm"), {}),
    (right.Uploaded(), {"labels": ["1", "2", "3", "10"]}),
    (right.HighestNumber("auc"), {"metadata": [{"auc": 0.8}, {"auc": 0.9}]}),
    (right.ReadsDigests(), {"digests": ["sha256:a", "sha256:b"]}),
    (right.AsADataclass(), {}),
    (right.AsADataclass(steps=2, note="not a parameter"), {}),
    (right.ByHand("1.9.0"), {}),
    (right.ByHand("1.9.0", "main", unproven=True), {}),
    (right.Remembers(), {}),
    (right.UsesACache(), {}),
    (right.Guards(PreviousBySemver(prereleases=True)), {}),
    (right.ShowsItInWords("eu", (1, 2)), {}),
    (right.Soaked(timedelta(days=20)), {}),
    (right.Soaked(timedelta(days=20), right.Direction.OLDEST, frozenset({"main"})), {}),
    (right.SoakedInHours(timedelta(days=20)), {}),
    (right.DeployedSince(date(2026, 3, 1)), {}),
    (right.WithoutParameters(), {}),
    (right.InAnyCase("1.9"), {}),
    (right.WholeLineage() | right.OldestFirst() | LastStable(), {}),
]


@pytest.mark.parametrize(("strategy", "options"), RIGHT, ids=[repr(each) for each, _ in RIGHT])
def test_a_right_strategy_keeps_all_laws(
    strategy: RollbackStrategy, options: Mapping[str, Any]
) -> None:
    """A strategy that is right keeps all laws, whatever it decides, and however it is written."""
    assert check_strategy(strategy, **options).laws == LAWS
