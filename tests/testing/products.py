"""Everything that the library itself can be asked for: strategies, pairs of them, and rules.

``python -m tests.testing.products`` holds all of it against the laws, and what users may write
besides; the tests hold a part.
"""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, product
from typing import Any, Final

import attrs

from lastgood import (
    BestBy,
    LastStable,
    MetadataValue,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    Rule,
)
from lastgood.rules import (
    AtLeast,
    Budget,
    Except,
    HasMetadata,
    NotPast,
    Safe,
    SameMajor,
    SameMetadata,
    SameMinor,
    ServedAtLeast,
    ServedWithin,
    Stable,
    WithinLast,
)
from lastgood.testing import LAWS, LawReport, check_strategy
from tests.testing.right import RIGHT

STRATEGIES: Final[Sequence[RollbackStrategy]] = [
    LastStable(),
    LastStable(steps=2),
    Previous(),
    Previous(steps=2),
    Pinned("1.10.0"),
    Pinned("v1.10.0"),
    Pinned("main"),
    PreviousBySemver(),
    PreviousBySemver(prereleases=True),
    PreviousBySemver(unproven=True),
    PreviousBySemver(prereleases=True, unproven=True),
    BestBy("auc"),
    BestBy("auc", lowest=True),
]

RULES: Final[Sequence[Rule]] = [
    Safe(),
    Stable(),
    Except("1.9.0"),
    Except("1.10.0", "main"),
    AtLeast("1.9.1"),
    SameMajor(),
    SameMinor(),
    SameMetadata("region"),
    SameMetadata("region", "schema"),
    HasMetadata("region", "eu"),
    ServedWithin(timedelta(hours=1)),
    ServedWithin(timedelta(days=365)),
    ServedAtLeast(timedelta(hours=1)),
    ServedAtLeast(timedelta(days=20)),
    WithinLast(1),
    WithinLast(2),
    NotPast("migration"),
    Budget(1),
    Budget(2),
    Budget(1, within=timedelta(days=1)),
    Budget(3, within=timedelta(days=365)),
]

#: A rule that rejects the one version that is pinned, or all that is two steps back: they never
#: find a target, as documented. Two steps back lies days back, where the kit tells times.
HOPELESS: Final = {
    "Pinned('1.10.0').where(Except('1.10.0', 'main'))",
    "Pinned('main').where(Except('1.10.0', 'main'))",
    "Pinned('main').where(AtLeast('1.9.1'))",
    "Pinned('main').where(SameMajor())",
    "Pinned('main').where(SameMinor())",
    "Pinned('main').where(Stable())",  # The kit tells no story in which it is stable.
    *(
        f"{strategy}(steps=2).where({rule})"
        for strategy in ("LastStable", "Previous")
        for rule in ("WithinLast(1)", "ServedWithin(datetime.timedelta(seconds=3600))")
    ),
}

_AUC: Final = [{"auc": 0.9}, {"auc": 0.8}]
_TOLD: Final[Sequence[Mapping[str, MetadataValue]]] = [
    {"auc": 0.9, "region": "eu", "schema": 1, "migration": False},
    {"auc": 0.8, "region": "us", "schema": 1, "migration": True},
]


@attrs.frozen
class Run:
    """A strategy, the metadata that it needs to find anything, and what it cannot but break."""

    strategy: RollbackStrategy
    metadata: Sequence[Mapping[str, MetadataValue]] = ()
    waivers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    laws: Sequence[str] = LAWS
    options: Mapping[str, Any] = attrs.field(factory=dict[str, Any])

    def held(self) -> LawReport:
        """Hold it against the laws."""
        return check_strategy(
            self.strategy,
            laws=self.laws,
            metadata=self.metadata,
            expected_failures=self.waivers,
            **self.options,
        )


def metadata_of(*parts: object) -> Sequence[Mapping[str, MetadataValue]]:
    """Return the metadata that is needed by strategies and rules."""
    if any(isinstance(part, SameMetadata | HasMetadata | NotPast) for part in parts):
        return _TOLD
    return _AUC if any(isinstance(part, BestBy) for part in parts) else ()


def alone() -> Iterator[Run]:
    """Yield every strategy."""
    return (Run(one, metadata_of(one)) for one in STRATEGIES)


def pairs() -> Iterator[Run]:
    """Yield every pair of strategies."""
    for one, other in product(STRATEGIES, repeat=2):
        yield Run(one | other, metadata_of(one, other))


def ruled() -> Iterator[Run]:
    """Yield every strategy with each rule."""
    for one, rule in product(STRATEGIES, RULES):
        strategy = one.where(rule)
        waivers = {"finds_a_target": "it contradicts itself"} if repr(strategy) in HOPELESS else {}
        yield Run(strategy, metadata_of(one, rule), waivers)


def everything() -> list[Run]:
    """Return all runs of what the library offers."""
    return [*chain(alone(), pairs(), ruled())]


def of_users() -> Iterator[LawReport]:
    """Hold strategies of users that are right against the laws."""
    return (check_strategy(strategy, **options) for strategy, options in RIGHT)


if __name__ == "__main__":
    began = time.monotonic()
    reports = [*(run.held() for run in everything()), *of_users()]
    took, decisions = time.monotonic() - began, sum(report.decisions for report in reports)
    _ = sys.stdout.write(
        f"{len(reports)} strategies keep the laws, in {decisions:,} decisions and {took:.0f} s\n"
    )
