"""A registry as the Python lines that build it."""

from collections.abc import Iterator
from datetime import datetime

from lastgood._event import Event
from lastgood._registry import VersionRegistry

_COMMANDS = {
    "registered": "register",
    "deployed": "deploy",
    "marked_stable": "mark_stable",
    "marked_failed": "mark_failed",
    "retired": "retire",
    "reinstated": "reinstate",
    "observed": "observe",
}


def source_of(registry: VersionRegistry) -> str:
    """Return lines that, executed, build an equal registry; a rollback is written as pinned."""
    lines = ["registry = VersionRegistry()"]
    version = None
    for event in registry.events:
        call = _call(event)
        if event.version == version and "registry" not in call:
            lines[-1] += call
        else:
            lines.append(f"registry = registry{call}")
        version = event.version
    told = registry.at_revision(0).with_clock(registry.clock) if registry.clock else None
    if told is not None and told.clock != _latest(registry):
        lines.append(f"registry = registry.with_clock({_time(registry.clock)})")
    return "\n".join(lines)


def _latest(registry: VersionRegistry) -> datetime | None:
    return max((event.at for event in registry.events if event.at is not None), default=None)


def _call(event: Event) -> str:
    arguments = list(_arguments(event))
    if event.event == "rolled_back":
        plan = f"Pinned({event.version!r}).plan(registry)"
        return f".roll_back({', '.join([plan, *arguments])})"
    return f".{_COMMANDS[event.event]}({', '.join([repr(event.version), *arguments])})"


def _arguments(event: Event) -> Iterator[str]:
    if event.metadata:
        yield f"metadata={dict(event.metadata)!r}"
    if event.digest is not None:
        yield f"digest={event.digest!r}"
    if event.reason:
        yield f"reason={event.reason!r}"
    if event.at is not None:
        yield f"at={_time(event.at)}"


def _time(when: datetime | None) -> str:
    return f"datetime.fromisoformat({when.isoformat()!r})" if when else "None"
