"""Every short history over a few labels: `python -m tests.model.exhaustive --depth 5`.

1. Every command is tried in every distinct state, and its refusal or its result is compared.
2. Two histories are in one state when nothing that a strategy or a rule can ask tells them apart:
   the statuses and their reasons, the lineage, the order of the last deployments, the rollbacks in
   a row. From there on only the first of them is continued (all of them, with `--every`).
3. Decisions are compared once in every distinct state; everything else, after every history.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lastgood import VersionRegistry
from tests.model.compare import (
    Pair,
    agree_on_refusal,
    check_decisions,
    check_facts,
    check_rules,
    check_value,
    in_library,
    in_model,
    outcome,
)
from tests.model.facts import Facts
from tests.model.registry import Refused
from tests.model.registry import VersionRegistry as Model
from tests.model.rules import rollbacks_in_a_row

#: Two of equal precedence, a pre-release with a migration, and what is no version; the first and
#: the last share their content, and the metadata has a tie.
REGISTRATIONS = {
    "1.0.0": "metadata={'auc': 0.5, 'schema': 'A'}, digest='sha256:a'",
    "1.0.0+b": "metadata={'auc': 0.5, 'schema': 'B'}",
    "2.0.0-rc.1": "metadata={'auc': 0.7, 'schema': 'A', 'migration': True}, digest='sha256:b'",
    "main": "metadata={'auc': True}, digest='sha256:a'",
}

ON_A_VERSION = (
    "registry.deploy({0!r})",
    "registry.mark_stable({0!r})",
    "registry.mark_failed({0!r}, reason='bad')",
    "registry.retire({0!r})",
    "registry.reinstate({0!r}, reason='false alarm')",
    "registry.observe({0!r})",
    "registry.roll_back(Pinned({0!r}).plan(registry))",
)
ON_A_REGISTRY = (
    "registry.roll_back(LastStable().plan(registry))",
    "registry.roll_back(Previous().plan(registry), reason='slow')",
)

STRATEGIES = (
    "LastStable()",
    "LastStable(steps=2)",
    "Previous()",
    "Previous(steps=2)",
    "PreviousBySemver()",
    "PreviousBySemver(prereleases=True, unproven=True)",
    "BestBy('auc')",
    "BestBy('auc', lowest=True)",
    "FirstOf(LastStable(), PreviousBySemver(unproven=True), Pinned('main'))",
    "WholeLineage()",
    "Careless()",
    "Previous(steps=2).where(Except('main'))",
    "Previous().where(NotPast('migration'), Budget(2))",
    "FirstOf(Previous(), Careless()).where(SameMajor())",
)
RULES = (
    "Safe()",
    "Stable()",
    "Except('main', '1.0.0')",
    "AtLeast('1.0.0')",
    "SameMajor()",
    "SameMinor()",
    "SameMetadata('schema')",
    "HasMetadata('schema', 'A')",
    "WithinLast(1)",
    "NotPast('migration')",
    "Budget(1)",
    "Budget(2)",
)


def commands(labels: Sequence[str]) -> Iterator[str]:
    """Every command over these labels, as a line of Python."""
    for label in labels:
        yield f"registry.register({label!r}, {REGISTRATIONS[label]})"
        yield from (line.format(label) for line in ON_A_VERSION)
    yield from ON_A_REGISTRY


def state(facts: Facts) -> object:
    """What tells two histories apart for strategies and rules that need no clock."""
    lasts = {label: facts.last_deployment(label) for label in facts.versions}
    order = sorted({*facts.path, *lasts.values()})
    return (
        tuple((v.label, v.status, v.reason) for v in facts.versions.values()),
        tuple((order.index(place), facts.deployments[place].version) for place in facts.path),
        tuple(order.index(last) for last in lasts.values()),
        len(rollbacks_in_a_row(facts)),
    )


@dataclass
class Search:
    """All histories of a length from all of the length before, on both sides."""

    labels: Sequence[str]
    every: bool = False
    counts: Counter[str] = field(default_factory=Counter[str])
    seen: set[object] = field(default_factory=set[object])

    def run(self, depth: int, *, say: bool = False) -> Counter[str]:
        """Search breadth first; what was compared."""
        frontier = [Pair(VersionRegistry(), Model(), ("registry = VersionRegistry()",))]
        for length in range(1, depth + 1):
            frontier = [found for pair in frontier for found in self.successors(pair)]
            if say:
                print(f"{length} commands: {len(frontier)} to continue, {dict(self.counts)}")  # noqa: T201 (its report)
        return self.counts

    def successors(self, pair: Pair) -> Iterator[Pair]:
        """Try every command on one registry, which stays as it is."""
        for line in commands(self.labels):
            made = self.attempt(pair, line)
            if made is not None and (self.is_new(made) or self.every):
                yield made
        check_facts(pair)

    def attempt(self, pair: Pair, line: str) -> Pair | None:
        """One command on both sides; its result, unless it is refused or changes nothing."""
        lines = (*pair.lines, f"registry = {line}")
        library = outcome(lambda: in_library(line, {"registry": pair.library}))
        model = outcome(lambda: in_model(line, {"registry": pair.model}))
        agree_on_refusal(lines, library, model)
        self.counts["commands"] += 1
        if isinstance(model, Refused):
            self.counts["refusals"] += 1
            return None
        if model is pair.model:
            assert library is pair.library, f"not the registry itself: {lines}"
            return None
        made = Pair(library, model, lines)
        check_facts(made)
        return made

    def is_new(self, pair: Pair) -> bool:
        """Whether this state was not seen before; if so, compare its decisions."""
        facts = pair.model.facts()
        found = state(facts)
        if found in self.seen:
            return False
        self.seen.add(found)
        self.counts["states"] += 1
        pinned = tuple(f"Pinned({label!r})" for label in facts.versions)
        self.counts["decisions"] += check_decisions(pair, STRATEGIES + pinned)
        self.counts["decisions"] += check_rules(pair, RULES)
        check_value(pair)
        return True


def main(arguments: Sequence[str]) -> None:
    """Search as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--depth", type=int, default=5, help="how many commands at most")
    _ = parser.add_argument("--labels", nargs="+", choices=REGISTRATIONS, default=[*REGISTRATIONS])
    _ = parser.add_argument("--every", action="store_true", help="continue every history")
    told = parser.parse_args(arguments)
    started = time.perf_counter()
    search = Search(told.labels, every=told.every)
    counts = search.run(told.depth, say=True)
    seconds = time.perf_counter() - started
    print(f"no disagreement: {dict(counts)} in {seconds:.1f} s")  # noqa: T201 (its report)


if __name__ == "__main__":
    main(sys.argv[1:])
