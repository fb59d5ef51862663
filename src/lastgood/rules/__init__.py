"""Rules: conditions that can veto what a strategy accepts.

A rule is any callable that takes a `Version` and a `VersionRegistry` and returns the reason to
reject the version, or `None`. Put them on a strategy with `RollbackStrategy.where`. A rule that
lacks the information it needs (a time, a metadata key) rejects, and its reason says what is
missing.
"""

from lastgood.rules.base import Rule
from lastgood.rules.budget import Budget
from lastgood.rules.lineage import AtMostSteps, NotAcross
from lastgood.rules.metadata import HasMetadata, SameMetadata
from lastgood.rules.names import Except
from lastgood.rules.safe import Safe
from lastgood.rules.semver import AtLeast, SameMajor, SameMinor
from lastgood.rules.served import Served, ServedAtLeast, ServedWithin
from lastgood.rules.verdict import Stable

__all__ = [
    "AtLeast",
    "AtMostSteps",
    "Budget",
    "Except",
    "HasMetadata",
    "NotAcross",
    "Rule",
    "Safe",
    "SameMajor",
    "SameMetadata",
    "SameMinor",
    "Served",
    "ServedAtLeast",
    "ServedWithin",
    "Stable",
]
