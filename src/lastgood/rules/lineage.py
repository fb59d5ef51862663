"""Rules that follow the deployment order."""

from itertools import islice
from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood._basics.numbers import at_least
from lastgood._basics.texts import key as key_of
from lastgood._registry.handle import opened
from lastgood._registry.lineage import ROOT
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.version import Version
from lastgood.rules.base import Survey, Veto


def _number(value: int) -> int:
    return at_least(value, 1, "n")


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class AtMostSteps(Survey):
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
class NotAcross(Survey):
    """Rejects what is not known to work after the latest barrier, such as a migration.

    A barrier is a version whose metadata has a truthy value under the key and that was ever
    deployed here, whether it was left since or not (fluxcd/flagger#1186,
    redhat-appstudio/infra-deployments#11583). It stands at its first deployment. What last served
    before that is rejected, and so is what never served. The barrier itself may be gone back to.
    It follows the order of deployments, over all of them. Annotating the key as false removes the
    barrier.

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
        ledger, revision = opened(registry)
        place = ledger.barrier(self.key, revision)
        barrier = "" if place is None else str(ledger.lineage.version(place))

        def veto(version: Version) -> str | None:
            last = ledger.lineage.last(version.label, revision)
            if place is None or last >= place:
                return None
            if last == ROOT:
                return reasons.beside_barrier(barrier, self.key, version.label)
            return reasons.before_barrier(barrier, self.key)

        return veto
