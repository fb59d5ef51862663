"""Section 2.2: contents that failed have failed under every label, until they are reinstated."""

import pytest

from lastgood import (
    Event,
    IllegalTransition,
    InvalidData,
    LastStable,
    Pinned,
    Previous,
    Status,
    VersionRegistry,
)
from tests.registry.making import answers, back, deployed, idle


def twins(*labels: str, digest: str = "x") -> VersionRegistry:
    """Return a registry where "base" serves, and these versions have the same contents."""
    registry = deployed("base").mark_stable("base")
    for label in labels:
        registry = registry.register(label, digest=digest)
    return registry


def failed() -> VersionRegistry:
    """Return a registry where "bad" failed, and "new" has its contents."""
    return twins("bad", "new").mark_failed("bad", reason="leaks memory")


COMMANDS = ["deploy", "mark_stable", "roll_back"]


def tried(registry: VersionRegistry, name: str, label: str) -> VersionRegistry:
    """Return the registry after good news about the label."""
    if name == "roll_back":
        return back(registry, label, source="base")
    return registry.deploy(label) if name == "deploy" else registry.mark_stable(label)


@pytest.mark.parametrize("name", COMMANDS)
def test_failed_contents_are_refused_under_another_label(name: str) -> None:
    """The refusal keeps the version that failed, its reason and the digest; nothing changes."""
    registry = failed()
    before = answers(registry)
    with pytest.raises(IllegalTransition) as refusal:
        _ = tried(registry, name, "new")
    error = refusal.value
    assert (error.version, error.status, error.attempted) == ("new", Status.UNPROVEN, name)
    assert (error.failed_as, error.failed_reason, error.digest) == ("bad", "leaks memory", "x")
    assert answers(registry) == before


def test_an_own_status_is_refused_first() -> None:
    """A version that failed itself is refused for that, whatever its contents are."""
    registry = failed().mark_failed("new", reason="crashes")
    with pytest.raises(IllegalTransition, match="crashes") as refusal:
        _ = registry.deploy("new")
    assert refusal.value.failed_as is None


@pytest.mark.parametrize("name", COMMANDS)
def test_contents_of_a_retired_version_have_failed_too(name: str) -> None:
    """`mark_failed` counts before and after `retire`, with the reason of the failure."""
    registry = twins("bad", "new")
    for bad in (
        registry.mark_failed("bad", reason="leaks memory").retire("bad", reason="licence"),
        registry.retire("bad", reason="licence").mark_failed("bad", reason="leaks memory"),
    ):
        assert bad["bad"].status_text == "retired: licence"
        with pytest.raises(IllegalTransition, match="leaks memory") as refusal:
            _ = tried(bad, name, "new")
        assert refusal.value.failed_as == "bad"


@pytest.mark.parametrize("name", COMMANDS)
def test_being_retired_says_nothing_about_contents(name: str) -> None:
    """An artifact that was deleted under one label may be good under another."""
    registry = twins("old", "new").retire("old", reason="artifact deleted")
    after = tried(registry, name, "new")
    assert after["new"].status in {Status.UNPROVEN, Status.STABLE}


@pytest.mark.parametrize("name", COMMANDS)
def test_being_held_says_nothing_about_contents(name: str) -> None:
    """A version that was left was not judged, and neither were its contents."""
    registry = idle(Status.UNPROVEN).register("held", digest="x").register("new", digest="x")
    registry = back(registry.deploy("held"), "base", source="held")
    assert tried(registry, name, "new")["new"].status in {Status.UNPROVEN, Status.STABLE}


@pytest.mark.parametrize("name", COMMANDS)
def test_reinstating_clears_the_contents(name: str) -> None:
    """After `reinstate` the contents have another chance, under every label."""
    registry = failed().reinstate("bad", reason="the verdict was wrong")
    assert tried(registry, name, "new")["new"].status in {Status.UNPROVEN, Status.STABLE}
    retired = failed().retire("bad").reinstate("bad")
    assert tried(retired, name, "new")["new"].status in {Status.UNPROVEN, Status.STABLE}


def test_each_label_that_failed_must_be_reinstated() -> None:
    """As long as one of several labels is failed, the contents are."""
    registry = twins("one", "two", "new").mark_failed("one").mark_failed("two", reason="slow")
    for reinstated, left in (("one", "two"), ("two", "one")):
        partly = registry.reinstate(reinstated)
        with pytest.raises(IllegalTransition) as refusal:
            _ = partly.deploy("new")
        assert refusal.value.failed_as == left
        assert partly.reinstate(left).deploy("new").current == "new"


