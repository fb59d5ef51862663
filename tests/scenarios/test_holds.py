"""Being left is a hold, not a verdict: what lifts it, and what it costs a version."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given

from lastgood import IllegalTransition, LastStable, Pinned, Previous, RollbackNotNeeded, Status
from tests.commands import Command, along
from tests.scenarios.chance import after_migration, commands
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    no_target,
    observe,
    ok,
    reasons,
    reinstate,
    retire,
    story,
    target,
    undeploy,
)


def test_automation_deploys_the_rolled_back_version_again() -> None:
    """What was rolled back is refused as well, though nobody called it failed; its fix is not.

    Restates ZaparooProject/zaparoo-core#1334 and fluxcd/flux2#4676.
    """
    registry = story(good("1"), deploy("2"), back(Previous(), "clients time out", leaving="2"))
    before = registry.to_dict()

    with pytest.raises(IllegalTransition) as refusal:
        _ = registry.deploy("2")

    assert "rolled back" in str(refusal.value)
    assert "clients time out" in str(refusal.value)
    assert registry.to_dict() == before
    assert story(deploy("3"), since=registry).current == "3"


def test_the_platform_moved_the_traffic_and_a_person_put_it_back() -> None:
    """An observation judges nobody: what is put back in service is what it was.

    Restates microsoft/azure-container-apps#679.
    """
    registry = story(
        good("A", "B"), observe("A", "the mode was switched"), observe("B", "put back")
    )

    assert LastStable().recover(registry) is registry
    assert registry.current == "B"
    assert registry["B"].status is Status.STABLE
    assert registry["B"].reason == ""
    with pytest.raises(RollbackNotNeeded):
        _ = LastStable().plan(registry)


def test_a_rehearsal_costs_a_version_nothing() -> None:
    """After a rehearsal the version is reinstated and deployed again, and is stable as before.

    Restates anthony-chaudhary/fak#4634.
    """
    registry = story(
        good("1", "2"),
        back(LastStable(), "rehearsal", leaving="2"),
        reinstate("2"),
        deploy("2", replacing="1"),
    )

    assert registry.current == "2"
    assert registry["2"].status is Status.STABLE
    assert target(LastStable(), registry, leaving="2") == "1"


def test_the_image_could_not_be_pulled() -> None:
    """A version that was left because of an outage is refused with that reason, until reinstated.

    Then it is what it was, unproven, and the reason is gone.

    Restates endocode/ausroller#32.
    """
    registry = story(
        good("1"), deploy("2"), back(LastStable(), "image cannot be pulled", leaving="2")
    )

    with pytest.raises(IllegalTransition, match="image cannot be pulled"):
        _ = registry.deploy("2")

    registry = story(reinstate("2"), deploy("2"), since=registry)
    assert registry.current == "2"
    assert registry["2"].status is Status.UNPROVEN
    assert registry["2"].reason == ""


def test_a_rollback_to_a_version_that_is_newer() -> None:
    """One may pin a newer version; the one that was left is held until it is reinstated.

    Restates cloudflare/cloudflare-docs#1581.
    """
    registry = story(good("1", "2", "3", "4"), back(Pinned("1"), leaving="4"))

    assert target(Pinned("3"), registry, leaving="1") == "3"
    assert "rolled back" in reasons(no_target(Pinned("4"), registry, leaving="1"))["4"]
    assert target(Pinned("4"), story(reinstate("4"), since=registry), leaving="1") == "4"


def test_a_better_reason_is_known_later() -> None:
    """The reason of a hold gives way to that of a verdict, and at no moment may it be deployed.

    Restates Shopify/shipit-engine#316.
    """
    held = story(good("1"), deploy("2"), back(Previous(), leaving="2"))
    judged = story(bad("2", "N+1 queries in the cart"), since=held)

    assert held["2"].reason == "rolled back to 1"
    for registry, reason in ((held, "rolled back to 1"), (judged, "N+1 queries in the cart")):
        with pytest.raises(IllegalTransition) as refusal:
            _ = registry.deploy("2")
        assert reason in str(refusal.value)
    assert judged["2"].reason == "N+1 queries in the cart"


def test_the_failed_version_is_put_back_by_hand() -> None:
    """What failed stays failed however it came back, and needs a rollback again.

    Restates cloudfoundry/cloud_controller_ng#4232.
    """
    registry = story(
        good("1", "10"),
        bad("10", "errors"),
        back(LastStable()),
        observe("10", "the rollback was cancelled"),
    )

    assert registry.needs_rollback
    assert registry["10"].reason == "errors"
    assert target(LastStable(), registry) == "1"


def test_a_hold_gives_back_the_reason_too() -> None:
    """What a version was comes back with what was said of it then."""
    good_reason = story(
        good("1"),
        deploy("2"),
        lambda registry: registry.mark_stable("2", reason="soak test"),
        back(LastStable(), "precaution", leaving="2"),
    )
    assert good_reason["2"].reason == "precaution"

    for lifted in (reinstate("2", "all clear"), observe("2", "by hand")):
        registry = story(lifted, since=good_reason)
        assert registry["2"].status is Status.STABLE
        assert registry["2"].reason == "soak test"


@given(happened=commands)
def test_an_observation_judges_nobody(happened: list[Command]) -> None:
    """After an observation only a version that was failed or retired already needs a rollback.

    The others keep their status, and the one that served last keeps it or is held.
    """
    for before, after in pairwise(along(happened)):
        if after is before or after.events[-1].kind != "observed":
            continue
        seen = after.current_version
        assert after.needs_rollback == (
            before[seen.label].status in (Status.FAILED, Status.RETIRED)
        )
        served_last = [each.version for each in before.deployments][-1:]
        for label, version in before.items():
            if label == seen.label or after[label] == version:
                continue
            assert label in served_last
            assert after[label].status is Status.ROLLED_BACK


@given(happened=commands)
def test_what_serves_is_never_held(happened: list[Command]) -> None:
    """No current version is rolled back, so automation never leaves one because of a hold."""
    for registry in along(happened):
        if registry.current is not None:
            assert registry.current_version.status is not Status.ROLLED_BACK
        if not registry.needs_rollback:
            assert (LastStable() | Previous()).recover(registry) is registry


@given(happened=commands | after_migration)
def test_a_version_that_is_put_back_stays(happened: list[Command]) -> None:
    """Whatever was held and put back in service by hand serves until somebody judges it."""
    for registry in along(happened):
        held = [label for label in registry if registry[label].status is Status.ROLLED_BACK]
        for label in held:
            put_back, lifted = registry.observe(label), registry.reinstate(label)
            assert put_back.current == label
            assert (LastStable() | Previous()).recover(put_back) is put_back
            assert lifted[label].status is put_back[label].status
            assert lifted[label].reason == put_back[label].reason


@pytest.mark.parametrize("verdict", [bad, retire], ids=["failed", "retired"])
def test_a_verdict_outlives_the_hold(verdict: Callable[[str], Step]) -> None:
    """A failed or retired version that is put back in service is left again, until reinstated."""
    registry = story(good("1", "2"), verdict("2"), back(LastStable()), observe("2", "by hand"))

    assert registry.needs_rollback
    assert not story(reinstate("2"), since=registry).needs_rollback


def test_nothing_serves_on_purpose() -> None:
    """What was undeployed is not held: nobody left it for another one."""
    registry = story(good("1", "2"), undeploy("2", "maintenance"))

    assert registry.current is None
    assert not registry.needs_rollback
    assert registry["2"].status is Status.STABLE
    back_again = story(deploy("2"), ok("2"), since=registry)
    assert [version.label for version in back_again.lineage()] == ["1"]
