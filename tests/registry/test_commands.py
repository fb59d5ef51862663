"""Section 2.1: what each command does, and what all of them have in common."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from lastgood import (
    DuplicateVersion,
    IllegalTransition,
    InvalidData,
    InvalidMetadata,
    NotCurrent,
    Status,
    UnknownVersion,
    VersionRegistry,
)
from tests.registry.making import COMMANDS, answers, back, by_hand, deployed, hour, idle, untyped
from tests.rows import each_row

#: The kind of event that a command records.
RECORDED = {
    "register": "registered",
    "annotate": "annotated",
    "deploy": "deployed",
    "undeploy": "undeployed",
    "mark_stable": "marked_stable",
    "mark_failed": "marked_failed",
    "retire": "retired",
    "reinstate": "reinstated",
    "observe": "observed",
    "roll_back": "rolled_back",
}

each_command = each_row("name", RECORDED)
each_command_on_a_label = each_row("name", COMMANDS)


def ready(name: str) -> tuple[VersionRegistry, Callable[..., VersionRegistry], str]:
    """Return a registry, a command that records an event about a version, and its label."""
    registry, label = idle(Status.UNPROVEN), "it"
    if name == "roll_back":
        registry = registry.deploy("it")
        return registry, partial(registry.roll_back, by_hand(registry, "base", source="it")), "base"
    if name == "reinstate":
        registry = idle(Status.FAILED)
    if name == "undeploy":
        registry = registry.deploy("it")
    if name == "register":
        label = "new"
    return registry, partial(COMMANDS[name], registry, label), label


def test_a_new_registry_is_empty() -> None:
    """At first no version is known or current, and no event is recorded."""
    registry = VersionRegistry()
    assert (len(registry), registry.current, registry.revision) == (0, None, 0)
    assert registry.clock is None
    assert not registry.needs_rollback


@each_command
def test_a_command_records_one_event(name: str) -> None:
    """A command adds one event, of its own kind, about its version, at the end."""
    registry, command, label = ready(name)
    after = command()
    assert after.revision == registry.revision + 1
    assert tuple(after.events[:-1]) == tuple(registry.events)
    assert after.events[-1].kind == RECORDED[name]
    assert after.events[-1].version == label
    assert (after.events[-1].reason, after.events[-1].by, after.events[-1].at) == ("", "", None)


@each_command
def test_a_command_leaves_the_registry_as_it_is(name: str) -> None:
    """A command returns a new registry; the old one answers as before."""
    registry, command, _ = ready(name)
    before = answers(registry)
    assert command() is not registry
    assert answers(registry) == before


@each_command
def test_every_command_takes_a_reason_a_name_and_a_time(name: str) -> None:
    """Why, who says so and when are kept in the event, whatever the command."""
    _, command, _ = ready(name)
    event = command(reason="because", by="monitor/p99", at=hour(2)).events[-1]
    assert (event.reason, event.by, event.at) == ("because", "monitor/p99", hour(2))


@each_command_on_a_label
def test_a_command_returns_a_registry_of_the_same_type(name: str) -> None:
    """A command returns a `VersionRegistry`."""
    _, command, _ = ready(name)
    assert type(command()) is VersionRegistry


@each_row("name", sorted(set(COMMANDS) - {"register"}))
def test_a_command_on_an_unknown_version_is_refused(name: str) -> None:
    """All commands but `register` are about a registered version."""
    registry = deployed("v1.0")
    before = answers(registry)
    with pytest.raises(UnknownVersion) as refusal:
        _ = COMMANDS[name](registry, "v1.1")
    assert refusal.value.version == "v1.1"
    assert answers(registry) == before


@each_row("name", [*RECORDED, "with_clock", "extend"])
def test_the_docstring_of_a_command_warns_of_the_forgotten_rebinding(name: str) -> None:
    """The price of a value is named wherever it may have to be paid."""
    words = " ".join(str(getattr(VersionRegistry, name).__doc__).split())
    assert "Returns: The new registry. This one is unchanged." in words


def test_docstrings_say_what_a_caller_must_know() -> None:
    """An observation waits for the rollout; a verdict names its version; digests cover all."""
    words = {
        name: " ".join(str(getattr(VersionRegistry, name).__doc__).split())
        for name in ("observe", "mark_failed", "register")
    }
    assert "once the rollout has finished" in words["observe"]
    assert "``mark_failed(registry.current)`` run twice fails two" in words["mark_failed"]
    assert "configuration" in words["register"]


# register


def test_a_registered_version_is_unproven() -> None:
    """A new version has only the facts that were given."""
    version = VersionRegistry().register("v1.0")["v1.0"]
    assert version.status is Status.UNPROVEN
    assert version.reason == ""
    assert dict(version.metadata) == {}
    assert version.digest is None
    assert version.registered_at is None
    assert version.deployed_at is None
    assert version.times_deployed == 0


def test_registration_has_metadata_digest_and_time() -> None:
    """Facts that are given at registration are those of the version, and stand in the event."""
    registry = VersionRegistry().register(
        "v1.0", metadata={"auc": 0.91}, digest="sha256:9f86d0", at=hour(0)
    )
    version, event = registry["v1.0"], registry.events[0]
    assert dict(version.metadata) == dict(event.metadata) == {"auc": 0.91}
    assert version.digest == event.digest == "sha256:9f86d0"
    assert version.registered_at == event.at == hour(0)


def test_the_reason_of_a_registration_stays_in_its_event() -> None:
    """Why a version was registered is not why it is unproven."""
    registry = VersionRegistry().register("v1.0", reason="nightly build", by="ci")
    assert registry["v1.0"].reason == ""
    assert registry["v1.0"].status_text == "unproven"
    assert registry.events[0].reason == "nightly build"


def test_registration_does_not_deploy() -> None:
    """A version that is only registered is not current, and never was."""
    registry = deployed("v1.0").register("v1.1")
    assert registry.current == "v1.0"
    assert [deployment.version for deployment in registry.deployments] == ["v1.0"]


@each_row("status", Status)
def test_a_label_means_one_artifact(status: Status) -> None:
    """A known label cannot be registered with other facts, whatever its status."""
    registry = idle(status)
    before = answers(registry)
    for facts in ({"digest": "another"}, {"metadata": {"auc": 0.9}}):
        with pytest.raises(DuplicateVersion) as refusal:
            _ = registry.register("it", **untyped(facts))
        assert refusal.value.version == "it"
        assert refusal.value.status is status
    assert answers(registry) == before


def test_the_label_is_the_identity() -> None:
    """Labels that mean the same as SemVer are different versions."""
    registry = VersionRegistry().register("v1.0").register("1.0").register("1.0.0")
    assert list(registry) == ["v1.0", "1.0", "1.0.0"]


def test_a_digest_may_be_shared() -> None:
    """Two versions may have the same contents; that is what digests show."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x")
    assert registry["1"].digest == registry["2"].digest == "x"


