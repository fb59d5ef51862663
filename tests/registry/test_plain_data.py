"""Section 2.5: registries as plain data, out and in."""

import json
import math
from datetime import datetime, timedelta, timezone

import pytest

from lastgood import Event, InvalidData, VersionRegistry
from tests.registry.documents import EVENTS, KEYS, document, example, part_at, paths
from tests.registry.making import NOON, answers, deployed, hour, untyped

each_kind = pytest.mark.parametrize("kind", EVENTS)


def test_the_data_of_a_registry() -> None:
    """A registry is its format and its events, in plain JSON types."""
    assert document() == {
        "format": 1,
        "events": [
            {
                "event": "registered",
                "version": "1",
                "at": "2024-05-01T12:00:00+00:00",
                "metadata": {"auc": 0.9, "note": None},
                "digest": "sha256:aa",
            },
            {"event": "deployed", "version": "1", "at": "2024-05-01T13:00:00+00:00"},
            {
                "event": "marked_stable",
                "version": "1",
                "at": "2024-05-01T14:00:00+00:00",
                "reason": "fine",
            },
            {"event": "registered", "version": "2"},
            {"event": "deployed", "version": "2"},
            {"event": "marked_failed", "version": "2", "reason": "slow"},
            {
                "event": "rolled_back",
                "version": "1",
                "source": "2",
                "strategy": "by hand",
                "at": "2024-05-01T15:00:00+00:00",
                "reason": "paged",
            },
            {"event": "reinstated", "version": "2", "reason": "false alarm"},
            {"event": "retired", "version": "2", "reason": "licence"},
            {
                "event": "observed",
                "version": "2",
                "at": "2024-05-01T16:00:00+00:00",
                "reason": "by hand",
            },
        ],
    }


def test_the_data_of_an_empty_registry() -> None:
    """Nothing recorded is an empty list."""
    assert VersionRegistry().to_dict() == {"format": 1, "events": []}
    assert VersionRegistry.from_dict({"format": 1, "events": []}) == VersionRegistry()


def test_the_round_trip_is_exact() -> None:
    """What is written and read is the same registry, through JSON text too."""
    registry = example()
    data = registry.to_dict()
    restored = VersionRegistry.from_dict(json.loads(json.dumps(data)))
    assert restored == registry
    assert answers(restored) == answers(registry)
    assert restored.to_dict() == data
    assert json.dumps(restored.to_dict()) == json.dumps(data)


def test_the_data_is_plain() -> None:
    """Nothing but the types that JSON has is written, and nothing that is no number."""
    data: object = document()
    found = {type(part_at(data, path)) for path in paths(data)}
    assert found <= {dict, list, str, int, float, bool, type(None)}
    assert {type(step) for path in paths(data) for step in path} == {str, int}
    assert json.loads(json.dumps(document(), allow_nan=False)) == document()


def test_the_data_is_a_copy() -> None:
    """What becomes of the data afterwards does not touch the registry, on writing or reading."""
    registry = example()
    data = registry.to_dict()
    restored = VersionRegistry.from_dict(data)
    data["events"][0]["metadata"]["auc"] = 0
    data["events"].clear()
    assert restored == registry == example()


def test_the_data_is_not_changed() -> None:
    """Reading leaves the data as it is."""
    data = document()
    _ = VersionRegistry.from_dict(data)
    assert data == document()


def test_the_clock_is_not_stored() -> None:
    """What is read has the clock that its events tell, not the one that was set."""
    registry = example()
    restored = VersionRegistry.from_dict(registry.with_clock(hour(99)).to_dict())
    assert restored == registry
    assert restored.clock == hour(4)
    assert registry.with_clock(hour(99)).to_dict() == registry.to_dict()


def test_an_old_registry_does_not_write_the_future() -> None:
    """What was recorded later in another registry is not in the data."""
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
    assert event.event == kind
    assert event.at == NOON
    assert Event.from_dict(json.loads(json.dumps(event.to_dict()))) == event


