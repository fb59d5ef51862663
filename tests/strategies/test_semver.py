"""`PreviousBySemver`: back to the next lower release."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import NoRollbackTarget, PreviousBySemver, SemVer, Status, VersionRegistry
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    looked_at,
    no_target,
    observe,
    ok,
    reasons,
    register,
    retire,
    story,
    target,
)
from tests.strategies.histories import tables

TAKES_ALL = PreviousBySemver(prereleases=True, unproven=True)


def failed(label: str) -> Step:
    """Deploy a version that proves bad."""
    return lambda registry: story(deploy(label), bad(label), since=registry)


# The order


def test_it_goes_to_the_next_lower_release() -> None:
    """Numbers are compared as numbers: below 1.11 comes 1.10, then 1.9."""
    registry = story(good("1.10.0", "1.9.0"), failed("1.11.0"))
    assert target(PreviousBySemver(), registry) == "1.10.0"
    assert target(PreviousBySemver(), story(bad("1.10.0"), since=registry)) == "1.9.0"


def test_higher_versions_are_not_reached() -> None:
    """Only what is strictly below the current version is a candidate."""
    registry = story(good("2.0.0", "1.0.0"), failed("1.5.0"))
    assert looked_at(PreviousBySemver().plan(registry)) == ["1.0.0"]


def test_equal_precedence_is_not_below() -> None:
    """Build metadata and spelling make no difference, so such a version is not strictly below."""
    registry = story(good("1.0.0+one", "v1.0.0", "1.0"), failed("1.0.0"))
    assert set(reasons(no_target(PreviousBySemver(), registry))) == {"1.0.0+one", "v1.0.0", "1.0"}
    assert PreviousBySemver().review(registry).target is None


def test_of_equal_ones_the_most_recently_deployed_comes_first() -> None:
    """Among versions of equal precedence the last deployment decides, not registration."""
    registry = story(
        register("1.0.0+b"), ok("1.0.0+b"), good("1.0.0+c", "1.0.0+a"), deploy("1.0.0+c")
    )
    registry = story(failed("1.1.0"), since=registry)
    assert target(PreviousBySemver(), registry) == "1.0.0+c"
    registry = story(*map(bad, ["1.0.0+a", "1.0.0+b", "1.0.0+c"]), since=registry)
    assert looked_at(no_target(PreviousBySemver(), registry)) == ["1.0.0+c", "1.0.0+a", "1.0.0+b"]


def test_of_equal_ones_never_deployed_the_most_recently_registered_comes_first() -> None:
    """Among versions of equal precedence that never served, registration decides."""
    registry = story(register("1.0.0"), register("v1.0.0"), ok("1.0.0", "v1.0.0"), failed("1.1.0"))
    assert target(PreviousBySemver(), registry) == "v1.0.0"


def test_the_lineage_does_not_matter() -> None:
    """A stable release that never served is a target: it follows precedence only."""
    registry = story(good("1.0.0"), register("1.1.0"), ok("1.1.0"), failed("1.2.0"))
    assert target(PreviousBySemver(), registry) == "1.1.0"


def test_a_current_prerelease_has_releases_and_prereleases_below() -> None:
    """Below a pre-release come its predecessors, in the order of clause 11."""
    registry = story(good("1.0.0", "2.0.0-rc.9", "2.0.0-beta"), failed("2.0.0-rc.10"))
    assert target(PreviousBySemver(), registry) == "1.0.0"
    assert target(PreviousBySemver(prereleases=True), registry) == "2.0.0-rc.9"


def test_labels_are_read_leniently() -> None:
    """Labels with a leading v, or with one or two numbers, are SemVer versions."""
    assert target(PreviousBySemver(), story(good("v1", "v1.2"), failed("v1.10"))) == "v1.2"
    assert target(PreviousBySemver(), story(good("9"), failed("10"))) == "9"


def test_it_is_lazy() -> None:
    """It looks no further down than the target."""
    registry = story(good("1.0.0", "1.1.0", "1.2.0"), failed("1.3.0"))
    assert looked_at(PreviousBySemver().plan(registry)) == ["1.2.0"]


# What is accepted


@each_row(
    ("steps", "reason"),
    [
        ([register("1.1.0")], "unproven"),
        ([deploy("1.1.0"), bad("1.1.0", "tokenizer mismatch")], "failed: tokenizer mismatch"),
        ([register("1.1.0"), retire("1.1.0", "licence ended")], "retired: licence ended"),
        (
            [deploy("1.1.0"), back(PreviousBySemver(), "p99 900 ms", leaving="1.1.0")],
            "rolled back: p99 900 ms",
        ),
        ([deploy("1.1.0"), observe("1.0.0")], "rolled back to 1.0.0"),
    ],
)
def test_it_rejects_what_is_not_stable(steps: list[Step], reason: str) -> None:
    """A lower release that is not stable is passed over, and its status says why."""
    plan = PreviousBySemver().plan(story(good("1.0.0"), *steps, failed("1.2.0")))
    assert plan.target == "1.0.0"
    assert reasons(plan)["1.1.0"] == reason


def test_it_rejects_prereleases() -> None:
    """A stable pre-release is not a release, and the reason says so."""
    registry = story(good("6.0.1", "7.0.0-preview.2"), failed("7.0.0"))
    plan = PreviousBySemver().plan(registry)
    assert plan.target == "6.0.1"
    assert "pre-release" in reasons(plan)["7.0.0-preview.2"]
    assert target(PreviousBySemver(prereleases=True), registry) == "7.0.0-preview.2"


def test_a_hyphen_in_build_metadata_makes_no_prerelease() -> None:
    """Clause 10: a hyphen may stand in build metadata, and such a version is a release."""
    assert (
        target(PreviousBySemver(), story(good("1.0.0+build-7"), failed("1.1.0"))) == "1.0.0+build-7"
    )


@pytest.mark.parametrize(
    ("strategy", "takes"),
    [
        (PreviousBySemver(), "1.0.0"),
        (PreviousBySemver(prereleases=True), "1.1.0-rc.1"),
        (PreviousBySemver(unproven=True), "1.2.0"),
        (TAKES_ALL, "1.3.0-rc.1"),
    ],
    ids=shown,
)
def test_options_admit_what_they_name(strategy: PreviousBySemver, takes: str) -> None:
    """One option admits stable pre-releases, one unproven releases, both unproven pre-releases."""
    registry = story(
        good("1.0.0", "1.1.0-rc.1"), register("1.2.0"), register("1.3.0-rc.1"), failed("1.4.0")
    )
    assert target(strategy, registry) == takes


@pytest.mark.parametrize("verdict", [bad("1.1.0"), retire("1.1.0")], ids=["failed", "retired"])
def test_no_option_admits_what_is_bad(verdict: Step) -> None:
    """Options widen the choice among good and unproven versions only."""
    registry = story(good("1.0.0"), deploy("1.1.0"), verdict, failed("1.2.0"))
    assert target(TAKES_ALL, registry) == "1.0.0"


# Labels that SemVer cannot read


def test_labels_that_semver_cannot_read_are_left_out() -> None:
    """A label without a precedence is never reached, and accounted for if all fails."""
    registry = story(good("nightly", "9f86d08a", "1.0.0"), failed("1.1.0"))
    assert looked_at(PreviousBySemver().plan(registry)) == ["1.0.0"]
    refusal = no_target(PreviousBySemver(), story(bad("1.0.0"), since=registry))
    assert looked_at(refusal) == ["1.0.0", "nightly", "9f86d08a"]


def test_a_current_label_that_semver_cannot_read() -> None:
    """If the current label has no precedence nothing is below: one rejection says so."""
    registry = story(good("1.0.0"), failed("nightly"))
    [candidate] = PreviousBySemver().candidates(registry)
    assert (candidate.version, candidate.accepted) == ("nightly", False)
    assert "SemVer" in candidate.reason
    refusal = no_target(PreviousBySemver(), registry)
    assert refusal.considered[0] == candidate
    assert looked_at(refusal) == ["nightly", "1.0.0"]


# One registry after the other


def test_what_is_registered_later_is_seen() -> None:
    """The order is kept up to date, and old registries do not see what came after them."""
    old = story(good("1.0.0"), failed("2.0.0"))
    assert target(PreviousBySemver(), old) == "1.0.0"
    new = story(register("1.5.0"), ok("1.5.0"), since=old)
    assert target(PreviousBySemver(), new) == "1.5.0"
    assert target(PreviousBySemver(), old) == "1.0.0"


def test_one_release_after_the_other_is_seen() -> None:
    """Among many releases each new one takes its place, between older ones or above them."""
    registry = story(good(*(f"1.{minor}.0" for minor in range(0, 80, 2))), failed("2.0.0"))
    assert target(PreviousBySemver(), registry) == "1.78.0"
    news = {"1.79.0": "1.79.0", "v1.79.0": "v1.79.0", "nightly": "v1.79.0", "1.79.1": "1.79.1"}
    for label, expected in news.items():
        registry = story(register(label), ok(label), since=registry)
        assert target(PreviousBySemver(), registry) == expected
    registry = story(register("1.11.0"), ok("1.11.0"), failed("1.12.0"), since=registry)
    assert target(PreviousBySemver(), registry) == "1.11.0"


def test_two_ways_from_an_old_registry_have_two_orders() -> None:
    """What is registered in one future of a registry is not seen in another one."""
    old = story(good(*(f"1.{minor}.0" for minor in range(40))), failed("2.0.0"))
    assert target(PreviousBySemver(), old) == "1.39.0"
    one = story(register("1.50.0"), ok("1.50.0"), since=old)
    other = story(register("1.60.0"), ok("1.60.0"), since=old)
    assert target(PreviousBySemver(), one) == "1.50.0"
    assert target(PreviousBySemver(), other) == "1.60.0"
    assert target(PreviousBySemver(), old) == "1.39.0"


# What it is made from


def test_options_are_given_by_name() -> None:
    """A bare truth value would say nothing to its reader."""
    make: Any = PreviousBySemver
    with pytest.raises(TypeError):
        _ = make(True)  # noqa: FBT003  # this is the mistake


LABELS = ("1.0.0", "v1.0", "1.0.0+x", "1.0.0-rc.1", "1.0.1", "1.10", "1.9", "2", "latest")


@given(
    statuses=tables(LABELS),
    current=st.sampled_from(LABELS),
    prereleases=st.booleans(),
    unproven=st.booleans(),
)
def test_it_agrees_with_a_naive_search(
    *, statuses: dict[str, str], current: str, prereleases: bool, unproven: bool
) -> None:
    """Whatever the table, the target is one of the highest of all that qualify."""
    registry = VersionRegistry.from_statuses(statuses, current=current)
    wanted = {Status.STABLE, Status.UNPROVEN} if unproven else {Status.STABLE}
    here = SemVer.from_label(current)
    found: list[SemVer] = []
    for version in registry.values():
        semver = version.semver
        if semver is not None and here is not None and semver < here and version.status in wanted:
            found += [semver] if prereleases or not semver.prerelease else []
    strategy = PreviousBySemver(prereleases=prereleases, unproven=unproven)
    try:
        plan = strategy.plan(registry, leaving=current)
    except NoRollbackTarget:
        assert found == []
    else:
        assert SemVer.from_label(plan.target) == max(found)
