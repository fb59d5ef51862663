"""`RollbackStrategy`: how a strategy is asked, and what is made of what it says."""

import pickle
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from lastgood import (
    BestBy,
    Candidate,
    InvalidLabel,
    InvalidTime,
    LastgoodError,
    LastStable,
    NoRollbackTarget,
    NotCurrent,
    NothingDeployed,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackPlan,
    RollbackStrategy,
    Version,
    VersionRegistry,
)
from lastgood.rules import Budget, ServedWithin
from tests.scenarios.story import bad, deploy, good, register, retire, story
from tests.strategies.custom import AcceptsAll, AcceptsLineage, Answers, Endless, Fails, Says
from tests.strategies.histories import histories

REGISTRY = VersionRegistry.from_statuses(
    {"v1": "stable", "v2": "unproven", "v3": "failed", "v4": "stable", "v5": "retired"},
    current="v3",
)
NOTHING_DEPLOYED = VersionRegistry.from_statuses({"v1": "stable"})
FAILING = Fails(RuntimeError("asked for candidates"))
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

accept = Candidate.accept
reject = Candidate.reject


def said_of(candidates: tuple[Candidate, ...]) -> list[tuple[str, str]]:
    """Return what was said of which version, in order."""
    return [(candidate.version, candidate.reason) for candidate in candidates]


# plan


def test_the_first_accepted_candidate_is_the_target() -> None:
    """The strategy's order decides: the first candidate that it accepts is the target."""
    strategy = Says(
        (reject("v4", "too young"), accept("v1", "known well"), accept("v2", "why not"))
    )
    plan = strategy.plan(REGISTRY)
    assert (plan.target, plan.reason) == ("v1", "known well")


def test_the_plan_carries_what_was_considered_with_the_target_last() -> None:
    """A plan keeps every candidate up to the target as it came, duplicates too, and none after."""
    said = (reject("v4", "too young"), reject("v4", "far too young"), accept("v1", "known well"))
    plan = Says((*said, accept("v2", "why not"))).plan(REGISTRY)
    assert plan.considered == said


def test_the_plan_says_who_decided_what_when() -> None:
    """A plan names its source, its strategy as code, and the revision of the registry."""
    plan = LastStable().plan(REGISTRY)
    assert (plan.source, plan.strategy) == ("v3", "LastStable()")
    assert plan.revision == REGISTRY.revision


def test_planning_is_lazy() -> None:
    """Planning stops at the target: what the strategy would say or raise after it is not asked."""
    strategy = Fails(RuntimeError("asked too much"), before=(accept("v1", "known well"),))
    assert strategy.plan(REGISTRY).target == "v1"


def test_an_endless_strategy_can_be_planned_with() -> None:
    """A strategy that never ends is no trouble as long as it accepts something."""
    strategy = Endless((reject("v4", "too young"), accept("v2", "why not")))
    assert strategy.plan(REGISTRY).target == "v2"


def test_a_healthy_version_can_be_left() -> None:
    """A plan can be made although the current version is stable: the caller decides whether."""
    registry = VersionRegistry.from_statuses({"v1": "stable", "v2": "stable"}, current="v2")
    assert LastStable().plan(registry).target == "v1"


def test_candidates_may_come_in_any_iterable() -> None:
    """A list is as good as a generator."""
    assert Answers([accept("v1", "known well")]).plan(REGISTRY).target == "v1"


def test_leaving_the_current_version() -> None:
    """A caller who knows what is current gets the same plan as one who does not say."""
    assert LastStable().plan(REGISTRY, leaving="v3") == LastStable().plan(REGISTRY)


@pytest.mark.parametrize("believed", ["v1", "v5", "v9"])
def test_leaving_another_version_is_refused(believed: str) -> None:
    """An alarm about a version that is not current moves nothing; the error names both."""
    with pytest.raises(NotCurrent) as refusal:
        _ = FAILING.plan(REGISTRY, leaving=believed)
    assert (refusal.value.version, refusal.value.current) == (believed, "v3")


@pytest.mark.parametrize("wrong", [3, b"v3", LastStable])
def test_leaving_takes_a_label(wrong: Any) -> None:
    """Something else than a `str` is a `TypeError` that says how to make a label of it."""
    with pytest.raises(TypeError, match=r"str\(version\)"):
        _ = LastStable().plan(REGISTRY, leaving=wrong)


