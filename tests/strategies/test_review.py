"""`review`: what a strategy and the safety check say about every version, before an incident."""

import copy
import pickle
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given

from lastgood import (
    Candidate,
    LastStable,
    NoRollbackTarget,
    NothingDeployed,
    Pinned,
    Previous,
    PreviousBySemver,
    Review,
    RollbackStrategy,
    VersionRegistry,
)
from tests.scenarios.story import bad, deploy, good, ok, register, reviewed, story
from tests.strategies.custom import AcceptsAll, Fails, Says
from tests.strategies.histories import REGISTRY, STRATEGIES, histories

FAILING = Fails(RuntimeError("asked for candidates"))

accept = Candidate.accept
reject = Candidate.reject


def said(review: Review) -> list[tuple[str, str]]:
    """Return what was said about which version, in order."""
    return [(candidate.version, candidate.reason) for candidate in review]


# Every version once


def test_it_answers_for_every_version_but_the_current_one() -> None:
    """Each registered version except the current one comes exactly once."""
    assert sorted(each.version for each in AcceptsAll().review(REGISTRY)) == [
        "v1",
        "v2",
        "v4",
        "v5",
    ]


def test_it_keeps_the_order_of_the_strategy() -> None:
    """What the strategy mentions comes in its order, acceptances and rejections alike."""
    candidates = (accept("v2", "why not"), reject("v4", "too young"), accept("v1", "known well"))
    assert tuple(Says(candidates).review(REGISTRY))[:3] == candidates


def test_it_comes_after_the_safety_check() -> None:
    """What the safety check rejects is rejected in a review, with its reason."""
    candidate = reviewed(AcceptsAll(), REGISTRY, "v5")
    assert not candidate.accepted
    assert "retired" in candidate.reason


def test_a_healthy_version_can_be_reviewed() -> None:
    """A review needs no incident: it says what `plan` would choose for the current version."""
    registry = story(good("1", "2"), deploy("3"))
    review = LastStable().review(registry)
    assert (review.source, review.target) == ("3", "2")
    assert LastStable().plan(registry, leaving="3").target == "2"


def test_it_takes_the_first_acceptance_at_its_place() -> None:
    """Of a version that is mentioned twice the first acceptance counts, at its place."""
    candidates = (
        reject("v1", "too old"),
        reject("v4", "too young"),
        accept("v1", "after all"),
        accept("v1", "once more"),
    )
    assert said(Says(candidates).review(REGISTRY))[:2] == [
        ("v4", "too young"),
        ("v1", "after all"),
    ]


def test_it_takes_the_first_reason_of_what_is_never_accepted() -> None:
    """Of a version that is mentioned twice and never accepted the first reason counts."""
    candidates = (reject("v1", "too old"), reject("v4", "too young"), reject("v1", "far too old"))
    assert said(Says(candidates).review(REGISTRY))[:2] == [("v1", "too old"), ("v4", "too young")]


def test_it_counts_acceptances_after_the_safety_check() -> None:
    """An acceptance that the safety check vetoes does not count, so an earlier reason stays."""
    candidates = (reject("v5", "licence ended"), accept("v5", "surely fine"))
    assert said(Says(candidates).review(REGISTRY))[0] == ("v5", "licence ended")


def test_it_leaves_out_what_is_not_registered() -> None:
    """A review is about registered versions; the others are found out when planning."""
    review = Says((accept("v9", "who knows"), accept("v1", "known well"))).review(REGISTRY)
    assert [candidate.version for candidate in review] == ["v1", "v2", "v4", "v5"]


def test_nothing_deployed_is_refused() -> None:
    """If nothing was ever deployed there is nothing to leave, so nothing to review."""
    with pytest.raises(NothingDeployed):
        _ = FAILING.review(VersionRegistry.from_statuses({"v1": "stable"}))


# What is never mentioned


def test_what_is_never_mentioned_comes_last() -> None:
    """Versions that are not mentioned come last, in registration order, rejected."""
    review = Says((accept("v4", "canary is fine"),)).review(REGISTRY)
    assert [(each.version, each.accepted) for each in review] == [
        ("v4", True),
        ("v1", False),
        ("v2", False),
        ("v5", False),
    ]


def test_what_is_never_mentioned_is_signed() -> None:
    """What is not safe is rejected by the safety check, and the others by the strategy."""
    registry = story(deploy("1"), deploy("2"), bad("1"), register("3"), register("4"), bad("4"))
    assert [(each.version, each.by) for each in Says(()).review(registry)] == [
        ("1", "Safe()"),
        ("3", "Says(said=())"),
        ("4", "Safe()"),
    ]


def test_the_status_is_a_reason() -> None:
    """A version that is not mentioned and failed says so, with the recorded reason."""
    registry = story(deploy("1"), bad("1", "tokenizer mismatch"), deploy("2"))
    [only] = Says(()).review(registry)
    assert "failed: tokenizer mismatch" in only.reason


