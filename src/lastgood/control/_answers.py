"""Answers: their types are checked, and an error of lastgood is told from a missing answer.

A store that finds its record damaged raises a `LastgoodError`, and so may a world, such as one that
reads the record itself. A driver gives it as the answer. That the record cannot be read ends a
conversation. Any other request may have been carried out all the same, so there the error stands
for `None`, and is reported if no other answer comes.
"""

from collections.abc import Iterable, Mapping
from typing import Final, cast

from lastgood._basics.errors import LastgoodError
from lastgood._basics.messages import shown
from lastgood.control._requests import Seen

#: What can be iterated over, and is not a list of events.
_NO_LISTS: Final = (str, bytes, Mapping)


def events_in(answer: object) -> Iterable[object]:
    """Return the answer to `Load`, which is neither `None` nor an error."""
    given = shown(answer)
    if not isinstance(answer, Iterable) or isinstance(answer, _NO_LISTS):
        raise TypeError(f"the answer to Load must be the events after `since`, not {given}")
    return cast("Iterable[object]", answer)


def seen_in(answer: object) -> Seen | None:
    """Return the answer to `Look`; `None` if it is an error."""
    if answer is None or isinstance(answer, LastgoodError):
        return None
    if isinstance(answer, Seen):
        return answer
    raise TypeError(
        f"the answer to Look must be a Seen or None, not {shown(answer)}: "
        "write Seen('v2', revision)"
    )


def flag_in(answer: object, request: str) -> bool | None:
    """Return the answer to `Append` or `Serve`; `None` if it is an error."""
    if answer is None or isinstance(answer, LastgoodError):
        return None
    if isinstance(answer, bool):
        return answer
    hint = ": look at the world when Look is wanted" if isinstance(answer, Seen) else ""
    raise TypeError(
        f"the answer to {request} must be True, False or None, not {shown(answer)}{hint}"
    )


def unanswered(said: str, answer: object) -> str:
    """Return the detail of a missing answer, with the error that came instead of it, if one did."""
    return f"{said}: {answer}" if isinstance(answer, LastgoodError) else said
