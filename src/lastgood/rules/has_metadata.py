"""Only what was told to be so."""

from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._frozen import fill
from lastgood._metadata import MetadataValue, plain, same_value
from lastgood._registry import VersionRegistry
from lastgood._text import key as key_of
from lastgood._version import Version


def _exactly(value: MetadataValue) -> str:
    # 1 equals 1.0, and 0.0 equals -0.0, but equal rules have one repr.
    return repr(value)


@final
@attrs.frozen(repr=False)
class HasMetadata(CodedRule):
    """Rejects what has another value under a key of the metadata, or none.

    Args:
        key: The key.
        value: The value that the version must have been registered with.

    Raises:
        TypeError: The key is no `str`.
        InvalidText: The key has a lone surrogate.
        InvalidMetadata: The value is none that metadata can have.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import HasMetadata
    >>> registry = VersionRegistry().register("1", metadata={"region": "eu"}).register("2")
    >>> rule = HasMetadata("region", "eu")
    >>> rule(registry["1"], registry) is None, rule(registry["2"], registry)
    (True, "its 'region' is not known, not 'eu'")
    """

    key: str = attrs.field(converter=key_of)
    value: MetadataValue = attrs.field(eq=_exactly)

    def __attrs_post_init__(self) -> None:
        # A converter of the value would not know the key, which the message names.
        fill(self, "value", plain(self.key, self.value))

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        if self.key not in version.metadata:
            return f"its {self.key!r} is not known, not {self.value!r}"
        value = version.metadata[self.key]
        if same_value(value, self.value):
            return None
        return f"its {self.key!r} is {value!r}, not {self.value!r}"
