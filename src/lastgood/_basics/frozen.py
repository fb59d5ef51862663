"""The bases of values: of attrs classes, and of what attrs would make slower or less private."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, NoReturn, TypeVar

import attrs
from attrs.exceptions import FrozenInstanceError
from typing_extensions import override

T = TypeVar("T")


class Value:
    """The base of attrs classes: how they compare and show themselves, written once.

    Were attrs to write it for each class, importing lastgood would take a tenth longer.
    """

    __slots__ = ()

    @override
    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if type(other) is type(self) else NotImplemented

    @override
    def __hash__(self) -> int:
        return hash((type(self), _values(self)))

    @override
    def __repr__(self) -> str:
        fields: Any = attrs.fields(type(self))  # type: ignore[arg-type]  # only attrs classes
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields if field.repr)
        return f"{type(self).__name__}({', '.join(shown)})"


def _values(value: object) -> object:
    """Return the attributes by which a value is compared."""
    kind: Any = type(value)  # A type is hashable, whatever its values are.
    return _reader(kind)(value)


@cache
def _reader(kind: Any) -> Callable[[object], object]:  # noqa: ANN401  # an attrs class
    """Return what reads the attributes by which values of an attrs class are compared."""
    fields: Any = attrs.fields(kind)
    names = [field.name for field in fields if field.eq]
    return attrgetter(*names) if names else lambda _: ()


class Frozen:
    """A value whose attributes are set once, by the module that owns it, through `fill`."""

    __slots__ = ()

    @override
    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError

    @override
    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError


#: Sets an attribute of a value that is being made.
fill = object.__setattr__


def setters(cls: type) -> tuple[Callable[[Any, Any], None], ...]:
    """Return what sets each slot of a frozen class, in their order, in less time than `fill`."""
    return tuple(vars(cls)[name].__set__ for name in vars(cls)["__slots__"])


def named(module: str) -> Callable[[T], T]:
    """Return a decorator that names the public module of a class or function as its module.

    Tracebacks and pickles then show the name under which users import it.
    """

    def name(thing: T) -> T:
        thing.__module__ = module
        return thing

    return name
