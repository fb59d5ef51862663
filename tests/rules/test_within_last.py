"""`WithinLast`: not further back than so many versions of the lineage."""

from typing import Any

import pytest

from lastgood import LastStable, Pinned, VersionRegistry
from lastgood.rules import WithinLast
from tests.rules.asked import passed, rejects
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    no_target,
    reasons,
    register,
    story,
    target,
)

REGISTRY = story(good("1", "2", "3"), register("canary"), deploy("4"))


@pytest.mark.parametrize(
    ("n", "labels"),
    [(1, ["3"]), (2, ["2", "3"]), (3, ["1", "2", "3"]), (4, ["1", "2", "3"])],
    ids=str,
)
def test_the_first_of_the_lineage_pass(n: int, labels: list[str]) -> None:
    """So many of the nearest versions of the lineage pass, and nothing else."""
    assert passed(WithinLast(n), REGISTRY) == labels


def test_what_is_further_back_is_rejected() -> None:
    """What is further back is rejected; the reason tells the number."""
    assert "2" in rejects(WithinLast(2), REGISTRY, "1")


def test_what_never_served_is_rejected() -> None:
    """A version outside the lineage is not among its first ones."""
    assert rejects(WithinLast(100), REGISTRY, "canary")


def test_the_current_version_is_rejected() -> None:
    """The current version is no part of what lies before it."""
    assert rejects(WithinLast(100), REGISTRY, "4")


def test_every_version_of_the_lineage_counts() -> None:
    """A failed version takes its place in the count: it is about how far back, not how good."""
    registry = story(bad("3"), bad("2"), since=REGISTRY)
    assert target(LastStable().where(WithinLast(3)), registry) == "1"
    assert "2" in reasons(no_target(LastStable().where(WithinLast(2)), registry))["1"]


def test_a_version_that_served_twice_counts_once() -> None:
    """A version has one place in the lineage, the nearest."""
    registry = story(deploy("1"), deploy("2"), deploy("1"), deploy("3"))
    assert passed(WithinLast(1), registry) == ["1"]
    assert passed(WithinLast(2), registry) == ["1", "2"]


def test_what_a_rollback_left_does_not_count() -> None:
    """After a rollback the lineage is what lay before its target."""
    registry = story(back(Pinned("2")), since=REGISTRY)
    assert passed(WithinLast(1), registry) == ["1"]


def test_nothing_deployed() -> None:
    """Where nothing is deployed there is no lineage."""
    registry = VersionRegistry.from_statuses({"1": "stable"})
    assert rejects(WithinLast(1), registry, "1")


@pytest.mark.parametrize("wrong", ["2", 2.0, None, True], ids=repr)
def test_it_takes_a_whole_number(wrong: Any) -> None:
    """Something else than an `int` is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = WithinLast(wrong)


def test_it_takes_no_negative_number() -> None:
    """A negative number means nothing."""
    with pytest.raises(ValueError, match="-1"):
        _ = WithinLast(-1)
