"""`AtMostSteps`: not further back than this number of versions of the lineage."""

from typing import Any

import pytest

from lastgood import LastStable, Pinned, VersionRegistry
from lastgood.rules import AtMostSteps
from tests.ids import shown
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
    """The nearest ``n`` versions of the lineage pass, and nothing else."""
    assert passed(AtMostSteps(n), REGISTRY) == labels


def test_what_is_further_back_is_rejected() -> None:
    """What is further back is rejected; the reason names the number."""
    assert "2" in rejects(AtMostSteps(2), REGISTRY, "1")


@pytest.mark.parametrize("label", ["canary", "4"], ids=["never served", "current"])
def test_what_is_not_in_the_lineage_is_rejected(label: str) -> None:
    """Neither what never served nor the current version lies before the current version."""
    assert rejects(AtMostSteps(100), REGISTRY, label)


def test_every_version_of_the_lineage_counts() -> None:
    """A failed version takes its place in the count: it is about how far back, not how good."""
    registry = story(bad("4"), bad("3"), bad("2"), since=REGISTRY)
    assert target(LastStable().where(AtMostSteps(3)), registry) == "1"
    assert "2" in reasons(no_target(LastStable().where(AtMostSteps(2)), registry))["1"]


def test_a_version_that_served_twice_counts_once() -> None:
    """A version has one place in the lineage, the nearest."""
    registry = story(deploy("1"), deploy("2"), deploy("1"), deploy("3"))
    assert passed(AtMostSteps(1), registry) == ["1"]
    assert passed(AtMostSteps(2), registry) == ["1", "2"]


def test_what_a_rollback_left_does_not_count() -> None:
    """After a rollback the lineage is what lay before its target."""
    registry = story(back(Pinned("2"), leaving="4"), since=REGISTRY)
    assert passed(AtMostSteps(1), registry) == ["1"]


def test_nothing_deployed() -> None:
    """If nothing is deployed there is no lineage."""
    registry = VersionRegistry.from_statuses({"1": "stable"})
    assert rejects(AtMostSteps(1), registry, "1")


@pytest.mark.parametrize("wrong", ["2", 2.0, None, True], ids=shown)
def test_it_takes_a_whole_number(wrong: Any) -> None:
    """Something else than an `int` is a `TypeError`."""
    with pytest.raises(TypeError):
        _ = AtMostSteps(wrong)


@pytest.mark.parametrize("wrong", [0, -1])
def test_it_takes_at_least_one(wrong: int) -> None:
    """A number below one would reject everything."""
    with pytest.raises(ValueError, match=str(wrong)):
        _ = AtMostSteps(wrong)
