"""Section 2.5: events are read many at once, to what they are read to one by one."""

import copy
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import given

from lastgood import Event, InvalidData, LastgoodError, MetadataValue, VersionRegistry
from tests.damage.changes import changed_registries
from tests.damage.parts import GONE, Path, damaged, paths
from tests.damage.values import JSON_VALUES, STRANGE_VALUES
from tests.registry.documents import EVENTS, KEYS, document
from tests.rows import each_row

DOCUMENT: Final = document()


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


#: More events than are read at once.
MANY: Final = 600


def at_once(data: Any) -> VersionRegistry | tuple[str, str]:  # any data at all
    """Return the registry that is read, or the place and the problem."""
    try:
        return VersionRegistry.from_dict(data)
    except InvalidData as refusal:
        return refusal.place, refusal.problem


def one_by_one(events: list[Any]) -> VersionRegistry | tuple[str, str]:  # any data at all
    """Return the same, of events that are read and recorded one after the other."""
    registry = VersionRegistry()
    for number, data in enumerate(events):
        place = f"events[{number}]"
        try:
            event = Event.from_dict(data)
        except InvalidData as refusal:
            inner = "" if refusal.place == "data" else f".{refusal.place}"
            problem = refusal.problem
            if isinstance(data, str):  # Alone, it is taken for a document.
                problem = problem.removesuffix(": write json.loads(text)")
            return place + inner, problem
        try:
            registry = registry.extend([event])
        except LastgoodError as refusal:
            return place, str(refusal)
    return registry


