"""Whole numbers and truth values that come from outside."""

from typing import Final

from lastgood._show import shown

#: The greatest whole number of 64 bits.
GREATEST: Final = 2**63 - 1


def at_least(value: int, least: int, what: str) -> int:
    """Return a whole number of 64 bits, not less than ``least``; ``what`` names it in the message.

    Raises:
        TypeError: It is no `int`, or a `bool`.
        ValueError: It is less, or does not fit.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} must be an int, not {shown(value)}")
    number = int.__index__(value)
    if number < least:
        raise ValueError(f"{what} must be at least {least}: {shown(number)} is less")
    if number > GREATEST:
        raise ValueError(f"{what} must fit in 64 bits, and {shown(number)} does not")
    return number


def flag(value: bool, what: str) -> bool:  # noqa: FBT001  # it checks that it is one
    """Return a truth value; `TypeError` where it is none. ``what`` names it in the message."""
    if not isinstance(value, bool):
        raise TypeError(f"{what} must be True or False, not {shown(value)}")
    return value
