"""Larger registries at random, for Hypothesis."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from lastgood._basics.errors import LastgoodError
from lastgood._basics.frozen import named
from lastgood._basics.kinds import EventKind
from lastgood._registry.handle import served_last
from lastgood._registry.registry import VersionRegistry
from lastgood._values.metadata import MetadataValue
from lastgood.strategies import Pinned
from lastgood.testing._contents import (
    LABELS,
    Contents,
    all_contents,
    checked_contents,
    checked_labels,
    later_facts,
)

if TYPE_CHECKING:  # Hypothesis is an extra, and is imported only when it is needed.
    from hypothesis.strategies import SearchStrategy

_MORE_LABELS: Final = (*LABELS, "2.0.0", "2.0.0+gpu", "7", "9f86d08")
_REASONS: Final = ("", "p99 latency 900 ms", "no alarm for a day")
_NAMES: Final = ("", "ana", "monitor/p99")
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)

#: What can happen to a version; "again" repeats the last event. Deployments are more frequent than
#: the rest, so that lineages grow long.
_KINDS: Final[Sequence[EventKind | str]] = (
    *("registered", "deployed", "deployed", "deployed", "marked_stable", "marked_failed"),
    *("rolled_back", "observed", "annotated", "retired", "reinstated", "undeployed", "again"),
)


@attrs.frozen
class _Step:
    """An event about a version, which is registered first if it is not yet."""

    kind: str
    label: str
    #: Instead of the label: what serves or served last, if 1; what served before that, if 2.
    near: int
    contents: Contents
    facts: Mapping[str, MetadataValue]
    reason: str
    by: str
    at: datetime | None
    #: Whether its time is recorded if some times are.
    is_timed: bool

    def within(self, registry: VersionRegistry) -> "_Step":
        """Return it with the label of the version that it is about."""
        if not 0 < self.near <= len(registry.deployments):
            return self
        return attrs.evolve(self, label=registry.deployments[-self.near].version)

    def taken(self, registry: VersionRegistry) -> VersionRegistry:
        """Return the registry after it; raises the same errors as the command."""
        said = {"reason": self.reason, "by": self.by}
        if self.kind == "rolled_back":
            plan = Pinned(self.label).plan(registry, leaving=served_last(registry))
            return registry.roll_back(plan, at=self.at, **said)
        if self.kind == "annotated":
            return registry.annotate(self.label, self.facts, at=self.at, **said)
        if self.kind == "again":
            return registry.extend([attrs.evolve(registry.events[-1], at=self.at)])
        if self.kind in _COMMANDS:
            return _COMMANDS[self.kind](registry, self.label, at=self.at, **said)
        return registry


#: The commands that take a version, and a reason, a name and a time.
_COMMANDS: Final[Mapping[str, Callable[..., VersionRegistry]]] = {
    "deployed": VersionRegistry.deploy,
    "undeployed": VersionRegistry.undeploy,
    "marked_stable": VersionRegistry.mark_stable,
    "marked_failed": VersionRegistry.mark_failed,
    "retired": VersionRegistry.retire,
    "reinstated": VersionRegistry.reinstate,
    "observed": VersionRegistry.observe,
}

_Times: TypeAlias = Callable[[_Step], bool]

#: Of which steps the times are recorded: of none, of some, or of all.
_TIMING: Final[Sequence[_Times]] = (
    lambda step: False,  # noqa: ARG005  # as the others
    lambda step: step.is_timed,
    lambda step: True,  # noqa: ARG005  # as the others
)


@named("lastgood.testing")
def registries(
    *,
    labels: Sequence[str] = _MORE_LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
    max_commands: int = 40,
) -> "SearchStrategy[VersionRegistry]":
    """Return a Hypothesis strategy for registries. It needs the extra ``lastgood[hypothesis]``.

    Every kind of event occurs in them, in any order, with right, wrong and missing times, and some
    events are on record twice. They shrink to few commands. A registry shows itself in one line;
    `source_of` shows what is in it: ``hypothesis.note(source_of(registry))``.

    Args:
        labels: The labels that versions may have.
        metadata: The metadata that a version may have, from its registration or as an annotation.
            By default it has none until it is annotated.
        digests: The digests that a version may have; `None` stands for no digest. By default a
            version has none, or one that it shares with others.
        max_commands: The greatest number of commands, not counting registrations.

    Raises:
        ModuleNotFoundError: Hypothesis is not installed.
        TypeError: An argument is a single `str` or mapping instead of a list.
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
    known, digests = checked_contents(metadata, digests)
    near = st.sampled_from([0, 0, 1, 2])
    about = st.sampled_from(_KINDS), st.sampled_from(checked_labels(labels)), near
    contents = st.sampled_from(all_contents(known, digests))
    facts = st.sampled_from(later_facts(known) or ({},))
    said = st.sampled_from(_REASONS), st.sampled_from(_NAMES)
    # Whether times are recorded is drawn apart from them, so that shrinking can leave them out.
    step = st.builds(_Step, *about, contents, facts, *said, times, st.booleans())
    # Lists are short by nature: half of them are made long, so that more can happen in them.
    short = st.lists(step, max_size=max_commands)
    steps = short | st.lists(step, min_size=max_commands // 4, max_size=max_commands)
    return st.builds(_recorded, steps, st.sampled_from(_TIMING), st.none() | times)


def _recorded(steps: Iterable[_Step], is_timed: _Times, clock: datetime | None) -> VersionRegistry:
    """Return the registry in which each step was recorded that is not refused."""
    registry = VersionRegistry()
    for given in steps:
        step = given.within(registry)
        step = step if is_timed(step) else attrs.evolve(step, at=None)
        if step.label not in registry:
            metadata, digest = step.contents
            registry = registry.register(step.label, metadata=metadata, digest=digest, at=step.at)
        with suppress(LastgoodError):
            registry = step.taken(registry)
    return registry if clock is None else registry.with_clock(clock)
