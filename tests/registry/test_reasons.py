"""Section 2.2: what `Version.reason` tells."""

import pytest

from lastgood import Status
from tests.registry.making import by_hand, deployed, idle, serving, untyped

#: Commands, with the status that is their own and that they give to "it".
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
def test_a_later_reason_of_the_same_kind_counts(name: str, status: Status) -> None:
    """A later event of the status's own command tells a better reason."""
    registry = untyped(getattr(idle(status), name))("it", reason="a better reason")
    assert registry["it"].reason == "a better reason"


@pytest.mark.parametrize(("name", "status"), OWN)
def test_a_later_silence_of_the_same_kind_does_not_count(name: str, status: Status) -> None:
    """A later event of the same kind without a reason leaves the reason as it is."""
    registry = untyped(getattr(idle(status), name))("it")
    assert registry["it"].reason == "the first reason"


def test_a_new_status_without_a_reason_has_none() -> None:
    """The reason belongs to the status: a new status does not inherit it."""
    registry = idle(Status.STABLE).mark_failed("it")
    assert registry["it"].reason == ""


def test_failing_what_is_retired_does_not_change_why_it_is_retired() -> None:
    """`mark_failed` on a retired version is of another kind than its status."""
    registry = idle(Status.RETIRED).mark_failed("it", reason="it also failed")
    assert registry["it"].status is Status.RETIRED
    assert registry["it"].reason == "the first reason"


def test_a_rollback_does_not_overwrite_why_a_version_failed() -> None:
    """Leaving a failed version keeps why it failed."""
    registry = serving(Status.FAILED)
    registry = registry.roll_back(by_hand(registry, "base"), reason="paged at three")
    assert registry["it"].status is Status.FAILED
    assert registry["it"].reason == "the first reason"


def test_an_observation_does_not_overwrite_why_a_version_was_retired() -> None:
    """Leaving a retired version keeps why it was retired."""
    registry = serving(Status.RETIRED).observe("base", reason="the provider did it")
    assert registry["it"].reason == "the first reason"


def test_the_reason_of_a_rollback_is_told_of_the_source() -> None:
    """The reason of a rollback is why the source was left."""
    registry = serving(Status.UNPROVEN)
    registry = registry.roll_back(by_hand(registry, "base"), reason="p99 900 ms")
    assert registry["it"].reason == "p99 900 ms"


def test_a_rollback_without_a_reason_names_its_target() -> None:
    """Where no reason is told the source says to where it was rolled back; the event is silent."""
    registry = serving(Status.STABLE)
    registry = registry.roll_back(by_hand(registry, "base"))
    assert registry["it"].reason == "rolled back to base"
    assert registry.events[-1].reason == ""


def test_an_observation_that_rewinds_without_a_reason_names_its_target() -> None:
    """What a rewinding observation leaves says the same as after a rollback."""
    registry = serving(Status.STABLE).observe("base")
    assert registry["it"].reason == "rolled back to base"


def test_an_observation_that_rewinds_tells_its_reason() -> None:
    """The reason of a rewinding observation is why the version before it was left."""
    registry = serving(Status.STABLE).observe("base", reason="the provider did it")
    assert registry["it"].reason == "the provider did it"


def test_leaving_what_was_rolled_back_before_tells_a_new_reason() -> None:
    """Being left is the own event of the status rolled back: a later reason counts."""
    registry = serving(Status.ROLLED_BACK).observe("base", reason="again")
    assert registry["it"].reason == "again"


def test_leaving_what_was_rolled_back_before_in_silence() -> None:
    """A later leaving without a reason keeps the reason that there is."""
    registry = serving(Status.ROLLED_BACK).observe("base")
    assert registry["it"].reason == "the first reason"


def test_observing_does_not_change_a_reason() -> None:
    """An observed version keeps its reason, whatever the observation says."""
    registry = idle(Status.FAILED).observe("it", reason="an operator insisted")
    assert registry["it"].reason == "the first reason"


def test_deploying_does_not_change_a_reason() -> None:
    """A deployed version keeps its reason."""
    assert idle(Status.STABLE).deploy("it")["it"].reason == "the first reason"


@pytest.mark.parametrize("status", [Status.FAILED, Status.ROLLED_BACK, Status.RETIRED])
def test_a_reinstated_version_tells_why_it_was_reinstated(status: Status) -> None:
    """The reason of `reinstate` takes the place of the old one, even where it is empty."""
    assert idle(status).reinstate("it", reason="false alarm")["it"].reason == "false alarm"
    assert idle(status).reinstate("it")["it"].reason == ""


def test_a_reason_is_kept_as_it_was_told() -> None:
    """A reason may be long and have many lines; nothing of it is changed or cut."""
    told = "line one\nline two\t\x00 " + "x" * 100_000
    registry = deployed("1").mark_failed("1", reason=told)
    assert registry["1"].reason == told
