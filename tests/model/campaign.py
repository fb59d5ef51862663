"""Random histories, held against the model: `python -m tests.model.campaign --seed 1`.

1. A seed fixes everything: the histories, and what is compared after which step.
2. Most commands are likely to be allowed; some are refused for each reason there is.
3. Histories are trees: a step may continue any earlier registry, and older ones are compared again.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.model.compare import (
    History,
    Pair,
    check_decisions,
    check_equality,
    check_facts,
    check_prefix,
    check_rules,
    check_value,
    t,
)
from tests.model.facts import Facts

LABELS = (
    "1.0.0", "1.0.0+b", "v1.0.0", "1", "1.0", "1.0.1", "1.2.0-rc.1", "1.2.0-rc.9", "1.2.0-rc.10",
    "1.2.0-alpha", "1.2.0", "v1.10.0", "1.9.0", "2.0.0-rc.1", "2.0.0", "2.0.0+x.1", "010.1", "V7",
    "2024.05.01", "main", "9f86d081", "1.2.3.4", "release-1.2.3", "1.2.3rc1", "é", "canary 2",
    "99999999999999999999.0.0", "99999999999999999998.0.0",
)  # fmt: skip
METADATA = {
    "auc": ("0.5", "0.7", "0.9", "1", "-3", "2**53", "2.0**53", "2**53 + 1", "True", "'0.9'"),
    "schema": ("'A'", "'B'", "None", "3"),
    "migration": ("True", "True", "False", "'yes'", "0", "None"),
}
DIGESTS = ("'sha256:a'", "'sha256:b'", "'sha256:c'")
REASONS = ("''", "'slow'", "'p99 latency 900 ms'", "'errors: 3 %'")
DELTAS = tuple(f"datetime.timedelta(seconds={seconds})" for seconds in (60, 600, 3600))

#: How many steps a history has: mostly few, since each registry of the model folds all of them.
LENGTHS = (10, 10, 20, 20, 20, 40, 40, 80)

#: How often each step is tried.
WEIGHTS = {
    "register": 8,
    "deploy": 26,
    "mark_stable": 16,
    "mark_failed": 9,
    "retire": 2,
    "reinstate": 10,
    "observe": 7,
    "roll_back": 14,
    "stale_plan": 6,
    "late_plan": 5,
    "forged_plan": 3,
    "recover": 3,
    "with_clock": 2,
    "at_revision": 1,
    "remake": 2,
    "replay": 4,
    "malformed": 3,
}


@dataclass
class Walk:
    """One random history."""

    random: Random
    counts: Counter[str]
    history: History = field(default_factory=History)
    labels: list[str] = field(default_factory=list[str])
    #: Probabilities of a digest, of a time, of an out of order one, and of continuing an older
    #: registry.
    digested: float = 0.0
    timed: float = 0.0
    disordered: float = 0.0
    forking: float = 0.0
    #: After one step in so many, and after the last one, everything is compared; after the others
    #: only whether the command was refused, and how.
    stride: int = 1
    now: int = 0
    base: int = 0
    #: What the model knows of the registry to continue.
    facts: Facts = field(default_factory=Facts)

    def __post_init__(self) -> None:
        self.labels = self.random.sample(LABELS, self.random.randint(3, 12))
        self.digested = self.random.choice((0.0, 0.2, 0.7, 1.0))
        self.timed = self.random.choice((0.0, 0.5, 0.9, 1.0))
        self.disordered = self.random.choice((0.0, 0.0, 0.2))
        self.forking = self.random.choice((0.0, 0.1, 0.3))

    def run(self, steps: int) -> None:
        """Take so many steps, and compare as the stride says."""
        for step in range(steps):
            self.base = self.choose()
            self.facts = self.pair.model.facts()
            name = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            name = "register" if step < len(self.labels) / 2 else name
            made = self.history.run(STEPS[name](self))
            self.counts["commands"] += 1
            self.counts["refusals"] += made is None
            self.counts["events"] += (
                made is not None and made.model.revision > self.pair.model.revision
            )
            if step % self.stride == 0 or step == steps - 1:
                self.check(made or self.pair)

    # What a step is made of

    def choose(self) -> int:
        """Which registry to continue: mostly the newest, else a recent one, seldom any."""
        newest = len(self.history.pairs) - 1
        if self.random.random() >= self.forking:
            return newest
        oldest = 0 if self.random.random() < 0.1 else max(0, newest - 5)
        return self.random.randint(oldest, newest)

    @property
    def pair(self) -> Pair:
        """The registry to continue."""
        return self.history.pairs[self.base]

    def label(self) -> str:
        """A label, mostly a registered one."""
        known = list(self.facts.versions)
        pool = known if known and self.random.random() < 0.98 else self.labels
        return repr(self.random.choice(pool))

    def label_with(self, *statuses: str) -> str:
        """A label, mostly one with such a status."""
        found = [v.label for v in self.facts.versions.values() if v.status in statuses]
        usual = found and self.random.random() < 0.8
        return repr(self.random.choice(found)) if usual else self.label()

    def more(self, *, reason: bool = True) -> str:
        """The optional arguments: a reason and a time."""
        given = ""
        if reason and self.random.random() < 0.6:
            given += f", reason={self.random.choice(REASONS)}"
        if self.random.random() < self.timed:
            given += f", at={self.time()}"
        return given

    def time(self) -> str:
        """A later time, or an out of order one, in some zone."""
        self.now += self.random.choice((0, 1, 7, 40))
        early = self.random.random() < self.disordered
        minutes = self.now - self.random.randint(0, 90) if early else self.now
        return f"{self.random.choice('ttu')}({minutes})"

    # Steps, each a line of Python

    def register(self) -> str:
        """Mostly what is not registered yet."""
        unknown = [label for label in self.labels if label not in self.facts.versions]
        label = repr(self.random.choice(unknown)) if unknown else self.label()
        told = {
            key: self.random.choice(values)
            for key, values in METADATA.items()
            if self.random.random() < 0.5
        }
        given = ", ".join(f"{key!r}: {value}" for key, value in told.items())
        line = f"r{self.base}.register({label}"
        line += f", metadata={{{given}}}" if told else ""
        line += (
            f", digest={self.random.choice(DIGESTS)}"
            if self.random.random() < self.digested
            else ""
        )
        return f"{line}{self.more(reason=False)})"

    def deploy(self) -> str:
        """Mostly what may be deployed."""
        label = self.label_with("unproven", "stable")
        return f"r{self.base}.deploy({label}{self.more(reason=False)})"

    def mark_stable(self) -> str:
        """Mostly what may be stable, often the current one."""
        current = self.facts.current
        often = current is not None and self.random.random() < 0.5
        label = repr(current) if often else self.label_with("unproven")
        return f"r{self.base}.mark_stable({label}{self.more()})"

    def mark_failed(self) -> str:
        """Any, often the current one."""
        current = self.facts.current
        often = current is not None and self.random.random() < 0.5
        return f"r{self.base}.mark_failed({repr(current) if often else self.label()}{self.more()})"

    def retire(self) -> str:
        """Any."""
        return f"r{self.base}.retire({self.label()}{self.more()})"

    def reinstate(self) -> str:
        """Mostly what needs it."""
        label = self.label_with("failed", "rolled_back", "retired")
        return f"r{self.base}.reinstate({label}{self.more()})"

    def observe(self) -> str:
        """Any."""
        return f"r{self.base}.observe({self.label()}{self.more()})"

    def roll_back(self) -> str:
        """By a plan just made, now and then for a caller who says what is left."""
        leaving = f", leaving={self.label()}" if self.random.random() < 0.1 else ""
        plan = f"{self.likely_strategy()}.plan(r{self.base}{leaving})"
        if self.random.random() < 0.1:
            plan = f"RollbackPlan.from_dict({plan}.to_dict())"
        return f"r{self.base}.roll_back({plan}{self.more()})"

    def stale_plan(self) -> str:
        """By a plan made of a recent or of any other registry."""
        newest = len(self.history.pairs) - 1
        near = max(0, self.base - 4) if self.random.random() < 0.7 else 0
        at = self.random.randint(near, newest if near == 0 else self.base)
        return f"r{self.base}.roll_back({self.likely_strategy()}.plan(r{at}){self.more()})"

    def late_plan(self) -> str:
        """By a plan that was made right before there was news of some version."""
        news = self.random.choice(("mark_failed", "mark_stable", "retire", "reinstate"))
        later = f"r{self.base}.{news}({self.label()})"
        return f"{later}.roll_back({self.likely_strategy()}.plan(r{self.base}){self.more()})"

    def forged_plan(self) -> str:
        """By a plan that no strategy made."""
        current = self.facts.current
        usual = current is not None and self.random.random() < 0.8
        source = repr(current) if usual else self.label()
        target = self.label()
        revision = max(0, self.pair.model.revision + self.random.choice((0, 0, 0, -1, -3, 1)))
        plan = (
            f"RollbackPlan(source={source}, target={target}, reason='forged', strategy='Forged()', "
            f"revision={revision}, considered=(Candidate.accept({target}, 'forged'),))"
        )
        return f"r{self.base}.roll_back({plan}{self.more()})"

    def recover(self) -> str:
        """If it is needed."""
        at = f", at={self.time()}" if self.random.random() < self.timed else ""
        return f"{self.likely_strategy()}.recover(r{self.base}{at})"

    def with_clock(self) -> str:
        """Forwards, backwards, or without a zone."""
        minutes = max(0, self.now + self.random.randint(-60, 120))
        return f"r{self.base}.with_clock({self.random.choice('ttttun')}({minutes}))".replace(
            "(n(", "(naive("
        )

    def at_revision(self) -> str:
        """In range, mostly near."""
        revision = self.pair.model.revision
        return f"r{self.base}.at_revision({self.random.randint(max(0, revision - 6), revision)})"

    def remake(self) -> str:
        """The same registry made in another way."""
        ways = (
            "pickle.loads(pickle.dumps(r{0}))",
            "copy.deepcopy(r{0})",
            "VersionRegistry.replay(r{0}.events)",
            "VersionRegistry.from_dict(r{0}.to_dict())",
            "r{0}.at_revision(r{0}.revision)",
        )
        return self.random.choice(ways).format(self.base)

    def replay(self) -> str:
        """The events with one left out, twice, or two swapped: what the rules make of it."""
        place = self.random.randint(0, self.pair.model.revision)
        ways = (
            "[*{0}[:{1}], *{0}[{2}:]]",
            "[*{0}[:{2}], *{0}[{1}:]]",
            "[*{0}[:{1}], *{0}[{2}:{3}], *{0}[{1}:{2}], *{0}[{3}:]]",
        )
        way = self.random.choice(ways)
        if self.random.random() < 0.5:
            data = way.format(f"r{self.base}.to_dict()['events']", place, place + 1, place + 2)
            return f"VersionRegistry.from_dict({{'format': 1, 'events': {data}}})"
        events = way.format(f"r{self.base}.events", place, place + 1, place + 2)
        return f"VersionRegistry.replay({events})"

    def malformed(self) -> str:
        """With arguments that no registry takes."""
        known, base = self.label(), f"r{self.base}"
        return self.random.choice(
            (
                f"{base}.deploy('')",
                f"{base}.mark_failed(' 1.0.0')",
                f"{base}.retire('1.0.0\\n')",
                f"{base}.observe('\\x00')",
                f"{base}.register('\\ud800')",
                f"{base}.register('x' * 257)",
                f"{base}.register('new', digest='')",
                f"{base}.register('new', digest='\\ud800')",
                f"{base}.register('new', metadata={{'auc': nan}})",
                f"{base}.register('new', metadata={{'auc': -inf}})",
                f"{base}.register('new', metadata={{'auc': 2**63}})",
                f"{base}.register('new', metadata={{'auc': '\\ud800'}})",
                f"{base}.register('new', at=naive({self.now}))",
                f"{base}.deploy({known}, at=naive({self.now}))",
                f"{base}.observe({known}, at=naive({self.now}))",
                f"{base}.mark_failed({known}, reason='\\ud800')",
                f"{base}.roll_back({self.strategy()}.plan({base}), at=naive({self.now}))",
                f"{base}.at_revision({self.pair.model.revision + 1})",
                f"{base}.at_revision(-1)",
                f"{base}.deploy('no such version')",
            )
        )

    # Strategies and rules, each as the code that makes it

    def likely_strategy(self) -> str:
        """One of any kind, mostly one that finds something."""
        good = self.label_with("stable", "unproven")
        return self.random.choice(
            ("LastStable()", "Previous()", "WholeLineage()", f"Pinned({good})", self.strategy())
        )

    def strategy(self) -> str:
        """One of any kind, perhaps under rules, perhaps with alternatives."""
        chosen = self.random.choice(
            (
                self.simple_strategy,
                self.simple_strategy,
                lambda: f"{self.simple_strategy()}.where({self.rule()})",
                lambda: f"{self.simple_strategy()}.where({self.rule()}, {self.rule()})",
                lambda: f"{self.simple_strategy()}.where({self.rule()}).where({self.rule()})",
                lambda: f"({self.simple_strategy()} | {self.simple_strategy()})",
                lambda: (
                    f"FirstOf({self.simple_strategy()}.where({self.rule()}), "
                    f"{self.simple_strategy()}).where({self.rule()})"
                ),
            )
        )
        return chosen()

    def simple_strategy(self) -> str:
        """One that is not composed."""
        return self.random.choice(
            (
                "LastStable()",
                "LastStable()",
                "LastStable(steps=2)",
                "LastStable(steps=3)",
                "Previous()",
                "Previous(steps=2)",
                f"Pinned({self.label()})",
                "PreviousBySemver()",
                "PreviousBySemver(prereleases=True)",
                "PreviousBySemver(unproven=True)",
                "PreviousBySemver(prereleases=True, unproven=True)",
                "BestBy('auc')",
                "BestBy('auc', lowest=True)",
                "WholeLineage()",
                "Careless()",
            )
        )

    def rule(self) -> str:
        """Any rule."""
        delta = self.random.choice(DELTAS)
        key = self.random.choice(list(METADATA))
        return self.random.choice(
            (
                "Safe()",
                "Stable()",
                f"Except({self.label()})",
                f"Except({self.label()}, {self.label()})",
                f"AtLeast({self.random.choice(('1', '1.2.0-rc.9', 'v2.0.0'))!r})",
                "SameMajor()",
                "SameMinor()",
                f"SameMetadata({key!r})",
                "SameMetadata('auc', 'schema')",
                f"HasMetadata({key!r}, {self.random.choice(METADATA[key])})",
                f"ServedWithin({delta})",
                f"ServedAtLeast({delta})",
                f"WithinLast({self.random.randint(1, 4)})",
                "NotPast('migration')",
                f"Budget({self.random.randint(1, 3)})",
                f"Budget({self.random.randint(1, 3)}, within={delta})",
            )
        )

    # What is compared after a step

    def check(self, pair: Pair) -> None:
        """Compare what this registry says, and now and then how it was made and older ones."""
        times = [t(self.random.randint(-5, self.now + 5)) for _ in range(3)]
        check_facts(pair, times)
        codes = [self.strategy() for _ in range(2)]
        self.counts["decisions"] += check_decisions(pair, codes)
        self.counts["decisions"] += check_rules(pair, [self.rule(), self.rule()])
        if self.random.random() < 0.1:
            check_value(pair)
        if self.random.random() < 0.2:
            check_prefix(pair, self.random.randint(0, pair.model.revision))
        if self.random.random() < 0.2:
            other = self.random.choice(self.history.pairs)
            check_facts(other)
            check_equality(pair, other)


STEPS: dict[str, Callable[[Walk], str]] = {name: getattr(Walk, name) for name in WEIGHTS}


def campaign(
    seed: int, *, events: int, stride: int = 1, counts: Counter[str] | None = None
) -> Counter[str]:
    """Walk until so many events were recorded; what was compared, also when it was cut short."""
    random = Random(seed)  # noqa: S311 (to repeat, not to hide)
    counts = Counter() if counts is None else counts
    while counts["events"] < events:
        Walk(random, counts, stride=stride).run(random.choice(LENGTHS))
        counts["histories"] += 1
    return counts


def main(arguments: Sequence[str]) -> None:
    """Run as told on the command line: seed after seed, each with its own report."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seed", type=int, default=1, help="the first one")
    _ = parser.add_argument("--events", type=int, default=50_000, help="stop after so many events")
    _ = parser.add_argument("--each", type=int, default=10_000, help="the next seed after so many")
    _ = parser.add_argument("--stride", type=int, default=20, help="compare after every so many")
    told = parser.parse_args(arguments)
    counts, seed, started = Counter[str](), told.seed, time.process_time()
    while counts["events"] < told.events:
        print(f"seed {seed}", flush=True)  # noqa: T201 (its report)
        counts += campaign(seed, events=min(told.each, told.events), stride=told.stride)
        seconds = time.process_time() - started
        print(f"no disagreement: {dict(counts)} in {seconds:.0f} s of processor time", flush=True)  # noqa: T201 (its report)
        seed += 1


if __name__ == "__main__":
    main(sys.argv[1:])
