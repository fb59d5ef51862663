"""Section 2.4: what serves, whether it must be left, and what was recorded."""

from collections.abc import Sequence
from typing import Any

import pytest

from lastgood import Deployment, Event, LastStable, NothingDeployed, Status, VersionRegistry
from tests.registry.making import deployed, hour, idle, serving, untyped
from tests.rows import each_row

# current, current_version, needs_rollback


def test_nothing_is_current_at_first() -> None:
    """If nothing was deployed there is no current version, and no rollback is needed."""
    registry = VersionRegistry().register("1").mark_failed("1")
    assert registry.current is None
    assert not registry.needs_rollback
    with pytest.raises(NothingDeployed) as refusal:
        _ = registry.current_version
    assert isinstance(refusal.value, LookupError)
    assert refusal.value.undeployed is None


def test_the_current_version() -> None:
    """`current` is the label, `current_version` the `Version`."""
    registry = deployed("1", "2").mark_stable("2", reason="fine")
    assert registry.current == "2"
    assert registry.current_version is registry["2"]
    assert registry.current_version.reason == "fine"


@each_row("status", Status)
def test_what_needs_a_rollback(status: Status) -> None:
    """A rollback is needed if the current version is failed or retired."""
    assert serving(status).needs_rollback is (status in {Status.FAILED, Status.RETIRED})


def test_a_failed_twin_is_not_a_reason_to_leave() -> None:
    """Only the version's own status counts, not its contents."""
    registry = VersionRegistry().register("1", digest="x").deploy("1").register("2", digest="x")
    assert not registry.mark_failed("2").needs_rollback
    assert registry.mark_failed("2").mark_failed("1").needs_rollback


@each_row("status", Status)
def test_only_the_current_version_needs_a_rollback(status: Status) -> None:
    """The status of another version is not a reason to leave the one that serves."""
    assert not idle(status).needs_rollback


# revision


def test_the_revision_counts_events() -> None:
    """Each event adds one; a command that records nothing adds none."""
    registry = deployed("1", "2")
    assert registry.revision == len(registry.events) == 4
    assert registry.observe("2").revision == 4
    assert registry.with_clock(hour(1)).revision == 4
    assert registry.extend([Event("deployed", "2")]).revision == 5
    assert registry.mark_failed("2").mark_failed("2").revision == 5


# events


def test_events_are_in_order() -> None:
    """The events are those that were recorded, the oldest first."""
    registry = VersionRegistry().register("1", at=hour(1)).deploy("1").mark_failed("1", reason="x")
    assert list(registry.events) == [
        Event("registered", "1", at=hour(1)),
        Event("deployed", "1"),
        Event("marked_failed", "1", reason="x"),
    ]


def test_what_a_store_lacks() -> None:
    """`events[n:]` are the events after revision `n`, for every `n`."""
    registry = deployed("1", "2").mark_failed("2")
    everything = tuple(registry.events)
    for stored in range(registry.revision + 1):
        news = registry.events[stored:]
        assert news == everything[stored:]
        assert VersionRegistry.replay([*registry.at_revision(stored).events, *news]) == registry
        assert registry.at_revision(stored).extend(news) == registry


def sequence(name: str, *labels: str) -> Any:  # of events or deployments
    """Return a sequence that a registry of these deployments answers."""
    registry = deployed(*labels)
    return registry.deployments_of("1") if name == "deployments_of" else getattr(registry, name)


each_sequence = pytest.mark.parametrize("name", ["events", "deployments", "deployments_of"])


@each_sequence
def test_they_are_sequences(name: str) -> None:
    """Events and deployments can be indexed, sliced, reversed, counted and searched."""
    found: Sequence[Event | Deployment] = sequence(name, "1", "2", "1", "2", "1", "3")
    everything = list(found)
    length = len(everything)
    assert isinstance(found, Sequence)
    assert length == len(found) >= 3
    assert found[0] == everything[0]
    assert found[-1] == everything[-1]
    for part in (slice(None), slice(1, None), slice(-2, None), slice(None, None, -1), slice(9, 99)):
        assert list(found[part]) == everything[part]
    assert list(reversed(found)) == everything[::-1]
    assert everything[1] in found
    assert found.index(everything[1]) == 1
    assert found.count(everything[0]) == 1
    for place in (length, -length - 1):
        with pytest.raises(IndexError):
            _ = found[place]
    with pytest.raises(TypeError):
        _ = untyped(found)["0"]


@each_sequence
def test_they_are_values(name: str) -> None:
    """They equal sequences of equal items, have a hash and a repr, and cannot be changed."""
    found, twin = sequence(name, "1", "2"), sequence(name, "1", "2")
    other = sequence(name, "1", "2", "1")
    assert found == twin
    assert hash(found) == hash(twin)
    assert found == tuple(found)
    assert found == list(found)
    assert hash(found) == hash(tuple(found))
    assert found != other
    assert found != "12"
    assert found is not None
    assert repr(found) == repr(tuple(found))
    with pytest.raises(TypeError):
        found[0] = None
    with pytest.raises(AttributeError):
        found.append(None)
    with pytest.raises(AttributeError):
        found.more = None


def test_an_old_registry_does_not_see_new_events() -> None:
    """Sequences that were taken from an old registry do not grow."""
    registry = deployed("1")
    events, deployments = registry.events, registry.deployments
    after = registry.register("2").deploy("2")
    assert (len(events), len(deployments)) == (2, 1)
    assert (len(after.events), len(after.deployments)) == (4, 2)


# Together


def test_the_example_of_the_contract() -> None:
    """After the rollback the target serves, and the job may run again."""
    registry = VersionRegistry()
    registry = registry.register("v1.0").deploy("v1.0").mark_stable("v1.0")
    registry = registry.register("v1.1").deploy("v1.1")
    registry = registry.mark_failed("v1.1", reason="p99 latency 900 ms")
    assert registry.needs_rollback
    plan = LastStable().plan(registry)
    registry = registry.roll_back(plan)
    assert f"Deployed model version: {registry.current}" == "Deployed model version: v1.0"
    assert not registry.needs_rollback
    assert registry.roll_back(plan) is registry
