"""What the histories beside this file share: values with their places, and what serves.

Copy it together with the ones that you use.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import attrs

from lastgood import InvalidData, LastgoodError, NoRollbackTarget, Pinned, Status, VersionRegistry


@attrs.frozen
class Row:
    """An object of the data, and where it stands. What cannot be read is `InvalidData`."""

    place: str
    values: Mapping[str, object]

    def wrong(self, key: str, problem: str) -> InvalidData:
        """Return the error that says what is wrong with the value of a key."""
        return InvalidData(f"{self.place}.{key}".lstrip("."), problem)

    def required(self, key: str) -> object:
        """Return a value that must be there, whatever it is."""
        if key not in self.values:
            raise self.wrong(key, "is missing")
        return self.values[key]

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, f"must be a text, not {value!r}")
        return value

    def text_or_none(self, key: str) -> str | None:
        """Return a text; `None` if it is missing or empty."""
        value = self.values.get(key)
        return None if value is None or value == "" else self.text(key)

    def whole(self, key: str) -> int:
        """Return a whole number that is not negative."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(key, f"must be a whole number, not {value!r}")
        return value

    def flag(self, key: str) -> bool:
        """Return a truth value; false where it is missing, as Go leaves it out."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, f"must be true or false, not {value!r}")
        return value

    def time(self, key: str) -> datetime | None:
        """Return a time in ISO 8601 with an offset, in UTC; `None` where it is missing."""
        value = self.text_or_none(key)
        if value is None:
            return None
        try:
            when = datetime.fromisoformat(value)
            in_utc = when.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.wrong(key, str(error)) from None
        if when.tzinfo is None:
            raise self.wrong(key, f"must have an offset, such as {value}Z")
        return in_utc

    def since_1970(self, key: str, ticks: int) -> datetime | None:
        """Return a time that is written as a number of ticks; ``ticks`` of them are a second."""
        if self.values.get(key) is None:
            return None
        number = self.whole(key)
        try:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                microseconds=number * 1_000_000 // ticks
            )
        except OverflowError:
            raise self.wrong(key, f"is out of range: {number}") from None

    def texts(self, key: str) -> list[str]:
        """Return the texts in the list under a key; none where it is missing."""
        value = self.values.get(key)
        items = cast("Sequence[object]", [] if value is None else value)
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise self.wrong(key, f"must be a list of texts, not {value!r}")
        return [str(each) for each in items]

    def part(self, key: str) -> "Row":
        """Return the object under a key; an empty one where it is missing."""
        value = self.values.get(key)
        return row({} if value is None else value, f"{self.place}.{key}".lstrip("."))

    def parts(self, key: str) -> "list[Row]":
        """Return the objects in the list under a key; none where it is missing."""
        value = self.values.get(key)
        return rows([] if value is None else value, f"{self.place}.{key}".lstrip("."))


def row(value: object, place: str) -> Row:
    """Return an object with its place."""
    if not isinstance(value, Mapping):
        raise InvalidData(place or "data", f"must be an object, not {type(value).__name__}")
    return Row(place, cast("Mapping[str, object]", value))


def rows(value: object, place: str = "") -> list[Row]:
    """Return the objects of a list with their places."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise InvalidData(place or "data", f"must be a list, not {type(value).__name__}")
    items = cast("Sequence[object]", value)
    return [row(item, f"{place}[{number}]") for number, item in enumerate(items)]


def whole_in(text: str) -> int | None:
    """Return the whole number that a text is; `None` if it is not one, or has over 18 digits."""
    is_whole = text.isascii() and text.isdigit() and len(text) <= 18
    return int(text) if is_whole else None


def by_number(found: list[Row], key: str) -> list[Row]:
    """Return rows in the order of a number, which none of them may share."""
    seen: dict[int, Row] = {}
    for each in found:
        number = each.whole(key)
        if number in seen:
            raise each.wrong(key, f"{number} stands in {seen[number].place} already")
        seen[number] = each
    return [seen[number] for number in sorted(seen)]


@contextmanager
def placed(each: Row) -> Generator[None]:
    """Name the place of a row in what the registry refuses, such as a label that is too long."""
    try:
        yield
    except InvalidData:
        raise
    except LastgoodError as error:
        raise InvalidData(each.place, str(error)) from error


def serves(
    registry: VersionRegistry,
    label: str,
    *,
    at: datetime | None = None,
    by: str = "",
    reason: str = "",
) -> VersionRegistry:
    """Return the registry after the fact that a registered version serves.

    The first time it is a deployment. A version that served before is observed: if it is in the
    lineage, somebody went back. A version that serves already changes nothing.
    """
    version = registry[label]
    if version.times_deployed or version.status.is_bad:
        return registry.observe(label, at=at, by=by, reason=reason)
    return registry.deploy(label, at=at, by=by, reason=reason)


def went_back(
    registry: VersionRegistry, target: str, *, at: datetime | None = None, reason: str = ""
) -> VersionRegistry:
    """Return the registry after a tool went back to a registered version, and said so.

    lastgood refuses to go back to a failed version. The tool did not ask, so that is observed.
    """
    source = registry.current
    if source is None or source == target:
        return serves(registry, target, at=at, reason=reason)
    try:
        plan = Pinned(target).plan(registry, leaving=source)
    except NoRollbackTarget:
        return registry.observe(target, at=at, reason=reason)
    return registry.roll_back(plan, at=at, reason=reason)


def soaked(
    registry: VersionRegistry, soak: timedelta | None, now: datetime | None
) -> VersionRegistry:
    """Return the registry in which the current version is stable if it served long enough.

    Args:
        registry: What is known just before the next thing happens.
        soak: How long is enough; `None` if serving proves nothing.
        now: When the next thing happens. Nothing is proved where that is not known.
    """
    if registry.current is None or soak is None or now is None:
        return registry
    version = registry.current_version
    began = version.deployed_at
    if version.status is not Status.UNPROVEN or began is None or now - began < soak:
        return registry
    served = f"served {soak}".removesuffix(", 0:00:00")
    return registry.mark_stable(version.label, at=began + soak, reason=served)
