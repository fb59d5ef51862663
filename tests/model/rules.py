"""Section 4 again: the rules, each a frozen value with the one question that it asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from tests.model.facts import FORBIDDEN, Deployment, Facts, MetadataValue, Version, is_same
from tests.model.semver import precedence, read


def source(name: str, *arguments: object, **options: object) -> str:
    """Section 3: the code that makes a strategy or a rule."""
    given = [repr(argument) for argument in arguments]
    given += [f"{key}={value!r}" for key, value in options.items()]
    return f"{name}({', '.join(given)})"


class Rule:
    """A rule answers whether it rejects; the words of its reason are its own affair."""

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether this version must not be the target."""
        raise NotImplementedError


@dataclass(frozen=True, repr=False)
class Safe(Rule):
    """Section 3: the safety check."""

    def __repr__(self) -> str:
        return source("Safe")

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Not the current version, not a forbidden one, and no content of one of these."""
        known = facts.versions.get(version.label)
        if known is None or known.label == facts.current or known.status in FORBIDDEN:
            return True
        poisoned = {
            other.digest
            for other in facts.versions.values()
            if other.label == facts.current or other.status in FORBIDDEN
        }
        return known.digest is not None and known.digest in poisoned


@dataclass(frozen=True, repr=False)
class Stable(Rule):
    """What is not stable."""

    def __repr__(self) -> str:
        return source("Stable")

    def rejects(self, version: Version, facts: Facts) -> bool:  # noqa: ARG002
        """Whether its status is another one."""
        return version.status != "stable"


class Except(Rule):
    """These versions."""

    def __init__(self, *versions: str) -> None:
        self.versions = versions

    def __repr__(self) -> str:
        return source("Except", *self.versions)

    def rejects(self, version: Version, facts: Facts) -> bool:  # noqa: ARG002
        """Whether it is one of them."""
        return version.label in self.versions


@dataclass(frozen=True, repr=False)
class AtLeast(Rule):
    """Below this SemVer floor, or no version at all."""

    version: str

    def __repr__(self) -> str:
        return source("AtLeast", self.version)

    def rejects(self, version: Version, facts: Facts) -> bool:  # noqa: ARG002
        """Whether it is lower than the floor, or cannot be compared with it."""
        floor = read(self.version)
        assert floor is not None, "the floor is a version"
        return version.semver is None or precedence(version.semver) < precedence(floor)


@dataclass(frozen=True, repr=False)
class SameMajor(Rule):
    """Across the current version's major."""

    def __repr__(self) -> str:
        return source("SameMajor")

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether the two majors are not known to be the same."""
        return line(version, 1) is None or line(version, 1) != current_line(facts, 1)


@dataclass(frozen=True, repr=False)
class SameMinor(Rule):
    """Across the current version's minor."""

    def __repr__(self) -> str:
        return source("SameMinor")

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether major and minor are not known to be the same."""
        return line(version, 2) is None or line(version, 2) != current_line(facts, 2)


def line(version: Version, parts: int) -> tuple[str, ...] | None:
    """The first numbers of a version, or `None` where its label is no version."""
    semver = version.semver
    return None if semver is None else (semver.major, semver.minor)[:parts]


def current_line(facts: Facts, parts: int) -> tuple[str, ...] | None:
    """The first numbers of the current version, if there is one that has them."""
    return None if facts.current is None else line(facts.versions[facts.current], parts)


class SameMetadata(Rule):
    """Where any of the keys differs from the current version's; unknown fails closed."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def __repr__(self) -> str:
        return source("SameMetadata", *self.keys)

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether any key is not known to be the same."""
        if facts.current is None:
            return True
        mine, theirs = version.metadata, facts.versions[facts.current].metadata
        return any(
            key not in mine or key not in theirs or not is_same(mine[key], theirs[key])
            for key in self.keys
        )


@dataclass(frozen=True, repr=False)
class HasMetadata(Rule):
    """Where it differs or is missing."""

    key: str
    value: MetadataValue

    def __repr__(self) -> str:
        return source("HasMetadata", self.key, self.value)

    def rejects(self, version: Version, facts: Facts) -> bool:  # noqa: ARG002
        """Whether the value under the key is not this one."""
        found = version.metadata
        return self.key not in found or not is_same(found[self.key], self.value)


@dataclass(frozen=True, repr=False)
class ServedWithin(Rule):
    """Last served longer than this before the clock; what is not known fails closed."""

    delta: timedelta

    def __repr__(self) -> str:
        return source("ServedWithin", self.delta)

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether its last deployment is not known to have ended lately, if it ended."""
        place = facts.last_deployment(version.label)
        if place < 0 or facts.clock is None:
            return True
        if place == len(facts.deployments) - 1:
            return False
        ended_at = facts.deployments[place].ended_at
        return ended_at is None or facts.clock - ended_at > self.delta


