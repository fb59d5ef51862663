"""Durations as a person writes them: ``"90s"``, ``"24h"``, ``"1d12h"``.

The rules of this module:

1. A text has one meaning, which is exact to the microsecond.
2. A duration has one text, `duration_text`, which is read back as the same duration.
3. What is read can be said by a regular expression, so the schema of policies says the same.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import starmap
from typing import Final

from lastgood._basics.messages import compiled, shown

_DECIMALS: Final = r"(?:\.[0-9]{1,6})?"
#: What is read: each unit once, the largest first, and decimals in the last number only. Nine
#: digits a unit and fewer than 900 million days always fit in a `timedelta`. With more days the
#: smaller units must be below one of the next larger unit, as `duration_text` writes them.
DURATION: Final = (
    r"(?=.)(?![^.]*\.[0-9]+[dhm][0-9])"
    rf"(?:[0-8]?[0-9]{{1,8}}{_DECIMALS}d)?(?:[0-9]{{1,9}}{_DECIMALS}h)?"
    rf"(?:[0-9]{{1,9}}{_DECIMALS}m)?(?:[0-9]{{1,9}}{_DECIMALS}s)?"
    rf"|9[0-9]{{8}}d(?:(?:1?[0-9]|2[0-3])h)?(?:[1-5]?[0-9]m)?(?:[1-5]?[0-9]{_DECIMALS}s)?"
)
_PART: Final = r"([0-9]+)(?:\.([0-9]+))?([dhms])"
#: The same, of any length.
_ANY_LENGTH: Final = (
    rf"(?![^.]*\.[0-9]+[dhm][0-9])(?:[0-9]+{_DECIMALS}d)?(?:[0-9]+{_DECIMALS}h)?"
    rf"(?:[0-9]+{_DECIMALS}m)?(?:[0-9]+{_DECIMALS}s)?"
)

#: The units in microseconds.
_UNITS: Final = {"d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000}
_ONE_DAY: Final = timedelta(days=1)
_TWO_MINUTES: Final = timedelta(minutes=2)


def duration(value: timedelta | str, what: str) -> timedelta:
    """Return a duration that is not negative, given as such or as text.

    Args:
        value: The duration: ``timedelta(hours=24)``, or text such as ``"24h"`` or ``"1d12h"``.
        what: Names it in the message.

    Raises:
        TypeError: The value is neither a `timedelta` nor a `str`.
        ValueError: The duration is negative, or the text is not a duration.
    """
    if isinstance(value, str):
        return _read(str.__str__(value), what)
    if not isinstance(value, timedelta):
        raise TypeError(
            f"{what} must be a timedelta or a text such as '24h' or '90s', not {shown(value)}"
        )
    exact = timedelta(value.days, value.seconds, value.microseconds)  # A subclass may hold more.
    if exact < timedelta():
        raise ValueError(f"{what} must be at least 0s, not -{duration_text(-exact)}")
    return exact


def duration_text(delta: timedelta) -> str:
    """Return a duration that is not negative as text: ``"90s"``, ``"24h"``, ``"1d12h"``."""
    if delta == _ONE_DAY:
        return "24h"
    if delta < _TWO_MINUTES:
        return f"{_decimal(delta.seconds, delta.microseconds)}s"
    minutes, seconds = divmod(delta.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    exact = _decimal(seconds, delta.microseconds)
    parts = ((str(delta.days), "d"), (str(hours), "h"), (str(minutes), "m"), (exact, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number != "0")


def _decimal(seconds: int, microseconds: int) -> str:
    return f"{seconds}.{microseconds:06}".rstrip("0").rstrip(".") if microseconds else str(seconds)


def _read(text: str, what: str) -> timedelta:
    if compiled(DURATION).fullmatch(text):
        parts = compiled(_PART).findall(text)
        return timedelta(microseconds=sum(starmap(_microseconds, parts)))
    expected = "written like '90s', '24h', '7d' or '1d12h'"
    if text and compiled(_ANY_LENGTH).fullmatch(text):
        expected = f"at most {duration_text(timedelta.max)}"
    raise ValueError(f"{what} must be {expected}, not {shown(text)}")


def _microseconds(whole: str, decimals: str, unit: str) -> int:
    """Return one part of a duration in microseconds; six decimals are always exact."""
    return int(whole) * _UNITS[unit] + int(f"{decimals:0<6}") * _UNITS[unit] // 1_000_000
