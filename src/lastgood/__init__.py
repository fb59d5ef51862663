"""lastgood decides where to go back to when an update has failed, and says why.

A `VersionRegistry` keeps what is known about the versions of one deployed thing, as a value; a
`RollbackStrategy` chooses a target from it. Nothing here does any I/O: the caller deploys, stores,
reads the clock, and passes facts in.
"""

from lastgood import errors, keys, rules, strategies
from lastgood._candidate import Candidate
from lastgood._event import Event
from lastgood._metadata import MetadataValue
from lastgood._plan import RollbackPlan
from lastgood._policy import strategy_from_dict
from lastgood._registry import VersionRegistry
from lastgood._retention import prunable
from lastgood._review import Review
from lastgood._semver import SemVer
from lastgood._status import Status
from lastgood._version import Deployment, Version
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
from lastgood.rules import Rule
from lastgood.strategies import (
    AsOf,
    BestBy,
    FirstOf,
    LastStable,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
)

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
    "errors",
    "keys",
    "prunable",
    "rules",
    "strategies",
    "strategy_from_dict",
]
