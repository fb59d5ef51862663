"""Section 3 again: the strategies, the plan, the review and the safety check."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tests.model.facts import Facts, Version
from tests.model.registry import (
    Candidate,
    NoTarget,
    Refused,
    RollbackPlan,
    VersionRegistry,
    latest,
)
from tests.model.rules import Rule, Safe, source


class RollbackStrategy:
    """One method to write; the rest follows from it."""

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """Candidates in the strategy's order, best first."""
        raise NotImplementedError

    def plan(self, registry: VersionRegistry, *, leaving: str | None = None) -> RollbackPlan:
        """The first accepted candidate that is safe."""
        facts = asked(registry, leaving)
        considered: list[Candidate] = []
        for candidate in vetted(self.candidates(facts), (Safe(),), facts):
            considered.append(candidate)
            if candidate.accepted:
                return decided(facts, repr(self), considered)
        raise NoTarget((*considered, *unmentioned(considered, facts)))

    def review(self, registry: VersionRegistry) -> tuple[Candidate, ...]:
        """Every version except the current one, exactly once."""
        facts = asked(registry, None)
        mentioned = list(vetted(self.candidates(facts), (Safe(),), facts))
        known = [item for item in mentioned if item.version in facts.versions]
        others = [item for item in known if item.version != facts.current]
        return (*(item for item in others if counts(item, others)), *unmentioned(others, facts))

    def recover(self, registry: VersionRegistry, *, at: datetime | None = None) -> VersionRegistry:
        """Plan and roll back at that time where it is needed, otherwise the very same registry."""
        if not registry.facts().needs_rollback:
            return registry
        told = registry if at is None else registry.with_clock(at)
        then = replace(registry, clock=latest((registry.clock, told.clock)))
        return registry.roll_back(self.plan(then), at=at)

    def where(self, *rules: Rule) -> "Where":
        """The same strategy under more rules."""
        return Where(self, rules)

    def __or__(self, other: "RollbackStrategy") -> "FirstOf":
        return FirstOf(*alternatives(self), *alternatives(other))


def asked(registry: VersionRegistry, leaving: str | None) -> Facts:
    """Section 3: what is refused before the strategy is asked."""
    facts = registry.facts()
    if facts.current is None:
        raise Refused("NothingDeployed")
    if leaving is not None and leaving != facts.current:
        raise Refused("NotCurrent")
    return facts


def vetted(
    candidates: Iterable[Candidate], rules: Iterable[Rule], facts: Facts
) -> Iterator[Candidate]:
    """Sections 3 and 4: accepted candidates that a rule rejects become rejected ones.

    Only a registered version can be shown to a rule; another one is never safe.
    """
    for candidate in candidates:
        version = facts.versions.get(candidate.version)
        if not candidate.accepted:
            yield candidate
        elif version is None:
            is_safety = any(isinstance(rule, Safe) for rule in rules)
            yield Candidate.reject(candidate.version) if is_safety else candidate
        else:
            vetoed = any(rule.rejects(version, facts) for rule in rules)
            yield Candidate.reject(candidate.version) if vetoed else candidate


def decided(facts: Facts, strategy: str, considered: list[Candidate]) -> RollbackPlan:
    """Section 7: the plan, whose target is the last that was considered."""
    assert facts.current is not None, "something is deployed"
    target = considered[-1].version
    revision = facts.revision
    return RollbackPlan(facts.current, target, None, strategy, revision, tuple(considered))


def unmentioned(mentioned: Iterable[Candidate], facts: Facts) -> Iterator[Candidate]:
    """Section 3: what the strategy never mentioned, in registration order."""
    labels = {candidate.version for candidate in mentioned} | {facts.current}
    return (Candidate.reject(label) for label in facts.versions if label not in labels)


def counts(candidate: Candidate, mentioned: list[Candidate]) -> bool:
    """Section 3: of several mentions the first acceptance counts, else the first one."""
    same = [item for item in mentioned if item.version == candidate.version]
    accepted = [item for item in same if item.accepted]
    return candidate is (accepted or same)[0]


def judged(version: Version, statuses: tuple[str, ...]) -> Candidate:
    """A candidate whose status alone decides; it says its status in words."""
    return Candidate(version.label, version.status in statuses, version.words)


def passed_over(candidates: Iterable[Candidate], steps: int, facts: Facts) -> Iterator[Candidate]:
    """Section 3, `steps`: the nearest that are accepted and safe are passed over."""
    left = steps - 1
    for candidate in candidates:
        version = facts.versions[candidate.version]
        if left and candidate.accepted and not Safe().rejects(version, facts):
            left -= 1
            yield Candidate.reject(candidate.version)
        else:
            yield candidate


@dataclass(frozen=True, repr=False)
class LastStable(RollbackStrategy):
    """Lineage, nearest first; accepts stable versions."""

    steps: int = 1

    def __repr__(self) -> str:
        return source("LastStable", **({} if self.steps == 1 else {"steps": self.steps}))

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """The lineage, judged by status."""
        found = (judged(version, ("stable",)) for version in facts.lineage())
        return passed_over(found, self.steps, facts)


