"""Times as they are kept: time-zone aware, in UTC, exact `datetime` objects."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from lastgood._errors import InvalidTime
from lastgood._show import compiled, shown

#: `datetime.fromisoformat` reads more than the standard has, and some of it wrongly.
_ISO_8601: Final = (
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-W[0-9]{2}-[0-9]|[0-9]{4}W[0-9]{3})[T ]"
    r"(?:[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,30})?)?)?"
    r"|[0-9]{4}(?:[0-9]{2}(?:[.,][0-9]{1,30})?)?)"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:\.[0-9]{1,6})?)?)?)"
)


def utc(when: datetime) -> datetime:
    """Return the time in UTC.

    Raises:
        TypeError: It is no `datetime`.
        InvalidTime: It has no time zone, or is out of range in UTC.
    """
    if not isinstance(when, datetime):
        raise TypeError(
            f"a time is a datetime with a time zone, not {shown(when)}: write such as "
            "datetime.fromisoformat('2026-05-01T12:00:00+00:00')"
        )
    if type(when) is datetime and when.tzinfo is UTC and not when.fold:
        return when
    offset = when.utcoffset()
    if offset is None:
        raise InvalidTime(
            _plain(when, None),
            "has no time zone: give it the one that it was read in, such as tzinfo=UTC",
        )
    try:
        return _plain(when, UTC) - offset
    except OverflowError:
        raise InvalidTime(_plain(when, timezone(offset)), "is out of range in UTC") from None


def later(told: datetime | None, when: datetime | None) -> datetime | None:
    """Return the later of two times, where `None` is before all."""
    if told is None or when is None:
        return when if told is None else told
    return max(told, when)


def duration(value: timedelta, what: str) -> timedelta:
    """Return a duration that is not negative; ``what`` names it in the message.

    Raises:
        TypeError: It is no `timedelta`.
        ValueError: It is negative.
    """
    if not isinstance(value, timedelta):
        raise TypeError(f"{what} is a timedelta, such as timedelta(hours=24), not {shown(value)}")
    if value < timedelta():
        raise ValueError(f"{what} is a duration and cannot be negative: {value}")
    return value


def read_time(value: object) -> datetime:
    """Read a time as ISO 8601 writes it, with any offset, and return it in UTC.

    Raises:
        TypeError: It is no `str`.
        ValueError: It is no such time.
    """
    if not isinstance(value, str):
        raise TypeError(f"a time is a str in the form of ISO 8601, not {shown(value)}")
    if compiled(_ISO_8601).fullmatch(value) is None:
        raise ValueError(f"{shown(value)} is no time like '2026-05-01T12:00:00+00:00'")
    try:
        when = datetime.fromisoformat(str.__str__(value))
    except ValueError as error:
        raise ValueError(f"{shown(value)} is no time: {error}") from None
    return utc(when)


def _plain(when: datetime, zone: timezone | None) -> datetime:
    """Return the same reading of the clock in the zone, as an exact `datetime`.

    A subclass may carry more than a datetime does, or behave otherwise; a fact may not.
    """
    return datetime(
        when.year,
        when.month,
        when.day,
        when.hour,
        when.minute,
        when.second,
        when.microsecond,
        tzinfo=zone,
    )