@dataclass(frozen=True, repr=False)
class ServedAtLeast(Rule):
    """Served shorter than this in total."""

    delta: timedelta

    def __repr__(self) -> str:
        return source("ServedAtLeast", self.delta)

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether the sum of the spans that are known is too short."""
        if facts.clock is None:
            return True
        return sum(lengths(version, facts), timedelta(0)) < self.delta


def lengths(version: Version, facts: Facts) -> Iterator[timedelta]:
    """How long each span was; the open one ends at the clock, unknown and negative ones are 0."""
    for place, deployment in enumerate(facts.deployments):
        if deployment.version == version.label:
            is_open = place == len(facts.deployments) - 1
            ended_at = facts.clock if is_open else deployment.ended_at
            if deployment.at is not None and ended_at is not None:
                yield max(ended_at - deployment.at, timedelta(0))


@dataclass(frozen=True, repr=False)
class WithinLast(Rule):
    """What is not among the first of the lineage."""

    n: int

    def __repr__(self) -> str:
        return source("WithinLast", self.n)

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether it is not one of the nearest."""
        return version.label not in [near.label for near in islice(facts.lineage(), self.n)]


@dataclass(frozen=True, repr=False)
class NotPast(Rule):
    """A version whose last deployment is older than the nearest barrier."""

    key: str

    def __repr__(self) -> str:
        return source("NotPast", self.key)

    def rejects(self, version: Version, facts: Facts) -> bool:
        """Whether there is a barrier, and the version served only before it."""
        barriers = [place for place in facts.path if self.is_barrier(facts, place)]
        last = facts.last_deployment(version.label)
        return bool(barriers) and 0 <= last < barriers[-1]

    def is_barrier(self, facts: Facts, place: int) -> bool:
        """Whether the version of this deployment has a true value under the key."""
        return bool(facts.versions[facts.deployments[place].version].metadata.get(self.key))


@dataclass(frozen=True, repr=False)
class Budget(Rule):
    """Everything, once that many rollbacks happened."""

    rollbacks: int
    within: timedelta | None = None

    def __repr__(self) -> str:
        options = {} if self.within is None else {"within": self.within}
        return source("Budget", self.rollbacks, **options)

    def rejects(self, version: Version, facts: Facts) -> bool:  # noqa: ARG002
        """Whether the budget is spent; without a clock, nobody can tell."""
        if self.within is None:
            return len(rollbacks_in_a_row(facts)) >= self.rollbacks
        if facts.clock is None:
            return True
        recent = [
            deployment
            for deployment in facts.deployments
            if is_rollback(deployment)
            and (deployment.at is None or facts.clock - deployment.at <= self.within)
        ]
        return len(recent) >= self.rollbacks


def is_rollback(deployment: Deployment) -> bool:
    """Rollbacks of either kind, and the observations that rewind."""
    return deployment.kind == "rolled_back" or deployment.rewound


def rollbacks_in_a_row(facts: Facts) -> list[Deployment]:
    """The rollbacks since the last `deploy`."""
    kinds = [deployment.kind for deployment in facts.deployments]
    since = max((n + 1 for n, kind in enumerate(kinds) if kind == "deployed"), default=0)
    return [deployment for deployment in facts.deployments[since:] if is_rollback(deployment)]
