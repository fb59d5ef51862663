"""Section 2.4: a short text by which registries, copies, stores and plans are compared."""

import json
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from lastgood import Event, VersionRegistry
from tests.commands import Command, history
from tests.registry.documents import EVENTS, example
from tests.registry.histories import commands
from tests.registry.making import NOON, deployed, hour
from tests.rows import each_row

#: Events with the fingerprint of a registry of them, which never changes: it is part of the format.
VECTORS: Mapping[str, tuple[list[dict[str, Any]], str]] = {
    "nothing": ([], "0-00000000"),
    "one version": ([{"kind": "registered", "version": "v1.0"}], "1-4c3d5fb1"),
    "deployed": (
        [
            {"kind": "registered", "version": "v1.0"},
            {"kind": "deployed", "version": "v1.0", "at": "2026-05-01T12:00:00+00:00"},
        ],
        "2-91d36b54",
    ),
    "every key": (
        [
            {
                "kind": "registered",
                "version": "1",
                "at": "2026-05-01T12:00:00.000001+00:00",
                "reason": "nightly",
                "by": "ci",
                "digest": "sha256:aa",
                "metadata": {"b": 1, "a": True, "c": None, "ä🙂": "ü\n", "d": 0.5, "e": -2},
            },
            {"kind": "registered", "version": "2"},
            {"kind": "deployed", "version": "2"},
            {
                "kind": "rolled_back",
                "version": "1",
                "source": "2",
                "strategy": "LastStable() | Pinned('1')",
                "reason": "p99 900 ms",
                "by": "ana",
            },
        ],
        "4-dc81b66c",
    ),
    "every kind": (
        [
            {"kind": "registered", "version": "1"},
            {"kind": "annotated", "version": "1", "metadata": {"migration": True}},
            {"kind": "deployed", "version": "1"},
            {"kind": "marked_stable", "version": "1"},
            {"kind": "marked_failed", "version": "1"},
            {"kind": "retired", "version": "1"},
            {"kind": "reinstated", "version": "1"},
            {"kind": "registered", "version": "0"},
            {"kind": "rolled_back", "version": "0", "source": "1", "strategy": ""},
            {"kind": "observed", "version": "1"},
            {"kind": "undeployed", "version": "1"},
        ],
        "11-4f378b12",
    ),
    "numbers": (
        [
            {
                "kind": "registered",
                "version": "1",
                "metadata": {
                    "a": 0.1,
                    "b": 1e300,
                    "c": 5e-324,
                    "d": -0.0,
                    "e": 9223372036854775807,
                    "f": 3.1e20,
                    "g": 100.0,
                    "h": 123456789.125,
                },
            }
        ],
        "1-98765a66",
    ),
}


def by_definition(event: Mapping[str, Any]) -> str:
    """Return the text of an event as the format defines it.

    One line for each key that has not its default, in alphabetical order. A text stands behind
    its length in characters; a whole number is written in full, with all its digits.
    """
    lines: list[str] = []
    for key, value in sorted(event.items()):
        if key == "at":
            lines.append(f"at {datetime.fromisoformat(value).astimezone(UTC).isoformat()}")
        elif key == "kind":
            lines.append(f"kind {value}")
        elif key == "metadata":
            items = "".join(
                f"{len(name)}:{name}{number_or_text(one)}" for name, one in sorted(value.items())
            )
            lines.append(f"metadata {len(value)}:{items}")
        else:
            lines.append(f"{key} {len(value)}:{value}")
    return "".join(f"{line}\n" for line in lines)


def number_or_text(value: Any) -> str:  # of metadata
    """Return a value of metadata as the text of an event has it."""
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return f"s{len(value)}:{value}"
    return f"{int(value) if value == int(value) else value!r};"


def fingerprint_of(events: list[dict[str, Any]]) -> str:
    """Return the fingerprint of a registry of these events, as it is defined."""
    text = "".join(map(by_definition, events))
    return f"{len(events)}-{crc32(text.encode()):08x}"


@each_row("name", VECTORS)
def test_the_vectors(name: str) -> None:
    """The fingerprints of these events are the same on every machine, Python and later release."""
    events, fingerprint = VECTORS[name]
    assert fingerprint_of(events) == fingerprint
    registry = VersionRegistry.from_dict({"format": 1, "events": events})
    assert registry.fingerprint == fingerprint


@given(drawn=commands)
def test_the_definition(drawn: list[Command]) -> None:
    """Whatever was recorded, the fingerprint is the defined one, at every revision."""
    registry = history(drawn)[-1]
    events = registry.to_dict()["events"]
    for revision in range(registry.revision + 1):
        past = registry.at_revision(revision)
        assert past.fingerprint == fingerprint_of(events[:revision])


