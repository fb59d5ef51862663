"""Section 8: what a command, a question or a decision costs, in calls and bytes, never in seconds.

A registry of many versions must not make more calls, nor take more memory, for the same thing than
a registry of few. What is counted is the same on every machine, however busy.
"""

import statistics
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from types import FrameType

import pytest

from lastgood import (
    AsOf,
    Event,
    LastgoodError,
    LastStable,
    MetadataValue,
    NoRollbackTarget,
    Pinned,
    Previous,
    RollbackStrategy,
    Rule,
    UnknownVersion,
    VersionRegistry,
    prunable,
)
from lastgood.rules import Budget, NotAcross, ServedAtLeast, ServedWithin
from tests import catalogue
from tests.registry.making import hour
from tests.rows import each_row

FEW = 100
#: Enough to see whether something is copied, or grows with the square.
SOME = 1_600
#: How many versions a large registry has. A short run counts with fewer than the long searches do.
MORE, MANY = 2_500, 10_000
#: How often a thing is done, in a short run and in a long search; the median is what it costs.
TIMES, OFTEN = 5, 9

each_size = pytest.mark.parametrize("large", [MORE, pytest.param(MANY, marks=pytest.mark.deep)])
each_length = pytest.mark.parametrize("large", [SOME, pytest.param(MANY, marks=pytest.mark.deep)])
each_effort = pytest.mark.parametrize("times", [TIMES, pytest.param(OFTEN, marks=pytest.mark.deep)])
each_size_and_effort = pytest.mark.parametrize(
    ("large", "times"), [(MORE, TIMES), pytest.param(MANY, OFTEN, marks=pytest.mark.deep)]
)


# What is measured


def line(number: int) -> VersionRegistry:
    """Return a registry of versions that were deployed one after the other, hour by hour.

    All are stable but every tenth, which failed. The fourth one was left for the third, long ago,
    and the one in the middle is a barrier.
    """
    registry = VersionRegistry()
    for place in range(number):
        label, at = f"1.{place}.0", hour(place)
        metadata: dict[str, MetadataValue] = {
            "score": place,
            "migration": place == number // 2,
            "region": "eu",
        }
        registry = registry.register(label, digest=label, metadata=metadata, at=at)
        registry = registry.deploy(label, at=at)
        registry = registry.mark_failed(label) if place % 10 == 5 else registry.mark_stable(label)
        if place == 3:
            registry = registry.roll_back(Pinned("1.2.0").plan(registry, leaving=label), at=at)
    return registry


def timeless(number: int) -> VersionRegistry:
    """Return a registry of versions that were deployed one after the other; nobody knows when."""
    registry = VersionRegistry()
    for place in range(number):
        label = f"1.{place}.0"
        registry = registry.register(label).deploy(label).mark_stable(label)
    return registry


def shaken(number: int) -> VersionRegistry:
    """Return a registry in which every new version was left for the first one again."""
    registry = VersionRegistry().register("1.0.0").deploy("1.0.0").mark_stable("1.0.0")
    for place in range(1, number - 1):
        label = f"1.{place}.0"
        registry = registry.register(label).deploy(label, at=hour(place))
        registry = registry.roll_back(Pinned("1.0.0").plan(registry, leaving=label))
    label = f"1.{number - 1}.0"
    return registry.register(label).deploy(label)


def nightly(number: int) -> VersionRegistry:
    """Return a registry in which the version that serves was stopped every night."""
    registry = VersionRegistry()
    for place in range(number - 1):
        registry = registry.register(f"1.{place}.0")
    label = f"1.{number - 1}.0"
    registry = registry.deploy("1.0.0").mark_stable("1.0.0").register(label).deploy(label)
    for place in range(number):
        registry = registry.undeploy(label, at=hour(place)).deploy(label, at=hour(place + 0.5))
    return registry


def flapping(number: int) -> VersionRegistry:
    """Return a registry in which a provider went back and forth between two versions."""
    registry = VersionRegistry()
    for place in range(number):
        registry = registry.register(f"1.{place}.0")
    label = f"1.{number - 1}.0"
    registry = registry.deploy("1.0.0").mark_stable("1.0.0").deploy(label)
    for place in range(number):
        registry = registry.observe("1.0.0", at=hour(place)).observe(label, at=hour(place))
    return registry