def test_leaving_takes_no_empty_label() -> None:
    """An empty text is no label, not another version."""
    with pytest.raises(InvalidLabel):
        _ = LastStable().plan(REGISTRY, leaving="")


@pytest.mark.parametrize("leaving", [None, "v1"])
def test_nothing_deployed_is_found_before_the_strategy_is_asked(leaving: str | None) -> None:
    """Where nothing is deployed there is nothing to leave, whatever the strategy."""
    with pytest.raises(NothingDeployed):
        _ = FAILING.plan(NOTHING_DEPLOYED, leaving=leaving)


@pytest.mark.parametrize("wrong", [{"v1": "stable"}, None, VersionRegistry, "v1"])
def test_a_strategy_is_asked_about_a_registry(wrong: Any) -> None:
    """Anything else than a registry is a `TypeError` that says what to write."""
    for ask in (LastStable().plan, LastStable().review, LastStable().recover):
        with pytest.raises(TypeError, match="VersionRegistry"):
            _ = ask(wrong)


# No target


def refusal_of(strategy: RollbackStrategy, registry: VersionRegistry) -> NoRollbackTarget:
    """Return the refusal of a strategy that has nowhere to go."""
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry)
    return refusal.value


def test_no_target_is_said_as_a_lookup_error() -> None:
    """That there is nowhere to go is an error of the library, and a `LookupError`."""
    refusal = refusal_of(Says(()), REGISTRY)
    assert isinstance(refusal, LastgoodError)
    assert isinstance(refusal, LookupError)


def test_no_target_carries_every_candidate_as_it_came() -> None:
    """The refusal keeps what was said, in order and with duplicates."""
    said = (reject("v4", "too young"), reject("v1", "too old"), reject("v4", "far too young"))
    assert refusal_of(Says(said), REGISTRY).considered[:3] == said


def test_no_target_names_what_was_never_mentioned() -> None:
    """After the candidates come the versions that were not mentioned, in registration order."""
    refusal = refusal_of(Says((reject("v2", "unproven"),)), REGISTRY)
    assert [candidate.version for candidate in refusal.considered] == ["v2", "v1", "v4", "v5"]
    assert not any(candidate.accepted for candidate in refusal.considered)


def test_no_target_carries_its_facts() -> None:
    """The refusal names the source, the strategy as code, and the revision."""
    refusal = refusal_of(Pinned("v5"), REGISTRY)
    assert (refusal.source, refusal.strategy) == ("v3", "Pinned('v5')")
    assert refusal.revision == REGISTRY.revision


def test_no_target_explains_itself() -> None:
    """The explanation, and the message with it, names every version with its reason."""
    refusal = refusal_of(Says((reject("v2", "not enough traffic yet"),)), REGISTRY)
    for words in ("v3", "v2", "not enough traffic yet", "v5", "retired"):
        assert words in refusal.explain()
        assert words in str(refusal)


def test_no_target_survives_pickling() -> None:
    """The refusal can be sent to another process with all that it carries."""
    refusal = refusal_of(Pinned("v5"), REGISTRY)
    copy: Any = pickle.loads(pickle.dumps(refusal))
    assert type(copy) is NoRollbackTarget
    assert (copy.source, copy.strategy, copy.revision, copy.considered, str(copy)) == (
        refusal.source,
        refusal.strategy,
        refusal.revision,
        refusal.considered,
        str(refusal),
    )


def test_no_other_version_is_no_target() -> None:
    """A registry with one version has nowhere to go, and says so without a candidate."""
    registry = story(deploy("1"), bad("1"))
    assert refusal_of(LastStable(), registry).considered == ()


# review


def test_review_answers_for_every_version_but_the_current_one() -> None:
    """Each registered version except the current one comes exactly once."""
    reviewed = AcceptsAll().review(REGISTRY)
    assert sorted(candidate.version for candidate in reviewed) == ["v1", "v2", "v4", "v5"]


def test_review_keeps_the_order_of_the_strategy() -> None:
    """What the strategy mentions comes in its order, acceptances and rejections alike."""
    said = (accept("v2", "why not"), reject("v4", "too young"), accept("v1", "known well"))
    assert Says(said).review(REGISTRY)[:3] == said


def test_review_comes_after_the_safety_check() -> None:
    """What the safety check rejects is rejected in a review, with its reason."""
    reviewed = {candidate.version: candidate for candidate in AcceptsAll().review(REGISTRY)}
    assert not reviewed["v5"].accepted
    assert "retired" in reviewed["v5"].reason


