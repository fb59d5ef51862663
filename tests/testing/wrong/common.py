"""What wrong strategies have in common."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from lastgood import (
    Candidate,
    Version,
    VersionRegistry,
)

#: Asks something of a registry.
Condition: TypeAlias = Callable[[VersionRegistry], bool]


def accepted(versions: Iterable[Version]) -> Iterator[Candidate]:
    """Accept these versions, in this order."""
    return map(Candidate.accept, versions)


def usable(registry: VersionRegistry) -> list[Version]:
    """Return the versions of the lineage that are stable or unproven, nearest first."""
    return [version for version in registry.lineage() if not version.status.is_bad]


def rotated(versions: list[Version], by: int) -> Iterator[Candidate]:
    """Accept all of them, beginning with another one for another number."""
    start = by % len(versions) if versions else 0
    return accepted([*versions[start:], *versions[:start]])
