"""The errors of lastgood.

Each one is a `LastgoodError` and also the standard type that a caller would catch. The facts are
attributes, the text is made when it is asked for, and all of them can be pickled::

    LastgoodError
    +-- InvalidLabel         ValueError     a text that cannot be a label
    +-- InvalidText          ValueError     a text that cannot be kept
    +-- InvalidSemVer        ValueError     a text that is not a version of SemVer 2.0.0
    +-- InvalidMetadata      ValueError     metadata that is not flat, plain and finite
    +-- InvalidTime          ValueError     a time without a zone or out of range, or not known
    +-- InvalidData          ValueError     plain data that cannot be read
    +-- DuplicateVersion     ValueError     a label that is registered with other facts
    +-- IllegalTransition    ValueError     what the status or the contents of a version forbid
    +-- UnknownVersion       KeyError       a label that is not registered
    +-- NothingDeployed      LookupError    nothing serves
    +-- NoRollbackTarget     LookupError    no version to go back to, and why not each
    +-- NotCurrent           RuntimeError   another version is current
    +-- RollbackNotNeeded    RuntimeError   a rollback that nobody needs and nobody asked for
    +-- StalePlan            RuntimeError   a plan made stale by later news, or of another registry
"""

from lastgood._basics.errors import (
    InvalidData,
    InvalidLabel,
    InvalidMetadata,
    InvalidSemVer,
    InvalidText,
    InvalidTime,
    LastgoodError,
)
from lastgood._basics.refusals import (
    DuplicateVersion,
    IllegalTransition,
    NotCurrent,
    NothingDeployed,
    RollbackNotNeeded,
    UnknownVersion,
)
from lastgood._registry.staleness import StalePlan
from lastgood._values.review import NoRollbackTarget

__all__ = [
    "DuplicateVersion",
    "IllegalTransition",
    "InvalidData",
    "InvalidLabel",
    "InvalidMetadata",
    "InvalidSemVer",
    "InvalidText",
    "InvalidTime",
    "LastgoodError",
    "NoRollbackTarget",
    "NotCurrent",
    "NothingDeployed",
    "RollbackNotNeeded",
    "StalePlan",
    "UnknownVersion",
]
