"""Whatever is refused for its form, the schemas refuse. What they cannot see has a reason."""

import json
from collections.abc import Callable
from typing import Final

import pytest

from lastgood import Event, RollbackPlan, VersionRegistry, strategy_from_dict
from tests.damage.documents import DOCUMENTS
from tests.damage.parts import GONE, Path, damaged, paths, place_of
from tests.damage.values import JSON_VALUES
from tests.registry.documents import EVENTS, KEYS
from tests.rows import each_row
from tests.tools.schemas.validating import accepts, is_json, is_read


@each_row("name", DOCUMENTS)
def test_damage_is_seen(name: str) -> None:
    """Damage is refused by the schema, except where there is a reason why it cannot see it."""
    document = DOCUMENTS[name]
    assert accepts(name, document.data)
    for path, value, *_ in document.seen:
        assert not accepts(name, damaged(document.data, path, value)), path
    for reason, unseen in document.unseen.items():
        for path, value, *_ in unseen:
            assert accepts(name, damaged(document.data, path, value)), (path, reason)


@each_row("data", [None, [], "", 0, {"format": 1, "events": [], "more": 1}])
def test_damage_of_the_whole_is_seen(data: object) -> None:
    """Data that are not a registry at all are refused."""
    assert not accepts("registry", data)


@each_row("kind", EVENTS)
@each_row("key", KEYS)
def test_the_keys_of_an_event(kind: str, key: str) -> None:
    """With each key, without it, and with a null, the schema says what the library says."""
    data = EVENTS[kind]
    value = next(event[key] for event in EVENTS.values() if key in event)
    variants: list[dict[str, object]] = [{**data, key: value}, {**data, key: None}]
    if key in data:
        variants.append(damaged(data, (key,), GONE))
    for variant in variants:
        assert accepts("event", variant) is is_read(Event.from_dict, variant), variant


#: Documents and their readers.
READ: Final[list[tuple[str, object, Callable[[object], object]]]] = [
    ("event", EVENTS["registered"], Event.from_dict),
    ("event", EVENTS["annotated"], Event.from_dict),
    ("event", EVENTS["retired"], Event.from_dict),
    ("event", EVENTS["rolled_back"], Event.from_dict),
    ("plan", DOCUMENTS["plan"].data, RollbackPlan.from_dict),
    ("policy", DOCUMENTS["policy"].data, strategy_from_dict),
    ("registry", VersionRegistry().to_dict(), VersionRegistry.from_dict),
]

EACH_PLACE: Final[list[tuple[str, object, Callable[[object], object], Path]]] = [
    (name, document, reader, path) for name, document, reader in READ for path in paths(document)
]
_COMMON: Final = [(key,) for key in ("kind", "version", "at", "reason", "by")]
#: The keys that all events have are tried in one of them, and every other place of a document that
#: has many; the long searches try the rest.
AGAIN: Final = [
    (path[-1:] in _COMMON and document is not EVENTS["rolled_back"])
    or (number % 2 == 1 and name in {"plan", "policy"})
    for number, (name, document, _, path) in enumerate(EACH_PLACE)
]


@pytest.mark.parametrize(
    ("name", "document", "reader", "path"),
    [
        pytest.param(*place, marks=[pytest.mark.deep] if again else [])
        for place, again in zip(EACH_PLACE, AGAIN, strict=True)
    ],
    ids=[f"{n}-{i}-{place_of(path)}" for i, (n, _, _, path) in enumerate(EACH_PLACE)],
)
def test_values_in_each_place(
    name: str, document: object, reader: Callable[[object], object], path: Path
) -> None:
    """Whatever JSON value stands anywhere: the schema and the library agree."""
    for kind, value in JSON_VALUES.items():
        data = damaged(document, path, value)
        if is_json(data):
            assert accepts(name, data) is is_read(reader, data), (kind, json.dumps(data)[:500])


DURATIONS: Final = [
    *("0s", "1.5s", "24h", "1d2h3m4.000005s", "1.5h", "899999999d999999999h", "999999999d23h"),
    *("999999999d23h59m59.999999s", "999999999d24h", "900000000d60m", "900000000d1.5h"),
    *("", "1", "h", "1h1d", "1h1h", "1.5h1s", "1.1234567s", "1000000000s", "24h\n", "\n", "-1h"),
    *("P1D", "24H", " 24h", ".5s", "1.s", "1e3s", "\u0661s"),
]


