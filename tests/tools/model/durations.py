"""Section 4 again: durations as text, such as `"90s"`, `"24h"` or `"1d12h"`."""

from datetime import timedelta
from fractions import Fraction

UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
DAY = timedelta(days=1)


def duration(given: str | timedelta) -> timedelta:
    """The duration that a text or a `timedelta` stands for."""
    if isinstance(given, timedelta):
        return given
    total, number = Fraction(), ""
    for character in given:
        if character in UNITS:
            total += Fraction(number) * UNITS[character]
            number = ""
        else:
            number += character
    assert not number, "a duration ends with a unit"
    return timedelta(microseconds=round(total * 1_000_000))


def text(length: timedelta) -> str:
    """One text for equal durations: seconds below two minutes, one day as hours, else all units."""
    if length < timedelta(minutes=2):
        return f"{seconds(length)}s"
    if length == DAY:
        return "24h"
    days, rest = divmod(length, DAY)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes, rest = divmod(rest, timedelta(minutes=1))
    parts = {"d": days, "h": hours, "m": minutes}
    words = "".join(f"{number}{unit}" for unit, number in parts.items() if number)
    return words + (f"{seconds(rest)}s" if rest else "")


def seconds(length: timedelta) -> str:
    """Seconds as a decimal number without zeros at its end."""
    whole, micros = divmod(length // timedelta(microseconds=1), 1_000_000)
    return f"{whole}.{micros:06}".rstrip("0").rstrip(".")