# annotate


def test_an_annotation_is_laid_over_the_metadata() -> None:
    """New keys are added and known ones replaced; all others stay, and so does the digest."""
    registry = VersionRegistry().register("1", metadata={"auc": 0.9, "warm": False}, digest="x")
    after = registry.annotate("1", {"warm": True, "migration": "0042"}, by="ana", at=hour(1))
    assert dict(after["1"].metadata) == {"auc": 0.9, "warm": True, "migration": "0042"}
    assert after["1"].digest == "x"
    assert dict(after.events[-1].metadata) == {"warm": True, "migration": "0042"}
    assert dict(registry["1"].metadata) == {"auc": 0.9, "warm": False}


def test_a_value_may_be_annotated_as_none() -> None:
    """`None` is a value; an annotation never removes a key."""
    registry = VersionRegistry().register("1", metadata={"auc": 0.9}).annotate("1", {"auc": None})
    assert dict(registry["1"].metadata) == {"auc": None}


@each_row("status", Status)
def test_every_version_can_be_annotated(status: Status) -> None:
    """An annotation is not a verdict: whatever the status, it stays, with its reason."""
    registry = idle(status)
    after = registry.annotate("it", {"migration": True}, reason="found in the log")
    assert after["it"].metadata["migration"] is True
    assert after["it"].status is status
    assert after["it"].reason == registry["it"].reason
    assert (after.current, after.needs_rollback) == (registry.current, registry.needs_rollback)


def test_an_annotation_of_nothing_is_refused() -> None:
    """At least one key is needed; the refusal names the place."""
    registry = deployed("1")
    before = answers(registry)
    with pytest.raises(InvalidData) as refusal:
        _ = registry.annotate("1", {})
    assert refusal.value.place == "metadata"
    assert isinstance(refusal.value, ValueError)
    assert answers(registry) == before


@each_row("metadata", [None, [("a", 1)], "auc", 7, {"a"}])
def test_an_annotation_is_a_mapping(metadata: object) -> None:
    """An annotation of another type is a `TypeError`."""
    with pytest.raises(TypeError, match="mapping"):
        _ = deployed("1").annotate("1", untyped(metadata))


def test_an_annotation_is_checked_like_metadata() -> None:
    """Values that metadata cannot have are refused, and nothing changes."""
    registry = deployed("1")
    before = answers(registry)
    with pytest.raises(InvalidMetadata, match="auc"):
        _ = registry.annotate("1", {"auc": float("nan")})
    assert answers(registry) == before


