"""Every small registry, so that a law about ways back can be checked on each of them.

1. In the beginning each version is registered, deployed, or deployed and stable. Then whatever a
   command can do is tried, up to a number of commands.
2. Of registries that differ in nothing that decides about ways back only the first goes on. What
   decides is the versions with their statuses, the labels whose contents failed, the stack of
   deployments that led to the current one.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import Final, TypeAlias

import attrs

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


@attrs.frozen
class Known:
    """A registry, and what a plain reading of its history says."""

    registry: VersionRegistry
    stack: Stack = ()
    #: The labels that were marked failed and not reinstated since.
    failed: frozenset[str] = frozenset()

    def decides(self) -> object:
        """Return what decides about ways back."""
        statuses = tuple(version.status for version in self.registry.values())
        return self.stack, self.failed, statuses

    def then(self, registry: VersionRegistry, stack: Stack | None = None) -> "Known":
        """Return the next registry, with another stack if there is one."""
        return attrs.evolve(self, registry=registry, stack=self.stack if stack is None else stack)


def every_registry(contents: Contents, commands: int) -> Iterator[Known]:
    """Yield every registry that this number of commands can make of the first ones, these first."""
    seen: set[object] = set()
    fresh: list[Known] = []
    for turn in range(commands + 1):
        latest = _after(fresh) if turn else _beginnings(contents)
        fresh = []
        for known in latest:
            decides = known.decides()
            if decides not in seen:
                seen.add(decides)
                fresh.append(known)
        yield from fresh


def _beginnings(contents: Contents) -> Iterator[Known]:
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
            yield Known(registry, stack)


def _after(before: list[Known]) -> Iterator[Known]:
    """Yield what every command makes of these that is not refused."""
    for known, label in ((each, label) for each in before for label in each.registry):
        registry, stack = known.registry, known.stack
        yield known.then(registry.retire(label))
        yield attrs.evolve(
            known, registry=registry.mark_failed(label), failed=known.failed | {label}
        )
        yield attrs.evolve(known, registry=registry.reinstate(label), failed=known.failed - {label})
        yield known.then(registry.observe(label), _observed(stack, label))
        with suppress(LastgoodError):
            yield known.then(registry.mark_stable(label))
        with suppress(LastgoodError):
            yield known.then(registry.deploy(label), _deployed(stack, label))
        if stack:
            with suppress(LastgoodError):
                plan = Pinned(label).plan(registry, leaving=stack[-1])
                yield known.then(registry.roll_back(plan), _went_back(stack, label))


def _deployed(stack: Stack, label: str) -> Stack:
    return stack if stack[-1:] == (label,) else (*stack, label)


def _went_back(stack: Stack, label: str) -> Stack:
    return _nearest(stack, label) or (*stack[:-1], label)


def _observed(stack: Stack, label: str) -> Stack:
    return _nearest(stack, label) or (*stack, label)


def _nearest(stack: Stack, label: str) -> Stack:
    """Return the stack down to the nearest deployment of the label; empty if there is none."""
    places = [place for place, served in enumerate(stack) if served == label]
    return stack[: places[-1] + 1] if places else ()
