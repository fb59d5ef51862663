"""Sections 2.1 and 6: what a digest and a reason may be."""

import pytest

from lastgood import Event, InvalidText, Status, VersionRegistry
from tests.registry.making import COMMANDS, answers, deployed, idle

SURROGATES = ["\ud800", "slow\udfff", "x" * 100_000 + "\udc80"]
surrogates = pytest.mark.parametrize("text", SURROGATES, ids=["alone", "at the end", "far inside"])


@pytest.mark.parametrize("digest", ["sha256:9f86d0", "x", " ", "\n", "я", "x" * 100_000])
def test_a_digest_is_any_text_that_is_not_empty(digest: str) -> None:
    """A digest is opaque: it is kept as it was told."""
    assert VersionRegistry().register("1", digest=digest)["1"].digest == digest


def test_an_empty_digest_is_refused() -> None:
    """An empty digest would make strangers twins."""
    with pytest.raises(InvalidText, match="digest") as refusal:
        _ = VersionRegistry().register("1", digest="")
    assert refusal.value.text == ""


@surrogates
def test_a_lone_surrogate_in_a_digest_is_refused(text: str) -> None:
    """What no encoding can store is refused where it comes in."""
    with pytest.raises(InvalidText, match="digest"):
        _ = VersionRegistry().register("1", digest=text)


@surrogates
@pytest.mark.parametrize("name", ["mark_stable", "mark_failed", "retire", "reinstate", "observe"])
def test_a_lone_surrogate_in_a_reason_is_refused(name: str, text: str) -> None:
    """A reason with a lone surrogate is refused, and nothing changes."""
    registry = idle(Status.FAILED)
    before = answers(registry)
    with pytest.raises(InvalidText, match="reason") as refusal:
        _ = COMMANDS[name](registry, "it", reason=text)
    assert refusal.value.text == text
    assert answers(registry) == before


@surrogates
def test_a_lone_surrogate_in_the_strategy_of_an_event_is_refused(text: str) -> None:
    """The repr of what chose is a text like any other."""
    with pytest.raises(InvalidText, match="strategy"):
        _ = Event("rolled_back", "1", source="2", strategy=text)


def test_an_observation_of_what_is_current_is_checked_too() -> None:
    """What cannot be a reason is refused even where there is nothing to record."""
    with pytest.raises(InvalidText):
        _ = deployed("1").observe("1", reason="\ud800")


def test_the_message_does_not_repeat_a_long_text() -> None:
    """A text of any length makes a message that fits a line or two, and that can be encoded."""
    with pytest.raises(InvalidText) as refusal:
        _ = deployed("1").mark_failed("1", reason="x" * 100_000 + "\ud800")
    assert len(str(refusal.value).encode()) < 300
