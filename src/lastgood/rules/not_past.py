"""Not across what cannot be undone."""

from typing import final

import attrs

from lastgood._code import Coded
from lastgood._lineage import ROOT
from lastgood._questions import opened
from lastgood._registry import VersionRegistry
from lastgood._text import key as key_of
from lastgood._version import Version


@final
@attrs.frozen(eq=False, repr=False)
class NotPast(Coded):
    """Rejects what last served before the nearest barrier.

    A barrier is a deployment of the lineage, the current one included, of a version whose metadata
    has something true under the key, such as a migration that cannot be undone
    (fluxcd/flagger#1186). The barrier itself may be gone back to, and what never served passes.
    It follows the order of deployments; having gone back to a barrier does not move it.

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

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        ledger, revision = opened(registry)
        last = ledger.lineage.last(version.label, revision)
        if last == ROOT:
            return None
        for place in ledger.lineage.back(revision):
            if ledger.lineage[place].origin <= last:
                return None
            label = ledger.event_of(place).version
            if registry[label].metadata.get(self.key):
                return f"last served before the barrier {label!r}, which has {self.key!r}"
        return None