@each_row("text", DURATIONS)
def test_durations(text: str) -> None:
    """A duration is accepted if it is read."""
    data: object = {"previous": {}, "where": [{"served_within": {"duration": text}}]}
    assert accepts("policy", data) is is_read(strategy_from_dict, data)


TIMES: Final = [
    *("2024-05-01T12:00:00+00:00", "2024-05-01 12:00Z", "20240501T1200Z", "2024W183T12+05"),
    *("2024-05-01T12:00:00.5+05:30:15.000001", "2024-05-01T12:00:00,5Z", "2024-05-01T23:59:59Z"),
    *("2024-05-01", "2024-05-01T12:00:00", "2024-05-01T24:00:00Z", "2024-05-01T12:60Z", "noon"),
    *("2024-05-01T12:00:60Z", "2024-05-01T12:00Z\n", "2024-W18-8T12:00Z", "2024-05-01T12:00+24"),
    *("2024-05-01T12:00+05:60", "2024-05-01T1200:00Z", "2024-05-01t12:00Z", "2024-05-01T12:00z"),
]


@each_row("text", TIMES)
def test_times(text: str) -> None:
    """A time is accepted if it is read, by the schema of events as by that of policies."""
    event: object = {"kind": "deployed", "version": "1", "at": text}
    policy: object = {"as_of": text}
    assert accepts("event", event) is is_read(Event.from_dict, event)
    assert accepts("policy", policy) is is_read(strategy_from_dict, policy)


#: Numbers as other languages write them, and numbers that are too large for most of them.
NUMBERS: Final = [
    *("0", "1", "1.0", "1e0", "10e-1", "1E+2", "-0.0", "2.5", "-1", "9223372036854775807"),
    *("9223372036854775808", "9.3e18", "310000000000000000000", "1e300", "1" + "0" * 308),
    *("1.7976931348623157e308", "2" + "0" * 308, "1" + "0" * 400),
]


@each_row("number", NUMBERS)
def test_numbers(number: str) -> None:
    """Numbers are read by their value wherever the schema accepts them."""
    documents: list[tuple[str, Callable[[object], object], str]] = [
        ("registry", VersionRegistry.from_dict, '{"format": NUMBER, "events": []}'),
        (
            "event",
            Event.from_dict,
            '{"kind": "registered", "version": "1", "metadata": {"k": NUMBER}}',
        ),
        ("plan", RollbackPlan.from_dict, _plan_with("revision")),
        ("plan", RollbackPlan.from_dict, _plan_with("format")),
        ("policy", strategy_from_dict, '{"last_stable": {"steps": NUMBER}}'),
        ("policy", strategy_from_dict, '{"previous": {}, "where": [{"budget": NUMBER}]}'),
        (
            "policy",
            strategy_from_dict,
            '{"previous": {}, "where": [{"has_metadata": {"key": "k", "value": NUMBER}}]}',
        ),
    ]
    for name, reader, text in documents:
        data: object = json.loads(text.replace("NUMBER", number))
        assert accepts(name, data) is is_read(reader, data), text


def _plan_with(key: str) -> str:
    """Return a plan as JSON, with a number under the key to be filled in."""
    plan = damaged(DOCUMENTS["plan"].data, (key,), "NUMBER")
    return json.dumps(plan).replace('"NUMBER"', "NUMBER")


FLOORS: Final = [
    *("1", "v1", "V1.2", "1.2.3", "01.02", "1.2-rc.1", "1.2.3+b.01", "1.2.3-0a", "1.2.3--"),
    *("", "1-rc.1", "1.2.3.4", "1.2.3-01", "1.2.3rc1", "vv1", "1.", "1.2.3-", "1.2.3+", "main"),
]


@each_row("text", FLOORS)
def test_floors(text: str) -> None:
    """A floor is accepted if a label could be read as this version."""
    data: object = {"previous": {}, "where": [{"at_least": text}]}
    assert accepts("policy", data) is is_read(strategy_from_dict, data)


@pytest.mark.parametrize(
    "data", [{"first_of": []}, {"where": []}, {"pinned": "v1", "previous": {}}]
)
def test_other_objects_are_not_policies(data: object) -> None:
    """An empty `first_of`, no name and two names are refused."""
    assert not accepts("policy", data)
    assert not is_read(strategy_from_dict, data)


def test_depth_is_not_seen() -> None:
    """The schema has no limit on depth; the library has one."""
    deep: dict[str, object] = {"last_stable": {}}
    for _ in range(60):
        deep = {"first_of": [deep]}
    assert accepts("policy", deep), "JSON Schema has no measure of depth"
    assert not is_read(strategy_from_dict, deep)
