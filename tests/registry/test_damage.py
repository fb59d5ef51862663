"""Section 2.5: whatever is wrong with the data is `InvalidData`; it starts with the place."""

import copy
import json
import math
from typing import Any, Final, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lastgood import Event, InvalidData, LastgoodError, VersionRegistry
from tests.registry.documents import (
    EVENTS,
    GONE,
    JSON_VALUES,
    KEYS,
    REQUIRED,
    STRANGE_VALUES,
    Path,
    damaged,
    document,
    example,
    inside,
    part_at,
    paths,
)
from tests.registry.making import NOON, deployed
from tests.rows import each_row


class StrangeFloat(float):
    """A number that cannot be shown."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


DOCUMENT: Final = document()
each_path = each_row("path", list(paths(DOCUMENT)))


def is_at(refusal: InvalidData, place: str) -> bool:
    """Whether the message begins with the place, and the place is the whole of it."""
    message = str(refusal)
    return refusal.place == place and message.startswith(f"{place}:")


def read_or_refused(data: Any) -> VersionRegistry | None:  # any data at all
    """Return the registry that is read, which must round-trip, or `None` for `InvalidData`."""
    try:
        registry = VersionRegistry.from_dict(data)
    except InvalidData as refusal:
        message = str(refusal)
        known = ("data", "format", "events")
        assert message.startswith(known), message  # a law for any data
        assert message.startswith(refusal.place)  # noqa: PT017  # as above
        assert len(message) < 1_000  # as above
        assert message.encode()  # as above
        return None
    written = registry.to_dict()
    assert VersionRegistry.from_dict(json.loads(json.dumps(written))) == registry
    assert VersionRegistry.from_dict(written).to_dict() == written
    return registry


# Each kind of damage, with its place

#: Where the damage is, what stands there, and the place that the message names.
DAMAGE: Final[dict[str, tuple[Path, object, str]]] = {
    "no format": (("format",), GONE, "format"),
    "no events": (("events",), GONE, "events"),
    "a null format": (("format",), None, "format"),
    "an older format": (("format",), 0, "format"),
    "a newer format": (("format",), 2, "format"),
    "a newer format as a float": (("format",), 2.0, "format"),
    "a negative format": (("format",), -1, "format"),
    "a huge format": (("format",), 10**5_000, "format"),
    "a bool for the format": (("format",), True, "format"),
    "a float for the format": (("format",), 1.5, "format"),
    "an infinite format": (("format",), math.inf, "format"),
    "a text for the format": (("format",), "1", "format"),
    "null events": (("events",), None, "events"),
    "an object of events": (("events",), {}, "events"),
    "a text of events": (("events",), "[]", "events"),
    "a tuple of events": (("events",), (), "events"),
    "a null event": (("events", 3), None, "events[3]"),
    "a text for an event": (("events", 3), "registered", "events[3]"),
    "a list for an event": (("events", 3), [], "events[3]"),
    "an empty event": (("events", 3), {}, "events[3].kind"),
    "no kind": (("events", 3, "kind"), GONE, "events[3].kind"),
    "a null kind": (("events", 3, "kind"), None, "events[3].kind"),
    "an unknown kind": (("events", 3, "kind"), "promoted", "events[3].kind"),
    "a kind of another case": (("events", 3, "kind"), "Registered", "events[3].kind"),
    "a number for a kind": (("events", 3, "kind"), 1, "events[3].kind"),
    "a list for a kind": (("events", 3, "kind"), ["registered"], "events[3].kind"),
    "an object for a kind": (("events", 3, "kind"), {}, "events[3].kind"),
    "no version": (("events", 3, "version"), GONE, "events[3].version"),
    "a null version": (("events", 3, "version"), None, "events[3].version"),
    "an empty version": (("events", 3, "version"), "", "events[3].version"),
    "a number for a version": (("events", 3, "version"), 2, "events[3].version"),
    "a version that is too long": (("events", 3, "version"), "x" * 257, "events[3].version"),
    "a version with a surrogate": (("events", 3, "version"), "\ud800", "events[3].version"),
    "a version with white space": (("events", 3, "version"), "2 ", "events[3].version"),
    "a version with a control": (("events", 3, "version"), "2\x002", "events[3].version"),
    "a null time": (("events", 0, "at"), None, "events[0].at"),
    "a number for a time": (("events", 0, "at"), 1714564800, "events[0].at"),
    "an empty time": (("events", 0, "at"), "", "events[0].at"),
    "a word for a time": (("events", 0, "at"), "yesterday", "events[0].at"),
    "a date for a time": (("events", 0, "at"), "2024-05-01", "events[0].at"),
    "a naive time": (("events", 0, "at"), "2024-05-01T12:00:00", "events[0].at"),
    "a day that is none": (("events", 0, "at"), "2024-02-30T12:00:00Z", "events[0].at"),
    "an hour that is none": (("events", 0, "at"), "2024-05-01T25:00:00Z", "events[0].at"),
    "a year that is none": (("events", 0, "at"), "0000-05-01T12:00:00Z", "events[0].at"),
    "an offset that is none": (("events", 0, "at"), "2024-05-01T12:00:00+24:00", "events[0].at"),
    "a time after the last": (("events", 0, "at"), "9999-12-31T23:59:00-01:00", "events[0].at"),
    "a time before the first": (("events", 0, "at"), "0001-01-01T00:00:00+01:00", "events[0].at"),
    "a time with more": (("events", 0, "at"), "2024-05-01T12:00:00Z\n", "events[0].at"),
    "a time in Arabic digits": (("events", 0, "at"), "٢٠٢٤-05-01T12:00:00Z", "events[0].at"),
    "a time with a surrogate": (("events", 0, "at"), "2024-05-01\ud80012:00:00Z", "events[0].at"),
    "a time of a great length": (("events", 0, "at"), "2" * 100_000, "events[0].at"),
    "a time itself": (("events", 0, "at"), NOON, "events[0].at"),
    "a null reason": (("events", 2, "reason"), None, "events[2].reason"),
    "a number for a reason": (("events", 2, "reason"), 7, "events[2].reason"),
    "a surrogate in a reason": (("events", 2, "reason"), "x\udfff", "events[2].reason"),
    "a null by": (("events", 1, "by"), None, "events[1].by"),
    "a number for by": (("events", 1, "by"), 7, "events[1].by"),
    "a surrogate in by": (("events", 1, "by"), "\udfff", "events[1].by"),
    "a null digest": (("events", 0, "digest"), None, "events[0].digest"),
    "an empty digest": (("events", 0, "digest"), "", "events[0].digest"),
    "a number for a digest": (("events", 0, "digest"), 7, "events[0].digest"),
    "a surrogate in a digest": (("events", 0, "digest"), "\ud800", "events[0].digest"),
    "a digest of a deployment": (("events", 1, "digest"), "x", "events[1]"),
    "null metadata": (("events", 0, "metadata"), None, "events[0].metadata"),
    "a list for metadata": (("events", 0, "metadata"), [], "events[0].metadata"),
    "a text for metadata": (("events", 0, "metadata"), "{}", "events[0].metadata"),
    "nested metadata": (("events", 0, "metadata", "auc"), [1], "events[0].metadata"),
    "deep metadata": (
        ("events", 0, "metadata", "auc"),
        STRANGE_VALUES["a deep object"],
        "events[0].metadata",
    ),
    "metadata that is no number": (
        ("events", 0, "metadata", "auc"),
        math.nan,
        "events[0].metadata",
    ),
    "metadata beyond every float": (
        ("events", 0, "metadata", "auc"),
        10**400,
        "events[0].metadata",
    ),
    "a surrogate in metadata": (("events", 0, "metadata", "auc"), "\ud800", "events[0].metadata"),
    "a surrogate in a key of metadata": (
        ("events", 0, "metadata", "\ud800"),
        1,
        "events[0].metadata",
    ),
    "metadata of a deployment": (("events", 1, "metadata"), {}, "events[1]"),
    "an annotation without metadata": (("events", 10, "metadata"), GONE, "events[10].metadata"),
    "an annotation of nothing": (("events", 10, "metadata"), {}, "events[10].metadata"),
    "an annotation with a digest": (("events", 10, "digest"), "sha256:bb", "events[10]"),
    "no source": (("events", 6, "source"), GONE, "events[6].source"),
    "a null source": (("events", 6, "source"), None, "events[6].source"),
    "an empty source": (("events", 6, "source"), "", "events[6].source"),
    "a source of a deployment": (("events", 1, "source"), "1", "events[1]"),
    "no strategy": (("events", 6, "strategy"), GONE, "events[6].strategy"),
    "a null strategy": (("events", 6, "strategy"), None, "events[6].strategy"),
    "a number for a strategy": (("events", 6, "strategy"), 1, "events[6].strategy"),
    "a surrogate in a strategy": (("events", 6, "strategy"), "\ud800", "events[6].strategy"),
    "an unknown key": (("events", 4, "who"), "me", "events[4]"),
    "an unknown null key": (("events", 4, "who"), None, "events[4]"),
    "an unknown key with a surrogate": (("events", 4, "\ud800"), "me", "events[4]"),
    "an unknown key of a great length": (("events", 4, "x" * 100_000), "me", "events[4]"),
    "registered twice": (("events", 3, "version"), "1", "events[3]"),
    "deployed unknown": (("events", 1, "version"), "3", "events[1]"),
    "deployed before it was registered": (("events", 0, "version"), "2", "events[1]"),
    "rolled back from another": (("events", 6, "source"), "1", "events[6]"),
    "rolled back to itself": (("events", 6, "version"), "2", "events[6]"),
    "rolled back to an unknown version": (("events", 6, "version"), "3", "events[6]"),
    "reinstated unknown": (("events", 7, "version"), "3", "events[7]"),
    "annotated unknown": (("events", 10, "version"), "3", "events[10]"),
    "undeployed unknown": (("events", 11, "version"), "3", "events[11]"),
    "undeployed another": (("events", 11, "version"), "1", "events[11]"),
    "a transition that is refused": (
        ("events", 6),
        {"kind": "deployed", "version": "2"},
        "events[6]",
    ),
}

#: The place of these is the object; it may name the key as well.
_WHOLE_OBJECTS: Final = {
    "a digest of a deployment",
    "metadata of a deployment",
    "an annotation with a digest",
    "a source of a deployment",
    "an unknown key",
    "an unknown null key",
    "an unknown key with a surrogate",
    "an unknown key of a great length",
}


@each_row("kind", DAMAGE)
def test_damage_is_refused_with_its_place(kind: str) -> None:
    """Each kind of damage is `InvalidData`, whose message starts with the place of the damage."""
    path, value, place = DAMAGE[kind]
    with pytest.raises(InvalidData) as refusal:
        _ = VersionRegistry.from_dict(damaged(DOCUMENT, path, value))
    if kind in _WHOLE_OBJECTS or place.endswith(".metadata"):
        assert refusal.value.place.startswith(place)
        assert str(refusal.value).startswith(refusal.value.place)
    else:
        assert is_at(refusal.value, place)
    assert isinstance(refusal.value, ValueError)


@each_row("value", [None, [], "", 0, (), {"format": 1, "events": [], "more": 1}])
def test_damage_of_the_whole(value: object) -> None:
    """Data that is not a registry at all is refused with a place as well."""
    with pytest.raises(InvalidData) as refusal:
        _ = VersionRegistry.from_dict(value)
    assert refusal.value.place
    assert str(refusal.value).startswith(refusal.value.place)


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
    data = damaged(DOCUMENT, ("events", 7, "reason"), 7)
    data = damaged(data, ("events", 2, "reason"), 7)
    with pytest.raises(InvalidData) as refusal:
        _ = VersionRegistry.from_dict(data)
    assert is_at(refusal.value, "events[2].reason")


# Nothing else escapes


@each_path
def test_nothing_else_escapes(path: Path) -> None:
    """Any value anywhere in the data, or none, is read and round-trips, or is `InvalidData`."""
    for value in (*JSON_VALUES.values(), *STRANGE_VALUES.values()):
        _ = read_or_refused(damaged(DOCUMENT, path, value))
    if path:
        _ = read_or_refused(damaged(DOCUMENT, path, GONE))


def test_the_undamaged_data_are_read() -> None:
    """The data that the tests above damage is right."""
    assert read_or_refused(DOCUMENT) == example()


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


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["1", "2", "3", *EVENTS, "2024-05-01T12:00:00Z", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=4,
)

some_event = st.sampled_from(list(EVENTS.values())).flatmap(
    lambda event: st.sampled_from("123").map(lambda label: {**event, "version": label})
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:  # any data at all
    """Draw data that was right, with a few random changes."""
    data: Any = copy.deepcopy(DOCUMENT)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(paths(data))))
        match draw(st.sampled_from(["replace", "remove", "add", "insert", "swap", "event"])):
            case "replace":
                data = damaged(data, path, draw(plain))
            case "remove" if path:
                data = damaged(data, path, GONE)
            case "add":
                key = draw(st.sampled_from([*KEYS, "more"]))
                if isinstance(part_at(data, path), dict):
                    data = damaged(data, (*path, key), draw(plain))
            case "insert" | "swap" | "event" as how:
                shuffle(draw, data, how)
            case _:
                pass
    return data


def shuffle(draw: st.DrawFn, data: object, how: str) -> None:
    """Change the list of events, if there is one: repeat, swap or add events."""
    found = dict(inside(data)).get("events")
    if not isinstance(found, list) or not found:
        return
    events = cast("list[object]", found)
    places = st.integers(0, len(events) - 1)
    one, two = draw(places), draw(places)
    if how == "insert":
        events.insert(one, copy.deepcopy(events[two]))
    elif how == "swap":
        events[one], events[two] = events[two], events[one]
    else:
        events.insert(one, draw(some_event))


@given(data=mutated())
def test_random_damage(data: object) -> None:
    """Random damage is read and round-trips, or is `InvalidData`; nothing else escapes."""
    _ = read_or_refused(data)


@given(events=st.lists(some_event, max_size=12))
def test_random_events(events: list[dict[str, object]]) -> None:
    """Random events of the right form are read and round-trip, or are refused at their place."""
    _ = read_or_refused({"format": 1, "events": events})


@given(data=plain)
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
