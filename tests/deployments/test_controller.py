"""The loop that every controller runs, where no server is needed."""

from collections.abc import Sequence

import attrs
import pytest

from docs.examples.controller import record
from lastgood import Event, VersionRegistry


@attrs.define
class Elsewhere:
    """A store in which somebody else is always quicker."""

    asked: int = 0

    def load(self, _name: str, /) -> VersionRegistry:
        """Return what is recorded."""
        return VersionRegistry()

    def append(self, _name: str, _before: int, _events: Sequence[Event], /) -> bool:
        """Come too late."""
        self.asked += 1
        return False


def test_a_loop_that_never_wins_ends() -> None:
    """A store that refuses for ever, such as a damaged one, does not spin for ever."""
    store = Elsewhere()

    with pytest.raises(TimeoutError, match="prod: somebody else was quicker 7 times"):
        _ = record(store, "prod", lambda now: now.register("v1"), attempts=7)

    assert store.asked == 7
