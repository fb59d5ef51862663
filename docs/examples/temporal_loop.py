"""A Temporal workflow for each model: its history is the record, and signals are verdicts.

A workflow must do the same when it is replayed, and so does a conversation: it has no clock, no
chance and no I/O. Two activities, ``look`` and ``serve``, are the world. Start one workflow for
each model, with the name of the model as its id: Temporal makes sure that there is only one.
"""

from datetime import timedelta
from typing import Any, Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from lastgood import Event, LastgoodError, VersionRegistry, strategy_from_dict
    from lastgood.control import (
        Answer,
        Append,
        Done,
        Load,
        Look,
        Request,
        Seen,
        Serve,
        Wait,
        keep,
    )

#: The conversation decides when to try again.
ONCE: Final = RetryPolicy(maximum_attempts=1)
TIMEOUT: Final = timedelta(seconds=30)


@workflow.defn(name="lastgood")
class Model:
    """The record of one model, and the loop that keeps the world in order."""

    @workflow.init
    def __init__(self, record: dict[str, Any], policy: dict[str, Any], every: float) -> None:
        self._registry = VersionRegistry.from_dict(record)
        self._policy = strategy_from_dict(policy)
        self._news = True
        self._ended = ""
        self._every = every

    @workflow.run
    async def run(self, record: dict[str, Any], policy: dict[str, Any], every: float) -> None:  # noqa: ARG002  # the same as above
        """Look after the model, at each news and every few seconds."""
        while not workflow.info().is_continue_as_new_suggested():
            self._news = False
            done = await self._kept()
            self._ended = f"{done.outcome}: {done.detail}"
            try:
                await workflow.wait_condition(lambda: self._news, timeout=self._every)
            except TimeoutError:
                continue
        workflow.continue_as_new(args=[self._registry.to_dict(), policy, every])

    @workflow.signal
    def tell(self, event: dict[str, Any]) -> None:
        """Record an event, such as the verdict of a monitor. What is refused is only logged."""
        try:
            self._registry = self._registry.extend([Event.from_dict(event)])
            self._news = True
        except LastgoodError as error:
            workflow.logger.warning("refused: %s", error)

    @workflow.query
    def record(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return self._registry.to_dict()

    @workflow.query
    def ended(self) -> str:
        """Return how the latest conversation ended."""
        return self._ended

    async def _kept(self) -> Done:
        talk = keep(self._policy, self._registry, by=f"workflow {workflow.info().run_id}")
        while not isinstance(talk.wants, Done):
            talk = talk.told(await self._carried_out(talk.wants), now=workflow.now())
        return talk.wants

    async def _carried_out(self, wants: Request) -> Answer:
        match wants:
            case Load(since):
                return self._registry.events[since:]
            case Append(_, fingerprint, events):
                return self._appended(fingerprint, events)
            case Look():
                return await _look()
            case Serve(version, revision):
                return await _serve(version, revision)
            case Wait(seconds):
                await workflow.sleep(seconds)
            case Done():
                pass
        return None

    def _appended(self, fingerprint: str, events: tuple[Event, ...]) -> bool:
        if self._registry.fingerprint != fingerprint:
            return False  # a signal came in between
        self._registry = self._registry.extend(events)
        return True


async def _look() -> Seen | None:
    try:
        seen: dict[str, Any] = await workflow.execute_activity(
            "look", start_to_close_timeout=TIMEOUT, retry_policy=ONCE
        )
    except ActivityError:
        return None
    return Seen(seen["version"], seen["revision"])


async def _serve(version: str | None, revision: int) -> bool | None:
    try:
        taken: bool = await workflow.execute_activity(
            "serve", args=[version, revision], start_to_close_timeout=TIMEOUT, retry_policy=ONCE
        )
    except ActivityError:
        return None
    return taken
