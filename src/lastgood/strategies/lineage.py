"""Strategies that walk back along the lineage: the versions that really served, nearest first."""

from collections.abc import Iterator
from typing import ClassVar, Final, final

import attrs
from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.frozen import named
from lastgood._basics.numbers import at_least
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.candidate import Candidate
from lastgood.rules.safe import Safe
from lastgood.strategies.base import RollbackStrategy

_SAFE: Final = Safe()


def _steps(value: int) -> int:
    return at_least(value, 1, "steps")


@attrs.frozen(eq=False, repr=False)
class LineageStrategy(RollbackStrategy, Coded):
    """Goes back this many acceptable versions along the lineage."""

    steps: int = attrs.field(default=1, kw_only=True, converter=_steps)

    #: The statuses that it accepts.
    _accepts: ClassVar[frozenset[Status]]

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        passed = 0
        for version in registry.lineage():
            if version.status not in self._accepts:
                yield Candidate.reject(version)
            elif passed + 1 < self.steps and _SAFE(version, registry) is None:
                passed += 1
                why = reasons.passed_over(version.status_text, passed, self.steps)
                yield Candidate.reject(version, why)
            else:  # One that is not safe is left to the safety check, which says why.
                yield Candidate.accept(version)


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False)
class LastStable(LineageStrategy):
    """Go back to the nearest version that served and was marked stable.

    Follows the deployment order. Unproven, failed, held and retired versions are passed over, and
    the explanation says why. Use it when something (a monitor, a person) marks versions stable;
    otherwise use `Previous`.

    Args:
        steps: How many acceptable versions to go back. ``steps=2`` skips the nearest one. Rules
            that `where` adds apply afterwards.

    Raises:
        TypeError: ``steps`` is not an `int`.
        ValueError: ``steps`` is less than 1.

    >>> from lastgood import LastStable, VersionRegistry
    >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
    >>> LastStable().plan(VersionRegistry.from_statuses(table, current="v1.2")).target
    'v1.0'
    """

    _accepts = frozenset({Status.STABLE})


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False)
class Previous(LineageStrategy):
    """Go back to the nearest version that served and is not known to be bad.

    Follows the deployment order. Accepts unproven versions as well, so use it when nobody records
    which versions proved good.

    Args:
        steps: How many acceptable versions to go back. ``steps=2`` skips the nearest one. Rules
            that `where` adds apply afterwards.

    Raises:
        TypeError: ``steps`` is not an `int`.
        ValueError: ``steps`` is less than 1.

    >>> from lastgood import Previous, VersionRegistry
    >>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
    >>> Previous().plan(VersionRegistry.from_statuses(table, current="v1.2")).target
    'v1.1'
    """

    _accepts = frozenset({Status.STABLE, Status.UNPROVEN})
