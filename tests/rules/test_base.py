"""What a rule is, and how rules are asked."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import attrs
import pytest

from lastgood import (
    LastStable,
    Previous,
    Rule,
    Status,
    Version,
    VersionRegistry,
    rules,
)
from tests.catalogue import RULES
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.story import bad, deploy, good, no_target, reasons, story, target

REGISTRY = story(good("1", "2"), deploy("3"), bad("3"))


def not_two(version: Version, _registry: VersionRegistry, /) -> str | None:
    """Reject the version ``"2"``."""
    return "I do not like 2" if version.label == "2" else None


def not_this(label: str, version: Version, _registry: VersionRegistry, /) -> str | None:
    """Reject one version, which the rule is given beforehand."""
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
    "built in": rules.Except("2"),
}


@each_row("rule", FORMS.values())
def test_any_callable_is_a_rule(rule: Rule) -> None:
    """A rule is anything that can be called with a version and a registry."""
    assert target(LastStable().where(rule), REGISTRY) == "1"


@each_row(
    ("rule", "name"),
    [
        (not_two, "not_two"),
        (LIKES_ONE, "<lambda>"),
        (NotThese(("2",)), "NotThese(labels=('2',))"),
        (rules.Except("2"), "Except('2')"),
        (rules.ServedAtLeast("24h"), "ServedAtLeast('24h')"),
    ],
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
    """A partial is not a plain function: its repr shows what it was made with."""
    rule = partial(not_this, "2")
    assert LastStable().where(rule).plan(REGISTRY).considered[0].by == repr(rule)


@each_row("rule", FORMS.values())
def test_a_strategy_with_any_rule_is_a_value(rule: Rule) -> None:
    """Whatever the rule is, the strategy is equal by value and can be hashed."""
    assert LastStable().where(rule) == LastStable().where(rule)
    assert hash(LastStable().where(rule)) == hash(LastStable().where(rule))
    assert LastStable().where(rule) != Previous().where(rule)


def test_a_rule_is_given_its_arguments_by_position() -> None:
    """The author of a rule chooses the names of its parameters."""
    rule: Rule = lambda candidate, everything: (  # noqa: E731
        "no" if everything.current == "3" and candidate.label == "2" else None
    )
    assert target(LastStable().where(rule), REGISTRY) == "1"


def test_a_veto_of_everything_leaves_no_target() -> None:
    """If a rule rejects everything there is nowhere to go, and its reason is kept each time."""

    def freeze(_version: Version, _registry: VersionRegistry, /) -> str:
        return "frozen until Monday"

    refusal = no_target(LastStable().where(freeze), REGISTRY)
    assert set(reasons(refusal).values()) == {"frozen until Monday"}


# Mistakes that are found when the strategy is made


@each_row("wrong", [*map(type, RULES.values()), NotThese])
def test_a_class_is_refused(wrong: Any) -> None:
    """A class passed by mistake is a `TypeError` that shows the right line, at once."""
    with pytest.raises(TypeError, match=rf"write {wrong.__name__}\("):
        _ = LastStable().where(wrong)


def of_nothing() -> str | None:
    """Look at nothing."""
    return None


def of_a_version(version: Version, /) -> str | None:
    """Look at the version alone."""
    return None if version.label == "1" else "no"


def of_three(version: Version, registry: VersionRegistry, more: object, /) -> str | None:
    """Want more than a rule is given."""
    return None if version.label in registry and more else "no"


def of_a_name(version: Version, registry: VersionRegistry, /, *, name: str) -> str | None:
    """Want something by its name."""
    return None if version.label in registry and name else "no"


@each_row(
    "wrong",
    [
        of_nothing,
        of_a_version,
        of_three,
        of_a_name,
        partial(not_this, "1", REGISTRY["2"]),
    ],
)
def test_a_function_of_other_parameters_is_refused(wrong: Any) -> None:
    """A function that cannot take two arguments is a `TypeError` at once, not at the incident."""
    with pytest.raises(TypeError, match=r"version.*registry"):
        _ = LastStable().where(wrong)


async def later(_version: Version, _registry: VersionRegistry) -> str | None:
    """Answer when it is waited for."""
    return None


async def one_by_one(_version: Version, _registry: VersionRegistry) -> AsyncIterator[str]:
    """Answer one by one."""
    yield "no"


class Later:
    """A rule with an asynchronous method."""

    async def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Answer when it is waited for."""


