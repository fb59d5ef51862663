"""A Dagster job that takes a monitor's verdict, and goes back where the version failed.

The policy is run config, so it can live in a YAML file, in a schedule, or in the launchpad. The
store and the world are resources: see ``controller.py``. Bind them to yours in ``Definitions``, and
start the job from the sensor or the schedule that watches the monitor.
"""

# Dagster's decorator for jobs has a parameter of an unknown kind, which strict checking minds.
# pyright: reportUnknownMemberType=false

from datetime import UTC, datetime
from typing import Any, Final

import dagster as dg

from docs.examples.controller import Store, World, record
from docs.examples.controller import reconcile as move
from lastgood import NoRollbackTarget, Status, VersionRegistry, strategy_from_dict

#: A step may be tried again without harm: what the first try did is on record.
AGAIN: Final = dg.RetryPolicy(max_retries=2)


class Verdict(dg.Config):
    """What the monitor says of a version."""

    registry: str
    version: str
    healthy: bool
    reason: str = ""


class Policy(dg.Config):
    """What to do about it, as `RollbackStrategy.to_dict` writes it."""

    strategy: dict[str, Any]


@dg.op(retry_policy=AGAIN)
def judge(config: Verdict, store: dg.ResourceParam[Store]) -> dict[str, str]:
    """Record the verdict, unless it is no news; say about which version of what it was."""
    _ = record(store, config.registry, lambda known: judged(known, config))
    return {"registry": config.registry, "version": config.version}


@dg.op(retry_policy=AGAIN)
def decide(
    context: dg.OpExecutionContext,
    config: Policy,
    store: dg.ResourceParam[Store],
    about: dict[str, str],
) -> str:
    """Record the rollback where one is needed, if nobody else did; say what shall be moved."""
    strategy, leaving = strategy_from_dict(config.strategy), about["version"]

    def back(known: VersionRegistry) -> VersionRegistry:
        if known.current != leaving or not known.needs_rollback:
            return known  # done: by somebody else, or by our own first try
        now = datetime.now(UTC)
        plan = strategy.plan(known.with_clock(now), leaving=leaving)
        context.log.info(plan.explain())
        return known.roll_back(plan, at=now)

    try:
        _ = record(store, about["registry"], back)
    except NoRollbackTarget as error:  # trying again will not help: a person decides
        raise dg.Failure(error.explain(), allow_retries=False) from error
    return about["registry"]


@dg.op(retry_policy=AGAIN)
def serve(
    store: dg.ResourceParam[Store], world: dg.ResourceParam[World], registry: str
) -> str | None:
    """Move the world to what is recorded, and verify it; say what serves now."""
    _ = move(store, world, registry)
    return world.serving()


@dg.job
def go_back() -> None:
    """Take a verdict, decide, and act, in this order."""
    serve(decide(judge()))


def judged(known: VersionRegistry, verdict: Verdict) -> VersionRegistry:
    """Return the registry with the verdict, or as it is where the verdict is no news."""
    status, now = known[verdict.version].status, datetime.now(UTC)
    if verdict.healthy and status is Status.UNPROVEN:
        return known.mark_stable(verdict.version, reason=verdict.reason, at=now)
    if not verdict.healthy and status in {Status.UNPROVEN, Status.STABLE}:
        return known.mark_failed(verdict.version, reason=verdict.reason, at=now)
    return known
