"""Writing strategies and rules as plain data: a name, and the parameters under it.

The rules of this module:

1. A class is written as its name in snake case, a function as its name. A name of our own is never
   the name of anything else.
2. Whatever cannot be read back as it was is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from inspect import Parameter, signature
from types import FunctionType
from typing import Any, Final, TypeGuard, cast

import attrs

from lastgood import rules, strategies
from lastgood._basics.code import Coded
from lastgood._basics.durations import duration_text
from lastgood._basics.errors import InvalidMetadata
from lastgood._basics.messages import brief, shown
from lastgood._basics.times import utc
from lastgood._values.keys import numbers
from lastgood._values.metadata import plain
from lastgood.strategies.base import RollbackStrategy, Where

#: What stands for `None`, since TOML has no null.
NULL: Final = {"null": True}
#: The key beside the name of a strategy, with its rules. Nothing may have this name.
WHERE: Final = "where"
#: The method of a class whose parameters are not plain: it returns them as plain data.
BY_HAND: Final = "to_parameters"

#: Where a word begins in the name of a class.
_HUMP: Final = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"


def written_strategy(strategy: RollbackStrategy) -> dict[str, Any]:
    """Return a strategy as an object with its name, and beside that its rules.

    Raises:
        TypeError: It cannot be written; the message says what to write instead.
    """
    if isinstance(strategy, Where):
        rules = [written(rule) for rule in strategy.rules]
        return {**written_strategy(strategy.strategy), WHERE: rules}
    return written(strategy)


def name_in_data(thing: Callable[..., object]) -> str:
    """Return the name of a class in snake case, or the name of a function."""
    return re.sub(_HUMP, "_", thing.__name__).lower() if isinstance(thing, type) else thing.__name__


@cache
def ours() -> Mapping[str, Callable[..., object]]:
    """Return our own strategies, rules and key functions, by their names in plain data."""
    return {**_our_classes(), **our_keys()}


def our_keys() -> Mapping[str, Callable[..., object]]:
    """Return our own key functions by their names in plain data."""
    return {each.__name__: each for each in (numbers,)}


def _our_classes() -> Mapping[str, type[Coded]]:
    faces = (rules, strategies)
    public: Iterator[object] = (getattr(face, name) for face in faces for name in face.__all__)
    classes = (each for each in public if isinstance(each, type) and issubclass(each, Coded))
    return {name_in_data(each): each for each in classes}


def written(thing: object) -> dict[str, Any]:
    """Return a strategy, a rule or a key function as an object with one key, its name.

    Raises:
        TypeError: It cannot be written; the message says what to write instead.
    """
    if isinstance(thing, FunctionType):
        return {_checked(thing, _name_of_function(thing)): {}}
    name = _checked(thing, name_in_data(type(thing)))
    by_hand = getattr(thing, BY_HAND, None)
    if by_hand is not None:
        values: Mapping[str, object] = by_hand()
        return {name: {key: _written(thing, key, value) for key, value in values.items()}}
    if is_starred(type(thing)):
        (field,) = attrs.fields(cast("Any", type(thing)))
        return {name: _written(thing, field.name, getattr(thing, field.name))}
    return {name: dict(_parameters(thing))}


def is_attrs(found: type) -> TypeGuard[type[attrs.AttrsInstance]]:
    """Whether the class is an attrs class."""
    return attrs.has(found)


def is_starred(found: type) -> bool:
    """Whether a class of our own takes any number of arguments, which it keeps as one tuple."""
    kinds = {parameter.kind for parameter in signature(found).parameters.values()}
    return issubclass(found, Coded) and Parameter.VAR_POSITIONAL in kinds


def _parameters(thing: object) -> Iterator[tuple[str, object]]:
    kind = type(thing)
    if not is_attrs(kind):
        raise _refused(thing, f"{kind.__name__} is not an attrs class")
    for field in attrs.fields(kind):
        value = getattr(thing, field.name)
        default = field.default
        if field.init and not (type(value) is type(default) and value == default):
            yield field.alias, _written(thing, field.alias, value)


def _written(owner: object, name: str, value: object) -> object:
    """Return the value of a parameter as plain data."""
    if value is None:
        return dict(NULL)
    if isinstance(value, RollbackStrategy):
        return written_strategy(value)
    if type(value) is tuple:
        return [_written(owner, name, each) for each in cast("tuple[object, ...]", value)]
    if isinstance(value, FunctionType):
        return next(iter(written(value)))
    if callable(value) and not isinstance(value, type):
        return written(value)
    return _plain(owner, name, value)


def _plain(owner: object, name: str, value: object) -> object:
    """Return a plain value, a duration or a time as plain data."""
    if type(value) is timedelta and value >= timedelta():
        return duration_text(value)
    if type(value) is datetime and value.tzinfo is not None:
        return utc(value).isoformat()
    if type(value) not in {str, int, float, bool}:
        raise _refused(owner, f"its {name!r} is {shown(value)}")
    try:
        return plain(name, value)
    except InvalidMetadata as error:
        raise _refused(owner, f"its {name!r} {error.problem}") from None


def _checked(thing: object, name: str) -> str:
    """Return the name; raise TypeError if something else has it, or could be read for it."""
    found = ours().get(name)
    if name == WHERE or (found is not None and found is not thing and found is not type(thing)):
        who = thing.__qualname__ if isinstance(thing, FunctionType) else brief(repr(thing))
        raise TypeError(
            f"{who} cannot be written as plain data: {name!r} is the name of something else here: "
            "rename it"
        )
    return name


def _name_of_function(function: FunctionType) -> str:
    if not function.__name__.isidentifier() or function.__closure__:
        raise TypeError(
            f"{function.__qualname__} cannot be written as plain data: functions are stored by "
            "name, so lambdas and closures are refused; write an attrs class with parameters"
        )
    return function.__name__


def _refused(thing: object, why: str) -> TypeError:
    kind = type(thing).__name__
    return TypeError(
        f"{brief(repr(thing))} cannot be written as plain data: {why}; write a function with a "
        f"name, an attrs class with plain parameters, or a class with a method {BY_HAND}() that "
        f"returns the arguments of {kind}(**arguments) as plain data"
    )
