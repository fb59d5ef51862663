"""A Kubernetes API in memory: kmock, and the rules of the real one that it leaves out.

1. A patch with a ``resourceVersion`` that is not the newest one is a conflict, 409.
2. A change of ``spec`` counts up ``metadata.generation``; a change of anything else does not.
3. ``status`` is a subresource: each of the two endpoints ignores what belongs to the other.
4. An object takes 256 KiB of annotations; a patch that makes it more is invalid, 422.
5. etcd takes 1.5 MiB; a patch that makes the object larger is an error, 500. Here the limit is half
   of that, because kmock reads requests of 1 MiB at most.
"""

import asyncio
import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from threading import Event
from typing import Any, Final, cast

import attrs
import kmock
from aiohttp.web import StreamResponse
from typing_extensions import override

from tests.tools.deployments.kinds.server import free_port
from tests.tools.deployments.kubernetes.gate import Gate, InThread, listen
from tests.tools.deployments.kubernetes.manifest import CRD, KIND, NAME
from tests.tools.deployments.kubernetes.served import Served

#: What Kubernetes takes, in bytes, keys and values of one object together.
MOST_ANNOTATIONS: Final = 256 * 1024
#: What is taken here, in bytes of one object.
_MOST: Final = 768 * 1024

#: The request that is handled, in the task that handles it.
_HANDLED: Final[ContextVar[kmock.Request]] = ContextVar("_HANDLED")


@attrs.define(kw_only=True)
class Kubernetes(kmock.KubernetesEmulator):
    """The API server."""

    _writing: asyncio.Lock = attrs.field(factory=asyncio.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        # An operator of kopf watches these as well, and waits for ever without them.
        for known in ("apiextensions.k8s.io/v1/customresourcedefinitions", "v1/namespaces"):
            self.resources[known] = kmock.ResourceInfo(verbs={"get", "list", "watch"})
        self.resources["v1/events"] = kmock.ResourceInfo(namespaced=True, verbs={"create"})
        self.resources[KIND] = kmock.ResourceInfo(
            kind=NAME,
            singular=CRD["spec"]["names"]["singular"],
            namespaced=True,
            verbs={"get", "list", "watch", "patch", "create"},
            subresources={"status"},
        )

    @override
    def __iter__(self) -> Iterator[kmock.Request]:
        # kmock looks through all requests that it ever had, for each one, and grows slow with them.
        yield _HANDLED.get()

    @override
    async def _handle(self, request: kmock.Request) -> StreamResponse:
        _ = _HANDLED.set(request)
        if request.action is kmock.action.CREATE and request.data.get("kind") == NAME:
            request.data["metadata"] |= {"resourceVersion": "1", "generation": 1}
        if request.action is not kmock.action.UPDATE or request.name is None:
            return await super()._handle(request)
        async with self._writing:
            self._admit(request)
            return await super()._handle(request)

    def _admit(self, request: kmock.Request) -> None:
        """Check a patch, and put into it what the server itself sets."""
        stored = self.objects[KIND, request.namespace, str(request.name)]
        patch: dict[str, Any] = request.data
        metadata: dict[str, Any] = patch.setdefault("metadata", {})
        expected = metadata.get("resourceVersion")
        if expected not in {None, stored["metadata"]["resourceVersion"]}:
            raise kmock.KubernetesError(409, "Conflict", "the object has been modified")
        for ignored in {"spec", "status"} - ({"status"} if request.subresource else {"spec"}):
            _ = patch.pop(ignored, None)
        patch.update(_numbered(patch, stored))
        after = _merged(stored.raw, patch)
        annotations: Mapping[str, str] = after["metadata"].get("annotations", {})
        if (
            sum(len(f"{key}{text}".encode()) for key, text in annotations.items())
            > MOST_ANNOTATIONS
        ):
            said = f"metadata.annotations: Too long: must have at most {MOST_ANNOTATIONS} bytes"
            raise kmock.KubernetesError(422, "Invalid", said)
        if len(json.dumps(after)) > _MOST:
            raise kmock.KubernetesError(500, "InternalError", "etcdserver: request is too large")


def _numbered(patch: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the patch with the version of the resource, and of its ``spec``, counted up."""
    before = stored["metadata"]
    changed = any(stored["spec"].get(key) != value for key, value in patch.get("spec", {}).items())
    metadata = {
        **patch.get("metadata", {}),
        "resourceVersion": str(int(before["resourceVersion"]) + 1),
        "generation": before["generation"] + changed,
    }
    return {**patch, "metadata": metadata}


def _merged(there: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a merge patch makes of an object."""
    merged = dict(there)
    for key, value in patch.items():
        if isinstance(value, dict):
            merged[key] = _merged(there.get(key) or {}, cast("dict[str, Any]", value))
        elif value is None:
            _ = merged.pop(key, None)
        else:
            merged[key] = value
    return merged


@contextmanager
def in_memory() -> Generator[Served]:
    """Serve the API from memory, behind a gate."""
    port = free_port()
    gate = Gate("")

    loops = list[asyncio.AbstractEventLoop]()

    async def main(stop: asyncio.Event, ready: Event) -> None:
        loops.append(asyncio.get_running_loop())
        async with Kubernetes() as server, kmock.Server(server):
            gate.upstream = str(server.url).rstrip("/")
            runner = await listen(gate, port, None)
            ready.set()
            _ = await stop.wait()
            await runner.cleanup()

    with InThread(main):
        cut = partial(loops[0].call_soon_threadsafe, gate.cut)
        yield Served(gate, f"http://127.0.0.1:{port}", restart=cut, most=_MOST)
