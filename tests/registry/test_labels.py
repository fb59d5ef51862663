"""Section 6: what a label is, wherever one is given."""

import enum
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import Event, InvalidLabel, Status, VersionRegistry
from tests.registry.making import COMMANDS, answers, back, by_hand, deployed, idle, untyped
from tests.rows import each_row


class Channel(enum.StrEnum):
    """Labels as an enumeration."""

    CHAMPION = "champion"


class Level(enum.IntEnum):
    """Numbers as an enumeration."""

    HIGH = 7


class Text(str):
    """A string that is more than a string."""

    __slots__ = ("more",)


#: Texts that are not labels, with a word of the reason.
BAD = [
    ("", "empty"),
    ("x" * 257, "257"),  # too long
    ("x" * 100_000, "256"),  # far too long
    (" v1", "white space"),  # space before
    ("v1 ", "white space"),  # space after
    ("v1\n", "white space"),  # newline after
    ("\tv1", "white space"),  # tab before
    ("\u00a0v1", "white space"),  # no-break space before
    ("v1\u2003", "white space"),  # em space after
    ("v1\u2028", "white space"),  # line separator after
    (" ", "white space"),  # only a space
    ("v\x001", "control"),  # null
    ("v\n1", "control"),  # newline inside
    ("v\t1", "control"),  # tab inside
    ("v\x1b[31m1", "control"),  # escape
    ("v\x7f1", "control"),  # delete
    ("v\x851", "control"),  # next line
    ("v\x9f1", "control"),  # last control character
    ("v\ud8001", "surrogate"),  # first surrogate
    ("\udcff", "surrogate"),  # as os.fsdecode makes them
    ("v\udfff", "surrogate"),  # last surrogate
]

GOOD = [
    "7",
    "v1.0",
    "2024.05.01",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "x" * 256,
    "release candidate 1",
    "модель-1",
    "版本一",
    "🙂" * 256,
    "a/b:c@d",
    "null",
    "''\"",
    "\u200b",
    "é",
]

each_kind_of_text = pytest.mark.parametrize(
    "label", [Text("champion"), Channel.CHAMPION], ids=["a subclass", "an enumeration"]
)


@each_row("label", GOOD)
def test_a_label(label: str) -> None:
    """Any text of 1 to 256 characters without control characters or white space at the ends."""
    registry = deployed(label)
    assert registry.current == label
    assert list(registry) == [label]


@each_row(("label", "why"), BAD)
def test_an_invalid_label(label: str, why: str) -> None:
    """Every command refuses an invalid label, says why, and records nothing."""
    registry = idle(Status.FAILED)
    before = answers(registry)
    calls: list[Callable[[], object]] = [
        *(partial(command, registry, label) for command in COMMANDS.values()),
        partial(registry.deploy, "base", replacing=label),
    ]
    for call in calls:
        with pytest.raises(InvalidLabel, match=why) as refusal:
            _ = call()
        assert refusal.value.label == label
        assert answers(registry) == before


@each_row(("label", "why"), BAD)
def test_an_invalid_label_elsewhere(label: str, why: str) -> None:
    """An event, a plan and a table refuse it as well, in each of their places for a label."""
    registry = deployed("v1")
    makers: list[Callable[[], object]] = [
        lambda: Event("deployed", label),
        lambda: Event("rolled_back", "v1", source=label, strategy="by hand"),
        lambda: by_hand(registry, label, source="v1"),
        lambda: by_hand(registry, "v1", source=label),
        lambda: VersionRegistry.from_statuses({label: "stable"}),
    ]
    for make in makers:
        with pytest.raises(InvalidLabel, match=why):
            _ = make()


@pytest.mark.parametrize(
    "label",
    [7, None, True, b"v1", ["v1"], ("v1",), pytest.param(Level.HIGH, id="an enumeration"), 1.10],
)
def test_a_label_is_a_text(label: object) -> None:
    """A label of another type is a `TypeError` that says what to write.

    A model registry hands out an `int`: `str(version)`. YAML reads `1.10` as the float 1.1: only
    quotes where it was read from give back the label.
    """
    hint = "quotes" if isinstance(label, float) else r"str\(version\)"
    registry = idle(Status.FAILED)
    before = answers(registry)
    for command in COMMANDS.values():
        with pytest.raises(TypeError, match=hint) as refusal:
            _ = command(registry, label)
        assert ("str(version)" in str(refusal.value)) is (hint != "quotes")
        assert answers(registry) == before
    with pytest.raises(TypeError, match=hint):
        _ = Event("deployed", untyped(label))


@each_kind_of_text
def test_a_label_is_kept_as_an_exact_text(label: str) -> None:
    """A subclass of `str` becomes the text that it is, wherever the label comes out again."""
    registry = VersionRegistry().register("base").deploy("base").register(label).deploy(label)
    registry = registry.mark_stable(label).mark_failed(label)
    registry = back(registry, "base", source=label)
    kept = [
        *registry,
        *(version.label for version in registry.values()),
        *(event.version for event in registry.events),
        *(event.source for event in registry.events if event.source is not None),
        *(deployment.version for deployment in registry.deployments),
        registry.observe("champion").current,
        str(registry["champion"]),
    ]
    assert {type(text) for text in kept} == {str}
    assert "champion" in kept


@each_kind_of_text
def test_a_version_is_found_by_any_equal_text(label: str) -> None:
    """A text that equals a label finds its version."""
    registry = deployed("champion")
    assert label in registry
    assert registry[label].label == "champion"


@pytest.mark.parametrize("kind", [Text, Channel])
def test_texts_are_kept_exactly(kind: type[str]) -> None:
    """A reason, a name and a digest of a subclass of `str` become the texts that they are, too."""
    text = kind("champion")
    registry = deployed("1").register("2", digest=text).mark_failed("2", reason=text, by=text)
    assert type(registry["2"].digest) is str
    assert type(registry["2"].reason) is str
    assert type(registry.events[-1].reason) is str
    assert type(registry.events[-1].by) is str


@given(label=st.text())
def test_a_text_is_a_label_or_is_refused(label: str) -> None:
    """Whatever the text, it is registered as it is, or is an `InvalidLabel`."""
    refused: str | None = None
    try:
        registry = VersionRegistry().register(label)
    except InvalidLabel as refusal:
        registry = VersionRegistry()
        refused = refusal.label
    assert [*registry, *([] if refused is None else [refused])] == [label]
    if label.isascii() and label.isalnum() and len(label) <= 256:
        assert refused is None
    if not label or label != label.strip():
        assert refused == label
