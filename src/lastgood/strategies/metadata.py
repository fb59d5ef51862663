"""A strategy that follows the metadata."""

from collections.abc import Iterator
from typing import Final, final

import attrs
from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.frozen import named
from lastgood._basics.numbers import flag
from lastgood._basics.status import Status
from lastgood._basics.texts import key as key_of
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate
from lastgood._values.version import Version
from lastgood.strategies.base import RollbackStrategy
from lastgood.strategies.order import highest_first

#: The score of a version that has no number.
_UNMEASURED: Final = (False, 0.0)


def _lowest(value: bool) -> bool:  # noqa: FBT001  # an option
    return flag(value, "lowest")


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False)
class BestBy(RollbackStrategy, Coded):
    """Go back to the stable version with the best number under a key of the metadata.

    Follows that number as known now; of equal ones the most recently deployed comes first, then the
    most recently registered. A `bool` does not count as a number. The lineage does not matter, so
    going back twice may lead to a version that the first time passed over.

    Args:
        key: The key, such as ``"auc"``.
        lowest: Whether the lowest number is the best, as for a loss.

    Raises:
        TypeError: The key is not a `str`, or ``lowest`` is not a `bool`.
        InvalidText: The key has a lone surrogate.

    >>> from lastgood import BestBy, VersionRegistry
    >>> registry = VersionRegistry()
    >>> for label, auc in [("1", 0.93), ("2", 0.91), ("3", 0.95)]:
    ...     registry = registry.register(label, metadata={"auc": auc}).deploy(label)
    ...     registry = registry.mark_stable(label)
    >>> BestBy("auc").plan(registry.mark_failed("3")).target
    '1'
    """

    key: str = attrs.field(converter=key_of)
    lowest: bool = attrs.field(default=False, kw_only=True, converter=_lowest)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        others = (each for each in reversed(registry.values()) if each.label != registry.current)
        placed = ((self._score(version), version) for version in others)
        for version in highest_first(placed, registry):
            yield self._judged(version)

    def _score(self, version: Version) -> tuple[bool, float]:
        """Return what sorts the better version higher, and one without a number below all."""
        value = version.metadata.get(self.key)
        if value is None or isinstance(value, bool | str):
            return _UNMEASURED
        return True, -value if self.lowest else value

    def _judged(self, version: Version) -> Candidate:
        if self._score(version) == _UNMEASURED:
            return Candidate.reject(version, reasons.no_number(version.status_text, self.key))
        if version.status is not Status.STABLE:
            return Candidate.reject(version)
        value = version.metadata[self.key]
        return Candidate.accept(version, reasons.measured(version.status_text, self.key, value))
