"""`explain()` of what strategies answer. The layout itself is in `tests.values.test_explain`."""

from collections.abc import Iterator

from hypothesis import given

from lastgood import (
    BestBy,
    Candidate,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    PreviousBySemver,
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
from tests.scenarios.story import bad, deploy, good, no_target, register, story, undeploy
from tests.strategies.custom import AcceptsAll, Says
from tests.strategies.histories import histories

COLUMNS = 80


def explanations(strategy: RollbackStrategy, registry: VersionRegistry) -> Iterator[str]:
    """Yield what the review says, and what the plan says or the refusal of one."""
    review = strategy.review(registry)
    yield review.explain()
    try:
        yield strategy.plan(registry, leaving=review.source).explain()
    except NoRollbackTarget as refusal:
        yield refusal.explain()


def test_a_review_explains_itself() -> None:
    """The heading says what would happen; every version that would do is marked."""
    registry = story(good("v1.0", "v1.1"), deploy("v1.2"), deploy("v1.3"))
    heading, *lines = LastStable().review(registry).explain().splitlines()
    for words in ("v1.3", "v1.1", "LastStable()"):
        assert words in heading
    assert [line.split()[:2] for line in lines] == [["x", "v1.2"], [">", "v1.1"], [">", "v1.0"]]


def test_a_review_without_a_target_says_so() -> None:
    """The heading says that there is no way back."""
    heading, *_ = LastStable().review(story(deploy("v1.0"), deploy("v1.1"))).explain().splitlines()
    assert heading.startswith("From v1.1 there is no way back")


def test_a_review_of_very_many_versions_is_short() -> None:
    """A review shows at most about twenty versions, and how many more there are."""
    registry = story(good("v0"), *(deploy(f"v{number}") for number in range(1, 100)))
    lines = LastStable().review(registry).explain().splitlines()
    assert len(lines) <= 25
    assert any("more" in line for line in lines)


def test_different_reasons_come_each() -> None:
    """What is said about a version in other words stays, in its order."""
    said = tuple(Candidate.reject("v1.0", words) for words in ("too old", "too slow", "too old"))
    registry = story(good("v1.0"), deploy("v1.1"), bad("v1.1"))
    explained = no_target(Says(said), registry).explain()
    lines = [line.split("   ")[-1] for line in explained.splitlines() if "x  v1.0" in line]
    assert lines == ["too old", "too slow"]


def test_after_an_undeploy_it_says_what_served_last() -> None:
    """The heading names what is left."""
    registry = story(good("v1.0"), deploy("v1.1"), undeploy("v1.1"), register("v1.2"))
    explained = LastStable().plan(registry, leaving="v1.1").explain()
    assert explained.startswith("Roll back v1.1 -> v1.0")
    assert "v1.1" in LastStable().review(registry).explain().splitlines()[0]


STRATEGIES: tuple[RollbackStrategy, ...] = (
    LastStable(),
    LastStable() | Previous() | PreviousBySemver(prereleases=True, unproven=True) | BestBy("score"),
    (LastStable() | Previous()).where(Budget(1, within="24h"), SameMetadata("score")),
    AcceptsAll().where(AtLeast("1.1"), AtMostSteps(2), NotAcross("wall"), Served()),
    LastStable().where(ServedAtLeast("24h"), Except(*(f"v1.{minor}" for minor in range(20)))),
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
