"""Rules that follow the deployment order."""

from itertools import islice
from typing import final

import attrs
from typing_extensions import override

from lastgood import _reasons as reasons
from lastgood._code import CodedRule
from lastgood._frozen import named
from lastgood._number import at_least
from lastgood._registry import VersionRegistry
from lastgood._text import key as key_of
from lastgood._version import Version
from lastgood.rules.base import Surveys, Veto


def _number(value: int) -> int:
    return at_least(value, 1, "n")


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class AtMostSteps(Surveys, CodedRule):
    """Rejects what is not among the nearest versions of the lineage.

    It follows the lineage, not the order of registration.

    Args:
        n: How many versions, at least 1.

    Raises:
        TypeError: ``n`` is not an `int`.
        ValueError: ``n`` is less than 1.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import AtMostSteps
    >>> table = {"1": "stable", "2": "stable", "3": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="3")
    >>> AtMostSteps(1)(registry["1"], registry)
    'not the nearest version of the lineage'
    """

    n: int = attrs.field(converter=_number)

    @override
    def _over(self, registry: VersionRegistry, /) -> Veto:
        nearest = (near.label for near in islice(registry.lineage(), self.n))
        seen = set[str]()

        def veto(version: Version) -> str | None:
            while version.label not in seen:
                label = next(nearest, None)
                if label is None:
                    return reasons.beyond_steps(self.n)
                seen.add(label)
            return None

        return veto


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class NotAcross(Surveys, CodedRule):
    """Rejects what is not known to work after the latest barrier, such as a migration.

    A barrier is a version whose metadata has a truthy value under the key and that was ever
    deployed here, whether it was left since or not (fluxcd/flagger#1186,
    redhat-appstudio/infra-deployments#11583). It stands at its first deployment. What last served
    before that is rejected, and so is what never served. The barrier itself may be gone back to.
    It follows the order of deployments, over all of them. Annotating the key as false removes the
    barrier.

    A decision looks at the deployments from the latest one down to the nearest barrier, or to the
    last deployment of the oldest version that it asks about.

    Args:
        key: The key of the metadata that makes a version a barrier.

    Raises:
        TypeError: The key is not a `str`.
        InvalidText: The key has a lone surrogate.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import NotAcross
    >>> registry = VersionRegistry().register("1").deploy("1")
    >>> registry = registry.register("2", metadata={"migration": True}).deploy("2")
    >>> print(NotAcross("migration")(registry["1"], registry))
    last served before the barrier '2' (metadata 'migration'), so it is not known to work after it
    """

    key: str = attrs.field(converter=key_of)

    @override
    def _over(self, registry: VersionRegistry, /) -> Veto:
        walk = _Walk(self.key, registry)

        def veto(version: Version) -> str | None:
            served = registry.deployments_of(version.label) if version.times_deployed else ()
            barrier = walk.barrier_after(served[-1].revision if served else 0)
            if barrier is None:
                return None
            if served:
                return reasons.before_barrier(barrier, self.key)
            return reasons.beside_barrier(barrier, self.key, version.label)

        return veto


class _Walk:
    """The way back over all deployments, as far as it was asked for; it ends at a barrier."""

    __slots__ = ("_barrier", "_deployments", "_key", "_next", "_registry")

    def __init__(self, key: str, registry: VersionRegistry) -> None:
        self._key, self._registry = key, registry
        self._deployments = reversed(registry.deployments)
        self._next = next(self._deployments, None)
        self._barrier: str | None = None

    def barrier_after(self, revision: int) -> str | None:
        """Return the latest barrier, if it stands after the revision."""
        while self._barrier is None and self._next is not None and self._next.revision > revision:
            label, at = self._next.version, self._next.revision
            if self._registry[label].metadata.get(self._key):
                first = self._registry.deployments_of(label)[0]
                if first.revision == at:
                    self._barrier = label
                    break
            self._next = next(self._deployments, None)
        is_after = self._next is not None and self._next.revision > revision
        return self._barrier if is_after else None
