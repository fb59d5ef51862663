"""A proxy on loopback that loses, delays and repeats what goes through it.

1. What happens to the n-th connection of a route is a function of the seed.
2. A request may never arrive, or arrive and be answered to nobody; either may come late. A lost
   answer ends the connection, at once or after a while, as TCP does.
3. All that a client sent on a connection may be sent once more, some time later, on a connection of
   its own: it arrives twice, or only then.
4. `SIGUSR1` ends the trouble. What was done is in the file of counts from then on.
"""

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final

import attrs

#: What of a connection is sent once more: no more bytes than that.
MOST: Final = 1 << 16

REQUEST_LOST: Final = "requests dropped"
ANSWER_LOST: Final = "answers dropped"
REQUEST_LATE: Final = "requests delayed"
ANSWER_LATE: Final = "answers delayed"
REPEATED: Final = "requests repeated later"
KINDS: Final = (REQUEST_LOST, ANSWER_LOST, REQUEST_LATE, ANSWER_LATE, REPEATED)


@attrs.frozen
class Route:
    """A port to listen on, and the port of a server.

    Args:
        listen: The port of the proxy.
        target: The port of the server.
        odds: How likely each of the first four kinds is for something that a client sends.
        repeats: How likely a connection is repeated.
    """

    listen: int
    target: int
    odds: tuple[float, float, float, float]
    repeats: float


@attrs.define
class Proxy:
    """What goes on in the process of the proxy."""

    seed: int
    counts: Path
    counter: Counter[str] = attrs.field(factory=Counter[str])
    calm: bool = False
    tasks: set[asyncio.Task[None]] = attrs.field(factory=set[asyncio.Task[None]])

    async def serve(self, routes: tuple[Route, ...]) -> None:
        """Listen on all routes, for ever."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.end)
        servers = [await self._listen(number, route) for number, route in enumerate(routes)]
        _ = await asyncio.gather(*(server.serve_forever() for server in servers))

    def end(self) -> None:
        """End the trouble."""
        self.calm = True
        _ = self.counts.write_text(json.dumps(self.counter), "utf-8")

    async def _listen(self, number: int, route: Route) -> asyncio.Server:
        connections = 0

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            chance = Random(f"{self.seed} route {number} connection {connections}")  # noqa: S311  # a course, no secret
            with suppress(OSError):
                await Passage(self, route, chance, reader, writer).run()

        return await asyncio.start_server(accept, "127.0.0.1", route.listen, backlog=100)

    def count(self, kind: str) -> None:
        """Count what was done."""
        self.counter[kind] += 1

    def later(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


@attrs.define
class Passage:
    """One connection that goes through the proxy."""

    proxy: Proxy
    route: Route
    chance: Random
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sent: bytearray = attrs.field(factory=bytearray)
    answer_lost: bool = False
    answer_late: float = 0.0

    async def run(self) -> None:
        """Carry what both sides send, until one of them ends, or the connection is cut."""
        try:
            answers, server = await asyncio.open_connection("127.0.0.1", self.route.target)
        except OSError:
            self.writer.close()
            return
        both = [
            asyncio.create_task(self._requests(server)),
            asyncio.create_task(self._answers(answers)),
        ]
        _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            _ = task.cancel()
        _ = await asyncio.gather(*both, return_exceptions=True)
        for each in (self.writer, server):
            each.close()
        repeats = self.chance.random() < self.route.repeats and not self.proxy.calm
        if repeats and 0 < len(self.sent) <= MOST:
            self.proxy.count(REPEATED)
            self.proxy.later(self._repeat(self.chance.uniform(0.2, 8)))

    async def _requests(self, server: asyncio.StreamWriter) -> None:
        while data := await self.reader.read(1 << 16):
            if len(self.sent) <= MOST:
                self.sent += data
            kind = "" if self.proxy.calm else self._drawn()
            if kind:
                self.proxy.count(kind)
            if kind == REQUEST_LOST:
                return
            if kind == REQUEST_LATE:
                await asyncio.sleep(self.chance.uniform(0.05, 2))
            self.answer_lost = self.answer_lost or kind == ANSWER_LOST
            if kind == ANSWER_LATE:
                self.answer_late = self.chance.uniform(0.05, 2)
            server.write(data)
            await server.drain()

    async def _answers(self, answers: asyncio.StreamReader) -> None:
        while data := await answers.read(1 << 16):
            if self.answer_lost:
                if self.chance.random() < 0.3:
                    await asyncio.sleep(self.chance.uniform(0.5, 3))
                return
            late, self.answer_late = self.answer_late, 0.0
            await asyncio.sleep(late)
            self.writer.write(data)
            await self.writer.drain()

    def _drawn(self) -> str:
        drawn = self.chance.random()
        for kind, odds in zip(KINDS, self.route.odds, strict=False):
            drawn -= odds
            if drawn < 0:
                return kind
        return ""

    async def _repeat(self, seconds: float) -> None:
        """Send what was sent once more; nobody waits for the answer."""
        await asyncio.sleep(seconds)
        with suppress(OSError, TimeoutError):
            answers, server = await asyncio.open_connection("127.0.0.1", self.route.target)
            try:
                async with asyncio.timeout(3):
                    server.write(self.sent)
                    while await answers.read(1 << 16):
                        pass
            finally:
                server.close()


def run(routes: tuple[Route, ...], *, seed: int, counts: Path) -> None:
    """Be the proxy, in a process of its own, until it is killed."""
    asyncio.run(Proxy(seed, counts).serve(routes))