SHAPES: dict[str, Callable[[int], VersionRegistry]] = {
    "line": line,
    "timeless": timeless,
    "shaken": shaken,
    "nightly": nightly,
    "flapping": flapping,
}


@cache
def known(shape: str, number: int) -> VersionRegistry:
    """Return a registry of this shape, in which ``1.{number - 1}.0`` serves."""
    registry = SHAPES[shape](number)
    assert registry.current == current(registry)
    return registry


def current(registry: VersionRegistry) -> str:
    """Return the label that serves in such a registry."""
    return f"1.{len(registry) - 1}.0"


# How it is measured


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
    """Return how many bytes were taken at most."""
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
    times: int,
) -> float:
    """Return the median cost of the thing, done again and again on the newest registry."""
    costs: list[int] = []
    for turn in range(times):
        answers: list[object] = []
        costs.append(measure(partial(do, thing, registry, turn, answers)))
        (answer,) = answers
        registry = answer if isinstance(answer, VersionRegistry) else registry
    return statistics.median(costs)


def asked_again(job: Callable[[], object]) -> int:
    """Return how many calls it takes to ask once more."""
    _ = job()  # What is kept for the next time exists from here on.
    return calls(job)


def is_flat(few: float, many: float, *, searches: int = 0) -> bool:
    """Whether a cost does not grow with the registry.

    A search in an order takes the logarithm of what there is, which doubles from `FEW` to `MANY`
    and grows less to `MORE`;
    a search each of whose steps is a search takes its square.
    """
    return many <= 1.3 * (1 << searches) * few + 30


def is_linear(few: float, many: float, times: float) -> bool:
    """Whether a cost grows at most as the registry does, or little more for sorting."""
    return many <= 1.5 * few * times


# Commands and questions


def refused(job: Callable[[], object]) -> None:
    """Do what is refused."""
    with suppress(LastgoodError):
        _ = job()


def step_back(registry: VersionRegistry, turn: int) -> VersionRegistry:
    """Plan to go back far, from wherever the turns before have led, and do it."""
    source = current(registry) if turn == 0 else f"1.{45 - turn}.0"
    plan = Pinned(f"1.{44 - turn}.0").plan(registry, leaving=source)
    return registry.roll_back(plan)


def stop_and_start(registry: VersionRegistry, _turn: int) -> VersionRegistry:
    """Take what serves out of service, and put it back."""
    label = current(registry)
    return registry.undeploy(label).deploy(label)


def carry_out_twice(registry: VersionRegistry, turn: int) -> VersionRegistry:
    """Carry a plan out, and then once more."""
    source = current(registry) if turn == 0 else f"1.{45 - turn}.0"
    plan = Pinned(f"1.{44 - turn}.0").plan(registry, leaving=source)
    return registry.roll_back(plan).roll_back(plan)


def take_fingerprint(registry: VersionRegistry, turn: int) -> VersionRegistry:
    """Record something, and ask for the fingerprint."""
    registry = registry.register(f"2.0.{turn}")
    assert registry.fingerprint
    return registry


