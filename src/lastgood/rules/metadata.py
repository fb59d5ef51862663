"""Rules that follow the metadata."""

from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import fill, named
from lastgood._basics.texts import key as key_of
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.metadata import MetadataValue, plain, same_value
from lastgood._values.version import Version
from lastgood.rules.base import CodedRule


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, init=False, repr=False)
class SameMetadata(CodedRule):
    """Rejects what differs from the current version in the metadata.

    A value that is missing or `None` in either of the two is not known, and the version is
    rejected.

    Args:
        keys: The keys under which both must have equal values.

    Raises:
        TypeError: A key is not a `str`, or there is no key.
        InvalidText: A key has a lone surrogate.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import SameMetadata
    >>> registry = VersionRegistry().register("1", metadata={"schema": "A"})
    >>> registry = registry.register("2", metadata={"schema": "B"})
    >>> registry = registry.register("3", metadata={"schema": "A"}).deploy("3")
    >>> rule = SameMetadata("schema")
    >>> rule(registry["1"], registry) is None, rule(registry["2"], registry)
    (True, "metadata 'schema' is 'B'; the current version 3 has 'A'")
    """

    keys: tuple[str, ...]

    def __init__(self, *keys: str) -> None:
        if not keys:
            raise TypeError("SameMetadata() compares nothing: write SameMetadata(key)")
        fill(self, "keys", tuple(map(key_of, keys)))

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        current = registry.get(registry.current)
        if current is None:
            return reasons.NOTHING_TO_COMPARE
        for key in self.keys:
            reason = _difference(key, version, current)
            if reason is not None:
                return reason
        return None


def _difference(key: str, version: Version, current: Version) -> str | None:
    there, here = version.metadata.get(key), current.metadata.get(key)
    if there is None:
        return reasons.metadata_missing(key, version.label)
    if here is None:
        return reasons.current_metadata_missing(key, current.label)
    if same_value(there, here):
        return None
    return reasons.metadata_differs_from_current(key, there, current.label, here)


def _exactly(value: MetadataValue) -> str:
    # 1 equals 1.0, and 0.0 equals -0.0, but equal rules have one repr.
    return repr(value)


@named("lastgood.rules")
@final
@attrs.frozen(repr=False)
class HasMetadata(CodedRule):
    """Rejects what has another value under a key of the metadata, or has nothing there.

    Args:
        key: The key.
        value: The value that the version must have, as known now.

    Raises:
        TypeError: The key is not a `str`.
        InvalidText: The key has a lone surrogate.
        InvalidMetadata: The value is not allowed in metadata.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import HasMetadata
    >>> registry = VersionRegistry().register("1", metadata={"region": "eu"})
    >>> registry = registry.register("2", metadata={"region": "us"})
    >>> rule = HasMetadata("region", "eu")
    >>> rule(registry["1"], registry) is None, rule(registry["2"], registry)
    (True, "metadata 'region' is 'us'; 'eu' is required")
    """

    key: str = attrs.field(converter=key_of)
    value: MetadataValue = attrs.field(eq=_exactly)

    def __attrs_post_init__(self) -> None:
        # A converter of the value would not know the key, which the message names.
        fill(self, "value", plain(self.key, self.value))

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        if self.key not in version.metadata:
            return reasons.metadata_missing(self.key, version.label, self.value)
        there = version.metadata[self.key]
        if same_value(there, self.value):
            return None
        return reasons.metadata_differs(self.key, there, self.value)
