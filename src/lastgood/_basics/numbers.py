"""Integers and booleans that come from outside."""

from __future__ import annotations

from typing import Any, Final

from lastgood._basics.messages import shown

#: The greatest integer of 64 bits, and the smallest.
GREATEST: Final = 2**63 - 1
SMALLEST: Final = -(2**63)


def in_64_bits(number: int) -> bool:
    """Whether the integer fits in 64 bits, so that other languages can read it."""
    return SMALLEST <= number <= GREATEST


def at_least(value: int, least: int, what: str) -> int:
    """Return ``value``, an integer of at most 64 bits; ``what`` names it in the message.

    Raises:
        TypeError: The value is not an `int`, or is a `bool`.
        ValueError: The value is less than ``least``, or does not fit in 64 bits.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} must be an int, not {shown(value)}")
    number = int.__index__(value)
    if number > GREATEST:
        raise ValueError(f"{what} must be at most {GREATEST}")
    if number < least:
        got = f", not {number}" if in_64_bits(number) else ""
        raise ValueError(f"{what} must be at least {least}{got}")
    return number


def whole(value: Any) -> Any:  # noqa: ANN401  # whatever stands in the data
    """Return the integer that a whole `float` stands for, and any other value as it is.

    JSON has one kind of number, so other languages write 3 as ``3.0`` or ``3e0``.
    """
    if not isinstance(value, float):
        return value
    number = float.__float__(value)
    return int(number) if number.is_integer() else value


def flag(value: bool, what: str) -> bool:  # noqa: FBT001  # it checks that it is one
    """Return ``value`` if it is a `bool`, else raise TypeError, which names it ``what``."""
    if not isinstance(value, bool):
        raise TypeError(f"{what} must be True or False, not {shown(value)}")
    return value
