"""Section 2.1: what the world says serves, whoever put it there."""

import pytest

from lastgood import LastStable, Status, UnknownVersion, VersionRegistry
from tests.registry.making import back, deployed, hour, idle, lineage, serving
from tests.rows import each_row


def test_an_observed_version_is_current() -> None:
    """The observed version serves."""
    registry = deployed("1").register("2").observe("2")
    assert registry.current == "2"
    assert registry.deployments[-1].kind == "observed"


def test_observing_the_first_deployment() -> None:
    """If nothing was deployed, an observation is the first deployment."""
    registry = VersionRegistry().register("1").observe("1", at=hour(1))
    assert registry.current == "1"
    assert lineage(registry) == []
    assert registry["1"].deployed_at == hour(1)
    assert not registry.deployments[0].rewound


def test_observing_a_new_version_is_as_after_deploy() -> None:
    """A version outside the lineage adds a step; the one before it keeps its status."""
    registry = deployed("1", "2").register("3").observe("3")
    assert lineage(registry) == ["2", "1"]
    assert registry["2"].status is Status.UNPROVEN
    assert not registry.deployments[-1].rewound


def test_observing_a_version_of_the_lineage_rewinds() -> None:
    """A version in the lineage is gone back to; the one that served is held."""
    registry = deployed("1", "2", "3").observe("1")
    assert registry.current == "1"
    assert lineage(registry) == []
    assert registry["3"].status is Status.ROLLED_BACK
    assert registry["2"].status is Status.UNPROVEN
    assert registry.deployments[-1].rewound


def test_observing_rewinds_to_the_nearest_deployment() -> None:
    """Of several deployments of a version the nearest counts, as for a rollback."""
    assert lineage(deployed("1", "2", "1", "3").observe("1")) == ["2"]


def test_observing_a_version_that_was_left_is_as_after_deploy() -> None:
    """A version that was left is outside the lineage: seen again, it adds a step."""
    registry = deployed("1", "2").mark_stable("2", reason="24 h").observe("1").observe("2")
    assert registry.current == "2"
    assert lineage(registry) == ["1"]
    assert registry["2"].status_text == "stable: 24 h"
    assert registry["1"].status is Status.UNPROVEN
    assert not registry.needs_rollback


def test_automation_does_not_take_away_what_a_person_put_back() -> None:
    """Two observations condemn nobody: `recover` leaves the version that was put back."""
    registry = deployed("A", "B").mark_stable("A").mark_stable("B")
    registry = registry.observe("A", reason="mode was switched").observe("B", reason="put back")
    assert LastStable().recover(registry) is registry
    assert registry["B"].status is Status.STABLE


@pytest.mark.parametrize("status", [Status.FAILED, Status.RETIRED])
def test_an_observation_clears_no_verdict(status: Status) -> None:
    """A failed or retired version that is seen to serve needs a rollback."""
    registry = idle(status).observe("it", reason="an operator insisted")
    assert registry["it"].status is status
    assert registry["it"].reason == "the first reason"
    assert registry.needs_rollback


@each_row("status", Status)
def test_facts_are_not_refused(status: Status) -> None:
    """A version of any status may be seen to serve; only a hold is lifted."""
    for registry in (idle(status).observe("it"), serving(status).observe("base").observe("it")):
        assert registry.current == "it"
        expected = Status.UNPROVEN if status is Status.ROLLED_BACK else status
        assert registry["it"].status is expected


@pytest.mark.parametrize("status", [Status.FAILED, Status.RETIRED])
def test_going_back_is_not_refused_either(status: Status) -> None:
    """A failed version in the lineage may be seen to serve again, and keeps its status."""
    registry = serving(status).register("next").observe("next").observe("it")
    assert registry.current == "it"
    assert registry["it"].status is status
    assert registry["next"].status is Status.ROLLED_BACK


def test_contents_that_failed_may_be_observed() -> None:
    """An observation is not refused for contents, either."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x").deploy("1")
    registry = registry.mark_failed("1").register("3").deploy("3").observe("2")
    assert registry.current == "2"
    assert not registry.needs_rollback


def test_observing_an_unknown_version_is_refused() -> None:
    """Only registered versions can be observed."""
    with pytest.raises(UnknownVersion):
        _ = VersionRegistry().observe("1")


@pytest.mark.parametrize("status", [each for each in Status if each != "rolled_back"])
def test_observing_the_current_version_is_no_news(status: Status) -> None:
    """If the version is current, whatever its status, the very registry is returned."""
    registry = serving(status)
    assert registry.observe("it") is registry
    assert registry.observe("it", reason="still there", by="probe", at=hour(9)) is registry


def test_observing_counts_as_a_deployment_of_the_version() -> None:
    """An observed version was deployed once more, at the time of the observation."""
    registry = deployed("1", "2").observe("1", at=hour(2))
    assert registry["1"].times_deployed == 2
    assert registry["1"].deployed_at == hour(2)
    assert registry["2"].times_deployed == 1


def test_a_cancelled_rollback_is_followed() -> None:
    """A failed version that serves again after a rollback needs a rollback again."""
    registry = deployed("1", "10").mark_stable("1").mark_failed("10")
    registry = back(registry, "1", source="10").observe("10", reason="the rollback was cancelled")
    assert registry.needs_rollback
    assert LastStable().plan(registry).target == "1"


def test_a_flapping_provider() -> None:
    """Two versions that are seen in turn, again and again, leave one lineage and no verdict."""
    registry = deployed("1").register("2")
    for _ in range(500):
        registry = registry.observe("2").observe("1")
    assert registry.current == "1"
    assert lineage(registry) == []
    assert lineage(registry.observe("2")) == ["1"]
    assert registry.observe("2")["2"].status is Status.UNPROVEN
    assert len(registry.deployments) == 1_001
