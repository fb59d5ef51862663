"""Section 2.1: what metadata may hold, and that it is a frozen copy."""

import collections
import enum
import math
import pickle
import types
from collections.abc import Mapping
from copy import copy, deepcopy
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import InvalidMetadata, MetadataValue, Version, VersionRegistry
from tests.registry.making import NOON, answers, deployed, untyped
from tests.rows import each_row


class Level(enum.IntEnum):
    """Numbers as an enumeration."""

    HIGH = 3


class Colour(enum.Enum):
    """Values that are neither numbers nor texts."""

    RED = "red"


class Tag(enum.StrEnum):
    """Texts as an enumeration."""

    CHAMPION = "champion"


class Score(float):
    """A number that is more than a number, as those of arrays are."""

    __slots__ = ("unit",)


def registered(metadata: Mapping[str, MetadataValue]) -> Version:
    """Return the version that is registered with this metadata."""
    return VersionRegistry().register("1", metadata=metadata)["1"]


class Loop(list[object]):
    """A list that holds itself."""

    def __init__(self) -> None:
        super().__init__()
        self.append(self)


REFUSED_VALUES: dict[str, object] = {
    "not a number": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "a subclass that is not finite": Score("nan"),
    "one too many": 2**63,
    "one too few": -(2**63) - 1,
    "a huge int": 10**5000,
    "a list": [1],
    "an empty list": [],
    "a list that holds itself": Loop(),
    "a dict": {"a": 1},
    "a tuple": (1,),
    "a set": {1},
    "bytes": b"x",
    "a complex number": 1j,
    "a decimal": Decimal(1),
    "a fraction": Fraction(1, 2),
    "a time": NOON,
    "an enumeration": Colour.RED,
    "a class": int,
    "a function": len,
    "an object": object(),
    "a lone surrogate": "\ud800",
    "a lone surrogate far inside": "x" * 100_000 + "\udfff",
}

REFUSED_KEYS: dict[str, object] = {
    "an int": 1,
    "none": None,
    "a bool": True,
    "a float": 1.0,
    "bytes": b"key",
    "a tuple": ("key",),
    "a lone surrogate": "key\ud800",
}


@each_row(
    "value",
    ["", "text", 0, -1, 2**63 - 1, -(2**63), 0.0, -0.5, 1e308, 5e-324, True, False, None],
)
def test_what_metadata_may_hold(value: MetadataValue) -> None:
    """Texts, ints of 64 bits, finite floats, bools and `None` are kept, with their types."""
    kept = registered({"key": value}).metadata["key"]
    assert kept == value
    assert type(kept) is type(value)


@each_row("kind", REFUSED_VALUES)
def test_what_metadata_may_not_hold(kind: str) -> None:
    """Nested values, not finite ones and other types are refused with their key."""
    registry = deployed("1")
    before = answers(registry)
    metadata = {"auc": untyped(REFUSED_VALUES[kind])}
    with pytest.raises(InvalidMetadata, match="auc"):
        _ = registry.register("2", metadata=metadata)
    with pytest.raises(InvalidMetadata, match="auc"):
        _ = registry.annotate("1", metadata)
    assert answers(registry) == before


@each_row("kind", REFUSED_KEYS)
def test_a_key_of_metadata_is_a_text(kind: str) -> None:
    """A key that is not a text, or that no encoding can store, is refused."""
    with pytest.raises(InvalidMetadata):
        _ = VersionRegistry().register("1", metadata=untyped({REFUSED_KEYS[kind]: 1}))


def test_one_bad_value_among_many_is_named() -> None:
    """The message names the key of the value that is refused, and no other."""
    with pytest.raises(InvalidMetadata) as refusal:
        _ = registered({"good": 1, "bad": math.nan, "fine": "x"})
    assert "'bad'" in str(refusal.value)
    assert "'good'" not in str(refusal.value)


@each_row("metadata", [[("a", 1)], "auc", 7, {"a"}, Version])
def test_metadata_is_a_mapping(metadata: object) -> None:
    """Metadata of another type is a `TypeError`."""
    with pytest.raises(TypeError, match="mapping"):
        _ = VersionRegistry().register("1", metadata=untyped(metadata))


@pytest.mark.parametrize(
    ("given", "kept"),
    [(Level.HIGH, 3), (Score(0.5), 0.5), (Tag.CHAMPION, "champion")],
    ids=["int", "float", "str"],
)
def test_subclasses_become_plain_values(given: MetadataValue, kept: MetadataValue) -> None:
    """A value of a subclass becomes the plain value that it is."""
    value = registered({"key": given}).metadata["key"]
    assert value == kept
    assert type(value) is type(kept)


