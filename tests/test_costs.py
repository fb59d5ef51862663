"""Section 8: what a command or a question costs, counted in calls and bytes and never in seconds.

A registry of many versions must not make more calls, nor take more memory, for the same thing than
a registry of few. What is counted is the same on every machine, however busy.
"""

import statistics
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from types import FrameType

import pytest

from lastgood import (
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackPlan,
    RollbackStrategy,
    Rule,
    UnknownVersion,
    VersionRegistry,
)
from lastgood.rules import Budget, NotPast, WithinLast
from tests.registry.making import by_hand, hour

FEW, MANY = 100, 1_600
#: How often a thing is done; the median is what it costs.
TIMES = 9


def grown(number: int) -> VersionRegistry:
    """Return a registry of so many versions, all deployed and all stable but every tenth."""
    registry = VersionRegistry()
    for place in range(number):
        label, told = f"1.{place}.0", {"barrier": place == number // 2}
        registry = registry.register(label, digest=label, metadata=told, at=hour(place))
        registry = registry.deploy(label)
        registry = registry.mark_failed(label) if place % 10 == 5 else registry.mark_stable(label)
    return registry


def calls(job: Callable[[], object]) -> int:
    """Return how many functions were called, of Python and of C."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        _ = job()
    finally:
        sys.setprofile(before)
    return count


def memory(job: Callable[[], object]) -> int:
    """Return how many bytes were taken at the most."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        _ = job()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - before


def do(
    thing: Callable[[VersionRegistry, int], object],
    registry: VersionRegistry,
    turn: int,
    answers: list[object],
) -> None:
    """Do the thing, and keep its answer."""
    answers.append(thing(registry, turn))


def cost(
    registry: VersionRegistry,
    thing: Callable[[VersionRegistry, int], object],
    measure: Callable[[Callable[[], object]], int],
) -> float:
    """Return the median cost of the thing, done again and again on the newest registry."""
    costs: list[int] = []
    for turn in range(TIMES):
        answers: list[object] = []
        costs.append(measure(partial(do, thing, registry, turn, answers)))
        (answer,) = answers
        registry = answer if isinstance(answer, VersionRegistry) else registry
    return statistics.median(costs)


def plan_by(strategy: RollbackStrategy) -> Callable[[VersionRegistry, int], RollbackPlan]:
    """Return the planning by a strategy."""
    return lambda registry, _: strategy.plan(registry)


#: What must cost as much in a large registry as in a small one.
THINGS: dict[str, Callable[[VersionRegistry, int], object]] = {
    "register": lambda registry, turn: registry.register(f"2.0.{turn}", digest="x", at=hour(turn)),
    "deploy what served long ago": lambda registry, turn: registry.deploy(f"1.{turn % 5}.0"),
    "deploy what is current": lambda registry, _: registry.deploy(str(registry.current)),
    "mark_stable": lambda registry, turn: registry.mark_stable(f"1.{turn % 5}.0", reason="fine"),
    "mark_failed": lambda registry, turn: registry.mark_failed(f"1.{turn}.0", reason="slow"),
    "retire": lambda registry, turn: registry.retire(f"1.{turn}.0"),
    "reinstate": lambda registry, turn: registry.reinstate(f"1.{5 + 10 * turn}.0"),
    "observe what is in the lineage": lambda registry, turn: registry.observe(
        f"1.{len(registry) - 2 - turn}.0"
    ),
    "observe what is far back": lambda registry, turn: registry.observe(f"1.{20 - turn}.0"),
    "roll_back": lambda registry, turn: registry.roll_back(by_hand(registry, f"1.{44 - turn}.0")),
    "with_clock": lambda registry, turn: registry.with_clock(hour(turn)),
    "at_revision": lambda registry, turn: registry.at_revision(registry.revision // 2 + turn).clock,
    "current_at": lambda registry, turn: registry.current_at(hour(-turn - 1)),
    "look up": lambda registry, turn: registry[f"1.{turn}.0"],
    "in": lambda registry, _: "1.1.0" in registry and "1.1.1" not in registry,
    "current": lambda registry, _: (registry.current, registry.needs_rollback, len(registry)),
    "the latest events": lambda registry, _: registry.events[registry.revision - 2 :],
    "the latest deployment": lambda registry, _: registry.deployments[-1],
    "the first of the lineage": lambda registry, _: next(registry.lineage()),
    "hash": lambda registry, _: hash(registry),
    "repr": lambda registry, _: repr(registry),
    "compare with a later one": lambda registry, _: registry == registry.at_revision(7),
    "compare with an equal one": lambda registry, turn: (
        registry.with_clock(hour(turn)) == registry.with_clock(hour(turn))
    ),
    "LastStable": plan_by(LastStable()),
    "LastStable(steps=3)": plan_by(LastStable(steps=3)),
    "Previous": plan_by(Previous()),
    "Pinned": plan_by(Pinned("1.1.0")),
    "PreviousBySemver": plan_by(PreviousBySemver()),
}

each_thing = pytest.mark.parametrize("name", THINGS)


@each_thing
def test_a_thing_makes_no_more_calls_in_a_large_registry(name: str) -> None:
    """The calls of a command or a question grow at most as the logarithm of the registry does."""
    few, many = (cost(grown(number), THINGS[name], calls) for number in (FEW, MANY))
    assert many <= 1.3 * few + 30


@each_thing
def test_a_thing_takes_no_more_memory_in_a_large_registry(name: str) -> None:
    """A command or a question copies nothing that grows with the registry."""
    registry = grown(MANY)
    _ = list(registry.below(f"1.{MANY - 1}.0"))  # The order exists from here on.
    assert cost(registry, THINGS[name], memory) < MANY * 5


#: Rules that look at more than the version, and that reject nearly everything in the way.
RULES: dict[str, Rule] = {
    "NotPast": NotPast("migration"),
    "NotPast with a barrier": NotPast("barrier"),
    "WithinLast": WithinLast(MANY),
    "Budget": Budget(1),
    "Budget with a time": Budget(1, within=timedelta(days=1)),
}


@pytest.mark.parametrize("name", RULES)
def test_a_decision_looks_at_the_registry_once(name: str) -> None:
    """What a rule saw of the registry for one candidate serves for the next."""
    review = LastStable().where(RULES[name]).review
    few, many = (calls(partial(review, grown(number))) for number in (FEW, MANY))
    assert many <= 1.3 * few * MANY / FEW


@pytest.mark.parametrize("name", [*RULES][:-1])
def test_the_nearest_target_is_found_at_once(name: str) -> None:
    """A rule looks no further than the candidate that it is asked about."""
    plan = LastStable().where(RULES[name]).plan
    few, many = (calls(partial(plan, grown(number))) for number in (FEW, MANY))
    assert many <= 1.3 * few + 30


def test_a_missing_label_is_compared_with_others_when_somebody_asks() -> None:
    """A look-up that fails looks for no close labels; the message does, and so does `close`."""
    registry = VersionRegistry()
    for place in range(500):
        registry = registry.register(f"{place:040x}")

    def miss() -> UnknownVersion:
        with pytest.raises(UnknownVersion) as refusal:
            _ = registry["f" * 39]
        return refusal.value

    assert calls(lambda: str(miss())) > 10 * calls(miss)


def rolled_back_and_forth(turns: int) -> VersionRegistry:
    """Return a registry that went back and was put forward again and again."""
    registry = VersionRegistry().register("1").deploy("1").register("2", digest="x").deploy("2")
    for _ in range(turns):
        registry = registry.roll_back(by_hand(registry, "1")).reinstate("2").deploy("2")
    return registry


def seen_in_turn(turns: int) -> VersionRegistry:
    """Return a registry of a provider that flapped."""
    registry = VersionRegistry().register("1").deploy("1").register("2")
    for _ in range(turns):
        registry = registry.observe("2").observe("1")
    return registry


def deployed_in_turn(turns: int) -> VersionRegistry:
    """Return a registry in which two versions were deployed in turn, and all of it was left."""
    registry = VersionRegistry().register("0").deploy("0").register("1").register("2")
    for _ in range(turns):
        registry = registry.deploy("1").deploy("2")
    registry = registry.roll_back(by_hand(registry, "0"))
    for _ in range(turns):
        registry = registry.observe("1").observe("0")
    return registry


def judged_in_turn(turns: int) -> VersionRegistry:
    """Return a registry in which versions of equal contents failed and were reinstated."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x").deploy("1")
    for _ in range(turns):
        registry = registry.mark_failed("1").mark_failed("2").reinstate("1").reinstate("2")
    return registry


def failed_for_ever(turns: int) -> VersionRegistry:
    """Return a registry in which one version stays bad while its twins come and go."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x").deploy("1")
    registry = registry.mark_failed("2")
    for _ in range(turns):
        registry = registry.mark_failed("1").retire("1").reinstate("1")
    return registry


def redeployed(turns: int) -> VersionRegistry:
    """Return a registry in which one version was deployed again and again."""
    registry = VersionRegistry().register("0").deploy("0").register("1")
    for _ in range(turns):
        registry = registry.deploy("1")
    return registry.roll_back(by_hand(registry, "0"))


def told_the_time(turns: int) -> VersionRegistry:
    """Return a registry whose clock was set before each command."""
    registry = VersionRegistry().register("1").deploy("1")
    for turn in range(turns):
        registry = registry.with_clock(hour(turn)).mark_stable("1", at=hour(turn))
    return registry


def asked_in_between(turns: int) -> VersionRegistry:
    """Return a registry of which the order of precedence was asked after each registration."""
    registry = VersionRegistry().register("0.1.0").deploy("0.1.0")
    for turn in range(turns):
        registry = registry.register(f"1.0.{turn}").deploy(f"1.0.{turn}")
        _ = next(registry.below(f"1.0.{turn}"))
    return registry


def gone_another_way(turns: int) -> VersionRegistry:
    """Return a registry that came from an old one, and went on from there."""
    old = VersionRegistry().register("1").deploy("1")
    other = old.register("2")
    registry = old.register("3")
    for turn in range(turns):
        registry = registry.register(f"4.{turn}").deploy(f"4.{turn}")
    assert len(other) == 2
    return registry


def stepped_back(turns: int) -> VersionRegistry:
    """Return a registry that went step by step all the way back."""
    registry = grown(turns)
    for _ in range(turns):
        if next(registry.lineage(), None) is not None:
            registry = registry.roll_back(
                by_hand(
                    registry, next(v.label for v in registry.lineage() if is_good(v.status.value))
                )
            )
    return registry


def is_good(status: str) -> bool:
    """Whether a version of the status can be a target."""
    return status in {"stable", "unproven"}


HISTORIES: list[Callable[[int], VersionRegistry]] = [
    grown,
    rolled_back_and_forth,
    seen_in_turn,
    deployed_in_turn,
    judged_in_turn,
    failed_for_ever,
    redeployed,
    told_the_time,
    asked_in_between,
    gone_another_way,
    stepped_back,
]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_a_history_of_twice_the_length_costs_twice_as_much(
    history: Callable[[int], VersionRegistry],
) -> None:
    """Telling a history one command at a time stays linear, however often versions come back."""
    short, long = (calls(partial(history, number)) for number in (100, 400))
    assert long < 4.6 * short


def test_a_large_history_takes_a_few_hundred_bytes_a_version() -> None:
    """A version with its events takes memory that does not depend on how many there are."""
    few, many = (memory(partial(grown, number)) / number for number in (200, 800))
    assert many < 1.5 * few


def parts() -> Iterator[tuple[int, int]]:
    """Yield how many events are read from the end, and how many calls reading them takes."""
    registry = grown(MANY)
    for number in (1, 10, 100):
        start = registry.revision - number
        yield number, calls(partial(registry.events.__getitem__, slice(start, None)))


def test_the_news_cost_what_they_are() -> None:
    """`events[n:]` costs what it returns, not what lies before it."""
    for number, found in parts():
        assert found <= 5 * number + 20


def test_a_fork_copies_once() -> None:
    """Going another way from an old registry may copy; going on from there does not again."""
    old = grown(MANY)
    new = old.register("new")
    fork = old.register("fork")
    assert cost(fork, THINGS["register"], memory) < MANY * 5
    assert cost(new, THINGS["register"], memory) < MANY * 5
