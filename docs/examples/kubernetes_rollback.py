"""An operator that moves a custom resource back when its version failed.

It watches resources of the kind ``ModelService``. Another controller deploys the version that
``spec.version`` names and reports in ``status.conditions`` how that went. This operator records
what happened. When the version in ``spec.version`` failed, it writes the version to go back to.

It changes ``spec.version`` in this case only. A version that a person or a tool put there is an
observation and not a verdict: it stays, whatever was rolled back before, unless it failed.

Run it with ``kopf run --standalone --all-namespaces docs/examples/kubernetes_rollback.py``. The
kind is in ``kubernetes_modelservice.yaml``, for ``kubectl apply -f``.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import aiohttp
import attrs
import kopf
from typing_extensions import override

from lastgood import (
    Event,
    InvalidData,
    LastStable,
    RollbackStrategy,
    Status,
    VersionRegistry,
    from_entries,
    to_entries,
)
from lastgood.control import (
    Answer,
    Append,
    Change,
    Conversation,
    Done,
    Load,
    Look,
    MarkFailed,
    Outcome,
    Seen,
    Serve,
    Wait,
    keep,
    record,
)
from lastgood.rules import Budget

GROUP: Final = "lastgood.example"
PLURAL: Final = "modelservices"

#: The annotation in which the record is kept. Kubernetes takes 256 KiB of annotations an object.
RECORD: Final = f"{GROUP}/record"

#: The annotation that says for which revision the version in the spec was asked: ``v1.0@7``.
ASKED: Final = f"{GROUP}/asked"

#: A person gives a failed version another chance with this annotation, whose value is the label.
REINSTATE: Final = f"{GROUP}/reinstate"

#: Reasons of the condition ``Ready`` that are final. Others, such as ``Progressing``, may pass.
FINAL: Final = frozenset({"ProgressDeadlineExceeded", "ModelLoadFailed"})

#: After two rollbacks in a row the cause is probably not the version: then a person decides.
STRATEGY: Final[RollbackStrategy] = LastStable().where(Budget(2))

#: After these errors it is not known whether something was done.
NOT_KNOWN: Final = (aiohttp.ClientError, OSError)

#: What the API server says of an object that is too large, and what etcd says behind it.
TOO_LARGE: Final = ("Too long: must have at most", "too large", "larger than max")

#: What to do when the record does not fit in the object any more.
BEGIN_ANEW: Final = (
    "nothing is recorded or moved until it fits. Keep a copy, and begin a new record: "
    "kubectl get modelservice {name} -o json > {name}.json && "
    f"kubectl annotate modelservice {{name}} {RECORD}- {ASKED}-"
)

Body: TypeAlias = Mapping[str, Any]


class Later(Exception):
    """There is nothing to do now. Another event of the object says how it goes on."""


class RollingOut(Later):
    """The version that must serve comes up. Whether it does is another event."""


class DoesNotFit(Exception):
    """The object would be too large for the API server, which changed nothing."""


def connect() -> aiohttp.ClientSession:
    """Return a session with the credentials of the pod, or else of the kubeconfig.

    They are read again each time, because Kubernetes renews the token of a pod every hour.
    """
    settings = kopf.OperatorSettings()
    info = kopf.login_with_service_account(settings=settings)
    info = info or kopf.login_with_kubeconfig(settings=settings)
    if info is None:
        raise kopf.LoginError("there is neither a service account nor a kubeconfig")
    return aiohttp.ClientSession(
        f"{info.server.rstrip('/')}/",
        connector=aiohttp.TCPConnector(ssl=info.as_ssl_context()),
        headers=info.as_http_headers(),
        timeout=aiohttp.ClientTimeout(total=10, connect=5),
    )


@attrs.define(eq=False)
class ModelService:
    """An object: the store and the world at once, because the record stands beside the spec.

    Each write names the ``resourceVersion`` of the object that was read last. So it rests on that,
    and is refused by the API server if anybody else wrote since.

    Args:
        connect: Returns a new session, with timeouts.
        path: The path of the object on the API server, without a slash before it.
        shown: The object as a watch showed it: then all rests on this. `None` to read it each time.
    """

    connect: Callable[[], aiohttp.ClientSession]
    path: str
    shown: Body | None = None
    #: The object as it was read last.
    body: Body = attrs.field(factory=dict[str, Any], init=False)
    #: The rollback that was decided here, in words.
    decision: str = attrs.field(default="", init=False)

    async def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        entries = entries_of(await self.read())
        if since and not entries:
            raise InvalidData(self.path, f"its {since} events are gone")
        events = from_entries(entries)
        known = bool(since) and since <= len(events) and entries[since - 1]["fingerprint"]
        return events[since:] if known == fingerprint else events

    async def append(self, _before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing.

        If they make another version current, the same patch asks for it.

        Raises:
            DoesNotFit: The object would be too large.
        """
        if not self.body or registry_of(self.body).fingerprint != fingerprint:
            _ = await self.read()
        if registry_of(self.body).fingerprint != fingerprint:
            return False
        return await self._patch(longer(self.body, fingerprint, events))

    async def look(self) -> Seen:
        """Return which version serves, and for which revision it was asked.

        Raises:
            RollingOut: It comes up.
        """
        return seen(await self.read())

    async def serve(self, version: str | None, revision: int, /) -> bool | None:
        """Ask for this version, unless a later revision was asked for."""
        before = asked(self.body)
        if before is not None and before[1] >= revision and before != (version, revision):
            return False
        if version is None:
            return True  # A ModelService cannot be asked for nothing.
        if (self.body["spec"]["version"], before) == (version, (version, revision)):
            return True
        patch = {"metadata": {"annotations": {ASKED: f"{version}@{revision}"}}}
        return await self._patch({**patch, "spec": {"version": version}}) or None

    async def forget(self, annotation: str) -> None:
        """Remove an annotation that was dealt with."""
        if annotation in annotations_of(self.body):
            _ = await self._patch({"metadata": {"annotations": {annotation: None}}})

    async def tell(self, outcome: str, detail: str) -> None:
        """Write into the status how things are, if it does not say so already."""
        said = {"outcome": outcome, "detail": detail}
        if self.decision:
            said["decision"] = self.decision
        there = self.body.get("status", {}).get("rollback", {"outcome": "settled", "detail": ""})
        if any(there.get(key) != text for key, text in said.items()):
            _ = await self._ask("PATCH", "/status", {"status": {"rollback": said}})

    async def read(self) -> Body:
        """Return the object."""
        self.body = self.shown or await self._ask("GET")
        return self.body

    async def _patch(self, patch: dict[str, Any]) -> bool:
        """Change the object that was read last; return whether it was still so.

        Raises:
            Later: It was another one than the watch had shown. The watch will show it.
        """
        patch["metadata"]["resourceVersion"] = self.body["metadata"]["resourceVersion"]
        try:
            self.body = await self._ask("PATCH", "", patch)
        except aiohttp.ClientResponseError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
            if self.shown is None:
                return False
            raise Later("the object was changed") from error
        self.shown = self.shown and self.body
        return True

    async def _ask(self, method: str, what: str = "", patch: object = None) -> Body:
        kind = {"Content-Type": "application/merge-patch+json"}
        data = None if patch is None else json.dumps(patch)
        async with (
            self.connect() as session,
            session.request(method, self.path + what, data=data, headers=kind) as answer,
        ):
            if answer.status == HTTPStatus.NOT_FOUND:
                raise Later("the object was deleted")
            said = await answer.text()
            if not answer.ok and any(words in said for words in TOO_LARGE):
                raise DoesNotFit(json.loads(said)["message"])
            answer.raise_for_status()
        found: Body = json.loads(said)
        return found