@dataclass(frozen=True, repr=False)
class Previous(RollbackStrategy):
    """Lineage, nearest first; accepts stable and unproven versions."""

    steps: int = 1

    def __repr__(self) -> str:
        return source("Previous", **({} if self.steps == 1 else {"steps": self.steps}))

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """The lineage, judged by status."""
        found = (judged(version, ("stable", "unproven")) for version in facts.lineage())
        return passed_over(found, self.steps, facts)


@dataclass(frozen=True, repr=False)
class Pinned(RollbackStrategy):
    """That one version, whether stable or unproven, in the lineage or not."""

    version: str

    def __repr__(self) -> str:
        return source("Pinned", self.version)

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """The one version, known or not."""
        version = facts.versions.get(self.version)
        if version is None:
            yield Candidate.reject(self.version)
        else:
            yield judged(version, ("stable", "unproven"))


@dataclass(frozen=True, repr=False)
class PreviousBySemver(RollbackStrategy):
    """SemVer precedence, strictly below the current version; accepts stable releases."""

    prereleases: bool = False
    unproven: bool = False

    def __repr__(self) -> str:
        options = {"prereleases": self.prereleases, "unproven": self.unproven}
        return source("PreviousBySemver", **{key: True for key, on in options.items() if on})

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """What is below the current version; where it is no version, only its own rejection."""
        assert facts.current is not None, "something is deployed"
        if facts.versions[facts.current].semver is None:
            yield Candidate.reject(facts.current)
        for version in facts.below(facts.current):
            yield self.judge(version)

    def judge(self, version: Version) -> Candidate:
        """Whether the options admit this version; which of two reasons is told is left open."""
        statuses = ("stable", "unproven") if self.unproven else ("stable",)
        candidate = judged(version, statuses)
        admitted = self.prereleases or version.semver is None or not version.semver.prerelease
        return candidate if admitted else Candidate.reject(version.label)


@dataclass(frozen=True, repr=False)
class BestBy(RollbackStrategy):
    """The number under a key in the metadata, best first; accepts stable versions that have one."""

    key: str
    lowest: bool = False

    def __repr__(self) -> str:
        return source("BestBy", self.key, **({"lowest": True} if self.lowest else {}))

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """The versions that have a number, best first, then the others; ties by the latest news.

        The contract does not say that the others are named and the current version is not, nor does
        it word the reasons.
        """
        known = [version for version in facts.versions.values() if version.label != facts.current]
        known.sort(key=facts.recency, reverse=True)
        numbers = {version.label: number_under(self.key, version) for version in known}
        ranked = [
            (-number if self.lowest else number, version)
            for version in known
            if (number := numbers[version.label]) is not None
        ]
        ranked.sort(key=lambda item: item[0], reverse=True)
        for _, version in ranked:
            yield Candidate(version.label, version.status == "stable")
        for version in known:
            if numbers[version.label] is None:
                yield Candidate.reject(version.label)


def number_under(key: str, version: Version) -> float | None:
    """Section 3: a finite number; `bool` is none."""
    value = version.metadata.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


class FirstOf(RollbackStrategy):
    """One after the other; accepts what they accept."""

    def __init__(self, *strategies: RollbackStrategy) -> None:
        self.strategies = tuple(part for whole in strategies for part in alternatives(whole))

    def __repr__(self) -> str:
        return source("FirstOf", *self.strategies)

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """All that the first one says, then the next one."""
        for strategy in self.strategies:
            yield from strategy.candidates(facts)


def alternatives(strategy: RollbackStrategy) -> tuple[RollbackStrategy, ...]:
    """Section 3: "or else" is flat."""
    return strategy.strategies if isinstance(strategy, FirstOf) else (strategy,)


@dataclass(frozen=True, repr=False)
class Where(RollbackStrategy):
    """A strategy under rules (section 4)."""

    strategy: RollbackStrategy
    rules: tuple[Rule, ...]

    def __repr__(self) -> str:
        return f"{self.strategy!r}.{source('where', *self.rules)}"

    def where(self, *rules: Rule) -> "Where":
        """Rules upon rules are one list; the contract leaves this open."""
        return Where(self.strategy, (*self.rules, *rules))

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """What the strategy says, after the rules."""
        return vetted(self.strategy.candidates(facts), self.rules, facts)


@dataclass(frozen=True, repr=False)
class WholeLineage(RollbackStrategy):
    """Section 3: "`yield`ing the whole lineage is a fine strategy"; one that a user could write."""

    def __repr__(self) -> str:
        return source("WholeLineage")

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """Everything in the lineage, accepted."""
        return (Candidate.accept(version.label, version.words) for version in facts.lineage())


@dataclass(frozen=True, repr=False)
class Careless(RollbackStrategy):
    """One that a user could write badly: it names what is unknown, and everything else twice."""

    def __repr__(self) -> str:
        return source("Careless")

    def candidates(self, facts: Facts) -> Iterator[Candidate]:
        """A ghost, a rejection of every second version, then all of them accepted, newest first."""
        yield Candidate.accept("ghost", "seen in a dream")
        for label in list(facts.versions)[::2]:
            yield Candidate.reject(label, "on second thoughts")
        for label in reversed(list(facts.versions)):
            yield Candidate.accept(label, "why not")
