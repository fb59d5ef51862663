"""`RollbackStrategy.where`: rules that can veto what a strategy accepts."""

from collections.abc import Iterator
from typing import Any

import pytest

from lastgood import (
    Candidate,
    LastStable,
    Pinned,
    Previous,
    RollbackStrategy,
    Version,
    VersionRegistry,
)
from lastgood.rules import AtLeast, Except, Stable
from tests.rows import each_row
from tests.scenarios.story import (
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    reasons,
    reviewed,
    story,
    target,
)
from tests.strategies.custom import AcceptsAll, Says

REGISTRY = story(good("1", "2", "3"), deploy("4"), deploy("5"), bad("5"))


def objects(version: Version, _registry: VersionRegistry, /) -> str | None:
    """Reject the version ``"3"``."""
    return "I object" if version.label == "3" else None


def test_a_rule_rejects_what_the_strategy_accepts() -> None:
    """An accepted candidate that a rule rejects is rejected, and the next one comes."""
    plan = LastStable().where(Except("3")).plan(REGISTRY)
    assert plan.target == "2"
    assert looked_at(plan) == ["4", "3", "2"]


def test_the_reason_is_the_rules() -> None:
    """The reason of a veto is what the rule answered, word for word."""
    assert reasons(LastStable().where(objects).plan(REGISTRY))["3"] == "I object"


def test_what_passes_keeps_the_reason_of_the_strategy() -> None:
    """A rule adds nothing to what it lets through."""
    strategy = Says((Candidate.accept("2", "known well"),))
    assert strategy.where(objects).plan(REGISTRY).reason == "known well"


def test_rules_are_not_asked_about_what_is_rejected() -> None:
    """A rule can only veto: what the strategy rejects keeps its own reason."""
    asked: list[str] = []

    def listens(version: Version, _registry: VersionRegistry, /) -> None:
        asked.append(version.label)

    plan = LastStable().where(listens).plan(REGISTRY)
    assert asked == ["3"]
    assert reasons(plan)["4"] == "unproven"


def test_the_first_veto_counts() -> None:
    """Rules are asked in their order; after a veto no other rule is asked."""

    def unreachable(version: Version, _registry: VersionRegistry, /) -> str | None:
        if version.label == "3":
            raise AssertionError("asked after a veto")
        return None

    assert reasons(LastStable().where(objects, unreachable).plan(REGISTRY))["3"] == "I object"


def test_rules_see_the_registered_version() -> None:
    """A rule is given what the registry knows of the version, and that registry."""
    seen: list[tuple[Version, VersionRegistry]] = []

    def looks(version: Version, registry: VersionRegistry, /) -> None:
        seen.append((version, registry))

    strategy = Says((Candidate.accept("2", "known well"),)).where(looks)
    assert target(strategy, REGISTRY) == "2"
    assert seen == [(REGISTRY["2"], REGISTRY)]


def test_rules_are_not_asked_about_what_is_not_registered() -> None:
    """An unregistered version is left to the safety check: there is nothing to show to a rule."""

    def unreachable(_version: Version, _registry: VersionRegistry, /) -> str | None:
        raise AssertionError("asked about a stranger")

    strategy = Pinned("9").where(unreachable)
    assert "registered" in reasons(no_target(strategy, REGISTRY))["9"]


def test_steps_are_counted_before_the_rules() -> None:
    """Rules apply to the step that the strategy arrives at, and do not change the counting."""
    strategy = LastStable(steps=2).where(Except("3"))
    assert target(strategy, REGISTRY) == "2"
    assert target(LastStable(steps=2).where(Except("2")), REGISTRY) == "1"


def test_rules_hold_in_a_review() -> None:
    """What a rule vetoes is rejected in a review as well, signed by the rule."""
    candidate = reviewed(LastStable().where(Except("3")), REGISTRY, "3")
    assert (candidate.accepted, candidate.by) == (False, "Except('3')")


def test_what_passes_is_signed_by_the_strategy() -> None:
    """A candidate that no rule rejects is signed by the strategy that proposed it."""
    plan = LastStable().where(Except("3")).plan(REGISTRY)
    assert [each.by for each in plan.considered] == [
        "LastStable()",
        "Except('3')",
        "LastStable()",
    ]


def test_rules_upon_rules_are_one_list() -> None:
    """Adding rules one after the other is the same as adding them at once."""
    at_once = LastStable().where(Stable(), Except("3"), AtLeast("2"))
    one_by_one = LastStable().where(Stable()).where(Except("3")).where(AtLeast("2"))
    assert one_by_one == at_once
    assert repr(one_by_one) == "LastStable().where(Stable(), Except('3'), AtLeast('2'))"


def test_no_rules_are_no_change() -> None:
    """A strategy without rules is that strategy."""
    assert LastStable().where() == LastStable()
    assert LastStable().where(Stable()).where() == LastStable().where(Stable())


def test_rules_keep_their_order_as_a_value() -> None:
    """Two strategies with the same rules in another order give other reasons, and are not equal."""
    assert LastStable().where(Stable(), Except("3")) != LastStable().where(Except("3"), Stable())


def test_rules_on_a_composite_guard_all_of_it() -> None:
    """Rules on `a | b` veto what either proposes; rules on `a` let the decision go on to `b`."""
    a, b, rule = Pinned("3"), Pinned("2"), Except("3", "2")
    assert looked_at(no_target((a | b).where(rule), REGISTRY))[:2] == ["3", "2"]
    assert target(a.where(rule) | b, REGISTRY) == "2"


@each_row("wrong", [None, "Stable", 3, [Stable()], (Stable(), Stable())])
def test_what_cannot_be_called_is_refused(wrong: Any) -> None:
    """Something that cannot be called is a `TypeError` at once, not during the incident."""
    with pytest.raises(TypeError, match="rule"):
        _ = LastStable().where(wrong)


def test_a_strategy_is_refused() -> None:
    """A strategy in the place of a rule is a `TypeError` at once."""
    wrong: Any = Previous()
    with pytest.raises(TypeError, match=r"Previous|rule"):
        _ = LastStable().where(wrong)


def test_a_rule_on_a_class_is_refused() -> None:
    """`LastStable.where(rule)`, without an instance, is a `TypeError` that shows the right line."""
    where: Any = LastStable.where
    with pytest.raises(TypeError, match=r"LastStable\(\)\.where\("):
        _ = where(Stable(), Except("1"))


def test_rules_on_a_strategy_of_ones_own() -> None:
    """Any strategy takes rules."""
    assert target(AcceptsAll().where(Except("4"), objects), REGISTRY) == "2"


def test_planning_under_rules_is_lazy() -> None:
    """Under rules too, nothing is asked beyond the target."""

    class Once(RollbackStrategy):
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            yield Candidate.accept(registry["2"])
            raise AssertionError("asked too much")

    assert target(Once().where(Stable()), REGISTRY) == "2"
