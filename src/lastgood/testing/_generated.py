"""Larger registries at random, for Hypothesis."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from lastgood._errors import LastgoodError
from lastgood._metadata import MetadataValue
from lastgood._registry import VersionRegistry
from lastgood.strategies import Pinned
from lastgood.testing._registries import (
    LABELS,
    Contents,
    all_contents,
    checked_contents,
    checked_labels,
)

if TYPE_CHECKING:  # Hypothesis is an extra, and is imported only when it is needed.
    from hypothesis.strategies import SearchStrategy

_MORE_LABELS: Final = (*LABELS, "2.0.0", "2.0.0+gpu", "7", "9f86d08")
_REASONS: Final = ("", "p99 latency 900 ms", "no alarm for a day")
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)

#: The commands that take a version and a reason.
_EXPLAINED: Final = {
    "mark_stable": VersionRegistry.mark_stable,
    "mark_failed": VersionRegistry.mark_failed,
    "observe": VersionRegistry.observe,
    "reinstate": VersionRegistry.reinstate,
    "retire": VersionRegistry.retire,
}
#: Deployments are more frequent than the rest, so that lineages grow long.
_COMMANDS: Final = ("register", "deploy", "deploy", "deploy", "roll_back", *_EXPLAINED)


@attrs.frozen
class _Step:
    """A command about a version, which is registered first where it is not yet."""

    command: str
    label: str
    contents: Contents
    reason: str
    at: datetime | None
    #: Whether its time is told where that of some is.
    is_told: bool

    def taken(self, registry: VersionRegistry) -> VersionRegistry:
        """Return the registry after the command; errors as of the command."""
        if self.command in _EXPLAINED:
            record = _EXPLAINED[self.command]
            return record(registry, self.label, reason=self.reason, at=self.at)
        if self.command == "roll_back":
            plan = Pinned(self.label).plan(registry)
            return registry.roll_back(plan, reason=self.reason, at=self.at)
        if self.command == "deploy":
            return registry.deploy(self.label, at=self.at)
        return registry


_Tells: TypeAlias = Callable[[_Step], bool]

#: Of which commands times are told: of none, of some, or of all.
_TELLING: Final[Sequence[_Tells]] = (
    lambda step: False,  # noqa: ARG005  # as the others
    lambda step: step.is_told,
    lambda step: True,  # noqa: ARG005  # as the others
)


def registries(
    *,
    labels: Sequence[str] = _MORE_LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
    max_commands: int = 40,
) -> "SearchStrategy[VersionRegistry]":
    """Return a Hypothesis strategy for registries; it needs the extra ``lastgood[hypothesis]``.

    Whatever can be recorded happens in them, in any order, with and without times, and they shrink
    to few commands. A registry shows itself in one line; `source_of` shows what is in it:
    ``hypothesis.note(source_of(registry))``.

    Args:
        labels: The labels that versions may have.
        metadata: What the metadata of a version may be; without any, none.
        digests: What the digest of a version may be; without any, none or a shared one.
        max_commands: How many commands at the most, not counting registrations.

    Raises:
        ModuleNotFoundError: Hypothesis is not installed.
        TypeError: A `str` or a mapping is given in the place of a sequence.
        ValueError: A label is given twice.

    >>> from hypothesis import given
    >>> from lastgood.testing import registries
    >>> @given(registries(labels=["1", "2", "3"]))
    ... def the_current_version_is_registered(registry):
    ...     assert registry.current is None or registry.current in registry
    >>> the_current_version_is_registered()
    """
    try:
        from hypothesis import strategies as st  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "registries() needs Hypothesis: install lastgood[hypothesis]", name=error.name
        ) from error

    times = st.integers(0, 100_000).map(lambda minutes: _START + timedelta(minutes=minutes))
    contents = st.sampled_from(all_contents(*checked_contents(metadata, digests)))
    about = st.sampled_from(_COMMANDS), st.sampled_from(checked_labels(labels)), contents
    # Whether times are told is drawn apart from them, so that they can be left out on shrinking.
    step = st.builds(_Step, *about, st.sampled_from(_REASONS), times, st.booleans())
    steps = st.lists(step, max_size=max_commands)
    return st.builds(_recorded, steps, st.sampled_from(_TELLING), st.none() | times)


def _recorded(steps: Iterable[_Step], tells: _Tells, clock: datetime | None) -> VersionRegistry:
    """Return the registry in which each command was recorded that is not refused."""
    registry = VersionRegistry()
    for given in steps:
        step = given if tells(given) else attrs.evolve(given, at=None)
        if step.label not in registry:
            metadata, digest = step.contents
            registry = registry.register(step.label, metadata=metadata, digest=digest, at=step.at)
        with suppress(LastgoodError):
            registry = step.taken(registry)
    return registry if clock is None else registry.with_clock(clock)
