"""What strategies answer: wrong answers and exceptions are blamed on the one that gave them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from typing_extensions import override

from lastgood import (
    Candidate,
    LastStable,
    NothingDeployed,
    Pinned,
    Previous,
    RollbackStrategy,
    Version,
    VersionRegistry,
)
from lastgood.rules import Stable
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.story import no_target
from tests.strategies.custom import Answers, Fails, Says
from tests.strategies.histories import REGISTRY

accept = Candidate.accept


# Wrong answers


async def _later() -> AsyncIterator[Candidate]:
    yield accept("v1", "known well")


@each_row(
    "wrong",
    [None, "v1", 3, REGISTRY["v1"], Candidate, ("v1", True), [accept("v1", "known well")]],
)
def test_something_else_than_a_candidate_is_blamed_on_the_strategy(wrong: Any) -> None:
    """A strategy that yields something else gets a `TypeError` with its name."""
    strategy = Says((wrong,))
    for ask in (strategy.plan, strategy.review):
        with pytest.raises(TypeError, match="Says"):
            _ = ask(REGISTRY)


@each_row(
    "wrong",
    [None, 3, accept("v1", "known well"), True, Candidate, _later()],
)
def test_something_else_than_an_iterable_is_blamed_on_the_strategy(wrong: Any) -> None:
    """A strategy that forgets to yield, or returns one candidate, gets a `TypeError` by name."""
    strategy = Answers(wrong)
    for ask in (strategy.plan, strategy.review):
        with pytest.raises(TypeError, match="Answers"):
            _ = ask(REGISTRY)


def test_an_asynchronous_strategy_is_refused_at_once() -> None:
    """A class whose `candidates` is asynchronous is refused when it is made, not later."""

    async def candidates(_self: object, _registry: VersionRegistry, /) -> AsyncIterator[Candidate]:
        yield accept("v1", "known well")

    with pytest.raises(TypeError, match=r"Later\.candidates\(\) is async"):
        _ = type("Later", (RollbackStrategy,), {"candidates": candidates})


@pytest.mark.parametrize(
    "wrong", ["v1", {"v1": True}, [REGISTRY["v1"]]], ids=["label", "table", "versions"]
)
def test_an_iterable_of_something_else_is_blamed_on_the_strategy(wrong: Any) -> None:
    """A label, or a table of them, can be iterated over, and yields no candidates."""
    with pytest.raises(TypeError, match="Answers"):
        _ = Answers(wrong).plan(REGISTRY)


def test_a_wrong_answer_under_rules_is_blamed_on_the_strategy_inside() -> None:
    """A wrong answer under rules names the strategy that gave it."""
    with pytest.raises(TypeError, match=r"Answers\(answer=None\)"):
        _ = Answers(None).where(Stable()).plan(REGISTRY)


def test_a_wrong_answer_after_the_target_is_not_looked_at() -> None:
    """Planning asks only up to the target; a review asks for all."""
    strategy = Says((accept("v1", "known well"), None))
    assert strategy.plan(REGISTRY).target == "v1"
    with pytest.raises(TypeError, match="Says"):
        _ = strategy.review(REGISTRY)


def test_a_strategy_may_say_nothing() -> None:
    """A strategy without candidates finds no target, and every version is accounted for."""
    considered = no_target(Says(()), REGISTRY).considered
    assert [candidate.version for candidate in considered] == ["v1", "v2", "v4", "v5"]


# Exceptions


@pytest.mark.parametrize("error", [KeyError("auc"), TypeError("auc"), NothingDeployed()], ids=shown)
def test_an_exception_of_a_strategy_passes_through(error: Exception) -> None:
    """What a strategy raises escapes as it is, with a note that names the strategy."""
    strategy = Fails(error)
    for ask in (strategy.plan, strategy.review):
        with pytest.raises(type(error)) as raised:
            _ = ask(REGISTRY)
        assert raised.value is error
        assert any("Fails(" in note for note in raised.value.__notes__)


class RaisesWhenCalled(RollbackStrategy):
    """Raises before it is an iterator: `candidates` here is not a generator."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        _ = registry["v9"]
        return iter(())

    @override
    def __repr__(self) -> str:
        return "RaisesWhenCalled()"


def test_an_exception_before_the_first_candidate_passes_through() -> None:
    """A strategy whose method is not a generator is named in the note as well."""
    with pytest.raises(KeyError) as raised:
        _ = RaisesWhenCalled().plan(REGISTRY)
    assert any("RaisesWhenCalled()" in note for note in raised.value.__notes__)


def test_the_note_names_the_strategy_inside() -> None:
    """In a composite the note names the one strategy that failed."""
    strategy = Pinned("v9") | RaisesWhenCalled()
    with pytest.raises(KeyError) as raised:
        _ = strategy.plan(REGISTRY)
    assert any(
        "RaisesWhenCalled()" in note and "Pinned" not in note for note in raised.value.__notes__
    )


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
        said = " ".join([str(raised.value), *raised.value.__notes__])
        assert "StopsEarly() raised StopIteration" in said


@dataclass(frozen=True)
class FrozenError(Exception):
    """An error that takes no note."""

    code: int


def test_an_error_that_takes_no_note_passes_through() -> None:
    """An error that cannot be given a note escapes as it is, from a strategy and from a rule."""
    error = FrozenError(7)

    def breaks(_version: Version, _registry: VersionRegistry, /) -> str | None:
        raise error

    for strategy in (Fails(error), LastStable().where(breaks)):
        with pytest.raises(FrozenError) as raised:
            _ = strategy.plan(REGISTRY)
        assert raised.value is error


# Who said it


def test_candidates_are_signed_by_their_strategy() -> None:
    """The library fills in which strategy said something, as code."""
    plan = LastStable().plan(REGISTRY)
    assert [candidate.by for candidate in plan.considered] == ["LastStable()"] * 2
    assert Previous().review(REGISTRY)[0].by == "Previous()"


def test_a_signature_is_not_part_of_a_candidate_as_a_value() -> None:
    """Candidates that say the same are equal, whoever said it."""
    plan = Says((accept("v1", "known well"),)).plan(REGISTRY)
    assert plan.considered[-1].by != ""
    assert plan.considered[-1] == accept("v1", "known well")


def test_a_strategy_of_ones_own_may_ask_another_one() -> None:
    """Candidates of another strategy can be passed on, and are signed by the one that passes."""

    class Cautious(RollbackStrategy):
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            yield from LastStable().candidates(registry)

        def __repr__(self) -> str:
            return "Cautious()"

    assert Cautious().plan(REGISTRY).considered[-1].by == "Cautious()"


def test_what_a_composite_said_keeps_its_signatures() -> None:
    """A strategy of one's own that asks a composite passes on who of its parts said what."""

    class Careful(RollbackStrategy):
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            yield from (Pinned("v5") | LastStable()).candidates(registry)

    said = [(each.version, each.by) for each in Careful().plan(REGISTRY).considered]
    assert said == [("v5", "Pinned('v5')"), ("v2", "LastStable()"), ("v1", "LastStable()")]
