"""Strategies as people get them wrong, each with the law that it breaks in its docstring."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, cycle, islice
from operator import attrgetter
from threading import Lock
from typing import Any, ClassVar, NoReturn, TypeAlias

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    LastStable,
    Pinned,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
)

#: Asks something of a registry.
Condition: TypeAlias = Callable[[VersionRegistry], bool]


def accepted(versions: Iterable[Version]) -> Iterator[Candidate]:
    """Accept these versions, in this order."""
    return map(Candidate.accept, versions)


def usable(registry: VersionRegistry) -> list[Version]:
    """Return the versions of the lineage that are stable or unproven, nearest first."""
    return [version for version in registry.lineage() if not version.status.is_bad]


def rotated(versions: list[Version], by: int) -> Iterator[Candidate]:
    """Accept all of them, beginning with another one for another number."""
    start = by % len(versions) if versions else 0
    return accepted([*versions[start:], *versions[:start]])


# yields_candidates


@attrs.frozen
class Yields(RollbackStrategy):
    """Yields whatever it is told to, and then the lineage."""

    junk: Any

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        yield self.junk
        yield from accepted(registry.lineage())


@attrs.frozen
class YieldsLabels(RollbackStrategy):
    """Yields labels."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        return (version.label for version in registry.lineage())


@attrs.frozen
class YieldsVersions(RollbackStrategy):
    """Yields versions."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return registry.lineage()


@attrs.frozen
class YieldsPlans(RollbackStrategy):
    """Yields what another strategy decides, once there is something."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        if usable(registry):
            yield Pinned(usable(registry)[0].label).plan(registry)


@attrs.frozen
class JunkAtTheEnd(RollbackStrategy):
    """Yields right candidates, and `None` after them, where no plan ever looks."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Any]:
        yield from accepted(registry.lineage())
        yield None


@attrs.frozen
class Returns(RollbackStrategy):
    """Answers with this, whatever it is asked."""

    answer: Any

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return self.answer


@attrs.frozen
class ReturnsOne(RollbackStrategy):
    """Forgets that candidates are several."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        return next(accepted(registry.lineage()), ())


@attrs.frozen
class ForgetsToReturn(RollbackStrategy):
    """Makes candidates, and answers nothing."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Any:
        _ = [*accepted(registry.lineage())]


@attrs.frozen
class EndlessRejections(RollbackStrategy):
    """Rejects the current version for ever."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        while True:
            yield Candidate.reject(registry.current_version)


@attrs.frozen
class EndlessAcceptance(RollbackStrategy):
    """Accepts the lineage over and over: plans end, reviews do not."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return cycle([*accepted(registry.lineage())])


@attrs.frozen
class AcceptsLate(RollbackStrategy):
    """Finds the right version after a million rejections of the current one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for _ in range(10**6):
            yield Candidate.reject(registry.current_version)
        yield from accepted(registry.lineage())


@attrs.frozen
class EndlessOnLongLineages(RollbackStrategy):
    """Goes round in circles where there are three versions to go back to."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*accepted(registry.lineage())]
        return cycle(known) if len(known) > 2 else iter(known)


@attrs.frozen
class EndlessAmongMany(RollbackStrategy):
    """Goes round in circles where there are more versions than anybody registers in a test."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*accepted(registry.lineage())]
        return cycle(known) if len(registry) > 6 else iter(known)


# never_raises


@attrs.frozen
class RaisesWhere(RollbackStrategy):
    """Goes back along the lineage, but raises where the condition holds."""

    condition: Condition

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if self.condition(registry):
            raise LookupError("nobody thought of this")
        return accepted(registry.lineage())


class UnspeakableError(Exception):
    """Cannot even say what is wrong."""

    @override
    def __str__(self) -> str:
        raise RuntimeError("not that either")


@attrs.frozen
class Raises(RollbackStrategy):
    """Raises this, whatever it is asked."""

    error: Exception

    @override
    def candidates(self, registry: VersionRegistry, /) -> NoReturn:
        raise self.error


