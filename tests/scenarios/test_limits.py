"""Good versions that one must not go back to all the same: what rules and contents forbid."""

from datetime import timedelta

from lastgood import LastStable, Pinned, Previous
from lastgood.rules import AtLeast, NotPast, SameMetadata, ServedWithin, WithinLast
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    hour,
    looked_at,
    no_target,
    ok,
    reasons,
    register,
    story,
    target,
)

DAYS = 24


def test_the_data_was_migrated_and_older_versions_cannot_read_it() -> None:
    """One may go back to the version with the irreversible migration, but not past it.

    The refusal names that version.

    Restates fluxcd/flagger#1186 and medplum/medplum#10256.
    """
    strategy = LastStable().where(NotPast("migration"))
    registry = story(
        good("1", "2"),
        deploy("3", metadata={"migration": True}),
        ok("3"),
        deploy("4"),
        bad("4"),
        back(strategy),
    )
    assert registry.current == "3"

    refusal = no_target(strategy, story(bad("3"), since=registry))

    assert looked_at(refusal)[:2] == ["2", "1"]
    for label in ("1", "2"):
        assert "3" in reasons(refusal)[label]


def test_the_older_model_speaks_another_schema() -> None:
    """A version whose schema is unknown is not assumed to fit.

    Restates maziyarpanahi/openmed#2530.
    """
    registry = story(
        good("1", metadata={"schema": "A"}),
        good("2"),
        deploy("3", metadata={"schema": "A"}),
        bad("3"),
    )

    plan = LastStable().where(SameMetadata("schema")).plan(registry)

    assert plan.target == "1"
    assert "schema" in reasons(plan)["2"]


def test_a_vulnerable_old_version_must_not_come_back() -> None:
    """A floor stops the rollback below it, and lets a new version above it through.

    Restates RAUC's min-bundle-version.
    """
    registry = story(good("1.2.9"), deploy("1.3.0"), bad("1.3.0"))

    refusal = no_target(LastStable().where(AtLeast("1.3.0")), registry)
    assert "1.3.0" in reasons(refusal)["1.2.9"]

    registry = story(register("1.3.1"), since=registry)
    assert target(Pinned("1.3.1").where(AtLeast("1.3.0")), registry) == "1.3.1"


def test_the_older_label_is_the_failed_content_under_another_name() -> None:
    """Content that just failed is no way back under any label.

    The reason names the content and the version that failed with it.

    Restates microsoft/react-native-code-push#600.
    """
    registry = story(
        good("1", digest="sha256:x"),
        good("2", digest="sha256:y"),
        deploy("3", digest="sha256:x"),
        bad("3"),
    )
    assert target(LastStable(), registry) == "2"

    refusal = no_target(LastStable(), story(bad("2"), since=registry))

    assert "sha256:x" in reasons(refusal)["1"]
    assert "3" in reasons(refusal)["1"]


def test_the_older_label_is_the_very_content_that_serves() -> None:
    """To go back to the content that serves already would change nothing, and is refused.

    The reason names the content and the version that serves it.

    Restates hashicorp/nomad#10337.
    """
    registry = story(
        good("0", digest="sha256:a"),
        deploy("1", digest="sha256:b"),
        deploy("2", digest="sha256:a"),
    )

    refusal = no_target(Pinned("0"), registry)

    assert "sha256:a" in reasons(refusal)["0"]
    assert "2" in reasons(refusal)["0"]
    assert target(Previous(), registry) == "1"


def test_somebody_types_a_very_old_release() -> None:
    """One can bound how many versions back an explicit choice may go.

    Restates remind101/empire#881.
    """
    registry = story(good(*(f"v{number}" for number in range(1, 13))), deploy("v13"), bad("v13"))

    refusal = no_target(Pinned("v2").where(WithinLast(10)), registry)

    assert "10" in reasons(refusal)["v2"]
    assert target(Pinned("v3").where(WithinLast(10)), registry) == "v3"


def test_the_last_good_version_served_too_long_ago() -> None:
    """One can refuse what has not served for long; without a known time it is refused too.

    Restates temporalio/temporal-worker-controller#274.
    """
    registry = story(
        good("1", at=hour(0)),
        deploy("2", at=hour(1 * DAYS)),
        deploy("3", at=hour(60 * DAYS)),
        bad("3"),
    )
    timeless = story(good("1"), deploy("2"), bad("2"))

    month = LastStable().where(ServedWithin(timedelta(days=30)))
    quarter = LastStable().where(ServedWithin(timedelta(days=90)))

    assert target(quarter, registry) == "1"
    assert not any(candidate.accepted for candidate in no_target(month, registry).considered)
    assert "clock" in reasons(no_target(quarter, timeless))["1"]
