"""`NotPast`: not across what cannot be undone."""

from typing import Any

import pytest

from lastgood import InvalidText, LastStable, MetadataValue, Pinned, VersionRegistry
from lastgood.rules import NotPast
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import (
    Step,
    back,
    deploy,
    good,
    observe,
    register,
    reinstate,
    story,
    target,
)

RULE = NotPast("migration")


def barrier(label: str, value: MetadataValue = True) -> Step:  # noqa: FBT002  # a metadata value
    """Deploy a version that migrates something for ever."""
    return good(label, metadata={"migration": value})


def test_what_served_before_the_barrier_is_rejected() -> None:
    """Older versions cannot read what was migrated; the reason names the barrier and the key."""
    registry = story(good("1", "2"), barrier("3"), deploy("4"))
    assert passed(RULE, registry) == ["3", "4"]
    reason = rejects(RULE, registry, "1")
    assert "3" in reason
    assert "migration" in reason


def test_what_served_after_the_barrier_passes() -> None:
    """Between the barrier and now one may go back."""
    registry = story(good("1"), barrier("2"), good("3"), deploy("4"))
    assert passed(RULE, registry) == ["2", "3", "4"]


def test_the_barrier_itself_may_be_gone_back_to() -> None:
    """The version that migrated can read what it wrote."""
    registry = story(good("1"), barrier("2"), deploy("3"))
    assert target(LastStable().where(RULE), registry) == "2"


def test_the_current_version_may_be_the_barrier() -> None:
    """Where the version that serves has migrated, nothing before it is left."""
    registry = story(good("1"), barrier("2"))
    assert passed(RULE, registry) == ["2"]


def test_the_nearest_barrier_counts() -> None:
    """Of several barriers the nearest is the reason, and each of them is one."""
    registry = story(good("1"), barrier("2"), good("3"), barrier("4"), deploy("5"))
    assert passed(RULE, registry) == ["4", "5"]
    assert "'4'" in rejects(RULE, registry, "1")
    assert "'4'" in rejects(RULE, registry, "2")


@pytest.mark.parametrize("value", [True, 1, -1, 0.5, "yes", "False"], ids=repr)
def test_whatever_is_true_makes_a_barrier(value: MetadataValue) -> None:
    """Any true value under the key makes a version a barrier."""
    assert rejects(RULE, story(good("1"), barrier("2", value), deploy("3")), "1")


@pytest.mark.parametrize("value", [False, 0, 0.0, "", None], ids=repr)
def test_what_is_not_true_makes_none(value: MetadataValue) -> None:
    """A false value under the key, or none, makes no barrier."""
    registry = story(good("1"), barrier("2", value), good("3"), deploy("4"))
    assert passed(RULE, registry) == list(registry)


def test_another_key_makes_none() -> None:
    """Barriers are told apart by their key."""
    registry = story(good("1"), barrier("2"), deploy("3"))
    assert passed(NotPast("schema"), registry) == list(registry)


def test_what_never_served_passes() -> None:
    """A version that never served, such as a fix, is not older than the barrier."""
    registry = story(good("1"), barrier("2"), register("3"), deploy("4"))
    assert asked(RULE, registry, "3") is None
    early = story(register("0"), good("1"), barrier("2"), deploy("4"))
    assert asked(RULE, early, "0") is None


def test_a_barrier_that_never_served_is_none() -> None:
    """Only a deployment migrates anything."""
    registry = story(good("1"), register("2", metadata={"migration": True}), deploy("3"))
    assert passed(RULE, registry) == list(registry)


def test_the_last_deployment_counts() -> None:
    """A version that served before the barrier and again after it has proved that it can."""
    registry = story(good("1"), barrier("2"), good("1"), deploy("3"))
    assert asked(RULE, registry, "1") is None


def test_a_barrier_that_was_deployed_again_stands_where_it_was_last() -> None:
    """Each deployment of a barrier is one: what served between the two is before the nearest."""
    registry = story(barrier("1"), good("2"), deploy("1"), deploy("3"))
    assert passed(RULE, registry) == ["1", "3"]


def test_a_barrier_that_was_left_is_none() -> None:
    """A rollback across a barrier takes it out of the lineage, so it stands no longer."""
    registry = story(good("1", "2"), barrier("3"), deploy("4"), back(Pinned("2")), deploy("5"))
    assert passed(RULE, registry) == ["1", "2", "3", "4", "5"]


def test_a_barrier_stands_after_a_rollback_to_it() -> None:
    """After a rollback to the barrier nothing before it is left."""
    registry = story(good("1"), barrier("2"), deploy("3"), back(LastStable()))
    assert rejects(RULE, registry, "1")


@pytest.mark.parametrize("go_back", [back(LastStable()), observe("2")], ids=["plan", "world"])
def test_a_barrier_stays_where_it_was_when_it_is_gone_back_to(go_back: Step) -> None:
    """Going back to the barrier is no new one: what served after it may be gone to again."""
    registry = story(good("1"), barrier("2"), deploy("3"), go_back, reinstate("3"))
    assert asked(RULE, registry, "3") is None
    assert rejects(RULE, registry, "1")


def test_a_barrier_stays_where_it_was_when_it_is_deployed_once_more() -> None:
    """Deploying what serves already moves no barrier, also after it was gone back to."""
    registry = story(good("1"), barrier("2"), deploy("2"))
    assert passed(RULE, registry) == ["2"]
    registry = story(good("3"), back(LastStable()), deploy("2"), since=registry)
    assert passed(RULE, registry) == ["2", "3"]


def test_a_barrier_that_took_the_place_of_another_version_stands_there() -> None:
    """A barrier that first served by a rollback stands where it did: after all that served."""
    registry = story(good("1", "2", "3"), register("4", metadata={"migration": True}))
    registry = story(back(Pinned("4")), since=registry)
    assert passed(RULE, registry) == ["4"]


def test_a_barrier_that_the_world_put_there_counts() -> None:
    """However the barrier came to serve, it migrated."""
    registry = story(
        good("1"), register("2", metadata={"migration": True}), observe("2"), deploy("3")
    )
    assert rejects(RULE, registry, "1")


def test_a_reinstated_version_from_before_is_rejected() -> None:
    """That a version is given another chance does not undo a migration."""
    registry = story(good("0", "1"), back(Pinned("0")), reinstate("1"), barrier("2"), deploy("3"))
    assert rejects(RULE, registry, "1")


def test_what_is_older_than_the_whole_lineage() -> None:
    """A version that is out of the lineage is judged by its last deployment as any other one."""
    plain = story(good("1"), register("2"), back(Pinned("2")), reinstate("1"), deploy("3"))
    assert asked(RULE, plain, "1") is None
    migrated = story(barrier("4"), since=plain)
    assert rejects(RULE, migrated, "1")


def test_nothing_deployed() -> None:
    """Where nothing was deployed there is no barrier."""
    registry = VersionRegistry().register("1", metadata={"migration": True}).register("2")
    assert passed(RULE, registry) == ["1", "2"]


@pytest.mark.parametrize("wrong", [1, None, ["migration"]], ids=repr)
def test_a_key_is_a_str(wrong: Any) -> None:
    """Metadata has `str` keys, so another key is a mistake."""
    with pytest.raises(TypeError):
        _ = NotPast(wrong)


def test_a_key_has_no_lone_surrogate() -> None:
    """A key that no metadata can have is refused."""
    with pytest.raises(InvalidText):
        _ = NotPast("\ud800")
