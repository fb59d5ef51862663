"""`explain()` of plans, reviews and refusals: a few lines of at most 80 columns."""

from collections.abc import Iterator

import pytest
from hypothesis import given

from lastgood import (
    BestBy,
    Candidate,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.rules import (
    AtLeast,
    AtMostSteps,
    Budget,
    Except,
    NotAcross,
    SameMetadata,
    Served,
    ServedAtLeast,
)
from tests.scenarios.story import bad, deploy, good, no_target, register, retire, story, undeploy
from tests.strategies.custom import AcceptsAll, Says
from tests.strategies.histories import histories

COLUMNS = 80

REGISTRY = VersionRegistry.from_statuses(
    {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed", "v1.3": "failed"}, current="v1.3"
)


def explanations(strategy: RollbackStrategy, registry: VersionRegistry) -> Iterator[str]:
    """Yield what the review says, and what the plan says or the refusal of one."""
    review = strategy.review(registry)
    yield review.explain()
    try:
        yield strategy.plan(registry, leaving=review.source).explain()
    except NoRollbackTarget as refusal:
        yield refusal.explain()


# What it looks like


def test_a_plan_explains_itself() -> None:
    """The heading says from where to where and by which strategy; then what was considered."""
    registry = REGISTRY.mark_failed("v1.2", reason="tokenizer mismatch")
    assert LastStable().plan(registry).explain().splitlines() == [
        "Roll back v1.3 -> v1.0    LastStable()",
        "  x  v1.2   failed: tokenizer mismatch",
        "  x  v1.1   unproven",
        "  >  v1.0   stable",
    ]


def test_a_refusal_explains_itself() -> None:
    """The heading says what was to be left."""
    registry = story(deploy("v1.0"), deploy("v1.1"), bad("v1.1"))
    heading, *lines = no_target(LastStable(), registry).explain().splitlines()
    assert "v1.1" in heading
    assert "LastStable()" in heading
    assert lines == ["  x  v1.0   unproven"]


def test_a_review_explains_itself() -> None:
    """The heading says what would happen; every version that would do is marked."""
    registry = story(good("v1.0", "v1.1"), deploy("v1.2"), deploy("v1.3"))
    heading, *lines = LastStable().review(registry).explain().splitlines()
    for words in ("v1.3", "v1.1", "LastStable()"):
        assert words in heading
    assert [line.split()[:2] for line in lines] == [["x", "v1.2"], [">", "v1.1"], [">", "v1.0"]]


def test_a_long_strategy_stands_on_a_line_of_its_own() -> None:
    """If heading and strategy do not fit on one line, the strategy has the next one."""
    strategy = LastStable().where(
        AtLeast("1.0"), NotAcross("migration"), ServedAtLeast("24h")
    ) | Pinned("v1.0")
    plan = strategy.plan(story(good("v1.0"), deploy("v1.1"), bad("v1.1")))
    heading, below, *_ = plan.explain().splitlines()
    assert heading.strip() == "Roll back v1.1 -> v1.0"
    assert below.strip().startswith("LastStable().where(")


# Who said it


def test_in_a_composite_each_line_says_by_whom() -> None:
    """In the explanation of a composite each line names the strategy or rule that said it."""
    registry = story(good("v1.0"), deploy("v1.1"), deploy("v1.2"), bad("v1.2"))
    strategy = LastStable().where(Except("v1.0")) | Previous()
    lines = strategy.plan(registry).explain().splitlines()[-3:]
    for line, words in zip(
        lines,
        [("x", "v1.1", "LastStable()"), ("x", "v1.0", "Except('v1.0')"), (">", "v1.1", "Previous")],
        strict=True,
    ):
        assert all(word in line for word in words), line


def test_one_strategy_is_not_named_again() -> None:
    """What the only strategy said itself needs no signature; what a rule said has one."""
    explained = LastStable().plan(REGISTRY).explain()
    assert explained.count("LastStable()") == 1
    registry = story(good("v1.0", "v1.1"), deploy("v1.2"), bad("v1.2"))
    plan = LastStable().where(Except("v1.1")).plan(registry)
    lines = plan.explain().splitlines()
    assert "Except('v1.1')" in next(line for line in lines if "x  v1.1" in line)


# The same once


def test_a_version_with_the_same_reason_comes_once() -> None:
    """What several strategies say about a version in the same words is one line."""
    registry = story(good("v1.0"), bad("v1.0", "slow"), deploy("v1.1"), bad("v1.1"))
    explained = no_target(LastStable() | Previous() | Pinned("v1.0"), registry).explain()
    assert explained.count("failed: slow") == 1


def test_different_reasons_come_each() -> None:
    """What is said about a version in other words stays."""
    said = tuple(Candidate.reject("v1.0", words) for words in ("too old", "too slow", "too old"))
    registry = story(good("v1.0"), deploy("v1.1"), bad("v1.1"))
    explained = no_target(Says(said), registry).explain()
    lines = [line.split("   ")[-1] for line in explained.splitlines() if "x  v1.0" in line]
    assert lines == ["too old", "too slow"]


# Not too much


def test_at_most_about_twenty_lines() -> None:
    """Of very many candidates the first ones and the target are shown, and how many more."""
    registry = story(good("v0"), *(deploy(f"v{number}") for number in range(1, 100)), bad("v99"))
    plan = LastStable().plan(registry)
    lines = plan.explain().splitlines()
    assert len(plan.considered) == 99
    assert len(lines) <= 25
    assert "v98" in lines[1]
    assert lines[-1] == "  >  v0    stable"
    shown = sum("unproven" in line for line in lines)
    assert f"{98 - shown} more" in lines[-2]


def test_very_many_versions_are_reviewed_briefly() -> None:
    """A review of very many versions is as short."""
    registry = story(good("v0"), *(deploy(f"v{number}") for number in range(1, 100)))
    assert len(LastStable().review(registry).explain().splitlines()) <= 25


LONG = "a" * 60 + " " + "b" * 60
STRATEGIES: tuple[RollbackStrategy, ...] = (
    LastStable(),
    LastStable() | Previous() | PreviousBySemver(prereleases=True, unproven=True) | BestBy("score"),
    (LastStable() | Previous()).where(Budget(1, within="24h"), SameMetadata("score")),
    AcceptsAll().where(AtLeast("1.1"), AtMostSteps(2), NotAcross("wall"), Served()),
    LastStable().where(ServedAtLeast("24h"), Except(*(f"v1.{minor}" for minor in range(20)))),
    Says((Candidate.reject("1.0.0", LONG), Candidate.reject("nightly", "x" * 300))),
    Pinned("registry.example.com/team/model-server:2024.05.01-gdeadbee") | Pinned("v" * 40),
)


@given(registry=histories(serving=False))
def test_no_line_is_wider_than_the_terminal(registry: VersionRegistry) -> None:
    """Whatever happened, no line has more than 80 columns or a space at its end."""
    for strategy in STRATEGIES:
        for text in explanations(strategy, registry):
            for line in text.splitlines():
                assert len(line) <= COLUMNS
                assert line == line.rstrip()


@pytest.mark.parametrize(
    "reason",
    [LONG, "x" * 300, "two\nlines", "tab\tand \x1b[31mred", "ハッシュが違います" * 9],
    ids=["two words", "one word", "lines", "control", "wide"],
)
def test_a_reason_of_any_length_fits(reason: str) -> None:
    """A long reason is broken or cut, and never breaks the layout."""
    registry = story(good("v1.0"), deploy("v1.1"), bad("v1.1", reason), retire("v1.0", reason))
    for text in explanations(LastStable(), registry):
        assert all(len(line) <= COLUMNS for line in text.splitlines())
        assert "\x1b" not in text


def test_a_plan_by_hand_explains_itself() -> None:
    """A plan that carries no candidates shows its target and its reason."""
    plan = RollbackPlan(
        source="2",
        target="1",
        reason="by hand",
        strategy="by hand",
        revision=REGISTRY.revision,
        fingerprint=REGISTRY.fingerprint,
        considered=(),
    )
    assert "by hand" in plan.explain().splitlines()[-1]


def test_after_an_undeploy_it_says_what_served_last() -> None:
    """The heading names what is left."""
    registry = story(good("v1.0"), deploy("v1.1"), undeploy("v1.1"), register("v1.2"))
    assert (
        LastStable().plan(registry, leaving="v1.1").explain().startswith("Roll back v1.1 -> v1.0")
    )
    assert "v1.1" in LastStable().review(registry).explain().splitlines()[0]
