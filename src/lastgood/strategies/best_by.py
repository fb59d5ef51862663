"""Back to the version that was measured best."""

from collections.abc import Iterator
from typing import TypeAlias, final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate
from lastgood._code import Coded
from lastgood._number import flag
from lastgood._registry import VersionRegistry, opened
from lastgood._status import Status
from lastgood._text import text
from lastgood._version import Version
from lastgood.strategies.base import RollbackStrategy

_Rank: TypeAlias = tuple[float, int, int]


def _key(key: str) -> str:
    return text(key, "a key")


@final
@attrs.frozen(repr=False)
class BestBy(Coded, RollbackStrategy):
    """Goes back to the stable version with the best number under a key of the metadata.

    It follows that number as it was told at registration; of equal ones the most recently deployed
    comes first, then the most recently registered. A `bool` is no number.

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

    key: str = attrs.field(converter=_key)
    lowest: bool = attrs.field(default=False, kw_only=True, converter=flag)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        ranked: list[tuple[_Rank, Version]] = []
        unranked: list[Version] = []
        ledger, revision = opened(registry)
        for registered, version in enumerate(registry.values()):
            number = self._number(version)
            if version.label == registry.current:
                continue
            if number is None:
                unranked.append(version)
            else:
                deployed = next(ledger.served(version.label, revision), 0)
                ranked.append(((-number if self.lowest else number, deployed, registered), version))
        ranked.sort(key=lambda pair: pair[0], reverse=True)
        for _, version in ranked:
            if version.status is Status.STABLE:
                yield Candidate.accept(version, self._reason(version))
            else:
                yield Candidate.reject(version)
        for version in reversed(unranked):
            yield Candidate.reject(version, f"{version.verdict}; no number under {self.key!r}")

    def _number(self, version: Version) -> int | float | None:
        value = version.metadata.get(self.key)
        return None if isinstance(value, bool | str) else value

    def _reason(self, version: Version) -> str:
        return f"{version.verdict}; {self.key} {version.metadata[self.key]}"
