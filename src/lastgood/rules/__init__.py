"""Rules: conditions that can veto what a strategy accepts.

A rule is any callable that takes a `Version` and a `VersionRegistry` and returns the reason to
reject the version, or `None`. Put them on a strategy with `RollbackStrategy.where`. A rule that
lacks the information it needs (a time, a metadata key) rejects, and its reason says what is
missing.
"""

from typing import TYPE_CHECKING

from lastgood.rules.base import Rule
from lastgood.rules.safe import Safe

if TYPE_CHECKING:  # Every decision needs the two above; these are loaded when one is first named.
    from lastgood.rules.budget import Budget
    from lastgood.rules.lineage import AtMostSteps, NotAcross
    from lastgood.rules.metadata import HasMetadata, SameMetadata
    from lastgood.rules.names import Except
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


def __dir__() -> list[str]:
    return [*__all__]


def __getattr__(name: str) -> object:
    if name in __all__:
        from lastgood.rules import (  # noqa: PLC0415  # see above
            budget,
            lineage,
            metadata,
            names,
            semver,
            served,
            verdict,
        )

        files = (budget, lineage, metadata, names, semver, served, verdict)
        return next(vars(file)[name] for file in files if name in vars(file))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
