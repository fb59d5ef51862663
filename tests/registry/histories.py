"""Random histories, made of commands of which some are refused and some are no news."""

from typing import Final

from hypothesis import strategies as st

from tests.commands import Command
from tests.registry.making import COMMANDS, hour

LABELS: Final = ("1", "2", "v2.0", "3")
#: Every command, the most telling ones more than once.
NAMES: Final = (*COMMANDS, "deploy", "deploy", "observe", "roll_back", "roll_back")


def registered(*labels: str) -> list[Command]:
    """Return the registrations of these versions; 1 and 2 have the same contents."""
    return [drawn("register", label) for label in labels]


def drawn(name: str, version: str, reason: str = "", hours: int | None = None) -> Command:
    """Return a command with what it can be given, made of a reason and an hour."""
    at = None if hours is None else hour(hours)
    match name:
        case "register":
            digest = "x" if version in {"1", "2"} else None
            return Command(name, version, {"digest": digest, "at": at})
        case "annotate":
            return Command(name, version, {"metadata": {"note": reason, "number": hours}, "at": at})
        case _:
            return Command(name, version, {"reason": reason, "at": at})


command: st.SearchStrategy[Command] = st.builds(
    drawn,
    st.sampled_from(NAMES),
    st.sampled_from(LABELS),
    st.sampled_from(["", "", "slow"]),
    st.none() | st.integers(0, 5),
)

#: Commands that begin with a few registrations, so that most of them are not refused.
commands: st.SearchStrategy[list[Command]] = st.lists(command, max_size=25).map(
    lambda more: [*registered(*LABELS[:3]), *more]
)