def test_an_annotation_of_the_past_is_not_seen() -> None:
    """A registry knows only the annotations that were recorded before it."""
    registry = deployed("1").annotate("1", {"auc": 0.8}).annotate("1", {"auc": 0.9})
    found = [registry.at_revision(n)["1"].metadata.get("auc") for n in (2, 3, 4)]
    assert found == [None, 0.8, 0.9]


# deploy


def test_a_deployed_version_is_current() -> None:
    """The version deployed last is the current one, whatever the order of SemVer is."""
    registry = deployed("2.0.0", "1.0.0")
    assert registry.current == "1.0.0"


def test_a_version_counts_its_deployments() -> None:
    """A version says how often it was deployed, and when the last time."""
    registry = VersionRegistry().register("1").register("2").deploy("1", at=hour(1)).deploy("2")
    registry = registry.deploy("1", at=hour(2))
    assert registry["1"].times_deployed == 2
    assert registry["1"].deployed_at == hour(2)


def test_the_last_deployment_counts_even_if_its_time_is_unknown() -> None:
    """If the last deployment has no time, the time of an earlier one is not shown instead."""
    registry = VersionRegistry().register("1").register("2").deploy("1", at=hour(1)).deploy("2")
    assert registry.deploy("1")["1"].deployed_at is None


def test_a_superseded_version_keeps_its_status() -> None:
    """Statuses change by events only, never as a side effect of a new deployment."""
    registry = deployed("v1.0").mark_stable("v1.0").register("v1.1").deploy("v1.1")
    assert registry["v1.0"].status is Status.STABLE


# roll_back


def test_a_rollback_carries_a_plan_out() -> None:
    """The target is current, the source is held, and the event names both and who chose."""
    registry = deployed("v1.0", "v1.1")
    registry = back(registry, "v1.0", source="v1.1", reason="slow", by="ana", at=hour(3))
    event = registry.events[-1]
    assert registry.current == "v1.0"
    assert registry["v1.1"].status is Status.ROLLED_BACK
    assert (event.kind, event.version, event.source) == ("rolled_back", "v1.0", "v1.1")
    assert (event.strategy, event.reason, event.by) == ("by hand", "slow", "ana")


def test_a_rollback_deploys_the_target() -> None:
    """Being rolled back to is a deployment of the target."""
    registry = back(deployed("v1.0", "v1.1"), "v1.0", source="v1.1", at=hour(3))
    assert registry["v1.0"].times_deployed == 2
    assert registry["v1.0"].deployed_at == hour(3)


def test_a_rollback_holds_only_the_version_that_was_current() -> None:
    """Versions between the source and the target keep their status."""
    registry = back(deployed("1", "2", "3"), "1", source="3")
    assert registry["2"].status is Status.UNPROVEN
    assert registry["3"].status is Status.ROLLED_BACK


def test_a_rollback_proves_nothing_about_its_target() -> None:
    """A target keeps its status and its reason: a rollback is not fresh evidence for it."""
    registry = deployed("1").mark_stable("1", reason="24 h").register("2").deploy("2")
    registry = back(registry, "1", source="2", reason="2 is slow")
    assert registry["1"].status is Status.STABLE
    assert registry["1"].reason == "24 h"


def test_a_rollback_to_the_source_is_refused() -> None:
    """A version is not its own target."""
    registry = deployed("1", "2")
    before = answers(registry)
    with pytest.raises(IllegalTransition) as refusal:
        _ = back(registry, "2", source="2")
    assert refusal.value.version == "2"
    assert answers(registry) == before


def test_a_rollback_to_an_unknown_version_is_refused() -> None:
    """A plan whose target is not registered cannot be carried out."""
    registry = deployed("1", "2")
    before = answers(registry)
    with pytest.raises(UnknownVersion) as refusal:
        _ = back(registry, "3", source="2")
    assert refusal.value.version == "3"
    assert answers(registry) == before


@pytest.mark.parametrize("plan", ["1", None, {"target": "1"}, VersionRegistry])
def test_a_rollback_takes_a_plan(plan: object) -> None:
    """A label, a table or a class in place of a plan is a `TypeError` that shows what to write."""
    with pytest.raises(TypeError, match="plan"):
        _ = deployed("1", "2").roll_back(untyped(plan))


# deploy(replacing=)


def test_a_job_says_what_it_replaces() -> None:
    """The deployment goes through if exactly that version is current."""
    registry = deployed("1").register("2")
    assert registry.deploy("2", replacing="1") == registry.deploy("2")


