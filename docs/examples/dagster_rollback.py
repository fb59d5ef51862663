"""A Dagster job that records a monitor's verdict, and rolls back if the version failed.

The policy is run config, so it can live in a YAML file, in a schedule, or in the launchpad. The
store and the world are resources: see ``controller.py``. Bind them to yours in ``Definitions``, and
start the job from the sensor or the schedule that watches the monitor.
"""

# Dagster's decorator for jobs has a parameter of an unknown kind, which strict checking minds.
# pyright: reportUnknownMemberType=false

from datetime import UTC, datetime
from typing import Any, Final

import dagster as dg

from docs.examples.controller import Stores, World, load, record
from docs.examples.controller import reconcile as move
from lastgood import (
    IllegalTransition,
    NoRollbackTarget,
    Status,
    VersionRegistry,
    strategy_from_dict,
)

#: A step may be tried again without harm: what the first try did is on record.
AGAIN: Final = dg.RetryPolicy(max_retries=2)


class Verdict(dg.Config):
    """What the monitor says of a version. The label is the one that the monitor watched."""

    registry: str
    version: str
    healthy: bool
    reason: str = ""
    by: str = "monitor"


class Policy(dg.Config):
    """What to do about it, as `RollbackStrategy.to_dict` writes it."""

    strategy: dict[str, Any]


@dg.op(retry_policy=AGAIN)
def judge(config: Verdict, store: dg.ResourceParam[Stores]) -> dict[str, str]:
    """Record the verdict; return the names of the registry and of the version."""
    _ = record(store, config.registry, lambda known: judged(known, config))
    return {"registry": config.registry, "version": config.version}


@dg.op(retry_policy=AGAIN)
def decide(
    context: dg.OpExecutionContext,
    config: Policy,
    store: dg.ResourceParam[Stores],
    about: dict[str, str],
) -> str:
    """Record the rollback if one is needed and nobody else did; return the name of the registry."""
    strategy, leaving = strategy_from_dict(config.strategy), about["version"]

    def back(known: VersionRegistry) -> VersionRegistry:
        if known.current != leaving or not known.needs_rollback:
            return known  # done, by somebody else or by our own first try; or never needed
        now = datetime.now(UTC)
        plan = strategy.plan(known.with_clock(now), leaving=leaving)
        context.log.info(plan.explain())
        return known.roll_back(plan, by=f"dagster run {context.run_id}", at=now)

    try:
        _ = record(store, about["registry"], back)
    except NoRollbackTarget as error:  # trying again will not help: a person decides
        raise dg.Failure(error.explain(), allow_retries=False) from error
    return about["registry"]


@dg.op(retry_policy=AGAIN)
def serve(
    store: dg.ResourceParam[Stores], world: dg.ResourceParam[World], registry: str
) -> str | None:
    """Move the world to the version on record, and check it; return what serves now."""
    if not move(store, world, registry):
        wanted = load(store, registry).current
        raise dg.Failure(f"{wanted} is to serve and does not come up; no verdict was recorded")
    return world.serving()


@dg.job
def go_back() -> None:
    """Record a verdict, decide, and act, in this order."""
    serve(decide(judge()))


def judged(known: VersionRegistry, verdict: Verdict) -> VersionRegistry:
    """Return the registry with the verdict, or unchanged if the verdict is not news."""
    version, by, now = known[verdict.version], verdict.by, datetime.now(UTC)
    if not verdict.healthy and version.status is not Status.FAILED:
        return known.mark_failed(version.label, reason=verdict.reason, by=by, at=now)
    if verdict.healthy and version.status is Status.UNPROVEN:
        try:
            return known.mark_stable(version.label, reason=verdict.reason, by=by, at=now)
        except IllegalTransition:  # a version with the same contents failed: a person decides
            return known
    return known
