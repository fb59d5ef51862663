"""Who carries out the faults of the course, at their time, and undoes them.

1. A fault whose target is down, paused or full already is left out, and not counted.
2. What died without a fault of its own, such as a server on a full disk, is started again.
3. In the end everything runs, and nothing is in the way.
"""

import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from threading import Event as Flag
from typing import Final

import attrs

from tests.tools.chaos.course import Fault, Kind
from tests.tools.chaos.ledger import Ledger
from tests.tools.chaos.processes import signal_all
from tests.tools.chaos.stores import Service

#: The seconds between two looks for what died.
_TICK: Final = 0.1


@attrs.define
class Team:
    """The controllers: how each is started, and who runs now.

    Args:
        start: Starts the n-th controller, and returns what kills it and waits for its end.
        clocks: The files that say how wrong their clocks are.
    """

    start: Callable[[int], "Running"]
    clocks: list[Path]
    running: list["Running | None"] = attrs.field(factory=list["Running | None"])

    def revive(self, number: int) -> None:
        """Start a controller."""
        self.running[number] = self.start(number)


@attrs.frozen
class Running:
    """A process of ours."""

    pid: int
    is_alive: Callable[[], bool]
    kill: Callable[[], None]


@attrs.define
class Trouble:
    """The faults of a run.

    Args:
        faults: All of them, the earliest first.
        team: The controllers.
        service: The store.
        world: The process of the world.
        hand: Moves the world of a model as a person does; returns whether there was something to
            move to.
        ledger: Where it notes what nobody expects.
    """

    faults: tuple[Fault, ...]
    team: Team
    service: Service
    world: Running
    hand: Callable[[int], bool]
    ledger: Ledger
    counts: Counter[str] = attrs.field(factory=Counter[str])
    busy: set[str] = attrs.field(factory=set[str])
    undo: list[tuple[float, int, Callable[[], None]]] = attrs.field(
        factory=list[tuple[float, int, Callable[[], None]]]
    )
    numbers: "count[int]" = attrs.field(factory=count)

    def work(self, over: Flag) -> None:
        """Carry the faults out, until the time is over; then undo what is left."""
        try:
            self._work(over)
        except Exception:  # noqa: BLE001  # it is the judge who must hear of it
            self.ledger.crashed("", traceback.format_exc())
        while self.undo:
            heappop(self.undo)[2]()
        for clock in self.team.clocks:
            _ = clock.write_text("0", "utf-8")
        self._revive()

    def _work(self, over: Flag) -> None:
        started, coming = time.monotonic(), [*reversed(self.faults)]
        while not over.is_set():
            now = time.monotonic() - started
            while self.undo and self.undo[0][0] <= now:
                heappop(self.undo)[2]()
            while coming and coming[-1].at <= now:
                self._carry_out(coming.pop(), now)
            self._revive()
            _ = over.wait(_TICK)

    def _revive(self) -> None:
        for server in self.service.servers:
            if server.command and server.revive():
                self.counts["servers that ended by themselves"] += 1
        for number, running in enumerate(self.team.running):
            if running is not None and not running.is_alive():
                self.ledger.crashed("", f"controller {number} ended by itself")
                self.team.revive(number)

    def _carry_out(self, fault: Fault, now: float) -> None:
        """Do it, if its target is not in trouble already."""
        if fault.kind is Kind.HAND:
            self.counts[fault.kind] += self.hand(fault.target)
        elif fault.kind is Kind.CLOCK:
            clock = self.team.clocks[fault.target % len(self.team.clocks)]
            _ = clock.write_text(str(fault.seconds), "utf-8")
            self.counts[fault.kind] += 1
        elif fault.kind is Kind.PAUSE_WORLD:
            self._paused(fault, now, "world", [self.world.pid])
        elif fault.kind in {Kind.KILL_CONTROLLER, Kind.PAUSE_CONTROLLER}:
            self._controller(fault, now, fault.target % len(self.team.running))
        else:
            self._server(fault, now)

    def _controller(self, fault: Fault, now: float, number: int) -> None:
        running = self.team.running[number]
        if running is None or f"controller {number}" in self.busy:
            return
        if fault.kind is Kind.PAUSE_CONTROLLER:
            self._paused(fault, now, f"controller {number}", [running.pid])
            return
        self.team.running[number] = None
        running.kill()
        self._later(fault, now, f"controller {number}", lambda: self.team.revive(number))

    def _server(self, fault: Fault, now: float) -> None:
        number = fault.target % len(self.service.servers)
        if fault.kind is Kind.KILL_LEADER:
            leads = self.service.leader()
            if leads is None:
                return
            number = leads
        server, name = self.service.servers[number], f"server {number}"
        # Of a cluster, most members must be there, or nothing can be recorded: that is no fault.
        if any(each.startswith("server") for each in self.busy):
            return
        if fault.kind is Kind.FILL_DISK:
            if server.disk.fill():
                self._later(fault, now, name, server.disk.free)
        elif fault.kind is Kind.PAUSE_SERVER:
            server.pause()
            self._later(fault, now, name, server.resume)
        else:
            server.kill()
            self._later(fault, now, name, server.start)

    def _paused(self, fault: Fault, now: float, name: str, pids: list[int]) -> None:
        if name not in self.busy:
            signal_all(pids, signal.SIGSTOP)
            self._later(fault, now, name, lambda: signal_all(pids, signal.SIGCONT))

    def _later(self, fault: Fault, now: float, name: str, undo: Callable[[], None]) -> None:
        """Count a fault, and undo it after its time."""
        self.counts[fault.kind] += 1
        self.busy.add(name)

        def undone() -> None:
            self.busy.discard(name)
            undo()

        heappush(self.undo, (now + fault.seconds, next(self.numbers), undone))
