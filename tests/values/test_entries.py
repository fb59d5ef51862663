"""Entries: what a store keeps of each event, and what it refuses to read."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lastgood import Event, InvalidData, VersionRegistry, from_entries, to_entries
from tests.rows import each_row

RECORD = VersionRegistry().register("v1").deploy("v1").mark_stable("v1", reason="24 h")


def test_an_entry_says_what_it_is_and_what_it_follows() -> None:
    """It has the event, the format of its data, and the fingerprint of all events up to it."""
    entries = to_entries(RECORD.events)

    assert [entry["event"] for entry in entries] == [event.to_dict() for event in RECORD.events]
    assert {entry["format"] for entry in entries} == {Event.format}
    assert [entry["fingerprint"] for entry in entries] == [
        RECORD.at_revision(revision).fingerprint for revision in (1, 2, 3)
    ]


def test_entries_are_read_as_they_were_written() -> None:
    """Through JSON as well, from the beginning or from any revision."""
    for revision in range(RECORD.revision + 1):
        known = RECORD.at_revision(revision)
        news = tuple(RECORD.events[revision:])
        entries = json.loads(json.dumps(to_entries(news, after=known.fingerprint)))
        assert from_entries(entries, after=known.fingerprint) == news


def _without(entry: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != key}


#: What was changed in the entries, and how the message begins.
CHANGES: dict[str, tuple[Callable[[list[dict[str, Any]]], list[Any]], str]] = {
    "the first one is missing": (
        lambda e: e[1:],
        (
            "entries[0].fingerprint: 2-49872293 does not follow 0-00000000: entries before it are "
            "missing, or it was changed"
        ),
    ),
    "one between is missing": (
        lambda e: [e[0], e[2]],
        "entries[1].fingerprint: 3-",
    ),
    "another event": (
        lambda e: [e[0], e[1] | {"event": {"kind": "retired", "version": "v1"}}],
        "entries[1].fingerprint: 2-",
    ),
    "a later format": (
        lambda e: [e[0] | {"format": 2, "more": 1}],
        "entries[0].format: 2 is not supported; this release reads 1",
    ),
    "a text": (
        lambda e: [e[0] | {"format": "1"}],
        "entries[0].format: '1' is not supported",
    ),
    "a bool": (
        lambda e: [e[0] | {"format": True}],
        "entries[0].format: True is not supported",
    ),
    "null": (
        lambda e: [e[0] | {"format": None}],
        "entries[0].format: must not be null",
    ),
    "no format": (
        lambda e: [_without(e[0], "format")],
        "entries[0].format: the key is missing",
    ),
    "an unknown key": (
        lambda e: [e[0] | {"more": 1}],
        "entries[0]: unknown key 'more'",
    ),
    "an unknown kind": (
        lambda e: [e[0], e[1] | {"event": {"kind": "gone", "version": "v1"}}],
        "entries[1].event.kind: unknown kind of event 'gone'",
    ),
    "no event": (
        lambda e: [e[0], e[1] | {"event": None}],
        "entries[1].event: must not be null",
    ),
    "a number for a fingerprint": (
        lambda e: [e[0], e[1] | {"fingerprint": 2}],
        "entries[1].fingerprint: ",
    ),
    "text for an entry": (
        lambda _: ["{}"],
        "entries[0]: must be an object, not '{}'",
    ),
}


@each_row(("change", "message"), CHANGES.values())
def test_what_cannot_be_read_is_named(change: Any, message: str) -> None:
    """The message begins with the place in the record, and nothing passes as a shorter record."""
    with pytest.raises(InvalidData) as caught:
        _ = from_entries(change(to_entries(RECORD.events)))
    assert str(caught.value).startswith(message)


def test_the_place_is_that_in_the_record() -> None:
    """Entries that are read from a revision on are counted from there."""
    known, entries = RECORD.at_revision(2), to_entries(RECORD.events)
    with pytest.raises(InvalidData, match=r"^entries\[2\]\.format: 9 is not supported"):
        _ = from_entries([entries[2] | {"format": 9}], after=known.fingerprint)


def test_a_whole_number_may_be_a_float() -> None:
    """Other languages write 1.0 where an integer stands."""
    entry = to_entries(RECORD.events[:1])[0] | {"format": 1.0}
    assert from_entries([entry]) == tuple(RECORD.events[:1])


@pytest.mark.parametrize("text", ['{"format": 1, "ev', "", "[" * 100_000])
def test_a_torn_text_is_named(text: str) -> None:
    """What `json.loads` raises is reported at its place."""
    lines = [*map(json.dumps, to_entries(RECORD.events[:1])), text]
    with pytest.raises(InvalidData, match=r"^entries\[1\]: cannot be read: "):
        _ = from_entries(map(json.loads, lines))


def test_another_error_of_the_iterable_passes() -> None:
    """A broken connection is not damage."""

    def entries() -> Iterator[object]:
        yield to_entries(RECORD.events[:1])[0]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        _ = from_entries(entries())


@each_row("after", ["", "3", "3-ED2959A7", "x-00000000", "-1-00000000", "3-ed2959a7 "])
def test_what_comes_before_is_a_fingerprint(after: str) -> None:
    """Anything else is refused, by the reader and by the writer."""
    for call in (to_entries, from_entries):
        with pytest.raises(ValueError, match="after must be the fingerprint of a registry"):
            _ = call([], after=after)


def test_arguments_of_the_wrong_type_are_refused() -> None:
    """The messages say what is expected."""
    events: Any = [{"kind": "registered"}]
    with pytest.raises(TypeError, match="events must be events, not a dict"):
        _ = to_entries(events)
    number: Any = 3
    with pytest.raises(TypeError, match="fingerprint"):
        _ = to_entries([], after=number)
