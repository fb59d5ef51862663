"""Other registries to compare one with: the same facts told otherwise, and a few more facts."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import chain, cycle
from typing import Final

import attrs

from lastgood._errors import LastgoodError
from lastgood._event import Event
from lastgood._registry import VersionRegistry
from lastgood.testing._registries import Contents


def anew(registry: VersionRegistry) -> VersionRegistry:
    """Return an equal registry that shares nothing with this one, not even its labels."""
    built = VersionRegistry.replay(
        attrs.evolve(event, version=event.version[:1] + event.version[1:])
        if event.event == "registered"
        else event
        for event in registry.events
    )
    return built if registry.clock is None else built.with_clock(registry.clock)


#: After so many days the calendar is the same again, to the day of the week.
_FOUR_HUNDRED_YEARS: Final = timedelta(days=146_097)


def later(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry in which the same happened four hundred years later."""
    built = VersionRegistry.replay(
        event if event.at is None else attrs.evolve(event, at=event.at + _FOUR_HUNDRED_YEARS)
        for event in registry.events
    )
    clock = registry.clock
    return built if clock is None else built.with_clock(clock + _FOUR_HUNDRED_YEARS)


_VERDICTS: Final = frozenset({"marked_stable", "marked_failed", "retired", "reinstated"})


def retold(registry: VersionRegistry) -> Iterator[VersionRegistry]:
    """Yield the same facts with the last verdicts on each version moved to the end, in two orders.

    The times that were told stay as they are: a report may come late.
    """
    facts, verdicts = _parted(registry)
    for order in dict.fromkeys((tuple(verdicts), tuple(reversed(verdicts)))):
        events = (*facts, *chain.from_iterable(verdicts[label] for label in order))
        other = None
        with suppress(LastgoodError):  # An event may need a verdict that comes later now.
            other = VersionRegistry.replay(events)
        same_facts = other is not None and tuple(other.values()) == tuple(registry.values())
        if other is not None and same_facts and events != tuple(registry.events):
            yield other


def _parted(registry: VersionRegistry) -> tuple[list[Event], dict[str, list[Event]]]:
    """Return the events without the last verdicts on each version, and those verdicts."""
    facts: list[Event] = []
    verdicts: dict[str, list[Event]] = {}
    happened: set[str | None] = set()
    for event in reversed(registry.events):
        if event.event in _VERDICTS and event.version not in happened:
            verdicts.setdefault(event.version, []).insert(0, event)
        else:
            facts.insert(0, event)
            happened |= {event.version, event.source}
    return facts, verdicts


#: Labels of versions that nobody registered, below and above all others.
_SPARE: Final = ("0.0.1", "999.0.0")


def newcomers(
    registry: VersionRegistry,
    chosen: str | None,
    labels: Sequence[str],
    contents: Sequence[Contents],
) -> list[tuple[str, Contents]]:
    """Return versions that could be registered next, each with what it is told.

    They are the next of the labels that are not registered, then others below and above all of
    them, and just above the chosen one; a single one where none was chosen.
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
    """Return the registry with this version more."""
    label, (metadata, digest) = newcomer
    return registry.register(label, metadata=metadata, digest=digest)


def _just_above(registry: VersionRegistry, label: str | None) -> Iterator[str]:
    """Yield the label of the version that SemVer puts right above this one."""
    version = registry.get(label)
    if version is not None and version.semver is not None:
        yield f"{version.semver.major}.{version.semver.minor}.{version.semver.patch + 1}"
