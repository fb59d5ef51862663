"""Migrations and other points of no return: facts about the world, whatever the lineage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import LastgoodError, LastStable, Pinned, Previous, RollbackStrategy, VersionRegistry
from lastgood.rules import NotAcross
from tests.commands import Command, along
from tests.scenarios.chance import LABELS, after_migration, commands
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    note,
    observe,
    ok,
    reasons,
    register,
    reinstate,
    story,
    target,
    undeploy,
)

ACROSS = NotAcross("migration")


def test_the_data_was_migrated_and_older_versions_cannot_read_it() -> None:
    """One may go back to the version with the irreversible migration, but not across it.

    The refusal names that version.

    Restates fluxcd/flagger#1186 and medplum/medplum#10256.
    """
    strategy = LastStable().where(ACROSS)
    registry = story(
        good("1", "2"),
        deploy("3", metadata={"migration": True}),
        ok("3"),
        deploy("4"),
        bad("4"),
        back(strategy),
    )
    assert registry.current == "3"

    refusal = no_target(strategy, story(bad("3"), since=registry))

    assert looked_at(refusal)[:2] == ["2", "1"]
    for label in ("1", "2"):
        assert "3" in reasons(refusal)[label]
        assert "migration" in reasons(refusal)[label]


def test_the_barrier_stands_though_its_version_was_left() -> None:
    """A migration that ran is not undone by leaving the version that ran it.

    A spare that was named for this passes, since the rule is on the other part.

    Restates redhat-appstudio/infra-deployments#11583 and manavgup/wikimind#595.
    """
    strategy = LastStable().where(ACROSS) | Pinned("reads-all")
    registry = story(
        register("reads-all"),
        good("1", "2"),
        deploy("3", metadata={"migration": True}),
        bad("3"),
        back(strategy),
    )
    assert registry.current == "reads-all"

    refusal = no_target(strategy, story(bad("reads-all"), since=registry))

    for label in ("1", "2"):
        assert "3" in reasons(refusal)[label]


@pytest.mark.parametrize("migrated", [False, True], ids=["without", "with"])
def test_whether_the_release_migrated_decides(*, migrated: bool) -> None:
    """The same history has two answers: only the migration makes the older version unfit.

    Restates safe-global/safe-config-service#1625 and OWASP/OpenCRE#1063.
    """
    metadata = {"migration": True} if migrated else None
    registry = story(good("1", "2"), deploy("3", metadata=metadata), bad("3"))
    strategy = LastStable().where(ACROSS)

    if migrated:
        assert looked_at(no_target(strategy, registry)) == ["2", "1"]
    else:
        assert target(strategy, registry) == "2"


def test_a_version_that_never_served_is_not_known_to_read_the_new_data() -> None:
    """What never served fails closed; the reason shows how to let a spare pass."""
    registry = story(
        good("1"), deploy("2", metadata={"migration": True}), register("spare"), bad("2")
    )

    refusal = no_target(Pinned("spare").where(ACROSS), registry)

    assert "NotAcross('migration')" in reasons(refusal)["spare"]
    assert "| Pinned('spare')" in reasons(refusal)["spare"]


def test_somebody_learns_later_that_a_release_migrated() -> None:
    """A barrier may become known at any time, and may turn out not to be one."""
    registry = story(good("1", "2"), bad("2"))
    strategy = LastStable().where(ACROSS)
    assert target(strategy, registry) == "1"

    learned = story(note("2", migration=True), since=registry)
    assert looked_at(no_target(strategy, learned)) == ["1"]

    undone = story(note("2", migration=False), since=learned)
    assert target(strategy, undone) == "1"


def test_the_migration_that_nobody_ran() -> None:
    """A version that was never deployed has run nothing, whatever its metadata."""
    registry = story(good("1"), register("2", metadata={"migration": True}), deploy("3"), bad("3"))

    assert target(LastStable().where(ACROSS), registry) == "1"


def test_an_older_version_was_put_in_service_after_the_migration() -> None:
    """What has served since the barrier is known to work, so it may be a target."""
    registry = story(
        good("1"),
        deploy("2", metadata={"migration": True}),
        bad("2"),
        observe("1", "put back by hand"),
        deploy("3"),
        bad("3"),
    )

    assert target(LastStable().where(ACROSS), registry) == "1"


def test_an_undeploy_does_not_hide_the_barrier() -> None:
    """After an undeploy the barrier stands where it stood."""
    registry = story(good("1"), deploy("2", metadata={"migration": True}), bad("2"), undeploy("2"))

    refusal = no_target(LastStable().where(ACROSS), registry, leaving="2")

    assert "2" in reasons(refusal)["1"]


STRATEGIES: tuple[RollbackStrategy, ...] = (
    LastStable().where(ACROSS),
    Previous().where(ACROSS),
    (Previous() | Pinned("4") | Pinned("1")).where(ACROSS),
)


@given(happened=commands | after_migration, strategy=st.sampled_from(STRATEGIES))
def test_a_barrier_is_never_crossed(happened: list[Command], strategy: RollbackStrategy) -> None:
    """Whatever was left, observed or undeployed: the target has served since the barrier.

    The registries are asked from the newest to the oldest, so that no later fact may leak.
    """
    for registry in reversed([*along(happened)]):
        for label in LABELS:
            try:
                plan = strategy.plan(registry, leaving=label)
            except LastgoodError:
                continue
            assert last_served(registry, plan.target) >= barrier(registry)


@given(happened=commands)
def test_without_a_barrier_nothing_is_withheld(happened: list[Command]) -> None:
    """If no deployed version is a barrier, the rule leaves every choice as it is."""
    *_, registry = along(happened)
    if barrier(registry) >= 0:
        return
    for label in LABELS:
        try:
            plain = Previous().plan(registry, leaving=label)
        except LastgoodError:
            continue
        assert Previous().where(ACROSS).plan(registry, leaving=label).target == plain.target


def test_a_failed_barrier_may_be_a_target_again() -> None:
    """The barrier itself is on this side of it: when it is reinstated, it is a way back."""
    registry = story(
        good("1"),
        deploy("2", metadata={"migration": True}),
        bad("2"),
        deploy("3"),
        bad("3"),
        reinstate("2"),
        ok("2"),
    )

    assert target(LastStable().where(ACROSS), registry) == "2"


def barrier(registry: VersionRegistry) -> int:
    """Return the place of the first deployment of the latest barrier, or -2; from the record."""
    places = [
        min(place for place, each in enumerate(registry.deployments) if each.version == label)
        for label, version in registry.items()
        if version.metadata.get("migration") and version.times_deployed
    ]
    return max(places, default=-2)


def last_served(registry: VersionRegistry, label: str) -> int:
    """Return the place of the last deployment of the version, or -2; from the record."""
    places = [place for place, each in enumerate(registry.deployments) if each.version == label]
    return max(places, default=-2)
