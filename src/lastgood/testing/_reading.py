"""Whether a strategy shows itself so that its parameters can be read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field
from inspect import signature
from typing import cast

import attrs

from lastgood.strategies import RollbackStrategy
from lastgood.testing._trial import is_equal, name_of, told


def unreadable(strategy: RollbackStrategy) -> tuple[str, str] | None:
    """Return how a strategy shows itself and what would be right; `None` where all is."""
    try:
        shown, again = repr(strategy), repr(strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return f"raises {told(error)} when it is shown", _CODE
    if not shown.strip() or re.search(r"\bat 0x[0-9a-fA-F]+", shown):
        return f"shows itself as {shown}", _CODE
    if shown != again:
        return f"shows itself as {shown}, and then as {again}", _CODE
    for name, value in _parameters(strategy):
        if not _is_told(value, shown):
            return f"shows itself as {shown}", f"a repr that tells {name}={name_of(value)}"
    return None


_CODE = "the code that makes it, every time: make it @attrs.frozen"


def _parameters(strategy: RollbackStrategy) -> Iterator[tuple[str, object]]:
    """Yield the names and values that make the strategy, without those that have their default."""
    for name, default in _fields(strategy):
        value = getattr(strategy, name, default)
        if value is not default and not is_equal(value, default):
            yield name, value


def _fields(strategy: RollbackStrategy) -> Iterator[tuple[str, object]]:
    """Yield the names of what makes the strategy, each with its default."""
    kind = type(strategy)
    data_fields: Mapping[str, Field[object]] = getattr(kind, "__dataclass_fields__", {})
    if attrs.has(kind):
        yield from ((one.name, one.default) for one in attrs.fields(kind) if one.eq)
    elif data_fields:
        yield from ((one.name, one.default) for one in data_fields.values() if one.compare)
    else:
        yield from _attributes(strategy)


def _attributes(strategy: RollbackStrategy) -> Iterator[tuple[str, object]]:
    """Yield the same of a plain class: its attributes that are called as what it is made from.

    Where none is, they are what is plain among its attributes.
    """
    parameters = signature(type(strategy)).parameters.values()
    called = [
        (name, parameter.default)
        for parameter in parameters
        for name in (parameter.name, f"_{parameter.name}")
        if hasattr(strategy, name)
    ]
    held: dict[str, object] = getattr(strategy, "__dict__", {})
    plain = [(name, None) for name, value in held.items() if isinstance(value, str | int | float)]
    yield from called or plain


def _is_told(value: object, shown: str) -> bool:
    """Whether the text shows the value, or all the parts of which it is made."""
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return all(_is_told(item, shown) for item in items)
    if isinstance(value, tuple | list | frozenset | set):
        return all(_is_told(part, shown) for part in cast("Iterable[object]", value))
    name = getattr(value, "__qualname__", None)
    return any(_stands_in(text, shown) for text in (str(name or value), name_of(value)))


def _stands_in(text: str, shown: str) -> bool:
    """Whether the text is there, and not as a part of a longer word."""
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown) is not None
