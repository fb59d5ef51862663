"""What stands before an API server: it passes everything on, and counts what was refused.

The API server for custom resources runs alone, so the gate also answers what the server in front of
it would: which groups there are, and that an event of the operator was taken.
"""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from threading import Event, Thread
from typing import Any, Final

import attrs
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, web

from tests.tools.deployments.kubernetes.manifest import GROUP

#: The path under which operators find the server, as behind a proxy of many clusters.
PREFIX: Final = "/clusters/one"
#: What a client is answered that asks which groups there are.
_GROUPS: Final = [
    {
        "name": group,
        "versions": [{"groupVersion": f"{group}/v1", "version": "v1"}],
        "preferredVersion": {"groupVersion": f"{group}/v1", "version": "v1"},
    }
    for group in (GROUP, "apiextensions.k8s.io")
]
_CORE: Final = [
    {"name": "namespaces", "kind": "Namespace", "namespaced": False, "verbs": ["list", "watch"]},
    {"name": "events", "kind": "Event", "namespaced": True, "verbs": ["create"]},
]
_DISCOVERY: Final[dict[str, dict[str, Any]]] = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "groups": _GROUPS},
    "/api/v1": {
        "kind": "APIResourceList",
        "resources": [{**resource, "singularName": ""} for resource in _CORE],
    },
}
#: Headers that are about one connection.
_OWN: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})


@attrs.define(eq=False)
class Gate:
    """The gate. Its counts and its hooks may be used by any thread.

    Args:
        upstream: Where the API server listens.
        discovery: Whether it answers which groups there are.
    """

    upstream: str
    discovery: bool = False
    #: How many patches were taken, and how many answers were 409 and 422 or 500.
    patches: int = attrs.field(default=0, init=False)
    conflicts: int = attrs.field(default=0, init=False)
    refusals: int = attrs.field(default=0, init=False)
    #: The objects after each patch.
    history: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]], init=False)
    #: What somebody else does right before the next conditional patch.
    meanwhile: Callable[[], None] | None = attrs.field(default=None, init=False)
    #: How many answers to conditional patches are lost from now on.
    lost: int = attrs.field(default=0, init=False)
    #: The connections on which an answer is under way.
    _open: set[asyncio.Transport] = attrs.field(factory=set[asyncio.Transport], init=False)

    def cut(self) -> None:
        """Cut all connections, from the loop in which they are."""
        for transport in self._open:
            transport.abort()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Pass a request on, and its answer back."""
        assert request.transport is not None
        self._open.add(request.transport)
        try:
            return await self._handled(request)
        finally:
            self._open.discard(request.transport)

    async def _handled(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        if self.discovery and request.method == "GET" and path in _DISCOVERY:
            return web.json_response(_DISCOVERY[path])
        if self.discovery and path.startswith("/api/"):
            return web.json_response(await request.json(), status=HTTPStatus.CREATED)
        body, is_patch = await request.read(), request.method == "PATCH"
        is_conditional = is_patch and b'"resourceVersion"' in body
        if is_conditional and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await asyncio.to_thread(meanwhile)
        headers = {key: value for key, value in request.headers.items() if key.lower() not in _OWN}
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=None), auto_decompress=False) as session,
                session.request(
                    request.method,
                    self.upstream + request.path_qs.removeprefix(PREFIX),
                    data=body or None,
                    headers=headers,
                    ssl=False,
                ) as answer,
            ):
                if is_patch:
                    self._count(answer.status)
                    if answer.ok:
                        self.history.append(await answer.json())
                    if self.lost and is_conditional and answer.ok:
                        self.lost -= 1
                        return _cut(request)
                passed = {
                    key: value for key, value in answer.headers.items() if key.lower() not in _OWN
                }
                response = web.StreamResponse(status=answer.status, headers=passed)
                _ = await response.prepare(request)
                if is_patch:
                    await response.write(await answer.read())
                async for chunk, _ in answer.content.iter_chunks():
                    await response.write(chunk)
                return response
        except ClientConnectionError:
            return _cut(request)

    def _count(self, status: int) -> None:
        if status == HTTPStatus.OK:
            self.patches += 1
        elif status == HTTPStatus.CONFLICT:
            self.conflicts += 1
        else:
            self.refusals += 1


def _cut(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def listen(gate: Gate, port: int, tls: ssl.SSLContext | None) -> web.AppRunner:
    """Let the gate listen on a port of loopback."""
    app = web.Application(client_max_size=16 * 1024 * 1024)
    _ = app.router.add_route("*", "/{path:.*}", gate.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
    return runner


@attrs.define(eq=False)
class InThread:
    """A coroutine function that runs in a loop and a thread of its own, between two moments."""

    main: Callable[[asyncio.Event, Event], Coroutine[Any, Any, None]]
    _loop: asyncio.AbstractEventLoop = attrs.field(factory=asyncio.new_event_loop, init=False)
    _stop: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    _ready: Event = attrs.field(factory=Event, init=False)
    _thread: Thread = attrs.field(init=False)

    def __enter__(self) -> None:
        """Start, and wait until it is ready."""
        self._thread = Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(60), "it did not start"

    def __exit__(self, *raised: object) -> None:
        """Stop, and wait until it has ended."""
        _ = self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self.main(self._stop, self._ready))
        finally:
            self._loop.close()
