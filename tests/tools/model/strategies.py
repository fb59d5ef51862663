"""Section 3 again: the strategies, and some of the kind that users write."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tests.tools.model.decisions import RollbackStrategy, judged
from tests.tools.model.facts import Version
from tests.tools.model.plans import Candidate
from tests.tools.model.refusals import Refused
from tests.tools.model.registry import VersionRegistry
from tests.tools.model.rules import Rule, Safe, source
from tests.tools.model.semver import DIGITS


def options(**given: bool) -> dict[str, bool]:
    """The options that are set."""
    return {key: value for key, value in given.items() if value}


# Along the lineage


@dataclass(frozen=True, repr=False)
class AlongLineage(RollbackStrategy):
    """Lineage, nearest first; the nearest acceptable and safe ones may be passed over."""

    steps: int = 1
    unproven = False

    def __repr__(self) -> str:
        return source(type(self).__name__, **({} if self.steps == 1 else {"steps": self.steps}))

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """The lineage, judged by status."""
        left = self.steps - 1
        for version in registry.facts.lineage():
            candidate = judged(version, unproven=self.unproven)
            if left and candidate.accepted and not Safe().rejects(version, registry):
                left -= 1
                yield Candidate.reject(version.label)
            else:
                yield candidate


class LastStable(AlongLineage):
    """Accepts stable versions."""


class Previous(AlongLineage):
    """Accepts stable and unproven versions."""

    unproven = True


@dataclass(frozen=True, repr=False)
class Pinned(RollbackStrategy):
    """That one version, whether stable or unproven, in the lineage or not."""

    version: str

    def __repr__(self) -> str:
        return source("Pinned", self.version)

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """The one version, known or not."""
        version = registry.facts.versions.get(self.version)
        yield Candidate.reject(self.version) if version is None else judged(version, unproven=True)


class AsOf(RollbackStrategy):
    """The one version that served at that time, whether stable or unproven."""

    def __init__(self, when: str | datetime) -> None:
        told = datetime.fromisoformat(when) if isinstance(when, str) else when
        self.when = told.astimezone(UTC)

    def __repr__(self) -> str:
        return source("AsOf", self.when.isoformat())

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """It, or a rejection of the current version; the reason names the time as well."""
        current = registry.current
        assert current is not None, "something is deployed"
        try:
            served = registry.current_at(self.when)
        except Refused:
            served = None
        if served is None or served == current:
            yield Candidate.reject(current)
        else:
            candidate = judged(registry.facts.versions[served], unproven=True)
            yield replace(candidate, reason=None)


# Along an order of versions


@dataclass(frozen=True, repr=False)
class PreviousBySemver(RollbackStrategy):
    """SemVer precedence, strictly below the current version; accepts stable releases."""

    prereleases: bool = False
    unproven: bool = False

    def __repr__(self) -> str:
        given = options(prereleases=self.prereleases, unproven=self.unproven)
        return source("PreviousBySemver", **given)

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """What is below the current version; its own rejection where SemVer cannot read it."""
        current = registry.current
        assert current is not None, "something is deployed"
        if registry.facts.versions[current].semver is None:
            yield Candidate.reject(current)
        for version in registry.facts.below(current):
            yield self.judge(version)

    def judge(self, version: Version) -> Candidate:
        """Whether the options admit this version; which of two reasons is told is left open."""
        is_release = version.semver is not None and not version.semver.prerelease
        if self.prereleases or is_release:
            return judged(version, unproven=self.unproven)
        return Candidate.reject(version.label)


def numbers(version: Version) -> tuple[int, ...] | None:
    """`lastgood.keys.numbers`: all groups of digits."""
    spaced = "".join(character if character in DIGITS else " " for character in version.label)
    return tuple(map(int, spaced.split())) or None


class PreviousBy(RollbackStrategy):
    """A key of one's own, strictly below the current version; accepts stable versions."""

    def __init__(self, key: Callable[[Version], Any], *, unproven: bool = False) -> None:
        self.key = key
        self.unproven = unproven

    def __repr__(self) -> str:
        given = "".join(f", {key}=True" for key in options(unproven=self.unproven))
        return f"PreviousBy({self.key.__name__}{given})"

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """What is below the current version; its own rejection where it has no place."""
        current = registry.current
        assert current is not None, "something is deployed"
        here = self.key(registry.facts.versions[current])
        if here is None:
            yield Candidate.reject(current)
            return
        keyed = [(self.key(version), version) for version in registry.facts.versions.values()]
        lower = [(key, version) for key, version in keyed if key is not None and key < here]
        lower.sort(key=lambda item: (item[0], registry.facts.recency(item[1])), reverse=True)
        for _, version in lower:
            yield judged(version, unproven=self.unproven)


