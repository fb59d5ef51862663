"""Whatever is wrong with the data of a policy raises `InvalidData`, which begins with the place."""

import copy
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import InvalidData, RollbackStrategy, strategy_from_dict
from tests.policies.compositions import policies
from tests.registry.documents import (
    GONE,
    JSON_VALUES,
    STRANGE_VALUES,
    Path,
    damaged,
    inside,
    nested,
    part_at,
    paths,
)
from tests.rows import each_row

#: A policy with a parameter of every type.
DOCUMENT: Final[dict[str, Any]] = {
    "first_of": [
        {"pinned": {"version": "v1.4"}},
        {
            "last_stable": {"steps": 2},
            "where": [
                {"at_least": {"version": "1.2.0"}},
                {"except": ["v1.3", "v1.2"]},
                {"has_metadata": {"key": "region", "value": {"null": True}}},
            ],
        },
        {"best_by": {"key": "auc", "lowest": False}},
        {"previous_by": {"key": "numbers", "unproven": True}},
        {"as_of": {"when": "2026-05-01T12:00:00+00:00"}},
    ],
    "where": [{"budget": {"rollbacks": 2, "within": "24h"}}, {"stable": {}}],
}

_PINNED: Final[Path] = ("first_of", 0, "pinned")
_AT_LEAST: Final[Path] = ("first_of", 1, "where", 0, "at_least")
_EXCEPT: Final[Path] = ("first_of", 1, "where", 1, "except")
_HAS: Final[Path] = ("first_of", 1, "where", 2, "has_metadata")
_BY: Final[Path] = ("first_of", 3, "previous_by")
_AS_OF: Final[Path] = ("first_of", 4, "as_of")
_BUDGET: Final[Path] = ("where", 0, "budget")

_NAMED: Final = "its name, or an object with its name"
_ONE_STRATEGY: Final = "expected an object with exactly one strategy name"

