"""The commands that say what serves."""

from datetime import datetime
from typing import Self

from lastgood._basics import texts
from lastgood._basics.messages import shown
from lastgood._basics.refusals import NotCurrent
from lastgood._registry.handle import Handle
from lastgood._registry.ledger import NO_NEWS
from lastgood._registry.staleness import is_carried_out
from lastgood._values.plan import RollbackPlan


class Moves(Handle):
    """The commands of a registry after which another version may serve, or nothing."""

    __slots__ = ()

    def deploy(
        self,
        version: str,
        *,
        replacing: str | None = None,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version becomes current.

        Deploying another version adds a step to the lineage. A job that may run twice says what it
        replaces: then a late retry cannot replace a newer deployment or undo an undeploy.

        Args:
            version: The label of a registered version that is unproven or stable.
            replacing: The label of the version that the caller believes is current.
            reason: Why.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If the version is current
            already, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            IllegalTransition: It is failed, rolled back or retired, or its contents failed under
                another label.
            NotCurrent: Another version than ``replacing`` serves, or nothing does.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0").register("v1.1")
        >>> registry = registry.deploy("v1.1", replacing="v1.0")
        >>> registry.deploy("v1.1", replacing="v1.0") is registry  # a retry
        True
        """
        believed = None if replacing is None else texts.label(replacing)
        row = self._row("deployed", version, reason, by, at)
        change = self._effect(row)
        if change is NO_NEWS:
            return self
        if believed is not None and believed != self._current:
            raise NotCurrent(believed, self._current)
        return self._append(row, change)

    def undeploy(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that this version serves no more, and that nothing does.

        Until the next deployment, what served last stands for the current version in the lineage,
        for holds, rules, budgets and `prunable`; deploying it again adds no step.

        Args:
            version: The label of the version that served.
            reason: Why.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If nothing serves already,
            the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            NotCurrent: Another version serves.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0").deploy("v1.0")
        >>> registry = registry.undeploy("v1.0", reason="the cluster is shut down")
        >>> registry.current is None
        True
        """
        return self._tell(self._row("undeployed", version, reason, by, at))

    def roll_back(
        self,
        plan: RollbackPlan,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Carry a plan out: its target becomes current, and the lineage rewinds to it.

        What was left is no longer in the lineage, so that rolling back twice goes further back.
        A target outside the lineage takes the place of what was left. A retry is safe: a plan that
        is carried out already, by whoever, changes nothing.

        Args:
            plan: The plan that a strategy made for this registry or an earlier one.
            reason: Why the source was left. Without one, the reason of its hold reads
                "rolled back to v1.0".
            by: Who approved it, or what carries it out.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If the plan is carried out already, the same
            registry is returned.

        Raises:
            StalePlan: Later news speaks against the plan, or it was made for another registry.
            UnknownVersion: The target is not registered.
            IllegalTransition: The target is failed, rolled back, retired, or the source, or its
                contents failed under another label.
            NotCurrent: The source is not what serves. Only a plan made by hand can raise this.
            TypeError: ``plan`` is not a `RollbackPlan`, or an argument has the wrong type.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import LastStable, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> plan = LastStable().plan(registry)
        >>> registry = registry.roll_back(plan)
        >>> registry.current, registry.roll_back(plan) is registry
        ('1', True)
        """
        _check_plan(plan)
        row = self._row(
            "rolled_back", plan.target, reason, by, at, source=plan.source, strategy=plan.strategy
        )
        if is_carried_out(self._ledger, self._revision, plan):
            return self
        return self._tell(row)

    def observe(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that this version is now serving, no matter who deployed it.

        Call it once the rollout has finished: during one, two versions serve. Facts are not
        refused, and an observation is not a verdict: a hold on the version is lifted, and it is
        again what it was; a failed or retired version stays failed or retired. If it is in the
        lineage, the lineage rewinds to it as for a rollback; otherwise it is as after `deploy`.

        Args:
            version: The label of a registered version.
            reason: How it came about, if that is known.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If the version is current
            already, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "unproven"}, current="2")
        >>> registry = registry.observe("1", reason="the provider rolled back by itself")
        >>> registry.current, registry["2"].status.value
        ('1', 'rolled_back')
        """
        return self._tell(self._row("observed", version, reason, by, at))


def _check_plan(plan: object) -> None:
    if isinstance(plan, RollbackPlan):
        return
    hint = (
        f"write Pinned({shown(plan)}).plan(registry, leaving=...)"
        if isinstance(plan, str)
        else "write registry.roll_back(strategy.plan(registry)), or RollbackPlan.from_dict(data)"
    )
    raise TypeError(f"plan must be a RollbackPlan, not {shown(plan)}: {hint}")
