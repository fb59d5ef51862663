"""Times as they are kept: time-zone aware, in UTC, exact `datetime` objects."""

from __future__ import annotations

from datetime import UTC, datetime, timezone
from typing import Any, Final

from lastgood._basics.errors import InvalidTime
from lastgood._basics.messages import compiled, shown

_EXAMPLE: Final = "2026-05-01T12:00:00+00:00"
_HOUR: Final = r"(?:[01][0-9]|2[0-3])"
_FRACTION: Final = r"(?:[.,][0-9]{1,30})?"
#: What is read. `datetime.fromisoformat` reads more than the standard has, some of it wrongly, and
#: differs between releases of Python.
ISO_8601: Final = (
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-W[0-9]{2}-[1-7]|[0-9]{4}W[0-9]{2}[1-7])[T ]"
    rf"{_HOUR}(?:(?::[0-5][0-9](?::[0-5][0-9]{_FRACTION})?)?|[0-5][0-9](?:[0-5][0-9]{_FRACTION})?)"
    rf"(?:Z|[+-]{_HOUR}(?::?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{{1,6}})?)?)?)"
)
#: Times as we write them, each on a line of its own.
_OURS: Final = (
    rf"(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_HOUR}:[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{6})?\+00:00\n)*+"
)


def utc(when: datetime) -> datetime:
    """Return the time in UTC.

    Raises:
        TypeError: The value is not a `datetime`.
        InvalidTime: The time has no time zone, or is out of range in UTC.
    """
    if not isinstance(when, datetime):
        raise TypeError(
            f"a time must be a datetime with a time zone, not {shown(when)}: write such as "
            "datetime.fromisoformat('2026-05-01T12:00:00+00:00')"
        )
    if type(when) is datetime and when.tzinfo is UTC and not when.fold:
        return when
    offset = when.utcoffset()
    if offset is None:
        raise InvalidTime(
            _plain(when, None),
            "has no time zone: write datetime.now(UTC), or add its own: when.replace(tzinfo=...)",
        )
    try:
        return _plain(when, UTC) - offset
    except OverflowError:
        raise InvalidTime(_plain(when, timezone(offset)), "is out of range in UTC") from None


def later(known: datetime | None, when: datetime | None) -> datetime | None:
    """Return the later of two times; `None` is before all times."""
    if known is None or when is None:
        return when if known is None else known
    return max(known, when)


def moment(value: datetime | str, what: str) -> datetime:
    """Return a time in UTC, given as such or as ISO 8601 text with an offset.

    Args:
        value: The time.
        what: Names it in the message.

    Raises:
        TypeError: The value is neither a `datetime` nor a `str`.
        ValueError: The text is not such a time.
        InvalidTime: The time has no time zone, or is out of range in UTC.
    """
    if isinstance(value, str):
        return read_time(value)
    if not isinstance(value, datetime):
        raise TypeError(
            f"{what} must be a datetime with a time zone or a text such as {_EXAMPLE!r}, "
            f"not {shown(value)}"
        )
    return utc(value)


def read_time(value: object) -> datetime:
    """Read a time in ISO 8601 with any offset, and return it in UTC.

    Raises:
        TypeError: The value is not a `str`.
        ValueError: The text is not such a time.
        InvalidTime: The time is out of range in UTC.
    """
    if not isinstance(value, str):
        raise TypeError(f"must be an ISO 8601 time with an offset, not {shown(value)}")
    if compiled(ISO_8601).fullmatch(value) is None:
        raise ValueError(
            f"{shown(value)} is not an ISO 8601 time with an offset, such as {_EXAMPLE!r}"
        )
    try:
        when = datetime.fromisoformat(str.__str__(value))
    except ValueError as error:
        raise ValueError(f"{shown(value)} is not a time: {error}") from None
    return utc(when)


def read_times(values: list[Any]) -> list[datetime | None]:
    """Read many times as `read_time` does, those of UTC at once; `None` stands for no time."""
    told = [value for value in values if value is not None]
    if not told:
        return values
    if {*map(type, told)} == {str} and compiled(_OURS).fullmatch("\n".join([*told, ""])):
        read = map(datetime.fromisoformat, told)
    else:
        read = map(read_time, told)
    if len(told) == len(values):
        return [*read]
    return [None if value is None else next(read) for value in values]


def _plain(when: datetime, zone: timezone | None) -> datetime:
    """Return the same date and time of day in the zone, as an exact `datetime`.

    A subclass may hold more than a datetime does, or behave differently; a fact may not.
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
