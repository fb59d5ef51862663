"""A strategy that follows a version order of the user's own."""

from collections.abc import Iterator
from types import FunctionType
from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.frozen import named
from lastgood._basics.messages import shown
from lastgood._basics.numbers import flag
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate
from lastgood._values.keys import Key
from lastgood._values.version import Version
from lastgood.rules.base import is_async, takes
from lastgood.strategies.base import RollbackStrategy
from lastgood.strategies.order import highest_first


def _key(value: Key) -> Key:
    if not isinstance(value, FunctionType) or not value.__name__.isidentifier():
        what = "a lambda" if isinstance(value, FunctionType) else shown(value)
        raise TypeError(
            f"key must be a function with a name, not {what}: "
            "write def key(version), or import numbers from lastgood.keys"
        )
    if is_async(value):
        raise TypeError(
            f"{value.__qualname__} is async, and a decision waits for nothing: "
            "write def key(version)"
        )
    if not takes(value, 1):
        raise TypeError(f"key must take one argument, a Version: {value.__qualname__} cannot")
    return value


def _unproven(value: bool) -> bool:  # noqa: FBT001  # an option
    return flag(value, "unproven")


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False)
class PreviousBy(RollbackStrategy, Coded):
    """Go back to the highest stable version strictly below the current one, by a key of your own.

    Follows the order of the key, whether a version was ever deployed or not; of equal ones the most
    recently deployed comes first, then the most recently registered. Use it for labels that SemVer
    does not read, such as ``2026-01-30-10`` or ``v1.2.3.4``. It looks at every version.

    Args:
        key: A function with a name that takes a `Version` and returns its place in the order, or
            `None` if it has none. `lastgood.keys.numbers` reads all groups of digits in the label.
        unproven: Whether to accept unproven versions.

    Raises:
        TypeError: The key is not a function with a name that takes one argument, or ``unproven``
            is not a `bool`.

    >>> from lastgood import PreviousBy, VersionRegistry
    >>> from lastgood.keys import numbers
    >>> table = {"model_v9": "stable", "model_v10": "stable", "model_v11": "failed"}
    >>> registry = VersionRegistry.from_statuses(table, current="model_v11")
    >>> PreviousBy(numbers).plan(registry).target
    'model_v10'
    """

    key: Key = attrs.field(converter=_key)
    unproven: bool = attrs.field(default=False, kw_only=True, converter=_unproven)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        current = registry.current_version
        mine = self.key(current)
        if mine is None:
            why = reasons.current_without_key(self.key.__qualname__)
            yield Candidate.reject(current, why)
            return
        placed = ((self.key(version), version) for version in reversed(registry.values()))
        below = (each for each in placed if each[0] is not None and each[0] < mine)
        for version in highest_first(below, registry):
            yield self._judged(version)

    def _judged(self, version: Version) -> Candidate:
        unproven = self.unproven and version.status is Status.UNPROVEN
        accepted = version.status is Status.STABLE or unproven
        return Candidate.accept(version) if accepted else Candidate.reject(version)

    @override
    def _why_not_mentioned(self, version: Version, registry: VersionRegistry, /) -> str | None:
        mine = self.key(registry.current_version)
        if mine is None:  # Then the key was not asked about the others.
            return None
        place = self.key(version)
        if place is None:
            return reasons.NO_KEY
        return reasons.ABOVE_CURRENT if mine < place else reasons.EQUAL_TO_CURRENT
