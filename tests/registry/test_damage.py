"""Section 2.5: what is wrong with the events of a registry, in words that help.

Where damage is named, and that nothing else escapes, stands in ``tests/damage``.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lastgood import Event, InvalidData, LastgoodError, VersionRegistry
from tests.damage.changes import plain
from tests.damage.parts import GONE, damaged, inside
from tests.damage.reading import read_or_refused
from tests.damage.values import STRANGE_VALUES, StrangeFloat
from tests.registry.documents import EVENTS, KEYS, REQUIRED, document, some_event
from tests.registry.making import deployed
from tests.rows import each_row


def is_at(refusal: InvalidData, place: str) -> bool:
    """Whether the message begins with the place, and the place is the whole of it."""
    message = str(refusal)
    return refusal.place == place and message.startswith(f"{place}:")


@each_row("kind", EVENTS)
def test_the_keys_of_an_event(kind: str) -> None:
    """A key that the kind does not have, a null and a missing required key are refused."""
    data = EVENTS[kind]
    for key in sorted(set(KEYS) - set(data)):
        value = next(event[key] for event in EVENTS.values() if key in event)
        with pytest.raises(InvalidData):
            _ = Event.from_dict({**data, key: value})
    for key in data:
        with pytest.raises(InvalidData) as refusal:
            _ = Event.from_dict({**data, key: None})
        assert is_at(refusal.value, key)
        missing = damaged(data, (key,), GONE)
        if key in REQUIRED[kind]:
            with pytest.raises(InvalidData) as refusal:
                _ = Event.from_dict(missing)
            assert is_at(refusal.value, key)
        else:
            assert Event.from_dict(missing).to_dict() == missing


def test_the_place_of_an_event_on_its_own() -> None:
    """The place in the data of one event begins with its key."""
    with pytest.raises(InvalidData) as refusal:
        _ = Event.from_dict({"kind": "deployed", "version": "1", "at": "noon"})
    assert is_at(refusal.value, "at")


def test_the_message_of_an_unknown_key_names_it_and_the_known_keys() -> None:
    """A misspelling can be seen in the message."""
    with pytest.raises(InvalidData, match="'reasons'") as refusal:
        _ = Event.from_dict({"kind": "retired", "version": "1", "reasons": "x"})
    assert "'reason'" in str(refusal.value)
    assert " more" not in str(refusal.value)


def test_the_message_of_an_unknown_kind_names_the_known_kinds() -> None:
    """A misspelling can be seen in the message."""
    with pytest.raises(InvalidData, match="'deploy'") as refusal:
        _ = Event.from_dict({"kind": "deploy", "version": "1"})
    for kind in EVENTS:
        assert f"'{kind}'" in str(refusal.value)


def test_the_message_of_an_unknown_format_names_it() -> None:
    """The message shows that a newer release wrote the data."""
    with pytest.raises(InvalidData, match="2") as refusal:
        _ = VersionRegistry.from_dict({"format": 2, "events": []})
    assert is_at(refusal.value, "format")


def test_what_the_rules_refuse_says_what_the_command_would() -> None:
    """A refused event has the message of the command's error, and that error as its cause."""
    data = deployed("1").mark_failed("1", reason="slow").to_dict()
    data["events"].append({"kind": "deployed", "version": "1"})
    with pytest.raises(InvalidData, match="slow") as refusal:
        _ = VersionRegistry.from_dict(data)
    assert isinstance(refusal.value.__cause__, LastgoodError)
    assert str(refusal.value.__cause__) in str(refusal.value)


def test_the_first_damage_is_named() -> None:
    """Of several damages the message names that of the earliest event."""
    data = damaged(document(), ("events", 7, "reason"), 7)
    data = damaged(data, ("events", 2, "reason"), 7)
    with pytest.raises(InvalidData) as refusal:
        _ = VersionRegistry.from_dict(data)
    assert is_at(refusal.value, "events[2].reason")


def test_nothing_else_escapes_from_an_event() -> None:
    """No strange value is read as an event, as its kind or as its version."""
    for value in (*STRANGE_VALUES.values(), StrangeFloat(1.5)):
        wrong: list[object] = [value, {"kind": value, "version": "1"}]
        for data in (*wrong, {"kind": "deployed", "version": value}):
            with pytest.raises(InvalidData):
                _ = Event.from_dict(data)


def test_nothing_half_built_is_returned() -> None:
    """Damage in the last of many events leaves nothing of those before it."""
    data = deployed(*map(str, range(500))).to_dict()
    data["events"].append({"kind": "deployed", "version": "500"})
    with pytest.raises(InvalidData) as refusal:
        _ = VersionRegistry.from_dict(data)
    assert is_at(refusal.value, "events[1000]")


@given(events=st.lists(some_event, max_size=12))
def test_random_events(events: list[dict[str, object]]) -> None:
    """Random events of the right form are read and round-trip, or are refused at their place."""
    _ = read_or_refused("registry", {"format": 1, "events": events})


@given(data=plain(KEYS, ["1", *EVENTS]))
def test_random_data(data: object) -> None:
    """Data that never was a registry or an event is `InvalidData`."""
    _ = assume(not {"kind", "version"} <= {key for key, _ in inside(data)})
    with pytest.raises(InvalidData):
        _ = VersionRegistry.from_dict(data)
    with pytest.raises(InvalidData):
        _ = Event.from_dict(data)


def test_the_old_name_of_a_key_is_unknown() -> None:
    """An event says what it is under `kind`; the message about another key names that one."""
    with pytest.raises(InvalidData, match="'kind'"):
        _ = Event.from_dict({"event": "deployed", "version": "1"})
