"""Other histories to compare one with: the same facts recorded differently, or a few more facts."""

import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import chain, cycle, pairwise
from typing import Final, cast

import attrs

from lastgood._basics.errors import LastgoodError
from lastgood._basics.kinds import KINDS, EventKind
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event
from lastgood.testing._contents import Contents

# The same history, made in another way


def _replayed(registry: VersionRegistry) -> VersionRegistry:
    """Return an equal registry that shares nothing with this one, not even its labels."""
    return VersionRegistry.replay(
        attrs.evolve(event, version=event.version[:1] + event.version[1:])
        if event.kind == "registered"
        else event
        for event in registry.events[:]
    )


def _extended(registry: VersionRegistry) -> VersionRegistry:
    half = registry.revision // 2
    return VersionRegistry.replay(registry.events[:half]).extend(registry.events[half:])


def _read(registry: VersionRegistry) -> VersionRegistry:
    return VersionRegistry.from_dict(cast("object", json.loads(json.dumps(registry.to_dict()))))


def _unpickled(registry: VersionRegistry) -> VersionRegistry:
    return cast("VersionRegistry", pickle.loads(pickle.dumps(registry)))  # noqa: S301  # our bytes


def _looked_back(registry: VersionRegistry) -> VersionRegistry:
    """Return it as a later registry remembers it."""
    later = _replayed(registry).register("registered later")
    return later.at_revision(registry.revision)


#: The ways to make an equal registry, by what they are called in a message.
_REMAKING: Final[Sequence[tuple[str, Callable[[VersionRegistry], VersionRegistry]]]] = (
    ("replayed", _replayed),
    ("read from JSON", _read),
    ("replayed in two parts", _extended),
    ("as a later registry remembers it", _looked_back),
    ("unpickled", _unpickled),
)


def remade(registry: VersionRegistry, turn: int) -> tuple[str, VersionRegistry]:
    """Return how an equal registry was made, and that registry; the ways take turns."""
    made, make = _REMAKING[turn % len(_REMAKING)]
    other = make(registry)
    return made, other if registry.clock is None else other.with_clock(registry.clock)


#: After this time the calendar is the same again, to the day of the week.
_FOUR_HUNDRED_YEARS: Final = timedelta(days=146_097)


