"""Larger registries at random, for Hypothesis."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias

from lastgood._errors import LastgoodError
from lastgood._metadata import MetadataValue
from lastgood._registry import VersionRegistry
from lastgood.strategies import Pinned
from lastgood.testing._registries import LABELS, Contents, all_contents

if TYPE_CHECKING:  # Hypothesis is an extra, and is imported only when it is needed.
    from hypothesis.strategies import SearchStrategy

#: A command, by its name, on the version of a label, which is registered with these contents.
_Told: TypeAlias = tuple[str, str, Contents]

_COMMANDS: Final[Mapping[str, Callable[[VersionRegistry, str], VersionRegistry]]] = {
    "register": lambda registry, _: registry,
    "deploy": VersionRegistry.deploy,
    "mark_stable": VersionRegistry.mark_stable,
    "mark_failed": VersionRegistry.mark_failed,
    "roll_back": lambda registry, label: registry.roll_back(Pinned(label).plan(registry)),
    "observe": VersionRegistry.observe,
    "reinstate": VersionRegistry.reinstate,
    "retire": VersionRegistry.retire,
}

_MORE_LABELS: Final = (*LABELS, "2.0.0", "2.0.0+gpu", "7", "9f86d08")


def registries(
    *,
    labels: Sequence[str] = _MORE_LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
    max_commands: int = 40,
) -> "SearchStrategy[VersionRegistry]":
    """Return a Hypothesis strategy for registries; it needs the extra ``lastgood[hypothesis]``.

    They shrink to few commands. The first command about a version registers it.

    Args:
        labels: The labels that versions may have.
        metadata: What the metadata of a version may be; without any, none.
        digests: What the digest of a version may be; without any, none or a shared one.
        max_commands: How many commands at the most, not counting registrations.

    Raises:
        ModuleNotFoundError: Hypothesis is not installed.

    >>> from hypothesis import given
    >>> from lastgood.testing import registries
    >>> @given(registries(labels=["1", "2", "3"]))
    ... def the_current_version_is_registered(registry):
    ...     assert registry.current is None or registry.current in registry
    >>> the_current_version_is_registered()
    """
    from hypothesis import strategies as st  # noqa: PLC0415  # an extra

    contents = st.sampled_from(all_contents(tuple(metadata), tuple(digests)))
    command = st.tuples(st.sampled_from(list(_COMMANDS)), st.sampled_from(labels), contents)
    return st.lists(command, max_size=max_commands).map(_recorded)


def _recorded(commands: Iterable[_Told]) -> VersionRegistry:
    """Return the registry in which each command was recorded that is not refused."""
    registry = VersionRegistry()
    for name, label, (metadata, digest) in commands:
        if label not in registry:
            registry = registry.register(label, metadata=metadata, digest=digest)
        with suppress(LastgoodError):
            registry = _COMMANDS[name](registry, label)
    return registry
