"""The world outside: other environments, providers with a will of their own, late signals."""

import pytest

from lastgood import IllegalTransition, LastStable, Previous, Status
from tests.scenarios.story import (
    bad,
    deploy,
    good,
    no_target,
    observe,
    ok,
    reasons,
    retire,
    story,
    target,
)


def test_another_environment_serves_a_version_in_between() -> None:
    """Each environment goes back along its own history.

    Restates fujiwara/lambroll#366.
    """
    prod = story(good("7"), deploy("10"))
    staging = story(deploy("9"))

    assert target(LastStable(), prod, leaving="10") == "7"
    assert staging.current == "9"
    assert "9" not in prod


def test_the_clean_up_of_another_environment_takes_our_way_back() -> None:
    """What one environment withdraws stays a way back in the other.

    Restates basecamp/kamal#1922.
    """
    prod = story(good("7"), deploy("8"), bad("8"))
    staging = story(good("7"), deploy("8"), bad("8"), retire("7", "pruned"))

    assert target(LastStable(), prod) == "7"
    assert reasons(no_target(LastStable(), staging))["7"] == "retired: pruned"


def test_the_provider_rolled_back_by_itself() -> None:
    """A silent rollback is recorded as a fact: the old version serves again.

    The new one was rolled back, and nothing lies before the old one.

    Restates distr#1633.
    """
    registry = story(deploy("1"), ok("1"), deploy("2"), observe("1"))

    assert registry.current == "1"
    assert registry["2"].status is Status.ROLLED_BACK
    assert registry.deployments[-1].kind == "observed"
    assert registry.deployments[-1].rewound
    refusal = no_target(Previous(), registry, leaving="1")
    assert not any(candidate.accepted for candidate in refusal.considered)


def test_the_controller_looks_at_the_world_every_minute() -> None:
    """To observe what is current already changes nothing, so it leaves no trace.

    Restates distr#1633.
    """
    registry = story(deploy("1"), deploy("2"), observe("1"))

    assert registry.observe("1") is registry


def test_the_job_reports_success_though_the_provider_rolled_back() -> None:
    """A late "healthy" about a version that was rolled back is refused.

    The refusal says why it was left, and what would make it possible.

    Restates aws-actions/amazon-ecs-deploy-task-definition#860 and Dokploy/dokploy#3987.
    """
    registry = story(good("1"), deploy("2"), observe("1", "circuit breaker"))

    with pytest.raises(IllegalTransition) as refusal:
        _ = registry.mark_stable("2")

    assert registry["2"].status is Status.ROLLED_BACK
    for fact in ("2", "circuit breaker", "reinstate"):
        assert fact in str(refusal.value)