#: What must cost as much in a large registry as in a small one.
THINGS: dict[str, Callable[[VersionRegistry, int], object]] = {
    "register": lambda registry, turn: registry.register(f"2.0.{turn}", digest="x", at=hour(turn)),
    "register again": lambda registry, _: registry.register(
        "1.0.0", digest="1.0.0", metadata={"score": 0, "migration": False, "region": "eu"}
    ),
    "annotate": lambda registry, turn: registry.annotate(f"1.{turn % 5}.0", {"score": -turn}),
    "deploy what served long ago": lambda registry, turn: registry.deploy(f"1.{turn % 3}.0"),
    "deploy what is current": lambda registry, _: registry.deploy(current(registry)),
    "deploy late": lambda registry, _: refused(lambda: registry.deploy("1.1.0", replacing="1.2.0")),
    "stop and start": stop_and_start,
    "mark_stable": lambda registry, turn: registry.mark_stable(f"1.{turn % 3}.0", reason="fine"),
    "mark_failed": lambda registry, turn: registry.mark_failed(f"1.{turn}.0", reason="slow"),
    "retire": lambda registry, turn: registry.retire(f"1.{turn}.0"),
    "reinstate": lambda registry, turn: registry.reinstate(f"1.{5 + 10 * turn}.0"),
    "observe what is in the lineage": lambda registry, turn: registry.observe(
        f"1.{len(registry) - 2 - turn}.0"
    ),
    "observe what is far back": lambda registry, turn: registry.observe(f"1.{20 - turn}.0"),
    "roll_back": step_back,
    "roll_back twice": carry_out_twice,
    "extend": lambda registry, turn: registry.extend([Event("registered", f"2.0.{turn}")]),
    "with_clock": lambda registry, turn: registry.with_clock(hour(turn)),
    "at_revision": lambda registry, turn: registry.at_revision(registry.revision // 2 + turn).clock,
    "current_at": lambda registry, turn: registry.current_at(hour(20 + turn)),
    "fingerprint": take_fingerprint,
    "look up": lambda registry, turn: registry[f"1.{turn}.0"],
    "in": lambda registry, _: "1.1.0" in registry and "1.1.1" not in registry,
    "current": lambda registry, _: (registry.current, registry.needs_rollback, len(registry)),
    "the latest events": lambda registry, _: registry.events[registry.revision - 2 :],
    "the latest deployment": lambda registry, _: registry.deployments[-1],
    "the first deployment of a version": lambda registry, turn: registry.deployments_of(
        f"1.{turn}.0"
    )[0],
    "served_for": lambda registry, turn: registry.served_for(f"1.{turn}.0"),
    "the first of the lineage": lambda registry, _: next(registry.lineage()),
    "the first below in SemVer": lambda registry, turn: next(
        registry.below_in_semver(f"1.{50 - turn}.0")
    ),
    "the last registered": lambda registry, _: next(reversed(registry.values())),
    "hash": lambda registry, _: hash(registry),
    "repr": lambda registry, _: repr(registry),
    "compare with a later one": lambda registry, _: registry == registry.at_revision(7),
    "compare with an equal one": lambda registry, turn: (
        registry.with_clock(hour(turn)) == registry.with_clock(hour(turn))
    ),
    "plan what is not needed": lambda registry, _: refused(lambda: LastStable().plan(registry)),
    "recover what is healthy": lambda registry, _: LastStable().recover(registry),
}

#: How deep what reads times searches.
SEARCHES = {"current_at": 2, "served_for": 1, "AsOf": 2, "FirstOf": 2}

each_thing = pytest.mark.parametrize("name", THINGS)


@each_thing
@each_size_and_effort
def test_a_thing_makes_no_more_calls_in_a_large_registry(large: int, times: int, name: str) -> None:
    """The calls of a command or a question grow at most as the logarithm of the registry does."""
    few, many = (cost(known("line", number), THINGS[name], calls, times) for number in (FEW, large))
    assert is_flat(few, many, searches=SEARCHES.get(name, 0)), (few, many)


@each_thing
@each_effort
def test_a_thing_takes_no_more_memory_in_a_large_registry(times: int, name: str) -> None:
    """A command or a question copies nothing that grows with the registry."""
    registry = known("line", SOME)
    _ = list(registry.below_in_semver(current(registry)))  # The order exists from here on.
    assert cost(registry, THINGS[name], memory, times) < SOME * 5


# Decisions


def planned(strategy: RollbackStrategy, registry: VersionRegistry) -> None:
    """Plan to leave what serves."""
    _ = strategy.plan(registry, leaving=current(registry))


STRATEGIES: dict[str, RollbackStrategy] = {
    **catalogue.STRATEGIES,
    "AsOf": AsOf(hour(20)),
    "FirstOf": AsOf(hour(-1)) | Pinned("unknown") | LastStable(),
    "LastStable, three steps": LastStable(steps=3),
}
#: Those that compare all versions.
THOROUGH = ("BestBy", "PreviousBy")
#: The others look at no more than what they propose.
QUICK = [name for name in STRATEGIES if name not in THOROUGH]


@pytest.mark.parametrize("name", QUICK)
@each_size
def test_a_plan_makes_no_more_calls_in_a_large_registry(large: int, name: str) -> None:
    """A plan costs what the strategy looks at, not what there is."""
    few, many = (
        asked_again(partial(planned, STRATEGIES[name], known("line", number)))
        for number in (FEW, large)
    )
    assert is_flat(few, many, searches=SEARCHES.get(name, 0)), (few, many)


@pytest.mark.parametrize("name", THOROUGH)
@each_length
def test_a_thorough_plan_looks_at_each_version_once(large: int, name: str) -> None:
    """A strategy that compares all versions costs as much for each in a large registry."""
    few, many = (
        asked_again(partial(planned, STRATEGIES[name], known("line", number)))
        for number in (FEW, large)
    )
    assert is_linear(few, many, large / FEW), (few, many)


#: Every rule, some of them more than once.
RULES: dict[str, Rule] = {
    **catalogue.RULES,
    "Budget, large": Budget(9),
    "Budget, within a day": Budget(1, within="24h"),
    "Budget, within years": Budget(9, within="9999d"),
    "NotAcross, no barrier": NotAcross("outage"),
    "ServedAtLeast": ServedAtLeast("24h"),
    "ServedWithin": ServedWithin("24h"),
}
#: Rules that look for what was recorded before and after something.
READS_TIMES = {"Budget, within a day", "Budget, within years", "ServedAtLeast", "ServedWithin"}

each_rule = pytest.mark.parametrize("name", RULES)


def judged(rule: Rule, registry: VersionRegistry) -> None:
    """Ask the rule about a near version, a far one, and the oldest one."""
    for place in (len(registry) - 2, 20, 0):
        _ = rule(registry[f"1.{place}.0"], registry)


@each_rule
@pytest.mark.parametrize("shape", SHAPES)
@each_size
def test_a_rule_makes_no_more_calls_in_a_large_registry(large: int, shape: str, name: str) -> None:
    """The answer of a rule does not cost more in a large registry.

    Only adding up how long a version served takes as long as the version has deployments.
    """
    adds_up = name == "ServedAtLeast" and shape in {"shaken", "flapping"}
    few, many = (
        asked_again(partial(judged, RULES[name], known(shape, number))) for number in (FEW, large)
    )
    if adds_up:
        assert is_linear(few, many, 2 * large / FEW), (few, many)
    else:
        assert is_flat(few, many, searches=name in READS_TIMES), (few, many)


@each_rule
@each_size
def test_a_decision_under_a_rule_makes_no_more_calls_in_a_large_registry(
    large: int, name: str
) -> None:
    """On a strategy a rule costs as little, whether it lets the target pass or not."""
    strategy = Pinned("1.20.0").where(RULES[name]) | LastStable()
    few, many = (
        asked_again(partial(planned, strategy, known("line", number))) for number in (FEW, large)
    )
    assert is_flat(few, many, searches=name in READS_TIMES), (few, many)


@each_rule
@each_length
def test_a_review_under_a_rule_looks_at_the_registry_once(large: int, name: str) -> None:
    """What a rule saw of the registry for one candidate serves for the next."""
    review = LastStable().where(RULES[name]).review
    few, many = (calls(partial(review, known("line", number))) for number in (FEW, large))
    assert is_linear(few, many, large / FEW), (few, many)


@each_length
def test_what_may_be_deleted_is_found_in_one_look(large: int) -> None:
    """`prunable` looks at each version once, with a strategy too."""
    for strategy in (None, Previous()):
        few, many = (
            calls(partial(prunable, known("line", number), strategy=strategy))
            for number in (FEW, large)
        )
        assert is_linear(few, many, large / FEW), (few, many)


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


# Histories


def rolled_back_and_forth(turns: int) -> VersionRegistry:
    """Return a registry that went back and was put forward again and again."""
    registry = VersionRegistry().register("1").deploy("1").register("2", digest="x").deploy("2")
    for _ in range(turns):
        registry = registry.roll_back(Pinned("1").plan(registry, leaving="2"))
        registry = registry.reinstate("2").deploy("2")
    return registry


def deployed_in_turn(turns: int) -> VersionRegistry:
    """Return a registry in which two versions were deployed in turn, and all of it was left."""
    registry = VersionRegistry().register("0").deploy("0").register("1").register("2")
    for _ in range(turns):
        registry = registry.deploy("1").deploy("2")
    registry = registry.roll_back(Pinned("0").plan(registry, leaving="2"))
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
    """Return a registry in which one version stays bad while its twin comes and goes."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x").deploy("1")
    registry = registry.mark_failed("2")
    for _ in range(turns):
        registry = registry.mark_failed("1").retire("1").reinstate("1")
    return registry


def annotated_again(turns: int) -> VersionRegistry:
    """Return a registry in which one version was measured again and again."""
    registry = VersionRegistry().register("1", metadata={"auc": 0}).deploy("1")
    for turn in range(turns):
        registry = registry.annotate("1", {"auc": turn + 1, f"run-{turn % 7}": True})
    return registry


def given_the_time(turns: int) -> VersionRegistry:
    """Return a registry whose clock was set before each command."""
    registry = VersionRegistry().register("1").deploy("1")
    for turn in range(turns):
        registry = registry.with_clock(hour(turn)).mark_stable("1", reason=f"{turn}", at=hour(turn))
    return registry


def asked_in_between(turns: int) -> VersionRegistry:
    """Return a registry that was asked for its SemVer order after each registration."""
    registry = VersionRegistry().register("0.1.0").deploy("0.1.0")
    for turn in range(turns):
        registry = registry.register(f"1.0.{turn}").deploy(f"1.0.{turn}")
        _ = next(registry.below_in_semver(f"1.0.{turn}"))
        _ = registry.fingerprint
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
    registry = line(turns)
    source = current(registry)
    with suppress(NoRollbackTarget):
        while True:
            plan = LastStable().plan(registry, leaving=source)
            registry, source = registry.roll_back(plan), plan.target
    return registry


def read_again(turns: int) -> VersionRegistry:
    """Return a registry that came out of plain data."""
    return VersionRegistry.from_dict(line(turns).to_dict())


HISTORIES: list[Callable[[int], VersionRegistry]] = [
    *SHAPES.values(),
    rolled_back_and_forth,
    deployed_in_turn,
    judged_in_turn,
    failed_for_ever,
    annotated_again,
    given_the_time,
    asked_in_between,
    gone_another_way,
    stepped_back,
    read_again,
]


@each_row("history", HISTORIES)
def test_a_history_of_four_times_the_length_costs_four_times_as_much(
    history: Callable[[int], VersionRegistry],
) -> None:
    """Recording a history one command at a time stays linear, however often versions come back."""
    short, long = (calls(partial(history, number)) for number in (100, 400))
    assert long < 4.6 * short


def test_a_large_history_takes_a_few_hundred_bytes_a_version() -> None:
    """A version with its events takes memory that does not depend on how many there are."""
    few, many = (memory(partial(line, number)) / number for number in (200, 800))
    assert many < 1.5 * few


def parts(large: int) -> Iterator[tuple[int, int]]:
    """Yield how many events are read from the end, and how many calls reading them takes."""
    registry = known("line", large)
    for number in (1, 10, 100):
        start = registry.revision - number
        yield number, calls(partial(registry.events.__getitem__, slice(start, None)))


@each_size
def test_the_news_cost_what_they_are(large: int) -> None:
    """`events[n:]` costs what it returns, not what lies before it."""
    for number, found in parts(large):
        assert found <= 10 * number + 20


@each_effort
def test_a_fork_copies_once(times: int) -> None:
    """Going another way from an old registry may copy; going on from there does not again."""
    old = known("line", SOME)
    new = old.register("new")
    fork = old.register("fork")
    assert cost(fork, THINGS["register"], memory, times) < SOME * 5
    assert cost(new, THINGS["register"], memory, times) < SOME * 5
