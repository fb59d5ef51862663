"""Durations are written and read as text, exact to the microsecond."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import InvalidData, LastStable, strategy_from_dict
from lastgood.rules import Budget, ServedAtLeast, ServedWithin
from tests.rows import each_row


def written(duration: timedelta) -> Any:
    """Return a duration as a policy has it."""
    policy = LastStable().where(ServedWithin(duration)).to_dict()
    return policy["where"][0]["served_within"]["duration"]


def read(text: object) -> timedelta:
    """Return the duration that this value has in a policy."""
    data: object = {"last_stable": {}, "where": [{"served_within": {"duration": text}}]}
    strategy: Any = strategy_from_dict(data)
    duration: timedelta = strategy.rules[0].duration
    return duration


@each_row(
    ("duration", "text"),
    [
        (timedelta(), "0s"),
        (timedelta(microseconds=1), "0.000001s"),
        (timedelta(seconds=1), "1s"),
        (timedelta(milliseconds=1500), "1.5s"),
        (timedelta(minutes=1), "60s"),
        (timedelta(seconds=90), "90s"),
        (timedelta(seconds=119, microseconds=999_999), "119.999999s"),
        (timedelta(minutes=2), "2m"),
        (timedelta(minutes=2, microseconds=1), "2m0.000001s"),
        (timedelta(minutes=10), "10m"),
        (timedelta(hours=1), "1h"),
        (timedelta(minutes=90), "1h30m"),
        (timedelta(hours=23, minutes=59, seconds=59), "23h59m59s"),
        (timedelta(days=1), "24h"),
        (timedelta(hours=24), "24h"),
        (timedelta(days=1, seconds=1), "1d1s"),
        (timedelta(hours=36), "1d12h"),
        (timedelta(days=2), "2d"),
        (timedelta(weeks=1), "7d"),
        (timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=50), "1d2h3m4.00005s"),
        (timedelta.max, "999999999d23h59m59.999999s"),
    ],
)
def test_a_duration_is_written_in_few_words(duration: timedelta, text: str) -> None:
    """Units that are zero are left out. A short duration has seconds only; one day is 24 hours."""
    assert written(duration) == text
    assert read(text) == duration


@each_row(
    ("text", "duration"),
    [
        ("1d", timedelta(days=1)),
        ("36h", timedelta(days=1, hours=12)),
        ("90m", timedelta(hours=1, minutes=30)),
        ("86400s", timedelta(days=1)),
        ("24h0m0s", timedelta(days=1)),
        ("0d", timedelta()),
        ("01d01h", timedelta(days=1, hours=1)),
        ("1d100h", timedelta(days=5, hours=4)),
        ("1.50s", timedelta(milliseconds=1500)),
        ("1.5h", timedelta(minutes=90)),
        ("0.5d", timedelta(hours=12)),
        ("1d0.25h", timedelta(days=1, minutes=15)),
        ("1h0.000001m", timedelta(hours=1, microseconds=60)),
        ("1d2h3m4.5s", timedelta(1, 4, 500_000, minutes=3, hours=2)),
        ("899999999.999999d", timedelta(days=899_999_999, microseconds=86_399_913_600)),
        ("899999999d999999999h", timedelta(days=899_999_999, hours=999_999_999)),
    ],
)
def test_other_ways_to_write_a_duration(text: str, duration: timedelta) -> None:
    """Any sum of units in their order is read, with decimals in the last number."""
    assert read(text) == duration


@each_row(
    "text",
    [
        "",
        "24",
        "h",
        "24 h",
        "24H",
        "24hours",
        "1h1d",
        "1h1h",
        "1.5h30m",
        "1.5h30.5m",
        ".5s",
        "1.s",
        "1,5s",
        "1.0000001s",
        "-1h",
        "+1h",
        "1e3s",
        "2w",
        "1mo",
        "1y",
        "500ms",
        " 24h",
        "24h\n",
        "\n",
        "\u0661h",
        "P1D",
        "PT24H",
        "24:00:00",
        "1 day, 0:00:00",
        "x" * 100_000,
    ],
)
def test_an_invalid_duration_is_refused(text: str) -> None:
    """Reading is strict: a text that could mean something else is refused with examples."""
    words = r"duration must be written like '90s', '24h', '7d' or '1d12h', not '"
    with pytest.raises(InvalidData, match=words):
        _ = read(text)


@each_row(
    "text",
    ["1000000000d", "999999999d24h", "0000000001h", "9" * 18 + "s", "9" * 100_000 + "d"],
)
def test_a_duration_that_is_too_long_is_refused(text: str) -> None:
    """A number of more than nine digits, or what no `timedelta` can hold, is refused."""
    with pytest.raises(InvalidData, match=r"must be at most 999999999d23h59m59\.999999s, not '"):
        _ = read(text)


@given(duration=st.timedeltas(min_value=timedelta()))
def test_every_duration_comes_back(duration: timedelta) -> None:
    """Every duration is read as it was written."""
    assert read(written(duration)) == duration


@given(parts=st.tuples(*[st.integers(0, 10**6)] * 4, st.integers(0, 999_999)))
def test_units_add_up(parts: tuple[int, ...]) -> None:
    """A duration in all units is their sum."""
    days, hours, minutes, seconds, microseconds = parts
    text = f"{days}d{hours}h{minutes}m{seconds}.{microseconds:06}s"
    assert read(text) == timedelta(days, seconds, microseconds, 0, minutes, hours)


@each_row("text", ["90s", "24h", "7d", "1d12h", "1.5s"])
def test_rules_take_the_same_texts(text: str) -> None:
    """A rule takes a duration as text or as a `timedelta`, and both make the same rule."""
    duration = read(text)
    assert ServedWithin(text) == ServedWithin(duration)
    assert ServedAtLeast(text) == ServedAtLeast(duration)
    assert Budget(2, within=text) == Budget(2, within=duration)
    assert ServedWithin(text).duration == duration
    assert repr(ServedWithin(duration)) == f"ServedWithin({text!r})"


class Telling(timedelta):
    """A duration of a class of its own, as some libraries have."""


def test_a_rule_keeps_an_exact_timedelta() -> None:
    """A subclass is kept as the plain duration, which can be written."""
    rule = ServedWithin(Telling(hours=24))
    assert type(rule.duration) is timedelta
    assert rule == ServedWithin("24h")
    assert written(Telling(hours=24)) == "24h"
