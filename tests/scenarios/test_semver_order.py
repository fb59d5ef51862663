"""Numbers in labels: they are compared as versions if one asks for it, and never as text."""

import pytest

from lastgood import LastStable, Previous, PreviousBy, PreviousBySemver, RollbackStrategy
from lastgood.keys import numbers
from tests.ids import shown
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    reasons,
    story,
    target,
)


@pytest.mark.parametrize("strategy", [LastStable(), PreviousBySemver()], ids=shown)
@pytest.mark.parametrize(
    ("older", "last", "failed"),
    [
        pytest.param("255", "256", "257", id="beyond a byte"),
        pytest.param("8", "9", "10", id="two digits"),
        pytest.param("98", "99", "100", id="three digits"),
        pytest.param("1.9.0", "1.10.0", "1.11.0", id="dotted"),
    ],
)
def test_the_number_gets_one_digit_more(
    strategy: RollbackStrategy, older: str, last: str, failed: str
) -> None:
    """The version before is found where its number has fewer digits, or just fits a byte.

    Restates hashicorp/nomad#3357.
    """
    registry = story(good(older, last), deploy(failed), bad(failed))

    assert target(strategy, registry) == last


def test_release_candidates_are_counted_without_a_dot() -> None:
    """In SemVer rc10 lies below rc9, so nothing lies below rc10; rc.10 lies above rc.9.

    Restates argoproj-labs/argocd-image-updater#626.
    """
    strategy = PreviousBySemver(prereleases=True)
    glued = story(good("1.0.0-rc9"), deploy("1.0.0-rc10"), bad("1.0.0-rc10"))
    dotted = story(good("1.0.0-rc.9"), deploy("1.0.0-rc.10"), bad("1.0.0-rc.10"))

    refusal = no_target(strategy, glued)

    assert not any(candidate.accepted for candidate in refusal.considered)
    assert target(strategy, dotted) == "1.0.0-rc.9"


def test_the_downgrade_installs_a_preview() -> None:
    """A pre-release cannot be the way back from a release unless it is admitted.

    Restates renovatebot/renovate#14878.
    """
    registry = story(good("6.0.1", "7.0.0-preview.2"), deploy("7.0.0"), bad("7.0.0"))

    plan = PreviousBySemver().plan(registry)

    assert plan.target == "6.0.1"
    assert looked_at(plan) == ["7.0.0-preview.2", "6.0.1"]
    assert target(PreviousBySemver(prereleases=True), registry) == "7.0.0-preview.2"


def test_only_the_build_number_grows() -> None:
    """SemVer does not order build numbers, so nothing lies below by precedence.

    The order of the deployments still knows the way.

    Restates shorebirdtech/shorebird#690.
    """
    registry = story(good("1.0.0+9", "1.0.0+10"), deploy("1.0.0+11"), bad("1.0.0+11"))

    refusal = no_target(PreviousBySemver(), registry)

    assert not any(candidate.accepted for candidate in refusal.considered)
    assert target(LastStable(), registry) == "1.0.0+10"


def test_going_back_twice_with_four_numbers_updates_to_the_newest() -> None:
    """Four numbers are not SemVer and are not guessed at; going back twice goes back twice.

    Restates wp-media/wp-rocket#3077.
    """
    registry = story(good("3.5.5.1", "3.6.4"), deploy("3.7.0.1"))

    refusal = no_target(PreviousBySemver(), registry, leaving="3.7.0.1")
    assert looked_at(refusal)[0] == "3.7.0.1"
    assert "SemVer" in reasons(refusal)["3.7.0.1"]
    assert target(PreviousBy(numbers), registry, leaving="3.7.0.1") == "3.6.4"

    registry = story(back(Previous(), leaving="3.7.0.1"), since=registry)
    assert registry.current == "3.6.4"
    registry = story(back(Previous(), leaving="3.6.4"), since=registry)
    assert registry.current == "3.5.5.1"


def test_only_the_highest_number_is_served() -> None:
    """After a rollback the lower version serves; the higher one stays known, but is not a target.

    Restates amiyapatanaik/tensorflow-serving-docker-image#6.
    """
    registry = story(good("1"), deploy("2"), bad("2"), back(LastStable()))

    assert registry.current == "1"
    assert "2" in registry
    refusal = no_target(PreviousBySemver(), registry, leaving="1")
    assert not any(candidate.accepted for candidate in refusal.considered)
