"""Strategies, rules and key functions of one's own take part in policies, out and in."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import attrs
import pytest
from typing_extensions import override

from lastgood import (
    Candidate,
    InvalidData,
    LastStable,
    Pinned,
    Previous,
    PreviousBy,
    RollbackStrategy,
    Rule,
    Version,
    VersionRegistry,
    strategy_from_dict,
)
from lastgood.keys import Key, numbers
from lastgood.rules import Except, Stable
from tests.rows import each_row


class Silent(RollbackStrategy):
    """A strategy that has nothing to say."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return iter(())


class Content:
    """A rule that never objects."""

    def __call__(self, _version: Version, _registry: VersionRegistry, /) -> str | None:
        """Return no reason."""
        return None


@attrs.frozen
class SameRegion(Silent):
    """A strategy with plain parameters."""

    region: str
    share: float = attrs.field(default=0.5, kw_only=True)
    strict: bool = attrs.field(default=False, kw_only=True)
    most: int | None = attrs.field(default=3, kw_only=True)


@attrs.frozen
class NotOlder(Content):
    """A rule with a duration, and with a tuple of texts."""

    than: timedelta
    labels: tuple[str, ...] = ()


@attrs.frozen
class Slowly(Silent):
    """A strategy made of another one, and of rules."""

    strategy: RollbackStrategy
    rules: tuple[Rule, ...] = ()
    otherwise: RollbackStrategy | None = None


@attrs.frozen
class SLOBudget2Days(Content):
    """A name of several words, and a parameter under another name than its attribute."""

    _limit: float
    spent: float = attrs.field(init=False, default=0.0)


@attrs.frozen
class Before(Content):
    """A rule with a time, and with a key function."""

    time: datetime
    key: Key = numbers
    others: tuple[Callable[[Version], object], ...] = ()


def _compiled(pattern: str | re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern)


@attrs.frozen
class Matches(Content):
    """A rule whose parameter is not plain, and which says itself what stands for it."""

    pattern: re.Pattern[str] = attrs.field(converter=_compiled)

    def to_parameters(self) -> Mapping[str, object]:
        """Return what the constructor takes, as plain data."""
        return {"pattern": self.pattern.pattern}


class OnWeekdays(Content):
    """A rule that is not an attrs class."""

    def __init__(self, *, days: list[str], within: str | None = None) -> None:
        self.days = days
        self.within = within

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, OnWeekdays) and vars(self) == vars(other)

    @override
    def __hash__(self) -> int:
        return 0

    def to_parameters(self) -> Mapping[str, object]:
        """Return what the constructor takes, as plain data."""
        return {"days": tuple(self.days), "within": self.within}


def no_friday(_version: Version, _registry: VersionRegistry, /) -> str | None:
    """Let everything pass: a rule that is a function."""
    return None


def build(version: Version, /) -> int | None:
    """Return the number after the last dot: a key function."""
    last = version.label.rpartition(".")[2]
    return int(last) if last.isdigit() else None


EXTRA: list[Callable[..., object]] = [
    SameRegion,
    NotOlder,
    Slowly,
    SLOBudget2Days,
    Matches,
    Before,
    no_friday,
    build,
]

STRATEGIES = [
    SameRegion("eu"),
    SameRegion("eu", share=1, strict=True, most=None),
    SameRegion("eu", share=0.0),
    Slowly(LastStable()),
    Slowly(SameRegion("eu") | Pinned("v1").where(Stable()), (Stable(), no_friday), Previous()),
    LastStable().where(NotOlder(timedelta(hours=36)), Except("v1")),
    LastStable().where(NotOlder(timedelta(1), ("v1", "v2"))) | SameRegion("us").where(no_friday),
    LastStable().where(SLOBudget2Days(0.5)),
    LastStable().where(Matches("v1[.].*")),
    PreviousBy(build),
    PreviousBy(build, unproven=True) | PreviousBy(numbers),
    LastStable().where(Before(datetime(2026, 5, 1, tzinfo=UTC))),
    LastStable().where(Before(datetime(2026, 5, 1, tzinfo=UTC), build, (numbers, build))),
]


