"""Everything that the library itself offers: strategies, pairs of them, and rules.

``python -m tests.tools.products`` checks all of it against the laws, and what users may write
besides; the tests check a part.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from typing import Any, Final

import attrs

from lastgood import (
    BestBy,
    LastStable,
    MetadataValue,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
    Rule,
)
from lastgood.keys import numbers
from lastgood.rules import (
    AtMostSteps,
    Budget,
    Except,
    HasMetadata,
    NotAcross,
    SameMetadata,
    ServedAtLeast,
    ServedWithin,
)
from lastgood.testing import LAWS, LawReport, check_strategy
from tests import catalogue
from tests.testing.right import RIGHT

STRATEGIES: Final[Sequence[RollbackStrategy]] = [
    *catalogue.SIMPLE.values(),
    LastStable(steps=2),
    Previous(steps=2),
    Pinned("v1.10.0"),
    Pinned("main"),
    PreviousBySemver(prereleases=True),
    PreviousBySemver(unproven=True),
    PreviousBySemver(prereleases=True, unproven=True),
    PreviousBy(numbers, unproven=True),
    BestBy("score", lowest=True),
]

RULES: Final[Sequence[Rule]] = [
    *catalogue.RULES.values(),
    Except("1.10.0", "main"),
    SameMetadata("region", "schema"),
    ServedWithin("1h"),
    ServedAtLeast("20d"),
    AtMostSteps(1),
    Budget(2),
    Budget(1, within="24h"),
    Budget(3, within="365d"),
]

#: A rule that rejects the one version that is pinned, or everything two steps back: they never
#: find a target, as documented. Two steps back is days back in the registries that have times.
HOPELESS: Final = {
    "Pinned('1.10.0').where(Except('1.10.0', 'main'))",
    "Pinned('main').where(Except('1.10.0', 'main'))",
    "Pinned('main').where(AtLeast('1.9.1'))",
    "Pinned('main').where(SameMajor())",
    "Pinned('main').where(SameMinor())",
    "Pinned('main').where(Stable())",  # It is not stable in any of the registries.
    *(
        f"{strategy}(steps=2).where({rule})"
        for strategy in ("LastStable", "Previous")
        for rule in ("AtMostSteps(1)", "ServedWithin('1h')")
    ),
}

_SCORES: Final = [{"score": 0.9}, {"score": 0.8}]
_GIVEN: Final[Sequence[Mapping[str, MetadataValue]]] = [
    {"score": 0.9, "region": "eu", "schema": 1, "migration": False},
    {"score": 0.8, "region": "us", "schema": 1, "migration": True},
]


@attrs.frozen
class Run:
    """A strategy, the metadata that it needs to find anything, and the laws that it must break."""

    strategy: RollbackStrategy
    metadata: Sequence[Mapping[str, MetadataValue]] = ()
    waivers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    laws: Sequence[str] = LAWS
    options: Mapping[str, Any] = attrs.field(factory=dict[str, Any])

    def checked(self) -> LawReport:
        """Check it against the laws."""
        return check_strategy(
            self.strategy,
            laws=self.laws,
            metadata=self.metadata,
            expected_failures=self.waivers,
            **self.options,
        )


def metadata_of(*parts: object) -> Sequence[Mapping[str, MetadataValue]]:
    """Return the metadata that is needed by strategies and rules."""
    if any(isinstance(part, SameMetadata | HasMetadata | NotAcross) for part in parts):
        return _GIVEN
    return _SCORES if any(isinstance(part, BestBy) for part in parts) else ()


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


def of_users() -> Iterator[Run]:
    """Yield strategies of users that are right."""
    for strategy, options in RIGHT:
        others = dict(options)
        yield Run(strategy, others.pop("metadata", ()), options=others)


def main(arguments: Sequence[str]) -> None:
    """Check all of it, or as much as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--every", type=int, default=1, help="check every n-th of all")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    runs = [*everything(), *of_users()]
    reports = [run.checked() for run in runs[:: given.every]]
    took, decisions = time.monotonic() - began, sum(report.decisions for report in reports)
    print(f"{len(reports)} strategies keep the laws, in {decisions:,} decisions and {took:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
