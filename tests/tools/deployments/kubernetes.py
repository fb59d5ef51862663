"""A Kubernetes API in memory: kmock, and the rules of the real one that it leaves out.

1. A patch with a ``resourceVersion`` that is not the newest one is a conflict, 409.
2. A change of ``spec`` counts up ``metadata.generation``; a change of anything else does not.
3. ``status`` is a subresource: each of the two endpoints ignores what belongs to the other.
4. An object takes 256 KiB of annotations; a patch that makes it more is invalid, 422.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import kmock
from aiohttp.web import StreamResponse
from typing_extensions import override

#: The kind that the operator watches, as `kubectl apply` gets it from the documentation.
CRD: Final[Mapping[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "docs/examples/kubernetes_modelservice.json").read_text("utf-8")
)
PLURAL: Final[str] = CRD["spec"]["names"]["plural"]
GROUP: Final[str] = CRD["spec"]["group"]
KIND: Final = f"{GROUP}/v1/{PLURAL}"
#: What Kubernetes takes, in bytes, keys and values of one object together.
MOST_ANNOTATIONS: Final = 256 * 1024


@attrs.define(kw_only=True)
class Kubernetes(kmock.KubernetesEmulator):
    """The API server. It counts its answers 409 and 422, and the patches that it took."""

    conflicts: int = 0
    refusals: int = 0
    patches: int = 0
    #: A patch that somebody else gets in right before the next one that is conditional.
    meanwhile: dict[str, Any] = attrs.field(factory=dict[str, Any])
    _writing: asyncio.Lock = attrs.field(factory=asyncio.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        # An operator of kopf watches these as well, and waits for ever without them.
        for known in ("apiextensions.k8s.io/v1/customresourcedefinitions", "v1/namespaces"):
            self.resources[known] = kmock.ResourceInfo(verbs={"get", "list", "watch"})
        self.resources["v1/events"] = kmock.ResourceInfo(namespaced=True, verbs={"create"})
        self.resources[KIND] = kmock.ResourceInfo(
            kind=CRD["spec"]["names"]["kind"],
            singular=CRD["spec"]["names"]["singular"],
            namespaced=True,
            verbs={"get", "list", "watch", "patch", "create"},
            subresources={"status"},
        )

    def create(self, name: str, *, version: str, annotations: Mapping[str, str]) -> None:
        """Put a new resource into the namespace ``default``."""
        self.objects[KIND, "default", name] = {
            "apiVersion": f"{GROUP}/v1",
            "kind": CRD["spec"]["names"]["kind"],
            "metadata": {
                "name": name,
                "namespace": "default",
                "resourceVersion": "1",
                "generation": 1,
                "annotations": dict(annotations),
            },
            "spec": {"version": version},
        }

    @override
    async def _handle(self, request: kmock.Request) -> StreamResponse:
        if request.action is not kmock.action.UPDATE or request.name is None:
            return await super()._handle(request)
        conditional = "resourceVersion" in request.data.get("metadata", {})
        if conditional and self.meanwhile:
            patch, self.meanwhile = self.meanwhile, {}
            async with self.patch(request.url.path, json=patch):
                pass
        async with self._writing:
            self._admit(request)
            self.patches += 1
            return await super()._handle(request)

    def _admit(self, request: kmock.Request) -> None:
        """Check a patch, and put into it what the server itself sets."""
        stored = self.objects[KIND, request.namespace, str(request.name)]
        patch: dict[str, Any] = request.data
        metadata: dict[str, Any] = patch.setdefault("metadata", {})
        expected = metadata.get("resourceVersion")
        if expected not in {None, stored["metadata"]["resourceVersion"]}:
            self.conflicts += 1
            raise kmock.KubernetesError(409, "Conflict", "the object has been modified")
        for ignored in {"spec", "status"} - ({"status"} if request.subresource else {"spec"}):
            _ = patch.pop(ignored, None)
        patch.update(_numbered(patch, stored))
        if _annotated(stored, patch) > MOST_ANNOTATIONS:
            self.refusals += 1
            raise kmock.KubernetesError(422, "Invalid", "metadata.annotations: Too long")


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


def _annotated(stored: Mapping[str, Any], patch: Mapping[str, Any]) -> int:
    """Return how many bytes of annotations the object has after the patch."""
    there = dict(stored["metadata"].get("annotations", {}))
    there.update(patch["metadata"].get("annotations", {}))
    return sum(len(f"{key}{value}".encode()) for key, value in there.items())
