"""Retention: which artifacts may be deleted without closing a way back."""

from collections.abc import Iterator
from itertools import dropwhile
from typing import Final

from lastgood._number import at_least
from lastgood._registry import VersionRegistry
from lastgood._status import Status
from lastgood._version import Version
from lastgood.rules.safe import Safe
from lastgood.strategies.base import checked_registry

_SAFE: Final = Safe()


def prunable(registry: VersionRegistry, *, keep: int = 3) -> tuple[Version, ...]:
    """Return the versions whose artifacts may be deleted, in the order in which to delete them.

    It names neither the current version (AWS DynamoDB in October 2025: a cleaner deleted the plan
    in use), nor the nearest stable versions of the lineage that are safe to go back to, nor what
    is unproven and nearer than the last of these, nor what was registered after the current
    version, nor what has the digest of any of them. However many failed in between, what proved
    good stays (capistrano/capistrano#1907, deployphp/deployer#814, hashicorp/nomad#4242).

    Deleting what it names, and retiring it, never changes what `LastStable` chooses, now or after
    the next ``keep - 1`` failures. Versions of equal contents fail together, so they count once.

    Args:
        registry: What is known.
        keep: How many stable versions to keep besides the current one, 1 at the least.

    Returns:
        What is failed, rolled back or retired comes first, then the rest; both in the order of
        registration. Nothing where nothing is deployed. What is retired is named again after its
        artifact was deleted: the registry knows of no artifacts.

    Raises:
        TypeError: ``keep`` is no `int`, or the registry none.
        ValueError: ``keep`` is less than 1.

    >>> from lastgood import VersionRegistry, prunable
    >>> table = {"1": "stable", "2": "failed", "3": "stable", "4": "stable", "5": "stable"}
    >>> registry = VersionRegistry.from_statuses(table, current="5")
    >>> [version.label for version in prunable(registry, keep=2)]
    ['2', '1']
    """
    keep = at_least(keep, 1, "keep")
    kept = [*_newest(checked_registry(registry)), *_ways_back(registry, keep)]
    if not kept:
        return ()
    labels = {version.label for version in kept}
    digests = {version.digest for version in kept} - {None}
    rest = [
        version
        for version in registry.values()
        if version.label not in labels and version.digest not in digests
    ]
    return tuple(sorted(rest, key=lambda version: not version.status.is_bad))


def _newest(registry: VersionRegistry) -> Iterator[Version]:
    """Return the current version, and what was registered after it."""
    return dropwhile(lambda version: version.label != registry.current, registry.values())


def _ways_back(registry: VersionRegistry, keep: int) -> Iterator[Version]:
    """Yield what may be gone back to, down to so many stable versions of different contents."""
    proved: set[object] = set()
    for version in registry.lineage():
        if len(proved) == keep:
            return
        if _SAFE(version, registry) is None:
            yield version
            if version.status is Status.STABLE:
                proved.add(version.label if version.digest is None else (version.digest,))
