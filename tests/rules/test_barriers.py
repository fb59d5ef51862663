"""`NotAcross`: not across what cannot be undone.

A barrier is a version that has a truthy value under the key and that was ever deployed here. It
stands at its first deployment, whatever happened to it since.
"""

from typing import Any

import pytest

from lastgood import InvalidText, LastStable, MetadataValue, Pinned, Previous, VersionRegistry
from lastgood.rules import NotAcross
from tests.ids import shown
from tests.rows import each_row
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    no_target,
    note,
    observe,
    register,
    reinstate,
    retire,
    story,
    target,
    undeploy,
)

RULE = NotAcross("migration")


def barrier(label: str, value: MetadataValue = True) -> Step:  # noqa: FBT002  # a metadata value
    """Deploy a version that migrates something for ever, and that proved good."""
    return good(label, metadata={"migration": value})


# What is rejected


def test_what_served_before_the_barrier_is_rejected() -> None:
    """Older versions cannot read what was migrated; the reason names the barrier and the key."""
    registry = story(good("1", "2"), barrier("3"), deploy("4"))
    assert passed(RULE, registry) == ["3", "4"]
    reason = rejects(RULE, registry, "1")
    assert "'3'" in reason
    assert "'migration'" in reason


def test_what_never_served_is_rejected() -> None:
    """Nobody knows whether a version that never served can read what was migrated.

    The reason says so, and how to let a spare pass: put the rule on the other part.
    """
    registry = story(register("0"), good("1"), barrier("2"), register("3"), deploy("4"))
    for label in ("0", "3"):
        reason = rejects(RULE, registry, label)
        assert "'2'" in reason
        assert "never" in reason
        assert "where(NotAcross('migration')) | Pinned(" in reason


def test_the_way_that_the_reason_shows_lets_a_spare_pass() -> None:
    """The rule on one part of a composite leaves the other part alone."""
    registry = story(good("1"), barrier("2"), register("spare"), bad("2"))
    _ = no_target((LastStable() | Pinned("spare")).where(RULE), registry)
    assert target(LastStable().where(RULE) | Pinned("spare"), registry) == "spare"


def test_what_served_after_the_barrier_passes() -> None:
    """Between the barrier and now one may go back."""
    registry = story(good("1"), barrier("2"), good("3"), deploy("4"))
    assert passed(RULE, registry) == ["2", "3", "4"]


def test_what_served_before_the_barrier_and_again_after_it_passes() -> None:
    """The last time that a version served is what counts: it has proved that it can."""
    registry = story(good("1"), barrier("2"), good("1"), deploy("3"))
    assert asked(RULE, registry, "1") is None


def test_the_barrier_itself_may_be_the_target() -> None:
    """The version that migrated can read what it wrote."""
    registry = story(good("1"), barrier("2"), deploy("3"), bad("3"))
    assert target(LastStable().where(RULE), registry) == "2"


def test_the_current_version_may_be_the_barrier() -> None:
    """If the version that serves has migrated, nothing before it is left."""
    assert passed(RULE, story(good("1"), barrier("2"))) == ["2"]


def test_the_latest_barrier_counts() -> None:
    """Of several barriers the latest counts, for the earlier ones too."""
    registry = story(good("1"), barrier("2"), good("3"), barrier("4"), deploy("5"))
    assert passed(RULE, registry) == ["4", "5"]
    for label in "123":
        assert "'4'" in rejects(RULE, registry, label)


# What a barrier is


@each_row("value", [True, 1, -1, 0.5, "yes", "False"])
def test_a_truthy_value_makes_a_barrier(value: MetadataValue) -> None:
    """Any truthy value under the key makes a version a barrier."""
    assert rejects(RULE, story(good("1"), barrier("2", value), deploy("3")), "1")


@each_row("value", [False, 0, 0.0, "", None])
def test_a_falsy_value_makes_none(value: MetadataValue) -> None:
    """A falsy value under the key makes no barrier."""
    registry = story(good("1"), barrier("2", value), register("3"), deploy("4"))
    assert passed(RULE, registry) == list(registry)


def test_another_key_makes_none() -> None:
    """Barriers are distinguished by their key."""
    registry = story(good("1"), barrier("2"), deploy("3"))
    assert passed(NotAcross("schema"), registry) == list(registry)


def test_a_version_that_never_served_makes_none() -> None:
    """Only a deployment migrates anything."""
    registry = story(good("1"), register("2", metadata={"migration": True}), deploy("3"))
    assert passed(RULE, registry) == list(registry)


@pytest.mark.parametrize(
    "serve",
    [deploy("2"), observe("2"), back(Pinned("2"), leaving="1")],
    ids=["deployed", "observed", "rolled back to"],
)
def test_however_it_came_to_serve_it_migrated(serve: Step) -> None:
    """A deployment, an observation and a rollback to a barrier count alike."""
    registry = story(good("0", "1"), register("2", metadata={"migration": True}), serve)
    assert passed(RULE, story(deploy("3"), since=registry)) == ["2", "3"]


def test_an_annotation_makes_a_barrier() -> None:
    """A migration may become known later; it stands where the version was first deployed."""
    registry = story(good("1"), good("2"), good("3"), deploy("4"), note("2", migration=True))
    assert passed(RULE, registry) == ["2", "3", "4"]


