"""What a rule is, and how rules are asked."""

from functools import partial
from typing import Any

import attrs
import pytest

from lastgood import (
    LastStable,
    NoRollbackTarget,
    Previous,
    Rule,
    Status,
    Version,
    VersionRegistry,
    rules,
)
from tests.scenarios.story import bad, deploy, good, no_target, reasons, story, target

REGISTRY = story(good("1", "2"), deploy("3"), bad("3"))


def not_two(version: Version, _registry: VersionRegistry, /) -> str | None:
    """Reject the version ``"2"``."""
    return "I do not like 2" if version.label == "2" else None


def not_this(label: str, version: Version, _registry: VersionRegistry, /) -> str | None:
    """Reject one version, which the rule is told beforehand."""
    return f"I do not like {label}" if version.label == label else None


@attrs.frozen
class NotThese:
    """Rejects these versions."""

    labels: tuple[str, ...]

    def __call__(self, version: Version, _registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return "I do not like it" if version.label in self.labels else None

    def of(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Do the same as a method."""
        return self(version, registry)


LIKES_ONE: Rule = lambda version, _: None if version.label == "1" else "not 1"  # noqa: E731

FORMS: dict[str, Rule] = {
    "function": not_two,
    "lambda": LIKES_ONE,
    "partial": partial(not_this, "2"),
    "instance": NotThese(("2",)),
    "bound method": NotThese(("2",)).of,
    "one of ours": rules.Except("2"),
}


@pytest.mark.parametrize("rule", FORMS.values(), ids=FORMS)
def test_any_callable_is_a_rule(rule: Rule) -> None:
    """A rule is whatever can be called with a version and a registry."""
    assert target(LastStable().where(rule), REGISTRY) == "1"


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (not_two, "not_two"),
        (LIKES_ONE, "<lambda>"),
        (NotThese(("2",)), "NotThese(labels=('2',))"),
        (rules.Except("2"), "Except('2')"),
        (rules.WithinLast(0 + 1), "WithinLast(1)"),
    ],
    ids=["function", "lambda", "instance", "one of ours", "never rejects"],
)
def test_a_rejection_is_signed_by_the_rule(rule: Rule, name: str) -> None:
    """A plain function signs with its qualified name, any other rule with its repr."""
    strategy = LastStable().where(rule)
    signed = {each.by for each in strategy.review(REGISTRY) if not each.accepted}
    assert name in signed
    assert name in repr(strategy)


def test_a_function_inside_is_named_in_full() -> None:
    """The qualified name says where the function was made."""

    def inside(version: Version, registry: VersionRegistry, /) -> str | None:
        return not_two(version, registry)

    name = "test_a_function_inside_is_named_in_full.<locals>.inside"
    strategy = LastStable().where(inside)
    assert repr(strategy) == f"LastStable().where({name})"
    assert strategy.plan(REGISTRY).considered[0].by == name


def test_a_partial_is_named_by_its_repr() -> None:
    """A partial is no plain function: its repr tells what it was made with."""
    rule = partial(not_this, "2")
    assert LastStable().where(rule).plan(REGISTRY).considered[0].by == repr(rule)


@pytest.mark.parametrize("rule", FORMS.values(), ids=FORMS)
def test_a_strategy_with_any_rule_is_a_value(rule: Rule) -> None:
    """Whatever the rule is, the strategy is equal by value and can be hashed."""
    assert LastStable().where(rule) == LastStable().where(rule)
    assert hash(LastStable().where(rule)) == hash(LastStable().where(rule))
    assert LastStable().where(rule) != Previous().where(rule)


@pytest.mark.parametrize(
    "wrong", [getattr(rules, name) for name in rules.__all__ if name != "Rule"]
)
def test_a_class_is_refused(wrong: Any) -> None:
    """A class of ours passed by mistake is a `TypeError` that shows the right line, at once."""
    with pytest.raises(TypeError, match=rf"write {wrong.__name__}\("):
        _ = LastStable().where(wrong)


def test_a_class_of_ones_own_is_refused() -> None:
    """So is a class of one's own: calling it would make an instance, which is no answer."""
    wrong: Any = NotThese
    with pytest.raises(TypeError, match=r"write NotThese\("):
        _ = LastStable().where(wrong)


@pytest.mark.parametrize(
    "answer", [True, False, "", 0, 1, 1.5, b"no", ["no"], ("no", "way"), str], ids=repr
)
def test_a_wrong_answer_is_blamed_on_the_rule(answer: Any) -> None:
    """A rule answers `None` or a reason; a truth value, or an empty reason, is a `TypeError`."""

    def predicate(_version: Version, _registry: VersionRegistry, /) -> Any:
        return answer

    strategy = LastStable().where(predicate)
    for ask in (strategy.plan, strategy.review):
        with pytest.raises(TypeError, match="predicate"):
            _ = ask(REGISTRY)


def test_a_wrong_answer_says_what_a_rule_is() -> None:
    """The message says that a rule is a veto and no predicate."""

    def is_stable(version: Version, _registry: VersionRegistry, /) -> Any:
        return version.status is Status.STABLE

    with pytest.raises(TypeError, match="veto"):
        _ = LastStable().where(is_stable).plan(REGISTRY)


@pytest.mark.parametrize(
    "error", [KeyError("auc"), TypeError("auc"), ZeroDivisionError()], ids=repr
)
def test_an_exception_of_a_rule_passes_through(error: Exception) -> None:
    """What a rule raises escapes as it is, with a note that names the rule and the version."""

    def breaks(_version: Version, _registry: VersionRegistry, /) -> str | None:
        raise error

    strategy = LastStable().where(breaks)
    with pytest.raises(type(error)) as raised:
        _ = strategy.plan(REGISTRY)
    assert raised.value is error
    assert any("breaks" in note and "'2'" in note for note in error.__notes__)


def test_a_rule_cannot_end_the_candidates() -> None:
    """A `StopIteration` that a rule lets escape is an error with its name, not the end."""

    def looks_for_nothing(_version: Version, _registry: VersionRegistry, /) -> str | None:
        return next(iter(()))

    with pytest.raises(RuntimeError) as raised:
        _ = LastStable().where(looks_for_nothing).plan(REGISTRY)
    said = " ".join([str(raised.value), *raised.value.__notes__])
    assert "looks_for_nothing" in said
    assert "'2'" in said


def test_a_wrong_signature_passes_through() -> None:
    """A function that cannot be called like this is found out when it is asked, and named."""

    def of_a_version(version: Version, /) -> str | None:
        return None if version.label == "1" else "no"

    wrong: Any = of_a_version
    with pytest.raises(TypeError) as raised:
        _ = LastStable().where(wrong).plan(REGISTRY)
    assert any("of_a_version" in note for note in raised.value.__notes__)


def test_a_rule_is_given_its_arguments_by_position() -> None:
    """What a rule calls its parameters is its own affair."""
    rule: Rule = lambda candidate, everything: (  # noqa: E731
        "no" if everything.current == "3" and candidate.label == "2" else None
    )
    assert target(LastStable().where(rule), REGISTRY) == "1"


def test_a_veto_of_everything_is_no_target() -> None:
    """A rule that rejects everything leaves nowhere to go, and its reason is kept each time."""

    def freeze(_version: Version, _registry: VersionRegistry, /) -> str:
        return "frozen until Monday"

    refusal = no_target(LastStable().where(freeze), REGISTRY)
    assert isinstance(refusal, NoRollbackTarget)
    assert set(reasons(refusal).values()) == {"frozen until Monday"}