@each_kind
def test_the_attributes_of_an_event_have_the_names_of_the_keys(kind: str) -> None:
    """What stands under a key is the attribute of that name; what is not told has its default."""
    event = Event.from_dict(EVENTS[kind])
    defaults: dict[str, object] = {
        "at": None,
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
def test_what_equals_its_default_may_be_left_out(kind: str) -> None:
    """A key left out has its default, and is left out again on writing."""
    required = {"event", "version", "source", "strategy"}
    bare = {key: value for key, value in EVENTS[kind].items() if key in required}
    event = Event.from_dict(bare)
    assert event.to_dict() == bare
    assert (event.at, event.reason, event.digest, dict(event.metadata)) == (None, "", None, {})


def test_what_equals_its_default_may_be_told() -> None:
    """A default that is told is read, and left out on writing."""
    told: dict[str, object] = {"event": "registered", "version": "1", "metadata": {}}
    assert Event.from_dict(told).to_dict() == {"event": "registered", "version": "1"}
    told = {"event": "retired", "version": "1", "reason": ""}
    assert Event.from_dict(told).to_dict() == {"event": "retired", "version": "1"}


def test_the_order_of_keys_does_not_matter() -> None:
    """JSON objects have no order."""
    data = document()
    for place, event in enumerate(data["events"]):
        data["events"][place] = dict(reversed(event.items()))
    assert VersionRegistry.from_dict(dict(reversed(data.items()))) == example()


@pytest.mark.parametrize(
    "told",
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
def test_other_forms_of_iso_8601(told: str) -> None:
    """A time in any form of ISO 8601 and with any offset is read, and kept in UTC."""
    event = Event.from_dict({"event": "deployed", "version": "1", "at": told})
    assert event.at == NOON
    assert event.to_dict()["at"] == "2024-05-01T12:00:00+00:00"


@pytest.mark.parametrize("microsecond", [0, 1, 10, 999_999])
def test_times_are_written_to_the_microsecond(microsecond: int) -> None:
    """What is written is the whole time, in a form that every reader of ISO 8601 has."""
    at = NOON.replace(microsecond=microsecond)
    data = Event("deployed", "1", at=at.astimezone(timezone(timedelta(hours=2)))).to_dict()
    assert data["at"] == at.isoformat()
    assert Event.from_dict(data).at == at


@pytest.mark.parametrize(
    "value",
    [0, -0.0, 0.1, 1.0, 1, True, 1e300, 2**53 + 1, -(2**63), "1", "", None, "é\u2028🙂", "\x00"],
    ids=repr,
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


@pytest.mark.parametrize("text", ["x" * 100_000, "🙂" * 100_000, "\x00\n\t\x1b", "\u202e\u2028"])
def test_texts_of_any_length_and_kind_round_trip(text: str) -> None:
    """Reasons, digests, metadata and strategies may be of any length and have any character."""
    registry = VersionRegistry().register("1", digest=text, metadata={text: text}).deploy("1")
    registry = registry.register("2").deploy("2").mark_failed("2", reason=text)
    event = Event("rolled_back", "1", source="2", strategy=text, reason=text)
    registry = VersionRegistry.replay([*registry.events, event])
    assert VersionRegistry.from_dict(json.loads(json.dumps(registry.to_dict()))) == registry


def test_there_is_no_limit_on_events() -> None:
    """A long history is read as it was written."""
    registry = deployed("1")
    for _ in range(5_000):
        registry = registry.mark_failed("1").reinstate("1")
    assert VersionRegistry.from_dict(registry.to_dict()) == registry


def test_data_that_an_older_release_reads() -> None:
    """A release writes the lowest format that can express the registry, and there is but one."""
    assert document()["format"] == 1
    assert type(document()["format"]) is int


def test_what_is_written_by_hand_is_read() -> None:
    """Data that only just has what it needs makes a registry that answers."""
    registry = VersionRegistry.from_dict(
        {
            "format": 1,
            "events": [
                {"event": "registered", "version": "1"},
                {"event": "deployed", "version": "1"},
                {"event": "registered", "version": "2"},
                {"event": "deployed", "version": "2"},
                {"event": "rolled_back", "version": "1", "source": "2", "strategy": "me"},
            ],
        }
    )
    assert registry.current == "1"
    assert registry["2"].status.value == "rolled_back"


def test_an_event_is_read_as_data_only() -> None:
    """An `Event` where its data belongs is refused."""
    with pytest.raises(InvalidData):
        _ = Event.from_dict(untyped(Event("registered", "1")))
