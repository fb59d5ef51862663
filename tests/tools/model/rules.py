"""Section 4 again: the rules, each a frozen value with the one question that it asks.

What is not known is rejected.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from tests.tools.model.durations import duration, text
from tests.tools.model.facts import Deployment, MetadataValue, Version, is_same
from tests.tools.model.registry import VersionRegistry
from tests.tools.model.semver import precedence, read
from tests.tools.model.times import bounds


def source(name: str, *arguments: object, **options: object) -> str:
    """Section 3: the code that makes a strategy or a rule."""
    given = [repr(argument) for argument in arguments]
    given += [f"{key}={value!r}" for key, value in options.items()]
    return f"{name}({', '.join(given)})"


class Rule:
    """A rule answers whether it rejects."""

    #: The words of its reason, where the contract does not leave them open.
    words: str | None = None

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether this version must not be the target."""
        raise NotImplementedError


@dataclass(frozen=True, repr=False)
class Safe(Rule):
    """Section 3: the safety check."""

    def __repr__(self) -> str:
        return source("Safe")

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether it is unknown, current, forbidden, or has contents that failed."""
        known = registry.facts.versions.get(version.label)
        if known is None or known.label == registry.current or not known.is_good:
            return True
        return bool(registry.facts.failed_as(version.label))


@dataclass(frozen=True, repr=False)
class Stable(Rule):
    """What is not stable."""

    def __repr__(self) -> str:
        return source("Stable")

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:  # noqa: ARG002
        """Whether its status is another one."""
        return version.status != "stable"


@dataclass(frozen=True, repr=False)
class Served(Rule):
    """What never served here."""

    def __repr__(self) -> str:
        return source("Served")

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether it has no deployment."""
        return registry.facts.last_deployment(version.label) < 0


class Except(Rule):
    """These versions."""

    def __init__(self, *versions: str) -> None:
        self.versions = versions

    def __repr__(self) -> str:
        return source("Except", *self.versions)

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:  # noqa: ARG002
        """Whether it is one of them."""
        return version.label in self.versions


@dataclass(frozen=True, repr=False)
class AtLeast(Rule):
    """Below this SemVer floor, or a label that SemVer cannot read."""

    version: str

    def __repr__(self) -> str:
        return source("AtLeast", self.version)

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:  # noqa: ARG002
        """Whether it is lower than the floor, or cannot be compared with it."""
        floor = read(self.version)
        assert floor is not None, "the floor is a SemVer version"
        return version.semver is None or precedence(version.semver) < precedence(floor)


@dataclass(frozen=True, repr=False)
class SameMajor(Rule):
    """Across the current version's major."""

    def __repr__(self) -> str:
        return source("SameMajor")

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether the two majors are not known to be the same."""
        return not is_same_line(version, registry, 1)


@dataclass(frozen=True, repr=False)
class SameMinor(Rule):
    """Across the current version's minor."""

    def __repr__(self) -> str:
        return source("SameMinor")

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether major and minor are not known to be the same."""
        return not is_same_line(version, registry, 2)


def current_version(registry: VersionRegistry) -> Version | None:
    """What rules compare with."""
    current = registry.current
    return None if current is None else registry.facts.versions[current]


def is_same_line(version: Version, registry: VersionRegistry, parts: int) -> bool:
    """Whether the first numbers of both are known, and the same."""
    current = current_version(registry)
    lines = [
        (found.semver.major, found.semver.minor)[:parts]
        for found in (version, current)
        if found is not None and found.semver is not None
    ]
    return len(lines) == 2 and lines[0] == lines[1]


class SameMetadata(Rule):
    """Where any of the keys differs from the current version's; unknown fails closed."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def __repr__(self) -> str:
        return source("SameMetadata", *self.keys)

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether any key is not known to be the same; `None` is unknown."""
        current = current_version(registry)
        if current is None:
            return True
        values = [(version.metadata.get(key), current.metadata.get(key)) for key in self.keys]
        return any(mine is None or not is_same(mine, theirs) for mine, theirs in values)


@dataclass(frozen=True, repr=False)
class HasMetadata(Rule):
    """Where it differs or is missing."""

    key: str
    value: MetadataValue

    def __repr__(self) -> str:
        return source("HasMetadata", self.key, self.value)

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:  # noqa: ARG002
        """Whether the value under the key is not this one."""
        found = version.metadata
        return self.key not in found or not is_same(found[self.key], self.value)


class ServedWithin(Rule):
    """Last served longer ago than that before the clock, or not known when."""

    def __init__(self, length: str | timedelta) -> None:
        self.length = duration(length)

    def __repr__(self) -> str:
        return source("ServedWithin", text(self.length))

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether its last deployment neither goes on nor is known to have ended lately."""
        last = registry.facts.last_deployment(version.label)
        if last < 0:
            return True
        ended = registry.facts.deployments[last].ended
        if ended is None or registry.clock is None:
            return ended is not None
        served_until = bounds(registry.events, ended).no_earlier_than
        return served_until is None or registry.clock - served_until > self.length


