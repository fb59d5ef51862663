"""Writing strategies and rules as plain data: a name, and the parameters under it.

The rules of this module:

1. A name is the class's in snake case, or the function's. It never is that of one of our own.
2. What cannot be read back as it was is not written.
"""

import abc
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from types import FunctionType
from typing import Any, Final, TypeGuard, cast

import attrs

from lastgood._code import Coded, CodedRule
from lastgood._duration import iso_8601
from lastgood._errors import InvalidMetadata
from lastgood._metadata import plain
from lastgood._show import brief, shown

#: What stands for `None`, since TOML has no null.
NULL: Final = {"null": True}
#: The key beside a name, under which the rules stand; so it is the name of nothing.
WHERE: Final = "where"
#: The method that a class may have whose parameters are not plain: it returns them as plain data.
BY_HAND: Final = "to_parameters"

#: Where a word begins in the name of a class.
_HUMP: Final = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"


class Writes(abc.ABC):
    """What writes itself as plain data."""

    __slots__ = ()

    @abc.abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON types."""


def name_in_data(thing: Callable[..., object]) -> str:
    """Return the name of a class in snake case, and of a function as it is."""
    return re.sub(_HUMP, "_", thing.__name__).lower() if isinstance(thing, type) else thing.__name__


def ours() -> dict[str, type[Coded]]:
    """Return our own strategies and rules, by their names in plain data."""
    classes = [*Coded.__subclasses__(), *CodedRule.__subclasses__()]
    named = {name_in_data(found): found for found in classes if found is not CodedRule}
    return {name: found for name, found in named.items() if name != WHERE}


def written(thing: object) -> dict[str, Any]:
    """Return a strategy or rule as an object with one key, its name.

    Raises:
        TypeError: It cannot be written; the message says what to write instead.
    """
    if isinstance(thing, FunctionType):
        return {_checked(thing, _name_of_function(thing)): {}}
    name = _checked(thing, name_in_data(type(thing)))
    by_hand = getattr(thing, BY_HAND, None)
    if by_hand is not None:
        told: Mapping[str, object] = by_hand()
        return {name: {key: _written(thing, key, value) for key, value in told.items()}}
    if is_starred(type(thing)):
        (field,) = attrs.fields(cast("Any", type(thing)))
        return {name: _written(thing, field.name, getattr(thing, field.name))}
    return {name: dict(_parameters(thing))}


def is_attrs(found: type) -> TypeGuard[type[attrs.AttrsInstance]]:
    """Whether it is an attrs class."""
    return attrs.has(found)


def is_starred(found: type) -> bool:
    """Whether a class of our own takes any number of arguments, which it keeps as one tuple."""
    return issubclass(found, Coded) and "__attrs_init__" in vars(found)


def _parameters(thing: object) -> Iterator[tuple[str, object]]:
    kind = type(thing)
    if not is_attrs(kind):
        raise _refused(thing, f"{kind.__name__} is no attrs class")
    for field in attrs.fields(kind):
        value = getattr(thing, field.name)
        default = field.default
        if field.init and not (type(value) is type(default) and value == default):
            yield field.alias, _written(thing, field.alias, value)


def _written(owner: object, name: str, value: object) -> object:
    """Return the value of a parameter as plain data."""
    if value is None:
        return dict(NULL)
    if isinstance(value, Writes):
        return value.to_dict()
    if type(value) is timedelta and value >= timedelta():
        return iso_8601(value)
    if type(value) is tuple:
        return [_written(owner, name, each) for each in cast("tuple[object, ...]", value)]
    if type(value) in {str, int, float, bool}:
        try:
            return plain(name, value)
        except InvalidMetadata as error:
            raise _refused(owner, f"its {name!r} {error.problem}") from None
    if callable(value) and not isinstance(value, type):
        return written(value)
    raise _refused(owner, f"its {name!r} is {shown(value)}")


def _checked(thing: object, name: str) -> str:
    """Return the name; `TypeError` where it is, or could be read as, that of something else."""
    found = ours().get(name)
    if name == WHERE or (found is not None and found is not type(thing)):
        who = thing.__qualname__ if isinstance(thing, FunctionType) else brief(repr(thing))
        raise TypeError(
            f"{who} cannot be written as plain data: {name!r} is the name of something else here: "
            "rename it"
        )
    return name


def _name_of_function(function: FunctionType) -> str:
    if not function.__name__.isidentifier() or function.__closure__:
        raise TypeError(
            f"{function.__qualname__} cannot be written as plain data: a function is written as "
            "its name, so it has one and closes over nothing; write an attrs class with parameters"
        )
    return function.__name__


def _refused(thing: object, why: str) -> TypeError:
    kind = type(thing).__name__
    return TypeError(
        f"{brief(repr(thing))} cannot be written as plain data: {why}; what can be is a function "
        f"with a name, an attrs class with plain parameters, or one with a method {BY_HAND}() "
        f"that returns as plain data what {kind}(**parameters) takes"
    )