@given(
    metadata=st.dictionaries(
        st.text(max_size=3),
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=3)
        | st.floats(allow_nan=False, allow_infinity=False),
        max_size=4,
    ),
    reason=st.text(max_size=5),
)  # fmt: skip
def test_the_definition_for_any_texts_and_values(metadata: dict[str, Any], reason: str) -> None:
    """Texts with any characters, and any values, are in the defined fingerprint."""
    registry = VersionRegistry().register("1", metadata=metadata, reason=reason, at=NOON)
    assert registry.fingerprint == fingerprint_of(registry.to_dict()["events"])


def test_equal_events_have_equal_fingerprints() -> None:
    """The order of keys, the offset of a time and the form of a number do not matter."""
    one = VersionRegistry().register("1", metadata={"a": 1, "b": 0.0}, at=NOON)
    east = timezone(timedelta(hours=2))
    two = VersionRegistry().register("1", metadata={"b": -0.0, "a": 1.0}, at=NOON.astimezone(east))
    assert one == two
    assert one.fingerprint == two.fingerprint


@each_row(
    "metadata",
    [
        {"a": 1, "b": "2"},
        {"a": True, "b": 2},
        {"a": "1", "b": 2},
        {"a": 1, "b": None},
        {"a": 1},
        {"a": 1, "b": 2, "c": None},
        {"a": 12, "b": 2},
        {"b": 1, "a": 2},
    ],
)
def test_other_values_have_other_fingerprints(metadata: dict[str, Any]) -> None:
    """A text is not the number that it looks like, and `True` is not 1."""
    fingerprint = VersionRegistry().register("1", metadata={"a": 1, "b": 2}).fingerprint
    assert VersionRegistry().register("1", metadata=metadata).fingerprint != fingerprint


@each_row("kind", EVENTS)
def test_every_key_counts(kind: str) -> None:
    """A registry with an event that lacks one of its optional keys is another registry."""
    before = deployed("1", "2").mark_failed("2")
    if kind == "registered":
        before = VersionRegistry()
    if kind in {"undeployed", "deployed"}:
        before = deployed("1")
    whole = before.extend([Event.from_dict(EVENTS[kind])])
    for key in ("at", "reason", "by", "digest"):
        part = {name: value for name, value in EVENTS[kind].items() if name != key}
        if part == EVENTS[kind]:
            continue
        assert before.extend([Event.from_dict(part)]).fingerprint != whole.fingerprint


def test_texts_do_not_run_into_each_other() -> None:
    """Texts that contain lines of other keys make other fingerprints."""
    one = deployed("1").mark_failed("1", reason="a\nsource 1:2")
    two = deployed("1").mark_failed("1", reason="a", by="")
    three = deployed("1").mark_failed("1", by="a\nreason 1:a")
    four = deployed("1").mark_failed("1", by="a", reason="a")
    assert len({each.fingerprint for each in (one, two, three, four)}) == 4


def test_the_order_of_events_counts() -> None:
    """The same events in another order are another registry."""
    one = VersionRegistry().register("1").register("2")
    two = VersionRegistry().register("2").register("1")
    assert one.fingerprint != two.fingerprint


def test_the_clock_does_not_count() -> None:
    """The fingerprint is about the events; the clock is not one."""
    registry = deployed("1")
    assert registry.with_clock(hour(9)).fingerprint == registry.fingerprint


def test_copies_have_the_fingerprint_of_the_original() -> None:
    """Data, a replay, a pickle and the past of a later registry agree."""
    registry = example()
    later = registry.register("later")
    twins = [
        VersionRegistry.from_dict(json.loads(json.dumps(registry.to_dict()))),
        VersionRegistry.replay(registry.events),
        pickle.loads(pickle.dumps(registry)),
        later.at_revision(registry.revision),
    ]
    assert {twin.fingerprint for twin in twins} == {registry.fingerprint}
    assert later.fingerprint != registry.fingerprint


def test_old_registries_keep_their_fingerprint() -> None:
    """A fingerprint does not depend on what was recorded, or asked for, in the meantime."""
    registries = [VersionRegistry()]
    for number in range(300):
        registries.append(registries[-1].register(str(number)))
    backwards = [registry.fingerprint for registry in reversed(registries)]
    assert len(set(backwards)) == 301
    assert [registry.fingerprint for registry in registries] == backwards[::-1]
    fork = registries[100].register("fork")
    assert fork.fingerprint != registries[101].fingerprint
    events = registries[-1].to_dict()["events"]
    assert registries[200].fingerprint == fingerprint_of(events[:200])
    assert fork.register("more").fingerprint == fingerprint_of(
        fork.register("more").to_dict()["events"]
    )


def test_a_fingerprint_is_short_text() -> None:
    """It has the revision in it, and fits a column, a header and a log line."""
    registry = example()
    assert type(registry.fingerprint) is str
    assert registry.fingerprint.startswith(f"{registry.revision}-")
    assert registry.fingerprint.isascii()
    assert len(registry.fingerprint) == len(str(registry.revision)) + 9
