"""Values that show themselves as the code that makes them, and are equal where that is the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import FunctionType
from typing import Any, cast

from typing_extensions import override

from lastgood._basics.durations import duration_text
from lastgood._basics.frozen import Value


class Coded(Value):
    """The base of strategies and rules of our own, which are attrs classes.

    Their `repr` goes into plans and into the audit trail, so it is written as one would write the
    value: what has its default is left out, and a tuple stands for the arguments that made it.
    """

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        arguments: list[str] = []
        kind: Any = type(self)
        for field in kind.__attrs_attrs__:  # `attrs.fields` looks twice at what kind of class it is
            value = getattr(self, field.name)
            if field.kw_only:
                if value != field.default:
                    arguments.append(f"{field.name}={code_of(value)}")
            elif isinstance(value, tuple):
                arguments += map(code_of, cast("tuple[object, ...]", value))
            else:
                arguments.append(code_of(value))
        return f"{type(self).__name__}({', '.join(arguments)})"


def code_of(value: object) -> str:
    """Return a parameter as a person would write it: times as texts, functions by name."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, timedelta):
        return repr(duration_text(value))
    if isinstance(value, datetime):
        return repr(value.isoformat())
    return value.__qualname__ if isinstance(value, FunctionType) else repr(value)
