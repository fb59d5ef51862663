"""Section 2.4: what can be asked of a registry."""

from collections.abc import Sequence

import pytest

from lastgood import Deployment, Event, NothingDeployed, Previous, Status, VersionRegistry
from tests.registry.making import by_hand, deployed, hour, idle, serving, untyped

# current, current_version, needs_rollback


def test_nothing_is_current_at_first() -> None:
    """Where nothing was deployed there is no current version, and nothing needs a rollback."""
    registry = VersionRegistry().register("1").mark_failed("1")
    assert registry.current is None
    assert not registry.needs_rollback
    with pytest.raises(NothingDeployed):
        _ = registry.current_version


def test_the_current_version() -> None:
    """`current` is the label, `current_version` all that is known of it."""
    registry = deployed("1", "2").mark_stable("2", reason="fine")
    assert registry.current == "2"
    assert registry.current_version is registry["2"]
    assert registry.current_version.reason == "fine"


@pytest.mark.parametrize("status", Status)
def test_what_needs_a_rollback(status: Status) -> None:
    """A current version that is failed, rolled back or retired could not be a target itself."""
    bad = {Status.FAILED, Status.ROLLED_BACK, Status.RETIRED}
    assert serving(status).needs_rollback is (status in bad)


@pytest.mark.parametrize("status", Status)
def test_what_is_not_current_needs_no_rollback(status: Status) -> None:
    """The status of a version that does not serve is no reason to leave the one that does."""
    assert not idle(status).needs_rollback


# revision


def test_the_revision_counts_events() -> None:
    """Each event adds one; what records nothing adds none."""
    registry = deployed("1", "2")
    assert registry.revision == len(registry.events) == 4
    assert registry.observe("2").revision == 4
    assert registry.with_clock(hour(1)).revision == 4
    assert registry.mark_failed("2").mark_failed("2").revision == 6


# deployments


def test_deployments_are_told_in_order() -> None:
    """There is one for each deployment, rollback and observation, the oldest first."""
    registry = deployed("1", "2").register("3")
    registry = registry.roll_back(by_hand(registry, "1")).observe("3").deploy("3")
    assert [(deployment.version, deployment.kind) for deployment in registry.deployments] == [
        ("1", "deployed"),
        ("2", "deployed"),
        ("1", "rolled_back"),
        ("3", "observed"),
        ("3", "deployed"),
    ]


def test_deployments_tell_when_they_began_and_ended() -> None:
    """A deployment ends when the next one begins, where that was told; the last one goes on."""
    registry = VersionRegistry().register("1").register("2")
    registry = registry.deploy("1", at=hour(1)).deploy("2", at=hour(2)).deploy("1")
    registry = registry.deploy("1", at=hour(4))
    assert [(deployment.at, deployment.ended_at) for deployment in registry.deployments] == [
        (hour(1), hour(2)),
        (hour(2), None),
        (None, hour(4)),
        (hour(4), None),
    ]


def test_only_deployments_end_deployments() -> None:
    """A verdict ends nothing, at whatever time."""
    registry = deployed("1").mark_failed("1", at=hour(2)).register("2", at=hour(3))
    assert [deployment.ended_at for deployment in registry.deployments] == [None]


def test_an_old_registry_does_not_see_the_end() -> None:
    """In the registry of before the next deployment, the last one still goes on."""
    before = deployed("1").register("2")
    after = before.deploy("2", at=hour(2))
    assert before.deployments[0].ended_at is None
    assert after.deployments[0].ended_at == hour(2)


def test_deployments_tell_whether_they_rewound() -> None:
    """What went back to a deployment in the lineage rewound; nothing else did."""
    registry = deployed("1", "2", "3").register("other")
    registry = registry.roll_back(by_hand(registry, "2"))
    registry = registry.roll_back(by_hand(registry, "other")).observe("1")
    registry = registry.reinstate("2").deploy("2").deploy("2").reinstate("3").observe("3")
    told = [(each.version, each.kind, each.rewound) for each in registry.deployments[3:]]
    assert told == [
        ("2", "rolled_back", True),
        ("other", "rolled_back", False),
        ("1", "observed", True),
        ("2", "deployed", False),
        ("2", "deployed", False),
        ("3", "observed", False),
    ]


def test_deployments_tell_their_reason() -> None:
    """The reason is that of the event; a rollback that told none has none."""
    registry = deployed("1", "2", "3")
    registry = registry.roll_back(by_hand(registry, "2"), reason="slow")
    registry = registry.roll_back(by_hand(registry, "1")).observe("3", reason="by hand")
    assert [each.reason for each in registry.deployments] == ["", "", "", "slow", "", "by hand"]


def test_no_deployments() -> None:
    """Where nothing was deployed the sequence is empty."""
    registry = VersionRegistry().register("1")
    assert len(registry.deployments) == 0
    assert not list(registry.deployments)
    with pytest.raises(IndexError):
        _ = registry.deployments[-1]


# events


def test_events_are_told_in_order() -> None:
    """The events are what was recorded, the oldest first."""
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


@pytest.mark.parametrize("name", ["events", "deployments"])
def test_they_are_sequences(name: str) -> None:
    """Events and deployments can be indexed, sliced, reversed, counted and searched."""
    registry = deployed("1", "2", "3")
    found: Sequence[Event | Deployment] = untyped(getattr(registry, name))
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


@pytest.mark.parametrize("name", ["events", "deployments"])
def test_they_are_values(name: str) -> None:
    """They equal sequences of equal items, have a hash and a repr, and cannot be changed."""
    found = untyped(getattr(deployed("1", "2"), name))
    twin = untyped(getattr(deployed("1", "2"), name))
    other = untyped(getattr(deployed("1", "2", "3"), name))
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


# What it does not ask


def test_questions_cannot_be_answered_by_hand() -> None:
    """No answer can be set."""
    registry = untyped(deployed("1"))
    for name in ("current", "revision", "clock", "events", "deployments", "needs_rollback"):
        with pytest.raises(AttributeError):
            setattr(registry, name, None)
        with pytest.raises(AttributeError):
            delattr(registry, name)
    assert registry == deployed("1")


def test_a_version_says_what_serves() -> None:
    """The example of the contract: after the rollback the target is what is told."""
    registry = VersionRegistry()
    registry = registry.register("v1.0").deploy("v1.0").mark_stable("v1.0")
    registry = registry.register("v1.1").deploy("v1.1")
    registry = registry.mark_failed("v1.1", reason="p99 latency 900 ms")
    assert registry.needs_rollback
    registry = registry.roll_back(Previous().plan(registry))
    assert f"Deployed model version: {registry.current}" == "Deployed model version: v1.0"