def test_review_puts_what_is_never_mentioned_last() -> None:
    """Unmentioned versions come last, in registration order, rejected."""
    reviewed = Says((accept("v4", "canary is fine"),)).review(REGISTRY)
    assert [(each.version, each.accepted) for each in reviewed] == [
        ("v4", True),
        ("v1", False),
        ("v2", False),
        ("v5", False),
    ]


def test_review_signs_what_is_never_mentioned() -> None:
    """What is not safe is rejected by the safety check, and what is left by the strategy."""
    registry = story(deploy("1"), deploy("2"), bad("1"), register("3"), register("4"), bad("4"))
    strategy = Says(())
    assert [(each.version, each.reason, each.by) for each in strategy.review(registry)] == [
        ("1", "failed", "Safe()"),
        ("3", "unproven; never deployed", "Says(said=())"),
        ("4", "failed; never deployed", "Safe()"),
    ]
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry)
    assert [each.by for each in refusal.value.considered] == ["Safe()", "Says(said=())", "Safe()"]


def test_review_derives_a_reason_from_the_status() -> None:
    """An unmentioned version that failed says so, with the recorded reason."""
    registry = story(deploy("1"), bad("1", "tokenizer mismatch"), deploy("2"))
    [only] = Says(()).review(registry)
    assert "failed: tokenizer mismatch" in only.reason


def test_review_says_what_was_never_deployed() -> None:
    """An unmentioned version that never was deployed says so; one that was does not."""
    reasons = dict(said_of(Says(()).review(REGISTRY)))
    assert "never deployed" in reasons["v4"]
    assert "never deployed" in reasons["v5"]
    assert "never deployed" not in reasons["v1"]


def test_review_says_what_was_not_proposed() -> None:
    """Where the facts speak for an unmentioned version, the strategy is said not to propose it."""
    registry = VersionRegistry.from_statuses({"1": "stable", "2": "stable"}, current="2")
    [only] = Pinned("9").review(registry)
    assert "not proposed by Pinned('9')" in only.reason


def test_review_takes_the_first_acceptance_at_its_place() -> None:
    """Of a version that is mentioned twice the first acceptance counts, where it stands."""
    said = (
        reject("v1", "too old"),
        reject("v4", "too young"),
        accept("v1", "after all"),
        accept("v1", "once more"),
    )
    assert said_of(Says(said).review(REGISTRY))[:2] == [("v4", "too young"), ("v1", "after all")]


def test_review_takes_the_first_reason_of_what_is_never_accepted() -> None:
    """Of a version that is mentioned twice and never accepted the first reason counts."""
    said = (reject("v1", "too old"), reject("v4", "too young"), reject("v1", "far too old"))
    assert said_of(Says(said).review(REGISTRY))[:2] == [("v1", "too old"), ("v4", "too young")]


def test_review_counts_acceptances_after_the_safety_check() -> None:
    """An acceptance that the safety check vetoes is none, so an earlier reason stays."""
    said = (reject("v5", "licence ended"), accept("v5", "surely fine"))
    assert said_of(Says(said).review(REGISTRY))[0] == ("v5", "licence ended")


def test_review_leaves_out_what_is_not_registered() -> None:
    """A review is about registered versions; the rest is found out when planning."""
    reviewed = Says((accept("v9", "who knows"), accept("v1", "known well"))).review(REGISTRY)
    assert [candidate.version for candidate in reviewed] == ["v1", "v2", "v4", "v5"]


def test_review_of_nothing_deployed_is_refused() -> None:
    """Where nothing is deployed there is nothing to leave, so nothing to review."""
    with pytest.raises(NothingDeployed):
        _ = FAILING.review(NOTHING_DEPLOYED)


STRATEGIES = (
    LastStable(),
    LastStable(steps=2),
    Previous(),
    Pinned("1.0.0"),
    PreviousBySemver(),
    PreviousBySemver(prereleases=True, unproven=True),
    BestBy("score"),
    BestBy("score", lowest=True),
    LastStable() | Pinned("1.1.0"),
    Previous().where(Budget(1)),
    AcceptsAll(),
    AcceptsLineage(),
)
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)


