"""lastgood decides where to go back to when an update has failed, and says why.

A `VersionRegistry` keeps what is known about the versions of one deployed thing, as a value; a
`RollbackStrategy` chooses a target from it. Nothing here does any I/O: the caller deploys, stores,
reads the clock, and passes facts in.
"""

from typing import TYPE_CHECKING

from lastgood import errors, keys, rules, strategies
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.candidate import Candidate
from lastgood._values.event import Event
from lastgood._values.metadata import Metadata, MetadataValue
from lastgood._values.plan import RollbackPlan
from lastgood._values.review import Review, WaysOut
from lastgood._values.semver import SemVer
from lastgood._values.version import Deployment, Version
from lastgood.errors import (
    DuplicateVersion,
    IllegalTransition,
    InvalidData,
    InvalidLabel,
    InvalidMetadata,
    InvalidSemVer,
    InvalidText,
    InvalidTime,
    LastgoodError,
    NoRollbackTarget,
    NotCurrent,
    NothingDeployed,
    RollbackNotNeeded,
    StalePlan,
    UnknownVersion,
)
from lastgood.rules.base import Rule
from lastgood.strategies import FirstOf, LastStable, Pinned, Previous, RollbackStrategy

if TYPE_CHECKING:  # What a decision does not need is loaded when it is first named.
    from lastgood._policies.reading import strategy_from_dict
    from lastgood._retention import prunable
    from lastgood._values.entries import from_entries, to_entries
    from lastgood.strategies import AsOf, BestBy, PreviousBy, PreviousBySemver

__all__ = [
    "AsOf",
    "BestBy",
    "Candidate",
    "Deployment",
    "DuplicateVersion",
    "Event",
    "FirstOf",
    "IllegalTransition",
    "InvalidData",
    "InvalidLabel",
    "InvalidMetadata",
    "InvalidSemVer",
    "InvalidText",
    "InvalidTime",
    "LastStable",
    "LastgoodError",
    "Metadata",
    "MetadataValue",
    "NoRollbackTarget",
    "NotCurrent",
    "NothingDeployed",
    "Pinned",
    "Previous",
    "PreviousBy",
    "PreviousBySemver",
    "Review",
    "RollbackNotNeeded",
    "RollbackPlan",
    "RollbackStrategy",
    "Rule",
    "SemVer",
    "StalePlan",
    "Status",
    "UnknownVersion",
    "Version",
    "VersionRegistry",
    "WaysOut",
    "errors",
    "from_entries",
    "keys",
    "prunable",
    "rules",
    "strategies",
    "strategy_from_dict",
    "to_entries",
]


def __dir__() -> list[str]:
    return [*__all__]


def __getattr__(name: str) -> object:
    if name == "strategy_from_dict":
        from lastgood._policies.reading import strategy_from_dict  # noqa: PLC0415  # see above

        return strategy_from_dict
    if name == "prunable":
        from lastgood._retention import prunable  # noqa: PLC0415  # see above

        return prunable
    if name in strategies.__all__:
        return getattr(strategies, name)
    if name in {"from_entries", "to_entries"}:
        from lastgood._values.entries import from_entries, to_entries  # noqa: PLC0415  # see above

        return from_entries if name == "from_entries" else to_entries
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