class ServedAtLeast(Rule):
    """Served shorter than this in total, or not known how long."""

    def __init__(self, length: str | timedelta) -> None:
        self.length = duration(length)

    def __repr__(self) -> str:
        return source("ServedAtLeast", text(self.length))

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether what is known of its service is too short."""
        served = registry.served_for(version.label)
        return registry.clock is None or served is None or served < self.length


@dataclass(frozen=True, repr=False)
class AtMostSteps(Rule):
    """What is not among the first of the lineage."""

    n: int

    def __repr__(self) -> str:
        return source("AtMostSteps", self.n)

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether it is not one of the nearest."""
        return version.label not in [v.label for v in islice(registry.facts.lineage(), self.n)]


@dataclass(frozen=True, repr=False)
class NotAcross(Rule):
    """What is not known to work after the latest barrier.

    A barrier is a version with a truthy value under the key that was ever deployed here, left since
    or not. It stands at its first deployment.
    """

    key: str

    def __repr__(self) -> str:
        return source("NotAcross", self.key)

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:
        """Whether it last served before that, or never."""
        firsts = [
            min(registry.facts.deployments_of(barrier.label))
            for barrier in registry.facts.versions.values()
            if barrier.metadata.get(self.key) and barrier.times_deployed
        ]
        return registry.facts.last_deployment(version.label) < max(firsts, default=-1)


class Budget(Rule):
    """Everything, once that many rollbacks happened."""

    def __init__(self, rollbacks: int, *, within: str | timedelta | None = None) -> None:
        self.rollbacks = rollbacks
        self.within = None if within is None else duration(within)

    def __repr__(self) -> str:
        options = {} if self.within is None else {"within": text(self.within)}
        return source("Budget", self.rollbacks, **options)

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:  # noqa: ARG002
        """Whether the budget is spent; with `within`, nobody can tell without a clock."""
        if self.within is None:
            return len(rollbacks_in_a_row(registry)) >= self.rollbacks
        if registry.clock is None:
            return True
        recent = [
            found
            for found in registry.facts.deployments
            if found.is_rollback and not self.is_long_ago(found, registry)
        ]
        return len(recent) >= self.rollbacks

    def is_long_ago(self, rollback: Deployment, registry: VersionRegistry) -> bool:
        """Whether it is known to have happened longer ago than `within` before the clock."""
        assert registry.clock is not None, "the clock is known"
        assert self.within is not None, "only recent rollbacks count"
        happened_by = bounds(registry.events, rollback.began).no_later_than
        return happened_by is not None and registry.clock - happened_by > self.within


def rollbacks_in_a_row(registry: VersionRegistry) -> list[Deployment]:
    """The rollbacks since something new was put in service.

    That is a `deploy` of another version than served last, or an observation of a version that had
    never served.
    """
    row: list[Deployment] = []
    last, served = None, set[str]()
    for found in registry.facts.deployments:
        deployed = found.kind == "deployed" and found.version != last
        if deployed or (found.kind == "observed" and found.version not in served):
            row = []
        if found.is_rollback:
            row.append(found)
        last = found.version
        served.add(last)
    return row
