"""Strategies: the policies that propose where to go back to.

Each stands in the file of the facts that it follows.
"""

from lastgood.strategies.base import FirstOf, RollbackStrategy
from lastgood.strategies.keys import PreviousBy
from lastgood.strategies.lineage import LastStable, Previous
from lastgood.strategies.metadata import BestBy
from lastgood.strategies.moments import AsOf
from lastgood.strategies.pinned import Pinned
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
