"""Random histories whose labels and reasons mean something to the pictures that show them."""

from collections.abc import Sequence

from hypothesis import strategies as st

from lastgood import LastgoodError, VersionRegistry
from tests.registry.histories import Command, history, tell
from tests.registry.histories import commands as plain_commands
from tests.registry.making import COMMANDS
from tests.render.stories import HOSTILE

#: Any text that can be a label; few of them are refused.
_labels: st.SearchStrategy[str] = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=40)

_command: st.SearchStrategy[tuple[str, int, str, int | None]] = st.tuples(
    st.sampled_from([*COMMANDS, "deploy", "deploy", "deploy", "observe", "roll_back", "roll_back"]),
    st.integers(0, 3),
    st.just("") | st.sampled_from(HOSTILE) | st.text(max_size=40),
    st.none() | st.integers(0, 5),
)


def _history(
    labels: Sequence[str], drawn: Sequence[tuple[str, int, str, int | None]]
) -> list[Command]:
    begin = [Command("register", label) for label in labels]
    return begin + [
        Command(name, labels[place % len(labels)], reason, hours)
        for name, place, reason, hours in drawn
    ]


def _registry(commands: Sequence[Command]) -> VersionRegistry:
    registry = VersionRegistry()
    for command in commands:
        answer = tell(registry, command)
        registry = registry if isinstance(answer, LastgoodError) else answer
    return registry


#: Registries of hostile texts.
hostile_registries: st.SearchStrategy[VersionRegistry] = st.builds(
    _history,
    st.lists(_labels, min_size=1, max_size=4, unique=True),
    st.lists(_command, max_size=25),
).map(_registry)

#: Registries of short labels, which can be found in a picture.
plain_registries: st.SearchStrategy[VersionRegistry] = plain_commands.map(
    lambda drawn: history(drawn)[-1]
)