@each_row("strategy", STRATEGIES)
def test_what_is_given_as_extra_comes_back(strategy: RollbackStrategy) -> None:
    """An attrs class with plain parameters needs no code to be written and read."""
    data = json.loads(json.dumps(strategy.to_dict()))
    same = strategy_from_dict(data, extra=EXTRA)
    assert same == strategy
    assert repr(same) == repr(strategy)
    assert same.to_dict() == data


def test_the_form_is_that_of_our_own() -> None:
    """The name is the class in snake case, or the function; defaults are left out."""
    assert SameRegion("eu", strict=True).to_dict() == {
        "same_region": {"region": "eu", "strict": True}
    }
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    rules = (
        NotOlder(timedelta(1), ("v1",)),
        SLOBudget2Days(1.5),
        Matches("v1"),
        Before(noon, build, (numbers,)),
        no_friday,
    )
    assert LastStable().where(*rules).to_dict()["where"] == [
        {"not_older": {"than": "24h", "labels": ["v1"]}},
        {"slo_budget2_days": {"limit": 1.5}},
        {"matches": {"pattern": "v1"}},
        {
            "before": {
                "time": "2026-05-01T12:00:00+00:00",
                "key": "build",
                "others": ["numbers"],
            }
        },
        {"no_friday": {}},
    ]
    assert PreviousBy(build).to_dict() == {"previous_by": {"key": "build"}}
    assert Slowly(Previous(), (no_friday,)).to_dict() == {
        "slowly": {"strategy": {"previous": {}}, "rules": ["no_friday"]}
    }


def test_a_value_equal_to_the_default_but_of_another_type_is_written() -> None:
    """`True` equals 1 and is not the same: what is read has the repr of what was written."""
    untyped: Any = True
    strategy = SameRegion("eu", strict=False, most=untyped)
    assert strategy.to_dict() == {"same_region": {"region": "eu", "most": True}}


def test_a_class_that_is_not_of_attrs_says_its_parameters() -> None:
    """With `to_parameters` any class takes part: the constructor takes what it returns."""
    strategy = LastStable().where(OnWeekdays(days=["mon"]))
    data = strategy.to_dict()
    assert data["where"] == [{"on_weekdays": {"days": ["mon"], "within": {"null": True}}}]
    data["where"][0]["on_weekdays"].pop("within")
    assert strategy_from_dict(data, extra=[OnWeekdays]) == strategy


def test_a_mapping_gives_the_names() -> None:
    """A class that was renamed still reads what it wrote before; a lambda can have a name."""
    data: dict[str, Any] = {"same_territory": {"region": "eu"}, "where": [{"anything": {}}]}
    lambdas: list[Rule] = [lambda _version, _registry: None]
    named: dict[str, Callable[..., object]] = {
        "same_territory": SameRegion,
        "anything": lambdas[0],
    }
    assert strategy_from_dict(data, extra=named) == SameRegion("eu").where(*lambdas)


def test_a_name_that_is_not_given_is_unknown() -> None:
    """Nothing is found by its name alone, not even where it is imported."""
    for strategy in STRATEGIES:
        with pytest.raises(InvalidData, match=r"unknown (strategy|rule|key function) "):
            _ = strategy_from_dict(strategy.to_dict())


