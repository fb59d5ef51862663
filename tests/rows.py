"""A table of cases is walked in one test, which names every row that fails.

1. As a test of its own, each row would be collected by every process and reported to another one.
2. All rows are tried, and all that fail are reported together, each with its values.
3. A table without rows fails: a rule that nothing was held against says nothing.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from reprlib import Repr
from typing import Any, Final, TypeAlias, cast

import pytest

Test: TypeAlias = Callable[..., None]
Table: TypeAlias = Iterable[Any] | Callable[[], Iterable[Any]]

#: What a row may fail with: the last are the rows of a table within this one.
_FAILURES: Final = (Exception, pytest.fail.Exception, BaseExceptionGroup)

#: Shows the values of a row; those that cannot be shown as well.
_SHOWN: Final = Repr()
_SHOWN.maxstring = _SHOWN.maxother = 120


def each_row(names: str | tuple[str, ...], table: Table) -> Callable[[Test], Test]:
    """Call a test for each row of a table, as `pytest.mark.parametrize` does, but in one test.

    Args:
        names: The name of the parameter, or those of several.
        table: The values, or for several names the tuples of them, in order. A function that
            returns them is called when the test runs, not when it is collected.

    Returns:
        What makes of a test of one row the test of all of them. Parameters that are not named stay
        parameters of the test.
    """
    several = isinstance(names, tuple)
    named = names if isinstance(names, tuple) else (names,)
    made = _when_it_runs(table)

    def of_all(test: Test) -> Test:
        @wraps(test)
        def walk(**others: Any) -> None:
            broken: list[BaseException] = []
            given = [*made()]
            assert given, f"{test.__name__} has no rows"
            for place, row in enumerate(given):
                values = dict(zip(named, row if several else (row,), strict=True))
                try:
                    test(**others, **values)
                except _FAILURES as error:
                    shown = ", ".join(f"{name}={_SHOWN.repr(values[name])}" for name in named)
                    error.add_note(f"in row {place}: {shown}")
                    broken.append(error)
            if broken:
                message = f"{len(broken)} of {len(given)} rows"
                raise BaseExceptionGroup(message, broken)

        before = signature(test)
        left = [each for name, each in before.parameters.items() if name not in named]
        vars(walk)["__signature__"] = before.replace(parameters=left)
        return walk

    return of_all


def _when_it_runs(table: Table) -> Callable[[], Iterable[Any]]:
    """Return what makes the rows. A class that is a table, such as an enumeration, is no maker."""
    if callable(table) and not isinstance(table, type):
        return table
    listed = [*cast("Iterable[Any]", table)]
    return lambda: listed
