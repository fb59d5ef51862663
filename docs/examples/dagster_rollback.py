"""A Dagster job that records a monitor's verdict, and goes back if the version failed.

The policy is run config, so it can live in a YAML file, in a schedule, or in the launchpad. The
store and the world are resources: bind them to yours in ``Definitions``. ``store("prod")`` is a
store such as a `SqliteStore`, and the world has ``look()`` and ``serve(version, revision)``. Start
the job from the sensor or the schedule that watches the monitor.
"""

# Dagster's decorator for jobs has a parameter of an unknown kind, which strict checking minds.
# pyright: reportUnknownMemberType=false

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeAlias

import dagster as dg

from lastgood import Event, LastgoodError, VersionRegistry, strategy_from_dict
from lastgood.control import (
    Answer,
    Append,
    Conversation,
    Done,
    Load,
    Look,
    MarkFailed,
    MarkStable,
    Outcome,
    Seen,
    Serve,
    Wait,
    keep,
    record,
)

#: A step may be tried again without harm: what the first try did is on record.
AGAIN: Final = dg.RetryPolicy(max_retries=2)


class Store(Protocol):
    """The record of one registry, such as a `SqliteStore`."""

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        ...

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        ...


#: Opens the record of a name. Open the connection here: each op may run in its own process.
Stores: TypeAlias = Callable[[str], Store]


class World(Protocol):
    """What serves."""

    def look(self) -> Seen | None:
        """Return what serves, and for which revision."""
        ...

    def serve(self, version: str | None, revision: int, /) -> bool | None:
        """Ask for this version. Return false if something later was asked for."""
        ...


class Verdict(dg.Config):
    """What the monitor says of a version. The label is the one that the monitor watched."""

    registry: str
    version: str
    healthy: bool
    reason: str = ""
    by: str = "monitor"


class Policy(dg.Config):
    """What to do about it: the strategy, as `RollbackStrategy.to_dict` writes it."""

    strategy: dict[str, Any]
    looks: int = 3


@dg.op(retry_policy=AGAIN)
def judge(context: dg.OpExecutionContext, config: Verdict, store: dg.ResourceParam[Stores]) -> str:
    """Record the verdict; return the name of the registry."""
    kind = MarkStable if config.healthy else MarkFailed
    verdict = kind(config.version, reason=config.reason, by=config.by)
    done = had(record(verdict, VersionRegistry()), context, store(config.registry), None)
    if done.outcome is Outcome.REFUSED and config.healthy:
        context.log.warning(done.detail)  # it failed before: a person decides
    else:
        _ = succeeded(done)
    return config.registry


@dg.op(retry_policy=AGAIN)
def settle(
    context: dg.OpExecutionContext,
    config: Policy,
    store: dg.ResourceParam[Stores],
    world: dg.ResourceParam[World],
    registry: str,
) -> str:
    """Roll back if the version that must serve failed, and move the world; return the end."""
    policy, by = strategy_from_dict(config.strategy), f"dagster run {context.run_id}"
    talk = keep(policy, VersionRegistry(), looks=config.looks, by=by)
    return succeeded(had(talk, context, store(registry), world))


@dg.job
def go_back() -> None:
    """Record a verdict, then let the loop decide and act."""
    settle(judge())


def succeeded(done: Done) -> str:
    """Return why all is well; otherwise fail, and try again only if nobody has to decide."""
    if done.outcome is not Outcome.SETTLED:
        why = f"{done.outcome}: {done.detail}"
        raise dg.Failure(why, allow_retries=done.outcome is Outcome.GAVE_UP)
    return done.detail


def had(
    talk: Conversation, context: dg.OpExecutionContext, store: Store, world: World | None
) -> Done:
    """Have a conversation to its end."""
    while not isinstance(talk.wants, Done):
        try:
            answer = carried_out(talk, context, store, world)
        except LastgoodError as error:
            answer = error
        except OSError:  # and what your clients raise when it is not known whether it was done
            answer = None
        talk = talk.told(answer, now=datetime.now(UTC))
    return talk.wants


def carried_out(
    talk: Conversation, context: dg.OpExecutionContext, store: Store, world: World | None
) -> Answer:
    """Do what is wanted, and return the answer."""
    match talk.wants:
        case Load(since, fingerprint):
            return store.load(since, fingerprint)
        case Append(before, fingerprint, events, plan):
            context.log.info(plan.explain() if plan else f"the news: {len(events)}")
            return store.append(before, fingerprint, events)
        case Look() if world is not None:
            return world.look()
        case Serve(version, revision) if world is not None:
            return world.serve(version, revision)
        case Wait(seconds):
            time.sleep(seconds)
        case _:
            pass
    return None
