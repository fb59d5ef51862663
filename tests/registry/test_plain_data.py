"""Section 2.5: registries as plain data, out and in."""

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import Event, InvalidData, InvalidMetadata, VersionRegistry
from tests.damage.parts import part_at, paths
from tests.registry.documents import EVENTS, KEYS, REQUIRED, document, example
from tests.registry.making import NOON, answers, deployed, hour, untyped
from tests.rows import each_row

each_kind = each_row("kind", EVENTS)


def test_the_data_of_a_registry() -> None:
    """A registry is its format and its events, in plain JSON types."""
    assert document() == {
        "format": 1,
        "events": [
            {
                "kind": "registered",
                "version": "1",
                "at": "2024-05-01T12:00:00+00:00",
                "metadata": {"auc": 0.9, "note": None},
                "digest": "sha256:aa",
            },
            {
                "kind": "deployed",
                "version": "1",
                "at": "2024-05-01T13:00:00+00:00",
                "reason": "nightly",
                "by": "pipeline 7",
            },
            {
                "kind": "marked_stable",
                "version": "1",
                "at": "2024-05-01T14:00:00+00:00",
                "reason": "fine",
                "by": "ana",
            },
            {"kind": "registered", "version": "2"},
            {"kind": "deployed", "version": "2"},
            {"kind": "marked_failed", "version": "2", "reason": "slow"},
            {
                "kind": "rolled_back",
                "version": "1",
                "source": "2",
                "strategy": "by hand",
                "at": "2024-05-01T15:00:00+00:00",
                "reason": "paged",
                "by": "ben",
            },
            {"kind": "reinstated", "version": "2", "reason": "false alarm"},
            {"kind": "retired", "version": "2", "reason": "licence"},
            {
                "kind": "observed",
                "version": "2",
                "at": "2024-05-01T16:00:00+00:00",
                "reason": "by hand",
            },
            {
                "kind": "annotated",
                "version": "2",
                "metadata": {"migration": True, "note": "late"},
                "by": "ana",
            },
            {"kind": "undeployed", "version": "2"},
        ],
    }


def test_the_data_of_an_empty_registry() -> None:
    """A registry without events is an empty list."""
    assert VersionRegistry().to_dict() == {"format": 1, "events": []}
    assert VersionRegistry.from_dict({"format": 1, "events": []}) == VersionRegistry()


def test_the_round_trip_is_exact() -> None:
    """A registry that is written and read is the same one, through JSON text too."""
    registry = example()
    data = registry.to_dict()
    restored = VersionRegistry.from_dict(json.loads(json.dumps(data)))
    assert restored == registry
    assert answers(restored) == answers(registry)
    assert restored.to_dict() == data
    assert json.dumps(restored.to_dict()) == json.dumps(data)


def test_the_data_is_plain() -> None:
    """Only the types that JSON has are written, and only finite numbers."""
    data: object = document()
    found = {type(part_at(data, path)) for path in paths(data)}
    assert found <= {dict, list, str, int, float, bool, type(None)}
    assert {type(step) for path in paths(data) for step in path} == {str, int}
    assert json.loads(json.dumps(document(), allow_nan=False)) == document()


def test_the_data_is_a_copy() -> None:
    """Later changes of the data do not touch the registry, on writing or reading."""
    registry = example()
    data = registry.to_dict()
    restored = VersionRegistry.from_dict(data)
    data["events"][0]["metadata"]["auc"] = 0
    data["events"][10]["metadata"].clear()
    data["events"].clear()
    assert restored == registry == example()


def test_the_data_is_not_changed() -> None:
    """Reading leaves the data as it is."""
    data = document()
    _ = VersionRegistry.from_dict(data)
    assert data == document()


def test_the_clock_is_not_stored() -> None:
    """A registry that is read has the clock of its events, not the one that was set."""
    registry = example()
    restored = VersionRegistry.from_dict(registry.with_clock(hour(99)).to_dict())
    assert restored == registry
    assert restored.clock == hour(4)
    assert registry.with_clock(hour(99)).to_dict() == registry.to_dict()


def test_an_old_registry_does_not_write_the_future() -> None:
    """Events that were recorded later in another registry are not in the data."""
    before = deployed("1")
    data = before.to_dict()
    after = before.register("2")
    assert before.to_dict() == data
    assert len(after.to_dict()["events"]) == 3


@each_kind
def test_an_event_round_trips(kind: str) -> None:
    """One event of each kind is read and written with every key that it may have."""
    event = Event.from_dict(EVENTS[kind])
    assert event.to_dict() == EVENTS[kind]
    assert event.kind == kind
    assert event.at == NOON
    assert Event.from_dict(json.loads(json.dumps(event.to_dict()))) == event


@each_kind
def test_the_attributes_of_an_event_have_the_names_of_the_keys(kind: str) -> None:
    """The value under a key is the attribute of that name; others have their default."""
    event = Event.from_dict(EVENTS[kind])
    defaults: dict[str, object] = {
        "at": None,
        "by": "",
        "metadata": {},
        "digest": None,
        "reason": "",
        "source": None,
    }
    for key in KEYS:
        expected = EVENTS[kind].get(key, defaults.get(key))
        found = getattr(event, key)
        assert (found.isoformat() if isinstance(found, datetime) else found) == expected


