"""Section 2.5: one recorded event, as a frozen value."""

import enum
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from lastgood import Event, InvalidMetadata, InvalidText, InvalidTime, LastgoodError
from tests.registry.documents import EVENTS, KEYS, REQUIRED
from tests.registry.making import NOON, untyped

#: What an attribute has where nothing was told.
DEFAULTS: Mapping[str, object] = {
    "at": None,
    "reason": "",
    "metadata": {},
    "digest": None,
    "source": None,
    "strategy": None,
}

#: What may be told of it.
TOLD: Mapping[str, Any] = {
    "at": NOON,
    "reason": "because",
    "metadata": {"auc": 0.9},
    "digest": "sha256:aa",
    "source": "2",
    "strategy": "LastStable()",
}

each_kind = pytest.mark.parametrize("kind", EVENTS)
each_key = pytest.mark.parametrize("key", DEFAULTS)


class Kind(enum.StrEnum):
    """Kinds of events as an enumeration."""

    DEPLOYED = "deployed"


def made(kind: str, **told: object) -> Event:
    """Return an event of the kind, with what it must tell and what is told."""
    needed = {key: TOLD[key] for key in REQUIRED[kind] if key in TOLD}
    event: Event = untyped(Event)(kind, "1", **{**needed, **told})
    return event


@each_kind
def test_an_event_has_its_defaults(kind: str) -> None:
    """What is not told has its default, whatever the kind."""
    event = made(kind)
    assert (event.event, event.version) == (kind, "1")
    for key, default in DEFAULTS.items():
        if key not in REQUIRED[kind]:
            assert getattr(event, key) == default


@each_kind
@each_key
def test_what_an_event_may_tell(kind: str, key: str) -> None:
    """An event keeps what its kind tells, and refuses what it does not, with its name."""
    if key in EVENTS[kind]:
        assert getattr(made(kind, **{key: TOLD[key]}), key) == TOLD[key]
        return
    with pytest.raises(ValueError, match=key) as refusal:
        _ = made(kind, **{key: TOLD[key]})
    assert isinstance(refusal.value, LastgoodError)


@each_kind
@each_key
def test_a_default_may_be_told_of_any_kind(kind: str, key: str) -> None:
    """Telling the default is telling nothing."""
    if key not in REQUIRED[kind]:
        assert made(kind, **{key: DEFAULTS[key]}) == made(kind)


@pytest.mark.parametrize("key", ["source", "strategy"])
def test_what_a_rollback_must_tell(key: str) -> None:
    """A rollback tells from where and who chose."""
    with pytest.raises(ValueError, match=key) as refusal:
        _ = made("rolled_back", **{key: None})
    assert isinstance(refusal.value, LastgoodError)


@pytest.mark.parametrize("kind", ["deploy", "", "Deployed", "rolled back", None, 1, ["deployed"]])
def test_what_is_no_kind(kind: object) -> None:
    """A kind that there is not is a `ValueError` that names those that there are."""
    with pytest.raises(ValueError, match="'deployed'") as refusal:
        _ = Event(untyped(kind), "1")
    assert "'rolled_back'" in str(refusal.value)


def test_all_but_the_kind_and_the_version_is_told_by_name() -> None:
    """An event takes two arguments by place."""
    with pytest.raises(TypeError):
        _ = untyped(Event)("deployed", "1", NOON)
    with pytest.raises(TypeError):
        _ = untyped(Event)("deployed")


def test_a_kind_is_kept_as_an_exact_text() -> None:
    """A kind of a subclass of `str` becomes the text that it is."""
    event = untyped(Event)(Kind.DEPLOYED, "1")
    assert event == Event("deployed", "1")
    assert type(event.event) is str
    assert type(event.to_dict()["event"]) is str


def test_an_event_keeps_its_time_in_utc() -> None:
    """A time of another offset is the same time in UTC."""
    event = Event("deployed", "1", at=NOON.astimezone(timezone(timedelta(hours=2))))
    assert event.at == NOON
    assert event.at is not None
    assert event.at.tzinfo is UTC
    assert event == Event("deployed", "1", at=NOON)


def test_an_event_checks_its_values() -> None:
    """What a command refuses, an event refuses."""
    with pytest.raises(InvalidTime):
        _ = Event("deployed", "1", at=NOON.replace(tzinfo=None))
    with pytest.raises(InvalidText):
        _ = Event("retired", "1", reason="\ud800")
    with pytest.raises(InvalidText):
        _ = Event("registered", "1", digest="")
    with pytest.raises(InvalidMetadata):
        _ = Event("registered", "1", metadata={"auc": float("nan")})


@pytest.mark.parametrize("key", sorted(set(DEFAULTS) - {"reason", "metadata"}))
def test_an_event_checks_its_types(key: str) -> None:
    """A value of another type is a `TypeError`."""
    kind = next(kind for kind, event in EVENTS.items() if key in event)
    with pytest.raises(TypeError):
        _ = made(kind, **{key: 7})


def test_events_are_equal_by_value() -> None:
    """Events are equal where all that they tell is."""
    one = Event("registered", "1", metadata={"a": 1, "b": 2}, at=NOON)
    two = Event("registered", "1", metadata={"b": 2, "a": 1}, at=NOON)
    assert one == two
    assert hash(one) == hash(two)
    assert one != Event("registered", "1", at=NOON)
    assert one != Event("registered", "2", metadata={"a": 1, "b": 2}, at=NOON)
    assert one != untyped(one.to_dict())


def test_an_event_is_frozen() -> None:
    """Nothing of an event can be set."""
    event = untyped(Event("deployed", "1"))
    for key in (*KEYS, "more"):
        with pytest.raises(AttributeError):
            setattr(event, key, None)


@each_kind
def test_the_data_of_an_event_is_a_copy(kind: str) -> None:
    """What becomes of the data afterwards does not touch the event."""
    event = Event.from_dict(EVENTS[kind])
    data = event.to_dict()
    data["version"] = "9"
    if "metadata" in data:
        data["metadata"]["auc"] = 0
    assert event.to_dict() == EVENTS[kind]