@attrs.frozen
class Shown(Change):
    """What the object shows: which version is wanted, how it does, and what a person asks for."""

    service: ModelService

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return take_over(registry, self.service.body, at)


async def converse(talk: Conversation, service: ModelService) -> Done:
    """Have a conversation to its end, and return how it ended."""
    while not isinstance(talk.wants, Done):
        answer: Answer = None
        try:
            match talk.wants:
                case Load(since, fingerprint):
                    answer = await service.load(since, fingerprint)
                case Append(before, fingerprint, events, plan):
                    answer = await service.append(before, fingerprint, events)
                    service.decision = plan.explain() if answer and plan else service.decision
                case Look():
                    answer = await service.look()
                case Serve(version, revision):
                    answer = await service.serve(version, revision)
                case Wait(seconds):
                    await asyncio.sleep(seconds)
        except InvalidData as error:
            answer = error
        except NOT_KNOWN:
            answer = None
        talk = talk.told(answer, now=datetime.now(UTC))
    return talk.wants


@kopf.on.event(GROUP, "v1", PLURAL)
async def react(
    event: kopf.RawEvent, namespace: str | None, name: str, logger: kopf.Logger, **_: object
) -> None:
    """Record what the object shows, leave a version that failed, and say how things are."""
    if event["type"] == "DELETED":
        return
    path = f"apis/{GROUP}/v1/namespaces/{namespace}/{PLURAL}/{name}"
    service = ModelService(connect, path, event["object"])
    try:
        outcome, detail = await settle(service)
        if outcome != Outcome.SETTLED:
            logger.warning("%s: %s", outcome, detail)
        await service.tell(outcome, detail)
    except Later as why:
        logger.debug("nothing to do now: %s", why)
    except (DoesNotFit, *NOT_KNOWN) as error:
        logger.warning("the status was not written: %s", error)


async def settle(service: ModelService) -> tuple[str, str]:
    """Record what the object shows and keep it in order; return how that ended, and why.

    Raises:
        Later: The object was changed or deleted meanwhile.
    """
    nothing = VersionRegistry()
    try:
        done = await converse(record(Shown(service), nothing), service)
        if done.outcome is Outcome.SETTLED:
            await service.forget(REINSTATE)
            keeping = keep(STRATEGY, nothing, looks=1, follow=True, by="operator")
            done = await converse(keeping, service)
    except RollingOut:
        return Outcome.SETTLED, ""
    except DoesNotFit as error:
        return "does_not_fit", f"{error}; {BEGIN_ANEW.format(name=service.path.split('/')[-1])}"
    return done.outcome, "" if done.outcome is Outcome.SETTLED else done.detail


