"""`FirstOf`, and `|` that makes it: a, or else b."""

from typing import Any

import pytest

from lastgood import (
    Candidate,
    FirstOf,
    LastStable,
    NotCurrent,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
)
from lastgood.rules import Except, Stable
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.story import (
    bad,
    deploy,
    looked_at,
    no_target,
    register,
    story,
    target,
)
from tests.strategies.custom import AcceptsAll, Fails, Says

REGISTRY = story(deploy("1"), register("9"), deploy("2"), bad("2"))

A, B, C = LastStable(), Previous(), Pinned("9")


def test_the_first_that_finds_a_target_decides() -> None:
    """The second strategy is asked if the first one finds nothing."""
    assert target(FirstOf(A, B), REGISTRY) == "1"
    assert target(FirstOf(C, B), REGISTRY) == "9"


def test_what_is_not_needed_is_not_asked() -> None:
    """If the first strategy finds a target the second one is not asked at all."""
    assert target(B | Fails(RuntimeError("asked")), REGISTRY) == "1"


def test_candidates_come_one_strategy_after_the_other() -> None:
    """What each strategy said stays, in order, signed by the one that said it."""
    plan = (A | B).plan(REGISTRY)
    assert [(each.version, each.accepted, each.by) for each in plan.considered] == [
        ("1", False, "LastStable()"),
        ("1", True, "Previous()"),
    ]


def test_safety_holds_for_each_of_them() -> None:
    """What the safety check vetoes for the first strategy goes on to the second one."""
    strategy = Says((Candidate.accept("2", "current"),)) | B
    plan = strategy.plan(REGISTRY)
    assert (plan.target, looked_at(plan)) == ("1", ["2", "1"])


def test_nothing_found_by_any_of_them() -> None:
    """If no strategy finds a target the refusal carries what all of them said."""
    refusal = no_target(A | A.where(Stable()), REGISTRY)
    assert looked_at(refusal)[:2] == ["1", "1"]


def test_the_plan_names_all_of_them() -> None:
    """The strategy on record is the whole composite."""
    assert (A | B).plan(REGISTRY).strategy == "LastStable() | Previous()"


def test_leaving_holds_for_all_of_them() -> None:
    """A composite is refused like any strategy if another version is current."""
    with pytest.raises(NotCurrent):
        _ = (A | B).plan(REGISTRY, leaving="1")


def test_the_operator_makes_it() -> None:
    """`a | b` is `FirstOf(a, b)`."""
    assert (A | B).strategies == (A, B)
    assert isinstance(A | B, FirstOf)


def test_it_flattens() -> None:
    """A composite among the strategies stands for its own."""
    assert FirstOf(A, FirstOf(B, FirstOf(C))) == FirstOf(A, B, C)
    assert (A | B | C).strategies == (A, B, C)


def test_it_is_associative() -> None:
    """How it is put in parentheses makes no difference."""
    assert (A | B) | C == A | (B | C)
    assert hash((A | B) | C) == hash(A | (B | C))
    assert repr((A | B) | C) == repr(A | (B | C))


def test_order_matters() -> None:
    """`a | b` is not `b | a`."""
    assert A | B != B | A


def test_duplicates_stay() -> None:
    """A strategy that is named twice is asked twice: the composite is what was written."""
    assert (A | A).strategies == (A, A)


def test_rules_keep_a_composite_together() -> None:
    """A composite under rules is one strategy, and not flattened: the rules are on all of it."""
    guarded = (A | B).where(Except("1"))
    assert (guarded | C).strategies == (guarded, C)
    assert repr(guarded | C) == "(LastStable() | Previous()).where(Except('1')) | Pinned('9')"


def test_one_strategy_is_enough() -> None:
    """A composite of one decides as that one."""
    assert target(FirstOf(B), REGISTRY) == "1"


def test_a_composite_of_nothing_is_refused() -> None:
    """A composite asks at least one strategy: `FirstOf()` is a `TypeError`."""
    with pytest.raises(TypeError, match="FirstOf"):
        _ = FirstOf()


@each_row("stranger", [None, "LastStable()", 3, Stable(), len])
def test_strangers_are_not_implemented(stranger: Any) -> None:
    """The operator answers `NotImplemented` to strangers, so that they may know better."""
    assert A.__or__(stranger) is NotImplemented
    with pytest.raises(TypeError):
        _ = A | stranger
    with pytest.raises(TypeError):
        _ = stranger | A


@pytest.mark.parametrize("wrong", [Previous, RollbackStrategy, FirstOf, AcceptsAll])
def test_classes_are_not_implemented(wrong: Any) -> None:
    """A class passed by mistake is a stranger."""
    assert A.__or__(wrong) is NotImplemented
    with pytest.raises(TypeError):
        _ = A | wrong
    with pytest.raises(TypeError):
        _ = wrong | A


def test_a_stranger_may_know_better() -> None:
    """Another type may define what `|` with a strategy means."""

    class Polite:
        def __ror__(self, other: object) -> str:
            return f"{other} and I"

    polite: Any = Polite()
    assert (A | polite) == "LastStable() and I"


def test_a_class_is_refused() -> None:
    """A class among the arguments is a `TypeError` that shows the right line."""
    wrong: Any = Previous
    with pytest.raises(TypeError, match=r"write Previous\("):
        _ = FirstOf(A, wrong)


@pytest.mark.parametrize("wrong", [None, "LastStable()", [LastStable()], Stable()], ids=shown)
def test_anything_else_is_refused(wrong: Any) -> None:
    """Anything else among the arguments is a `TypeError`."""
    with pytest.raises(TypeError, match="strateg"):
        _ = FirstOf(A, wrong)


def test_a_composite_in_place() -> None:
    """`strategy |= another` gives a new strategy; the old one is as it was."""
    before = LastStable()
    strategy: RollbackStrategy = before
    strategy |= PreviousBySemver()
    assert strategy == FirstOf(LastStable(), PreviousBySemver())
    assert before == LastStable()
