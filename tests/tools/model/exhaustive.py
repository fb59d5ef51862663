"""Every short history over a few labels: `python -m tests.tools.model.exhaustive --depth 5`.

1. Every command is tried in every distinct state, and its refusal or its result is compared.
2. Two histories are in one state when nothing that a strategy or a rule can ask tells them apart.
   From there on only the first of them is continued (all of them, with `--every`).
3. Decisions are compared once in every distinct state (or in every n-th, with `--stride`), copies
   in every fourth. What a registry says of itself is compared after every history, and so is what
   becomes of a plan for each version that was made one command earlier.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lastgood import VersionRegistry
from tests.tools.model.answers import (
    check_decisions,
    check_retention,
    check_rules,
    check_unneeded,
    is_refused,
)
from tests.tools.model.compare import Pair, agree_on_refusal, check_facts, check_value, outcome
from tests.tools.model.facts import Facts
from tests.tools.model.refusals import Refused
from tests.tools.model.registry import VersionRegistry as Model
from tests.tools.model.rules import rollbacks_in_a_row
from tests.tools.model.worlds import in_library, in_model

#: Two of equal precedence, a pre-release with a migration, and a label that is not SemVer; the
#: first and the last share their contents, and the metadata has a tie.
REGISTRATIONS = {
    "1.0.0": "metadata={'auc': 0.5, 'schema': 'A'}, digest='sha256:a'",
    "1.0.0+b": "metadata={'auc': 0.5, 'schema': 'B'}",
    "2.0.0-rc.1": "metadata={'auc': 0.7, 'schema': 'A', 'migration': True}, digest='sha256:b'",
    "main": "metadata={'auc': True}, digest='sha256:a'",
}
#: What becomes known later: a barrier, and that another version is not one.
ANNOTATIONS = {
    "1.0.0+b": "{'migration': 'yes', 'schema': 'B'}",
    "2.0.0-rc.1": "{'migration': False}",
}

ON_A_VERSION = (
    "registry.deploy({0!r})",
    "registry.deploy({0!r}, replacing='1.0.0')",
    "registry.undeploy({0!r})",
    "registry.mark_stable({0!r})",
    "registry.mark_failed({0!r}, reason='bad')",
    "registry.retire({0!r})",
    "registry.reinstate({0!r})",
    "registry.observe({0!r})",
)
#: A plan that was made one command earlier.
LATE = "registry.roll_back(Pinned({0!r}).plan(before, leaving={1!r}))"
#: What serves, or served last, is left by its label.
LEAVING = (
    "registry.roll_back(Pinned({0!r}).plan(registry, leaving={1!r}))",
    "registry.roll_back(Previous().plan(registry, leaving={1!r}), reason='slow')",
)

STRATEGIES = (
    "LastStable()",
    "LastStable(steps=2)",
    "Previous()",
    "PreviousBySemver()",
    "PreviousBySemver(prereleases=True, unproven=True)",
    "PreviousBy(numbers, unproven=True)",
    "BestBy('auc')",
    "BestBy('auc', lowest=True)",
    "LastStable() | PreviousBySemver(unproven=True) | Pinned('main')",
    "WholeLineage()",
    "RegisteredBefore()",
    "Careless()",
    "Overheard()",
    "Previous(steps=2).where(Except('main'))",
    "Previous().where(NotAcross('migration'), Budget(2))",
    "(Previous() | Careless()).where(SameMajor())",
)
RULES = (
    "Safe()",
    "Stable()",
    "Served()",
    "Except('main', '1.0.0')",
    "AtLeast('1.0.0')",
    "SameMajor()",
    "SameMinor()",
    "SameMetadata('schema')",
    "HasMetadata('schema', 'A')",
    "AtMostSteps(1)",
    "NotAcross('migration')",
    "Budget(1)",
    "Budget(2)",
)


def commands(labels: Sequence[str], last: str | None) -> Iterator[str]:
    """Every command over these labels, as a line of Python."""
    for label in labels:
        yield f"registry.register({label!r}, {REGISTRATIONS[label]})"
        yield from (line.format(label) for line in ON_A_VERSION)
        if label in ANNOTATIONS:
            yield f"registry.annotate({label!r}, {ANNOTATIONS[label]})"
    if last is not None:
        lines = [line.format(label, last) for label in labels for line in LEAVING]
        yield from dict.fromkeys(lines)


def state(registry: Model) -> object:
    """What tells two histories apart for strategies and rules that need no clock."""
    facts = registry.facts
    served = [facts.deployments_of(label) for label in facts.versions]
    ends = [(min(places, default=-1), max(places, default=-1)) for places in served]
    order = sorted({*facts.path, *(place for pair in ends for place in pair)})
    return (
        facts.current is None,
        tuple(known(facts, label) for label in facts.versions),
        tuple((order.index(place), facts.deployments[place].version) for place in facts.path),
        tuple((order.index(first), order.index(last)) for first, last in ends),
        len(rollbacks_in_a_row(registry)),
    )


def known(facts: Facts, label: str) -> object:
    """What is known about one version, its times left out."""
    version = facts.versions[label]
    metadata = tuple(sorted(version.metadata.items()))
    return label, version.status, version.reason, version.was, version.failure, metadata


@dataclass
class Search:
    """All histories of a length from all of the length before, on both sides."""

    labels: Sequence[str]
    every: bool = False
    #: Decisions are compared in every n-th state.
    stride: int = 1
    counts: Counter[str] = field(default_factory=Counter[str])
    seen: set[object] = field(default_factory=set[object])

    def run(self, depth: int, *, say: bool = False) -> Counter[str]:
        """Search breadth first; what was compared."""
        frontier = [Pair(VersionRegistry(), Model(), ("registry = VersionRegistry()",))]
        for length in range(1, depth + 1):
            frontier = [found for pair in frontier for found in self.successors(pair)]
            if say:
                print(f"{length} commands: {len(frontier)} to continue, {dict(self.counts)}")
        return self.counts

    def successors(self, pair: Pair) -> Iterator[Pair]:
        """Try every command on one registry, which stays as it is."""
        last = pair.model.facts.last
        late = [LATE.format(label, last) for label in pair.model if label != last]
        late = [line for line in late if not is_refused(replace(pair, before=pair), line)]
        for line in commands(self.labels, last):
            made = self.attempt(pair, line)
            if made is None:
                continue
            for plan in late:
                _ = self.attempt(replace(made, before=pair), plan)
            if self.is_new(made) or self.every:
                yield made
        check_facts(pair)

    def attempt(self, pair: Pair, line: str) -> Pair | None:
        """One command on both sides; its result, unless it is refused or changes nothing."""
        lines = (*pair.lines, f"registry = {line}")
        library = outcome(lambda: in_library(line, pair.names("library")))
        model = outcome(lambda: in_model(line, pair.names("model")))
        agree_on_refusal(lines, library, model)
        self.counts["commands"] += 1
        if isinstance(model, Refused):
            self.counts["refusals"] += 1
            return None
        if model is pair.model:
            assert library is pair.library, f"not the registry itself: {lines}"
            self.counts["no news"] += 1
            return None
        made = Pair(library, model, lines)
        check_facts(made)
        return made

    def is_new(self, pair: Pair) -> bool:
        """Whether this state was not seen before; if so, compare its decisions."""
        found = state(pair.model)
        if found in self.seen:
            return False
        self.seen.add(found)
        self.counts["states"] += 1
        if self.counts["states"] % self.stride == 0:
            self.decide(pair)
        if self.counts["states"] % 4 == 0:
            check_value(pair)
        return True

    def decide(self, pair: Pair) -> None:
        """Compare the decisions in one state."""
        self.counts["decisions"] += check_decisions(pair, STRATEGIES)
        self.counts["decisions"] += check_unneeded(pair, "Previous()")
        self.counts["decisions"] += check_rules(pair, RULES)
        self.counts["decisions"] += check_retention(pair, 1, "None")
        self.counts["decisions"] += check_retention(pair, 1, "Previous()")


def main(arguments: Sequence[str]) -> None:
    """Search as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--depth", type=int, default=5, help="how many commands at most")
    _ = parser.add_argument("--labels", nargs="+", choices=REGISTRATIONS, default=[*REGISTRATIONS])
    _ = parser.add_argument("--every", action="store_true", help="continue every history")
    _ = parser.add_argument("--stride", type=int, default=1, help="decide in every n-th state")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    search = Search(given.labels, every=given.every, stride=given.stride)
    counts = search.run(given.depth, say=True)
    seconds = time.perf_counter() - started
    print(f"no disagreement: {dict(counts)} in {seconds:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
