"""Durations: a `timedelta` or text such as "24h", kept as one and shown as the other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lastgood.rules import Budget, ServedAtLeast, ServedWithin
from tests.rows import each_row

D, H, M, S = (timedelta(**{unit: 1}) for unit in ("days", "hours", "minutes", "seconds"))

#: Whatever takes a duration, and the attribute under which it keeps it.
TAKERS: dict[str, Callable[[Any], Any]] = {
    "ServedWithin": ServedWithin,
    "ServedAtLeast": ServedAtLeast,
    "Budget": lambda within: Budget(1, within=within),
}
each_taker = each_row("make", TAKERS.values())

#: What is written, what it means, and how it is shown.
WRITTEN = [
    ("90s", 90 * S, "90s"),
    ("24h", D, "24h"),
    ("7d", 7 * D, "7d"),
    ("1d12h", D + 12 * H, "1d12h"),
    ("1.5s", 1.5 * S, "1.5s"),
    ("1d", D, "24h"),
    ("1440m", D, "24h"),
    ("36h", 36 * H, "1d12h"),
    ("48h", 2 * D, "2d"),
    ("25h", 25 * H, "1d1h"),
    ("23h", 23 * H, "23h"),
    ("90m", 90 * M, "1h30m"),
    ("119s", 119 * S, "119s"),
    ("1m", M, "60s"),
    ("1m30s", 90 * S, "90s"),
    ("2m", 2 * M, "2m"),
    ("120s", 2 * M, "2m"),
    ("121s", 121 * S, "2m1s"),
    ("120.5s", 120.5 * S, "2m0.5s"),
    ("0s", 0 * S, "0s"),
    ("0d", 0 * S, "0s"),
    ("0.5h", 30 * M, "30m"),
    ("1d0.5h", D + 30 * M, "1d30m"),
    ("1d2h3m4.000005s", D + 2 * H + 3 * M + timedelta(seconds=4, microseconds=5), None),
    ("0.000001s", timedelta(microseconds=1), "0.000001s"),
    ("007d", 7 * D, "7d"),
    ("999999999d", 999999999 * D, "999999999d"),
]


@each_row(("text", "duration", "shown"), WRITTEN)
def test_text_stands_for_a_duration(text: str, duration: timedelta, shown: str | None) -> None:
    """Days, hours, minutes and seconds, each at most once and in this order.

    Equal durations are equal rules with one repr, however they were written.
    """
    rule = ServedWithin(text)
    assert rule.duration == duration
    assert rule == ServedWithin(duration)
    assert hash(rule) == hash(ServedWithin(duration))
    assert repr(rule) == repr(ServedWithin(duration)) == f"ServedWithin({shown or text!r})"


@each_taker
def test_every_rule_with_a_duration_takes_both(make: Callable[[Any], Any]) -> None:
    """Text and `timedelta` are the same to all of them, and shown as text."""
    assert make("36h") == make(timedelta(hours=36))
    assert "'1d12h'" in repr(make(timedelta(hours=36)))


def test_what_is_kept_is_a_timedelta() -> None:
    """The attribute can be calculated with, whatever was given."""
    assert ServedAtLeast("24h").duration == D
    assert Budget(2, within="24h").within == D
    assert Budget(2).within is None


@each_taker
@each_row(
    "wrong",
    [
        "",
        "d",
        "24",
        "1 day",
        "1d 2h",
        " 1d",
        "1d\n",
        "1h1d",
        "1d1d",
        "1.5d2h",
        "1w",
        "1H",
        "-1h",
        "+1h",
        "1,5h",
        "1.h",
        ".5h",
        "1e3s",
        "٣s",
        "0.0000001s",
        "P1D",
        "1:30:00",
    ],
)
def test_other_text_is_refused(make: Callable[[Any], Any], wrong: str) -> None:
    """Anything else is a `ValueError` that shows how durations are written."""
    with pytest.raises(ValueError, match="24h"):
        _ = make(wrong)


@each_taker
@each_row("wrong", [3600, 1.5, True, b"1h", ["1h"]])
def test_a_bare_number_has_no_unit(make: Callable[[Any], Any], wrong: Any) -> None:
    """Something else than text or a `timedelta` is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match="timedelta"):
        _ = make(wrong)


@pytest.mark.parametrize("make", [ServedWithin, ServedAtLeast])
def test_a_duration_is_given(make: Any) -> None:
    """Only the time of a budget may be left out."""
    with pytest.raises(TypeError, match="timedelta"):
        _ = make(None)


@each_taker
def test_a_negative_duration_is_refused(make: Callable[[Any], Any]) -> None:
    """A negative duration would reject everything, or nothing, in silence."""
    with pytest.raises(ValueError, match="at least 0s, not -1s"):
        _ = make(timedelta(seconds=-1))


@each_taker
@each_row("wrong", ["1000000000d", "9" * 5000 + "s"])
def test_a_duration_that_is_too_long_is_refused(make: Callable[[Any], Any], wrong: str) -> None:
    """A duration that a `timedelta` cannot hold is a `ValueError` that names the longest one."""
    with pytest.raises(ValueError, match="at most 999999999d"):
        _ = make(wrong)