async def alarm(service: ModelService, version: str, reason: str) -> Done:
    """Record a monitor's verdict on a version. The operator leaves the version then."""
    verdict = MarkFailed(version, reason=reason, by="monitor")
    return await converse(record(verdict, VersionRegistry()), service)


def annotations_of(body: Body) -> Mapping[str, str]:
    """Return the annotations of an object, which need not have any."""
    found: Mapping[str, str] = body["metadata"].get("annotations", {})
    return found


def entries_of(body: Body) -> list[dict[str, Any]]:
    """Return the record that an object carries, after checking it.

    Raises:
        InvalidData: It is damaged, or was written by a later release.
    """
    try:
        entries: list[dict[str, Any]] = json.loads(annotations_of(body).get(RECORD, "[]"))
        _ = from_entries(entries)
    except (TypeError, ValueError) as error:
        raise InvalidData(RECORD, str(error)) from error
    return entries


def registry_of(body: Body) -> VersionRegistry:
    """Return the registry that an object carries."""
    return VersionRegistry.replay(from_entries(entries_of(body)))


def longer(body: Body, fingerprint: str, events: tuple[Event, ...]) -> dict[str, Any]:
    """Return the patch that adds events to the record, and asks for what they make current.

    It leaves a version alone that somebody put into the spec and that is not on record yet.
    """
    entries = [*entries_of(body), *to_entries(events, after=fingerprint)]
    annotations: dict[str, str | None] = {RECORD: json.dumps(entries, separators=(",", ":"))}
    patch: dict[str, Any] = {"metadata": {"annotations": annotations}}
    if any(event.kind == "reinstated" for event in events):
        annotations[REINSTATE] = None  # in the same patch: a later failure must count again
    known = registry_of(body)
    registry, wanted = known.extend(events), body["spec"]["version"]
    revision = registry.deployments[-1].revision if registry.current else 0
    before = asked(body)
    is_further = before is not None and before[1] >= revision
    if revision > known.revision and wanted in {known.current, registry.current} and not is_further:
        annotations[ASKED] = f"{registry.current}@{revision}"
        patch["spec"] = {"version": registry.current}
    return patch


def asked(body: Body) -> tuple[str, int] | None:
    """Return the version that was asked for last, and for which revision."""
    version, _, revision = annotations_of(body).get(ASKED, "").rpartition("@")
    return (version, int(revision)) if revision.isdecimal() else None


def seen(body: Body) -> Seen:
    """Return which version serves, and for which revision it was asked.

    Raises:
        RollingOut: The version that must serve comes up.
    """
    wanted, before = body["spec"]["version"], asked(body)
    revision = 0 if before is None else before[1] if before[0] == wanted else None
    condition = ready(body)
    is_up = condition is not None and condition["status"] == "True"
    is_over = is_up or (condition is not None and condition["reason"] in FINAL)
    if not is_over and revision and wanted == registry_of(body).current:
        raise RollingOut(wanted)
    return Seen(wanted if is_up or not is_over else None, revision)


def take_over(
    registry: VersionRegistry, body: Body, now: datetime | None = None
) -> VersionRegistry:
    """Record what the object shows: which version is wanted, and how it does."""
    label, again = body["spec"]["version"], annotations_of(body).get(REINSTATE, "")
    if again in registry:
        registry = registry.reinstate(again, reason="annotation of the resource", at=now)
    before = asked(body)
    if label not in registry:
        registry = registry.register(label, at=now).deploy(label, at=now)
    elif before is None or before[0] != label:  # A person or a tool put it there.
        registry = registry.observe(label, reason="spec.version was changed", at=now)
    return judge(registry, label, ready(body), now)


def ready(body: Body) -> Body | None:
    """Return the condition ``Ready``, if it is about this spec and not about the one before."""
    conditions: list[Body] = body.get("status", {}).get("conditions", [])
    for condition in conditions:
        observed = condition.get("observedGeneration")
        if condition["type"] == "Ready" and observed == body["metadata"]["generation"]:
            return condition
    return None


def judge(
    registry: VersionRegistry, label: str, condition: Body | None, now: datetime | None
) -> VersionRegistry:
    """Turn the condition into a verdict, if it is news.

    A version that was gone back to gets none: if it does not come up either, look at the cluster.
    """
    if condition is None or registry.current != label:
        return registry
    status, kind = registry[label].status, registry.deployments[-1].kind
    reason, by = condition["reason"], "condition Ready"
    if condition["status"] == "True" and status is Status.UNPROVEN:
        return registry.mark_stable(label, reason=reason, by=by, at=now)
    has_failed = condition["status"] == "False" and reason in FINAL and kind != "rolled_back"
    if has_failed and not status.is_bad:
        why = f"{reason}: {condition['message']}"
        return registry.mark_failed(label, reason=why, by=by, at=now)
    return registry
