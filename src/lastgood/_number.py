"""Whole numbers and truth values that come from outside."""

from lastgood._show import shown


def at_least(value: int, least: int, what: str) -> int:
    """Return a whole number that is not less than ``least``; ``what`` names it in the message.

    Raises:
        TypeError: It is no `int`, or a `bool`.
        ValueError: It is less.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} is an int, not {shown(value)}")
    if value < least:
        raise ValueError(f"{what} is {least} at the least, not {shown(value)}")
    return int(value)


def flag(value: bool) -> bool:  # noqa: FBT001  # it checks that it is one
    """Return a truth value; `TypeError` where it is none."""
    if not isinstance(value, bool):
        raise TypeError(f"expected True or False, not {shown(value)}")
    return value