def later(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry in which the same happened four hundred years later."""
    built = VersionRegistry.replay(
        event if event.at is None else attrs.evolve(event, at=event.at + _FOUR_HUNDRED_YEARS)
        for event in registry.events[:]
    )
    clock = registry.clock
    return built if clock is None else built.with_clock(clock + _FOUR_HUNDRED_YEARS)


# The same facts, recorded in another order, or again

_VERDICTS: Final = frozenset({"marked_stable", "marked_failed", "retired", "reinstated"})


def retold(registry: VersionRegistry) -> Iterator[VersionRegistry]:
    """Yield the same facts with the last verdicts on each version moved to the end, in two orders.

    The recorded times stay as they are: a report may come late.
    """
    facts, verdicts = _parted(registry)
    for order in dict.fromkeys((tuple(verdicts), tuple(reversed(verdicts)))):
        events = (*facts, *chain.from_iterable(verdicts[label] for label in order))
        if events == registry.events[:]:
            continue
        with suppress(LastgoodError):  # An event may need a verdict that comes later now.
            others = [VersionRegistry.replay(events)]
            yield from (each for each in others if [*each.values()] == [*registry.values()])


def _parted(registry: VersionRegistry) -> tuple[list[Event], dict[str, list[Event]]]:
    """Return the events without the last verdicts on each version, and those verdicts."""
    facts: list[Event] = []
    verdicts: dict[str, list[Event]] = {}
    happened: set[str | None] = set()
    for event in reversed(registry.events[:]):
        if KINDS[event.kind].is_verdict and event.version not in happened:
            verdicts.setdefault(event.version, []).insert(0, event)
        else:
            facts.insert(0, event)
            happened |= {event.version, event.source}
    return facts, verdicts


def repetitions(registry: VersionRegistry) -> list[Event]:
    """Return events that are no news: what they say is so already."""
    left = registry.deployments[-1].version
    if registry.current is None:
        serving = [Event("undeployed", left)]
    elif registry[left].status.is_bad:
        serving = [Event("observed", left)]
    else:
        serving = [Event("observed", left), Event("deployed", left)]
    registered = [
        event if event.at is None else attrs.evolve(event, at=None)
        for event in registry.events[:]
        if event.kind == "registered"
    ]
    return [*_known_verdicts(registry), *serving, *registered]


#: The kind of the verdict that says of a version what its status says already.
_SAYS_SO: Final[Mapping[Status, EventKind]] = {
    Status.UNPROVEN: "reinstated",
    Status.STABLE: "marked_stable",
    Status.FAILED: "marked_failed",
    Status.RETIRED: "retired",
}


def _known_verdicts(registry: VersionRegistry) -> Iterator[Event]:
    """Yield verdicts that change nothing; each one on a held version would lift or end the hold."""
    for version in registry.values():
        if version.status in _SAYS_SO:
            yield Event(_SAYS_SO[version.status], version.label)


def extended(registry: VersionRegistry, events: Iterable[Event]) -> VersionRegistry:
    """Return the registry with those of the events that are not refused."""
    try:
        return registry.extend(events)
    except LastgoodError:  # Good news about failed contents, for one.
        for event in events:
            with suppress(LastgoodError):
                registry = registry.extend([event])
    return registry


def once(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry without events that equal the one before; itself without such events."""
    events = registry.events[:]
    others = [event for before, event in pairwise(events) if event != before]
    if len(others) + 1 >= len(events):
        return registry
    return VersionRegistry.replay([events[0], *others])


# More facts

#: A key of metadata that no strategy looks for.
_STRANGE_KEY: Final = "lastgood.testing"


def annotated(registry: VersionRegistry, label: str) -> VersionRegistry:
    """Return the registry with a fact about the version that no strategy looks for."""
    return registry.annotate(label, {_STRANGE_KEY: "a fact learned later"})


#: Labels of versions that nobody registered, below and above all others.
_SPARE: Final = ("0.0.1", "999.0.0")


def newcomers(
    registry: VersionRegistry,
    chosen: str | None,
    labels: Sequence[str],
    contents: Sequence[Contents],
) -> list[tuple[str, Contents]]:
    """Return versions that could be registered next, with their contents.

    They are the next of the labels that are not registered, then others below and above all of
    them, and just above the chosen one; a single one if none was chosen.
    """
    unused = [label for label in labels if label not in registry]
    strangers = [*unused[:2], *_SPARE, *_just_above(registry, chosen)]
    different = [label for label in dict.fromkeys(strangers) if label not in registry]
    return list(zip(different if chosen is not None else different[:1], cycle(contents)))


#: How many versions are very many: more than anybody writes down in a test.
_MANY: Final = 30


def crowd(registry: VersionRegistry, contents: Sequence[Contents]) -> list[tuple[str, Contents]]:
    """Return very many versions that could be registered next, below all others."""
    labels = [f"0.0.{number}" for number in range(1, _MANY + 1)]
    return list(zip((one for one in labels if one not in registry), cycle(contents)))


def registered(registry: VersionRegistry, newcomer: tuple[str, Contents]) -> VersionRegistry:
    """Return the registry with one more version."""
    label, (metadata, digest) = newcomer
    return registry.register(label, metadata=metadata, digest=digest)


def _just_above(registry: VersionRegistry, label: str | None) -> Iterator[str]:
    """Yield the label of the version that SemVer puts right above this one."""
    version = registry.get(label)
    if version is not None and version.semver is not None:
        yield f"{version.semver.major}.{version.semver.minor}.{version.semver.patch + 1}"
