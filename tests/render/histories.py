"""Random histories whose labels and reasons mean something to the pictures that show them."""

from collections.abc import Sequence

from hypothesis import strategies as st

from lastgood import VersionRegistry
from tests.commands import history
from tests.registry.histories import NAMES, commands, drawn, registered
from tests.render.stories import HOSTILE

#: Any text that can be a label; few of them are refused.
_labels: st.SearchStrategy[str] = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=40)

_command: st.SearchStrategy[tuple[str, int, str, int | None]] = st.tuples(
    st.sampled_from([*NAMES, "deploy"]),
    st.integers(0, 3),
    st.just("") | st.sampled_from(HOSTILE) | st.text(max_size=40),
    st.none() | st.integers(0, 5),
)


def _told(
    labels: Sequence[str], more: Sequence[tuple[str, int, str, int | None]]
) -> VersionRegistry:
    told = (
        drawn(name, labels[place % len(labels)], reason, hours)
        for name, place, reason, hours in more
    )
    return history([*registered(*labels), *told])[-1]


#: Registries of hostile texts.
hostile_registries: st.SearchStrategy[VersionRegistry] = st.builds(
    _told,
    st.lists(_labels, min_size=1, max_size=4, unique=True),
    st.lists(_command, max_size=25),
)

#: Registries of short labels, which can be found in a picture.
plain_registries: st.SearchStrategy[VersionRegistry] = commands.map(lambda told: history(told)[-1])