@each_kind
def test_a_key_that_equals_its_default_may_be_left_out(kind: str) -> None:
    """A key that is left out has its default, and is left out again on writing."""
    bare = {key: value for key, value in EVENTS[kind].items() if key in REQUIRED[kind]}
    event = Event.from_dict(bare)
    assert event.to_dict() == bare
    assert (event.at, event.reason, event.by, event.digest) == (None, "", "", None)


@each_kind
def test_a_key_that_equals_its_default_may_be_given(kind: str) -> None:
    """A default that is written out is read, and left out on writing."""
    bare = {key: value for key, value in EVENTS[kind].items() if key in REQUIRED[kind]}
    defaults: dict[str, object] = {"reason": "", "by": ""}
    if kind == "registered":
        defaults["metadata"] = {}
    assert Event.from_dict({**bare, **defaults}).to_dict() == bare


def test_the_order_of_keys_does_not_matter() -> None:
    """JSON objects have no order."""
    data = document()
    for place, event in enumerate(data["events"]):
        data["events"][place] = dict(reversed(event.items()))
    assert VersionRegistry.from_dict(dict(reversed(data.items()))) == example()


@each_row(
    "text",
    [
        "2024-05-01T12:00:00+00:00",
        "2024-05-01T12:00:00Z",
        "2024-05-01T12:00:00.000000Z",
        "2024-05-01 12:00:00+00:00",
        "2024-05-01T12:00Z",
        "2024-05-01T12Z",
        "20240501T120000Z",
        "20240501T120000+0000",
        "2024-W18-3T12:00:00Z",
        "2024-05-01T14:00:00+02:00",
        "2024-05-01T14:00:00+02",
        "2024-05-01T14:00:00+0200",
        "2024-05-01T06:30:00-05:30",
        "2024-05-02T02:00:00+14:00",
        "2024-05-01T12:00:00-00:00",
        "2024-05-01T12:00:01+00:00:01",
    ],
)
def test_other_forms_of_iso_8601(text: str) -> None:
    """A time in any form of ISO 8601 and with any offset is read, and kept in UTC."""
    event = Event.from_dict({"kind": "deployed", "version": "1", "at": text})
    assert event.at == NOON
    assert event.to_dict()["at"] == "2024-05-01T12:00:00+00:00"


@pytest.mark.parametrize("microsecond", [0, 1, 10, 999_999])
def test_times_are_written_to_the_microsecond(microsecond: int) -> None:
    """The whole time is written, in a form that every reader of ISO 8601 has."""
    at = NOON.replace(microsecond=microsecond)
    data = Event("deployed", "1", at=at.astimezone(timezone(timedelta(hours=2)))).to_dict()
    assert data["at"] == at.isoformat()
    assert Event.from_dict(data).at == at


@pytest.mark.parametrize("text", ["x" * 100_000, "🙂" * 100_000, "\x00\n\t\x1b", "\u202e\u2028"])
def test_texts_of_any_length_and_kind_round_trip(text: str) -> None:
    """Reasons, names, digests, metadata and strategies may have any length and any character."""
    registry = VersionRegistry().register("1", digest=text, metadata={text: text}).deploy("1")
    registry = registry.register("2", by=text).deploy("2").mark_failed("2", reason=text)
    event = Event("rolled_back", "1", source="2", strategy=text, reason=text, by=text)
    registry = VersionRegistry.replay([*registry.events, event])
    assert VersionRegistry.from_dict(json.loads(json.dumps(registry.to_dict()))) == registry


def test_there_is_no_limit_on_events() -> None:
    """A long history is read as it was written."""
    registry = deployed("1")
    for _ in range(5_000):
        registry = registry.mark_failed("1").reinstate("1")
    assert VersionRegistry.from_dict(registry.to_dict()) == registry


def test_data_that_an_older_release_reads() -> None:
    """A release writes the lowest format that can express the registry, and there is only one."""
    assert document()["format"] == 1
    assert type(document()["format"]) is int


def test_data_that_was_written_by_hand_is_read() -> None:
    """Data with only the keys that are needed makes a registry that answers."""
    registry = VersionRegistry.from_dict(
        {
            "format": 1,
            "events": [
                {"kind": "registered", "version": "1"},
                {"kind": "deployed", "version": "1"},
                {"kind": "registered", "version": "2"},
                {"kind": "deployed", "version": "2"},
                {"kind": "rolled_back", "version": "1", "source": "2", "strategy": "me"},
            ],
        }
    )
    assert registry.current == "1"
    assert registry["2"].status == "rolled_back"


def test_an_event_is_not_its_data() -> None:
    """An `Event` in place of its data is refused."""
    with pytest.raises(InvalidData):
        _ = Event.from_dict(untyped(Event("registered", "1")))


# Numbers


