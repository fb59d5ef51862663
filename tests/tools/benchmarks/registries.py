"""The registries that are measured: many versions, each registered, deployed, and proved good."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from lastgood import LastStable, VersionRegistry

#: When the first event of a registry with times was recorded.
_START = datetime(2026, 1, 1, tzinfo=UTC)


def label_of(number: int) -> str:
    """Return the label of the version of this number: a release, higher than those before it."""
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def labels(size: int, start: int = 0) -> list[str]:
    """Return ``size`` labels, the lowest first."""
    return [label_of(number) for number in range(start, start + size)]


def hour(number: float) -> datetime:
    """Return the time this many hours after the start."""
    return _START + timedelta(hours=number)


def built(names: Sequence[str]) -> VersionRegistry:
    """Return a registry of these versions, each with three events, one command at a time."""
    registry = VersionRegistry()
    for name in names:
        registry = registry.register(name).deploy(name).mark_stable(name)
    return registry


def dated(names: Sequence[str]) -> VersionRegistry:
    """Return a registry of these versions with a time for every event, an hour a version.

    Every tenth version is a barrier, a migration, and all of them have a metric.
    """
    registry = VersionRegistry()
    for number, name in enumerate(names):
        at = hour(number)
        facts = {"migration": number % 10 == 0, "auc": 0.9 + number % 7 / 100}
        registry = registry.register(name, metadata=facts, at=at).deploy(name, at=at)
        registry = registry.mark_stable(name, at=at)
    return registry


def failing(size: int) -> tuple[VersionRegistry, str]:
    """Return such a registry during an incident, and the label of the version that serves.

    It failed. The release before it failed as well, and was left for the last stable version.
    """
    registry = dated(labels(size))
    for number in (size, size + 1):
        name, at = label_of(number), hour(number)
        registry = registry.register(name, metadata={"migration": False}, at=at)
        registry = registry.deploy(name, at=at).mark_failed(name, reason="p99 900 ms", at=at)
        if number == size:
            registry = LastStable().recover(registry, at=hour(number + 0.5))
    return registry, label_of(size + 1)


def incident(events: int) -> VersionRegistry:
    """Return a registry of about this many events with times, whose current version failed."""
    names = labels(max(2, (events - 1) // 3))
    at = hour(len(names))
    return dated(names).mark_failed(names[-1], reason="p99 latency 900 ms", by="monitor", at=at)


class Growing:
    """A registry of about this size, at its newest revision, that commands extend.

    Extending an older revision would copy it, which is measured in a table of its own.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._begin()

    def _begin(self) -> None:
        self.registry = built(labels(self.size))
        self._made = self.size

    def fresh(self, number: int) -> list[str]:
        """Return the labels of new versions, registered; begin again if there are too many."""
        if self._made > 1.1 * self.size + 20:
            self._begin()
        names = labels(number, self._made)
        self._made += number
        for name in names:
            self.registry = self.registry.register(name)
        return names


class Copy:
    """A copy of a growing registry, as another process keeps it: it reads the news, and decides."""

    def __init__(self, growing: Growing) -> None:
        self._growing = growing
        self.registry = VersionRegistry()

    def catch_up(self) -> None:
        """Extend the copy with the news, or begin again if the original did."""
        original, kept = self._growing.registry, self.registry
        follows = (
            kept.revision <= original.revision
            and original.at_revision(kept.revision).fingerprint == kept.fingerprint
        )
        if not follows:
            kept = VersionRegistry()
        self.registry = kept.extend(original.events[kept.revision :])
