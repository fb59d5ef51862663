"""What is known about a version, and how events change it.

The rules of this module:

1. A status changes only by an event, and only as `TRANSITIONS` says.
2. What the table does not list is refused.
3. Bad news is never refused; good news about a bad version is.
"""

import enum
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from lastgood._frozen import named


@named("lastgood")
class Status(enum.StrEnum):
    """What is known about a version.

    A version starts `UNPROVEN`. A status is a `str`, the word used in plain data.

    >>> from lastgood import Status
    >>> Status("rolled_back"), Status.STABLE == "stable"
    (<Status.ROLLED_BACK: 'rolled_back'>, True)
    """

    #: Nothing is known yet, or it was given another chance.
    UNPROVEN = "unproven"
    #: It proved good.
    STABLE = "stable"
    #: It proved bad.
    FAILED = "failed"
    #: It is held: it was current and was left, and nobody judged it.
    ROLLED_BACK = "rolled_back"
    #: It must not be used any more, for a reason other than its own failure.
    RETIRED = "retired"

    @property
    def words(self) -> str:
        """The status as people write it: ``"rolled back"``."""
        return self._value_.replace("_", " ")

    @property
    def is_bad(self) -> bool:
        """Whether this status forbids a version as the target of a rollback."""
        return self not in TRANSITIONS["roll_back"]


#: What can happen to the status of a version, by the commands that record it. A rollback happens to
#: two versions: "roll_back" to the one that it goes back to, "leave" to the one that it leaves.
Action: TypeAlias = Literal[
    "deploy",
    "mark_stable",
    "mark_failed",
    "retire",
    "reinstate",
    "roll_back",
    "leave",
    "observe",
]

#: The actions as messages say them, with a gap for the version.
PHRASES: Final[Mapping[Action, str]] = {
    "deploy": "deploy {}",
    "mark_stable": "mark {} stable",
    "mark_failed": "mark {} failed",
    "retire": "retire {}",
    "reinstate": "reinstate {}",
    "roll_back": "roll back to {}",
    "leave": "leave {}",
    "observe": "observe {}",
}

_UNPROVEN, _STABLE, _FAILED, _ROLLED_BACK, _RETIRED = Status

#: The status after the action that lifts a hold: the one that the version had when it was left.
WHAT_IT_WAS: Final = None

#: The one table of transitions: action, status before, status after.
TRANSITIONS: Final[Mapping[Action, Mapping[Status, Status | None]]] = {
    "deploy": {_UNPROVEN: _UNPROVEN, _STABLE: _STABLE},
    "mark_stable": {_UNPROVEN: _STABLE, _STABLE: _STABLE},
    "mark_failed": {
        _UNPROVEN: _FAILED,
        _STABLE: _FAILED,
        _FAILED: _FAILED,
        _ROLLED_BACK: _FAILED,
        _RETIRED: _RETIRED,
    },
    "retire": {
        _UNPROVEN: _RETIRED,
        _STABLE: _RETIRED,
        _FAILED: _RETIRED,
        _ROLLED_BACK: _RETIRED,
        _RETIRED: _RETIRED,
    },
    "reinstate": {
        _UNPROVEN: _UNPROVEN,
        _STABLE: _STABLE,
        _FAILED: _UNPROVEN,
        _ROLLED_BACK: WHAT_IT_WAS,
        _RETIRED: _UNPROVEN,
    },
    "roll_back": {_UNPROVEN: _UNPROVEN, _STABLE: _STABLE},
    "leave": {
        _UNPROVEN: _ROLLED_BACK,
        _STABLE: _ROLLED_BACK,
        _FAILED: _FAILED,
        _RETIRED: _RETIRED,
    },
    "observe": {
        _UNPROVEN: _UNPROVEN,
        _STABLE: _STABLE,
        _FAILED: _FAILED,
        _ROLLED_BACK: WHAT_IT_WAS,
        _RETIRED: _RETIRED,
    },
}

#: The status that an action is there to give. A later such event may give a new reason for it.
OWN_STATUS: Final[Mapping[Action, Status]] = {
    "mark_stable": _STABLE,
    "mark_failed": _FAILED,
    "retire": _RETIRED,
}