@every_strategy
@given(registry=histories())
def test_review_agrees_with_plan(strategy: RollbackStrategy, registry: VersionRegistry) -> None:
    """Whatever happened, the first accepted version of a review is what is planned."""
    reviewed = strategy.review(registry)
    accepted = [candidate.version for candidate in reviewed if candidate.accepted]
    try:
        planned = [strategy.plan(registry).target]
    except NoRollbackTarget:
        planned = []
    assert accepted[:1] == planned


@every_strategy
@given(registry=histories())
def test_review_is_complete(strategy: RollbackStrategy, registry: VersionRegistry) -> None:
    """Whatever happened, a review names each version but the current one, once, with a reason."""
    reviewed = strategy.review(registry)
    labels = [candidate.version for candidate in reviewed]
    assert sorted(labels) == sorted(set(registry) - {registry.current})
    assert all(candidate.reason for candidate in reviewed)


# recover


def test_recover_plans_and_rolls_back() -> None:
    """Where the current version failed, recovering is planning and rolling back."""
    strategy = LastStable()
    assert strategy.recover(REGISTRY) == REGISTRY.roll_back(strategy.plan(REGISTRY))


@pytest.mark.parametrize(
    "registry",
    [
        VersionRegistry(),
        NOTHING_DEPLOYED,
        VersionRegistry.from_statuses({"1": "stable", "2": "unproven"}, current="2"),
        story(good("1"), register("2"), bad("2")),
    ],
    ids=["empty", "nothing deployed", "healthy", "failed before it became current"],
)
def test_recover_leaves_alone_what_needs_no_rollback(registry: VersionRegistry) -> None:
    """Where no rollback is needed the very same registry comes back, and nobody is asked."""
    assert FAILING.recover(registry) is registry


@pytest.mark.parametrize("ruin", [bad("2"), retire("2")], ids=["failed", "retired"])
def test_recover_leaves_what_must_not_serve(ruin: Any) -> None:
    """A current version that failed or was retired is left."""
    registry = story(good("1"), good("2"), ruin)
    assert LastStable().recover(registry).current == "1"


def test_recover_records_the_time() -> None:
    """The time that is told is the time of the rollback."""
    recovered = LastStable().recover(REGISTRY, at=NOON)
    assert recovered.events[-1].at == NOON


def test_recover_plans_at_that_time() -> None:
    """The time that is told is the time of the decision too: rules that need a clock have it."""
    strategy = LastStable().where(ServedWithin(timedelta(hours=1)))
    registry = story(good("1", at=NOON), deploy("2", at=NOON + timedelta(minutes=5)), bad("2"))
    assert strategy.recover(registry, at=NOON + timedelta(minutes=10)).current == "1"
    with pytest.raises(NoRollbackTarget):
        _ = strategy.recover(registry, at=NOON + timedelta(hours=3))


def test_recover_without_a_target_is_refused() -> None:
    """Where a rollback is needed and impossible, that is an error, never a silent success."""
    registry = story(deploy("1"), bad("1"))
    with pytest.raises(NoRollbackTarget):
        _ = LastStable().recover(registry)


def test_recover_takes_times_with_a_zone() -> None:
    """A time without a zone is refused as everywhere."""
    for registry in (REGISTRY, REGISTRY.deploy("v1")):  # The second one needs no rollback.
        with pytest.raises(InvalidTime):
            _ = LastStable().recover(registry, at=NOON.replace(tzinfo=None))


# Wrong answers


async def _later() -> AsyncIterator[Candidate]:
    yield accept("v1", "known well")


@pytest.mark.parametrize(
    "wrong",
    [None, "v1", 3, REGISTRY["v1"], Candidate, ("v1", True), [accept("v1", "known well")]],
    ids=repr,
)
def test_what_is_no_candidate_is_blamed_on_the_strategy(wrong: Any) -> None:
    """A strategy that yields something else gets a `TypeError` with its name."""
    strategy = Says((wrong,))
    for ask in (strategy.plan, strategy.review):
        with pytest.raises(TypeError, match="Says"):
            _ = ask(REGISTRY)


@pytest.mark.parametrize(
    "wrong", [None, 3, accept("v1", "known well"), True, Candidate, _later()], ids=repr
)
def test_an_answer_that_is_no_iterable_is_blamed_on_the_strategy(wrong: Any) -> None:
    """A strategy that forgets to yield, or returns one candidate, gets a `TypeError` by name."""
    strategy = Answers(wrong)
    for ask in (strategy.plan, strategy.review):
        with pytest.raises(TypeError, match="Answers"):
            _ = ask(REGISTRY)


