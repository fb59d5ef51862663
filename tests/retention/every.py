"""Every small registry, so that a law about ways back can be held against each of them.

1. In the beginning each version is registered, deployed, or deployed and stable. Then whatever a
   command can do is tried, up to a number of commands.
2. Of registries that differ in nothing that decides about ways back only the first goes on. That
   is the versions with their statuses, and the stack of deployments that led to the current one.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import Final, TypeAlias

from lastgood import LastgoodError, Pinned, VersionRegistry

#: The digest of each version.
Contents: TypeAlias = tuple[str | None, ...]
#: The labels that led to the current one, which is the last.
Stack: TypeAlias = tuple[str, ...]

#: The labels in the order of registration.
LABELS: Final = "1234"
#: All contents different; two or three versions of equal contents; and two such pairs.
ALL_CONTENTS: Final[tuple[Contents, ...]] = (
    (None, None, None, None),
    ("x", None, "x", None),
    (None, "x", "x", None),
    ("x", "x", "x", None),
    ("x", "y", "y", "x"),
)


def every_registry(contents: Contents, commands: int) -> Iterator[VersionRegistry]:
    """Yield every registry that so many commands can make of the first ones, these first."""
    seen: set[object] = set()
    latest = [*_beginnings(contents)]
    for _ in range(commands + 1):
        fresh: list[tuple[VersionRegistry, Stack]] = []
        for registry, stack in latest:
            decides = stack, tuple(version.status for version in registry.values())
            if decides not in seen:
                seen.add(decides)
                fresh.append((registry, stack))
        yield from (registry for registry, _ in fresh)
        latest = [after for before in fresh for after in _after(*before)]


def _beginnings(contents: Contents) -> Iterator[tuple[VersionRegistry, Stack]]:
    for many in range(len(LABELS) + 1):
        for fates in product(("registered", "deployed", "stable"), repeat=many):
            registry = VersionRegistry()
            stack: Stack = ()
            for label, digest, fate in zip(LABELS, contents, fates, strict=False):
                registry = registry.register(label, digest=digest)
                if fate != "registered":
                    registry, stack = registry.deploy(label), (*stack, label)
                if fate == "stable":
                    registry = registry.mark_stable(label)
            yield registry, stack


def _after(registry: VersionRegistry, stack: Stack) -> Iterator[tuple[VersionRegistry, Stack]]:
    """Yield what every command makes that is not refused."""
    for label in registry:
        for verdict in (
            registry.mark_stable,
            registry.mark_failed,
            registry.retire,
            registry.reinstate,
        ):
            with suppress(LastgoodError):
                yield verdict(label), stack
        with suppress(LastgoodError):
            yield registry.deploy(label), _deployed(stack, label)
        with suppress(LastgoodError):
            yield registry.roll_back(Pinned(label).plan(registry)), _went_back(stack, label)
        yield registry.observe(label), _observed(stack, label)


def _deployed(stack: Stack, label: str) -> Stack:
    return stack if stack[-1:] == (label,) else (*stack, label)


def _went_back(stack: Stack, label: str) -> Stack:
    return _nearest(stack, label) or (*stack[:-1], label)


def _observed(stack: Stack, label: str) -> Stack:
    return _nearest(stack, label) or (*stack, label)


def _nearest(stack: Stack, label: str) -> Stack:
    """Return the stack down to the nearest deployment of the label; empty where there is none."""
    places = [place for place, served in enumerate(stack) if served == label]
    return stack[: places[-1] + 1] if places else ()
