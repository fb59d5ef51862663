"""Back to the version that was measured best."""

from collections.abc import Iterator
from typing import Final, final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate
from lastgood._code import Coded
from lastgood._number import flag
from lastgood._questions import opened
from lastgood._registry import VersionRegistry
from lastgood._status import Status
from lastgood._text import key as key_of
from lastgood._version import Version
from lastgood.strategies.base import RollbackStrategy

#: The score of a version that has no number.
_UNMEASURED: Final = (False, 0.0)


def _lowest(value: bool) -> bool:  # noqa: FBT001  # an option
    return flag(value, "lowest")


@final
@attrs.frozen(eq=False, repr=False)
class BestBy(Coded, RollbackStrategy):
    """Goes back to the stable version with the best number under a key of the metadata.

    It follows that number as it was told at registration; of equal ones the most recently deployed
    comes first, then the most recently registered. A `bool` is no number. The lineage does not
    matter, so going back twice may lead to one that the first time passed over.

    Args:
        key: The key, such as ``"auc"``.
        lowest: Whether the lowest number is the best, as of a loss.

    Raises:
        TypeError: The key is no `str`.
        InvalidText: It has a lone surrogate.

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
        current = registry.current
        others = [version for version in registry.values() if version.label != current]
        ledger, revision = opened(registry)
        ranks = [
            (self._score(version), ledger.lineage.last(version.label, revision), place)
            for place, version in enumerate(others)
        ]
        for score, _, place in sorted(ranks, reverse=True):
            yield self._judged(others[place], measured=score != _UNMEASURED)

    def _score(self, version: Version) -> tuple[bool, float]:
        """Return what sorts the better version higher, and one without a number below all."""
        value = version.metadata.get(self.key)
        if value is None or isinstance(value, bool | str):
            return _UNMEASURED
        return True, -value if self.lowest else value

    def _judged(self, version: Version, *, measured: bool) -> Candidate:
        if not measured:
            return Candidate.reject(version, f"{version.verdict}; no number under {self.key!r}")
        if version.status is not Status.STABLE:
            return Candidate.reject(version)
        value = version.metadata[self.key]
        return Candidate.accept(version, f"{version.verdict}; {self.key} {value}")
