"""Times in policies are text with an offset, or `datetime` objects if the format has them."""

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import AsOf, InvalidData, InvalidTime, strategy_from_dict
from tests.rows import each_row
from tests.times import said_by_python

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PARIS = timezone(timedelta(hours=2))
FEBRUARY_30 = "2026-02-30T12:00:00Z"
YEAR_0 = "0000-05-01T12:00:00Z"


def read(when: object) -> Any:
    """Return the strategy that goes back to what served at this time."""
    return strategy_from_dict({"as_of": {"when": when}})


@each_row(
    "text",
    [
        "2026-05-01T12:00:00+00:00",
        "2026-05-01T12:00:00Z",
        "2026-05-01 14:00:00+02:00",
        "2026-05-01T12:00Z",
        "20260501T120000Z",
        "2026-W18-5T12:00:00.000000Z",
    ],
)
def test_a_text_with_an_offset_is_read(text: str) -> None:
    """Every form of ISO 8601 with an offset is read, by the policy and by the strategy."""
    assert read(text) == AsOf(text) == AsOf(NOON)
    assert AsOf(text).when == NOON
    assert AsOf(text).when.tzinfo is UTC


@pytest.mark.parametrize("when", [NOON, NOON.astimezone(PARIS)])
def test_a_datetime_is_read(when: datetime) -> None:
    """YAML and TOML have times of their own, which are read like texts."""
    assert read(when) == AsOf(when) == AsOf(NOON)
    assert strategy_from_dict({"as_of": when}) == AsOf(NOON)


def test_a_time_in_toml() -> None:
    """A time without quotes in TOML is read."""
    data = tomllib.loads("as_of = 2026-05-01T14:00:00+02:00")
    assert strategy_from_dict(data) == AsOf(NOON)


def test_a_time_is_written_as_text_in_utc() -> None:
    """A time is written as ISO 8601 in UTC, and has the same text in the repr."""
    strategy = AsOf(NOON.astimezone(PARIS))
    assert strategy.to_dict() == {"as_of": {"when": "2026-05-01T12:00:00+00:00"}}
    assert repr(strategy) == "AsOf('2026-05-01T12:00:00+00:00')"


@each_row(
    ("when", "message"),
    [
        ("2026-05-01", "'2026-05-01' is not an ISO 8601 time with an offset, such as"),
        ("2026-05-01T12:00:00", "is not an ISO 8601 time with an offset"),
        ("2026-05-01T24:00:00Z", "is not an ISO 8601 time with an offset"),
        ("2026-05-01T12:60:00Z", "is not an ISO 8601 time with an offset"),
        ("2026-05-01T12:00:00+24:00", "is not an ISO 8601 time with an offset"),
        ("2026-05-01T12:00:00Z\n", "is not an ISO 8601 time with an offset"),
        (FEBRUARY_30, f"is not a time: {said_by_python(FEBRUARY_30)}"),
        (YEAR_0, f"is not a time: {said_by_python(YEAR_0)}"),
        ("noon", "'noon' is not an ISO 8601 time with an offset"),
        (NOON.replace(tzinfo=None), "has no time zone: write datetime.now(UTC)"),
        (date(2026, 5, 1), "when must be a datetime with a time zone or a text such as"),
        (1_777_636_800, "when must be a datetime with a time zone or a text such as"),
        (True, "when must be a datetime with a time zone or a text such as"),
        ("0001-01-01T00:00:00+01:00", "is out of range in UTC"),
    ],
)
def test_an_invalid_time_is_refused(when: Any, message: str) -> None:
    """A time that is not certain is refused, by the policy with its place, and by the strategy."""
    with pytest.raises(InvalidData, match=r"^as_of\.when: ") as refusal:
        _ = read(when)
    assert message in str(refusal.value)
    with pytest.raises((TypeError, ValueError), match=message.split(":", maxsplit=1)[0]):
        _ = AsOf(when)


def test_a_naive_time_is_an_invalid_time() -> None:
    """A `datetime` without a time zone raises `InvalidTime`, as everywhere."""
    with pytest.raises(InvalidTime):
        _ = AsOf(NOON.replace(tzinfo=None))


@given(when=st.datetimes(timezones=st.timezones(), min_value=datetime(2, 1, 1)))  # noqa: DTZ001
def test_every_time_comes_back(when: datetime) -> None:
    """A time of any zone is read as the same time."""
    if when <= datetime.max.replace(tzinfo=UTC) - timedelta(days=2):
        strategy = AsOf(when)
        assert strategy.when == when.astimezone(UTC)
        assert strategy_from_dict(strategy.to_dict()) == strategy
