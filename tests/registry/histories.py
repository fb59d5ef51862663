"""Random histories, made of commands of which some are refused and some are no news."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from hypothesis import strategies as st

from lastgood import LastgoodError, VersionRegistry
from tests.registry.making import COMMANDS, back, hour

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
            case "annotate":
                facts = {"note": command.reason, "number": command.hours}
                return registry.annotate(command.version, facts, at=at)
            case "roll_back":
                served = registry.deployments[-1].version if registry.deployments else "nothing"
                target, reason = command.version, command.reason
                return back(registry, target, source=served, reason=reason, at=at)
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
    lambda drawn: [*_START, *drawn]
)
