"""`Safe`: the safety check as a rule. What it means for plans is in `tests.strategies`."""

from typing import Any

import pytest

from lastgood import Version, VersionRegistry
from lastgood.rules import Safe
from tests.rules.asked import asked, passed, rejects
from tests.scenarios.story import bad, deploy, good, register, retire, story


def test_it_lets_good_and_unproven_versions_pass() -> None:
    """A registered version that is neither current nor bad is safe, deployed or not."""
    registry = story(good("1"), deploy("2"), register("3"), deploy("4"))
    assert passed(Safe(), registry) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("status", "reason"), [("failed", "failed"), ("retired", "retired")], ids=["failed", "retired"]
)
def test_it_rejects_what_is_bad(status: str, reason: str) -> None:
    """A bad version is rejected with its status."""
    registry = VersionRegistry.from_statuses({"1": status, "2": "stable"}, current="2")
    assert rejects(Safe(), registry, "1") == reason


def test_it_tells_why_a_version_is_bad() -> None:
    """The recorded reason is part of the answer."""
    registry = story(deploy("1"), bad("1", "tokenizer mismatch"), deploy("2"))
    assert rejects(Safe(), registry, "1") == "failed: tokenizer mismatch"


def test_it_rejects_what_was_rolled_back() -> None:
    """What an observation left is rejected."""
    registry = story(good("1"), deploy("2")).observe("1")
    assert rejects(Safe(), registry, "2").startswith("rolled back")


def test_it_rejects_the_current_version() -> None:
    """What serves is rejected, and the reason says so."""
    assert "current" in rejects(Safe(), story(good("1")), "1")


def test_it_rejects_what_is_not_registered() -> None:
    """A version that this registry does not know is rejected, and the reason says so."""
    reason = Safe()(Version("9"), story(good("1")))
    assert reason is not None
    assert "not registered" in reason


@pytest.mark.parametrize("label", ["1", 1, None], ids=repr)
def test_it_is_asked_about_a_version(label: Any) -> None:
    """A label in the place of its version is a `TypeError` that shows how to look it up."""
    with pytest.raises(TypeError, match=r"about a Version, not .*: write registry\[label\]"):
        _ = Safe()(label, story(good("1")))


def test_it_goes_by_what_the_registry_knows() -> None:
    """What an older registry said of the version does not count."""
    before = story(good("1"), deploy("2"))
    assert Safe()(before["1"], story(bad("1"), since=before)) is not None


def test_it_rejects_the_contents_that_serve() -> None:
    """The digest of the current version is rejected; the reason names both."""
    registry = story(good("1", digest="sha256:x"), deploy("2", digest="sha256:x"))
    reason = rejects(Safe(), registry, "1")
    assert "sha256:x" in reason
    assert "'2'" in reason


def test_it_rejects_contents_that_are_bad() -> None:
    """The digest of a bad version is rejected; the reason names both."""
    registry = story(register("1", digest="x"), register("2", digest="x"), retire("2"), deploy("3"))
    reason = rejects(Safe(), registry, "1")
    assert "digest x" in reason
    assert "'2'" in reason


def test_digests_are_compared_exactly() -> None:
    """A digest is an identity, not a text to interpret: case counts."""
    registry = story(good("1", digest="sha256:AB"), deploy("2", digest="sha256:ab"))
    assert asked(Safe(), registry, "1") is None


def test_nothing_deployed() -> None:
    """Where nothing is deployed, bad versions and their contents are rejected all the same."""
    registry = story(register("1"), register("2", digest="x"), register("3", digest="x"), bad("3"))
    assert passed(Safe(), registry) == ["1"]


def test_an_old_registry_does_not_see_what_came_later() -> None:
    """The contents that failed later are safe in the registry of before."""
    before = story(good("1", digest="x"), register("2", digest="x"), deploy("3"))
    after = story(bad("2"), since=before)
    assert rejects(Safe(), after, "1")
    assert asked(Safe(), before, "1") is None
    assert asked(Safe(), after.at_revision(before.revision), "1") is None
