"""The kinds of event: one row for each, with its command, its words, its keys and its effect.

The rules of this module:

1. A status changes only by an event, as its row says. What a row does not list is refused.
2. Bad news is never refused; good news about a bad version is.
3. A new kind is a row here, a method of the registry, and an effect in its room's `effects`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from lastgood._basics.status import Status

#: What can be recorded.
EventKind: TypeAlias = Literal[
    "registered",
    "annotated",
    "deployed",
    "undeployed",
    "marked_stable",
    "marked_failed",
    "retired",
    "reinstated",
    "rolled_back",
    "observed",
]

#: The status before an event and the one after it.
Transitions: TypeAlias = Mapping[Status, Status | None]

#: The status after an event that lifts a hold: the one that the version had when it was left.
WHAT_IT_WAS: Final = None

#: What every event may say besides its version.
COMMON_KEYS: Final = ("at", "reason", "by")

_UNPROVEN, _STABLE, _FAILED, _ROLLED_BACK, _RETIRED = Status


class Kind:
    """One kind of event.

    Args:
        command: The method of the registry that records it.
        phrase: What the command does, with a gap for the version.
        past: What happened to the version.
        keys: What it says besides the version and the common keys.
        needs: Those of the keys that it must have.
        is_verdict: Whether it judges a version. A verdict may be recorded late, with the time of
            the alarm.
        moves: Whether something else may serve after it, or nothing.
        status: The status of the version after it; empty where it does not concern the status.
    """

    __slots__ = ("command", "is_verdict", "keys", "moves", "needs", "past", "phrase", "status")

    def __init__(  # noqa: PLR0913  # a row
        self,
        command: str,
        phrase: str,
        past: str,
        *,
        keys: tuple[str, ...] = (),
        needs: tuple[str, ...] = (),
        is_verdict: bool = False,
        moves: bool = False,
        status: Transitions | None = None,
    ) -> None:
        self.command = command
        self.phrase = phrase
        self.past = past
        self.keys = (*keys, *COMMON_KEYS)
        self.needs = needs
        self.is_verdict = is_verdict
        self.moves = moves
        self.status = status or {}


#: What may serve keeps its status when it does.
_MAY_SERVE: Final[Transitions] = {_UNPROVEN: _UNPROVEN, _STABLE: _STABLE}

#: The one table of kinds.
KINDS: Final[Mapping[EventKind, Kind]] = {
    "registered": Kind("register", "register {}", "was registered", keys=("metadata", "digest")),
    "annotated": Kind(
        "annotate", "annotate {}", "was annotated", keys=("metadata",), needs=("metadata",)
    ),
    "deployed": Kind("deploy", "deploy {}", "was deployed", moves=True, status=_MAY_SERVE),
    "undeployed": Kind("undeploy", "undeploy {}", "was undeployed", moves=True),
    "marked_stable": Kind(
        "mark_stable",
        "mark {} stable",
        "was marked stable",
        is_verdict=True,
        status={_UNPROVEN: _STABLE, _STABLE: _STABLE},
    ),
    "marked_failed": Kind(
        "mark_failed",
        "mark {} failed",
        "was marked failed",
        is_verdict=True,
        status={
            _UNPROVEN: _FAILED,
            _STABLE: _FAILED,
            _FAILED: _FAILED,
            _ROLLED_BACK: _FAILED,
            _RETIRED: _RETIRED,
        },
    ),
    "retired": Kind(
        "retire",
        "retire {}",
        "was retired",
        is_verdict=True,
        status=dict.fromkeys(Status, _RETIRED),
    ),
    "reinstated": Kind(
        "reinstate",
        "reinstate {}",
        "was reinstated",
        is_verdict=True,
        status={
            _UNPROVEN: _UNPROVEN,
            _STABLE: _STABLE,
            _FAILED: _UNPROVEN,
            _ROLLED_BACK: WHAT_IT_WAS,
            _RETIRED: _UNPROVEN,
        },
    ),
    "rolled_back": Kind(
        "roll_back",
        "roll back to {}",
        "was rolled back to",
        keys=("source", "strategy"),
        needs=("source", "strategy"),
        moves=True,
        status=_MAY_SERVE,
    ),
    "observed": Kind(
        "observe",
        "observe {}",
        "was observed to serve",
        moves=True,
        status={
            _UNPROVEN: _UNPROVEN,
            _STABLE: _STABLE,
            _FAILED: _FAILED,
            _ROLLED_BACK: WHAT_IT_WAS,
            _RETIRED: _RETIRED,
        },
    ),
}

#: The status of the version that is left by a rollback, or by an observation that rewinds.
LEFT: Final[Mapping[Status, Status]] = {
    _UNPROVEN: _ROLLED_BACK,
    _STABLE: _ROLLED_BACK,
    _FAILED: _FAILED,
    _RETIRED: _RETIRED,
}

#: The same rows by their commands.
COMMANDS: Final[Mapping[str, Kind]] = {row.command: row for row in KINDS.values()}
