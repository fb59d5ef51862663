"""Section 2.4: the registry is a mapping from label to `Version`."""

from collections.abc import Mapping

import pytest

from lastgood import LastgoodError, UnknownVersion, Version, VersionRegistry
from tests.registry.making import deployed, labels, untyped
from tests.rows import each_row


class Odd(str):
    """A string that equals nothing, and so has no hash."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

    def __eq__(self, other: object) -> bool:
        return False


#: Keys that are not labels of the registries below.
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


def test_it_can_be_reversed() -> None:
    """A registry and its views can be read backwards, like a dict."""
    registry = VersionRegistry().register("2").register("10").register("1").deploy("10")
    as_dict = dict(registry.items())
    assert list(reversed(registry)) == ["1", "10", "2"]
    assert list(reversed(registry.keys())) == list(reversed(as_dict.keys()))
    assert list(reversed(registry.values())) == list(reversed(as_dict.values()))
    assert list(reversed(registry.items())) == list(reversed(as_dict.items()))
    assert list(reversed(VersionRegistry())) == []
    before = registry.at_revision(2)
    assert list(reversed(before)) == list(reversed(before.keys())) == ["10", "2"]


def test_it_has_a_length() -> None:
    """Its length is the number of registered versions."""
    assert len(VersionRegistry()) == 0
    assert len(deployed("1", "2", "1")) == 2


def test_a_label_finds_its_version() -> None:
    """The value under a label is the version of that label."""
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


@each_row("kind", STRANGE)
def test_a_missing_label_is_an_unknown_version(kind: str) -> None:
    """Looking up an unknown label raises `UnknownVersion`, which is also a `KeyError`."""
    key = STRANGE[kind]
    with pytest.raises(UnknownVersion) as refusal:
        _ = deployed("1")[untyped(key)]
    assert isinstance(refusal.value, KeyError)
    assert refusal.value.version == key


@each_row("kind", STRANGE)
def test_asking_for_a_missing_label_never_raises(kind: str) -> None:
    """`in` and `get` answer for any key."""
    registry, key = deployed("1"), STRANGE[kind]
    assert key not in registry
    assert registry.get(key) is None
    assert registry.get(key, 7) == 7


def test_asking_for_a_text_without_a_hash_never_raises() -> None:
    """Not even a `str` of a subclass that cannot be hashed makes `in` or `get` raise."""
    registry = deployed("1")
    assert isinstance(Odd("1") in registry, bool)
    assert registry.get(Odd("2")) is None


def test_get_finds_a_known_label() -> None:
    """`get` of a label is the version, whatever the default."""
    registry = deployed("1")
    assert registry.get("1") is registry["1"]
    assert registry.get("1", None) is registry["1"]
    assert "1" in registry


def test_versions_registered_later_are_not_there() -> None:
    """A registry does not know the versions that were registered in a later one."""
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
    """Versions that were registered later in another registry do not match."""
    before = deployed("one")
    after = before.register("v1.0.0")
    with pytest.raises(UnknownVersion) as refusal:
        _ = before["v1.0.1"]
    assert refusal.value.close == ()
    with pytest.raises(UnknownVersion) as refusal:
        _ = after["v1.0.1"]
    assert refusal.value.close == ("v1.0.0",)


@pytest.mark.parametrize("label", ["v1.0.1", "something else", "2"])
def test_the_message_shows_how_to_register(label: str) -> None:
    """A label that was never registered needs `register`, whatever looks like it."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = deployed("1", "v1.0.0")[label]
    assert f"registry = registry.register({label!r})" in str(refusal.value)
    assert ("'v1.0.0'" in str(refusal.value)) is (label == "v1.0.1")
    assert refusal.value.close == (("v1.0.0",) if label == "v1.0.1" else ())


def test_every_question_and_command_names_close_matches() -> None:
    """The refusal is the same wherever a label is looked up."""
    registry = deployed("v1.0.0")
    for ask in (
        registry.deploy,
        registry.observe,
        registry.undeploy,
        registry.below_in_semver,
        registry.deployments_of,
        registry.served_for,
        registry.__getitem__,
    ):
        with pytest.raises(UnknownVersion, match=r"registry = registry\.register\('v1\.0'\)") as no:
            _ = ask("v1.0")
        assert no.value.close == ("v1.0.0",)


@pytest.mark.parametrize("key", [7, 1.0, None, ["1"]])
def test_a_key_of_another_type_says_what_to_write(key: object) -> None:
    """A registry that is asked for an `int` says that labels are strings."""
    with pytest.raises(UnknownVersion, match="str") as refusal:
        _ = deployed("7")[untyped(key)]
    assert refusal.value.close == ()


def test_a_float_is_not_advised_to_become_a_text() -> None:
    """YAML reads `1.10` as the float 1.1, so `str(version)` would be another label."""
    with pytest.raises(UnknownVersion, match="quote") as refusal:
        _ = deployed("1.10")[untyped(1.10)]
    assert "str(version)" not in str(refusal.value)


def test_an_unknown_version_is_caught_as_a_key_error() -> None:
    """Code that is written for any mapping catches it."""
    with pytest.raises(KeyError):
        _ = VersionRegistry()["1"]
    with pytest.raises(LastgoodError):
        _ = VersionRegistry()["1"]
