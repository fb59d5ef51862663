"""The parameters of strategies and rules, as their classes declare them, and reading their values.

The rules of this module:

1. A parameter that can be read is text, a number, a truth value, a duration, a time, a strategy, a
   rule, a key function, a tuple of one of these, or `None`.
2. Its value is checked against its type first, and then against its converter.
3. Numbers are read by their value, since other languages write 3 as 3.0.
"""

import typing
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs

from lastgood._basics.data import items_of, read_list
from lastgood._basics.durations import duration
from lastgood._basics.errors import InvalidData, InvalidMetadata
from lastgood._basics.messages import shown
from lastgood._basics.numbers import in_64_bits, whole
from lastgood._basics.times import moment
from lastgood._policies.writing import NULL, is_attrs
from lastgood._values.metadata import as_written, plain
from lastgood._values.version import Version
from lastgood.keys import Key
from lastgood.rules import Rule
from lastgood.strategies import RollbackStrategy

T = TypeVar("T")

#: Reads the value at a place.
PlacedReader: TypeAlias = Callable[[object, str], object]

#: The types of plain values, with their names in messages. A truth value is not a number.
_SCALARS: Final[Mapping[type, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}
#: The types that have a text of their own in data, with their readers.
_TEXTS: Final[Mapping[object, Callable[[Any, str], object]]] = {
    timedelta: duration,
    datetime: moment,
}
#: What else is read, by itself or with `None`.
_BY_THEMSELVES: Final[tuple[object, ...]] = (*_TEXTS, RollbackStrategy, Rule, Key)
#: attrs has converters since 24.1 that also take the object, and cannot be called without it.
_NOT_ALONE: Final = getattr(attrs, "Converter", ())


@attrs.frozen
class Parameter:
    """A parameter of a class: its name and types, whether it is required, and its converter."""

    name: str
    kinds: tuple[object, ...]
    needed: bool
    converter: object

    def read(self, data: object, place: str, things: Mapping[object, PlacedReader]) -> object:
        """Return the value; ``things`` read strategies, rules and key functions."""
        value = self._read(self.kinds, data, place, things)
        if callable(self.converter) and not isinstance(self.converter, _NOT_ALONE):
            _ = tried(place, self.converter, value)  # The class converts it again.
        return value

    def _read(
        self,
        kinds: tuple[object, ...],
        data: object,
        place: str,
        things: Mapping[object, PlacedReader],
    ) -> object:
        if _is_null(data):
            if NoneType in kinds:
                return None
            raise InvalidData(place, "must not be null")
        for kind in kinds:
            if kind in _TEXTS:
                return tried(place, _TEXTS[kind], data, self.name)
            if kind in things:
                return things[kind](data, place)
            item = _item(kind)
            if item is not None:
                return tuple(
                    self._read(_kinds(item), each, f"{place}[{index}]", things)
                    for index, each in enumerate(read_list(data, place))
                )
        return _scalar(kinds, data, place)


@lru_cache(maxsize=256)  # Finding them out takes longest, and they do not change.
def parameters_of(found: type) -> Mapping[str, Parameter]:
    """Return the parameters of an attrs class by their names.

    Raises:
        TypeError: The class is not an attrs class, or the type of a parameter does not say how to
            read it.
    """
    if not is_attrs(found):
        raise TypeError("it is not an attrs class")
    hints = typing.get_type_hints(found)
    return {
        field.alias: _parameter(field, hints.get(field.name, object))
        for field in attrs.fields(found)
        if field.init
    }


def tried(place: str, make: Callable[..., T], *values: object, **named: object) -> T:
    """Return what is made; an error that is raised instead becomes `InvalidData` at the place."""
    try:
        return make(*values, **named)
    except Exception as error:  # A class of the caller's may raise anything.
        raise InvalidData(place, str(error)) from error


def _parameter(field: "attrs.Attribute[Any]", hint: object) -> Parameter:
    if not _is_readable(hint):
        raise TypeError(f"its {field.alias!r} is declared as {hint}")
    converter: object = getattr(field, "converter")  # noqa: B009  # of no known type
    name = str(field.alias)  # Only a field that is not in a class yet has no alias.
    return Parameter(name, _kinds(hint), field.default is attrs.NOTHING, converter)


def _is_readable(hint: object) -> bool:
    """Whether the plain data of a value of this type say what it is."""
    some = {*_kinds(hint)} - {NoneType}
    if some <= _SCALARS.keys():
        return True
    kind, *others = some
    item = _item(kind)
    by_itself = kind in _BY_THEMSELVES or (item is not None and _is_readable(item))
    return by_itself and not others


def _kinds(hint: object) -> tuple[object, ...]:
    """Return the types of a union, or the type; every type of a key function is `Key`."""
    union = typing.get_origin(hint) in (typing.Union, UnionType)
    kinds = typing.get_args(hint) if union else (hint,)
    return tuple(Key if _is_key(kind) else kind for kind in kinds)


def _is_key(kind: object) -> bool:
    """Whether the type is that of functions of one version, whatever they return."""
    arguments = typing.get_args(kind)
    return typing.get_origin(kind) is Callable and arguments[:1] == ([Version],)


def _item(kind: object) -> object:
    """Return the type of the items if the type is a tuple of any length, else `None`."""
    arguments = typing.get_args(kind)
    is_tuple = typing.get_origin(kind) is tuple and arguments[1:] == (...,)
    return arguments[0] if is_tuple else None


def _is_null(data: object) -> bool:
    """Whether the data stand for `None`. JSON and YAML have a null, TOML has not."""
    if not isinstance(data, dict):
        return data is None
    items = [*items_of(cast("object", data))]
    (null,) = NULL
    return len(items) == 1 and shown(items[0][0]) == repr(null) and items[0][1] is True


def _scalar(kinds: tuple[object, ...], data: object, place: str) -> object:
    value: Any = as_written(data) if float in kinds else whole(data)
    kind = next((kind for kind in _SCALARS if isinstance(value, kind)), None)
    if kind is int and not in_64_bits(value):
        raise InvalidData(place, "must fit in 64 bits")
    if kind not in kinds and (kind is not int or float not in kinds):
        words = " or ".join(word for kind, word in _SCALARS.items() if kind in kinds)
        hint = _quotes(data) if kind is not None and str in kinds else ""
        raise InvalidData(place, f"must be {words}, not {shown(data)}{hint}")
    try:
        return plain("", value)
    except InvalidMetadata as error:
        raise InvalidData(place, error.problem) from None


def _quotes(data: object) -> str:
    """Return what to write where a number or truth value stands for a text."""
    return ": put quotes around it" + (
        ", since YAML reads 1.10 as 1.1" if isinstance(data, float) else ""
    )
