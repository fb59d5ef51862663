"""Random histories, told in commands of which some are refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from hypothesis import strategies as st

from lastgood import LastgoodError, VersionRegistry
from tests.registry.making import COMMANDS, by_hand, hour

LABELS: Final = ("1", "2", "v2.0", "3")


@dataclass(frozen=True)
class Command:
    """One command, as one would type it."""

    name: str
    version: str
    reason: str = ""
    hours: int | None = None


Answer: TypeAlias = VersionRegistry | LastgoodError


def tell(registry: VersionRegistry, command: Command) -> Answer:
    """Return the registry after the command, or its refusal."""
    at = None if command.hours is None else hour(command.hours)
    try:
        match command.name:
            case "register":
                digest = "x" if command.version in {"1", "2"} else None
                return registry.register(command.version, digest=digest, at=at)
            case "deploy":
                return registry.deploy(command.version, at=at)
            case "roll_back":
                plan = by_hand(registry, command.version)
                return registry.roll_back(plan, reason=command.reason, at=at)
            case name:
                return COMMANDS[name](registry, command.version, reason=command.reason, at=at)
    except LastgoodError as refusal:
        return refusal


def history(commands: Iterable[Command]) -> list[VersionRegistry]:
    """Return the registries of a history, one for each revision; refused commands are skipped."""
    registries = [VersionRegistry()]
    for command in commands:
        answer = tell(registries[-1], command)
        if isinstance(answer, VersionRegistry) and answer is not registries[-1]:
            registries.append(answer)
    return registries


_START: Final = [Command("register", label) for label in LABELS[:3]]

command: st.SearchStrategy[Command] = st.builds(
    Command,
    st.sampled_from([*COMMANDS, "deploy", "deploy", "observe", "roll_back", "roll_back"]),
    st.sampled_from(LABELS),
    st.sampled_from(["", "", "slow"]),
    st.none() | st.integers(0, 5),
)

#: Commands that begin with a few registrations, so that most of them are not refused.
commands: st.SearchStrategy[list[Command]] = st.lists(command, max_size=25).map(
    lambda told: [*_START, *told]
)
