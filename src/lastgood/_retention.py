"""Retention: which artifacts may be deleted without closing a way back."""

from collections.abc import Iterator
from itertools import dropwhile, islice
from typing import Final

from lastgood._basics.frozen import named
from lastgood._basics.numbers import at_least
from lastgood._basics.status import Status
from lastgood._registry.handle import served_last
from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version
from lastgood.rules.safe import Safe
from lastgood.strategies.base import RollbackStrategy, checked_registry, checked_strategy

_SAFE: Final = Safe()


@named("lastgood")
def prunable(
    registry: VersionRegistry, *, keep: int = 5, strategy: RollbackStrategy | None = None
) -> tuple[Version, ...]:
    """Return the versions whose artifacts may be deleted, in the order in which to delete them.

    It never names the current version (AWS DynamoDB in October 2025: a cleaner deleted the plan in
    use), the nearest stable versions of the lineage, what was registered after the current version,
    the versions that ``strategy`` would go back to now, or what has the digest of any of these.
    However many failed in between, what proved good stays (capistrano/capistrano#1907,
    deployphp/deployer#814, hashicorp/nomad#4242).

    Deleting what it names, and retiring it, never changes what `LastStable` chooses, now or after
    the next ``keep - 1`` failures. Versions of equal contents fail together, so they count once. If
    you go back by another strategy, pass it: `LastStable` needs stable versions only.

    Args:
        registry: What is known.
        keep: How many stable versions to keep besides the current one, and how many of those that
            the strategy would accept; at least 1.
        strategy: The strategy that you go back by. One with ``steps`` counts again afterwards.

    Returns:
        What is failed, rolled back or retired comes first, then the rest; both in the order of
        registration. Nothing if nothing was ever deployed; after an undeploy, what served last
        stands for the current version. What is retired is named again after its artifact was
        deleted: the registry does not know which artifacts exist.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``keep`` is less than 1.

    >>> from lastgood import VersionRegistry, prunable
    >>> table = {"1": "stable", "2": "failed", "3": "stable", "4": "stable", "5": "stable"}
    >>> registry = VersionRegistry.from_statuses(table, current="5")
    >>> [version.label for version in prunable(registry, keep=2)]
    ['2', '1']
    """
    keep = at_least(keep, 1, "keep")
    current = served_last(checked_registry(registry))
    asked = None if strategy is None else checked_strategy(strategy)
    if current is None:
        return ()
    kept = {version.label for version in _ways_back(registry, registry[current], keep)}
    kept.update(dropwhile(lambda label: label != current, registry))
    if asked is not None:
        accepted = (each.version for each in asked.review(registry) if each.accepted)
        kept.update(islice(accepted, keep))
    digests = {registry[label].digest for label in kept} - {None}
    rest = [
        version
        for version in registry.values()
        if version.label not in kept and version.digest not in digests
    ]
    return tuple(sorted(rest, key=lambda version: not version.status.is_bad))


def _ways_back(registry: VersionRegistry, current: Version, keep: int) -> Iterator[Version]:
    """Yield the nearest stable versions, until enough of them are safe and differ in contents.

    One with the contents of the current version does not count: they would fail together.
    """
    proved = {_contents(current)}
    for version in registry.lineage():
        if len(proved) > keep:
            return
        if version.status is Status.STABLE:
            yield version
            if _SAFE(version, registry) is None:
                proved.add(_contents(version))


def _contents(version: Version) -> tuple[str, str | None]:
    """Return what is equal for versions of equal contents."""
    return ("", version.digest) if version.digest is not None else (version.label, None)
