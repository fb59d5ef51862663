"""The parameters of strategies and rules, as their classes declare them, and reading their values.

The rules of this module:

1. A parameter that can be read is text, a number, a truth value, a duration, a strategy, a rule, a
   tuple of one of these, or `None`.
2. Its value is held against its type first, and then against its converter.
"""

import typing
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs

from lastgood._data import items_of, read_list, read_value
from lastgood._duration import read_duration
from lastgood._errors import InvalidData, InvalidMetadata
from lastgood._metadata import plain
from lastgood._show import shown
from lastgood._written import is_attrs
from lastgood.rules import Rule
from lastgood.strategies import RollbackStrategy

T = TypeVar("T")

#: Reads what stands at a place.
PlacedReader: TypeAlias = Callable[[object, str], object]

#: The types of plain values, with their names in messages. A truth value is no number.
_SCALARS: Final[Mapping[type, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}
#: What else is read, by itself or with `None`.
_BY_THEMSELVES: Final[tuple[object, ...]] = (timedelta, RollbackStrategy, Rule)
#: attrs has converters since 24.1 that also take the object, and cannot be called without it.
_NOT_ALONE: Final = getattr(attrs, "Converter", ())


@attrs.frozen
class Parameter:
    """A parameter of a class: of which types it may be, whether it is needed, what converts it."""

    kinds: tuple[object, ...]
    needed: bool
    converter: object

    def read(self, data: object, place: str, things: Mapping[object, PlacedReader]) -> object:
        """Return the value; ``things`` read strategies and rules."""
        value = _read(self.kinds, data, place, things)
        if callable(self.converter) and not isinstance(self.converter, _NOT_ALONE):
            _ = tried(place, self.converter, value)  # The class converts it again.
        return value


def parameters_of(found: type) -> dict[str, Parameter]:
    """Return the parameters of an attrs class by their names.

    Raises:
        TypeError: It is none, or the type of a parameter does not say how to read it.
    """
    if not is_attrs(found):
        raise TypeError("it is no attrs class")
    hints = typing.get_type_hints(found)
    return {
        field.alias: _parameter(field, hints.get(field.name, object))
        for field in attrs.fields(found)
        if field.init
    }


def tried(place: str, make: Callable[..., T], *values: object, **named: object) -> T:
    """Return what is made; whatever is raised instead becomes `InvalidData` at the place."""
    try:
        return make(*values, **named)
    except Exception as error:  # A class of the caller's may raise anything.
        raise InvalidData(place, str(error)) from error


def _parameter(field: "attrs.Attribute[Any]", hint: object) -> Parameter:
    if not _is_readable(hint):
        raise TypeError(f"its {field.alias!r} is declared as {hint}")
    converter: object = getattr(field, "converter")  # noqa: B009  # of no known type
    return Parameter(_kinds(hint), field.default is attrs.NOTHING, converter)


def _is_readable(hint: object) -> bool:
    """Whether a value of this type can be told from its plain data."""
    some = {*_kinds(hint)} - {NoneType}
    if some <= _SCALARS.keys():
        return True
    kind, *others = some
    item = _item(kind)
    by_itself = kind in _BY_THEMSELVES or (item is not None and _is_readable(item))
    return by_itself and not others


def _kinds(hint: object) -> tuple[object, ...]:
    """Return the types of a union, or the type."""
    union = typing.get_origin(hint) in (typing.Union, UnionType)
    return typing.get_args(hint) if union else (hint,)


def _item(kind: object) -> object:
    """Return the type of the items of a tuple of any length; `None` where it is none."""
    arguments = typing.get_args(kind)
    is_tuple = typing.get_origin(kind) is tuple and arguments[1:] == (...,)
    return arguments[0] if is_tuple else None


def _read(
    kinds: tuple[object, ...], data: object, place: str, things: Mapping[object, PlacedReader]
) -> object:
    if _is_null(data):
        if NoneType in kinds:
            return None
        raise InvalidData(place, "null is no value here")
    if timedelta in kinds:
        return read_value(data, read_duration, place)
    for kind in kinds:
        item = _item(kind)
        if item is not None:
            return tuple(
                _read(_kinds(item), each, f"{place}[{index}]", things)
                for index, each in enumerate(read_list(data, place))
            )
        if kind in things:
            return things[kind](data, place)
    return _scalar(kinds, data, place)


def _is_null(data: object) -> bool:
    """Whether the data stand for `None`; JSON and YAML have a null, TOML has none."""
    if not isinstance(data, dict):
        return data is None
    items = [*items_of(cast("object", data))]
    return len(items) == 1 and shown(items[0][0]) == "'null'" and items[0][1] is True


def _scalar(kinds: tuple[object, ...], data: object, place: str) -> object:
    kind = next((kind for kind in _SCALARS if isinstance(data, kind)), None)
    if kind not in kinds and (kind is not int or float not in kinds):
        words = " or ".join(word for kind, word in _SCALARS.items() if kind in kinds)
        hint = "" if kind is None or str not in kinds else ": put it in quotes"
        raise InvalidData(place, f"expected {words}, not {shown(data)}{hint}")
    try:
        return plain("", data)
    except InvalidMetadata as error:
        raise InvalidData(place, error.problem) from None
