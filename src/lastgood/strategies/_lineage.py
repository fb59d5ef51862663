"""Walking back along the lineage, which several strategies do."""

from collections.abc import Iterator

from lastgood._candidate import Candidate
from lastgood._number import at_least
from lastgood._registry import VersionRegistry
from lastgood._status import Status
from lastgood.rules.safe import Safe

_SAFE = Safe()


def steps_back(value: int) -> int:
    """Return a number of steps, 1 at the least; `TypeError` or `ValueError` where it is none."""
    return at_least(value, 1, "steps")


def walk(
    registry: VersionRegistry, steps: int, accepted: tuple[Status, ...]
) -> Iterator[Candidate]:
    """Yield the lineage, nearest first, passing over all but the last of so many steps.

    A step is a version of an accepted status that is safe to go back to; one that is not safe is
    left to the safety check, which says why.
    """
    passed = 0
    for version in registry.lineage():
        if version.status not in accepted:
            yield Candidate.reject(version)
        elif passed + 1 < steps and _SAFE(version, registry) is None:
            passed += 1
            yield Candidate.reject(version, f"{version.verdict}; only step {passed} of {steps}")
        else:
            yield Candidate.accept(version)
