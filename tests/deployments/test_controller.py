"""The loop that every controller runs, where no server is needed."""

import attrs
import pytest

from docs.examples.controller import reconcile, record, whole
from lastgood import InvalidData, VersionRegistry


@attrs.define
class Elsewhere:
    """A store in which somebody else is always quicker."""

    asked: int = 0

    def load(self, _name: str, /) -> VersionRegistry:
        """Return an empty record."""
        return VersionRegistry()

    def append(self, _name: str, _before: VersionRegistry, _after: VersionRegistry, /) -> bool:
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


def test_a_record_that_is_not_whole_is_refused() -> None:
    """An event that is missing in the middle changes the fingerprint, and the error says so."""
    registry = VersionRegistry().register("v1").register("v2").register("v3")
    events = [event.to_dict() for event in registry.events]
    assert whole("prod", events, registry.fingerprint) == registry

    with pytest.raises(InvalidData, match=r"^prod: .* events are missing or were changed"):
        _ = whole("prod", [events[0], events[2]], registry.fingerprint)
