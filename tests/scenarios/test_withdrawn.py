"""Versions that must not be used any more: deleted, withdrawn, or never there."""

from lastgood import LastStable, Pinned, Status, prunable
from tests.scenarios.story import (
    bad,
    deploy,
    good,
    no_target,
    observe,
    ok,
    reasons,
    register,
    retire,
    story,
    target,
)


def test_a_broken_release_cannot_be_taken_out_of_the_history() -> None:
    """A retired version is passed over with the reason of retiring, and cannot be forced either.

    Restates helm/helm#11879 and argoproj/argo-cd#19440.
    """
    registry = story(good("1", "2"), retire("2", "bad tokenizer"), deploy("3"), bad("3"))

    plan = LastStable().plan(registry)
    refusal = no_target(Pinned("2"), registry)

    assert plan.target == "1"
    assert reasons(plan)["2"] == "retired: bad tokenizer"
    assert reasons(refusal)["2"] == "retired: bad tokenizer"
    assert "retired: bad tokenizer" in refusal.explain()


def test_the_artifact_of_the_last_good_version_was_deleted() -> None:
    """What cannot be started any more is passed over, and the plan says why.

    Restates aws/containers-roadmap#328.
    """
    registry = story(good("1", "2"), retire("2", "artifact deleted"), deploy("3"), bad("3"))

    plan = LastStable().plan(registry)

    assert plan.target == "1"
    assert reasons(plan) == {"2": "retired: artifact deleted", "1": "stable"}


def test_the_version_in_use_is_withdrawn() -> None:
    """To retire what serves calls for a rollback, as a failure does.

    Restates renovatebot/renovate#14373.
    """
    registry = story(good("1", "2"), retire("2", "licence"))

    recovered = LastStable().recover(registry)

    assert registry.needs_rollback
    assert recovered.current == "1"
    assert recovered["2"].status is Status.RETIRED
    assert recovered["2"].reason == "licence"


def test_the_clean_up_removes_the_version_that_serves_after_a_silent_rollback() -> None:
    """To retire what serves is noticed, and what was rolled back cannot be the way out.

    Restates fabfuel/ecs-deploy#185.
    """
    registry = story(
        deploy("1"),
        ok("1"),
        deploy("2"),
        observe("1", "circuit breaker"),
        retire("1", "deregistered"),
    )

    assert registry.needs_rollback
    refusal = no_target(LastStable(), registry)
    assert "circuit breaker" in reasons(refusal)["2"]


def test_the_requested_release_does_not_exist() -> None:
    """To ask for a version that nobody registered is refused with that very reason.

    Restates capistrano/capistrano#1731.
    """
    registry = story(good("1"), deploy("2"), bad("2"))

    refusal = no_target(Pinned("9"), registry)

    assert "regist" in reasons(refusal)["9"]
    assert target(LastStable(), registry) == "1"


def test_the_clean_up_deletes_what_the_rollback_needs() -> None:
    """What may be deleted depends on the policy: what it would go back to is kept.

    Restates basecamp/kamal#270.
    """
    registry = story(register("base"), ok("base"), good("1", "2", "3", "4", "5"))

    by_default = [version.label for version in prunable(registry, keep=3)]
    policy = Pinned("base") | LastStable()
    by_policy = [version.label for version in prunable(registry, keep=3, strategy=policy)]

    assert by_default == ["base", "1"]
    assert by_policy == ["1"]
