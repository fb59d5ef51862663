"""Changes: the commands of a registry as frozen values, which can be applied again.

Each takes the arguments of its command. A change is applied to what is on record now, so its answer
may be another one than a moment ago: it is refused, or there is nothing left to change.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypedDict, final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood._basics.messages import shown
from lastgood._basics.texts import by, digest, label, reason
from lastgood._basics.times import utc
from lastgood._registry.registry import VersionRegistry
from lastgood._values.metadata import Metadata, MetadataValue, frozen_copy
from lastgood._values.plan import RollbackPlan


class _Common(TypedDict):
    """What every command takes."""

    reason: str
    by: str
    at: datetime | None


def _time(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value)


def _label(value: str | None) -> str | None:
    return None if value is None else label(value)


def _digest(value: str | None) -> str | None:
    return None if value is None else digest(value)


def _metadata(value: Mapping[str, MetadataValue] | None) -> Metadata | None:
    return None if value is None else frozen_copy(value)


def _plan(value: RollbackPlan) -> RollbackPlan:
    if isinstance(value, RollbackPlan):
        return value
    raise TypeError(f"plan must be a RollbackPlan, not {shown(value)}: write strategy.plan(...)")


@named("lastgood.control")
@attrs.frozen
class Change(ABC):
    """The base of all changes.

    Args:
        reason: Why.
        by: Who or what says so.
        at: When, with a time zone. Without it, the time at which the change is applied.
    """

    reason: str = attrs.field(default="", converter=reason, kw_only=True)
    by: str = attrs.field(default="", converter=by, kw_only=True)
    at: datetime | None = attrs.field(default=None, converter=_time, kw_only=True)

    @abstractmethod
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        """Return the registry with this change, or the same registry if there is nothing to change.

        Args:
            registry: What is known.
            at: The time of the change, if it has none itself.

        Raises:
            LastgoodError: What the command raises.
        """

    def _common(self, at: datetime | None) -> _Common:
        return {"reason": self.reason, "by": self.by, "at": at if self.at is None else self.at}


@named("lastgood.control")
@final
@attrs.frozen
class Register(Change):
    """`VersionRegistry.register` as a value: a version becomes known.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.control import Register
    >>> [*Register("v1", metadata={"auc": 0.9}).apply(VersionRegistry())]
    ['v1']
    """

    version: str = attrs.field(converter=label)
    metadata: Metadata | None = attrs.field(default=None, converter=_metadata, kw_only=True)
    digest: str | None = attrs.field(default=None, converter=_digest, kw_only=True)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.register(
            self.version, metadata=self.metadata, digest=self.digest, **self._common(at)
        )


@named("lastgood.control")
@final
@attrs.frozen
class Annotate(Change):
    """`VersionRegistry.annotate` as a value: facts that were learned later.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.control import Annotate
    >>> registry = VersionRegistry().register("v1")
    >>> dict(Annotate("v1", {"warm": True}).apply(registry)["v1"].metadata)
    {'warm': True}
    """

    version: str = attrs.field(converter=label)
    metadata: Metadata = attrs.field(converter=frozen_copy)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.annotate(self.version, self.metadata, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class Deploy(Change):
    """`VersionRegistry.deploy` as a value: a version becomes current.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.control import Deploy
    >>> registry = VersionRegistry().register("v1").deploy("v1").register("v2")
    >>> Deploy("v2", replacing="v1").apply(registry).current
    'v2'
    """

    version: str = attrs.field(converter=label)
    replacing: str | None = attrs.field(default=None, converter=_label, kw_only=True)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.deploy(self.version, replacing=self.replacing, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class Undeploy(Change):
    """`VersionRegistry.undeploy` as a value: this version serves no more, and nothing does."""

    version: str = attrs.field(converter=label)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.undeploy(self.version, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class MarkStable(Change):
    """`VersionRegistry.mark_stable` as a value: a version proved good."""

    version: str = attrs.field(converter=label)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.mark_stable(self.version, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class MarkFailed(Change):
    """`VersionRegistry.mark_failed` as a value: a version proved bad.

    The label comes from the alarm, never from the registry.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.control import MarkFailed
    >>> registry = VersionRegistry().register("v2").deploy("v2")
    >>> MarkFailed("v2", reason="p99 900 ms", by="monitor").apply(registry).needs_rollback
    True
    """

    version: str = attrs.field(converter=label)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.mark_failed(self.version, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class Retire(Change):
    """`VersionRegistry.retire` as a value: a version must not be used any more."""

    version: str = attrs.field(converter=label)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.retire(self.version, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class Reinstate(Change):
    """`VersionRegistry.reinstate` as a value: a version gets another chance."""

    version: str = attrs.field(converter=label)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.reinstate(self.version, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class RollBack(Change):
    """`VersionRegistry.roll_back` as a value: carry out a plan that a person approved.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.control import RollBack
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "stable"}, current="2")
    >>> plan = LastStable().plan(registry, leaving="2")
    >>> RollBack(plan, by="ana").apply(registry).current
    '1'
    """

    plan: RollbackPlan = attrs.field(converter=_plan)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.roll_back(self.plan, **self._common(at))


@named("lastgood.control")
@final
@attrs.frozen
class Observe(Change):
    """`VersionRegistry.observe` as a value: the settled world serves this version."""

    version: str = attrs.field(converter=label)

    @override
    def apply(self, registry: VersionRegistry, /, *, at: datetime | None = None) -> VersionRegistry:
        return registry.observe(self.version, **self._common(at))


def changes_in(value: Change | Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes, of which there is at least one."""
    if isinstance(value, Change | str) or not isinstance(value, Iterable):
        return (_change(value),)
    changes = tuple(map(_change, value))
    if not changes:
        raise ValueError("there is nothing to record: write record(Deploy('v2'), registry)")
    return changes


def _change(value: object) -> Change:
    if isinstance(value, Change):
        return value
    raise TypeError(f"expected a change, not {shown(value)}: write Deploy('v2')")
