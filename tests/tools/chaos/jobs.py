"""What people and machines do with a model: deploy the next version, judge it, and watch the clock.

1. A thread for each model plays CI, the monitor and the person who deploys through the record. They
   record through the store like everybody else, through the proxy, and try again until they know.
2. Within a minute of the record saying so, the world must serve it. Where it does not, this is
   noted in the ledger.
"""

import time
import traceback
from collections.abc import Callable
from threading import Event as Flag
from typing import Final

import attrs

from docs.examples.driver import run
from lastgood import Event, VersionRegistry
from lastgood.control import (
    Change,
    Deploy,
    Done,
    MarkFailed,
    MarkStable,
    Outcome,
    Register,
    Seen,
    record,
)
from tests.tools.chaos.course import SCALE, Fate, Model, Update
from tests.tools.chaos.ledger import Ledger
from tests.tools.chaos.stores import Place, Reopened
from tests.tools.chaos.world import Remote

#: Somebody must have acted within so many seconds.
MINUTE: Final = 60.0
#: The seconds between two looks of a watcher, and between two readings of the record.
_LOOK: Final = 0.15
_READ: Final = 1.0


def serves(model: Model, registry: VersionRegistry, seen: Seen) -> bool:
    """Whether the world serves what the record says.

    If a hand put that version there, the world is left alone, unless the record follows it: then it
    must have been asked, so that it knows the revision.
    """
    is_known = seen.revision is not None or not model.follow
    return seen.version == registry.current and is_known


@attrs.frozen
class Noted:
    """The record of a model; what it acknowledges is noted."""

    stores: Reopened
    name: str
    ledger: Ledger

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``."""
        return tuple(self.stores.load(self.name, since, fingerprint))

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events, and note it."""
        recorded = self.stores.append(self.name, before, fingerprint, events)
        if recorded:
            self.ledger.acknowledged(self.name, before, events)
        return recorded


@attrs.define
class Job:
    """All deployments of one model.

    Args:
        model: What is deployed.
        place: Where the store is, through the proxy.
        world: The world, without the proxy: the watcher is not part of the trial.
        ledger: Where it notes what happens.
        over: Set when the time is over.
    """

    model: Model
    place: Place
    world: Remote
    ledger: Ledger
    over: Flag
    registry: VersionRegistry = attrs.field(factory=VersionRegistry)
    done: int = 0

    def work(self) -> None:
        """Make the deployments, until all are made or the time is over."""
        stores = Reopened(self.place)
        try:
            for update in self.model.updates:
                if self.over.is_set():
                    return
                self._update(Noted(stores, self.model.name, self.ledger), update)
                self.done += 1
        except Exception:  # noqa: BLE001  # it is the judge who must hear of it
            self.ledger.crashed(self.model.name, traceback.format_exc())
        finally:
            stores.close()

    def _update(self, store: Noted, update: Update) -> None:
        label, fate = update.label, update.fate
        if not self._within(lambda: self._deployed(store, update)):
            self._late(update, "its deployment is not on record")
            return
        if fate is not Fate.NEVER_UP:
            if not self._within(lambda: self._serves(label) or self._overruled(store, label)):
                self._late(update, "it does not serve")
                return
            time.sleep(update.soak)
            verdict: Change = MarkStable(label, by="monitor")
            if fate is Fate.FAILS_LATER:
                verdict = MarkFailed(label, reason="p99 900 ms", by="monitor")
            if not self._within(lambda: self._recorded(store, [verdict]) is not None):
                self._late(update, "its verdict is not on record")
                return
        if not self._within(lambda: self._settled(store, update)):
            self._late(update, "it still serves" if update.is_bad else "the world is elsewhere")

    def _within(self, happens: Callable[[], bool]) -> bool:
        """Wait until something happens; return false if it does not within a minute."""
        until = time.monotonic() + MINUTE
        while not happens():
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK)
        return True

    def _deployed(self, store: Noted, update: Update) -> bool:
        label = update.label
        before = self.registry.get(label)
        times = 0 if before is None else before.times_deployed
        change = Deploy(label, replacing=self.registry.current, by=update.by)
        changes: list[Change] = [Register(label, by=update.by), change]
        if update is self.model.updates[0]:
            changes.append(MarkStable(label, by="tests"))  # so that there is a way back
        outcome = self._recorded(store, changes)
        if outcome is Outcome.SETTLED:
            return True
        now = self.registry.get(label)
        # An earlier attempt may have been recorded without an answer, and left since.
        is_left = now is not None and now.times_deployed > times
        # A version that a hand had left is held: the person gives it up.
        return is_left or (update.by == "ana" and outcome is Outcome.REFUSED)

    def _recorded(self, store: Noted, changes: list[Change]) -> Outcome | None:
        """Return how the recording ended; `None` if it is not known yet."""
        talk = run(
            record(changes, self.registry),
            store,
            sleep=lambda seconds: time.sleep(seconds * SCALE),
            not_known=self.place.not_known,
        )
        assert isinstance(talk.wants, Done)
        self.registry = talk.registry
        outcome = talk.wants.outcome
        return outcome if outcome in {Outcome.SETTLED, Outcome.REFUSED} else None

    def _serves(self, label: str) -> bool:
        try:
            return self.world.look().version == label
        except OSError:
            return False

    def _overruled(self, store: Noted, label: str) -> bool:
        """Whether the record says that something else must serve by now."""
        self._read(store)
        return self.registry.current != label

    def _settled(self, store: Noted, update: Update) -> bool:
        """Whether the world serves what the record says, and this is not what fails."""
        self._read(store)
        registry = self.registry
        if registry.needs_rollback or (update.is_bad and registry.current == update.label):
            return False
        try:
            seen = self.world.look()
        except OSError:
            return False
        return serves(self.model, registry, seen)

    def _read(self, store: Noted) -> None:
        """Read the news of the record, if they can be read."""
        try:
            news = store.load(self.registry.revision, self.registry.fingerprint)
        except self.place.not_known:
            return
        self.registry = self.registry.extend(news)

    def _late(self, update: Update, what: str) -> None:
        self.ledger.late(self.model.name, update.label, what)
