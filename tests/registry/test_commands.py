"""Section 2.1: what each command does, and what all of them have in common."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from lastgood import (
    DuplicateVersion,
    IllegalTransition,
    Status,
    UnknownVersion,
    VersionRegistry,
)
from tests.registry.making import COMMANDS, answers, by_hand, deployed, hour, idle, untyped

#: What a command records.
RECORDED = {
    "register": "registered",
    "deploy": "deployed",
    "mark_stable": "marked_stable",
    "mark_failed": "marked_failed",
    "retire": "retired",
    "reinstate": "reinstated",
    "observe": "observed",
}

WITH_REASON = ["mark_stable", "mark_failed", "retire", "reinstate", "observe"]
each_command = pytest.mark.parametrize("name", COMMANDS)
each_command_with_reason = pytest.mark.parametrize("name", WITH_REASON)


def ready(name: str) -> tuple[VersionRegistry, Callable[..., VersionRegistry]]:
    """Return a registry that allows the command on a version, and the command."""
    registry = idle(Status.FAILED if name == "reinstate" else Status.UNPROVEN)
    label = "new" if name == "register" else "it"
    return registry, partial(COMMANDS[name], registry, label)


def test_a_new_registry_is_empty() -> None:
    """At first nothing is known, nothing is current, and nothing was recorded."""
    registry = VersionRegistry()
    assert (len(registry), registry.current, registry.revision) == (0, None, 0)
    assert registry.clock is None
    assert not registry.needs_rollback


@each_command
def test_a_command_records_one_event(name: str) -> None:
    """A command adds one event, of its own kind, about its version, at the end."""
    registry, command = ready(name)
    after = command()
    assert after.revision == registry.revision + 1
    assert tuple(after.events[:-1]) == tuple(registry.events)
    assert after.events[-1].event == RECORDED[name]
    assert after.events[-1].version == ("new" if name == "register" else "it")


@each_command
def test_a_command_leaves_the_old_registry_alone(name: str) -> None:
    """A command returns a new registry; what the old one answers is as before."""
    registry, command = ready(name)
    before = answers(registry)
    after = command(at=hour(1))
    assert after is not registry
    assert after != registry
    assert answers(registry) == before


@each_command
def test_a_command_keeps_its_time(name: str) -> None:
    """What is told with `at` stands in the event."""
    _, command = ready(name)
    assert command(at=hour(1)).events[-1].at == hour(1)


@each_command
def test_a_command_needs_no_time(name: str) -> None:
    """Without `at` the event tells no time, and the registry still has no clock."""
    _, command = ready(name)
    assert command().events[-1].at is None
    assert command().clock is None


@each_command_with_reason
def test_a_command_keeps_its_reason(name: str) -> None:
    """What is told with `reason` stands in the event."""
    _, command = ready(name)
    assert command(reason="because").events[-1].reason == "because"


@pytest.mark.parametrize("name", ["register", "deploy"])
def test_registering_and_deploying_take_no_reason(name: str) -> None:
    """There is nothing to justify in a registration or a deployment."""
    _, command = ready(name)
    with pytest.raises(TypeError, match="reason"):
        _ = command(reason="because")


@each_command
def test_a_command_takes_one_argument_by_place(name: str) -> None:
    """All but the label is given by keyword."""
    _, command = ready(name)
    with pytest.raises(TypeError, match="positional"):
        _ = command("because")


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"register"}))
def test_a_command_on_an_unknown_version_is_refused(name: str) -> None:
    """All but `register` are about a version that is registered."""
    registry = deployed("v1.0")
    before = answers(registry)
    with pytest.raises(UnknownVersion) as refusal:
        _ = COMMANDS[name](registry, "v1.1")
    assert refusal.value.version == "v1.1"
    assert answers(registry) == before


@pytest.mark.parametrize("name", [*COMMANDS, "roll_back", "with_clock"])
def test_the_docstring_of_a_command_warns_of_the_forgotten_rebinding(name: str) -> None:
    """The price of a value is told wherever it may have to be paid."""
    words = " ".join(str(getattr(VersionRegistry, name).__doc__).split())
    assert "Returns the new registry; this one is unchanged" in words


def test_the_docstring_of_observe_says_what_it_is_not_for() -> None:
    """While a roll-out is under way two versions serve, and there is nothing settled to observe."""
    words = " ".join(str(VersionRegistry.observe.__doc__).split())
    assert "under way" in words


# register


def test_a_registered_version_is_unproven() -> None:
    """Of a new version nothing is known but what was told."""
    version = VersionRegistry().register("v1.0")["v1.0"]
    assert version.status is Status.UNPROVEN
    assert version.reason == ""
    assert dict(version.metadata) == {}
    assert version.digest is None
    assert version.registered_at is None
    assert version.deployed_at is None
    assert version.times_deployed == 0


def test_registration_tells_metadata_digest_and_time() -> None:
    """What is told at registration is known of the version, and stands in the event."""
    registry = VersionRegistry().register(
        "v1.0", metadata={"auc": 0.91}, digest="sha256:9f86d0", at=hour(0)
    )
    version, event = registry["v1.0"], registry.events[0]
    assert dict(version.metadata) == dict(event.metadata) == {"auc": 0.91}
    assert version.digest == event.digest == "sha256:9f86d0"
    assert version.registered_at == event.at == hour(0)


def test_registration_does_not_deploy() -> None:
    """A version that is only registered is not current, and never was."""
    registry = deployed("v1.0").register("v1.1")
    assert registry.current == "v1.0"
    assert [deployment.version for deployment in registry.deployments] == ["v1.0"]


@pytest.mark.parametrize("status", Status)
def test_a_label_is_registered_once(status: Status) -> None:
    """A known version cannot be registered again, whatever its status; the refusal tells it."""
    registry = idle(status)
    before = answers(registry)
    with pytest.raises(DuplicateVersion) as refusal:
        _ = registry.register("it", digest="another")
    assert refusal.value.version == "it"
    assert refusal.value.status is status
    assert answers(registry) == before


def test_the_label_is_the_identity() -> None:
    """Labels that mean the same as SemVer are different versions."""
    registry = VersionRegistry().register("v1.0").register("1.0").register("1.0.0")
    assert list(registry) == ["v1.0", "1.0", "1.0.0"]


def test_a_digest_may_be_shared() -> None:
    """Two versions may have the same contents; that is what digests are there to tell."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x")
    assert registry["1"].digest == registry["2"].digest == "x"


