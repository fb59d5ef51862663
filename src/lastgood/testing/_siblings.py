"""The kin of a strategy: its copies, and strategies that differ in one of their parameters."""

import copy
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from inspect import signature
from typing import Final, cast, final

import attrs

from lastgood.strategies import RollbackStrategy
from lastgood.testing._answers import in_words, is_equal


@attrs.frozen
class Parameter:
    """One of the values that a strategy was made from."""

    #: Its name as an attribute, and in the call of the class.
    name: str
    argument: str
    value: object
    has_default: bool = False
    #: Whether strategies are compared by it.
    compared: bool = True


def parameters_of(made: object) -> list[Parameter]:
    """Return the parameters of a strategy or a rule that can be read from its attributes."""
    kind = type(made)
    data_fields: Mapping[str, Field[object]] = getattr(kind, "__dataclass_fields__", {})
    if attrs.has(kind):
        return [
            _parameter(made, one.name, one.alias, one.default, compared=bool(one.eq))
            for one in attrs.fields(kind)
            if one.init
        ]
    if data_fields:
        return [
            _parameter(made, one.name, one.name, one.default, compared=one.compare)
            for one in data_fields.values()
            if one.init
        ]
    return [*_attributes(made)]


def _parameter(
    made: object, name: str, argument: str, default: object, *, compared: bool = True
) -> Parameter:
    value = getattr(made, name, default)
    has_default = value is default or is_equal(value, default)
    return Parameter(name, argument, value, has_default, compared)


def _attributes(made: object) -> Iterator[Parameter]:
    """Yield the parameters of a plain class: its attributes that are called as one.

    If it has parameters and no such attribute, they are the plain values among its attributes.
    """
    asked = signature(type(made)).parameters.values()
    called = [
        _parameter(made, name, one.name, one.default)
        for one in asked
        for name in (one.name, f"_{one.name}")
        if hasattr(made, name)
    ]
    held: dict[str, object] = getattr(made, "__dict__", {}) if asked else {}
    plain = [
        Parameter(name, name, value)
        for name, value in held.items()
        if isinstance(value, str | int | float)
    ]
    yield from called or plain


#: Strategies within strategies are looked into to this depth.
_DEEPEST: Final = 5


def parts_of(made: object, depth: int = _DEEPEST) -> Iterator[object]:
    """Yield the values that a strategy or a rule was made from, and what these were made from."""
    if isinstance(made, tuple | list | frozenset | set):
        parts = [*cast("Iterable[object]", made)]
    elif isinstance(made, RollbackStrategy) or attrs.has(type(made)) or is_dataclass(made):
        parts = [parameter.value for parameter in parameters_of(made)]
    else:
        parts = []
    for part in parts if depth else ():
        yield part
        yield from parts_of(part, depth - 1)


def sibling(strategy: RollbackStrategy, parameter: Parameter) -> RollbackStrategy | None:
    """Return the same strategy with another value of the parameter; `None` if none is found."""
    other = _another(parameter.value)
    if other is None:
        return None
    arguments = {one.argument: one.value for one in parameters_of(strategy)}
    try:
        return type(strategy)(**{**arguments, parameter.argument: other})
    except Exception:  # noqa: BLE001  # whatever it is, the value will not do
        return None


def _another(value: object) -> object:
    """Return another value of the same type; `None` if it is not one of a few types."""
    other: object = None
    match value:
        case Enum():
            other = next((member for member in type(value) if member is not value), None)
        case bool():
            other = not value
        case int() | float():
            other = value * 2 + 1
        case str():
            other = f"{value}x"
        case timedelta():
            other = value * 2 + timedelta(days=1)
        case datetime():
            other = value + timedelta(days=1)
        case tuple() | frozenset():
            other = _with_another_part(cast("tuple[object] | frozenset[object]", value))
        case _:
            pass
    return other


def _with_another_part(
    value: tuple[object, ...] | frozenset[object],
) -> tuple[object, ...] | frozenset[object] | None:
    parts = [*value]
    other = _another(parts[0]) if parts else None
    return None if other is None else type(value)([other, *parts[1:]])


@final
@attrs.frozen
class Twin:
    """A copy of a strategy."""

    #: How it was made.
    made: str
    strategy: object = None
    #: Why it could not be made.
    error: str = ""


def twins_of(strategy: RollbackStrategy, when: str) -> tuple[Twin, ...]:
    """Return copies of a strategy, one made in each way."""
    return tuple(_twin(strategy, f"{made} ({when})", make) for made, make in _COPIES.items())


def _twin(
    strategy: RollbackStrategy, made: str, make: Callable[[RollbackStrategy], object]
) -> Twin:
    try:
        return Twin(made, make(strategy))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Twin(made, error=f"it cannot be copied: {made} raises {in_words(error)}")


def _pickled(strategy: RollbackStrategy) -> object:
    return cast("object", pickle.loads(pickle.dumps(strategy)))  # noqa: S301  # our own bytes


_COPIES: Final[Mapping[str, Callable[[RollbackStrategy], object]]] = {
    "its copy by copy.deepcopy": copy.deepcopy,
    "its copy by copy.copy": copy.copy,
    "its copy by pickle": _pickled,
}
