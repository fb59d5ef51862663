"""Random histories: short, over a few labels, with every command and many refusals."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from hypothesis import strategies as st

from lastgood import LastgoodError, Pinned, VersionRegistry

Command: TypeAlias = Callable[[VersionRegistry, str], VersionRegistry]

#: Versions with their digests: two have the same contents, two the same precedence.
DIGESTS = {"1.0.0": "a", "1.0.0+b": "a", "1.1.0-rc.1": None, "1.1.0": "b", "nightly": "c"}

COMMANDS: tuple[Command, ...] = (
    lambda registry, label: registry.register(
        label, metadata={"score": len(label)}, digest=DIGESTS[label]
    ),
    lambda registry, label: registry.deploy(label),
    lambda registry, label: registry.mark_stable(label),
    lambda registry, label: registry.mark_failed(label, reason="red"),
    lambda registry, label: registry.retire(label),
    lambda registry, label: registry.reinstate(label),
    lambda registry, label: registry.observe(label),
    lambda registry, label: registry.roll_back(Pinned(label).plan(registry)),
)


def histories() -> st.SearchStrategy[VersionRegistry]:
    """Return registries in which something is deployed."""
    steps = st.tuples(st.sampled_from(COMMANDS), st.sampled_from(sorted(DIGESTS)))
    return st.lists(steps, max_size=25).map(_told)


def _told(steps: list[tuple[Command, str]]) -> VersionRegistry:
    registry = VersionRegistry()
    for label in list(DIGESTS)[: 2 + len(steps) % 4]:
        registry = COMMANDS[0](registry, label).deploy(label)
    for command, label in steps:
        with suppress(LastgoodError):  # A refused command changes nothing.
            registry = command(registry, label)
    return registry