# Along the metadata


@dataclass(frozen=True, repr=False)
class BestBy(RollbackStrategy):
    """The number under a key in the metadata as known now, best first; accepts stable versions."""

    key: str
    lowest: bool = False

    def __repr__(self) -> str:
        return source("BestBy", self.key, **options(lowest=self.lowest))

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """The versions that have a number, best first, then the others; ties by recency.

        The contract does not say that the others are named and the current version is not, nor does
        it word the reasons.
        """
        facts = registry.facts
        known = [version for version in facts.versions.values() if version.label != facts.current]
        known.sort(key=facts.recency, reverse=True)
        ranked = [
            (-number if self.lowest else number, version)
            for version in known
            if (number := number_under(self.key, version)) is not None
        ]
        ranked.sort(key=lambda item: item[0], reverse=True)
        for _, version in ranked:
            yield Candidate(version.label, version.status == "stable")
        for version in known:
            if number_under(self.key, version) is None:
                yield Candidate.reject(version.label)


def number_under(key: str, version: Version) -> float | None:
    """A finite number under the key; a `bool` does not count."""
    value = version.metadata.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


# Of the kind that users write; their counterparts for the library stand in `worlds`


@dataclass(frozen=True, repr=False)
class WholeLineage(RollbackStrategy):
    """Section 3: "`yield`ing the whole lineage is a fine strategy"."""

    def __repr__(self) -> str:
        return source("WholeLineage")

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """Everything in the lineage, accepted."""
        for version in registry.facts.lineage():
            yield Candidate.accept(version.label, version.status_text)


@dataclass(frozen=True, repr=False)
class RegisteredBefore(RollbackStrategy):
    """Asks for the current version, which stands in even where nothing serves."""

    def __repr__(self) -> str:
        return source("RegisteredBefore")

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """What was registered before the current version, newest first."""
        assert registry.current is not None, "something is deployed"
        labels = list(registry.facts.versions)
        for label in reversed(labels[: labels.index(registry.current)]):
            yield Candidate.accept(label, registry.facts.versions[label].status_text)


@dataclass(frozen=True, repr=False)
class Careless(RollbackStrategy):
    """One that a user could write badly: it names what is unknown, and everything else twice."""

    def __repr__(self) -> str:
        return source("Careless")

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """A ghost, a rejection of every second version, then all of them accepted, newest first."""
        yield Candidate.accept("ghost", "seen in a dream")
        for label in list(registry.facts.versions)[::2]:
            yield Candidate.reject(label, "on second thoughts")
        for label in reversed(list(registry.facts.versions)):
            yield Candidate.accept(label, "why not")


#: Words that sound like a status.
MISLEADING = "failed over to CPU, retired and rolled back"


@dataclass(frozen=True, repr=False)
class Overheard(RollbackStrategy):
    """Rejects everything in words that sound like a status."""

    def __repr__(self) -> str:
        return source("Overheard")

    def candidates(self, registry: VersionRegistry) -> Iterator[Candidate]:
        """The lineage, rejected."""
        for version in registry.facts.lineage():
            yield Candidate.reject(version.label, MISLEADING)


class FailedOver(Rule):
    """A function as a rule, in such words; it rejects what is unproven."""

    words = MISLEADING

    def __repr__(self) -> str:
        return "failed_over"

    def rejects(self, version: Version, registry: VersionRegistry) -> bool:  # noqa: ARG002
        """Whether nobody marked it stable."""
        return version.status == "unproven"


failed_over = FailedOver()
