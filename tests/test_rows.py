"""A table that is walked in one test says which of its rows failed."""

from collections.abc import Callable
from enum import Enum
from inspect import signature

import pytest

from tests.rows import Table, each_row


class Size(Enum):
    """A class that is a table."""

    SMALL = 1
    LARGE = 2


def walked(table: Table, is_right: Callable[[int], bool]) -> list[int]:
    """Return the rows that a test was called with; it fails for those that are not right."""
    seen: list[int] = []

    @each_row("number", table)
    def test(number: int) -> None:
        seen.append(number)
        assert is_right(number)

    test()
    return seen


def test_every_row_is_tried() -> None:
    """The test is called with each row, in order, also if the table can be read only once."""
    assert walked([3, 1, 2], lambda _: True) == [3, 1, 2]
    assert walked(iter([3, 1, 2]), lambda _: True) == [3, 1, 2]


def test_a_function_is_called_when_the_test_runs() -> None:
    """A table may be made late; a class such as an enumeration is a table itself."""
    seen: list[Size] = []

    @each_row("size", Size)
    def test(size: Size) -> None:
        seen.append(size)

    test()
    assert seen == [*Size]
    assert walked(lambda: [1, 2], lambda _: True) == [1, 2]


def test_all_rows_that_fail_are_named() -> None:
    """One report has every row that failed, with its values; a row that passed is not in it."""
    with pytest.raises(ExceptionGroup, match="2 of 3 rows") as report:
        _ = walked([1, 2, 3], lambda number: number == 2)
    assert [error.__notes__ for error in report.value.exceptions] == [
        ["in row 0: number=1"],
        ["in row 2: number=3"],
    ]


def test_what_did_not_raise_is_a_row_that_failed() -> None:
    """So is a table in a table, with the rows of both."""

    @each_row(("one", "other"), [(1, 2), (3, 4)])
    @each_row("third", [5])
    def test(third: int, one: int, other: int) -> None:
        with pytest.raises(ValueError, match="odd"):
            assert third + one + other > 0

    with pytest.raises(BaseExceptionGroup, match="2 of 2 rows") as report:
        test()
    outer, _ = report.value.exceptions
    assert outer.__notes__ == ["in row 0: one=1, other=2"]
    assert "1 of 1 rows" in str(outer)


def test_a_table_without_rows_fails() -> None:
    """A rule that nothing was held against says nothing."""
    with pytest.raises(AssertionError, match="has no rows"):
        _ = walked([], lambda _: True)


def test_other_parameters_stay() -> None:
    """What is not named is asked of pytest, as a fixture."""

    @each_row("number", [1])
    def test(number: int, tmp_path: str) -> None:
        assert (number, tmp_path) == (1, "here")

    assert [*signature(test).parameters] == ["tmp_path"]
    test(tmp_path="here")