def test_keys_become_plain_texts() -> None:
    """A key of a subclass of `str` becomes the text that it is."""
    (key,) = registered({Tag.CHAMPION: 1}).metadata
    assert key == "champion"
    assert type(key) is str


@pytest.mark.parametrize("metadata", [None, {}])
def test_no_metadata(metadata: Mapping[str, MetadataValue] | None) -> None:
    """`None` and an empty table mean the same at registration."""
    registry = VersionRegistry().register("1", metadata=metadata)
    assert len(registry["1"].metadata) == 0
    assert registry == VersionRegistry().register("1")


@pytest.mark.parametrize(
    "kind", [dict, collections.OrderedDict, types.MappingProxyType, collections.ChainMap]
)
def test_any_mapping_will_do(kind: type[Mapping[str, MetadataValue]]) -> None:
    """Any mapping is taken, the metadata of another version too; it is kept as one type."""
    given = untyped(kind)({"auc": 0.9, "team": "a"})
    metadata = registered(given).metadata
    assert metadata == {"auc": 0.9, "team": "a"}
    assert registered(metadata).metadata == metadata


def test_metadata_is_a_copy() -> None:
    """Later changes of the table do not touch the registry."""
    table: dict[str, MetadataValue] = {"auc": 0.9}
    registry = VersionRegistry().register("1", metadata=table).register("2").annotate("2", table)
    table["auc"] = 0.1
    table["more"] = True
    assert registry["1"].metadata == registry["2"].metadata == {"auc": 0.9}


def test_metadata_is_frozen() -> None:
    """Metadata can be read as a mapping, and cannot be changed in any way."""
    metadata = untyped(registered({"auc": 0.9}).metadata)
    with pytest.raises(TypeError):
        metadata["auc"] = 1.0
    with pytest.raises(TypeError):
        del metadata["auc"]
    with pytest.raises(AttributeError):
        metadata.auc = 1.0
    with pytest.raises(AttributeError):
        metadata.clear()
    assert dict(metadata) == {"auc": 0.9}


def test_metadata_is_a_mapping_in_every_way() -> None:
    """It has keys in their order, values, a length, and answers for missing keys."""
    metadata = registered({"b": 1, "a": None}).metadata
    assert list(metadata) == ["b", "a"]
    assert list(metadata.values()) == [1, None]
    assert len(metadata) == 2
    assert metadata.get("c", 7) == 7
    assert "a" in metadata
    with pytest.raises(KeyError):
        _ = metadata["c"]


def test_metadata_is_equal_by_value() -> None:
    """Metadata equals any mapping of the same items, in any order, and nothing else."""
    metadata = registered({"a": 1, "b": "x"}).metadata
    assert metadata == registered({"b": "x", "a": 1}).metadata
    assert metadata == {"b": "x", "a": 1}
    assert metadata == types.MappingProxyType({"b": "x", "a": 1})
    assert metadata == {"a": 1.0, "b": "x"}
    assert metadata != {"a": True, "b": "x"}
    assert metadata != {"a": 1}
    assert metadata != [("a", 1), ("b", "x")]
    assert hash(metadata) == hash(registered({"b": "x", "a": 1.0}).metadata)


def test_metadata_is_copied_and_pickled_as_itself() -> None:
    """Copies of metadata are equal to it, have its type, and are frozen too."""
    metadata = registered({"a": 1, "b": "x"}).metadata
    for twin in (copy(metadata), deepcopy(metadata), pickle.loads(pickle.dumps(metadata))):
        assert twin == metadata
        assert type(twin) is type(metadata)


def test_metadata_prints_as_a_table() -> None:
    """The items can be read in a traceback."""
    assert repr(registered({"a": 1}).metadata) == "{'a': 1}"


@given(
    metadata=st.dictionaries(
        st.text(), st.none() | st.booleans() | st.integers() | st.floats() | st.text(), max_size=4
    )
)
def test_metadata_is_kept_exactly_or_refused(metadata: dict[str, MetadataValue]) -> None:
    """Plain values that fit are kept to the last bit, through data too; others are refused."""
    fits = all(
        not isinstance(value, int | float)
        or (math.isfinite(value) and (isinstance(value, float) or -(2**63) <= value < 2**63))
        for value in metadata.values()
    )
    if not fits:
        with pytest.raises(InvalidMetadata):
            _ = registered(metadata)
        return
    registry = VersionRegistry().register("1", metadata=metadata)
    restored = VersionRegistry.from_dict(registry.to_dict())
    assert repr(dict(restored["1"].metadata)) == repr(metadata)
