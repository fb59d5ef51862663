"""Commands as values, of which random histories are made; those that are refused change nothing.

So whatever the order of the commands, every registry on the way is one that a user can have.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from lastgood import LastgoodError, LastStable, Previous, VersionRegistry
from tests.registry.making import back


@dataclass(frozen=True)
class Command:
    """One command about a version, which prints as one writes it.

    Two of them plan as well: `roll_back` goes back to the version, by a plan that no strategy made,
    from what served last; `leave` leaves it, by a plan of `LastStable` or `Previous`.
    """

    name: str
    version: str
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def on(self, registry: VersionRegistry) -> VersionRegistry:
        """Return the registry after the command; what refuses it raises."""
        match self.name:
            case "roll_back":
                served = registry.deployments[-1].version if registry.deployments else "nothing"
                return back(registry, self.version, source=served, **self.given)
            case "leave":
                plan = (LastStable() | Previous()).plan(registry, leaving=self.version)
                return registry.roll_back(plan, **self.given)
            case name:
                after: VersionRegistry = getattr(registry, name)(self.version, **self.given)
                return after

    @override
    def __repr__(self) -> str:
        more = "".join(f", {name}={value!r}" for name, value in self.given.items())
        return f".{self.name}({self.version!r}{more})"


def tell(registry: VersionRegistry, command: Command) -> VersionRegistry | LastgoodError:
    """Return the registry after the command, or its refusal."""
    try:
        return command.on(registry)
    except LastgoodError as refusal:
        return refusal


def along(
    commands: Iterable[Command], since: VersionRegistry | None = None
) -> Iterator[VersionRegistry]:
    """Yield the registry before the commands and after each of them, refused ones included."""
    registry = VersionRegistry() if since is None else since
    yield registry
    for command in commands:
        with suppress(LastgoodError):
            registry = command.on(registry)
        yield registry


def history(commands: Iterable[Command]) -> list[VersionRegistry]:
    """Return the registries of a history, one for each revision."""
    registries = [VersionRegistry()]
    for registry in along(commands, since=registries[0]):
        if registry is not registries[-1]:
            registries.append(registry)
    return registries
