"""Strategies that depend on the order in which verdicts came in."""

from collections.abc import Iterator

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted, usable


def _judged(registry: VersionRegistry, kind: str) -> list[Version]:
    """Return the usable versions of the events of that kind, the latest first."""
    labels = [event.version for event in reversed(registry.events) if event.kind == kind]
    known = [registry[label] for label in dict.fromkeys(labels)]
    return [version for version in known if not version.status.is_bad]


@attrs.frozen
class LatestMarkedStable(RollbackStrategy):
    """Goes back to what was marked stable last."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(_judged(registry, "marked_stable"))


@attrs.frozen
class FirstMarkedStable(RollbackStrategy):
    """Goes back to what was marked stable first."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(reversed(_judged(registry, "marked_stable")))


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
        failed = [event.version for event in registry.events if event.kind == "marked_failed"]
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
            if left and event.kind == "deployed" and left.status is Status.STABLE:
                good.add(left.label)
        return accepted(version for version in registry.lineage() if version.label in good)


@attrs.frozen
class StepsBackInEvents(RollbackStrategy):
    """Goes back to what was current when the latest verdict came."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for place in range(registry.revision, 0, -1):
            if registry.events[place - 1].kind == "marked_stable":
                then = registry.at_revision(place).current
                if then is not None:
                    yield Candidate.accept(registry[then])
