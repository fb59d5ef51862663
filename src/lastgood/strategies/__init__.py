"""Strategies: the policies that propose where to go back to.

Each stands in the file of the facts that it follows.
"""

from typing import TYPE_CHECKING

from lastgood.strategies.base import FirstOf, RollbackStrategy
from lastgood.strategies.lineage import LastStable, Previous
from lastgood.strategies.pinned import Pinned

if TYPE_CHECKING:  # Few need more than those above; these are loaded when one is first named.
    from lastgood.strategies.keys import PreviousBy
    from lastgood.strategies.metadata import BestBy
    from lastgood.strategies.moments import AsOf
    from lastgood.strategies.semver import PreviousBySemver

__all__ = [
    "AsOf",
    "BestBy",
    "FirstOf",
    "LastStable",
    "Pinned",
    "Previous",
    "PreviousBy",
    "PreviousBySemver",
    "RollbackStrategy",
]


def __dir__() -> list[str]:
    return [*__all__]


def __getattr__(name: str) -> object:
    if name in __all__:
        from lastgood.strategies import keys, metadata, moments, semver  # noqa: PLC0415  # see above

        files = (keys, metadata, moments, semver)
        return next(vars(file)[name] for file in files if name in vars(file))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
