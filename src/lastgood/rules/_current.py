"""What rules that compare with the current version have in common."""

from collections.abc import Callable

from lastgood._registry import VersionRegistry
from lastgood._semver import SemVer
from lastgood._version import Version

#: Nothing is known to be the same as nothing.
NOTHING_TO_COMPARE = "nothing is deployed to compare it with"


def across(
    what: str,
    part: Callable[[SemVer], tuple[int, ...]],
    version: Version,
    registry: VersionRegistry,
) -> str | None:
    """Return the reason to reject a version of which a part is not the current version's."""
    current = registry.get(registry.current)
    if current is None:
        return NOTHING_TO_COMPARE
    there, here = version.semver, current.semver
    for one, semver in ((version, there), (current, here)):
        if semver is None:
            return f"{one.label!r} is no SemVer version, so its {what} is not known"
    same = there is not None and here is not None and part(there) == part(here)
    return None if same else f"across the {what} of the current version {current.label}"
