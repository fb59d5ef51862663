"""`Pinned`: back to one version, chosen by hand."""

from typing import Any

import pytest

from lastgood import InvalidLabel, Pinned
from tests.rows import each_row
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    ok,
    reasons,
    register,
    reinstate,
    retire,
    story,
    target,
)


@pytest.mark.parametrize("known", [deploy, good], ids=["unproven", "stable"])
def test_it_goes_to_that_version(known: Any) -> None:
    """The version is the target, proved good or not, and the only candidate."""
    plan = Pinned("1").plan(story(known("1"), good("2"), deploy("3"), bad("3")))
    assert (plan.target, looked_at(plan)) == ("1", ["1"])


def test_the_lineage_does_not_matter() -> None:
    """A version that never served can be the target."""
    registry = story(good("1"), register("2"), deploy("3"), bad("3"))
    assert target(Pinned("2"), registry) == "2"
    assert target(Pinned("2"), story(ok("2"), since=registry)) == "2"


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (bad("1", "bad tokenizer"), "failed: bad tokenizer"),
        (retire("1", "licence ended"), "retired: licence ended"),
    ],
    ids=["failed", "retired"],
)
def test_a_bad_version_is_not_the_target(verdict: Step, reason: str) -> None:
    """What must not be used is not used by hand either, and the recorded reason says why."""
    registry = story(good("1"), verdict, good("2"), deploy("3"), bad("3"))
    assert reasons(no_target(Pinned("1"), registry))["1"] == reason


def test_what_was_rolled_back_must_be_reinstated_first() -> None:
    """The break-glass is an event on record."""
    registry = story(good("1"), deploy("2"), back(Pinned("1"), "p99 900 ms", leaving="2"))
    refusal = no_target(Pinned("2"), registry, leaving="1")
    assert reasons(refusal)["2"] == "rolled back: p99 900 ms"
    assert target(Pinned("2"), story(reinstate("2"), since=registry), leaving="1") == "2"


def test_the_current_version_is_not_the_target() -> None:
    """Pinning what serves already is refused, not done again."""
    refusal = no_target(Pinned("2"), story(good("1", "2")), leaving="2")
    assert "current" in reasons(refusal)["2"]


def test_an_unknown_version_is_not_the_target() -> None:
    """A misspelt label is found out, and the other versions are named."""
    refusal = no_target(Pinned("1.0"), story(good("v1.0"), deploy("v1.1"), bad("v1.1")))
    assert "not registered" in reasons(refusal)["1.0"]
    assert looked_at(refusal) == ["1.0", "v1.0"]


def test_the_label_is_the_identity() -> None:
    """`v1.0` and `1.0` are two versions."""
    registry = story(good("v1.0", "1.0"), deploy("2"), bad("2"))
    assert target(Pinned("v1.0"), registry) == "v1.0"
    assert Pinned("v1.0") != Pinned("1.0")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(1, r"str\(version\)"), (None, "str"), (b"1", "str"), (1.1, "quotes")],
    ids=["int", "None", "bytes", "float"],
)
def test_a_label_is_a_str(wrong: Any, words: str) -> None:
    """Another type is a `TypeError` that says what to write.

    For a float that is quotes where it was read: `str` would make 1.1 of 1.10.
    """
    with pytest.raises(TypeError, match=words):
        _ = Pinned(wrong)


@each_row("wrong", ["", " v1", "v1\n", "v" * 257, "v\ud800"])
def test_a_label_is_checked(wrong: str) -> None:
    """A text that cannot be a label is refused at once, not during the incident."""
    with pytest.raises(InvalidLabel):
        _ = Pinned(wrong)
