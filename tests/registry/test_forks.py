"""Sections 2 and 8: going several ways from one registry. Threads are in `tests/threads`."""

import pytest

from lastgood import IllegalTransition, LastStable, VersionRegistry
from tests.registry.making import answers, back, deployed, hour, labels, lineage


def test_the_same_registry_extended_twice() -> None:
    """Two commands on one registry make two registries; neither knows of the other."""
    before = deployed("1")
    left, right = before.register("left"), before.register("right")
    assert list(left) == ["1", "left"]
    assert list(right) == ["1", "right"]
    assert list(before) == ["1"]


def test_the_same_registry_extended_by_the_same_command_twice() -> None:
    """The same command twice makes two equal registries that go on apart."""
    before = deployed("1")
    one, two = before.register("2"), before.register("2")
    assert one == two
    one, two = one.mark_failed("2"), two.mark_stable("2")
    assert one["2"].status.value == "failed"
    assert two["2"].status.value == "stable"
    assert before == deployed("1")


def test_the_same_registry_extended_many_times() -> None:
    """From one registry there are any number of ways."""
    before = deployed("1")
    ways = [before.register(str(number)).deploy(str(number)) for number in range(2, 30)]
    for number, way in enumerate(ways, start=2):
        assert way.current == str(number)
        assert list(way) == ["1", str(number)]
        assert lineage(way) == ["1"]


def test_every_revision_of_a_history_extended() -> None:
    """From every registry of a history another way can be taken, in any order."""
    history = [VersionRegistry()]
    for number in range(8):
        history.append(history[-1].register(str(number)))
        history.append(history[-1].deploy(str(number)))
        history.append(history[-1].mark_stable(str(number)))
    before = [answers(registry) for registry in history]
    for registry in [*history[::2], *history[::-3], *history]:
        other = registry.register("other").deploy("other").mark_failed("other")
        assert list(other) == [*registry, "other"]
        assert other == VersionRegistry.replay(other.events)
        assert answers(other) == answers(VersionRegistry.replay(other.events))
    assert [answers(registry) for registry in history] == before


def test_a_fork_has_all_that_the_original_knows() -> None:
    """A fork knows the lineage, digests, times and order of the old registry, and no more."""
    old = VersionRegistry().register("1", digest="x", at=hour(1)).deploy("1").mark_stable("1")
    old = old.register("2", digest="x").deploy("2", at=hour(2)).register("3", digest="y")
    new = old.mark_failed("1", reason="only here", at=hour(9)).deploy("3").register("4", digest="z")
    new = new.mark_failed("4").reinstate("4").annotate("1", {"migration": True}).undeploy("3")
    fork = old.mark_stable("2").annotate("2", {"warm": True}).register("5").deploy("5")
    twin = VersionRegistry.replay(fork.events)
    assert answers(fork) == answers(twin)
    assert fork["1"].status.value == "stable"
    assert labels(fork.below_in_semver("5")) == ["3", "2", "1"]
    assert dict(fork["1"].metadata) == {}
    assert LastStable().review(fork) == LastStable().review(twin)
    assert new["1"].reason == "only here"


def test_a_fork_knows_which_contents_are_bad() -> None:
    """Contents that failed when the ways parted are bad in both, until one reinstates them."""
    old = VersionRegistry().register("1", digest="x").register("2", digest="x").deploy("2")
    old = old.mark_stable("2").register("3").deploy("3").mark_failed("1", reason="slow")
    one, two = old.mark_failed("3"), old.mark_failed("3").reinstate("1")
    with pytest.raises(IllegalTransition):
        _ = one.deploy("2")
    assert two.deploy("2").current == "2"
    assert [candidate.accepted for candidate in LastStable().review(one)] == [False, False]
    assert LastStable().plan(two).target == "2"


def test_every_way_knows_the_failures_from_before_it_parted() -> None:
    """Contents that failed before are refused in each of several forks."""
    old = deployed("1").register("bad", digest="x").register("twin", digest="x").mark_failed("bad")
    for way in (old.register("2"), old.register("3"), old.register("4").register("5")):
        with pytest.raises(IllegalTransition):
            _ = way.deploy("twin")
        assert way.reinstate("bad").deploy("twin").current == "twin"


def test_a_fork_does_not_know_a_later_undeploy() -> None:
    """What one way took out of service serves in the other, however long that one goes on."""
    old = deployed("1", "2")
    stopped = old.undeploy("2")
    assert stopped.current is None
    fork = old.register("3", at=hour(1)).mark_stable("1").register("4", at=hour(2))
    assert fork.current == "2"
    assert fork.deploy("2") is fork
    assert [each.ended_at for each in fork.deployments] == [None, None]
    assert answers(fork) == answers(VersionRegistry.replay(fork.events))


def test_ways_that_part_right_after_an_undeploy() -> None:
    """Nothing serves on either of the two ways, so that a deployment is news on both."""
    before = deployed("1").undeploy("1")
    for label in ("one", "other"):
        way = before.register(label)
        assert way.current is None
        assert way.deploy("1").current == "1"


def test_a_version_called_none() -> None:
    """A label that looks like Python's `None` is a label like any other, on every way."""
    before = deployed("1").register("None")
    for label in ("one", "other"):
        way = before.register(label)
        assert list(way.deployments_of("None")) == []
        assert lineage(way.deploy("None")) == ["1"]


def test_a_refused_command_leaves_no_trace() -> None:
    """After a refusal the next command extends the registry as if nothing had been tried."""
    registry = deployed("1").mark_failed("1")
    before = answers(registry)
    for _ in range(3):
        with pytest.raises(IllegalTransition):
            _ = registry.deploy("1")
    assert answers(registry) == before
    after = registry.reinstate("1")
    assert after.revision == registry.revision + 1
    assert after == VersionRegistry.replay(after.events)


def test_undo_and_redo() -> None:
    """Keeping the old registries is all that undo needs."""
    history = [deployed("1", "2")]
    history.append(history[-1].mark_failed("2"))
    history.append(back(history[-1], "1", source="2"))
    assert [registry.current for registry in history] == ["2", "2", "1"]
    again = back(history[1], "1", source="2")
    assert again == history[2]
