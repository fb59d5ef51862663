"""Section 2.4: the registry is a mapping from label to `Version`."""

from collections.abc import Mapping

import pytest

from lastgood import LastgoodError, UnknownVersion, Version, VersionRegistry
from tests.registry.making import deployed, labels, untyped


class Odd(str):
    """A string that equals nothing, and so has no hash."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

    def __eq__(self, other: object) -> bool:
        return False


#: Keys that are no label of any registry.
STRANGE = {
    "unknown": "v9",
    "empty": "",
    "surrogate": "\ud800",
    "long": "x" * 100_000,
    "int": 1,
    "none": None,
    "tuple": ("1",),
    "list": ["1"],
    "dict": {"1": 1},
    "class": Version,
}


def test_it_is_a_mapping() -> None:
    """A registry can be given wherever a mapping is read."""
    assert isinstance(VersionRegistry(), Mapping)


def test_it_is_in_the_order_of_registration() -> None:
    """Iteration follows registration, not deployment, SemVer or spelling."""
    registry = VersionRegistry().register("2").register("10").register("1").deploy("10")
    assert list(registry) == ["2", "10", "1"]
    assert list(registry.keys()) == ["2", "10", "1"]
    assert labels(registry.values()) == ["2", "10", "1"]
    assert [label for label, _ in registry.items()] == ["2", "10", "1"]


def test_it_has_a_length() -> None:
    """Its length is the number of registered versions."""
    assert len(VersionRegistry()) == 0
    assert len(deployed("1", "2", "1")) == 2


def test_a_label_finds_its_version() -> None:
    """What is found under a label is the version of that label."""
    version = deployed("1", "2")["2"]
    assert isinstance(version, Version)
    assert version.label == "2"


def test_views_know_what_they_hold() -> None:
    """The views of a mapping answer `in`, and compare as sets do."""
    registry = deployed("1", "2")
    assert registry["1"] in registry.values()
    assert ("1", registry["1"]) in registry.items()
    assert ("1", registry["2"]) not in registry.items()
    assert ("3", registry["2"]) not in registry.items()
    assert registry.keys() & {"2", "3"} == {"2"}


def test_it_unpacks_as_a_mapping() -> None:
    """A registry becomes a dict of its versions."""
    registry = deployed("1", "2")
    assert {**registry} == dict(registry.items())


@pytest.mark.parametrize("kind", STRANGE)
def test_a_missing_label_is_an_unknown_version(kind: str) -> None:
    """Looking up what is no label of the registry raises `UnknownVersion`, also a `KeyError`."""
    key = STRANGE[kind]
    with pytest.raises(UnknownVersion) as refusal:
        _ = deployed("1")[untyped(key)]
    assert isinstance(refusal.value, KeyError)
    assert refusal.value.version == key


@pytest.mark.parametrize("kind", STRANGE)
def test_asking_for_a_missing_label_never_raises(kind: str) -> None:
    """`in` and `get` answer whatever the key is."""
    registry, key = deployed("1"), STRANGE[kind]
    assert key not in registry
    assert registry.get(key) is None
    assert registry.get(key, 7) == 7


def test_asking_for_a_text_without_a_hash_never_raises() -> None:
    """Not even a `str` of a subclass that cannot be hashed makes `in` or `get` raise."""
    registry = deployed("1")
    assert isinstance(Odd("1") in registry, bool)
    assert registry.get(Odd("2")) is None


def test_get_finds_what_is_there() -> None:
    """`get` of a label is the version, whatever the default."""
    registry = deployed("1")
    assert registry.get("1") is registry["1"]
    assert registry.get("1", None) is registry["1"]
    assert "1" in registry


def test_versions_registered_later_are_not_there() -> None:
    """A registry knows nothing of what was registered in one that came from it."""
    before = deployed("1")
    after = before.register("2")
    assert "2" not in before
    assert before.get("2") is None
    assert list(before) == ["1"]
    assert "2" in after
    with pytest.raises(UnknownVersion):
        _ = before["2"]


def test_close_matches_are_named() -> None:
    """A missing label names registered ones that look like it, the closest first."""
    registry = deployed("v1.0.0", "v1.0.1", "release", "v2")
    with pytest.raises(UnknownVersion) as refusal:
        _ = registry["1.0.0"]
    assert refusal.value.close[0] == "v1.0.0"
    assert "release" not in refusal.value.close
    assert "'1.0.0'" in str(refusal.value)
    assert "'v1.0.0'" in str(refusal.value)


def test_close_matches_are_of_this_registry() -> None:
    """What was registered later in another registry is no match."""
    before = deployed("one")
    after = before.register("v1.0.0")
    with pytest.raises(UnknownVersion) as refusal:
        _ = before["v1.0.1"]
    assert refusal.value.close == ()
    with pytest.raises(UnknownVersion) as refusal:
        _ = after["v1.0.1"]
    assert refusal.value.close == ("v1.0.0",)


def test_nothing_is_close() -> None:
    """Where nothing looks like the label, the message says how to register."""
    with pytest.raises(UnknownVersion, match=r"registry\.register\(") as refusal:
        _ = deployed("1")["something else"]
    assert refusal.value.close == ()


@pytest.mark.parametrize("key", [7, 1.0, None, ["1"]])
def test_a_key_of_another_type_says_what_to_write(key: object) -> None:
    """A registry asked for an `int` says that labels are strings."""
    with pytest.raises(UnknownVersion, match=r"str\(version\)") as refusal:
        _ = deployed("7")[untyped(key)]
    assert refusal.value.close == ()


def test_an_unknown_version_is_caught_as_a_key_error() -> None:
    """Code that is written for any mapping catches it."""
    with pytest.raises(KeyError):
        _ = VersionRegistry()["1"]
    with pytest.raises(LastgoodError):
        _ = VersionRegistry()["1"]
