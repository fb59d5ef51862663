"""lastgood decides where to go back to when an update has failed, and says why.

A `VersionRegistry` keeps what is known of the versions of one deployed thing, as a value; a
`RollbackStrategy` chooses a target from it. Nothing here does any I/O: the caller deploys, stores
and tells the time, and passes facts in.
"""

from lastgood import errors, rules, strategies
from lastgood._candidate import Candidate
from lastgood._event import Event
from lastgood._metadata import MetadataValue
from lastgood._plan import RollbackPlan
from lastgood._policy import strategy_from_dict
from lastgood._registry import VersionRegistry
from lastgood._retention import prunable
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
    StalePlan,
    UnknownVersion,
)
from lastgood.rules import Rule
from lastgood.strategies import (
    BestBy,
    FirstOf,
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
)

__all__ = [
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
    "PreviousBySemver",
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
    "prunable",
    "rules",
    "strategies",
    "strategy_from_dict",
]
