"""What is known about a version."""

import enum

from lastgood._basics.frozen import named


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

    #: The status as people write it: ``"rolled back"``.
    words: str
    #: Whether this status forbids a version as the target of a rollback.
    is_bad: bool

    def __init__(self, word: str) -> None:
        self.words = word.replace("_", " ")
        self.is_bad = word in {"failed", "rolled_back", "retired"}


def is_said_by(status: Status, reason: str) -> bool:
    """Whether a reason says the status itself, as it does for a hold that was given no reason."""
    return status is Status.ROLLED_BACK and reason.startswith("rolled back to ")
