"""What a version is made of: contents that failed are failed under every label."""

from itertools import pairwise

import pytest
from hypothesis import given

from lastgood import (
    IllegalTransition,
    LastgoodError,
    LastStable,
    Pinned,
    Previous,
    Status,
    VersionRegistry,
)
from tests.commands import Command, along
from tests.scenarios.chance import commands
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    no_target,
    observe,
    ok,
    reasons,
    register,
    reinstate,
    retire,
    story,
    target,
    undeploy,
)


def test_the_older_label_is_the_failed_content_under_another_name() -> None:
    """Content that just failed cannot be a way back under any label.

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
    """Contents that serve do not speak against another label: only a verdict does.

    Restates hashicorp/nomad#10337.
    """
    registry = story(
        good("0", digest="sha256:a"),
        deploy("1", digest="sha256:b"),
        deploy("2", digest="sha256:a"),
    )
    assert target(Pinned("0"), registry, leaving="2") == "0"

    refusal = no_target(Pinned("0"), story(bad("2"), since=registry))

    assert "sha256:a" in reasons(refusal)["0"]
    assert "2" in reasons(refusal)["0"]
    assert target(Previous(), story(bad("2"), since=registry)) == "1"


def test_the_failed_build_is_promoted_again_under_a_new_name() -> None:
    """What has the contents of a failed version is neither deployed nor called good.

    The refusal names that version, its reason and the digest.

    Restates vercel/vercel#8282.
    """
    registry = story(
        good("a", digest="sha256:x"),
        deploy("b", digest="sha256:y"),
        bad("b", "blank page"),
        back(LastStable()),
        register("b2", digest="sha256:y"),
    )

    with pytest.raises(IllegalTransition) as deployed:
        _ = registry.deploy("b2")
    with pytest.raises(IllegalTransition) as called_good:
        _ = registry.mark_stable("b2")

    for refusal in (deployed, called_good):
        for fact in ("b2", "'b'", "blank page", "sha256:y"):
            assert fact in str(refusal.value)
    assert registry["b2"].status is Status.UNPROVEN


def test_two_builds_of_one_release() -> None:
    """Of two new labels the one with good contents is a way out, the one with failed ones is not.

    Restates patrickrb/FT8AF#322.
    """
    registry = story(
        good("780", digest="sha256:good"),
        deploy("781", digest="sha256:bad"),
        bad("781"),
        register("782", digest="sha256:good"),
        register("783", digest="sha256:bad"),
    )

    assert target(Pinned("782"), registry) == "782"
    assert "781" in reasons(no_target(Pinned("783"), registry))["783"]


def test_only_the_configuration_was_wrong() -> None:
    """A digest covers artifact and configuration; one that does not makes two versions one.

    The way out is in the message: the verdict on the contents is taken back, and the version to
    leave is named.

    Restates remind101/empire#309.
    """
    whole = story(
        good("v1", digest="sha256:image+a"), deploy("v2", digest="sha256:image+b"), bad("v2")
    )
    image = story(good("v1", digest="sha256:image"), deploy("v2", digest="sha256:image"), bad("v2"))

    refusal = no_target(LastStable(), image)

    assert target(LastStable(), whole) == "v1"
    assert "sha256:image" in reasons(refusal)["v1"]
    assert "reinstate('v2'" in str(refusal)
    freed = story(reinstate("v2", "only the configuration failed"), since=image)
    assert target(LastStable(), freed, leaving="v2") == "v1"


def test_a_copy_of_what_was_deleted_or_held() -> None:
    """Being retired or held says nothing about contents, so a copy of them may serve."""
    registry = story(
        good("1", digest="sha256:x"),
        good("2", digest="sha256:y"),
        back(LastStable(), "a rehearsal", leaving="2"),
        retire("1", "artifact deleted"),
        register("1a", digest="sha256:x"),
        good("2a", digest="sha256:y"),
        deploy("3"),
        bad("3"),
    )

    assert target(LastStable(), registry) == "2a"
    assert target(Pinned("1a"), registry) == "1a"


def test_the_failed_version_was_cleaned_up() -> None:
    """Contents stay failed when the version that failed is retired, before or after."""
    before = story(good("1", digest="sha256:x"), good("2"), retire("1", "old"), bad("1", "crash"))
    after = story(good("1", digest="sha256:x"), good("2"), bad("1", "crash"), retire("1", "old"))

    for registry in (before, after):
        assert registry["1"].status is Status.RETIRED
        with pytest.raises(IllegalTransition) as refusal:
            _ = story(register("1a", digest="sha256:x"), since=registry).deploy("1a")
        assert "crash" in str(refusal.value)
        assert "sha256:x" in str(refusal.value)


def test_a_healthy_service_is_not_moved_because_of_its_contents() -> None:
    """What serves is moved for a verdict on itself, not because the same contents failed before."""
    registry = story(
        good("1"),
        register("2", digest="sha256:x"),
        bad("2", "canary"),
        register("2a", digest="sha256:x"),
        observe("2a", "switched by hand"),
    )

    assert not registry.needs_rollback
    assert LastStable().recover(registry) is registry
    assert story(ok("2a"), since=registry)["2a"].status is Status.STABLE


def test_nothing_serves_and_the_failed_contents_come_back() -> None:
    """After an undeploy, too, failed contents are refused under every label."""
    registry = story(
        good("1", digest="sha256:x"),
        register("1a", digest="sha256:x"),
        bad("1"),
        undeploy("1"),
    )

    for label in ("1", "1a"):
        with pytest.raises(IllegalTransition):
            _ = registry.deploy(label)


@given(happened=commands)
def test_failed_contents_never_come_back(happened: list[Command]) -> None:
    """No command but an observation puts contents in service that failed under another label."""
    for before, after in pairwise(along(happened)):
        if after.current in (None, before.current):
            continue
        if after.events[-1].kind == "observed":
            continue
        assert after.current not in refused_for_contents(before)


@given(happened=commands)
def test_failed_contents_are_no_target(happened: list[Command]) -> None:
    """No plan goes to contents that failed under another label, whatever the strategy."""
    *_, registry = along(happened)
    refused = refused_for_contents(registry)
    for label in registry:
        for strategy in (LastStable(), Previous(), *map(Pinned, registry)):
            try:
                assert strategy.plan(registry, leaving=label).target not in refused
            except LastgoodError:
                continue


def refused_for_contents(registry: VersionRegistry) -> set[str]:
    """Return the versions whose contents failed under another label, from the events alone.

    A verdict on a retired version says that its contents failed, too.
    """
    failed: set[str] = set()
    for event in registry.events:
        if event.kind == "marked_failed":
            failed.add(event.version)
        if event.kind == "reinstated":
            failed.discard(event.version)
    return {
        label
        for label, version in registry.items()
        if version.digest is not None
        and any(registry[other].digest == version.digest for other in failed - {label})
    }