@each_row(
    "value",
    [0, -0.0, 0.1, 1.0, 1, True, 1e300, 2**53 + 1, -(2**63), "1", "", None, "é\u2028🙂", "\x00"],
)
def test_metadata_round_trips_exactly(value: str | float | bool | None) -> None:  # noqa: FBT001  # metadata
    """Values come back with their type, to the last bit, through JSON text too."""
    registry = VersionRegistry().register("1", metadata={"key": value})
    restored = VersionRegistry.from_dict(json.loads(json.dumps(registry.to_dict())))
    found = restored["1"].metadata["key"]
    assert type(found) is type(value)
    assert repr(found) == repr(value)
    if isinstance(value, float) and isinstance(found, float):
        assert math.copysign(1, found) == math.copysign(1, value)


def as_javascript_writes(value: float) -> str:
    """Return the number as `JSON.stringify` writes it: whole ones below 1e21 in full, in digits."""
    if value.is_integer() and abs(value) < 1e21:
        digits, _, exponent = repr(value).removesuffix(".0").partition("e")
        whole, _, fraction = digits.partition(".")
        return f"{whole}{fraction}{'0' * (int(exponent or '0') - len(fraction))}".replace("-0", "0")
    return repr(value)


#: How other languages write numbers that they read: a whole float loses its point, an integer may
#: get one, and so may one that is written with an exponent.
OTHERS: Final[dict[str, Callable[[float], str]]] = {
    "JavaScript": as_javascript_writes,
    "Gson": lambda value: repr(float(value)),
    "Go": lambda value: as_javascript_writes(value) if abs(value) < 1e21 else f"{value:e}",
    "with an exponent": lambda value: f"{value:.20e}",
}


@pytest.mark.parametrize("language", OTHERS)
def test_a_number_as_another_language_writes_it(language: str) -> None:
    """A float of metadata comes back equal, with an equal registry and fingerprint."""
    for value in (0.0, -0.0, 1.0, -7.0, 0.25, 1e15, 2.0**53, 2.0**63, -(2.0**64), 3.1e20, 1e21):
        registry = VersionRegistry().register("1", metadata={"key": value})
        registry = registry.annotate("1", {"k": value})
        text = json.dumps(registry.to_dict()).replace(json.dumps(value), OTHERS[language](value))
        restored = VersionRegistry.from_dict(json.loads(text))
        assert restored["1"].metadata == {"key": value, "k": value}
        assert restored == registry
        assert hash(restored) == hash(registry)
        assert restored.fingerprint == registry.fingerprint


@each_row("whole", [2**63, 2**63 + 1, -(2**63) - 1, (3.1e20).__int__(), 10**300])
def test_a_whole_number_beyond_64_bits_is_read_as_a_float(whole: int) -> None:
    """Data may have it, as the float that it was; a command and an `Event` refuse it."""
    data = {"kind": "registered", "version": "1", "metadata": {"key": whole}}
    event = Event.from_dict(data)
    found = event.metadata["key"]
    assert type(found) is float
    assert found == float(whole)
    assert VersionRegistry.from_dict({"format": 1, "events": [data]})["1"].metadata["key"] == found
    with pytest.raises(InvalidMetadata):
        _ = VersionRegistry().register("1", metadata={"key": whole})
    with pytest.raises(InvalidMetadata):
        _ = Event("registered", "1", metadata={"key": whole})


@pytest.mark.parametrize("whole", [2**63 - 1, -(2**63), 2**53 + 1])
def test_a_whole_number_of_64_bits_stays_exact(whole: int) -> None:
    """An integer that fits is read as the integer that it is."""
    event = Event.from_dict({"kind": "annotated", "version": "1", "metadata": {"key": whole}})
    assert event.metadata["key"] == whole
    assert type(event.metadata["key"]) is int


def test_the_format_may_be_written_as_a_float() -> None:
    """`1.0` is the format 1, as Gson writes it."""
    data = {**document(), "format": 1.0}
    assert VersionRegistry.from_dict(data) == example()
    assert type(VersionRegistry.from_dict(data).to_dict()["format"]) is int


def test_numbers_that_are_equal_make_equal_registries() -> None:
    """`1` and `1.0` are the same value; `true` is another one."""
    one, same, other = (
        VersionRegistry().register("1", metadata={"key": value}) for value in (1, 1.0, True)
    )
    assert one == same
    assert hash(one) == hash(same)
    assert one.fingerprint == same.fingerprint
    assert one != other
    assert one.fingerprint != other.fingerprint


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_any_float_survives_javascript(value: float) -> None:
    """JavaScript reads and writes it, and the registry is an equal one.

    Whole floats from 2**53 to 2**63 are an exception: JavaScript writes them as another integer of
    the same float, and such an integer is kept exactly, because it may have been one.
    """
    registry = VersionRegistry().register("1", metadata={"key": value})
    data: Any = registry.to_dict()
    data["events"][0]["metadata"]["key"] = json.loads(as_javascript_writes(value))
    restored = VersionRegistry.from_dict(data)
    found = restored["1"].metadata["key"]
    if isinstance(found, int) and 2**53 <= abs(found) < 2**63:
        assert float(found) == value
        return
    assert restored == registry
    assert restored.fingerprint == registry.fingerprint