@pytest.mark.parametrize("replacing", ["0", "2", "3", "never registered"])
def test_a_late_retry_does_not_replace_a_newer_deployment(replacing: str) -> None:
    """If another version is current, or the label is unknown, it is `NotCurrent`."""
    registry = deployed("0", "1").register("2").register("3")
    before = answers(registry)
    with pytest.raises(NotCurrent) as refusal:
        _ = registry.deploy("3", replacing=replacing)
    assert (refusal.value.version, refusal.value.current) == (replacing, "1")
    assert answers(registry) == before


@pytest.mark.parametrize("registry", [VersionRegistry().register("2"), deployed("1").register("2")])
def test_a_late_retry_does_not_undo_an_undeploy(registry: VersionRegistry) -> None:
    """If nothing serves there is nothing to replace."""
    if registry.current is not None:
        registry = registry.undeploy("1")
    with pytest.raises(NotCurrent) as refusal:
        _ = registry.deploy("2", replacing="1")
    assert (refusal.value.version, refusal.value.current) == ("1", None)


@pytest.mark.parametrize("replacing", ["1", "2", "3", "never registered"])
def test_a_retry_of_a_job_that_went_through_is_done(replacing: str) -> None:
    """If the version is current already the job is done, whatever it wanted to replace."""
    registry = deployed("1", "2").register("3")
    assert registry.deploy("2", replacing=replacing) is registry


def test_a_refusal_comes_before_what_is_replaced() -> None:
    """An unknown version, or one that may not be deployed, is refused for that."""
    registry = deployed("1", "2").mark_failed("1").mark_failed("2")
    with pytest.raises(UnknownVersion):
        _ = registry.deploy("3", replacing="9")
    with pytest.raises(IllegalTransition):
        _ = registry.deploy("1", replacing="9")
    with pytest.raises(IllegalTransition):
        _ = registry.deploy("2", replacing="1")


@pytest.mark.parametrize("replacing", [7, 1.10, b"1", ["1"]])
def test_the_replaced_version_is_a_label(replacing: object) -> None:
    """A label of another type is a `TypeError`, even if the version is current already."""
    for label in ("2", "1"):
        with pytest.raises(TypeError):
            _ = deployed("1").register("2").deploy(label, replacing=untyped(replacing))


def test_a_late_retry_is_told_what_serves() -> None:
    """The refusal names the version that the call expected, and the one that serves."""
    registry = deployed("1").register("2").register("3").deploy("3")
    calls: list[Callable[[], VersionRegistry]] = [
        partial(registry.deploy, "2", replacing="1"),
        partial(registry.undeploy, "1"),
    ]
    for call in calls:
        with pytest.raises(NotCurrent) as refusal:
            _ = call()
        assert (refusal.value.version, refusal.value.current) == ("1", "3")


def test_what_was_replaced_is_not_recorded() -> None:
    """`replacing` is a condition of the call, not a fact."""
    registry = deployed("1").register("2").deploy("2", replacing="1")
    assert registry.events[-1].to_dict() == {"kind": "deployed", "version": "2"}


# Arguments of the wrong type


@each_row("key", ["reason", "by"])
@each_command
def test_a_reason_and_a_name_are_texts(name: str, key: str) -> None:
    """A reason or a name of another type is a `TypeError`, and nothing is recorded."""
    registry, command, _ = ready(name)
    before = answers(registry)
    for value in (None, 7, b"slow", ["slow"], ValueError("slow")):
        with pytest.raises(TypeError, match=f"{key} must be a str"):
            _ = command(**{key: value})
    assert answers(registry) == before


@each_command
def test_a_time_is_a_datetime(name: str) -> None:
    """A time of another type is a `TypeError`, and nothing is recorded."""
    registry, command, _ = ready(name)
    before = answers(registry)
    for when in ("2024-05-01", 1714521600, hour(0).date(), datetime):
        with pytest.raises(TypeError, match="datetime"):
            _ = command(at=when)
    assert answers(registry) == before


@pytest.mark.parametrize("digest", [7, b"sha256", ["x"], True])
def test_a_digest_is_a_text(digest: Any) -> None:  # what is wrong with it
    """A digest of another type is a `TypeError`."""
    with pytest.raises(TypeError, match="digest must be a str"):
        _ = VersionRegistry().register("1", digest=digest)


@each_command_on_a_label
def test_all_but_the_label_are_keywords(name: str) -> None:
    """The optional arguments of a command cannot be given by position."""
    registry, _, label = ready(name)
    method = untyped(getattr(registry, name))
    with pytest.raises(TypeError, match="positional"):
        _ = method(*([label, {"a": 1}] if name == "annotate" else [label]), "because")
