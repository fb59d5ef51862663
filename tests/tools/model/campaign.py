"""Random histories of the library and the model: `python -m tests.tools.model.campaign --seed 1`.

1. A seed fixes everything: the histories, and what is compared after which step.
2. Histories are trees: a step may continue any earlier registry, and older ones are compared again.
3. After every step it is compared whether it was refused, how, and whether it was news. Everything
   else is compared after every n-th step (`--stride`), and after the last one.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from random import Random

from tests.tools.model.answers import (
    check_decisions,
    check_line,
    check_retention,
    check_rules,
    check_unneeded,
)
from tests.tools.model.choices import likely_strategy, rule, strategy, timed_rule
from tests.tools.model.compare import Pair, check_equality, check_facts, check_prefix, check_value
from tests.tools.model.steps import WEIGHTS, register
from tests.tools.model.walks import Walk
from tests.tools.model.worlds import t

#: How many steps a history has: mostly few, since each registry of the model folds all of them.
LENGTHS = (10, 10, 20, 20, 20, 40, 40, 80)


def campaign(
    seed: int, *, events: int, stride: int = 1, counts: Counter[str] | None = None
) -> Counter[str]:
    """Walk until this many events were recorded; what was compared, also when it was cut short."""
    random = Random(seed)  # noqa: S311 (to repeat, not to hide)
    counts = Counter() if counts is None else counts
    while counts["events"] < events:
        take(Walk(random), random.choice(LENGTHS), stride, counts)
        counts["histories"] += 1
    return counts


def take(walk: Walk, steps: int, stride: int, counts: Counter[str]) -> None:
    """Take the steps of one history."""
    for step in range(steps):
        walk.choose()
        before = walk.pair
        tell = walk.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        line = (register if step < len(walk.labels) / 2 else tell)(walk)
        made = walk.history.run(line)
        counts["commands"] += 1
        counts["refusals"] += made is None
        counts["no news"] += made is not None and made.model is before.model
        counts["events"] += made is not None and made.model.revision > before.model.revision
        if step % stride == stride - 1 or step == steps - 1:
            check(walk, made or before, counts)


def check(walk: Walk, pair: Pair, counts: Counter[str]) -> None:
    """Compare what this registry says, and now and then how it was made and older ones."""
    check_facts(pair, [t(walk.some_time()) for _ in range(3)])
    counts["decisions"] += check_decisions(pair, [strategy(walk), strategy(walk)])
    counts["decisions"] += check_unneeded(pair, likely_strategy(walk))
    counts["decisions"] += check_rules(pair, [rule(walk) for _ in range(4)])
    counts["decisions"] += check_line(pair, recovery(walk, pair))
    counts["decisions"] += check_retention(pair, walk.random.randint(1, 3), strategy(walk))
    if walk.is_likely(0.1):
        check_value(pair)
    if walk.is_likely(0.2):
        check_prefix(pair, walk.random.randint(0, pair.model.revision))
    if walk.is_likely(0.2):
        other = walk.random.choice(walk.history.pairs)
        check_facts(other)
        check_equality(pair, other)


def recovery(walk: Walk, pair: Pair) -> str:
    """The current version fails, and is recovered from at some time."""
    last = pair.model.facts.last
    failed = "registry" if last is None else f"registry.mark_failed({last!r})"
    time, strategy = walk.some_time(), likely_strategy(walk)
    return f"{strategy}.where({timed_rule(walk)}).recover({failed}, at=t({time}), by='ana')"


def main(arguments: Sequence[str]) -> None:
    """Run as the command line says: seed after seed, each with its own report."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seed", type=int, default=1, help="the first one")
    _ = parser.add_argument("--events", type=int, default=50_000, help="when to stop")
    _ = parser.add_argument("--each", type=int, default=10_000, help="events of one seed")
    _ = parser.add_argument("--stride", type=int, default=20, help="compare after every n-th step")
    given = parser.parse_args(arguments)
    counts, seed, started = Counter[str](), given.seed, time.process_time()
    while counts["events"] < given.events:
        print(f"seed {seed}", flush=True)
        counts += campaign(seed, events=min(given.each, given.events), stride=given.stride)
        seconds = time.process_time() - started
        print(f"no disagreement: {dict(counts)} in {seconds:.0f} s of processor time", flush=True)
        seed += 1


if __name__ == "__main__":
    main(sys.argv[1:])
