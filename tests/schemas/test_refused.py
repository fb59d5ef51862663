"""Whatever is refused for its form, the schemas refuse; what they cannot see has a reason."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from lastgood import Event, RollbackPlan, VersionRegistry, strategy_from_dict
from tests.policies import test_damage as policy_damage
from tests.policies.test_durations import read as read_duration
from tests.registry import test_damage as registry_damage
from tests.registry.documents import EVENTS, GONE, JSON_VALUES, KEYS, Path, damaged, paths, place_of
from tests.schemas.validating import accepts, is_json, is_read
from tests.values import test_plan as plan_damage

_FLOAT: Final = "to JSON Schema 1.0 is an integer"
_CALENDAR: Final = "a pattern knows no calendar"
_RULES: Final = "the rules of the registry refuse it, not the form"
_TEXT: Final = "JSON in UTF-8 cannot hold a lone surrogate"
_SIZE: Final = "JSON Schema does not tell an int from a float of the same value"
_DEPTH: Final = "JSON Schema has no measure of depth"

#: Damage of a registry that the schema does not see, and why it cannot.
UNSEEN: Final[Mapping[str, Mapping[str, str]]] = {
    "registry": {
        "a float for the format": _FLOAT,
        "a day that is none": _CALENDAR,
        "an hour that is none": _CALENDAR,
        "a year that is none": _CALENDAR,
        "an offset that is none": _CALENDAR,
        "a time after the last": _CALENDAR,
        "a time before the first": _CALENDAR,
        "a version with a surrogate": _TEXT,
        "a surrogate in a reason": _TEXT,
        "a surrogate in a digest": _TEXT,
        "a surrogate in metadata": _TEXT,
        "a surrogate in a key of metadata": _TEXT,
        "a surrogate in a strategy": _TEXT,
        "metadata that is no number": "JSON has no number that is none",
        "metadata that is too great": _SIZE,
        "registered twice": _RULES,
        "deployed unknown": _RULES,
        "deployed before it was registered": _RULES,
        "rolled back from another": _RULES,
        "rolled back to itself": _RULES,
        "rolled back to an unknown version": _RULES,
        "reinstated what is good": _RULES,
        "observed what is current": _RULES,
        "a transition that is refused": _RULES,
    },
    "plan": {
        "a float for a revision": _FLOAT,
        "a surrogate in a reason": _TEXT,
        "a surrogate in by": _TEXT,
    },
    "policy": {
        "a float for a whole number": _FLOAT,
        "a surrogate": _TEXT,
        "a value that is not finite": "JSON has no number that is none",
    },
}

_Damage = Mapping[str, tuple[Any, ...]]

DAMAGES: Final[Mapping[str, tuple[object, _Damage]]] = {
    "registry": (registry_damage.DOCUMENT, registry_damage.DAMAGE),
    "plan": (plan_damage.DOCUMENT, plan_damage.DAMAGE),
    "policy": (policy_damage.DOCUMENT, policy_damage.DAMAGE),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_seen(name: str) -> None:
    """Each kind of damage is refused by the schema, but for those that it cannot see."""
    document, damages = DAMAGES[name]
    assert accepts(name, document)
    unseen = {
        kind
        for kind, (path, value, *_) in damages.items()
        if accepts(name, damaged(document, path, value))
    }
    assert unseen == UNSEEN[name].keys()


@pytest.mark.parametrize("data", [None, [], "", 0, {"format": 1, "events": [], "more": 1}])
def test_damage_of_the_whole_is_seen(data: object) -> None:
    """What is no registry at all is refused."""
    assert not accepts("registry", data)


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("key", KEYS)
def test_the_keys_of_an_event(kind: str, key: str) -> None:
    """With each key, without it, and with a null, the schema says what the library says."""
    data = EVENTS[kind]
    value = next(event[key] for event in EVENTS.values() if key in event)
    variants: list[dict[str, object]] = [{**data, key: value}, {**data, key: None}]
    if key in data:
        variants.append(damaged(data, (key,), GONE))
    for variant in variants:
        assert accepts("event", variant) is is_read(Event.from_dict, variant), variant


#: What reads a document, and what the library refuses of JSON values there that a schema cannot.
DOCUMENTS: Final[list[tuple[str, object, Callable[[object], object]]]] = [
    ("event", EVENTS["registered"], Event.from_dict),
    ("event", EVENTS["retired"], Event.from_dict),
    ("event", EVENTS["rolled_back"], Event.from_dict),
    ("plan", plan_damage.DOCUMENT, RollbackPlan.from_dict),
    ("policy", policy_damage.DOCUMENT, strategy_from_dict),
    ("registry", VersionRegistry().to_dict(), VersionRegistry.from_dict),
]

EACH_PLACE: Final[list[tuple[str, object, Callable[[object], object], Path]]] = [
    (name, document, reader, path)
    for name, document, reader in DOCUMENTS
    for path in paths(document)
]


@pytest.mark.parametrize(
    ("name", "document", "reader", "path"),
    EACH_PLACE,
    ids=[f"{n}-{i}-{place_of(path)}" for i, (n, _, _, path) in enumerate(EACH_PLACE)],
)
def test_values_in_each_place(
    name: str, document: object, reader: Callable[[object], object], path: Path
) -> None:
    """Whatever JSON has stands anywhere: the schema and the library agree, but for numbers."""
    for kind, value in JSON_VALUES.items():
        data = damaged(document, path, value)
        numeric = kind in {"a float", "a huge int"}  # _FLOAT and _SIZE
        if is_json(data) and not (numeric and accepts(name, data)):
            assert accepts(name, data) is is_read(reader, data), (kind, json.dumps(data)[:500])


DURATIONS: Final = ["P1D", "PT1.5S", "P1W2DT3H4M5S", "", "P", "PT", "P1Y", "P1M", "P1D\n", "-P1D"]


@pytest.mark.parametrize("text", DURATIONS)
def test_durations(text: str) -> None:
    """A duration is accepted where it is read."""
    data: object = {"previous": {}, "where": [{"served_within": {"delta": text}}]}
    assert accepts("policy", data) is is_read(read_duration, text)


FLOORS: Final = [
    *("1", "v1", "V1.2", "1.2.3", "01.02", "1.2-rc.1", "1.2.3+b.01", "1.2.3-0a", "1.2.3--"),
    *("", "1-rc.1", "1.2.3.4", "1.2.3-01", "1.2.3rc1", "vv1", "1.", "1.2.3-", "1.2.3+", "main"),
]


@pytest.mark.parametrize("text", FLOORS)
def test_floors(text: str) -> None:
    """A floor is accepted where it is a version as labels have them."""
    data: object = {"previous": {}, "where": [{"at_least": text}]}
    assert accepts("policy", data) is is_read(strategy_from_dict, data)


@pytest.mark.parametrize(
    "data", [{"first_of": []}, {"where": []}, {"pinned": "v1", "previous": {}}]
)
def test_what_is_no_policy(data: object) -> None:
    """Nothing to ask, no name and two names are refused."""
    assert not accepts("policy", data)
    assert not is_read(strategy_from_dict, data)


def test_depth_is_not_seen() -> None:
    """The schema has no limit on depth; the library has one."""
    deep: dict[str, object] = {"last_stable": {}}
    for _ in range(60):
        deep = {"first_of": [deep]}
    assert accepts("policy", deep), _DEPTH
    assert not is_read(strategy_from_dict, deep)
