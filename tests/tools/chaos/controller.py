"""A controller: a process that keeps many models, a conversation with each.

1. A conversation is a value, so a few threads have all of them: whoever is free takes the one that
   is due, does the one thing that it wants, and puts it back.
2. The waits are as long as the conversation says, times `SCALE`. So is the minute between two
   conversations about one model.
3. The clock is wrong by what a file says.
"""

import heapq
import time
import traceback
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from threading import Condition, Thread
from typing import Final

import attrs

from lastgood import LastgoodError, LastStable, VersionRegistry
from lastgood.control import Answer, Append, Conversation, Done, Load, Look, Serve, Wait, keep
from tests.tools.chaos.course import SCALE, Model
from tests.tools.chaos.ledger import Ledger
from tests.tools.chaos.stores import Place, Reopened
from tests.tools.chaos.world import Remote

#: How many conversations a controller can be in the middle of.
_THREADS: Final = 4
#: The seconds from the end of a conversation to the next one, before `SCALE`.
_MINUTE: Final = 60


@attrs.frozen
class Settings:
    """What a controller is started with.

    Args:
        models: What it keeps.
        place: Where the store is.
        world: The port of the world.
        ledger: Where it notes what was acknowledged.
        clock: The file that says by how many seconds its clock is wrong.
        looks: How many looks it takes for a verdict.
        seed: For the times between conversations.
    """

    models: tuple[Model, ...]
    place: Place
    world: int
    ledger: Ledger
    clock: Path
    looks: int
    seed: str


def run(settings: Settings) -> None:
    """Be a controller, in a process of its own, until it is killed."""
    controller = Controller(settings)
    threads = [Thread(target=controller.work) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@attrs.frozen(order=True)
class _Turn:
    """When it is whose turn; what comes first with the same time is of no importance."""

    at: float
    number: int
    talk: Conversation = attrs.field(order=False)
    model: Model = attrs.field(order=False)


class Controller:
    """All conversations of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._chance = Random(settings.seed)  # noqa: S311  # a course, no secret
        self._numbers = count()
        self._turns: list[_Turn] = []
        self._free = Condition()
        for model in settings.models:
            self._put(self._minute(), self._begun(model, VersionRegistry()), model)

    def work(self) -> None:
        """Take turns for ever."""
        stores = Reopened(self._settings.place)
        while True:
            turn = self._next()
            try:
                wait, talk = self._step(stores, turn.model, turn.talk)
            except Exception:  # noqa: BLE001  # it is the judge who must hear of it
                self._settings.ledger.crashed(turn.model.name, traceback.format_exc())
                wait, talk = self._minute(), self._begun(turn.model, VersionRegistry())
            self._put(wait, talk, turn.model)

    def _begun(self, model: Model, registry: VersionRegistry) -> Conversation:
        settings = self._settings
        return keep(
            LastStable(), registry, settings.looks, model.follow, by=settings.ledger.by, skew="10s"
        )

    def _step(
        self, stores: Reopened, model: Model, talk: Conversation
    ) -> tuple[float, Conversation]:
        """Do one thing; return after how many seconds it goes on, and with what."""
        if isinstance(talk.wants, Done):
            self._settings.ledger.ended(model.name, talk.wants)
            return self._minute(), self._begun(model, talk.registry)
        answer = None if isinstance(talk.wants, Wait) else self._answer(stores, model, talk)
        talk = talk.told(answer, now=self._now())
        return (talk.wants.seconds * SCALE if isinstance(talk.wants, Wait) else 0), talk

    def _answer(self, stores: Reopened, model: Model, talk: Conversation) -> Answer:
        world = Remote(self._settings.world, model.name)
        try:
            match talk.wants:
                case Load(since, fingerprint):
                    return stores.load(model.name, since, fingerprint)
                case Append(before, fingerprint, events):
                    recorded = stores.append(model.name, before, fingerprint, events)
                    if recorded:
                        self._settings.ledger.acknowledged(model.name, before, events)
                    return recorded
                case Look():
                    return world.look()
                case Serve(version, revision):
                    return world.serve(version, revision)
                case _:
                    raise AssertionError(talk)
        except LastgoodError as error:
            return error
        except self._settings.place.not_known:
            return None

    def _now(self) -> datetime:
        offset = self._settings.clock.read_text("utf-8")  # empty while it is written
        return datetime.now(UTC) + timedelta(seconds=float(offset or 0))

    def _minute(self) -> float:
        return _MINUTE * SCALE * self._chance.uniform(0.5, 1.5)

    def _put(self, wait: float, talk: Conversation, model: Model) -> None:
        with self._free:
            turn = _Turn(time.monotonic() + wait, next(self._numbers), talk, model)
            heapq.heappush(self._turns, turn)
            self._free.notify()

    def _next(self) -> _Turn:
        """Wait until a conversation is due, and take it."""
        with self._free:
            while True:
                wait = self._turns[0].at - time.monotonic() if self._turns else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._turns)
                _ = self._free.wait(wait)
