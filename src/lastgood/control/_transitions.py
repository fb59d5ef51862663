"""What a conversation wants next: the one table of its states.

The rules of this module:

1. What a conversation wants is its state. An answer is read as one finding, and the table says for
   each state and finding what is wanted next, or how the conversation ends.
2. A finding in `RETRIES` uses up an attempt. Without attempts left, the conversation ends with
   `Outcome.GAVE_UP`. `JOINED` does not come twice in a row. So each conversation ends.
   After a finding in `WAITS` the caller waits.
3. The table in the documentation is checked against this one.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias, final

from lastgood.control._requests import Append, Load, Look, Outcome, Serve, Wait


@final
class Finding(StrEnum):
    """What an answer says, in the light of what was known before."""

    # Of any request
    NO_ANSWER = "no answer"
    # Of the record
    UNREADABLE = "cannot be read"
    JOINED = "may be another record"
    CLOCK_AHEAD = "clock ahead"
    TO_DO = "something to record"
    NO_TARGET = "no target"
    IN_ORDER = "nothing to record"
    REFUSED = "change refused"
    ON_RECORD = "change on record"
    NOT_YET = "ends where ours begins"
    CONFLICT = "ends elsewhere"
    # Of the world
    SERVES = "serves, and follows us"
    PUT_BACK = "serves, after a hand"
    ELSEWHERE = "not asked yet"
    TAKEN = "took the request"
    NOT_FOLLOWED = "follows an older request"
    NOT_UP = "not up yet"
    FAILED = "does not come up"
    DOWN = "down, no verdict"
    BY_HAND = "moved by a hand, to follow"
    OVERRULED = "moved by a hand, to report"
    FURTHER = "further than the record"
    STILL_FURTHER = "still further"


#: A state of a conversation that is not over and does not wait.
State: TypeAlias = type[Load | Append | Look | Serve]

#: For each state and each finding, what is wanted next, or the outcome.
TABLE: Final[Mapping[State, Mapping[Finding, State | Outcome]]] = {
    Load: {
        Finding.NO_ANSWER: Load,
        Finding.JOINED: Load,
        Finding.UNREADABLE: Outcome.UNREADABLE,
        Finding.CLOCK_AHEAD: Outcome.CLOCK_AHEAD,
        Finding.NOT_YET: Append,
        Finding.TO_DO: Append,
        Finding.NO_TARGET: Outcome.NO_TARGET,
        Finding.IN_ORDER: Look,
        Finding.REFUSED: Outcome.REFUSED,
        Finding.ON_RECORD: Outcome.SETTLED,
    },
    Append: {
        Finding.NO_ANSWER: Load,
        Finding.CONFLICT: Load,
        Finding.CLOCK_AHEAD: Outcome.CLOCK_AHEAD,
        Finding.TO_DO: Append,
        Finding.NO_TARGET: Outcome.NO_TARGET,
        Finding.IN_ORDER: Look,
        Finding.ON_RECORD: Outcome.SETTLED,
    },
    Look: {
        Finding.NO_ANSWER: Look,
        Finding.SERVES: Outcome.SETTLED,
        Finding.PUT_BACK: Outcome.MOVED_BY_HAND,
        Finding.ELSEWHERE: Serve,
        Finding.NOT_FOLLOWED: Serve,
        Finding.NOT_UP: Look,
        Finding.FAILED: Append,
        Finding.DOWN: Outcome.TARGET_DOWN,
        Finding.BY_HAND: Append,
        Finding.OVERRULED: Outcome.MOVED_BY_HAND,
        Finding.FURTHER: Load,
        Finding.STILL_FURTHER: Outcome.RECORD_BEHIND,
    },
    Serve: {
        Finding.NO_ANSWER: Look,
        Finding.TAKEN: Look,
        Finding.FURTHER: Load,
        Finding.STILL_FURTHER: Outcome.RECORD_BEHIND,
    },
}

#: The findings after which something is tried again, or once more after a hand.
RETRIES: Final = frozenset(
    {
        Finding.NO_ANSWER,
        Finding.CONFLICT,
        Finding.NOT_FOLLOWED,
        Finding.BY_HAND,
        Finding.FURTHER,
    }
)

#: The findings after which what comes next follows a wait.
WAITS: Final = RETRIES - {Finding.BY_HAND} | {Finding.NOT_UP}

#: The first wait after an attempt, and the first one between two looks, in seconds. A version takes
#: longer to come up than a store to answer.
_FIRST_WAIT: Final = 1.0
_FIRST_LOOK: Final = 30.0
#: No wait is longer, so that a controller that is left alone is never far behind.
_LONGEST_WAIT: Final = 60.0


def wait_after(finding: Finding, *, attempts: int, looks: int) -> Wait:
    """Return how long to wait after one of the findings in `WAITS`."""
    is_look = finding is Finding.NOT_UP
    first, before = (_FIRST_LOOK, looks) if is_look else (_FIRST_WAIT, attempts)
    # The longest wait is reached long before; without a bound, the power would not fit in a float.
    return Wait(min(_LONGEST_WAIT, first * 2 ** min(before - 1, 10)))
