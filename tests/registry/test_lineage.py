"""Section 2.3: the deployments that a rollback walks back along."""

import pytest

from lastgood import LastStable, NoRollbackTarget, Pinned, Previous, Status, VersionRegistry
from tests.registry.making import back, deployed, lineage


def test_nothing_deployed_has_no_lineage() -> None:
    """If nothing was ever deployed the lineage is empty."""
    assert lineage(VersionRegistry().register("1")) == []


def test_the_first_deployment_has_no_lineage() -> None:
    """The first deployment has no version before it."""
    assert lineage(deployed("1")) == []


def test_the_lineage_is_nearest_first() -> None:
    """The version before the current one comes first; the current one is left out."""
    assert lineage(deployed("1", "2", "3")) == ["2", "1"]


def test_the_lineage_follows_deployments_only() -> None:
    """The orders of registration and of SemVer do not matter."""
    registry = VersionRegistry().register("3").register("1").register("2")
    assert lineage(registry.deploy("1").deploy("3").deploy("2")) == ["3", "1"]


def test_a_version_that_never_was_current_is_never_previous() -> None:
    """A canary or a cancelled deploy, stable or not, is not in the lineage."""
    registry = deployed("1").register("canary").mark_stable("canary").register("3").deploy("3")
    assert lineage(registry) == ["1"]


def test_deploying_a_version_again_after_an_undeploy_adds_no_step() -> None:
    """It is a deployment on record, but not a step."""
    registry = deployed("1", "2", "2", "2")
    assert lineage(registry) == ["1"]
    assert len(registry.deployments) == 4
    assert registry["2"].times_deployed == 3


def test_deploying_the_first_version_again_adds_no_step() -> None:
    """A redeployment of the very first version has no version before it."""
    assert lineage(deployed("1", "1")) == []


def test_a_redeployment_is_left_as_one_step() -> None:
    """One rollback leaves a version, however often it was deployed in a row."""
    registry = back(deployed("1", "2", "2"), "1", source="2")
    assert registry.current == "1"
    assert lineage(registry) == []


def test_each_version_comes_once() -> None:
    """A version that led to the current one twice comes at its nearest place."""
    assert lineage(deployed("1", "2", "1", "3")) == ["1", "2"]


def test_the_current_version_is_left_out_even_where_it_served_before() -> None:
    """An earlier deployment of the current version is not gone back to."""
    assert lineage(deployed("1", "2", "1")) == ["2"]


def test_a_rollback_rewinds() -> None:
    """The version that was left is not in the lineage any more; those before the target are."""
    assert lineage(back(deployed("1", "2", "3"), "2", source="3")) == ["1"]


def test_a_rollback_over_several_steps_rewinds_them_all() -> None:
    """Versions between the source and the target are left out too."""
    assert lineage(back(deployed("1", "2", "3", "4"), "2", source="4")) == ["1"]


def test_what_lies_before_a_deployment_after_a_rollback() -> None:
    """After 1, 2, 3, back to 1, deploy 4: what lies before 4 is 1, not 3."""
    registry = back(deployed("1", "2", "3"), "1", source="3").register("4").deploy("4")
    assert lineage(registry) == ["1"]


def test_rolling_back_twice_goes_further_back() -> None:
    """A second rollback never toggles forward again."""
    registry = back(back(deployed("1", "2", "3"), "2", source="3"), "1", source="2")
    assert registry.current == "1"
    assert lineage(registry) == []


def test_a_rollback_rewinds_to_the_nearest_deployment() -> None:
    """Of a version that was deployed more than once the nearest deployment counts."""
    assert lineage(back(deployed("1", "2", "1", "3"), "1", source="3")) == ["2"]


def test_an_occurrence_further_back_stays_behind_the_nearest() -> None:
    """The versions before the nearest deployment stay, in their order."""
    registry = back(deployed("1", "2", "1", "3", "4"), "3", source="4")
    assert lineage(registry) == ["1", "2"]
    assert lineage(back(registry, "1", source="3")) == ["2"]


def test_a_step_that_was_left_is_not_the_nearest() -> None:
    """A deployment that a rollback left does not count, though it is the more recent one."""
    registry = deployed("1", "2", "3", "4")
    registry = back(back(registry, "3", source="4"), "1", source="3").reinstate("3")
    assert lineage(registry) == []
    registry = registry.register("5").deploy("5")
    registry = back(registry, "3", source="5")
    assert lineage(registry) == ["1"]
    assert not registry.deployments[-1].rewound


def test_a_target_outside_the_lineage_takes_the_place_of_the_source() -> None:
    """A target that never led here leaves the rest of the lineage as it is."""
    registry = deployed("1", "2", "3").register("hotfix")
    registry = back(registry, "hotfix", source="3")
    assert registry.current == "hotfix"
    assert lineage(registry) == ["2", "1"]
    assert not registry.deployments[-1].rewound


