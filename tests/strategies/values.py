"""What every frozen value promises: strategies and rules are values, known by their code."""

import copy
import datetime as dt
import pickle
from itertools import combinations
from typing import Any, cast

import pytest

import lastgood
from lastgood import keys, rules
from tests.strategies.keys import by_build

#: The names that the code of a strategy or rule may use.
NAMES: dict[str, object] = {
    **{name: getattr(lastgood, name) for name in lastgood.__all__},
    **{name: getattr(rules, name) for name in rules.__all__},
    **{name: getattr(keys, name) for name in keys.__all__},
    "by_build": by_build,
    "timedelta": dt.timedelta,
}


def made(code: str) -> Any:
    """Return a new value of this code."""
    return eval(code, NAMES)  # noqa: S307  # code that the tests wrote


def repr_is_the_code(code: str) -> None:
    """A value prints as the code that makes it."""
    assert repr(made(code)) == code


def equal_by_value(code: str) -> None:
    """Values of the same code are equal, have the same hash, and find each other in a set."""
    one, other = made(code), made(code)
    assert one is not other
    assert one == other
    assert not one != other  # noqa: SIM202  # both operators are asked
    assert hash(one) == hash(other)
    assert {one} == {other}


def not_equal_to_strangers(code: str) -> None:
    """A value is not equal to something of another type, and leaves the answer to it."""
    value = made(code)
    strangers: list[object] = [None, code, object(), (), type(value)]
    for stranger in strangers:
        assert value != stranger
        assert value.__eq__(stranger) is NotImplemented


def frozen(code: str) -> None:
    """No attribute of a value can be set, deleted, or added."""
    value = made(code)
    names = [field.name for field in cast("Any", type(value)).__attrs_attrs__]
    for name in (*names, "another"):
        with pytest.raises(AttributeError):
            setattr(value, name, None)
    for name in names:
        with pytest.raises(AttributeError):
            delattr(value, name)


def survives_copies(code: str) -> None:
    """A copy, a deep copy, and what comes out of a pickle are equal, and print alike."""
    value = made(code)
    copies: list[Any] = [copy.copy(value), copy.deepcopy(value)]
    copies += [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, 6)]
    for copied in copies:
        assert copied == value
        assert hash(copied) == hash(value)
        assert repr(copied) == repr(value)


def all_differ(codes: list[str]) -> None:
    """Check that values of different code are not equal."""
    for one, other in combinations(map(made, codes), 2):
        assert one != other


#: What each value is checked against.
PROMISES = [repr_is_the_code, equal_by_value, not_equal_to_strangers, frozen, survives_copies]