@pytest.mark.parametrize("wrong", ["v1", {"v1": True}, [REGISTRY["v1"]]], ids=repr)
def test_an_answer_of_something_else_is_blamed_on_the_strategy(wrong: Any) -> None:
    """A label, or a table of them, is an iterable and all the same not one of candidates."""
    with pytest.raises(TypeError, match="Answers"):
        _ = Answers(wrong).plan(REGISTRY)


def test_what_is_wrong_after_the_target_is_not_looked_at() -> None:
    """Planning asks only up to the target; a review asks for all."""
    strategy = Says((accept("v1", "known well"), None))
    assert strategy.plan(REGISTRY).target == "v1"
    with pytest.raises(TypeError, match="Says"):
        _ = strategy.review(REGISTRY)


def test_a_strategy_may_say_nothing() -> None:
    """A strategy without candidates finds no target, and every version is accounted for."""
    considered = refusal_of(Says(()), REGISTRY).considered
    assert [candidate.version for candidate in considered] == ["v1", "v2", "v4", "v5"]


@pytest.mark.parametrize("error", [KeyError("auc"), TypeError("auc"), NothingDeployed()], ids=repr)
def test_an_exception_of_a_strategy_passes_through(error: Exception) -> None:
    """What a strategy raises escapes as it is, with a note that names the strategy."""
    strategy = Fails(error)
    for ask in (strategy.plan, strategy.review):
        with pytest.raises(type(error)) as raised:
            _ = ask(REGISTRY)
        assert raised.value is error
        assert any("Fails(" in note for note in raised.value.__notes__)


class RaisesWhenCalled(RollbackStrategy):
    """Raises before it is an iterator: `candidates` here is no generator."""

    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        """Look up what is not there."""
        _ = registry["v9"]
        return iter(())

    def __repr__(self) -> str:
        return "RaisesWhenCalled()"


def test_an_exception_before_the_first_candidate_passes_through() -> None:
    """A strategy that is no generator is named in the note as well."""
    with pytest.raises(KeyError) as raised:
        _ = RaisesWhenCalled().plan(REGISTRY)
    assert any("RaisesWhenCalled()" in note for note in raised.value.__notes__)


def test_a_strategy_that_stops_in_the_wrong_way_is_blamed() -> None:
    """A `StopIteration` outside a generator is an error with the strategy's name, not the end."""

    class StopsEarly(RollbackStrategy):
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            return iter([Candidate.accept(next(iter(registry.values())), next(iter(())))])

        def __repr__(self) -> str:
            return "StopsEarly()"

    for strategy in (StopsEarly(), StopsEarly() | Pinned("1")):
        with pytest.raises(RuntimeError) as raised:
            _ = strategy.plan(REGISTRY)
        assert str(raised.value) == "StopsEarly() raised StopIteration"
        assert raised.value.__notes__[0] == "while it was asked for candidates"


@dataclass(frozen=True)
class FrozenError(Exception):
    """An error that takes no note."""

    code: int


def test_an_error_that_takes_no_note_passes_through() -> None:
    """What cannot be told who raised it escapes as it is, from a strategy and from a rule."""
    error = FrozenError(7)

    def breaks(_version: Version, _registry: VersionRegistry, /) -> str | None:
        raise error

    for strategy in (Fails(error), LastStable().where(breaks)):
        with pytest.raises(FrozenError) as raised:
            _ = strategy.plan(REGISTRY)
        assert raised.value is error


def test_the_note_names_the_strategy_inside() -> None:
    """In a composite the note names the one strategy that failed."""
    strategy = Pinned("v9") | RaisesWhenCalled()
    with pytest.raises(KeyError) as raised:
        _ = strategy.plan(REGISTRY)
    assert any(
        "RaisesWhenCalled()" in note and "Pinned" not in note for note in raised.value.__notes__
    )


# Who said it


def test_candidates_are_signed_by_their_strategy() -> None:
    """The library fills in which strategy said something, as code."""
    plan = LastStable().plan(REGISTRY)
    assert [candidate.by for candidate in plan.considered] == ["LastStable()"] * 2


def test_candidates_are_signed_in_a_review() -> None:
    """A review is signed as a plan is."""
    [first, *_] = Previous().review(REGISTRY)
    assert first.by == "Previous()"


