"""Rules: conditions that can veto what a strategy accepts.

A rule is any callable that takes a `Version` and a `VersionRegistry` and answers the reason to
reject the version, or `None`. Put them on a strategy with `RollbackStrategy.where`.
"""

from lastgood.rules._rule import Rule
from lastgood.rules.at_least import AtLeast
from lastgood.rules.budget import Budget
from lastgood.rules.except_ import Except
from lastgood.rules.has_metadata import HasMetadata
from lastgood.rules.not_past import NotPast
from lastgood.rules.safe import Safe
from lastgood.rules.same_major import SameMajor
from lastgood.rules.same_metadata import SameMetadata
from lastgood.rules.same_minor import SameMinor
from lastgood.rules.served_at_least import ServedAtLeast
from lastgood.rules.served_within import ServedWithin
from lastgood.rules.stable import Stable
from lastgood.rules.within_last import WithinLast

__all__ = [
    "AtLeast",
    "Budget",
    "Except",
    "HasMetadata",
    "NotPast",
    "Rule",
    "Safe",
    "SameMajor",
    "SameMetadata",
    "SameMinor",
    "ServedAtLeast",
    "ServedWithin",
    "Stable",
    "WithinLast",
]
