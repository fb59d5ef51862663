"""What is done twice, too late, or by two at once: retries, loops and races."""

import pytest

from lastgood import (
    IllegalTransition,
    LastStable,
    NotCurrent,
    Pinned,
    Previous,
    StalePlan,
    Status,
    VersionRegistry,
)
from lastgood.rules import Budget
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    observe,
    ok,
    reasons,
    register,
    reinstate,
    story,
    target,
)


def test_the_version_gone_back_to_fails_as_well() -> None:
    """Where every version failed there is no loop between them, but a refusal.

    Restates hashicorp/nomad#3496.
    """
    registry = story(
        deploy("1"),
        ok("1"),
        deploy("2"),
        bad("2", "out of memory"),
        back(LastStable()),
        bad("1", "the node is full"),
    )

    refusal = no_target(LastStable(), registry)

    assert reasons(refusal) == {"2": "failed: out of memory"}
    assert registry.current == "1"


def test_the_cause_is_not_the_version() -> None:
    """After two rollbacks in a row a third one is refused.

    The reason says so; a new deployment gives the budget back.

    Restates spinnaker/keel#1485.
    """
    guarded = LastStable().where(Budget(2))
    registry = story(
        good("1", "2", "3", "4", "5"),
        deploy("6"),
        bad("6"),
        back(LastStable()),
        bad("5"),
        back(LastStable()),
        bad("4"),
    )

    refusal = no_target(guarded, registry)

    assert registry.current == "4"
    assert "2 rollbacks" in reasons(refusal)["3"]
    assert target(LastStable(), registry) == "3"
    assert target(guarded, story(deploy("7"), bad("7"), since=registry)) == "3"


def test_the_failure_is_about_a_version_that_was_replaced_since() -> None:
    """Bad news of a version that serves no more moves nothing.

    A caller who believes that it still serves is told so.

    Restates thefrontside/playhouse#8.
    """
    registry = story(deploy("1"), ok("1"), deploy("2"), deploy("3"), bad("2"))

    assert LastStable().recover(registry) is registry
    with pytest.raises(NotCurrent) as refusal:
        _ = LastStable().plan(registry, leaving="2")
    for label in ("2", "3"):
        assert label in str(refusal.value)


def test_automation_deploys_the_failed_version_again() -> None:
    """A failed version cannot be deployed until it is reinstated.

    The refusal changes nothing, and says what would make it possible.

    Restates fluxcd/flux#1742.
    """
    registry = story(deploy("1"), ok("1"), deploy("2"), bad("2", "crash loop"), back(LastStable()))
    before = registry.to_dict()

    with pytest.raises(IllegalTransition) as refusal:
        _ = registry.deploy("2")

    assert registry.to_dict() == before
    assert registry.current == "1"
    for fact in ("2", "failed", "crash loop", "deploy", "reinstate"):
        assert fact in str(refusal.value)
    assert story(reinstate("2"), deploy("2"), since=registry).current == "2"


def test_automation_deploys_the_rolled_back_version_again() -> None:
    """What was rolled back is refused as well, though nobody called it failed; its fix is not.

    Restates ZaparooProject/zaparoo-core#1334 and fluxcd/flux2#4676.
    """
    registry = story(good("1"), deploy("2"), back(Previous(), "clients time out"))
    before = registry.to_dict()

    with pytest.raises(IllegalTransition) as refusal:
        _ = registry.deploy("2")

    assert "rolled back" in str(refusal.value)
    assert "clients time out" in str(refusal.value)
    assert registry.to_dict() == before
    assert story(deploy("3"), since=registry).current == "3"


def test_a_new_version_is_registered_after_the_rollback() -> None:
    """A newly known version does not move what serves, and the one rolled back stays refused.

    Restates spinnaker/keel#1254.
    """
    registry = story(good("1"), deploy("2"), bad("2"), back(Pinned("1")), register("3"))

    assert registry.current == "1"
    with pytest.raises(IllegalTransition):
        _ = registry.deploy("2")