# deploy


def test_a_deployed_version_is_current() -> None:
    """The version deployed last is the current one, whatever the order of SemVer says."""
    registry = deployed("2.0.0", "1.0.0")
    assert registry.current == "1.0.0"


def test_a_deployment_is_told_of_the_version() -> None:
    """A version tells how often it was deployed, and when the last time."""
    registry = VersionRegistry().register("v1.0")
    registry = registry.deploy("v1.0", at=hour(1)).deploy("v1.0", at=hour(2))
    assert registry["v1.0"].times_deployed == 2
    assert registry["v1.0"].deployed_at == hour(2)


def test_the_last_deployment_counts_even_where_its_time_is_unknown() -> None:
    """Where nobody told when a version was deployed last, nobody knows, whatever came before."""
    registry = VersionRegistry().register("v1.0").deploy("v1.0", at=hour(1)).deploy("v1.0")
    assert registry["v1.0"].deployed_at is None


def test_a_superseded_version_keeps_its_status() -> None:
    """Statuses change by events only, never as a side effect of a new deployment."""
    registry = deployed("v1.0").mark_stable("v1.0").register("v1.1").deploy("v1.1")
    assert registry["v1.0"].status is Status.STABLE


# roll_back


def test_a_rollback_carries_a_plan_out() -> None:
    """The target is current, the source is rolled back, and the event tells both and who chose."""
    registry = deployed("v1.0", "v1.1")
    registry = registry.roll_back(by_hand(registry, "v1.0"), reason="slow", at=hour(3))
    event = registry.events[-1]
    assert registry.current == "v1.0"
    assert (event.event, event.version, event.source) == ("rolled_back", "v1.0", "v1.1")
    assert (event.strategy, event.reason, event.at) == ("by hand", "slow", hour(3))