def test_what_was_never_deployed_says_so() -> None:
    """A version that is not mentioned says whether it ever was deployed."""
    reasons = dict(said(Says(()).review(REGISTRY)))
    assert "never deployed" in reasons["v4"]
    assert "never deployed" in reasons["v5"]
    assert "never deployed" not in reasons["v1"]


def test_what_was_not_proposed_says_so() -> None:
    """If the facts speak for a version, the reason is that the strategy did not propose it."""
    registry = VersionRegistry.from_statuses({"1": "stable", "2": "stable"}, current="2")
    [only] = Pinned("9").review(registry)
    assert "not proposed by Pinned('9')" in only.reason


def test_what_lies_above_the_current_version_says_so() -> None:
    """For a strategy that follows SemVer the reason may be that the version is not lower."""
    registry = story(good("2.0.0", "1.0.0", "nightly"), deploy("1.5.0"))
    reasons = dict(said(PreviousBySemver().review(registry)))
    assert reasons["1.0.0"] == "stable"
    assert "above the current version" in reasons["2.0.0"]
    assert "its label is not a SemVer version" in reasons["nightly"]


def test_semver_is_no_reason_for_a_strategy_of_another_order() -> None:
    """Only a strategy that follows SemVer leaves out what SemVer puts above."""
    registry = story(good("1.0.0"), register("2.0.0"), ok("2.0.0"), deploy("1.5.0"))
    assert "SemVer" not in reviewed(LastStable(), registry, "2.0.0").reason
    assert "above" not in reviewed(Pinned("1.0.0"), registry, "2.0.0").reason


# A value


def test_it_is_a_sequence_of_candidates() -> None:
    """It can be indexed, sliced, reversed and searched like a tuple."""
    review = LastStable().review(REGISTRY)
    assert isinstance(review, Review)
    assert isinstance(review, Sequence)
    assert len(review) == 4
    assert review[-1] == [*review][-1]
    assert [*review[1:3]] == [*review][1:3]
    assert [*reversed(review)] == [*review][::-1]
    assert review[1] in review
    assert review.index(review[1]) == 1
    with pytest.raises(IndexError):
        _ = review[4]


def test_it_names_what_it_is_about() -> None:
    """It says which version would be left, to which one, and by which strategy as code."""
    review = LastStable(steps=2).review(story(good("1", "2"), deploy("3")))
    assert (review.source, review.target, review.strategy) == ("3", "1", "LastStable(steps=2)")


def test_without_a_target_there_is_none() -> None:
    """If nothing is accepted the target is None."""
    assert LastStable().review(story(deploy("1"), deploy("2"))).target is None
    assert LastStable().review(story(deploy("1"))).target is None


def test_it_is_equal_by_value() -> None:
    """Reviews of equal registries are equal, have one hash, and survive copies and pickles."""
    review = LastStable().review(REGISTRY)
    again = LastStable().review(VersionRegistry.from_dict(REGISTRY.to_dict()))
    assert review == again
    assert hash(review) == hash(again)
    copies: list[Any] = [copy.copy(review), copy.deepcopy(review)]
    copies += [pickle.loads(pickle.dumps(review))]
    assert all(each == review and hash(each) == hash(review) for each in copies)
    assert review != Previous().review(REGISTRY)
    assert review.__eq__([*review]) is NotImplemented


def test_it_is_frozen() -> None:
    """No attribute of a review can be set."""
    review: Any = LastStable().review(REGISTRY)
    with pytest.raises((AttributeError, attrs.exceptions.FrozenInstanceError)):
        review.source = "v9"


# Laws


def planned(strategy: RollbackStrategy, registry: VersionRegistry, source: str) -> str | None:
    """Return the target of a plan that leaves the version, or None."""
    try:
        return strategy.plan(registry, leaving=source).target
    except NoRollbackTarget:
        return None


@given(registry=histories(serving=False))
def test_it_agrees_with_plan(registry: VersionRegistry) -> None:
    """Whatever happened, the target of a review is what is planned, and is accepted first."""
    for strategy in STRATEGIES:
        review = strategy.review(registry)
        accepted = (candidate.version for candidate in review if candidate.accepted)
        assert review.target == next(accepted, None), strategy
        assert review.target == planned(strategy, registry, review.source), strategy


@given(registry=histories(serving=False))
def test_it_is_complete(registry: VersionRegistry) -> None:
    """Whatever happened, it names each version but the one to be left, once, with a reason."""
    for strategy in STRATEGIES:
        review = strategy.review(registry)
        assert review.source == registry.deployments[-1].version
        assert sorted(each.version for each in review) == sorted(set(registry) - {review.source})
        assert all(candidate.reason and candidate.by for candidate in review), strategy
