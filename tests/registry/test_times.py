"""Section 2.1: how a time is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import partial
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from lastgood import Event, InvalidTime, LastStable, VersionRegistry
from tests.registry.making import NOON, answers, back, deployed, hour, untyped
from tests.rows import each_row


class Stamp(datetime):
    """A datetime that is more than a datetime, as those of dataframes are."""


class Nowhere(tzinfo):
    """A time zone that does not know its offset, so that its times are naive."""

    @override
    def utcoffset(self, dt: datetime | None, /) -> None:
        return None

    @override
    def dst(self, dt: datetime | None, /) -> None:
        return None

    @override
    def tzname(self, dt: datetime | None, /) -> None:
        return None


class Autumn(tzinfo):
    """Summer time at the hour when the clocks go back, and winter time when that is shown again."""

    @override
    def utcoffset(self, dt: datetime | None, /) -> timedelta:
        return timedelta(hours=1 if dt is not None and dt.fold else 2)

    @override
    def dst(self, dt: datetime | None, /) -> timedelta:
        return self.utcoffset(dt) - timedelta(hours=1)

    @override
    def tzname(self, dt: datetime | None, /) -> str:
        return "autumn"


def east(hours: float) -> timezone:
    """Return the zone that many hours east of Greenwich."""
    return timezone(timedelta(hours=hours))


#: Calls that take a time, as callables of the time.
TAKES_TIME: Final[dict[str, Callable[[datetime], object]]] = {
    "register": lambda at: VersionRegistry().register("1", at=at),
    "annotate": lambda at: deployed("1").annotate("1", {"warm": True}, at=at),
    "deploy": lambda at: deployed("1").register("2").deploy("2", at=at),
    "deploy the current version": lambda at: deployed("1").deploy("1", at=at),
    "undeploy": lambda at: deployed("1").undeploy("1", at=at),
    "mark_stable": lambda at: deployed("1").mark_stable("1", at=at),
    "mark_failed": lambda at: deployed("1").mark_failed("1", at=at),
    "retire": lambda at: deployed("1").retire("1", at=at),
    "reinstate": lambda at: deployed("1").retire("1").reinstate("1", at=at),
    "observe": lambda at: deployed("1").register("2").observe("2", at=at),
    "observe the current version": lambda at: deployed("1").observe("1", at=at),
    "roll_back": lambda at: back(deployed("1", "2"), "1", source="2", at=at),
    "recover": lambda at: LastStable().recover(deployed("1"), at=at),
    "with_clock": lambda at: deployed("1").with_clock(at),
    "current_at": lambda at: VersionRegistry().current_at(at),
    "Event": lambda at: Event("deployed", "1", at=at),
}
each_way = each_row("way", TAKES_TIME)

#: Times that are out of range in UTC.
BEYOND: Final = {
    "after the last year": datetime(9999, 12, 31, 23, 59, tzinfo=east(-1)),
    "before the first year": datetime(1, 1, 1, 0, 0, tzinfo=east(1)),
    "just after": datetime.max.replace(tzinfo=timezone(-timedelta(microseconds=1))),
    "just before": datetime.min.replace(tzinfo=timezone(timedelta(microseconds=1))),
}


@each_way
def test_a_naive_time_is_refused(way: str) -> None:
    """A time without a zone says nothing: it is an `InvalidTime`."""
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(InvalidTime, match="no time zone"):
        _ = TAKES_TIME[way](naive)


@each_way
def test_a_value_of_another_type_is_refused(way: str) -> None:
    """A value that is not a `datetime` is a `TypeError` that shows how to make one."""
    for wrong in ("2026-01-01", 1_767_225_600, NOON.date()):
        with pytest.raises(TypeError, match=r"datetime\.fromisoformat\('"):
            _ = TAKES_TIME[way](untyped(wrong))


@each_way
def test_a_zone_without_an_offset_is_refused(way: str) -> None:
    """A time whose zone has no offset is naive as well."""
    with pytest.raises(InvalidTime, match="no time zone"):
        _ = TAKES_TIME[way](NOON.replace(tzinfo=Nowhere()))


@each_way
def test_a_time_out_of_range_in_utc_is_refused(way: str) -> None:
    """A time that UTC cannot express is an `InvalidTime`, not an `OverflowError`."""
    for when in BEYOND.values():
        with pytest.raises(InvalidTime, match="range"):
            _ = TAKES_TIME[way](when)


def test_an_invalid_time_keeps_a_naive_time() -> None:
    """The error has the time as it was given, and its message does not add an offset."""
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(InvalidTime) as refusal:
        _ = VersionRegistry().register("1", at=naive)
    assert refusal.value.when == naive
    assert str(naive) in str(refusal.value)
    assert str(NOON) not in str(refusal.value)


@pytest.mark.parametrize("case", BEYOND)
def test_an_invalid_time_keeps_a_time_out_of_range(case: str) -> None:
    """The error has the time as it was given, with its offset, and its message shows both."""
    when = BEYOND[case]
    with pytest.raises(InvalidTime) as refusal:
        _ = VersionRegistry().register("1", at=when)
    assert refusal.value.when == when
    assert str(when) in str(refusal.value)


@pytest.mark.parametrize(
    "when",
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOON],
    ids=["the first", "the last", "any"],
)
def test_every_time_in_utc_is_kept(when: datetime) -> None:
    """A time in UTC is kept as it is, to the microsecond."""
    assert VersionRegistry().register("1", at=when)["1"].registered_at == when


@each_row(
    "zone",
    [
        east(2),
        east(-9.5),
        east(5.75),
        timezone(timedelta(seconds=1)),
        timezone(timedelta(microseconds=-1)),
        timezone(timedelta(0), "GMT"),
    ],
)
def test_another_offset_is_kept_as_utc(zone: tzinfo) -> None:
    """A time in another zone is the same time, kept in UTC itself."""
    kept = VersionRegistry().register("1", at=NOON.astimezone(zone))["1"].registered_at
    assert kept == NOON
    assert kept is not None
    assert kept.tzinfo is UTC


@pytest.mark.parametrize(("fold", "offset"), [(0, 2), (1, 1)])
def test_a_time_that_a_clock_showed_twice(fold: int, offset: int) -> None:
    """`fold` says which of the two is meant; the time that is kept needs none."""
    when = datetime(2024, 10, 27, 2, 30, tzinfo=Autumn(), fold=fold)
    kept = VersionRegistry().register("1", at=when)["1"].registered_at
    assert kept == datetime(2024, 10, 27, 2, 30, tzinfo=UTC) - timedelta(hours=offset)
    assert kept is not None
    assert kept.fold == 0


def test_a_fold_in_utc_means_nothing() -> None:
    """UTC shows no time twice: a kept time has no fold, so that equal times are the same."""
    kept = VersionRegistry().register("1", at=NOON.replace(fold=1))["1"].registered_at
    assert kept == NOON
    assert kept is not None
    assert kept.fold == 0


@pytest.mark.parametrize("zone", [UTC, east(2)], ids=str)
def test_a_subclass_of_datetime_becomes_a_datetime(zone: tzinfo) -> None:
    """A kept time is an exact `datetime`, whatever carried it."""
    when = NOON.astimezone(zone)
    stamp = Stamp(when.year, when.month, when.day, when.hour, when.minute, tzinfo=zone)
    registry = VersionRegistry().register("1", at=stamp)
    for kept in (registry["1"].registered_at, registry.events[0].at, registry.clock):
        assert type(kept) is datetime
        assert kept == NOON


def test_a_refused_time_changes_nothing() -> None:
    """A command with a bad time leaves everything as it was."""
    registry = deployed("1")
    before = answers(registry)
    with pytest.raises(InvalidTime):
        _ = registry.mark_failed("1", at=NOON.replace(tzinfo=None))
    assert answers(registry) == before


def test_times_are_not_an_order() -> None:
    """Order in time is the order of recording: a time that goes back changes no order."""
    registry = VersionRegistry().register("1", at=hour(3)).register("2", at=hour(1))
    registry = registry.deploy("1", at=hour(9)).deploy("2", at=hour(2))
    assert list(registry) == ["1", "2"]
    assert registry.current == "2"
    assert [version.label for version in registry.lineage()] == ["1"]
    assert registry["2"].deployed_at == hour(2)


@given(
    when=st.datetimes(
        min_value=datetime(2, 1, 1),  # noqa: DTZ001  # its zone comes from below
        max_value=datetime(9998, 12, 31),  # noqa: DTZ001  # likewise
        timezones=st.builds(timezone, st.timedeltas(-timedelta(hours=23), timedelta(hours=23))),
    )
)
def test_every_aware_time_is_the_same_time_in_utc(when: datetime) -> None:
    """Whatever the offset, the time that is kept is the same instant."""
    register = partial(VersionRegistry().register, "1")
    kept = register(at=when)["1"].registered_at
    assert kept == when
    assert register(at=when) == register(at=when.astimezone(UTC))
