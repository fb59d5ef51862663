"""Strategies: the policies that propose where to go back to. One strategy, one file."""

from lastgood.strategies.base import FirstOf, RollbackStrategy
from lastgood.strategies.best_by import BestBy
from lastgood.strategies.last_stable import LastStable
from lastgood.strategies.pinned import Pinned
from lastgood.strategies.previous import Previous
from lastgood.strategies.previous_by_semver import PreviousBySemver

__all__ = [
    "BestBy",
    "FirstOf",
    "LastStable",
    "Pinned",
    "Previous",
    "PreviousBySemver",
    "RollbackStrategy",
]
