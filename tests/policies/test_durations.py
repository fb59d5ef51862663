"""Durations are written and read as ISO 8601 has them, exact to the microsecond."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import InvalidData, LastStable, strategy_from_dict
from lastgood.rules import ServedWithin


def written(delta: timedelta) -> Any:
    """Return a duration as a policy has it."""
    return LastStable().where(ServedWithin(delta)).to_dict()["where"][0]["served_within"]["delta"]


def read(text: object) -> timedelta:
    """Return the duration that a policy means with this."""
    data: object = {"last_stable": {}, "where": [{"served_within": {"delta": text}}]}
    strategy: Any = strategy_from_dict(data)
    delta: timedelta = strategy.rules[0].delta
    return delta


@pytest.mark.parametrize(
    ("delta", "text"),
    [
        (timedelta(), "PT0S"),
        (timedelta(days=1), "P1D"),
        (timedelta(hours=24), "P1D"),
        (timedelta(weeks=2), "P14D"),
        (timedelta(hours=1), "PT1H"),
        (timedelta(minutes=1), "PT1M"),
        (timedelta(seconds=1), "PT1S"),
        (timedelta(seconds=10), "PT10S"),
        (timedelta(minutes=10), "PT10M"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (timedelta(days=1, microseconds=100_000), "P1DT0.1S"),
        (timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=50), "P1DT2H3M4.00005S"),
        (timedelta.max, "P999999999DT23H59M59.999999S"),
    ],
)
def test_a_duration_is_written_in_few_words(delta: timedelta, text: str) -> None:
    """Days, hours, minutes and seconds, what is none of left out; and read back the same."""
    assert written(delta) == text
    assert read(text) == delta


@pytest.mark.parametrize(
    ("text", "delta"),
    [
        ("P1W", timedelta(weeks=1)),
        ("P1W1D", timedelta(days=8)),
        ("PT24H", timedelta(days=1)),
        ("PT36H", timedelta(days=1, hours=12)),
        ("PT90M", timedelta(hours=1, minutes=30)),
        ("PT86400S", timedelta(days=1)),
        ("P0D", timedelta()),
        ("P01DT01H", timedelta(days=1, hours=1)),
        ("PT0,5S", timedelta(milliseconds=500)),
        ("PT1.000001S", timedelta(seconds=1, microseconds=1)),
        ("PT1.10S", timedelta(seconds=1, milliseconds=100)),
        ("P1W2DT3H4M5.6S", timedelta(9, 5, 600_000, minutes=4, hours=3)),
    ],
)
def test_what_means_a_duration_is_read(text: str, delta: timedelta) -> None:
    """Weeks, sums of any units, leading zeros and either decimal sign are read."""
    assert read(text) == delta


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "1D",
        "PD",
        "P1",
        "P1H",
        "PT1D",
        "PT1M1H",
        "P1DT1H1W",
        "-P1D",
        "P-1D",
        "+P1D",
        "p1d",
        "P1.5D",
        "PT.5S",
        "PT1.S",
        "PT1.1234567S",
        "PT0.5H",
        " P1D",
        "P1D\n",
        "P\u0661D",
        "PT24H/PT25H",
        "24:00:00",
        "P0000000000000000001D",
        "1 day, 0:00:00",
        "P" + "9" * 100_000 + "D",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    """Reading is strict: what ISO 8601 does not have, or not exactly, is refused."""
    with pytest.raises(InvalidData, match=r"is no duration like 'P1D', 'PT12H' or"):
        _ = read(text)


@pytest.mark.parametrize("text", ["P1Y", "P1M", "P1Y2M3DT4H", "P1Y1W", "P3M1D"])
def test_years_and_months_are_refused(text: str) -> None:
    """Nobody knows how long a month is: the message says to write days."""
    with pytest.raises(InvalidData, match="years and months differ; write days, as in 'P30D'"):
        _ = read(text)


@pytest.mark.parametrize("text", ["P1000000000D", "PT" + "9" * 18 + "S", "P" + "9" * 18 + "W"])
def test_what_is_too_long_is_refused(text: str) -> None:
    """What no `timedelta` can hold is refused."""
    with pytest.raises(InvalidData, match="is longer than a timedelta can be"):
        _ = read(text)


@given(delta=st.timedeltas(min_value=timedelta()))
def test_every_duration_comes_back(delta: timedelta) -> None:
    """Every duration is read as it was written."""
    assert read(written(delta)) == delta


@given(parts=st.tuples(*[st.integers(0, 10**6)] * 5, st.integers(0, 999_999)))
def test_units_add_up(parts: tuple[int, ...]) -> None:
    """A duration in all units is their sum."""
    weeks, days, hours, minutes, seconds, microseconds = parts
    text = f"P{weeks}W{days}DT{hours}H{minutes}M{seconds}.{microseconds:06}S"
    assert read(text) == timedelta(days, seconds, microseconds, 0, minutes, hours, weeks)
