"""The versions in an order that several strategies begin with."""

from lastgood._registry.questions import opened
from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version


def latest_first(registry: VersionRegistry) -> list[Version]:
    """Return all versions, the most recently deployed first, then the most recently registered."""
    ledger, revision = opened(registry)
    versions = list(reversed(registry.values()))
    versions.sort(key=lambda version: ledger.lineage.last(version.label, revision), reverse=True)
    return versions