def test_a_target_outside_the_lineage_of_the_first_deployment() -> None:
    """The first deployment can be replaced too; the lineage of its substitute is empty."""
    registry = back(deployed("1").register("0"), "0", source="1")
    assert registry.current == "0"
    assert lineage(registry) == []


def test_a_version_that_was_left_may_be_a_target() -> None:
    """It is outside the lineage, so going back to it replaces the current deployment."""
    registry = back(deployed("1", "2", "3"), "2", source="3").reinstate("3")
    registry = back(registry, "3", source="2")
    assert lineage(registry) == ["1"]


def test_a_redeployment_after_a_rollback_adds_no_step() -> None:
    """The target of a rollback deployed again is the same step."""
    registry = back(deployed("1", "2", "3"), "2", source="3").undeploy("2").deploy("2")
    assert lineage(registry) == ["1"]


def test_a_version_that_was_left_and_deployed_again_is_a_new_step() -> None:
    """Deployed again, it goes on from the current version."""
    registry = back(deployed("1", "2"), "1", source="2").reinstate("2").deploy("2")
    assert lineage(registry) == ["1"]


def test_verdicts_do_not_touch_the_lineage() -> None:
    """Verdicts and annotations are not deployments."""
    registry = deployed("1", "2", "3").mark_failed("2").retire("1").mark_failed("3")
    assert lineage(registry) == ["2", "1"]
    assert lineage(registry.reinstate("2")) == ["2", "1"]
    assert lineage(registry.annotate("2", {"migration": True})) == ["2", "1"]


def test_the_lineage_shows_what_is_known_now() -> None:
    """The versions of the lineage have the status that they have now, not the one they had."""
    registry = deployed("1", "2").mark_failed("1")
    assert [version.status for version in registry.lineage()] == [Status.FAILED]


def test_a_lineage_can_be_walked_in_part() -> None:
    """The lineage is an iterator, and each one is independent of others."""
    registry = deployed("1", "2", "3")
    walk = registry.lineage()
    assert iter(walk) is walk
    assert next(walk).label == "2"
    assert lineage(registry) == ["2", "1"]
    assert next(walk).label == "1"
    assert next(walk, None) is None


DEEP = 3_000


@pytest.fixture(scope="module")
def deep() -> VersionRegistry:
    """A registry with a long lineage, all of it stable."""
    labels = [str(number) for number in range(DEEP)]
    registry = deployed(*labels)
    for label in labels:
        registry = registry.mark_stable(label)
    return registry


def test_a_deep_lineage_is_complete(deep: VersionRegistry) -> None:
    """A lineage of thousands is as right as a short one."""
    assert lineage(deep) == [str(number) for number in reversed(range(DEEP - 1))]


@pytest.mark.parametrize("target", [0, 1, 2, 1_023, 1_024, 2_047, 2_997, 2_998])
def test_going_far_back(deep: VersionRegistry, target: int) -> None:
    """One rollback goes back any number of steps, to the very first version too."""
    registry = deep.roll_back(Pinned(str(target)).plan(deep, leaving=str(DEEP - 1)))
    assert registry.current == str(target)
    assert registry.deployments[-1].rewound
    assert lineage(registry) == [str(number) for number in reversed(range(target))]


def test_going_all_the_way_back_step_by_step(deep: VersionRegistry) -> None:
    """Rolling back again and again meets every version once and ends at the first."""
    registry = deep
    for number in reversed(range(1, DEEP)):
        registry = registry.roll_back(LastStable().plan(registry, leaving=str(number)))
        assert registry.current == str(number - 1)
    with pytest.raises(NoRollbackTarget):
        _ = LastStable().plan(registry, leaving="0")


def test_flapping_between_two_versions() -> None:
    """After many deployments of two versions in turn, the lineage is right."""
    registry = deployed(*(["1", "2"] * 1_000))
    assert lineage(registry) == ["1"]
    registry = registry.roll_back(Previous().plan(registry, leaving="2"))
    assert registry.current == "1"
    assert lineage(registry) == ["2"]


def test_going_back_to_an_older_step_if_the_latest_was_left() -> None:
    """If the latest deployment of a version was left, the rollback goes to the one before."""
    registry = deployed("1", "between", "2", "1", "3")
    registry = back(registry, "2", source="3")
    assert lineage(registry) == ["between", "1"]
    registry = back(registry, "1", source="2")
    assert lineage(registry) == []
    assert registry.deployments[-1].rewound


def test_going_back_to_an_older_step_if_a_redeployment_was_left() -> None:
    """A step that was deployed again and left hides no older step of its version."""
    registry = deployed("1", "2", "1", "1")
    registry = back(back(registry, "2", source="1").reinstate("1"), "1", source="2")
    assert registry.current == "1"
    assert lineage(registry) == []
