"""The world: a process that serves versions, which compares revisions and logs every move.

1. It does not know the record. It is asked for a version with a revision, over TCP.
2. It refuses an older revision than the one that it follows, and another version at the same one.
   Without the fence it takes every request: that is a fault which the judge must find.
3. A version comes up after a while, or never, as the course says. A person moves it without a
   revision.
"""

import json
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Lock
from typing import Any, Final

import attrs
from typing_extensions import override

from lastgood.control import Seen
from tests.tools.chaos.course import Fate, Model

#: How long a controller waits for an answer of the world, in seconds.
PATIENCE: Final = 2.0


@attrs.define
class Service:
    """What serves one model.

    Args:
        model: What becomes of its versions.
        fence: Whether it compares revisions.
    """

    model: Model
    fence: bool
    asked: str | None = None
    noted: str | None = None
    revision: int = 0
    serving: str | None = None
    up_at: float = 0.0

    def look(self, now: float) -> Seen:
        """Return what serves, and for which revision."""
        self._settle(now)
        return Seen(self.serving, self.revision if self.noted == self.asked else None)

    def serve(self, version: str | None, revision: int, now: float) -> bool | None:
        """Serve a version; return whether this moved the world, `None` if it was refused."""
        if self.fence and revision < self.revision:
            return None
        if self.fence and revision == self.revision and version != self.noted:
            return None
        is_new = (version, revision) != (self.noted, self.revision) or self.asked != version
        self.noted, self.revision = version, revision
        if is_new:
            self.ask(version, now)
        return is_new

    def ask(self, version: str | None, now: float) -> None:
        """Begin to serve a version, or nothing. The note of what was asked for stays as it is."""
        self._settle(now)
        self.asked = version
        if version is None:
            self.serving, self.up_at = None, now
        elif version != self.serving:
            update = self.model.fate(version)
            self.up_at = float("inf") if update.fate is Fate.NEVER_UP else now + update.comes_up
            self.serving = None if update.gone else self.serving

    def _settle(self, now: float) -> None:
        if now >= self.up_at:
            self.serving = self.asked


@attrs.frozen
class World:
    """All services, and the log of what moved them."""

    services: Mapping[str, Service]
    log: Path
    lock: Lock = attrs.field(factory=Lock)

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Look, serve, or do what a person does."""
        service = self.services[question["model"]]
        with self.lock:
            now = time.monotonic()
            if question["do"] == "look":
                return attrs.asdict(service.look(now))
            version, revision = question["version"], question.get("revision")
            if question["do"] == "hand":
                service.ask(version, now)
                moved: bool | None = True
            else:
                moved = service.serve(version, int(question["revision"]), now)
            if moved is not False:
                self._write(at=now, moved=bool(moved), **{**question, "revision": revision})
        return {"taken": moved is not None}

    def _write(self, **line: object) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            _ = log.write(f"{json.dumps(line)}\n")


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 100


def run(models: tuple[Model, ...], *, fence: bool, port: int, log: Path) -> None:
    """Be the world, in a process of its own, until it is killed."""
    world = World({model.name: Service(model, fence) for model in models}, log)

    class Handler(StreamRequestHandler):
        @override
        def handle(self) -> None:
            try:
                asked = self.rfile.readline()
                if asked.endswith(b"\n"):
                    _ = self.wfile.write(json.dumps(world.answer(json.loads(asked))).encode())
            except OSError:  # nobody waits for the answer any more
                return

    with _Server(("127.0.0.1", port), Handler) as server:
        server.serve_forever()


@attrs.frozen
class Remote:
    """One model of the world, asked over TCP: each request has a connection of its own."""

    port: int
    model: str

    def look(self) -> Seen:
        """Return what serves."""
        return Seen(**self._ask(do="look"))

    def serve(self, version: str | None, revision: int, /) -> bool:
        """Ask for this version."""
        return bool(self._ask(do="serve", version=version, revision=revision)["taken"])

    def hand(self, version: str) -> None:
        """Do what a person does who does not know of revisions."""
        _ = self._ask(do="hand", version=version)

    def _ask(self, **question: object) -> dict[str, Any]:
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(f"{json.dumps({**question, 'model': self.model})}\n".encode())
            with connection.makefile("rb") as file:
                said = file.read()
        if not said:
            raise ConnectionResetError
        answer: dict[str, Any] = json.loads(said)
        return answer
