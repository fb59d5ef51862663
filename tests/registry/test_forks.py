"""Sections 2 and 8: going several ways from one registry, from several threads too."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest

from lastgood import IllegalTransition, LastStable, PreviousBySemver, VersionRegistry
from tests.registry.making import answers, by_hand, deployed, hour, labels, lineage

T = TypeVar("T")

THREADS = 6


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
    """From one registry one can go as many ways as one likes."""
    before = deployed("1")
    ways = [before.register(str(number)).deploy(str(number)) for number in range(2, 30)]
    for number, way in enumerate(ways, start=2):
        assert way.current == str(number)
        assert list(way) == ["1", str(number)]
        assert lineage(way) == ["1"]


def test_every_revision_of_a_history_extended() -> None:
    """From every registry of a history one can go another way, in any order."""
    history = [VersionRegistry()]
    for number in range(8):
        history.append(history[-1].register(str(number)))
        history.append(history[-1].deploy(str(number)))
        history.append(history[-1].mark_stable(str(number)))
    told = [answers(registry) for registry in history]
    for registry in [*history[::2], *history[::-3], *history]:
        other = registry.register("other").deploy("other").mark_failed("other")
        assert list(other) == [*registry, "other"]
        assert other == VersionRegistry.replay(other.events)
        assert answers(other) == answers(VersionRegistry.replay(other.events))
    assert [answers(registry) for registry in history] == told


def test_a_fork_has_all_that_the_original_knows() -> None:
    """What comes from an old registry knows its lineage, digests, times and order, and no more."""
    old = VersionRegistry().register("1", digest="x", at=hour(1)).deploy("1").mark_stable("1")
    old = old.register("2", digest="x").deploy("2", at=hour(2)).register("3", digest="y")
    new = old.mark_failed("1", reason="only here", at=hour(9)).deploy("3").register("4", digest="z")
    new = new.mark_failed("4").reinstate("4")
    fork = old.mark_stable("2").register("5").deploy("5")
    twin = VersionRegistry.replay(fork.events)
    assert answers(fork) == answers(twin)
    assert fork["1"].status.value == "stable"
    assert labels(fork.below("5")) == ["3", "2", "1"]
    assert LastStable().review(fork) == LastStable().review(twin)
    assert new["1"].reason == "only here"


def test_a_fork_knows_which_contents_are_bad() -> None:
    """A digest that was bad when the ways parted is bad in both, until one hears otherwise."""
    old = VersionRegistry().register("1", digest="x").register("2", digest="x").deploy("2")
    old = old.mark_stable("2").register("3").deploy("3").mark_failed("1", reason="slow")
    one, two = old.mark_failed("3"), old.mark_failed("3").reinstate("1")
    assert [candidate.accepted for candidate in LastStable().review(one)] == [False, False]
    assert LastStable().plan(two).target == "2"


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
    history.append(history[-1].roll_back(by_hand(history[-1], "1")))
    assert [registry.current for registry in history] == ["2", "2", "1"]
    again = history[1].roll_back(by_hand(history[1], "1"))
    assert again == history[2]


# Threads


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads take turns as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(*jobs: Callable[[], T]) -> list[T]:
    """Run the jobs in threads that start together, and return their answers in order."""
    barrier = threading.Barrier(len(jobs))

    def started(job: Callable[[], T]) -> T:
        _ = barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(started, job) for job in jobs]
        return [future.result() for future in futures]


def deployed_after(registry: VersionRegistry, name: str) -> VersionRegistry:
    """Return the registry with one more deployment."""
    return registry.register(name).deploy(name)


@pytest.mark.usefixtures("switching")
def test_threads_extend_the_same_registry() -> None:
    """Threads that extend one registry at once get a right registry each."""
    for attempt in range(40):
        before = deployed("1", "2")
        names = [f"{attempt}-{number}" for number in range(THREADS)]
        found = at_once(*(partial(deployed_after, before, name) for name in names))
        assert before == deployed("1", "2")
        for name, registry in zip(names, found, strict=True):
            assert registry == deployed("1", "2", name)
            assert answers(registry) == answers(deployed("1", "2", name))


def grown(registry: VersionRegistry, name: str) -> VersionRegistry:
    """Return the registry after a history of its own."""
    for number in range(25):
        label = f"{name}.{number}.0"
        registry = registry.register(label, digest=label).deploy(label)
        registry = registry.mark_stable(label) if number % 2 else registry.mark_failed(label)
    return registry.roll_back(LastStable().plan(registry))


@pytest.mark.usefixtures("switching")
def test_threads_go_on_from_the_same_registry() -> None:
    """Threads that go a long way each from one registry end where one thread would."""
    for _ in range(4):
        before = deployed("1.0.0").mark_stable("1.0.0")
        names = [str(number) for number in range(2, 2 + THREADS)]
        found = at_once(*(partial(grown, before, name) for name in names))
        for name, registry in zip(names, found, strict=True):
            alone = grown(deployed("1.0.0").mark_stable("1.0.0"), name)
            assert registry == alone
            assert answers(registry) == answers(alone)


@pytest.mark.usefixtures("switching")
def test_threads_read_what_another_extends() -> None:
    """A registry answers the same while others extend it."""
    registry = deployed("1.0.0", "2.0.0").mark_stable("1.0.0").mark_failed("2.0.0")
    told = answers(registry)
    planned = PreviousBySemver().plan(registry)

    def read() -> bool:
        return all(
            answers(registry) == told and PreviousBySemver().plan(registry) == planned
            for _ in range(150)
        )

    def write() -> bool:
        after = registry
        for number in range(400):
            after = after.register(f"1.{number}.1").deploy(f"1.{number}.1")
        return len(list(after.below("2.0.0"))) == 401

    assert all(at_once(write, read, read, read))


def below_nine(registry: VersionRegistry) -> list[str]:
    """Return the labels below 9.0.0."""
    return labels(registry.below("9.0.0"))


@pytest.mark.usefixtures("switching")
def test_threads_ask_for_the_order_at_once() -> None:
    """The order of precedence is right though several threads bring it up to date at once."""
    registry = deployed("9.0.0")
    below: list[str] = []
    for number in range(300):
        label = f"1.{number * 7 % 300}.0"
        registry = registry.register(label)
        below.append(label)
        if number % 20 == 0:
            right = sorted(below, key=lambda text: int(text.split(".")[1]), reverse=True)
            found = at_once(*[partial(below_nine, registry)] * 3)
            assert found == [right] * 3


@pytest.mark.usefixtures("switching")
def test_threads_plan_and_roll_back_at_once() -> None:
    """Of threads that recover the same registry each gets the same right answer."""
    registry = deployed("1", "2").mark_stable("1").mark_failed("2")
    found = at_once(*[lambda: LastStable().recover(registry)] * THREADS)
    assert {recovered.current for recovered in found} == {"1"}
    assert len(set(found)) == 1
    assert registry.current == "2"
