"""What a strategy was made from, and strategies that differ from it in one of these parameters."""

from collections.abc import Iterator, Mapping
from dataclasses import Field
from datetime import timedelta
from enum import Enum
from inspect import signature
from typing import cast

import attrs

from lastgood.strategies import RollbackStrategy
from lastgood.testing._trial import is_equal


@attrs.frozen
class Parameter:
    """One of the values that a strategy was made from."""

    #: What it is called as an attribute, and in the call of the class.
    name: str
    argument: str
    value: object
    has_default: bool = False
    #: Whether strategies are compared by it.
    compared: bool = True


def parameters_of(strategy: RollbackStrategy) -> list[Parameter]:
    """Return the parameters of a strategy, as far as they can be read from its attributes."""
    kind = type(strategy)
    data_fields: Mapping[str, Field[object]] = getattr(kind, "__dataclass_fields__", {})
    if attrs.has(kind):
        return [
            _parameter(strategy, one.name, one.alias, one.default, compared=bool(one.eq))
            for one in attrs.fields(kind)
            if one.init
        ]
    if data_fields:
        return [
            _parameter(strategy, one.name, one.name, one.default, compared=one.compare)
            for one in data_fields.values()
            if one.init
        ]
    return [*_attributes(strategy)]


def _parameter(
    strategy: RollbackStrategy, name: str, argument: str, default: object, *, compared: bool = True
) -> Parameter:
    value = getattr(strategy, name, default)
    has_default = value is default or is_equal(value, default)
    return Parameter(name, argument, value, has_default, compared)


def _attributes(strategy: RollbackStrategy) -> Iterator[Parameter]:
    """Yield the parameters of a plain class: its attributes that are called as one.

    Where it has parameters and no such attribute, they are what is plain among its attributes.
    """
    asked = signature(type(strategy)).parameters.values()
    called = [
        _parameter(strategy, name, one.name, one.default)
        for one in asked
        for name in (one.name, f"_{one.name}")
        if hasattr(strategy, name)
    ]
    held: dict[str, object] = getattr(strategy, "__dict__", {}) if asked else {}
    plain = [
        Parameter(name, name, value)
        for name, value in held.items()
        if isinstance(value, str | int | float)
    ]
    yield from called or plain


def sibling(strategy: RollbackStrategy, parameter: Parameter) -> RollbackStrategy | None:
    """Return the same strategy with another value of the parameter; `None` where none is found."""
    other = _another(parameter.value)
    if other is None:
        return None
    arguments = {one.argument: one.value for one in parameters_of(strategy)}
    try:
        return type(strategy)(**{**arguments, parameter.argument: other})
    except Exception:  # noqa: BLE001  # whatever it is, the value will not do
        return None


def _another(value: object) -> object:
    """Return another value of the same type; `None` where it is not one of a few types."""
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
