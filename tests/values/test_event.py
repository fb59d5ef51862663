"""Section 2.5: one recorded event, as a frozen value."""

import enum
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from lastgood import Event, InvalidData, InvalidMetadata, InvalidText, InvalidTime
from tests.registry.documents import EVENTS, KEYS, REQUIRED
from tests.registry.making import NOON, untyped
from tests.rows import each_row

#: The values of attributes that are not given.
DEFAULTS: Mapping[str, object] = {
    "at": None,
    "reason": "",
    "by": "",
    "metadata": {},
    "digest": None,
    "source": None,
    "strategy": None,
}

#: Other values that they may have.
VALUES: Mapping[str, Any] = {
    "at": NOON,
    "reason": "because",
    "by": "ana",
    "metadata": {"auc": 0.9},
    "digest": "sha256:aa",
    "source": "2",
    "strategy": "LastStable()",
}

each_kind = each_row("kind", EVENTS)


class Kind(enum.StrEnum):
    """Kinds of events as an enumeration."""

    DEPLOYED = "deployed"


def made(kind: str, **given: object) -> Event:
    """Return an event of the kind, with the values that it needs and those that are given."""
    needed = {key: VALUES[key] for key in REQUIRED[kind] if key in VALUES}
    event: Event = untyped(Event)(kind, "1", **{**needed, **given})
    return event


@each_kind
def test_an_event_has_its_defaults(kind: str) -> None:
    """An attribute that is not given has its default, whatever the kind."""
    event = made(kind)
    assert (event.kind, event.version) == (kind, "1")
    for key, default in DEFAULTS.items():
        if key not in REQUIRED[kind]:
            assert getattr(event, key) == default


@each_kind
def test_the_values_of_an_event(kind: str) -> None:
    """An event keeps the values that its kind has, and refuses others, with the key as place."""
    for key, value in VALUES.items():
        if key in EVENTS[kind]:
            assert getattr(made(kind, **{key: value}), key) == value
            continue
        with pytest.raises(InvalidData) as refusal:
            _ = made(kind, **{key: value})
        assert refusal.value.place == key


@each_kind
def test_a_default_may_be_given_to_any_kind(kind: str) -> None:
    """Giving the default is giving nothing."""
    for key, default in DEFAULTS.items():
        if key not in REQUIRED[kind]:
            assert made(kind, **{key: default}) == made(kind)


@pytest.mark.parametrize(
    ("kind", "key", "missing"),
    [
        ("rolled_back", "source", None),
        ("rolled_back", "strategy", None),
        ("annotated", "metadata", {}),
        ("annotated", "metadata", None),
    ],
)
def test_the_values_that_an_event_needs(kind: str, key: str, missing: object) -> None:
    """A rollback needs its source and its strategy, an annotation at least one key."""
    with pytest.raises(InvalidData) as refusal:
        _ = made(kind, **{key: missing})
    assert refusal.value.place == key


@each_row("kind", ["deploy", "", "Deployed", "rolled back", None, 1, ["deployed"]])
def test_an_unknown_kind(kind: object) -> None:
    """An unknown kind is a `ValueError` that names the known ones."""
    with pytest.raises(ValueError, match="'deployed'") as refusal:
        _ = Event(untyped(kind), "1")
    assert "'rolled_back'" in str(refusal.value)


def test_all_but_the_kind_and_the_version_are_keywords() -> None:
    """An event takes two positional arguments."""
    with pytest.raises(TypeError):
        _ = untyped(Event)("deployed", "1", NOON)
    with pytest.raises(TypeError):
        _ = untyped(Event)("deployed")


def test_a_kind_is_kept_as_an_exact_text() -> None:
    """A kind of a subclass of `str` becomes the text that it is."""
    event = untyped(Event)(Kind.DEPLOYED, "1")
    assert event == Event("deployed", "1")
    assert type(event.kind) is str
    assert type(event.to_dict()["kind"]) is str


def test_an_event_keeps_its_time_in_utc() -> None:
    """A time of another offset is the same time in UTC."""
    event = Event("deployed", "1", at=NOON.astimezone(timezone(timedelta(hours=2))))
    assert event.at == NOON
    assert event.at is not None
    assert event.at.tzinfo is UTC
    assert event == Event("deployed", "1", at=NOON)


def test_an_event_checks_its_values() -> None:
    """An event refuses the values that a command refuses."""
    with pytest.raises(InvalidTime):
        _ = Event("deployed", "1", at=NOON.replace(tzinfo=None))
    for key in ("reason", "by"):
        with pytest.raises(InvalidText):
            _ = made("retired", **{key: "\ud800"})
    with pytest.raises(InvalidText):
        _ = Event("registered", "1", digest="")
    for kind in ("registered", "annotated"):
        with pytest.raises(InvalidMetadata):
            _ = made(kind, metadata={"auc": float("nan")})


@each_row("key", sorted(set(DEFAULTS) - {"reason", "by"}))
def test_an_event_checks_its_types(key: str) -> None:
    """A value of another type is a `TypeError`."""
    kind = next(kind for kind, event in EVENTS.items() if key in event)
    with pytest.raises(TypeError):
        _ = made(kind, **{key: 7})


@each_kind
def test_a_reason_and_a_name_are_texts(kind: str) -> None:
    """Of every kind of event, `reason` and `by` must be a `str`."""
    for key in ("reason", "by"):
        with pytest.raises(TypeError, match=f"{key} must be a str"):
            _ = made(kind, **{key: 7})


def test_events_are_equal_by_value() -> None:
    """Events are equal if all their values are; numbers by value, and `True` is not 1."""
    one = Event("registered", "1", metadata={"a": 1, "b": 2}, at=NOON)
    two = Event("registered", "1", metadata={"b": 2, "a": 1.0}, at=NOON)
    assert one == two
    assert hash(one) == hash(two)
    assert one != Event("registered", "1", metadata={"a": True, "b": 2}, at=NOON)
    assert one != Event("registered", "1", at=NOON)
    assert one != Event("registered", "2", metadata={"a": 1, "b": 2}, at=NOON)
    assert one != Event("registered", "1", metadata={"a": 1, "b": 2}, at=NOON, by="ana")
    assert one != untyped(one.to_dict())


def test_an_event_is_frozen() -> None:
    """No attribute of an event can be set."""
    event = untyped(Event("deployed", "1"))
    for key in (*KEYS, "more"):
        with pytest.raises(AttributeError):
            setattr(event, key, None)


@each_kind
def test_the_data_of_an_event_is_a_copy(kind: str) -> None:
    """Later changes of the data do not touch the event."""
    event = Event.from_dict(EVENTS[kind])
    data = event.to_dict()
    data["version"] = "9"
    if "metadata" in data:
        data["metadata"]["auc"] = 0
    assert event.to_dict() == EVENTS[kind]