REFUSED: list[tuple[object, str]] = [
    ("same_region", "same_region.region: the parameter is missing"),
    ({"same_region": 5}, "same_region: must be a text, not 5: put quotes around it"),
    ({"same_region": {"region": "eu", "share": "x"}}, "same_region.share: must be a number"),
    ({"same_region": {"region": "eu", "share": True}}, "same_region.share: must be a number"),
    ({"same_region": {"region": "eu", "share": None}}, "same_region.share: must not be null"),
    ({"same_region": {"region": "eu", "share": 10**400}}, "same_region.share: must fit in 64 bits"),
    ({"same_region": {"region": "eu", "most": 2**63}}, "same_region.most: must fit in 64 bits"),
    (
        {"same_region": {"region": "eu", "share": float("inf")}},
        "same_region.share: must be finite, not inf",
    ),
    (
        {"same_region": {"region": "eu", "most": 1.5}},
        "same_region.most: must be a whole number, not 1.5",
    ),
    ({"same_regions": "eu"}, "data: unknown strategy 'same_regions'; did you mean"),
    (
        {"slowly": {"strategy": "stable"}},
        "slowly.strategy: 'stable' is a rule; expected a strategy",
    ),
    (
        {"slowly": {"strategy": "previous", "rules": ["stable", {"except": [1]}]}},
        "slowly.rules[1].except[0]: must be a text, not 1",
    ),
    (
        {"slowly": {"strategy": "previous", "otherwise": {"pinned": ""}}},
        "slowly.otherwise.pinned: the label '' is empty",
    ),
    ({"previous": {}, "where": [{"no_friday": {"x": 1}}]}, "where[0].no_friday: a function"),
    ({"previous": {}, "where": [{"no_friday": 1}]}, "where[0].no_friday: must be an object of"),
    ({"previous": {}, "where": [{"matches": "x"}]}, "where[0].matches: must be an object of"),
    ({"previous": {}, "where": [{"matches": None}]}, "where[0].matches: "),
    ({"previous": {}, "where": ["build"]}, "where[0]: "),
    ({"previous": {}, "where": ["stable", "build"]}, "where[1]: "),
    ({"slowly": {"strategy": "previous", "rules": ["build"]}}, "slowly.rules[0]: "),
    ({"previous_by": "no_friday"}, "previous_by: "),
    ({"previous_by": {"key": "matches"}}, "previous_by.key.matches: "),
    ({"previous_by": {"key": {"matches": {"pattern": "x"}}}}, "previous_by.key: "),
    ({"previous_by": "same_region"}, "previous_by: 'same_region' is a strategy; expected a key f"),
    ({"previous_by": "biuld"}, "previous_by: unknown key function 'biuld'; did you mean 'build'?"),
    (
        {"previous": {}, "where": [{"before": {"time": "2026-05-01"}}]},
        "where[0].before.time: '2026-05-01' is not an ISO 8601 time with an offset, such as",
    ),
    (
        {"previous": {}, "where": [{"before": {"time": datetime(2026, 5, 1)}}]},  # noqa: DTZ001
        "where[0].before.time: the time 2026-05-01 00:00:00 has no time zone",
    ),
    ({"previous": {}, "where": [{"matches": {}}]}, "where[0].matches: "),
    ({"previous": {}, "where": [{"matches": {"pattern": "("}}]}, "where[0].matches: missing )"),
    (
        {"previous": {}, "where": [{"not_older": {"than": "24h", "labels": "v1"}}]},
        "where[0].not_older.labels: must be a list, not 'v1'",
    ),
    (
        {"previous": {}, "where": [{"slo_budget2_days": {"limit": 1, "spent": 1}}]},
        "where[0].slo_budget2_days: unknown parameter 'spent'; expected one of 'limit'",
    ),
]


@each_row(("data", "message"), REFUSED)
def test_bad_values_are_reported_with_their_place(data: object, message: str) -> None:
    """Values are checked against the types that the class declares."""
    with pytest.raises(InvalidData) as refusal:
        _ = strategy_from_dict(data, extra=EXTRA)
    assert str(refusal.value).startswith(message)


def _positive(number: int) -> int:
    if number < 1:
        raise ArithmeticError("not positive")
    return number