def has_clock(registry: VersionRegistry) -> bool:
    """Whether a time was told."""
    return registry.clock is not None


@attrs.frozen
class NearestOnly(RollbackStrategy):
    """Takes the first of the lineage, as if there always were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        nearest, *_ = registry.lineage()
        yield Candidate.accept(nearest)


@attrs.frozen
class SecondToLast(RollbackStrategy):
    """Takes the deployment before the last one, as if there always were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(registry[registry.deployments[-2].version])


@attrs.frozen
class HighestSemver(RollbackStrategy):
    """Compares versions, as if every label were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.values()]
        return accepted(sorted(known, key=attrgetter("semver"), reverse=True))


@attrs.frozen
class ReadsMajors(RollbackStrategy):
    """Reads the major version out of every label."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: int(version.label.split(".")[0])))


@attrs.frozen
class BestAuc(RollbackStrategy):
    """Looks for a number that nobody promised to tell."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: str(version.metadata["auc"])))


@attrs.frozen
class LatestRegistered(RollbackStrategy):
    """Compares times, as if they were always told."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=attrgetter("registered_at"), reverse=True))


@attrs.frozen
class LatestOrEarliest(RollbackStrategy):
    """Compares times with a time without a zone, which fails where some are told and some not."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        never = datetime.min  # noqa: DTZ901  # this is the mistake
        return accepted(sorted(known, key=lambda version: version.deployed_at or never))


@attrs.frozen
class FirstWordOfTheReason(RollbackStrategy):
    """Reads reasons, as if there always were one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: version.reason.split()[0]))


@attrs.frozen
class AsksAnother(RollbackStrategy):
    """Asks another strategy for a plan, which may not exist."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(registry[LastStable().plan(registry).target])


@attrs.frozen
class CountsDeploymentsByLabel(RollbackStrategy):
    """Keeps a table by SemVer, in which versions of equal precedence collide."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        table = {version.semver: version for version in registry.values()}
        if len(table) < len(registry):
            raise ValueError("two versions are one")
        return accepted(registry.lineage())


@attrs.frozen
class Recursive(RollbackStrategy):
    """Asks itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield from self.candidates(registry)


@attrs.frozen
class KnowsThreeEvents(RollbackStrategy):
    """Reads the events, and knows not all kinds of them."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        handlers = {"registered": 0, "deployed": 1, "marked_stable": 2, "marked_failed": 3}
        _ = [handlers[event.event] for event in registry.events]
        return accepted(registry.lineage())


# deterministic


@attrs.frozen
class Random(RollbackStrategy):
    """Takes any version of the lineage."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(random.sample(known, len(known)))


@attrs.frozen
class RandomRest(RollbackStrategy):
    """Chooses the nearest version; what comes after it is in any order, which reviews show."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        nearest, *rest = usable(registry) or [registry.current_version]
        return accepted([nearest, *random.sample(rest, len(rest))])


@attrs.frozen
class RandomReason(RollbackStrategy):
    """Goes back along the lineage, with a reason that is another one every time."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            yield Candidate.accept(version, f"ticket {random.random()}")  # noqa: S311


@attrs.frozen
class ByIdOfTheRegistry(RollbackStrategy):
    """Depends on where in memory the registry is."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), id(registry) >> 4)


@attrs.frozen
class ByIdOfVersions(RollbackStrategy):
    """Depends on where in memory the versions are."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(sorted(usable(registry), key=id))


@attrs.frozen
class ByIdOfLabels(RollbackStrategy):
    """Depends on where in memory the labels are."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(sorted(usable(registry), key=lambda version: id(version.label)))


@attrs.frozen
class ByCallCount(RollbackStrategy):
    """Counts how often it was asked, and begins elsewhere every time."""

    calls: Iterator[int] = attrs.field(factory=count, eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), next(self.calls))


@attrs.frozen
class EveryHundredth(RollbackStrategy):
    """Goes further back every hundredth time."""

    calls: Iterator[int] = attrs.field(factory=count, eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), next(self.calls) % 100 == 0)


