"""What is done again, too late, or by automation: retries, loops and late news."""

import pytest

from lastgood import (
    DuplicateVersion,
    IllegalTransition,
    LastStable,
    NotCurrent,
    Pinned,
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
    ok,
    reasons,
    register,
    reinstate,
    story,
    target,
)


def test_the_version_gone_back_to_fails_as_well() -> None:
    """When every version failed there is no loop between them, but a refusal.

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

    Whoever names it as the version to leave gets the answer that another one serves.

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


def test_a_new_version_is_registered_after_the_rollback() -> None:
    """A newly known version does not move what serves, and the failed one stays refused.

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
    assert [(event.kind, event.reason) for event in registry.events if event.version == "2"] == [
        ("registered", ""),
        ("deployed", ""),
        ("marked_failed", "probe timed out"),
        ("reinstated", "false alarm"),
        ("deployed", ""),
        ("marked_stable", ""),
    ]


def test_the_alert_is_sent_again_and_again() -> None:
    """Each repeated alarm finds the failure already dealt with, so nothing moves again.

    Restates xdlc-labs/xdlc-agent#40.
    """
    registry = story(good("1", "2"), deploy("3"))

    once = LastStable().recover(story(bad("3", "errors"), since=registry))
    twice = LastStable().recover(story(bad("3", "errors"), since=once))

    assert once.current == "2"
    assert twice is once


@pytest.mark.parametrize("news", [[], [deploy("4")]], ids=["nothing", "a fix is deployed"])
def test_how_long_a_rollback_is_in_force(news: list[Step]) -> None:
    """That a rollback is in force is what the last deployment says, until there is another one.

    News of other versions does not change it, and the failed version stays refused all the same.

    Restates boardsesh/boardsesh#2411.
    """
    registry = story(
        good("1"), deploy("2"), bad("2"), back(LastStable()), register("3"), bad("3"), *news
    )

    assert registry.deployments[-1].kind == ("deployed" if news else "rolled_back")
    assert registry.current == ("4" if news else "1")
    with pytest.raises(IllegalTransition):
        _ = registry.deploy("2")


def test_the_numbers_are_used_again_after_a_rollback() -> None:
    """A label names one artifact for ever; and the way back passes over every failure.

    Restates fungos/cr#38.
    """
    registry = story(good("1", "2"), deploy("3", digest="sha256:a"), bad("3"), back(LastStable()))
    assert registry.current == "2"

    with pytest.raises(DuplicateVersion):
        _ = registry.register("3", digest="sha256:b")

    registry = story(deploy("4"), bad("4"), back(LastStable()), since=registry)
    assert registry.current == "2"

    registry = story(good("5"), deploy("6"), bad("6"), since=registry)
    assert target(LastStable(), registry) == "5"


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
    assert VersionRegistry.replay(stored).fingerprint == registry.fingerprint
    assert target(LastStable(), VersionRegistry.replay(stored)) == "1"


def test_the_history_was_purged_and_numbers_start_anew() -> None:
    """A new history goes back to its own last good version, and knows nothing of the purged one.

    Restates hashicorp/nomad#3052.
    """
    anew = story(good("0"), deploy("1"), bad("1"))

    assert looked_at(LastStable().plan(anew)) == ["0"]