def test_a_rollback_deploys_the_target() -> None:
    """Being rolled back to is a deployment of the target."""
    registry = deployed("v1.0", "v1.1")
    registry = registry.roll_back(by_hand(registry, "v1.0"), at=hour(3))
    assert registry["v1.0"].times_deployed == 2
    assert registry["v1.0"].deployed_at == hour(3)


def test_a_rollback_marks_only_what_was_current() -> None:
    """What lay between the source and the target keeps its status."""
    registry = deployed("1", "2", "3")
    registry = registry.roll_back(by_hand(registry, "1"))
    assert registry["2"].status is Status.UNPROVEN
    assert registry["3"].status is Status.ROLLED_BACK


def test_a_rollback_proves_nothing_of_its_target() -> None:
    """A target keeps its status and its reason: being rolled back to is no fresh evidence."""
    registry = deployed("1").mark_stable("1", reason="24 h").register("2").deploy("2")
    registry = registry.roll_back(by_hand(registry, "1"), reason="2 is slow")
    assert registry["1"].status is Status.STABLE
    assert registry["1"].reason == "24 h"


def test_a_rollback_to_the_source_is_refused() -> None:
    """There is no way back from a version to itself."""
    registry = deployed("1", "2")
    before = answers(registry)
    with pytest.raises(IllegalTransition) as refusal:
        _ = registry.roll_back(by_hand(registry, "2"))
    assert refusal.value.version == "2"
    assert answers(registry) == before


def test_a_rollback_to_an_unknown_version_is_refused() -> None:
    """A plan whose target is not registered cannot be carried out."""
    registry = deployed("1", "2")
    before = answers(registry)
    with pytest.raises(UnknownVersion) as refusal:
        _ = registry.roll_back(by_hand(registry, "3"))
    assert refusal.value.version == "3"
    assert answers(registry) == before


@pytest.mark.parametrize("plan", ["1", None, {"target": "1"}, VersionRegistry])
def test_a_rollback_takes_a_plan(plan: object) -> None:
    """A label, a table or a class where a plan belongs is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match=r"registry\.roll_back\(strategy\.plan\(registry"):
        _ = deployed("1", "2").roll_back(untyped(plan))


# What is of the wrong type


@pytest.mark.parametrize("reason", [None, 7, b"slow", ["slow"]])
@each_command_with_reason
def test_a_reason_is_a_text(name: str, reason: object) -> None:
    """A reason of another type is a `TypeError`, and nothing is recorded."""
    registry, command = ready(name)
    before = answers(registry)
    with pytest.raises(TypeError, match="reason must be a str"):
        _ = command(reason=reason)
    assert answers(registry) == before


@pytest.mark.parametrize("when", ["2024-05-01", 1714521600, hour(0).date(), datetime])
@each_command
def test_a_time_is_a_datetime(name: str, when: object) -> None:
    """A time of another type is a `TypeError`, and nothing is recorded."""
    registry, command = ready(name)
    before = answers(registry)
    with pytest.raises(TypeError, match="a time is a datetime"):
        _ = command(at=when)
    assert answers(registry) == before


@pytest.mark.parametrize("digest", [7, b"sha256", ["x"], True])
def test_a_digest_is_a_text(digest: Any) -> None:  # what is wrong with it
    """A digest of another type is a `TypeError`."""
    with pytest.raises(TypeError, match="digest must be a str"):
        _ = VersionRegistry().register("1", digest=digest)
