"""Durations as ISO 8601 writes them: ``"P1D"``, ``"PT1H30M"``, ``"PT0.000001S"``."""

from datetime import timedelta
from typing import Final

from lastgood._show import compiled, shown

_NUMBER: Final = r"[0-9]{1,18}"
_ISO_8601: Final = (
    rf"P(?=.)(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=.)(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?"
    rf"(?:(?P<seconds>{_NUMBER})(?:[.,](?P<microseconds>[0-9]{{1,6}}))?S)?)?"
)
#: Years and months, which only a calendar can measure.
_OF_THE_CALENDAR: Final = r"P[0-9WD]*[YM][0-9YMWDTHS.,]*"


def iso_8601(delta: timedelta) -> str:
    """Return a duration that is not negative as text, in days, hours, minutes and seconds."""
    minutes, seconds = divmod(delta.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    exact = f"{seconds}.{delta.microseconds:06}".rstrip("0").rstrip(".")
    date = f"{delta.days}D" if delta.days else ""
    time = "".join(
        f"{number}{unit}"
        for number, unit in ((hours, "H"), (minutes, "M"), (exact, "S"))
        if number not in (0, "0")
    )
    return f"P{date}T{time}" if time else f"P{date or 'T0S'}"


def read_duration(value: object) -> timedelta:
    """Read a duration of weeks, days, hours, minutes and seconds.

    Raises:
        TypeError: It is no `str`.
        ValueError: It is no such duration, has years or months, or is too long.
    """
    if not isinstance(value, str):
        raise TypeError(f"a duration is a str in the form of ISO 8601, not {shown(value)}")
    found = compiled(_ISO_8601).fullmatch(value)
    if found is None:
        raise ValueError(f"{shown(value)} is no duration {_hint(value)}")
    numbers = {unit: int(number) for unit, number in found.groupdict("0").items()}
    numbers["microseconds"] = int(f"{found['microseconds'] or '0':0<6}")
    try:
        return timedelta(**numbers)
    except OverflowError:
        raise ValueError(f"{shown(value)} is longer than a timedelta can be") from None


def _hint(value: str) -> str:
    if compiled(_OF_THE_CALENDAR).fullmatch(value):
        return "of a known length: years and months differ; write days, as in 'P30D'"
    return "like 'P1D', 'PT12H' or 'PT1H30M0.5S'"
