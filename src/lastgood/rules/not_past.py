"""Not across what cannot be undone."""

from typing import final

import attrs
from typing_extensions import override

from lastgood._code import CodedRule
from lastgood._lineage import ROOT
from lastgood._questions import opened
from lastgood._registry import VersionRegistry
from lastgood._text import key as key_of
from lastgood._version import Version
from lastgood.rules._rule import Surveys, Veto


@final
@attrs.frozen(eq=False, repr=False)
class NotPast(Surveys, CodedRule):
    """Rejects what last served before the nearest barrier.

    A barrier is a deployment of the lineage, the current one included, of a version whose metadata
    has something true under the key, such as a migration that cannot be undone
    (fluxcd/flagger#1186). The barrier itself may be gone back to, and what never served passes.
    It follows the order of deployments; having gone back to a barrier does not move it. A decision
    walks the lineage once, down to the nearest barrier or to the oldest version that it asks about.

    Args:
        key: The key of the metadata that makes a version a barrier.

    Raises:
        TypeError: It is no `str`.
        InvalidText: It has a lone surrogate.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import NotPast
    >>> registry = VersionRegistry().register("1").deploy("1")
    >>> registry = registry.register("2", metadata={"migration": True}).deploy("2")
    >>> NotPast("migration")(registry["1"], registry)
    "last served before the barrier '2', which has 'migration'"
    """

    key: str = attrs.field(converter=key_of)

    @override
    def _over(self, registry: VersionRegistry, /) -> Veto:
        ledger, revision = opened(registry)
        walk = _Walk(self.key, registry)

        def veto(version: Version) -> str | None:
            last = ledger.lineage.last(version.label, revision)
            barrier = None if last == ROOT else walk.barrier_after(last)
            if barrier is None:
                return None
            return f"last served before the barrier {barrier!r}, which has {self.key!r}"

        return veto


class _Walk:
    """The way back along the lineage, as far as it was asked for; it ends at a barrier."""

    __slots__ = ("_key", "_ledger", "_place", "_places", "_registry")

    def __init__(self, key: str, registry: VersionRegistry) -> None:
        self._key, self._registry = key, registry
        self._ledger, revision = opened(registry)
        self._places = self._ledger.lineage.back(revision)
        self._place = next(self._places, None)

    def barrier_after(self, last: int) -> str | None:
        """Return the nearest barrier, where one was deployed after the deployment at ``last``."""
        lineage = self._ledger.lineage
        while self._place is not None and lineage[self._place].origin > last:
            label = self._ledger.event_of(self._place).version
            if self._registry[label].metadata.get(self._key):
                return label
            self._place = next(self._places, None)
        return None