@pytest.mark.parametrize(
    "wrong",
    [later, one_by_one, Later(), partial(later)],
    ids=["coroutine", "generator", "object", "partial"],
)
def test_an_asynchronous_rule_is_refused(wrong: Any) -> None:
    """A rule that answers only when it is waited for is a `TypeError` at once."""
    with pytest.raises(TypeError, match="is async, and a decision waits for nothing"):
        _ = LastStable().where(wrong)


def of_any(*_: object) -> str | None:
    """Take anything."""
    return None


def with_default(_version: Version, _registry: VersionRegistry, _limit: int = 3) -> str | None:
    """Take a third argument, which need not be given."""
    return None


#: A method of C, whose parameters can be read, and a function of C, whose parameters cannot.
METHOD_OF_C: Any = dict[str, str]().get
FUNCTION_OF_C: Any = max


@pytest.mark.parametrize(
    "rule",
    [of_any, with_default, METHOD_OF_C, FUNCTION_OF_C],
    ids=["any", "default", "a method of C", "a function of C"],
)
def test_what_two_arguments_fit_is_taken(rule: Any) -> None:
    """A callable that two arguments fit is a rule, and so is one that names no parameters."""
    assert LastStable().where(rule) == LastStable().where(rule)


@each_row(
    "rule",
    [
        rules.AtLeast("1"),
        rules.AtMostSteps(1),
        rules.Budget(1),
        rules.Except("1"),
        rules.HasMetadata("a", 1),
        rules.NotAcross("a"),
        rules.Safe(),
        rules.SameMajor(),
        rules.SameMetadata("a"),
        rules.SameMinor(),
        rules.Served(),
        rules.ServedAtLeast("1h"),
        rules.ServedWithin("1h"),
        rules.Stable(),
    ],
)
def test_a_rule_has_no_truth_value(rule: Rule) -> None:
    """`a and b` would lose `a` in silence, so it is a `TypeError` that shows the right line."""
    with pytest.raises(TypeError, match=r"where\("):
        _ = bool(rule)


# Mistakes that are found when the rule answers


@each_row("answer", [True, False, "", 0, 1, 1.5, b"no", ["no"], ("no", "way"), str])
def test_a_wrong_answer_is_blamed_on_the_rule(answer: Any) -> None:
    """A rule answers `None` or a reason; a truth value, or an empty reason, is a `TypeError`."""

    def predicate(_version: Version, _registry: VersionRegistry, /) -> Any:
        return answer

    strategy = LastStable().where(predicate)
    asking: list[Callable[[VersionRegistry], object]] = [strategy.plan, strategy.review]
    for ask in asking:
        with pytest.raises(TypeError, match="predicate"):
            _ = ask(REGISTRY)


def test_a_wrong_answer_says_what_a_rule_is() -> None:
    """The message says that a rule is a veto, not a predicate."""

    def is_stable(version: Version, _registry: VersionRegistry, /) -> Any:
        return version.status is Status.STABLE

    with pytest.raises(TypeError, match="veto"):
        _ = LastStable().where(is_stable).plan(REGISTRY)


@pytest.mark.parametrize(
    "error", [KeyError("auc"), TypeError("auc"), ZeroDivisionError()], ids=shown
)
def test_an_exception_of_a_rule_passes_through(error: Exception) -> None:
    """An exception of a rule escapes as it is, with a note that names the rule and the version."""

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