@attrs.frozen
class CountsOfAll(RollbackStrategy):
    """Counts how often any of its kind was asked."""

    calls: ClassVar[list[int]] = []

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.calls.append(1)
        return rotated(usable(registry), len(self.calls))


@attrs.frozen
class NeverTwice(RollbackStrategy):
    """Does not propose the same version twice in a row."""

    last: list[str] = attrs.field(factory=list[str], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        last = self.last[-1:]
        for version in registry.lineage():
            if version.label not in last and not version.status.is_bad:
                self.last.append(version.label)
                yield Candidate.accept(version)
                return


@attrs.frozen
class Sticky(RollbackStrategy):
    """Stays with what it chose first, wherever that is registered."""

    chosen: list[str] = attrs.field(factory=list[str], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.chosen.extend(version.label for version in usable(registry))
        return accepted(registry[label] for label in self.chosen[:1] if label in registry)


@attrs.frozen
class CachesByCurrent(RollbackStrategy):
    """Remembers its answer for each current version, whatever else is another one."""

    answers: dict[str | None, list[Version]] = attrs.field(
        factory=dict[str | None, list[Version]], eq=False, repr=False
    )

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if usable(registry):
            found = self.answers.setdefault(registry.current, usable(registry))
            yield from accepted(version for version in found if version.label in registry)


@attrs.frozen
class CachesByRevision(RollbackStrategy):
    """Remembers its answer for each revision, as if there were one registry only."""

    answers: dict[int, list[Version]] = attrs.field(
        factory=dict[int, list[Version]], eq=False, repr=False
    )

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        found = self.answers.setdefault(registry.revision, usable(registry))
        return accepted(version for version in found if version.label in registry)


@attrs.frozen
class RejectsOnce(RollbackStrategy):
    """Rejects the first version of the first registry, and then keeps silent about all."""

    asked: list[str] = attrs.field(factory=list[str], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if not self.asked:
            self.asked.append(registry.current_version.label)
            yield Candidate.reject(registry.current_version, "for once")


@attrs.frozen
class OneIterator(RollbackStrategy):
    """Keeps an iterator that can be read once."""

    answers: dict[VersionRegistry, Iterator[Candidate]] = attrs.field(
        factory=dict[VersionRegistry, Iterator[Candidate]], eq=False, repr=False
    )

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return self.answers.setdefault(registry, accepted(registry.lineage()))


@attrs.frozen
class ComparesWithTheLast(RollbackStrategy):
    """Goes on further back where the registry before had the same current version."""

    last: list[str | None] = attrs.field(factory=list[str | None], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        again = self.last[-1:] == [registry.current]
        self.last.append(registry.current)
        return rotated(usable(registry), again)


@attrs.frozen
class ByTheClockOnTheWall(RollbackStrategy):
    """Asks the clock of the machine, by the microsecond."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), datetime.now(UTC).microsecond)


# known


@attrs.frozen
class Unregistered(RollbackStrategy):
    """Accepts a version that nobody registered, and the lineage after it."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept("v0", "the golden one")
        yield from accepted(registry.lineage())


@attrs.frozen
class OnlyUnregistered(RollbackStrategy):
    """Accepts a version that nobody registered, and nothing else."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept("v0", "the golden one")


@attrs.frozen
class PinnedUnchecked(RollbackStrategy):
    """Accepts one version, whether it is registered or not."""

    version: str

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(self.version, "pinned")


@attrs.frozen
class OneBefore(RollbackStrategy):
    """Counts down the last number of the current label."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        if current is not None:
            label = f"{current.major}.{current.minor}.{max(0, current.patch - 1)}"
            yield Candidate.accept(label, "the one before")


@attrs.frozen
class StripsTheV(RollbackStrategy):
    """Takes `v1.0` and `1.0` for one version."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            yield Candidate.accept(version.label.lstrip("v"), "stripped")


# order_of_news


def _told(registry: VersionRegistry, kind: str) -> list[Version]:
    """Return the versions of the events of that kind, the latest first, each one that is usable."""
    labels = [event.version for event in reversed(registry.events) if event.event == kind]
    known = [registry[label] for label in dict.fromkeys(labels)]
    return [version for version in known if not version.status.is_bad]


@attrs.frozen
class LatestMarkedStable(RollbackStrategy):
    """Goes back to what was marked stable last."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(_told(registry, "marked_stable"))


@attrs.frozen
class FirstMarkedStable(RollbackStrategy):
    """Goes back to what was marked stable first."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(reversed(_told(registry, "marked_stable")))


@attrs.frozen
class LatestVerdictServed(RollbackStrategy):
    """Of the lineage, goes back to the version of the latest event."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        places = {event.version: place for place, event in enumerate(registry.events)}
        known = sorted(usable(registry), key=lambda version: -places[version.label])
        return accepted(known)


@attrs.frozen
class BeforeTheLatestFailure(RollbackStrategy):
    """Goes back to what was registered before the version that failed last."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        failed = [event.version for event in registry.events if event.event == "marked_failed"]
        if failed:
            labels = [*registry]
            yield from accepted(registry[label] for label in labels[: labels.index(failed[-1])])


@attrs.frozen
class StableWhenItWasLeft(RollbackStrategy):
    """Goes back to what was stable already when the next version was deployed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        good: set[str] = set()
        for place, event in enumerate(registry.events):
            then = registry.at_revision(place)
            left = then.current_version if then.current else None
            if left and event.event == "deployed" and left.status is Status.STABLE:
                good.add(left.label)
        return accepted(version for version in registry.lineage() if version.label in good)


@attrs.frozen
class StepsBackInEvents(RollbackStrategy):
    """Goes back to what was current when the latest verdict came."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for place in range(registry.revision, 0, -1):
            if registry.events[place - 1].event == "marked_stable":
                then = registry.at_revision(place).current
                if then is not None:
                    yield Candidate.accept(registry[then])


# drop_unchosen


@attrs.frozen
class ByNumberOfVersions(RollbackStrategy):
    """Picks by the number of registered versions."""

    n: int

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), len(registry) % self.n)


@attrs.frozen
class ByNumberOfEvents(RollbackStrategy):
    """Picks by the number of events."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), len(registry.events))


@attrs.frozen
class ByRevision(RollbackStrategy):
    """Picks by the revision, modulo three."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), registry.revision % 3)


@attrs.frozen
class ByHash(RollbackStrategy):
    """Picks by the hash of the registry."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), hash(registry))


@attrs.frozen
class Middle(RollbackStrategy):
    """Goes back to the version in the middle of all registered ones."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.values()]
        return accepted(known[len(known) // 2 :])


@attrs.frozen
class CarefulAmongMany(RollbackStrategy):
    """Goes back to the first version once there are more than three."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(reversed(known) if len(registry) > 3 else known)


@attrs.frozen
class JustBelow(RollbackStrategy):
    """Goes back to the version right below the current one, and to no other."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in islice(registry.below(registry.current_version.label), 1):
            if version.status is Status.STABLE:
                yield Candidate.accept(version)


@attrs.frozen
class WaitsForACanary(RollbackStrategy):
    """Goes back only while a version waits that was never deployed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if any(not version.times_deployed for version in registry.values()):
            yield from accepted(registry.lineage())


@attrs.frozen
class NewestRegisteredMinusOne(RollbackStrategy):
    """Goes back to the version registered before the newest one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted([*registry.values()][-2:-1])


# worse_evidence


def _bad(registry: VersionRegistry) -> list[Version]:
    """Return the bad versions, the current one left out."""
    known = [version for version in registry.values() if version.label != registry.current]
    return [version for version in known if version.status.is_bad]


@attrs.frozen
class OneFurtherForEachFailure(RollbackStrategy):
    """Goes one step further back for each version that failed, whichever it was."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(usable(registry)[len(_bad(registry)) :])


@attrs.frozen
class CarefulAfterFailures(RollbackStrategy):
    """Goes back to the first version once so many others are bad."""

    failures: int

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(reversed(known) if len(_bad(registry)) >= self.failures else known)


@attrs.frozen
class TurnsForwardAfterFailure(RollbackStrategy):
    """Takes the stable ones of the lineage, but the unproven nearest one once another failed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if version.status is Status.STABLE or (_bad(registry) and not version.status.is_bad):
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version)


@attrs.frozen
class AcceptsAfterAnyFailure(RollbackStrategy):
    """Accepts nothing, until something else has failed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            if _bad(registry):
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version, "no reason to go back")


@attrs.frozen
class FearsRetirement(RollbackStrategy):
    """Goes back to the first version once any other was retired."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        retired = any(version.status is Status.RETIRED for version in _bad(registry))
        return accepted(reversed(known) if retired else known)


@attrs.frozen
class MajorityOfGood(RollbackStrategy):
    """Goes back to the version in the middle of the good ones."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = usable(registry)
        return accepted(known[len(known) // 2 :][:1])


@attrs.frozen
class SecondGoodUnsaid(RollbackStrategy):
    """Passes over the nearest good version, and does not say so."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(usable(registry)[1:2])


@attrs.frozen
class NextToAFailure(RollbackStrategy):
    """Goes back to what was registered right after a version that failed, if there is one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        labels = [*registry]
        near = {labels.index(version.label) + 1 for version in _bad(registry)}
        known = usable(registry)
        return accepted(sorted(known, key=lambda version: labels.index(version.label) not in near))


@attrs.frozen
class FailureOfAnyKindInTheLineage(RollbackStrategy):
    """Trusts the lineage as long as nothing in it has failed, and the newest version otherwise."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        if any(version.status.is_bad for version in registry.lineage()):
            return accepted(reversed([*registry.values()]))
        return accepted(registry.lineage())


# survives_copy


@attrs.frozen
class ByIdOfItself(RollbackStrategy):
    """Depends on where in memory it is itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), id(self) >> 4)


@attrs.frozen
class HoldsALambda(RollbackStrategy):
    """Is made with a function that cannot be pickled."""

    key: Callable[[Version], Any] = attrs.field(repr=lambda _: "…")

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(sorted(usable(registry), key=self.key))


@attrs.frozen
class HoldsALock(RollbackStrategy):
    """Holds what cannot be copied."""

    lock: Any = attrs.field(factory=Lock, eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        with self.lock:
            return accepted(registry.lineage())


@attrs.frozen
class LosesItsSteps(RollbackStrategy):
    """Is pickled without its parameter."""

    steps: int = 1

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for place, version in enumerate(usable(registry), 1):
            if place < self.steps:
                yield Candidate.reject(version, "passed over")
            else:
                yield Candidate.accept(version)

    @override
    def __reduce__(self) -> Any:
        return LosesItsSteps, ()


@attrs.frozen
class LosesItsStepsUnseen(RollbackStrategy):
    """Is pickled without its parameter, which its equality ignores."""

    steps: int = attrs.field(default=1, eq=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)

    @override
    def __reduce__(self) -> Any:
        return LosesItsStepsUnseen, ()


@attrs.frozen
class BecomesAnother(RollbackStrategy):
    """Is another strategy once it is unpickled."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __reduce__(self) -> Any:
        return LastStable, ()


@attrs.frozen
class BecomesNothing(RollbackStrategy):
    """Is no strategy any more once it is unpickled."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __reduce__(self) -> Any:
        return dict, ()


@attrs.frozen
class FailsToUnpickle(RollbackStrategy):
    """Is pickled, and raises when it is unpickled."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __reduce__(self) -> Any:
        return Pinned, ()


@attrs.define
class Unhashable(RollbackStrategy):
    """Can be changed, and so has no hash."""

    steps: int = 1

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen
class HoldsAList(RollbackStrategy):
    """Is made with a list, and so has no hash."""

    labels: list[str]

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen(eq=False)
class EqualToItself(RollbackStrategy):
    """Equals nothing but itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen(eq=False)
class NeverEqual(RollbackStrategy):
    """Equals nothing, not even itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        return False

    @override
    def __hash__(self) -> int:
        return 1


@attrs.frozen(eq=False)
class HashById(RollbackStrategy):
    """Equals its copies, which have another hash."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, HashById)

    @override
    def __hash__(self) -> int:
        return id(self)


@attrs.frozen(eq=False)
class RaisesWhenCompared(RollbackStrategy):
    """Cannot be compared."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> NoReturn:
        raise ValueError("the truth of an array is ambiguous")

    @override
    def __hash__(self) -> int:
        return 1


@attrs.frozen
class ChangesWhenAsked(RollbackStrategy):
    """Notes what it was asked about in a field by which it is compared."""

    seen: list[int] = attrs.field(factory=list[int], repr=False, hash=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.seen.append(registry.revision)
        return accepted(registry.lineage())


@attrs.frozen
class CannotBeCopiedOnceAsked(RollbackStrategy):
    """Keeps something that cannot be copied as soon as it was asked."""

    kept: list[object] = attrs.field(factory=list[object], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.kept[:] = [accepted(registry.lineage()), Lock()]
        return accepted(registry.lineage())


@attrs.frozen
class SharesItsState(RollbackStrategy):
    """Has a list in common with its copies, and forgets it when it is pickled."""

    turns: list[int] = attrs.field(factory=list[int], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.turns.append(1)
        return rotated(usable(registry), len(self.turns))

    def __deepcopy__(self, memo: object) -> "SharesItsState":
        return self


def made_in_a_function() -> RollbackStrategy:
    """Return a strategy of a class that only this function knows."""

    @attrs.frozen
    class Local(RollbackStrategy):
        @override
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            return accepted(registry.lineage())

    return Local()


def ruled_by_a_lambda() -> RollbackStrategy:
    """Return a strategy with a rule that cannot be pickled."""
    return LastStable().where(lambda version, registry: None)  # noqa: ARG005


# readable


class Plain(RollbackStrategy):
    """Shows itself as Python shows any object, and equals only itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen(repr=False)
class ShowsItsAddress(RollbackStrategy):
    """Is a value, and shows itself as Python shows any object."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen
class HidesItsSteps(RollbackStrategy):
    """Leaves its parameter out of its `repr`."""

    steps: int = attrs.field(repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)


@attrs.frozen(repr=False)
class AlwaysShowsTheSame(RollbackStrategy):
    """Shows itself by a constant that has the digit of its parameter in it by chance."""

    steps: int

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)

    @override
    def __repr__(self) -> str:
        return "Strategy2()"


class PlainHidden:
    """What the plain classes below have in common: they are values, and show a constant."""

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        return "Hidden()"


class HidesAnAttribute(PlainHidden, RollbackStrategy):
    """A class without attrs, whose constant `repr` hides its parameter."""

    __slots__ = ("_steps",)

    def __init__(self, steps: int) -> None:
        self._steps = steps

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self._steps).candidates(registry)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, HidesAnAttribute) and self._steps == other._steps

    @override
    def __hash__(self) -> int:
        return hash(self._steps)


class HidesARenamedAttribute(PlainHidden, RollbackStrategy):
    """Likewise, but its attribute has another name than what it is made from."""

    def __init__(self, steps: int) -> None:
        self.further = steps

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.further).candidates(registry)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, HidesARenamedAttribute) and self.further == other.further

    @override
    def __hash__(self) -> int:
        return hash(self.further)


@dataclass(frozen=True)
class HidesAField(RollbackStrategy):
    """A frozen data class that leaves its parameter out of its `repr`."""

    steps: int = field(repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)


@attrs.frozen(repr=False)
class ShowsItsNumber(RollbackStrategy):
    """Shows a number that its copies do not have."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        return f"ShowsItsNumber({id(self)})"


@attrs.frozen(repr=False)
class ShowsSomethingElse(RollbackStrategy):
    """Shows itself otherwise every time."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        return f"ShowsSomethingElse({random.random()})"  # noqa: S311


@attrs.frozen(repr=False)
class ShowsNothing(RollbackStrategy):
    """Shows itself as nothing at all."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        return " "


@attrs.frozen(repr=False)
class RaisesWhenShown(RollbackStrategy):
    """Cannot be shown."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        raise RuntimeError("not now")


@attrs.frozen(eq=False)
class EqualToAll(RollbackStrategy):
    """Equals whatever it is compared with."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        return True

    @override
    def __hash__(self) -> int:
        return 1


@attrs.frozen
class ShowsItsMemory(RollbackStrategy):
    """Shows what it was asked about, which its equality ignores."""

    seen: list[int] = attrs.field(factory=list[int], eq=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.seen[:] = [registry.revision]
        return accepted(registry.lineage())


# finds_a_target


@attrs.frozen
class AcceptsNothing(RollbackStrategy):
    """Rejects every version."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return map(Candidate.reject, registry.values())


@attrs.frozen
class Silent(RollbackStrategy):
    """Says nothing."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return iter(())


@attrs.frozen
class AcceptsTheCurrent(RollbackStrategy):
    """Accepts what serves already."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        yield Candidate.accept(registry.current_version)


@attrs.frozen
class AcceptsTheFailed(RollbackStrategy):
    """Accepts what failed."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(version for version in registry.values() if version.status.is_bad)


# What keeps all laws, and does not mean what its author means: see `check_choice`.


def _best(versions: Iterable[Version], key: Callable[[Version], Any]) -> Iterator[Candidate]:
    """Accept the stable ones, the best first; of equal ones the one that comes first."""
    stable = [version for version in versions if version.status is Status.STABLE]
    return accepted(sorted(stable, key=key, reverse=True))


def _releases(registry: VersionRegistry) -> list[Version]:
    """Return the registered releases."""
    known = [version for version in registry.values() if version.semver is not None]
    return [version for version in known if version.semver and not version.semver.prerelease]


@attrs.frozen
class BelowAsText(RollbackStrategy):
    """Compares versions as texts, so that 1.10 comes before 1.9."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version
        if current.semver is not None:
            known = [one for one in _releases(registry) if one.label < current.label]
            yield from _best(known, lambda version: version.label)


@attrs.frozen
class BelowWithPrereleases(RollbackStrategy):
    """Does not tell a pre-release from a release."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.below(registry.current_version.label):
            if version.status is Status.STABLE:
                yield Candidate.accept(version)
            else:
                yield Candidate.reject(version)


@attrs.frozen
class BelowWithoutMinors(RollbackStrategy):
    """Stays within the minor version."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        if current is not None:
            known = [one for one in _releases(registry) if one.semver and one.semver < current]
            same = [one for one in known if one.semver and one.semver.minor == current.minor]
            yield from _best(same, lambda version: version.semver)


@attrs.frozen
class BelowOrEqual(RollbackStrategy):
    """Takes a version of equal precedence for a lower one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        if current is not None:
            known = [one for one in _releases(registry) if one.semver and one.semver <= current]
            yield from _best(known, lambda version: version.semver)


@attrs.frozen
class LatestRegisteredBelow(RollbackStrategy):
    """Takes the version registered last for the highest one."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version.semver
        places = {label: place for place, label in enumerate(registry)}
        if current is not None:
            known = [one for one in _releases(registry) if one.semver and one.semver < current]
            yield from _best(known, lambda version: places[version.label])


@attrs.frozen
class DeployedBefore(RollbackStrategy):
    """Goes back through the deployments, which is the lineage until the first rollback."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        labels = dict.fromkeys(one.version for one in reversed(registry.deployments))
        return accepted(registry[label] for label in labels if label != registry.current)