#: Where the damage is, what stands there, the reported place, and how the message begins.
DAMAGE: Final[dict[str, tuple[Path, object, str, str]]] = {
    "nothing": ((), None, "data", f"must be a strategy: {_NAMED}, not None"),
    "a list": ((), [], "data", f"must be a strategy: {_NAMED}, not a list"),
    "no name": ((), {}, "data", f"{_ONE_STRATEGY}, got an empty object"),
    "only rules": ((), {"where": []}, "data", f"{_ONE_STRATEGY}, got an empty object"),
    "two names": (("previous",), {}, "data", f"{_ONE_STRATEGY}, got 'first_of', 'previous'"),
    "a misspelt name": (
        ("first_of", 0),
        {"pined": {}},
        "first_of[0]",
        "unknown strategy 'pined'; did you mean 'pinned'?",
    ),
    "a misspelt name alone": (
        ("first_of", 0),
        "last_stabel",
        "first_of[0]",
        "unknown strategy 'last_stabel'; did you mean 'last_stable'?",
    ),
    "a misspelt rule": (
        ("where", 1),
        "stabel",
        "where[1]",
        "unknown rule 'stabel'; did you mean 'stable', 'safe'?",
    ),
    "a misspelt rule that looks like a strategy": (
        ("where", 1),
        "most_stable",
        "where[1]",
        "unknown rule 'most_stable'; did you mean 'stable', 'at_most_steps'?",
    ),
    "a misspelt strategy that looks like a rule": (
        ("first_of", 0),
        "LastStable",
        "first_of[0]",
        "unknown strategy 'LastStable'; did you mean 'last_stable'?",
    ),
    "a name of a class": (
        ("first_of", 0),
        {"lastgood.Pinned": {}},
        "first_of[0]",
        "unknown strategy 'lastgood.Pinned'; expected one of '",
    ),
    "a number for a name": (
        ("first_of", 0),
        {1: {}},
        "first_of[0]",
        "a name must be a text, not 1",
    ),
    "a rule for a strategy": (
        ("first_of", 0),
        {"stable": {}},
        "first_of[0]",
        "'stable' is a rule; expected a strategy",
    ),
    "a strategy for a rule": (
        ("where", 1),
        "previous",
        "where[1]",
        "'previous' is a strategy; expected a rule",
    ),
    "a list of strategies": (
        ("first_of", 0),
        [],
        "first_of[0]",
        f"must be a strategy: {_NAMED}, not a list",
    ),
    "a null rule": (("where", 1), None, "where[1]", f"must be a rule: {_NAMED}, not None"),
    "rules of a rule": (
        ("where", 1, "where"),
        [],
        "where[1]",
        "expected an object with exactly one rule name, got 'stable', 'where'",
    ),
    "null rules": (("where",), None, "where", "must be a list, not None"),
    "an object of rules": (("where",), {"stable": {}}, "where", "must be a list, not a dict"),
    "no strategies": (("first_of",), [], "first_of", "FirstOf() has nothing to ask: write"),
    "null strategies": (("first_of",), None, "first_of.strategies", "the parameter is missing"),
    "an object of strategies": (
        ("first_of",),
        {"last_stable": {}},
        "first_of",
        "unknown parameter 'last_stable'; expected one of 'strategies'",
    ),
    "no parameter": (
        (*_PINNED, "version"),
        GONE,
        "first_of[0].pinned.version",
        "the parameter is missing",
    ),
    "a null for parameters": (
        _PINNED,
        None,
        "first_of[0].pinned.version",
        "the parameter is missing",
    ),
    "a null parameter": (
        (*_PINNED, "version"),
        None,
        "first_of[0].pinned.version",
        "must not be null",
    ),
    "a misspelt parameter": (
        ("first_of", 1, "last_stable"),
        {"step": 2},
        "first_of[1].last_stable",
        "unknown parameter 'step'; did you mean 'steps'?",
    ),
    "a parameter that does not exist": (
        ("where", 1, "stable"),
        {"strictly": True},
        "where[1].stable",
        "unknown parameter 'strictly'; expected no parameters",
    ),
    "rules among the parameters": (
        ("first_of", 1, "last_stable", "where"),
        ["stable"],
        "first_of[1].last_stable",
        "unknown parameter 'where'; write 'where' beside the name of the strategy",
    ),
    "a value for none needed": (
        ("first_of", 1, "last_stable"),
        2,
        "first_of[1].last_stable",
        "must be an object of parameters, not 2",
    ),
    "a value for two needed": (
        _HAS,
        "region",
        "first_of[1].where[2].has_metadata",
        "must be an object of parameters, not 'region'",
    ),
    "a number for a text": (
        (*_PINNED, "version"),
        1.4,
        "first_of[0].pinned.version",
        "must be a text, not 1.4: put quotes around it, since YAML reads 1.10 as 1.1",
    ),
    "a bool for a text": (_PINNED, True, "first_of[0].pinned", "must be a text, not True: put"),
    "a list for a text": (_PINNED, [], "first_of[0].pinned", "must be a text, not a list"),
    "a text for a number": (
        ("first_of", 1, "last_stable", "steps"),
        "2",
        "first_of[1].last_stable.steps",
        "must be a whole number, not '2'",
    ),
    "a bool for a number": (
        (*_BUDGET, "rollbacks"),
        True,
        "where[0].budget.rollbacks",
        "must be a whole number, not True",
    ),
    "a fraction for a whole number": (
        (*_BUDGET, "rollbacks"),
        2.5,
        "where[0].budget.rollbacks",
        "must be a whole number, not 2.5",
    ),
    "an infinity for a whole number": (
        (*_BUDGET, "rollbacks"),
        float("inf"),
        "where[0].budget.rollbacks",
        "must be a whole number, not inf",
    ),
    "a number for a bool": (
        ("first_of", 2, "best_by", "lowest"),
        1,
        "first_of[2].best_by.lowest",
        "must be true or false, not 1",
    ),
    "too few": (
        ("first_of", 1, "last_stable", "steps"),
        0,
        "first_of[1].last_stable.steps",
        "steps must be at least 1, not 0",
    ),
    "too many": (
        (*_BUDGET, "rollbacks"),
        2**63,
        "where[0].budget.rollbacks",
        "must fit in 64 bits",
    ),
    "far too many": (
        (*_BUDGET, "rollbacks"),
        1e300,
        "where[0].budget.rollbacks",
        "must fit in 64 bits",
    ),
    "an invalid label": (
        (*_PINNED, "version"),
        " v1",
        "first_of[0].pinned.version",
        "the label ' v1' has white space at an end",
    ),
    "an invalid floor": (
        (*_AT_LEAST, "version"),
        "latest",
        "first_of[1].where[0].at_least.version",
        "'latest' is not ",
    ),
    "a surrogate": (
        ("first_of", 2, "best_by", "key"),
        "\ud800",
        "first_of[2].best_by.key",
        "has a lone surrogate",
    ),
    "a label among several": (
        (*_EXCEPT, 1),
        "",
        "first_of[1].where[1].except[1]",
        "the label '' is empty",
    ),
    "a number among several": (
        (*_EXCEPT, 1),
        1.2,
        "first_of[1].where[1].except[1]",
        "must be a text, not 1.2: put quotes around it",
    ),
    "one of several": (
        _EXCEPT,
        "v1.3",
        "first_of[1].where[1].except",
        "must be a list, not 'v1.3'",
    ),
    "a value that is a list": (
        (*_HAS, "value"),
        [],
        "first_of[1].where[2].has_metadata.value",
        "must be true or false or a whole number or a number or a text, not a list",
    ),
    "another object than that of null": (
        (*_HAS, "value", "null"),
        1,
        "first_of[1].where[2].has_metadata.value",
        "must be true or false or",
    ),
    "an object of more than null": (
        (*_HAS, "value", "more"),
        1,
        "first_of[1].where[2].has_metadata.value",
        "must be true or false or",
    ),
    "a value that is not finite": (
        (*_HAS, "value"),
        float("nan"),
        "first_of[1].where[2].has_metadata.value",
        "must be finite, not nan",
    ),
    "a number for a duration": (
        (*_BUDGET, "within"),
        24,
        "where[0].budget.within",
        "within must be a timedelta or a text such as '24h' or '90s', not 24",
    ),
    "an invalid duration": (
        (*_BUDGET, "within"),
        "1 day",
        "where[0].budget.within",
        "within must be written like '90s', '24h', '7d' or '1d12h', not '1 day'",
    ),
    "a time without an offset": (
        (*_AS_OF, "when"),
        "2026-05-01T12:00:00",
        "first_of[4].as_of.when",
        "'2026-05-01T12:00:00' is not an ISO 8601 time with an offset, such as",
    ),
    "a date that does not exist": (
        (*_AS_OF, "when"),
        "2026-02-30T12:00:00Z",
        "first_of[4].as_of.when",
        "'2026-02-30T12:00:00Z' is not a time: day is out of range",
    ),
    "a number for a time": (
        _AS_OF,
        2026,
        "first_of[4].as_of",
        "when must be a datetime with a time zone or a text such as '20",
    ),
    "a misspelt key function": (
        (*_BY, "key"),
        "numbers_",
        "first_of[3].previous_by.key",
        "unknown key function 'numbers_'; did you mean 'numbers'?",
    ),
    "an unknown key function": (
        (*_BY, "key"),
        "build",
        "first_of[3].previous_by.key",
        "unknown key function 'build'; expected one of 'numbers', or a name given in extra=",
    ),
    "a rule for a key function": (
        (*_BY, "key"),
        "stable",
        "first_of[3].previous_by.key",
        "'stable' is a rule; expected a key function",
    ),
    "a key function for a rule": (
        ("where", 1),
        "numbers",
        "where[1]",
        "'numbers' is a key function; expected a rule",
    ),
    "a parameter of a key function": (
        (*_BY, "key"),
        {"numbers": {"from": 1}},
        "first_of[3].previous_by.key.numbers",
        "a function takes no parameters: write {}",
    ),
    "a number for a key function": (
        (*_BY, "key"),
        1,
        "first_of[3].previous_by.key",
        f"must be a key function: {_NAMED}, not 1",
    ),
}


