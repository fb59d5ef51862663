"""Only what agrees with the current version."""

from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._frozen import fill
from lastgood._metadata import same_value
from lastgood._registry import VersionRegistry
from lastgood._text import key as key_of
from lastgood._version import Version
from lastgood.rules._current import NOTHING_TO_COMPARE


@final
@attrs.frozen(eq=False, init=False, repr=False)
class SameMetadata(CodedRule):
    """Rejects what differs from the current version in the metadata.

    What either of the two was not told is unknown, and the version is rejected.

    Args:
        keys: The keys under which both must have equal values.

    Raises:
        TypeError: A key is no `str`, or there is none.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import SameMetadata
    >>> registry = VersionRegistry().register("1", metadata={"schema": "A"}).register("2")
    >>> registry = registry.register("3", metadata={"schema": "A"}).deploy("3")
    >>> rule = SameMetadata("schema")
    >>> rule(registry["1"], registry) is None, rule(registry["2"], registry)
    (True, "its 'schema' is not known")
    """

    keys: tuple[str, ...]

    def __init__(self, *keys: str) -> None:
        if not keys:
            raise TypeError("SameMetadata() compares nothing: write SameMetadata(key)")
        fill(self, "keys", tuple(map(key_of, keys)))

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        current = registry.get(registry.current)
        if current is None:
            return NOTHING_TO_COMPARE
        for key in self.keys:
            reason = _difference(key, version, current)
            if reason is not None:
                return reason
        return None


def _difference(key: str, version: Version, current: Version) -> str | None:
    if key not in version.metadata:
        return f"its {key!r} is not known"
    if key not in current.metadata:
        return f"the {key!r} of the current version {current.label} is not known"
    there, here = version.metadata[key], current.metadata[key]
    if same_value(there, here):
        return None
    return f"its {key!r} is {there!r}, and the current version {current.label} has {here!r}"
