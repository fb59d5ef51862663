"""Sections 2.1 and 6: what a digest, a reason and a name may be."""

import pytest

from lastgood import Event, InvalidText, Status, VersionRegistry
from tests.registry.making import COMMANDS, answers, back, deployed, idle
from tests.rows import each_row

SURROGATES = ["\ud800", "slow\udfff", "x" * 100_000 + "\udc80"]
surrogates = each_row("text", SURROGATES)


@each_row("digest", ["sha256:9f86d0", "x", " ", "\n", "я", "x" * 100_000])
def test_a_digest_is_any_text_that_is_not_empty(digest: str) -> None:
    """A digest is opaque: it is kept exactly."""
    assert VersionRegistry().register("1", digest=digest)["1"].digest == digest


def test_an_empty_digest_is_refused() -> None:
    """An empty digest would make strangers twins."""
    with pytest.raises(InvalidText, match="digest") as refusal:
        _ = VersionRegistry().register("1", digest="")
    assert refusal.value.text == ""


@surrogates
def test_a_lone_surrogate_in_a_digest_is_refused(text: str) -> None:
    """A text that no encoding can store is refused where it comes in."""
    with pytest.raises(InvalidText, match="digest"):
        _ = VersionRegistry().register("1", digest=text)


@surrogates
@each_row("key", ["reason", "by"])
def test_a_lone_surrogate_in_a_reason_or_a_name_is_refused(key: str, text: str) -> None:
    """A text with a lone surrogate is refused by every command, and nothing changes."""
    registry = idle(Status.FAILED)
    before = answers(registry)
    for name, command in COMMANDS.items():
        with pytest.raises(InvalidText, match=key) as refusal:
            _ = command(registry, "new" if name == "register" else "it", **{key: text})
        assert refusal.value.text == text
        assert answers(registry) == before


@surrogates
def test_a_lone_surrogate_in_a_rollback_is_refused(text: str) -> None:
    """The same holds for `roll_back`."""
    registry = deployed("1", "2")
    for key in ("reason", "by"):
        with pytest.raises(InvalidText, match=key):
            _ = back(registry, "1", source="2", **{key: text})


@each_row("by", ["", "ana", "monitor/p99", "ana\nben", "Ана", "x" * 100_000])
def test_a_name_is_any_text(by: str) -> None:
    """Who or what says so is kept exactly, and shown with the deployment."""
    registry = deployed("1").mark_failed("1", by=by).register("2").deploy("2", by=by)
    assert registry.events[2].by == by
    assert registry.deployments[-1].by == by


@surrogates
def test_a_lone_surrogate_in_the_strategy_of_an_event_is_refused(text: str) -> None:
    """The repr of what chose is a text like any other."""
    with pytest.raises(InvalidText, match="strategy"):
        _ = Event("rolled_back", "1", source="2", strategy=text)


def test_the_message_does_not_repeat_a_long_text() -> None:
    """A text of any length makes a message that fits a line or two, and that can be encoded."""
    with pytest.raises(InvalidText) as refusal:
        _ = deployed("1").mark_failed("1", reason="x" * 100_000 + "\ud800")
    assert len(str(refusal.value).encode()) < 300
