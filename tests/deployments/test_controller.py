"""The loop that every controller runs, where no server is needed."""

import attrs
import pytest

from docs.examples.controller import reconcile, record
from lastgood import Event


@attrs.define
class Elsewhere:
    """A store in which somebody else is always quicker."""

    asked: int = 0

    def __call__(self, _name: str) -> "Elsewhere":
        """Open a record."""
        return self

    def load(self, _since: int, _fingerprint: str, /) -> tuple[Event, ...]:
        """Return an empty record."""
        return ()

    def append(self, _before: int, _fingerprint: str, _events: tuple[Event, ...], /) -> bool:
        """Refuse, as after somebody else was quicker."""
        self.asked += 1
        return False


def test_a_loop_that_never_wins_ends() -> None:
    """A store that refuses for ever, such as a damaged one, does not spin for ever."""
    store = Elsewhere()

    with pytest.raises(TimeoutError, match="prod: somebody else was quicker 7 times"):
        _ = record(store, "prod", lambda now: now.register("v1"), attempts=7)

    assert store.asked == 7


class Nowhere:
    """A world that must not be touched."""

    def serving(self) -> str | None:
        """Fail."""
        raise AssertionError

    def serve(self, _version: str, /) -> None:
        """Fail."""
        raise AssertionError


def test_where_nothing_is_current_nothing_is_moved() -> None:
    """An empty record, or one that ends with an undeploy, names no version to serve."""
    assert reconcile(Elsewhere(), Nowhere(), "prod")