def test_a_signature_is_no_part_of_a_candidate_as_a_value() -> None:
    """Candidates that say the same are equal, whoever said it."""
    plan = Says((accept("v1", "known well"),)).plan(REGISTRY)
    assert plan.considered[-1].by != ""
    assert plan.considered[-1] == accept("v1", "known well")


def test_a_composite_says_who_said_what() -> None:
    """In the explanation of a composite each line names the strategy that said it."""
    plan = (LastStable(steps=2) | Previous()).plan(REGISTRY)
    lines = plan.explain().splitlines()[1:]
    assert len(lines) == 3
    assert all("LastStable(steps=2)" in line for line in lines[:2])
    assert "Previous()" in lines[2]


def test_a_strategy_of_ones_own_may_ask_another_one() -> None:
    """Candidates of another strategy can be passed on, and are signed by the one that passes."""

    class Cautious(RollbackStrategy):
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            yield from LastStable().candidates(registry)

        def __repr__(self) -> str:
            return "Cautious()"

    assert Cautious().plan(REGISTRY).considered[-1].by == "Cautious()"


# What is final


def anything(*_: object) -> None:
    """Stand for any method that a cheating strategy would have."""


each_final_method = pytest.mark.parametrize(
    "name", ["plan", "review", "recover", "where", "__or__", "__bool__"]
)


@each_final_method
def test_what_is_final_cannot_be_redefined(name: str) -> None:
    """A strategy has one method to write; a class that redefines another one is refused."""
    with pytest.raises(TypeError, match=f"Cheat.*{name}"):
        _ = type("Cheat", (AcceptsAll,), {name: anything})


@each_final_method
def test_what_is_final_cannot_be_mixed_in(name: str) -> None:
    """A class that inherits the redefinition from elsewhere is refused as well."""
    mixin = type("Mixin", (), {name: anything, "__slots__": ()})
    with pytest.raises(TypeError, match=f"Cheat.*{name}"):
        _ = type("Cheat", (mixin, AcceptsAll), {})


def test_a_mixin_may_bring_the_candidates() -> None:
    """What belongs to the strategy may come from anywhere."""

    class Mixin:
        __slots__ = ()

        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            yield Candidate.accept(registry["v1"])

    class Mixed(Mixin, RollbackStrategy):
        pass

    assert Mixed().plan(REGISTRY).target == "v1"


def test_the_base_is_abstract() -> None:
    """A strategy that cannot be asked cannot be made."""
    base: Any = RollbackStrategy
    with pytest.raises(TypeError, match="candidates"):
        _ = base()


def test_the_base_has_no_room_for_state() -> None:
    """The base leaves it to a strategy which attributes it has."""
    assert RollbackStrategy.__slots__ == ()
    assert not hasattr(LastStable(), "__dict__")


# Neither true nor false


def test_a_strategy_has_no_truth() -> None:
    """`a or b` would lose `b` in silence, so it raises and says what to write."""
    with pytest.raises(TypeError, match=r"\|") as raised:
        _ = bool(LastStable())
    assert "is not None" in str(raised.value)


def test_or_between_strategies_raises() -> None:
    """The word `or` between two strategies is a `TypeError`, as are `and` and `not`."""
    for mistake in ("a or b", "a and b", "not a"):
        with pytest.raises(TypeError, match=r"\|"):
            _ = eval(mistake, {"a": LastStable(), "b": Previous()})  # noqa: S307  # our own three


@pytest.mark.parametrize(
    "strategy", [AcceptsAll(), LastStable().where(Budget(1)), LastStable() | Previous()], ids=repr
)
def test_no_strategy_has_a_truth(strategy: RollbackStrategy) -> None:
    """Composites and strategies of one's own have none either."""
    with pytest.raises(TypeError, match=r"\|"):
        _ = bool(strategy)


# Answers as values


def test_planning_twice_gives_equal_plans() -> None:
    """The answer follows from the registry: equal registries give equal plans."""
    again = VersionRegistry.from_dict(REGISTRY.to_dict())
    plan: RollbackPlan = LastStable().plan(again)
    assert plan == LastStable().plan(REGISTRY)


def test_a_version_can_be_accepted_without_a_reason() -> None:
    """The reason of a version that is accepted or rejected is its status in words."""
    version: Version = REGISTRY["v1"]
    assert Answers([accept(version)]).plan(REGISTRY).reason == "stable"
    assert Answers([reject(version)]).review(REGISTRY)[0].reason == "stable"