def test_an_annotation_removes_a_barrier() -> None:
    """A barrier that was undone, or that never was one, is annotated as false."""
    registry = story(good("1"), barrier("2"), deploy("3"))
    registry = story(note("2", migration=False), since=registry)
    assert passed(RULE, registry) == list(registry)


def test_without_the_latest_barrier_the_one_before_it_counts() -> None:
    """Annotating the latest barrier as false brings the one before it to light."""
    registry = story(good("1"), barrier("2"), good("3"), barrier("4"), deploy("5"))
    registry = story(note("4", migration=False), since=registry)
    assert passed(RULE, registry) == ["2", "3", "4", "5"]
    registry = story(note("4", migration="again"), since=registry)
    assert passed(RULE, registry) == ["4", "5"]


# Where it stands


def test_a_barrier_that_was_deployed_again_stands_where_it_was_first() -> None:
    """The migration ran once: what served between two deployments of the barrier can read it."""
    registry = story(good("0"), barrier("1"), good("2"), deploy("1"), deploy("3"))
    assert passed(RULE, registry) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "steps",
    [[], [back(LastStable(), leaving="3"), reinstate("3")], [observe("2"), reinstate("3")]],
    ids=["not at all", "plan", "world"],
)
def test_going_back_to_a_barrier_does_not_move_it(steps: list[Step]) -> None:
    """What served after the barrier may be gone to again."""
    registry = story(good("1"), barrier("2"), good("3"), *steps)
    assert passed(RULE, registry) == ["2", "3"]


def test_an_undeployed_barrier_stays() -> None:
    """Taking the barrier out of service undoes no migration."""
    registry = story(good("1"), barrier("2"), undeploy("2"))
    assert rejects(RULE, registry, "1")
    registry = story(deploy("3"), since=registry)
    assert passed(RULE, registry) == ["2", "3"]
    assert passed(RULE, story(deploy("2"), since=registry)) == ["2", "3"]


# A barrier outlives the lineage


def test_a_barrier_that_was_left_stays() -> None:
    """A rollback across a barrier undoes no migration.

    What served before the barrier is rejected, but for the version that was gone back to: it
    served after the migration.
    """
    registry = story(
        good("1", "2"), barrier("3"), deploy("4"), back(Pinned("2"), leaving="4"), deploy("5")
    )
    assert passed(RULE, registry) == ["2", "3", "4", "5"]


def test_leaving_a_barrier_for_a_spare_does_not_open_the_way_back() -> None:
    """The next rollback after a hot spare outside the lineage does not cross the migration."""
    registry = story(good("1"), register("spare"), barrier("2"), bad("2"))
    registry = story(back(Pinned("spare")), bad("spare"), since=registry)
    assert registry.current == "spare"
    assert [version.label for version in registry.lineage()] == ["1"]
    assert rejects(RULE, registry, "1")
    _ = no_target((LastStable() | Previous()).where(RULE), registry)


@pytest.mark.parametrize("verdict", [bad("2"), retire("2")], ids=["failed", "retired"])
def test_a_bad_barrier_stays(verdict: Step) -> None:
    """That the version proved bad undoes no migration."""
    registry = story(good("1"), barrier("2"), verdict)
    assert rejects(RULE, registry, "1")
    _ = no_target(LastStable().where(RULE), registry)


def test_a_reinstated_version_from_before_is_rejected() -> None:
    """That a version is given another chance does not undo a migration."""
    registry = story(
        good("0", "1"), back(Pinned("0"), leaving="1"), reinstate("1"), barrier("2"), deploy("3")
    )
    assert rejects(RULE, registry, "1")


def test_nothing_deployed() -> None:
    """If nothing was deployed there is no barrier."""
    registry = VersionRegistry().register("1", metadata={"migration": True}).register("2")
    assert passed(RULE, registry) == ["1", "2"]


def test_an_old_registry_knows_what_was_known_then() -> None:
    """A barrier that became known later is not known in the registry of before, nor in a fork."""
    before = story(good("1"), good("2"), deploy("3"))
    after = story(note("2", migration=True), since=before)
    fork = story(note("3", migration=True), since=before)
    assert passed(RULE, before) == ["1", "2", "3"]
    assert passed(RULE, after) == ["2", "3"]
    assert passed(RULE, fork) == ["3"]
    assert passed(RULE, after.at_revision(before.revision)) == ["1", "2", "3"]


def test_a_barrier_that_is_deployed_later_is_none_before() -> None:
    """In the registry of before its deployment, a registered version is not a barrier yet."""
    before = story(good("1"), good("2"), register("3", metadata={"migration": True}))
    after = story(deploy("3"), since=before)
    assert passed(RULE, after) == ["3"]
    assert passed(RULE, after.at_revision(before.revision)) == ["1", "2", "3"]


def test_ways_that_part_know_the_barriers_from_before() -> None:
    """A barrier that became known right before two ways part holds on both of them."""
    before = story(good("1"), good("2"), deploy("3"), note("2", migration=True))
    for label in ("one", "other"):
        assert passed(RULE, before.register(label)) == ["2", "3"]


# What it is made from


@pytest.mark.parametrize("wrong", [1, None, ["migration"]], ids=shown)
def test_a_key_is_a_str(wrong: Any) -> None:
    """Metadata has `str` keys, so another key is a mistake."""
    with pytest.raises(TypeError):
        _ = NotAcross(wrong)


def test_a_key_has_no_lone_surrogate() -> None:
    """A key that no metadata can have is refused."""
    with pytest.raises(InvalidText):
        _ = NotAcross("\ud800")
