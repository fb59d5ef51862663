"""Section 2.1: what the world says serves, whoever put it there."""

import pytest

from lastgood import Status, UnknownVersion, VersionRegistry
from tests.registry.making import deployed, hour, idle, lineage, serving


def test_an_observed_version_is_current() -> None:
    """What is observed serves."""
    registry = deployed("1").register("2").observe("2")
    assert registry.current == "2"
    assert registry.deployments[-1].kind == "observed"


def test_observing_the_first_deployment() -> None:
    """Where nothing was deployed, an observation is the first deployment."""
    registry = VersionRegistry().register("1").observe("1", at=hour(1))
    assert registry.current == "1"
    assert lineage(registry) == []
    assert registry["1"].deployed_at == hour(1)
    assert not registry.deployments[0].rewound


def test_observing_what_is_new_is_as_after_deploy() -> None:
    """A version outside the lineage adds a step; what was current keeps its status."""
    registry = deployed("1", "2").register("3").observe("3")
    assert lineage(registry) == ["2", "1"]
    assert registry["2"].status is Status.UNPROVEN
    assert not registry.deployments[-1].rewound


def test_observing_what_is_in_the_lineage_rewinds() -> None:
    """A version in the lineage is gone back to; what was current is rolled back."""
    registry = deployed("1", "2", "3").observe("1")
    assert registry.current == "1"
    assert lineage(registry) == []
    assert registry["3"].status is Status.ROLLED_BACK
    assert registry["2"].status is Status.UNPROVEN
    assert registry.deployments[-1].rewound


def test_observing_rewinds_to_the_nearest_deployment() -> None:
    """Of several deployments of a version the nearest counts, as for a rollback."""
    assert lineage(deployed("1", "2", "1", "3").observe("1")) == ["2"]


def test_observing_what_was_left_is_as_after_deploy() -> None:
    """What a rollback left is not in the lineage: seen again, it adds a step."""
    registry = deployed("1", "2").observe("1").observe("2")
    assert registry.current == "2"
    assert lineage(registry) == ["1"]
    assert registry["2"].status is Status.ROLLED_BACK
    assert registry["1"].status is Status.UNPROVEN
    assert registry.needs_rollback


@pytest.mark.parametrize("status", Status)
def test_facts_are_not_refused(status: Status) -> None:
    """A version of any status may be seen to serve, and keeps its status."""
    registry = idle(status).observe("it")
    assert registry.current == "it"
    assert registry["it"].status is status


@pytest.mark.parametrize("status", Status)
def test_going_back_is_not_refused_either(status: Status) -> None:
    """A version in the lineage may be seen to serve again, whatever its status, and keeps it."""
    registry = serving(status).register("next").observe("next").observe("it")
    assert registry.current == "it"
    assert registry["it"].status is status
    assert registry["next"].status is Status.ROLLED_BACK


def test_observing_an_unknown_version_is_refused() -> None:
    """Only what is registered can be observed."""
    with pytest.raises(UnknownVersion):
        _ = VersionRegistry().observe("1")


@pytest.mark.parametrize("status", Status)
def test_observing_what_is_current_is_no_news(status: Status) -> None:
    """What serves already, whatever its status, is the very same registry, with no event."""
    registry = serving(status)
    assert registry.observe("it") is registry
    assert registry.observe("it", reason="still there", at=hour(9)) is registry


def test_observing_counts_as_a_deployment_of_the_version() -> None:
    """An observed version was deployed once more, at the time of the observation."""
    registry = deployed("1", "2").observe("1", at=hour(2))
    assert registry["1"].times_deployed == 2
    assert registry["1"].deployed_at == hour(2)
    assert registry["2"].times_deployed == 1


def test_a_flapping_provider() -> None:
    """Two versions that are seen in turn, again and again, leave one lineage."""
    registry = deployed("1").register("2")
    for _ in range(500):
        registry = registry.observe("2").observe("1")
    assert registry.current == "1"
    assert lineage(registry) == []
    assert lineage(registry.observe("2")) == ["1"]
    assert len(registry.deployments) == 1_001
