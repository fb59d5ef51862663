"""A registry as the Python lines that build it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from lastgood._basics.frozen import named
from lastgood._basics.kinds import EventKind
from lastgood._registry.handle import is_no_news
from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event, row_of
from lastgood.strategies.base import checked_registry

_COMMANDS: Final[Mapping[EventKind, str]] = {
    "registered": "register",
    "annotated": "annotate",
    "deployed": "deploy",
    "undeployed": "undeploy",
    "marked_stable": "mark_stable",
    "marked_failed": "mark_failed",
    "retired": "retire",
    "reinstated": "reinstate",
    "observed": "observe",
}
#: A line does not grow beyond this width by one more call.
_WIDEST: Final = 92


@named("lastgood.testing")
def source_of(registry: VersionRegistry) -> str:
    """Return a registry as the Python lines that build an equal one.

    A rollback is written as one to a pinned version, whatever strategy chose it, so the name of the
    strategy may differ. An event that says what is so already is written with `extend`, because a
    command would not record it.

    Args:
        registry: The registry.

    Raises:
        TypeError: ``registry`` is not a `VersionRegistry`.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.testing import source_of
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> print(source_of(registry))
    from lastgood import VersionRegistry
    registry = VersionRegistry()
    registry = registry.register('1').deploy('1').mark_stable('1')
    registry = registry.register('2').deploy('2').mark_failed('2')
    """
    registry = checked_registry(registry)
    lines, names = _recorded(VersionRegistry(), registry.events)
    lines.insert(0, "registry = VersionRegistry()")
    clock = registry.clock
    if clock is not None and clock != _latest(registry):
        lines.append(f"registry = registry.with_clock({_time(clock)})")
    if clock is not None:
        lines.insert(0, "from datetime import datetime")
    place = 0 if clock is None else 1
    lines.insert(place, f"from lastgood import {', '.join(sorted({*names, 'VersionRegistry'}))}")
    return "\n".join(lines)


def source_since(registry: VersionRegistry, revision: int) -> str:
    """Return the lines that lead to the registry from what it was at the revision."""
    lines, names = _recorded(registry.at_revision(revision), registry.events[revision:])
    imports = [f"from lastgood import {', '.join(sorted(names))}"] if names else []
    return "\n".join([*imports, *lines])


def event_source(event: Event) -> str:
    """Return the call that makes an event."""
    facts = "".join(f", {fact}" for fact in _facts(event))
    if event.source is not None:
        facts += f", source={event.source!r}, strategy={event.strategy!r}"
    return f"Event({event.kind!r}, {event.version!r}{facts})"


def _recorded(registry: VersionRegistry, events: Iterable[Event]) -> tuple[list[str], set[str]]:
    """Return the lines that record the events, one for each run of them on the same version.

    Also returns the names that they need besides that of the registry.
    """
    lines: list[str] = []
    names: set[str] = set()
    version = None
    for event in events:
        call, name = _call(registry, event)
        names |= {name} - {""}
        # A plan is made of the registry that the line begins with.
        if event.version != version or event.source is not None or len(lines[-1] + call) > _WIDEST:
            lines.append("registry = registry")
        lines[-1] += call
        version = event.version
        registry = registry.extend([event])
    return lines, names


def _call(registry: VersionRegistry, event: Event) -> tuple[str, str]:
    """Return the call that records the event in this registry, and the name that it needs."""
    facts = "".join(f", {fact}" for fact in _facts(event))
    if event.source is not None:
        plan = f"Pinned({event.version!r}).plan(registry, leaving={event.source!r})"
        return f".roll_back({plan}{facts})", "Pinned"
    if is_no_news(registry, row_of(event)):
        return f".extend([Event({event.kind!r}, {event.version!r}{facts})])", "Event"
    if event.kind == "annotated":
        facts = facts.replace("metadata=", "", 1)
    return f".{_COMMANDS[event.kind]}({event.version!r}{facts})", ""


def _facts(event: Event) -> Iterator[str]:
    """Yield the keyword arguments that are not their defaults."""
    if event.metadata:
        yield f"metadata={dict(event.metadata)!r}"
    if event.digest is not None:
        yield f"digest={event.digest!r}"
    if event.reason:
        yield f"reason={event.reason!r}"
    if event.by:
        yield f"by={event.by!r}"
    if event.at is not None:
        yield f"at={_time(event.at)}"


def _latest(registry: VersionRegistry) -> datetime | None:
    return max((event.at for event in registry.events if event.at is not None), default=None)


def _time(when: datetime) -> str:
    return f"datetime.fromisoformat({when.isoformat()!r})"