def refusal_of(data: object) -> InvalidData:
    """Return how the data are refused."""
    with pytest.raises(InvalidData) as refusal:
        _ = strategy_from_dict(data)
    return refusal.value


@each_row("kind", DAMAGE)
def test_damage_is_reported_with_its_place(kind: str) -> None:
    """Each kind of damage raises `InvalidData` with its place, in words that help."""
    path, value, place, words = DAMAGE[kind]
    refusal = refusal_of(damaged(DOCUMENT, path, value))
    assert refusal.place == place
    assert refusal.problem.startswith(words)
    assert str(refusal).startswith(f"{place}: ")


def test_the_undamaged_data_are_read() -> None:
    """The data that are damaged above are right."""
    assert repr(strategy_from_dict(DOCUMENT)) == (
        "(Pinned('v1.4') | "
        "LastStable(steps=2).where(AtLeast('1.2.0'), Except('v1.3', 'v1.2'), "
        "HasMetadata('region', None)) | "
        "BestBy('auc') | PreviousBy(numbers, unproven=True) | AsOf('2026-05-01T12:00:00+00:00'))"
        ".where(Budget(2, within='24h'), Stable())"
    )


def test_the_message_about_an_unknown_name_lists_the_known_ones() -> None:
    """If nothing looks like the name, the message lists all names of its kind, and `extra`."""
    strategies = str(refusal_of("oracle"))
    assert strategies.endswith(", or a name given in extra=")
    assert "'previous_by_semver'" in strategies
    assert "'stable'" not in strategies
    assert "'numbers'" not in strategies
    rules = str(refusal_of({"previous": {}, "where": ["???"]}))
    assert "'stable'" in rules
    assert "'previous'" not in rules


