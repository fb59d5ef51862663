"""A registry as the Python lines that build it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from lastgood._event import Event
from lastgood._registry import VersionRegistry
from lastgood.strategies.base import checked_registry

_COMMANDS: Final = {
    "registered": "register",
    "deployed": "deploy",
    "marked_stable": "mark_stable",
    "marked_failed": "mark_failed",
    "retired": "retire",
    "reinstated": "reinstate",
    "rolled_back": "roll_back",
    "observed": "observe",
}
#: A line is not made longer than this by one call more.
_WIDEST: Final = 92


def source_of(registry: VersionRegistry) -> str:
    """Return a registry as the Python lines that build an equal one.

    A rollback is written as one to a pinned version, whatever strategy chose it; but for that
    strategy's name, the registry that the lines build is equal. Only `replay` can have recorded a
    rollback to a version that is not safe to go back to; the line that stands for it is refused.

    Args:
        registry: The registry.

    Raises:
        TypeError: It is no registry.

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
    lines = [*_imports(registry), "registry = VersionRegistry()", *_recorded(registry.events)]
    clock = registry.clock
    if clock is not None and clock != _latest(registry):
        lines.append(f"registry = registry.with_clock({_time(clock)})")
    return "\n".join(lines)


def source_since(registry: VersionRegistry, revision: int) -> str:
    """Return the lines that lead to the registry from what it was at the revision."""
    return "\n".join(_recorded(registry.events[revision:]))


def _imports(registry: VersionRegistry) -> Iterator[str]:
    if registry.clock is not None:
        yield "from datetime import datetime"
    pinned = any(event.event == "rolled_back" for event in registry.events)
    yield f"from lastgood import {'Pinned, ' if pinned else ''}VersionRegistry"


def _recorded(events: Iterable[Event]) -> list[str]:
    """Return the lines that record the events, one for each run of them on the same version."""
    lines: list[str] = []
    version = None
    for event in events:
        call = _call(event)
        # A plan is made of the registry that the line begins with.
        alone = event.source is not None
        if event.version != version or alone or len(lines[-1] + call) > _WIDEST:
            lines.append("registry = registry")
        lines[-1] += call
        version = event.version
    return lines


def _call(event: Event) -> str:
    return f".{_COMMANDS[event.event]}({', '.join(_arguments(event))})"


def _arguments(event: Event) -> Iterator[str]:
    if event.source is None:
        yield repr(event.version)
    else:
        yield f"Pinned({event.version!r}).plan(registry)"
    if event.metadata:
        yield f"metadata={dict(event.metadata)!r}"
    if event.digest is not None:
        yield f"digest={event.digest!r}"
    if event.reason:
        yield f"reason={event.reason!r}"
    if event.at is not None:
        yield f"at={_time(event.at)}"


def _latest(registry: VersionRegistry) -> datetime | None:
    return max((event.at for event in registry.events if event.at is not None), default=None)


def _time(when: datetime) -> str:
    return f"datetime.fromisoformat({when.isoformat()!r})"
