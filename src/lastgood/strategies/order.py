"""The order that several strategies share: by a place, and of equal ones the latest first."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version


def highest_first(
    placed: Iterable[tuple[Any, Version]], registry: VersionRegistry
) -> Iterator[Version]:
    """Yield versions, those of the highest place first.

    Of equal ones the most recently deployed comes first, then the most recently registered.

    Args:
        placed: The versions with their places, the most recently registered first. Places are
            compared with ``<`` only.
        registry: The registry of the versions.
    """
    ranked = sorted(placed, key=itemgetter(0), reverse=True)
    start = 0
    for end in range(1, len(ranked) + 1):
        if end == len(ranked) or ranked[end][0] < ranked[start][0]:
            yield from _latest_first([version for _, version in ranked[start:end]], registry)
            start = end


def _latest_first(versions: list[Version], registry: VersionRegistry) -> list[Version]:
    def last_deployed(version: Version) -> int:
        served = version.times_deployed
        return registry.deployments_of(version.label)[-1].revision if served else 0

    if len(versions) > 1:
        versions.sort(key=last_deployed, reverse=True)
    return versions
