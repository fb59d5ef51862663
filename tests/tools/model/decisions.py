"""Section 3 again: what every strategy has: plan, review, recover, rules and alternatives."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.tools.model.advice import ways_out
from tests.tools.model.facts import Event, Version
from tests.tools.model.plans import Candidate, RollbackPlan
from tests.tools.model.refusals import Refused, malformed
from tests.tools.model.registry import VersionRegistry
from tests.tools.model.rules import Rule, Safe, source


class NoTarget(Refused):
    """No candidate is left; what was considered, in order, and what could help."""

    def __init__(
        self,
        considered: tuple[Candidate, ...],
        ways_out: Mapping[str, Collection[str]],
        **facts: object,
    ) -> None:
        super().__init__("NoRollbackTarget", **facts)
        self.considered = considered
        self.ways_out = ways_out


@dataclass(frozen=True)
class Review:
    """Every version except the current one, and what a plan would choose."""

    candidates: tuple[Candidate, ...]
    source: str
    target: str | None
    strategy: str

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self.candidates)


class RollbackStrategy:
    """One method to write; the rest follows from it."""

    def candidates(self, registry: VersionRegistry) -> Iterable[Candidate]:
        """Candidates in the strategy's order, best first."""
        raise NotImplementedError

    def plan(self, registry: VersionRegistry, *, leaving: str | None = None) -> RollbackPlan:
        """The first accepted candidate that is safe, if a rollback is needed or asked for."""
        current = left_by(registry, leaving)
        registry = registry.serving_again()
        considered: list[Candidate] = []
        for candidate in vetted(said(self, registry), (Safe(),), registry):
            considered.append(candidate)
            if candidate.accepted:
                return RollbackPlan(
                    source=current,
                    target=candidate.version,
                    reason=candidate.reason,
                    strategy=repr(self),
                    revision=registry.revision,
                    fingerprint=registry.fingerprint,
                    considered=tuple(considered),
                )
        raise NoTarget(
            (*considered, *unmentioned(considered, registry)),
            ways_out({candidate.version for candidate in considered}, registry),
            source=current,
            strategy=repr(self),
            revision=registry.revision,
        )

    def review(self, registry: VersionRegistry) -> Review:
        """Every version except the current one, exactly once."""
        current = deployed_here(registry)
        registry = registry.serving_again()
        mentioned = [
            candidate
            for candidate in vetted(said(self, registry), (Safe(),), registry)
            if candidate.version in registry.facts.versions and candidate.version != current
        ]
        counting = [candidate for candidate in mentioned if counts(candidate, mentioned)]
        accepted = [candidate.version for candidate in counting if candidate.accepted]
        return Review(
            candidates=(*counting, *unmentioned(counting, registry)),
            source=current,
            target=accepted[0] if accepted else None,
            strategy=repr(self),
        )

    def recover(
        self, registry: VersionRegistry, *, at: datetime | None = None, by: str = ""
    ) -> VersionRegistry:
        """Plan at that time and roll back where it is needed, otherwise the very same registry."""
        if wrong := malformed(Event("rolled_back", "any", at=at, by=by)):
            raise wrong
        if not registry.needs_rollback:
            return registry
        plan = self.plan(registry if at is None else registry.with_clock(at))
        return registry.roll_back(plan, at=at, by=by)

    def where(self, *rules: Rule) -> "Where":
        """The same strategy under more rules."""
        return Where(self, rules)

    def __or__(self, other: "RollbackStrategy") -> "FirstOf":
        return FirstOf(self, other)


# What is refused before the strategy is asked


def deployed_here(registry: VersionRegistry) -> str:
    """What serves, or served last."""
    if registry.facts.last is None:
        raise Refused("NothingDeployed")
    return registry.facts.last


def left_by(registry: VersionRegistry, leaving: str | None) -> str:
    """The version to be left: only what needs it, or what was asked for."""
    last = deployed_here(registry)
    if leaving is None and not registry.needs_rollback:
        version = registry.facts.versions[last]
        raise Refused(
            "RollbackNotNeeded",
            version=last,
            status=version.status,
            reason=version.reason,
            serves=registry.current is not None,
        )
    if leaving not in (None, last):
        raise Refused("NotCurrent", version=leaving)
    return last


# Candidates


def said(strategy: RollbackStrategy, registry: VersionRegistry) -> Iterator[Candidate]:
    """What a strategy says, with its name where another one did not say it before."""
    name = repr(strategy)
    for candidate in strategy.candidates(registry):
        yield candidate if candidate.by else candidate.said_by(name)


def vetted(
    candidates: Iterable[Candidate], rules: Iterable[Rule], registry: VersionRegistry
) -> Iterator[Candidate]:
    """Section 4: an accepted candidate that a rule rejects becomes a rejected one, by that rule.

    Only a registered version can be shown to a rule; another one is never safe.
    """
    for candidate in candidates:
        version = registry.facts.versions.get(candidate.version)
        vetoes = [
            rule
            for rule in rules
            if candidate.accepted
            and (isinstance(rule, Safe) if version is None else rule.rejects(version, registry))
        ]
        if vetoes:
            rejected = Candidate.reject(candidate.version, vetoes[0].words)
            yield rejected.said_by(repr(vetoes[0]))
        else:
            yield candidate


def unmentioned(mentioned: Iterable[Candidate], registry: VersionRegistry) -> Iterator[Candidate]:
    """What the strategy never mentioned, in registration order."""
    labels = {candidate.version for candidate in mentioned} | {registry.current}
    return (Candidate.reject(label) for label in registry.facts.versions if label not in labels)


def counts(candidate: Candidate, mentioned: list[Candidate]) -> bool:
    """Whether this is the mention that counts: the first acceptance, else the first one."""
    same = [item for item in mentioned if item.version == candidate.version]
    accepted = [item for item in same if item.accepted]
    return candidate is (accepted or same)[0]


def judged(version: Version, *, unproven: bool = False) -> Candidate:
    """A candidate whose status alone decides; it says its status in words."""
    accepted = version.status == "stable" or (unproven and version.status == "unproven")
    return Candidate(version.label, accepted, version.status_text)


# Compositions


class FirstOf(RollbackStrategy):
    """One after the other; accepts what they accept. "Or else" is flat."""

    def __init__(self, *strategies: RollbackStrategy) -> None:
        self.strategies = tuple(part for whole in strategies for part in alternatives(whole))

    def __repr__(self) -> str:
        return " | ".join(map(repr, self.strategies))

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """All that the first one says, then the next one."""
        for strategy in self.strategies:
            yield from said(strategy, registry)


def alternatives(strategy: RollbackStrategy) -> tuple[RollbackStrategy, ...]:
    """The strategies of a `FirstOf`, or the one strategy."""
    return strategy.strategies if isinstance(strategy, FirstOf) else (strategy,)


@dataclass(frozen=True, repr=False)
class Where(RollbackStrategy):
    """A strategy under rules (section 4)."""

    strategy: RollbackStrategy
    rules: tuple[Rule, ...]

    def __repr__(self) -> str:
        whole = repr(self.strategy)
        whole = f"({whole})" if isinstance(self.strategy, FirstOf) else whole
        return f"{whole}.{source('where', *self.rules)}"

    def where(self, *rules: Rule) -> "Where":
        """Rules upon rules are one list; the contract leaves this open."""
        return Where(self.strategy, (*self.rules, *rules))

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """What the strategy says, after the rules."""
        return vetted(said(self.strategy, registry), self.rules, registry)
