"""The library `eventsourcing`: an aggregate in memory, saved to its store after every event."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from typing_extensions import override

from tests.tools.benchmarks.rivals import Searched


class History(Aggregate):
    """What is known of versions, changed by events alone."""

    def __init__(self) -> None:
        self.statuses: dict[str, str] = {}
        self.deployed: list[str] = []

    @event("Registered")
    def register(self, label: str) -> None:
        """Record a new version."""
        self.statuses[label] = "new"

    @event("Deployed")
    def deploy(self, label: str) -> None:
        """Record that this version serves."""
        self.deployed.append(label)

    @event("MarkedStable")
    def mark_stable(self, label: str, reason: str) -> None:  # noqa: ARG002  # kept in the event
        """Record that this version proved good, and why."""
        self.statuses[label] = "stable"


class EventSourced(Searched):
    """An aggregate that is kept, so nothing is read back; each event is saved in memory."""

    name = "eventsourcing"
    most = 10_000
    needs: ClassVar = {"eventsourcing": "eventsourcing"}

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        self._store: Application[UUID] = Application()
        self._history = History()
        self.statuses, self.deployed = self._history.statuses, self._history.deployed
        for label in labels:
            self._history.register(label)
            self._history.deploy(label)
            self._history.mark_stable(label, "")
        _ = self._store.save(self._history)

    @override
    def record(self, label: str, reason: str) -> None:
        if label not in self.statuses:
            raise KeyError(label)
        self._history.mark_stable(label, reason)
        _ = self._store.save(self._history)

    @override
    def close(self) -> None:
        self._store.close()