def test_a_stable_twin_is_no_target_any_more() -> None:
    """Contents that proved good and failed later are not gone back to."""
    registry = twins("good", "bad").mark_stable("good").deploy("good").register("3").deploy("3")
    registry = registry.mark_failed("bad", reason="leaks memory").mark_failed("3")
    review = LastStable().review(registry)
    said = {candidate.version: candidate for candidate in review}
    assert not said["good"].accepted
    assert "bad" in said["good"].reason
    assert review.target == "base"
    assert Pinned("good").review(registry).target is None


def test_a_version_registered_later_has_the_failed_contents() -> None:
    """What is built again under a new label is refused at once."""
    registry = deployed("a").mark_stable("a").register("b", digest="y").deploy("b")
    registry = registry.mark_failed("b", reason="leaks")
    registry = registry.roll_back(LastStable().plan(registry)).register("b2", digest="y")
    with pytest.raises(IllegalTransition, match="'b'"):
        _ = registry.deploy("b2")


def test_versions_without_a_digest_have_no_contents_in_common() -> None:
    """Without a digest nothing is known about the contents."""
    registry = deployed("1").register("2").register("3").mark_failed("2")
    assert registry.deploy("3").current == "3"


def test_the_current_version_is_not_refused_for_its_contents() -> None:
    """A healthy service is not moved, and may prove good, whatever its twin did elsewhere."""
    registry = twins("new", "bad").deploy("new").mark_failed("bad", reason="leaks memory")
    assert not registry.needs_rollback
    assert registry.deploy("new") is registry
    assert registry.mark_stable("new", reason="24 h")["new"].status is Status.STABLE


def test_the_exemption_ends_when_another_version_serves() -> None:
    """After it was left, the version is refused like any other with the failed contents."""
    registry = twins("new", "bad").deploy("new").mark_failed("bad")
    registry = registry.register("next").deploy("next")
    with pytest.raises(IllegalTransition):
        _ = registry.deploy("new")
    with pytest.raises(IllegalTransition):
        _ = registry.mark_stable("new")
    assert Previous().review(registry).target == "base"


def test_bad_news_and_facts_are_never_refused_for_contents() -> None:
    """Failing, retiring, reinstating, annotating and observing go through."""
    registry = failed()
    for after in (
        registry.mark_failed("new"),
        registry.retire("new"),
        registry.annotate("new", {"warm": True}),
        registry.observe("new"),
    ):
        assert after.revision == registry.revision + 1
    assert registry.reinstate("new") is registry


def test_failed_contents_in_data() -> None:
    """Data is refused at the event, as the command would be."""
    registry = failed()
    event = Event("deployed", "new")
    with pytest.raises(IllegalTransition):
        _ = VersionRegistry.replay([*registry.events, event])
    data = registry.to_dict()
    data["events"].append(event.to_dict())
    with pytest.raises(InvalidData, match="leaks memory") as refusal:
        _ = VersionRegistry.from_dict(data)
    assert refusal.value.place == f"events[{registry.revision}]"


def test_the_latest_reason_of_the_failure_is_named() -> None:
    """A better reason for the failure is the one that refusals name."""
    registry = failed().mark_failed("bad", reason="leaks 1 GB an hour")
    with pytest.raises(IllegalTransition) as refusal:
        _ = registry.deploy("new")
    assert refusal.value.failed_reason == "leaks 1 GB an hour"


def test_the_past_does_not_know_later_failures() -> None:
    """At an earlier revision the contents had not failed yet."""
    registry = failed()
    assert registry.at_revision(registry.revision - 1).deploy("new").current == "new"


def test_digests_must_cover_the_configuration() -> None:
    """If only the image has a digest, a wrong configuration takes the old version with it."""
    registry = deployed("v0").register("v1", digest="image").deploy("v1").mark_stable("v1")
    registry = registry.register("v2", digest="image").deploy("v2").mark_failed("v2")
    assert LastStable().review(registry).target is None
    registry = registry.reinstate("v2", reason="only its configuration failed")
    assert LastStable().plan(registry, leaving="v2").target == "v1"
