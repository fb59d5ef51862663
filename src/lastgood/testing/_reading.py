"""Whether a strategy shows itself so that its parameters can be read."""

import re
from collections.abc import Iterable
from typing import Final, cast

from lastgood.strategies import RollbackStrategy
from lastgood.testing._parameters import Parameter, parameters_of, sibling
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
    problems = (_untold(strategy, one, shown) for one in parameters_of(strategy))
    return next((problem for problem in problems if problem is not None), None)


def _untold(strategy: RollbackStrategy, parameter: Parameter, shown: str) -> tuple[str, str] | None:
    """Return the same where a parameter cannot be read from what is shown."""
    other = sibling(strategy, parameter)
    expected = f"a repr that tells {parameter.name}={name_of(parameter.value)}"
    if other is not None:
        equal, same = is_equal(other, strategy), name_of(other) == shown
        if equal and not same:
            return f"shows itself as {shown}, and equals {name_of(other)}", COMMON
        if same and not equal:
            return f"shows itself as {shown}, whatever {parameter.name} is", expected
        if isinstance(parameter.value, bool) or not isinstance(parameter.value, int | str):
            return None  # A number of days, say, may be told in hours.
    if not parameter.compared or parameter.has_default or _is_told(parameter.value, shown):
        return None
    return f"shows itself as {shown}", expected


COMMON: Final = "a repr that equal strategies, and no others, have in common"
_CODE: Final = "the code that makes it, every time: make it @attrs.frozen"


def _is_told(value: object, shown: str) -> bool:
    """Whether the text shows the value, or all the parts of which it is made."""
    if isinstance(value, tuple | list | frozenset | set):
        return all(_is_told(part, shown) for part in cast("Iterable[object]", value))
    name = getattr(value, "__qualname__", None)
    return any(_stands_in(text, shown) for text in (str(name or value), name_of(value)))


def _stands_in(text: str, shown: str) -> bool:
    """Whether the text is there, and not as a part of a longer word."""
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown) is not None
