"""The errors of lastgood.

Each one is a `LastgoodError` and also the standard type that a caller would catch. The facts are
attributes, the text is made when it is asked for, and all of them can be pickled::

    LastgoodError
    +-- InvalidLabel         ValueError     a text that cannot be a label
    +-- InvalidText          ValueError     a text that cannot be kept
    +-- InvalidSemVer        ValueError     a text that is no version of SemVer 2.0.0
    +-- InvalidMetadata      ValueError     metadata that is not flat, plain and finite
    +-- InvalidTime          ValueError     a time without a zone, out of range, or never told
    +-- InvalidData          ValueError     plain data that is no registry, event, plan or policy
    +-- DuplicateVersion     ValueError     a label that is registered already
    +-- IllegalTransition    ValueError     what the status of a version forbids
    +-- UnknownVersion       KeyError       a label that is not registered
    +-- NothingDeployed      LookupError    no version is current
    +-- NoRollbackTarget     LookupError    no version to go back to, and why not each
    +-- NotCurrent           RuntimeError   another version is current
    +-- StalePlan            RuntimeError   a plan overtaken by later news
"""

from lastgood._errors import (
    DuplicateVersion,
    IllegalTransition,
    InvalidData,
    InvalidLabel,
    InvalidMetadata,
    InvalidSemVer,
    InvalidText,
    InvalidTime,
    LastgoodError,
    NotCurrent,
    NothingDeployed,
    StalePlan,
    UnknownVersion,
)
from lastgood._plan import NoRollbackTarget

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
    "StalePlan",
    "UnknownVersion",
]
