"""Values that show themselves as the code that makes them."""

from typing import cast

import attrs
from typing_extensions import override


class Coded:
    """The base of strategies and rules of our own, which are attrs classes.

    Their `repr` goes into plans and into the audit trail, so it is written as one would write the
    value: what has its default is left out, and a tuple stands for the arguments that made it.
    """

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        arguments: list[str] = []
        for field in attrs.fields(type(self)):  # type: ignore[arg-type]  # only attrs classes
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                arguments += map(repr, cast("tuple[object, ...]", value))
            elif not field.kw_only:
                arguments.append(repr(value))
            elif value != field.default:
                arguments.append(f"{field.name}={value!r}")
        return f"{type(self).__name__}({', '.join(arguments)})"