def long_document() -> dict[str, Any]:
    """Return a document of many events of all usual kinds, with all keys."""
    events: list[dict[str, Any]] = []
    for number in range(MANY // 3):
        label, at = f"1.{number}.0", f"2024-05-01T{number // 60:02}:{number % 60:02}:00+00:00"
        events += [
            {"kind": "registered", "version": label, "at": at, "metadata": {"n": number}},
            {"kind": "deployed", "version": label, "reason": "nightly", "by": "ana"},
            {"kind": "marked_stable", "version": label, "at": at},
        ]
    return {"format": 1, "events": events}


@each_row("path", list(paths(DOCUMENT["events"])))
def test_any_value_anywhere_is_read_or_refused_alike(path: Path) -> None:
    """Whatever stands anywhere in a document, it is read, or refused with the same words."""
    for value in (GONE, *JSON_VALUES.values(), *STRANGE_VALUES.values()):
        if path:
            events = damaged(DOCUMENT["events"], path, value)
            assert at_once({"format": 1, "events": events}) == one_by_one(events)


@each_row("kind", EVENTS)
@each_row("key", [*KEYS, "more"])
def test_any_key_of_any_kind_is_read_or_refused_alike(kind: str, key: str) -> None:
    """A key that a kind lacks, or does not have, is refused with the same words."""
    before = [EVENTS["registered"], {"kind": "registered", "version": "2"}]
    before.append({"kind": "deployed", "version": "2"})
    for value in (GONE, "2", "", None, {}, {"auc": 0.9}):
        event = {name: given for name, given in EVENTS[kind].items() if name != key}
        if value is not GONE:
            event[key] = value
        events = [*before, event]
        assert at_once({"format": 1, "events": events}) == one_by_one(events)


@given(data=changed_registries)
def test_random_damage_is_read_or_refused_alike(data: Any) -> None:  # any data at all
    """Documents that were damaged at random are read, or refused with the same words."""
    events: Any = data.get("events") if issubclass(type(data), dict) else None
    if issubclass(type(events), list):
        known: Any = copy.deepcopy(events)
        assert at_once({"format": 1, "events": events}) == one_by_one(known)


@each_row("place", [0, 1, 255, 256, 257, 511, 512, MANY - 1])
@each_row(
    ("key", "value"),
    [("version", ""), ("at", "noon"), ("reason", 7), ("kind", "deployed"), ("more", 1)],
)
def test_the_place_is_right_in_a_long_document(place: int, key: str, value: object) -> None:
    """However many events there are, the place of what is wrong is named."""
    data = long_document()
    data["events"][place][key] = value
    if key == "kind":
        data["events"][place]["version"] = "unheard-of"
    assert at_once(data) == one_by_one(data["events"])


def test_no_metadata_are_the_same_whatever_says_so() -> None:
    """Metadata without a key are left out, wherever they come from; so are those of a copy."""
    plain = VersionRegistry().register("1")
    empty = plain["1"].metadata
    made: Any = type(empty)
    ways: list[Mapping[str, MetadataValue]] = [
        {},
        OrderedDict(),
        MappingProxyType({}),
        empty,
        copy.copy(empty),
        copy.deepcopy(empty),
        pickle.loads(pickle.dumps(empty)),
        made({}),
    ]
    for metadata in ways:
        registry = VersionRegistry().register("1", metadata=metadata)
        assert registry.fingerprint == plain.fingerprint
        assert (
            registry
            == plain
            == VersionRegistry.replay([Event("registered", "1", metadata=metadata)])
        )
        assert registry.to_dict() == plain.to_dict()


def test_unusual_objects_are_read_as_usual_ones() -> None:
    """Objects and texts of classes of their own mean what they hold."""
    usual = long_document()
    unusual = {
        "format": 1.0,
        "events": [
            OrderedDict({Text(key): event[key] for key in event}) for event in usual["events"]
        ],
    }
    registry = VersionRegistry.from_dict(unusual)
    assert registry == VersionRegistry.from_dict(usual)
    assert {type(key) for event in registry.to_dict()["events"] for key in event} == {str}


def test_a_long_document_is_read_as_one_by_one() -> None:
    """A document of many events is read to the registry that they lead to one by one."""
    data = long_document()
    registry = VersionRegistry.from_dict(data)
    assert registry == one_by_one(data["events"])
    assert registry.to_dict() == data
    assert VersionRegistry.replay(registry.events) == registry
    assert pickle.loads(pickle.dumps(registry)) == registry


@each_row(
    "at",
    [
        "2024-05-01T12:00:00+00:00",
        "2024-05-01T12:00:00.250000+00:00",
        "2024-05-01T12:00:00Z",
        "2024-05-01T14:00:00+02:00",
        "20240501T120000Z",
        "2024-05-01T24:00:00+00:00",
        "2024-02-30T12:00:00+00:00",
        "2024-05-01T12:00:00+00:00\n",
        "2024-05-01T12:00:00+00:00\n2024-05-01T12:00:00+00:00",
        "٢٠٢٤-05-01T12:00:00+00:00",
    ],
)
def test_times_are_read_alike(at: str) -> None:
    """Every form of a time is read as on its own, whatever stands beside it."""
    usual = {"kind": "registered", "version": "1", "at": "2024-05-01T11:00:00+00:00"}
    for events in ([{**usual, "at": at}], [usual, {"kind": "deployed", "version": "1", "at": at}]):
        assert at_once({"format": 1, "events": events}) == one_by_one(events)


def test_what_is_no_event_is_named_after_what_came_before() -> None:
    """Of a refused event and something that is no event, the first one is named."""
    refused = Event("deployed", "unheard-of")
    first, second = Event("registered", "1"), Event("deployed", "1")
    events: list[Any] = [first, second, "no event", refused]
    with pytest.raises(TypeError, match="expected an Event") as wrong:
        _ = VersionRegistry.replay(events)
    assert wrong.value.__notes__ == ["events[2]"]
    with pytest.raises(LastgoodError) as refusal:
        _ = VersionRegistry.replay([first, refused, *events])
    assert refusal.value.__notes__ == ["events[1]"]


def test_refused_news_leave_the_registry_as_it_was() -> None:
    """After news that are refused in the middle, the registry goes on as if there were none."""
    registry = VersionRegistry().register("1").deploy("1")
    news = [Event("registered", "2"), Event("deployed", "2"), Event("deployed", "3")]
    with pytest.raises(LastgoodError):
        _ = registry.extend(news)
    assert registry == VersionRegistry().register("1").deploy("1")
    assert "2" not in registry
    after = registry.register("2", digest="x").deploy("2")
    assert after["2"].digest == "x"
    assert [version.label for version in after.lineage()] == ["1"]
    assert after == VersionRegistry.replay(after.events)