def test_the_cause_is_kept() -> None:
    """The error of the class is the cause, so that its type is known."""
    assert isinstance(refusal_of({"pinned": ""}).__cause__, ValueError)


# Nothing else escapes


def read_or_refused(data: object) -> None:
    """Read the data, which then are written and read the same; or they are `InvalidData`."""
    try:
        strategy = strategy_from_dict(data)
    except InvalidData as refusal:
        message = str(refusal)
        assert message.startswith(f"{refusal.place}: ")  # noqa: PT017  # a law on any data
        assert message.startswith(("data", "where", "first_of", *NAMES))  # likewise
        assert len(message) < 1_500  # likewise
        assert message.encode()  # likewise
    else:
        assert strategy_from_dict(strategy.to_dict()) == strategy


NAMES: Final = ("pinned", "last_stable", "previous", "best_by", "as_of")


@each_row("path", list(paths(DOCUMENT)))
@each_row("values", [JSON_VALUES, STRANGE_VALUES])
def test_nothing_else_escapes(path: Path, values: dict[str, object]) -> None:
    """Whatever stands anywhere in the data, it is read and comes back, or is `InvalidData`."""
    for value in values.values():
        read_or_refused(damaged(DOCUMENT, path, value))


@each_row("path", list(paths(DOCUMENT))[1:])
def test_whatever_is_taken_away(path: Path) -> None:
    """Whatever is missing, the rest is read and comes back, or is `InvalidData`."""
    read_or_refused(damaged(DOCUMENT, path, GONE))