def test_it_was_a_false_alarm() -> None:
    """A failed version can be given another chance and prove good; the history keeps both verdicts.

    Restates fluxcd/flagger#862 and microsoft/react-native-code-push#600.
    """
    registry = story(
        deploy("1"),
        ok("1"),
        deploy("2"),
        bad("2", "probe timed out"),
        back(LastStable()),
        reinstate("2", "false alarm"),
        deploy("2"),
        ok("2"),
    )

    assert registry.current == "2"
    assert registry["2"].status is Status.STABLE
    assert [(event.event, event.reason) for event in registry.events if event.version == "2"] == [
        ("registered", ""),
        ("deployed", ""),
        ("marked_failed", "probe timed out"),
        ("reinstated", "false alarm"),
        ("deployed", ""),
        ("marked_stable", ""),
    ]


@pytest.mark.parametrize(
    "news",
    [
        pytest.param([deploy("3")], id="a fix serves"),
        pytest.param([deploy("3"), observe("2")], id="the fix was taken back by hand"),
    ],
)
def test_the_rollback_job_is_overtaken_by_a_new_deployment(news: list[Step]) -> None:
    """A plan cannot undo a decision that is newer than it; nothing is changed.

    Restates moby/moby#26421.
    """
    failing = story(good("1"), deploy("2"), bad("2"))
    plan = LastStable().plan(failing)
    overtaken = story(*news, since=failing)
    before = overtaken.to_dict()

    with pytest.raises(StalePlan):
        _ = overtaken.roll_back(plan)

    assert overtaken.to_dict() == before


def test_the_alert_is_sent_again_and_again() -> None:
    """Each repeated alarm finds the failure already dealt with, so nothing moves again.

    Restates xdlc-labs/xdlc-agent#40.
    """
    registry = story(good("1", "2"), deploy("3"), bad("3"))

    once = LastStable().recover(registry)
    twice = LastStable().recover(once)
    thrice = LastStable().recover(twice)

    assert once.current == "2"
    assert twice is once
    assert thrice is once


def test_two_health_checks_report_the_same_failure() -> None:
    """Of two plans for one failure only one is carried out: one step back, not two.

    Restates AkhileshNS/heroku-deploy#70.
    """
    registry = story(good("1", "2"), deploy("3"), bad("3"))
    by_status, by_content = LastStable().plan(registry), LastStable().plan(registry)

    registry = registry.roll_back(by_status)
    with pytest.raises(StalePlan):
        _ = registry.roll_back(by_content)
    with pytest.raises(NotCurrent):
        _ = LastStable().plan(registry, leaving="3")

    assert registry.current == "2"


def test_a_rollback_was_cancelled_before_it_began() -> None:
    """A plan is only a plan: one that was never carried out is no obstacle to the same one later.

    Restates cloudfoundry/capi-release#184.
    """
    registry = story(good("1"), deploy("2"), bad("2"))

    cancelled = LastStable().plan(registry)
    again = LastStable().plan(registry)

    assert again == cancelled
    assert registry.roll_back(again).current == "1"


def test_the_history_was_purged_and_numbers_start_anew() -> None:
    """A new history goes back to its own last good version, and knows nothing of the purged one.

    A plan that was made before the purge is refused, though a version of the same number serves.
    Restates hashicorp/nomad#3052.
    """
    purged = story(good("195"), register("0"), deploy("1"), bad("1"))
    old_plan = LastStable().plan(purged)
    anew = story(good("0"), deploy("1"))

    with pytest.raises(StalePlan):
        _ = anew.roll_back(old_plan)

    assert old_plan.target == "195"
    assert looked_at(LastStable().plan(story(bad("1"), since=anew))) == ["0"]


def test_the_history_outlives_the_job() -> None:
    """What was stored event by event and read back still knows the last good version.

    Restates helm/helm#4978 and helm/helm#10550.
    """
    registry = story(good("1"))
    stored = list(registry.events)
    for number in range(2, 40):
        registry = story(deploy(str(number)), bad(str(number)), since=registry)
        stored += registry.events[len(stored) :]

    assert VersionRegistry.replay(stored) == registry
    assert VersionRegistry.from_dict(registry.to_dict()) == registry
    assert target(LastStable(), VersionRegistry.replay(stored)) == "1"
