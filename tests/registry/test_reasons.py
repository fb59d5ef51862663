"""Section 2.2: which reason `Version.reason` is."""

import pytest

from lastgood import Status
from tests.registry.making import back, deployed, idle, serving, untyped

#: Commands, with the status that they are there to give.
OWN = [
    ("mark_stable", Status.STABLE),
    ("mark_failed", Status.FAILED),
    ("retire", Status.RETIRED),
]


@pytest.mark.parametrize(("name", "status"), OWN)
def test_the_reason_of_the_event_that_changed_the_status(name: str, status: Status) -> None:
    """The event that gives a version a new status gives it its reason."""
    registry = untyped(getattr(idle(Status.UNPROVEN), name))("it", reason="because")
    assert registry["it"].status is status
    assert registry["it"].reason == "because"


@pytest.mark.parametrize(("name", "status"), OWN)
def test_a_later_reason_of_the_same_command_counts(name: str, status: Status) -> None:
    """A later event of the status's own command gives a better reason."""
    registry = untyped(getattr(idle(status), name))("it", reason="a better reason")
    assert registry["it"].reason == "a better reason"


@pytest.mark.parametrize(("name", "status"), OWN)
def test_a_later_event_without_a_reason_does_not_count(name: str, status: Status) -> None:
    """A later event of the same command without a reason leaves the reason as it is."""
    registry = untyped(getattr(idle(status), name))("it")
    assert registry["it"].reason == "the first reason"


def test_a_new_status_without_a_reason_has_none() -> None:
    """The reason belongs to the status: a new status does not inherit it."""
    registry = idle(Status.STABLE).mark_failed("it")
    assert registry["it"].reason == ""


def test_a_failure_of_a_retired_version_does_not_change_why_it_is_retired() -> None:
    """`mark_failed` is not the own command of the status retired."""
    registry = idle(Status.RETIRED).mark_failed("it", reason="it also failed")
    assert registry["it"].status is Status.RETIRED
    assert registry["it"].reason == "the first reason"


def test_a_retirement_of_a_failed_version_has_its_own_reason() -> None:
    """The status changes, and so does the reason, even to none."""
    assert idle(Status.FAILED).retire("it", reason="licence")["it"].reason == "licence"
    assert idle(Status.FAILED).retire("it")["it"].reason == ""


@pytest.mark.parametrize("status", [Status.FAILED, Status.RETIRED])
def test_leaving_a_version_does_not_overwrite_a_verdict(status: Status) -> None:
    """A failed or retired version that is left keeps why it failed or was retired."""
    registry = serving(status)
    for left in (
        back(registry, "base", source="it", reason="paged at three"),
        registry.observe("base", reason="the provider did it"),
    ):
        assert left["it"].status is status
        assert left["it"].reason == "the first reason"


def test_the_reason_of_a_rollback_is_that_of_the_source() -> None:
    """The reason of a rollback says why the source was left."""
    registry = back(serving(Status.UNPROVEN), "base", source="it", reason="p99 900 ms")
    assert registry["it"].reason == "p99 900 ms"
    assert registry["base"].reason == ""


def test_a_rollback_without_a_reason_names_its_target() -> None:
    """Without a reason the source says where the rollback went; the event has none."""
    registry = back(serving(Status.STABLE), "base", source="it")
    assert registry["it"].reason == "rolled back to base"
    assert registry.events[-1].reason == ""


def test_an_observation_that_rewinds_has_a_reason_as_well() -> None:
    """A rewinding observation says why the version before it was left, as a rollback does."""
    registry = serving(Status.STABLE)
    assert registry.observe("base")["it"].reason == "rolled back to base"
    silent = registry.observe("base", reason="the provider did it")
    assert silent["it"].reason == "the provider did it"


def test_deploying_and_observing_do_not_change_a_reason() -> None:
    """Why a version was put in service is not why it has its status."""
    assert idle(Status.STABLE).deploy("it", reason="nightly")["it"].reason == "the first reason"
    assert idle(Status.FAILED).observe("it", reason="insisted")["it"].reason == "the first reason"
    left = serving(Status.STABLE).register("new").deploy("new", reason="nightly")
    assert left["it"].reason == "the first reason"


@pytest.mark.parametrize("status", [Status.FAILED, Status.RETIRED])
def test_the_reason_of_a_reinstatement(status: Status) -> None:
    """The reason of `reinstate` takes the place of the old one, even if it is empty."""
    assert idle(status).reinstate("it", reason="false alarm")["it"].reason == "false alarm"
    assert idle(status).reinstate("it")["it"].reason == ""


def test_a_reason_is_kept_exactly() -> None:
    """A reason may be long and have many lines; nothing of it is changed or cut."""
    text = "line one\nline two\t\x00 " + "x" * 100_000
    registry = deployed("1").mark_failed("1", reason=text)
    assert registry["1"].reason == text