@pytest.mark.parametrize(
    "deep",
    [
        nested(lambda inner: {"first_of": [inner]}),
        nested(lambda inner: {"previous": {}, "where": [inner]}),
        nested(lambda inner: {"pinned": inner}),
        nested(lambda inner: [inner]),
    ],
    ids=["strategies", "rules", "parameters", "lists"],
)
def test_deep_data_are_refused(deep: object) -> None:
    """However deep the data, they are refused, and Python's own limit is never met."""
    assert str(refusal_of(deep)) == "data: is nested more than 100 deep"


@each_row(
    ("data", "message"),
    [
        (nested(lambda inner: [inner], 99), "data: must be a strategy: its name, or"),
        (nested(lambda inner: [inner], 100), "data: is nested more than 100 deep"),
        ([0] * 99_999, "data: must be a strategy: its name, or"),
        ([0] * 100_000, "data: holds more than 100,000 values"),
        ([[0] * 99_998], "data: must be a strategy: its name, or"),
        ([[0] * 99_999], "data: holds more than 100,000 values"),
    ],
)
def test_the_bounds_are_exact(data: object, message: str) -> None:
    """What is within the bounds is looked at, and one level or value more is refused."""
    assert str(refusal_of(data)).startswith(message)


def test_data_without_an_end_are_refused() -> None:
    """Data that hold themselves, as YAML can have them, are refused like deep ones."""
    endless: dict[str, Any] = {"first_of": []}
    endless["first_of"].append(endless)
    assert str(refusal_of(endless)) == "data: is nested more than 100 deep"


def test_data_that_repeat_themselves_are_refused_soon() -> None:
    """A few lines of YAML can stand for more strategies than there are atoms: refused at once."""
    many: dict[str, Any] = {"last_stable": {}}
    for _ in range(40):
        many = {"first_of": [many] * 10}
    assert str(refusal_of(many)) == "data: holds more than 100,000 values"


def test_what_a_person_would_never_nest_is_read() -> None:
    """Up to the bound, nested strategies are read and come back."""
    data: dict[str, Any] = {"last_stable": {}}
    for _ in range(32):
        data = {"first_of": [data, {"previous": {}}], "where": [{"stable": {}}]}
    assert strategy_from_dict(data).to_dict() == data


def test_many_labels_are_read() -> None:
    """A long list is read."""
    labels = [f"v{number}" for number in range(50_000)]
    data: object = {"last_stable": {}, "where": [{"except": labels}]}
    assert strategy_from_dict(data).to_dict() == data


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["first_of", "last_stable", "where", "version", "null", "x"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=4,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """Draw the data of a policy with a few random changes."""
    strategy = draw(policies)
    data: Any = copy.deepcopy(strategy.to_dict())
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(paths(data))))
        if draw(st.booleans()):
            data = damaged(data, path, draw(plain))
        elif isinstance(part_at(data, path), dict):
            data = damaged(data, (*path, draw(st.sampled_from(["where", "x"]))), draw(plain))
        elif path and inside(part_at(data, path[:-1])):
            data = damaged(data, path, GONE)
    return data


@given(data=mutated())
def test_random_damage(data: object) -> None:
    """Random damage is read and comes back, or is `InvalidData`; nothing else escapes."""
    read_or_refused(data)


@given(data=plain)
def test_random_data(data: object) -> None:
    """Random data are read and come back, or are `InvalidData`."""
    read_or_refused(data)


@given(strategy=policies)
def test_right_data_are_read(strategy: RollbackStrategy) -> None:
    """What the tests above damage is right before."""
    assert strategy_from_dict(strategy.to_dict()) == strategy


def test_so_many_values_are_read_and_no_more() -> None:
    """A hundred thousand values are looked at; one more is refused before anything is."""
    most = {"zzz": [1] * (100_000 - 2)}
    assert refusal_of(most).problem.startswith("unknown strategy 'zzz'")
    most["zzz"].append(1)
    assert str(refusal_of(most)) == "data: holds more than 100,000 values"
