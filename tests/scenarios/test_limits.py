"""Good versions that one must not go back to all the same: what rules forbid."""

from lastgood import LastStable, Pinned, Version, VersionRegistry
from lastgood.rules import AtLeast, AtMostSteps, HasMetadata, SameMetadata
from tests.scenarios.story import (
    bad,
    deploy,
    good,
    no_target,
    note,
    reasons,
    register,
    story,
    target,
)


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


def test_somebody_types_a_very_old_release() -> None:
    """One can bound how many versions back an explicit choice may go.

    Restates remind101/empire#881.
    """
    registry = story(good(*(f"v{number}" for number in range(1, 13))), deploy("v13"), bad("v13"))

    refusal = no_target(Pinned("v2").where(AtMostSteps(10)), registry)

    assert "10" in reasons(refusal)["v2"]
    assert target(Pinned("v3").where(AtMostSteps(10)), registry) == "v3"


def test_only_approved_versions_may_come_back() -> None:
    """A fact that was learned later, such as an approval, decides like one known from the start.

    Restates engram-app/Engram#1160 and sourcegraph/sourcegraph-public-snapshot#31853.
    """
    registry = story(good("1", "2", "3"), note("1", approved="ana"), bad("3"))

    plan = LastStable().where(HasMetadata("approved", "ana")).plan(registry)

    assert plan.target == "1"
    assert "approved" in reasons(plan)["2"]


def test_the_older_model_needs_features_that_are_gone() -> None:
    """The last good version is not always one that can be fed today: a rule asks for the features.

    Restates feast-dev/feast#2728.
    """
    registry = story(
        good("1", metadata={"features": "v2"}),
        good("2", metadata={"features": "v1"}),
        good("3", metadata={"features": "v2"}),
        bad("3"),
    )

    assert target(LastStable(), registry) == "2"
    assert target(LastStable().where(HasMetadata("features", "v2")), registry) == "1"


def test_the_same_dimension_is_not_the_same_space() -> None:
    """Two models fit the same stored vectors if their space is the same, not their dimension.

    A version that does not record its space is unknown, and fails closed.

    Restates smaramwbc/statewave#421 and NevaMind-AI/memU#678.
    """
    registry = story(
        good("1", metadata={"dimension": 1536, "space": "small-3"}),
        good("2", metadata={"dimension": 1536}),
        good("3", metadata={"dimension": 1536, "space": "ada-2"}),
        deploy("4", metadata={"dimension": 1536, "space": "small-3"}),
        bad("4"),
    )

    plan = LastStable().where(SameMetadata("space")).plan(registry)

    assert target(LastStable().where(SameMetadata("dimension")), registry) == "3"
    assert plan.target == "1"
    assert "space" in reasons(plan)["2"]


def test_the_advice_comes_from_facts_and_not_from_the_words_of_a_rule() -> None:
    """A reason may say "failed" or "rolled back" of a stable version: the advice is not misled."""
    registry = story(good("1", "2", "3"), bad("3", "errors"))

    def on_gpu(version: Version, _registry: VersionRegistry, /) -> str:
        words = {"1": "failed over to CPU", "2": "rolled back its driver, retired the GPU"}
        return words.get(version.label, "too slow")

    refusal = no_target(LastStable().where(on_gpu), registry)

    assert reasons(refusal)["1"] == "failed over to CPU"
    for label in ("1", "2"):
        assert f"reinstate({label!r}" not in str(refusal)
        assert f"reinstate({label!r}" not in refusal.explain()