def test_whatever_a_class_raises_is_reported_with_its_place() -> None:
    """A class of one's own that raises something odd does not let it escape."""

    @attrs.frozen
    class Odd(Silent):
        number: int = attrs.field(converter=_positive)

        def __attrs_post_init__(self) -> None:
            raise KeyError("odd")

    with pytest.raises(InvalidData, match=r"^odd.number: not positive"):
        _ = strategy_from_dict({"odd": {"number": 0}}, extra=[Odd])
    with pytest.raises(InvalidData, match=r"^odd: 'odd'") as refusal:
        _ = strategy_from_dict({"odd": 1}, extra=[Odd])
    assert isinstance(refusal.value.__cause__, KeyError)


def _plus_one(number: int, _owner: object) -> int:
    return number + 1


def test_a_converter_that_takes_the_object_is_left_to_the_class() -> None:
    """A converter that cannot be called by itself runs when the object is made."""
    if not hasattr(attrs, "Converter"):  # attrs before 24.1
        return
    untyped: Any = attrs
    converter = untyped.Converter(_plus_one, takes_self=True)
    number = untyped.field(converter=converter)
    made = type("Counted", (Silent,), {"number": number, "__annotations__": {"number": int}})
    counted: Any = attrs.frozen(made)

    strategy: Any = strategy_from_dict({"counted": 3}, extra=[counted])
    assert strategy.number == 4


# What cannot be written


def made_here(region: str) -> Rule:
    """Return a rule that closes over a value."""

    def not_in(_version: Version, _registry: VersionRegistry, /) -> str | None:
        return region

    return not_in


@attrs.frozen
class Stubborn(Content):
    """A rule with a parameter of any kind."""

    value: Any


class Bare(Content):
    """A rule that is not an attrs class, and does not say its parameters."""


def stable(_version: Version, _registry: VersionRegistry, /) -> str | None:
    """Have the name of another rule."""
    return None


def where(_version: Version, _registry: VersionRegistry, /) -> str | None:
    """Have a name that is taken."""
    return None


def _named_like_ours() -> Key:
    """Return a key function with the name of one of ours."""

    def numbers(_version: Version, /) -> int:
        return 0

    return numbers


UNWRITABLE: list[tuple[Rule, str]] = [
    (lambda _version, _registry: None, "functions are stored by name, so lambdas and closures"),
    (made_here("eu"), "closures are refused; write an attrs class with parameters"),
    (Content().__call__, "method is not an attrs class"),
    (Bare(), "Bare is not an attrs class"),
    (Stubborn(Stubborn), "its 'value' is the class Stubborn"),
    (Stubborn({1}), "its 'value' is a set"),
    (Stubborn([1]), "its 'value' is a list"),
    (Stubborn({}), "its 'value' is a dict"),
    (Stubborn(b"x"), "its 'value' is a bytes"),
    (Stubborn(float("nan")), "its 'value' must be finite, not nan"),
    (Stubborn(2**63), "its 'value' must fit in 64 bits"),
    (Stubborn(datetime(2026, 5, 1)), "its 'value' is a datetime"),  # noqa: DTZ001
    (Stubborn("\ud800"), "its 'value' has a lone surrogate"),
    (Stubborn((1, (object(),))), "its 'value' is an object"),
    (Stubborn(timedelta(-1)), "its 'value' is a timedelta"),
    (Stubborn(made_here("eu")), "lambdas and closures are refused"),
    (Stubborn(Version("v1")), "its 'value' is a Version"),
    (stable, "'stable' is the name of something else here: rename it"),
    (where, "'where' is the name of something else here: rename it"),
    (Stubborn(_named_like_ours()), "'numbers' is the name of something else here: rename it"),
]


@each_row(("rule", "why"), UNWRITABLE)
def test_what_cannot_be_written_says_what_to_write(rule: Rule, why: str) -> None:
    """What could not be read back as it was raises a `TypeError` that says what to write."""
    with pytest.raises(TypeError) as refusal:
        _ = LastStable().where(rule).to_dict()
    assert why in str(refusal.value)
    assert "cannot be written as plain data" in str(refusal.value)
    assert str(refusal.value).endswith("rename it") or "an attrs class with" in str(refusal.value)


def test_a_class_with_the_name_of_one_of_ours_is_not_written() -> None:
    """It would be read as ours, which decides otherwise."""
    mine = attrs.frozen(type("LastStable", (Silent,), {}))
    with pytest.raises(TypeError, match="'last_stable' is the name of something else here"):
        _ = mine().to_dict()


# What cannot be given as extra


@attrs.frozen
class Mixed(Content):
    """A rule with a parameter that could be a text or a duration."""

    value: str | timedelta


@attrs.frozen
class Pair(Content):
    """A rule with a tuple of a fixed length."""

    value: tuple[str, str]


@attrs.frozen
class Chosen(Content):
    """A rule with a parameter of few values."""

    value: Literal["a", "b"]


@attrs.frozen
class Nowhere(Content):
    """A rule with an annotation that means nothing."""

    value: "Missing"  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable, reportUnknownVariableType]


@attrs.frozen
class OfSets(Content):
    """A rule with a tuple of what is not plain."""

    value: tuple[frozenset[str], ...]


class Plain:
    """A class that is neither a rule nor a strategy."""


@each_row(
    ("extra", "why"),
    [
        (SameRegion, "write extra=[...]"),
        (no_friday, "write extra=[...]"),
        ([None], "extra: None has no name"),
        (numbers, "write extra=[...]"),
        ([SameRegion("eu")], "extra: a SameRegion has no name: write extra={name: ...}"),
        ({"mine": SameRegion("eu")}, "extra: must hold classes and functions, not a SameRegion"),
        ([Plain], "extra: Plain is neither a strategy nor a rule"),
        ([dict], "extra: dict is neither a strategy nor a rule"),
        (
            [Bare],
            "extra: Bare cannot be made from data, it is not an attrs class: give it a method",
        ),
        ([Mixed], "extra: Mixed cannot be made from data, its 'value' is declared as str | "),
        (
            [Pair],
            "extra: Pair cannot be made from data, its 'value' is declared as tuple[str, str]",
        ),
        ([Chosen], "extra: Chosen cannot be made from data, its 'value' is declared as typing.L"),
        ([OfSets], "extra: OfSets cannot be made from data, its 'value' is declared as tuple[fro"),
        ([Stubborn], "extra: Stubborn cannot be made from data, its 'value' is declared as typing"),
        ([Nowhere], "extra: Nowhere cannot be made from data, name 'Missing' is not defined"),
    ],
)
def test_what_cannot_be_read_is_no_extra(extra: Any, why: str) -> None:
    """What could not be made from data raises a `TypeError` at once, whatever the data."""
    with pytest.raises(TypeError) as refusal:
        _ = strategy_from_dict({"last_stable": {}}, extra=extra)
    assert str(refusal.value).startswith(why) or str(refusal.value).endswith(why)


def _named(name: str) -> Callable[..., Any]:
    return attrs.frozen(type(name, (Content,), {}))


@each_row(
    ("extra", "name"),
    [
        ([_named("Stable")], "stable"),
        ([Pinned], "pinned"),
        ([stable], "stable"),
        ([where], "where"),
        ([numbers], "numbers"),
        ({"numbers": build}, "numbers"),
        ({"first_of": SameRegion}, "first_of"),
        ([_named("Twice"), _named("Twice")], "twice"),
        ([_named("TwoWays"), _named("Two_Ways")], "two_ways"),
    ],
)
def test_names_are_not_taken_twice(extra: Any, name: str) -> None:
    """A name has one meaning: not one of ours, not twice, and not `where`."""
    with pytest.raises(ValueError, match=f"extra: the name '{name}' is taken"):
        _ = strategy_from_dict({"last_stable": {}}, extra=extra)
