"""What holds after every history, whatever was told and in whatever order."""

import json
import pickle
from itertools import pairwise, zip_longest

from hypothesis import example, given
from hypothesis import strategies as st

from lastgood import (
    Event,
    LastgoodError,
    NoRollbackTarget,
    Previous,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
)
from lastgood.strategies import LastStable
from tests.registry.histories import Command, command, commands, history, tell
from tests.registry.making import answers, hour, lineage
from tests.registry.status_table import TABLE

#: The rows of the table that may say what an event did to a version: to its own, or to another.
ROWS: dict[str, tuple[list[str], list[str]]] = {
    "registered": ([], []),
    "deployed": (["deploy"], []),
    "marked_stable": (["mark_stable"], []),
    "marked_failed": (["mark_failed"], []),
    "retired": (["retire"], []),
    "reinstated": (["reinstate"], []),
    "rolled_back": (["target of roll_back"], ["left by roll_back"]),
    "observed": (["observed"], ["left by an observe that rewinds"]),
}


def explained(event: Event, before: Version, after: Version, *, current: str | None) -> bool:
    """Whether the table says that the event makes the status before the status after."""
    own, left = ROWS[event.event]
    rows = own if before.label == event.version else left if before.label == current else []
    allowed = {TABLE[row][before.status.value] for row in rows} or {before.status.value}
    if rows == ["left by an observe that rewinds"]:
        allowed.add(before.status.value)  # It may also not rewind.
    return after.status.value in allowed


@given(told=commands)
def test_statuses_change_by_the_table_only(told: list[Command]) -> None:
    """From one revision to the next a status changes as a cell of the table says, or not at all."""
    for before, after in pairwise(history(told)):
        event = after.events[-1]
        for label, version in before.items():
            assert explained(event, version, after[label], current=before.current)


@given(told=commands)
def test_a_rewinding_deployment_leaves_what_was_current(told: list[Command]) -> None:
    """What a rollback or a rewinding observation left is rolled back, or as bad as it was."""
    for before, after in pairwise(history(told)):
        last = after.deployments[-1] if len(after.deployments) > len(before.deployments) else None
        if last is None or before.current is None:
            continue
        left = before[before.current].status
        if last.kind == "rolled_back" or last.rewound:
            right = TABLE["left by roll_back"][left.value]
            assert after[before.current].status is Status(right)
        else:
            assert after[before.current].status is left


@given(told=commands, tried=command)
def test_a_refused_command_changes_nothing(told: list[Command], tried: Command) -> None:
    """After a refusal the registry answers as before, and goes on as before."""
    registry = history(told)[-1]
    before = answers(registry)
    if isinstance(tell(registry, tried), LastgoodError):
        assert answers(registry) == before
    after = registry.register("new")
    assert after == VersionRegistry.replay(after.events)
    assert answers(registry) == before


@given(told=commands, other=st.lists(command, max_size=5))
def test_old_registries_stay(told: list[Command], other: list[Command]) -> None:
    """Whatever comes from a registry, in whatever ways, it answers as it did."""
    registries = history(told)
    before = [answers(registry) for registry in registries]
    for registry in reversed(registries):
        for each in other:
            _ = tell(registry, each)
    assert [answers(registry) for registry in registries] == before


@given(told=commands, one=st.lists(command, max_size=6), other=st.lists(command, max_size=6))
def test_forks_do_not_see_each_other(
    told: list[Command], one: list[Command], other: list[Command]
) -> None:
    """Two ways on from one registry, taken in turns, are each what they are without the other."""
    left = right = history(told)[-1]
    for turn in zip_longest(one, other):
        left, right = (
            end if each is None or isinstance(answer := tell(end, each), LastgoodError) else answer
            for end, each in zip((left, right), turn, strict=True)
        )
    for end in (left, right):
        assert answers(end) == answers(VersionRegistry.replay(end.events))


@given(told=commands)
def test_a_replay_equals_the_original(told: list[Command]) -> None:
    """The events, the data and the pickle of a registry make an equal one with equal answers."""
    registry = history(told)[-1]
    twins = [
        VersionRegistry.replay(registry.events),
        VersionRegistry.from_dict(json.loads(json.dumps(registry.to_dict()))),
        pickle.loads(pickle.dumps(registry)),
    ]
    for twin in twins:
        assert twin == registry
        assert hash(twin) == hash(registry)
        assert answers(twin) == answers(registry)


@given(told=commands)
def test_a_revision_is_the_past(told: list[Command]) -> None:
    """At every revision the last registry is what it was then."""
    registries = history(told)
    for revision, past in enumerate(registries):
        assert registries[-1].at_revision(revision) == past
        assert answers(registries[-1].at_revision(revision)) == answers(past)


@given(told=commands, tried=command)
def test_the_same_command_does_the_same(told: list[Command], tried: Command) -> None:
    """A command on an old registry, on its replay and on a later one's past does the same."""
    registries = history(told)
    middle = len(registries) // 2
    old = registries[middle]
    found = [
        tell(old, tried),
        tell(VersionRegistry.replay(old.events), tried),
        tell(registries[-1].at_revision(middle), tried),
    ]
    assert len({repr(answer) for answer in found}) == 1
    told_of = [answers(answer) for answer in found if isinstance(answer, VersionRegistry)]
    assert all(answer == told_of[0] for answer in told_of)


@given(told=commands)
def test_the_current_version_is_the_one_deployed_last(told: list[Command]) -> None:
    """What serves is what was deployed last; a version counts its deployments."""
    for registry in history(told):
        deployments = registry.deployments
        assert registry.current == (deployments[-1].version if len(deployments) else None)
        for label, version in registry.items():
            times = [deployment.at for deployment in deployments if deployment.version == label]
            assert version.times_deployed == len(times)
            assert version.deployed_at == (times[-1] if times else None)


@given(told=commands)
def test_the_lineage_is_of_what_was_deployed(told: list[Command]) -> None:
    """The lineage has each version once, never the current one, and only what was deployed."""
    for registry in history(told):
        labels = lineage(registry)
        assert len(set(labels)) == len(labels)
        assert registry.current not in labels
        assert set(labels) <= {deployment.version for deployment in registry.deployments}


@given(told=commands)
def test_deploying_adds_the_current_version_to_the_lineage(told: list[Command]) -> None:
    """After a deployment of another version the lineage is the old one with the old current one."""
    for before, after in pairwise(history(told)):
        event = after.events[-1]
        new = event.event == "deployed" and before.current not in {None, event.version}
        if new:
            path = [before.current, *lineage(before)]
            assert lineage(after) == [label for label in path if label != event.version]
        elif event.event in {"deployed", "rolled_back", "observed"}:
            assert set(lineage(after)) <= {before.current, *lineage(before)}
        else:
            assert lineage(after) == lineage(before)


@given(told=commands, strategy=st.sampled_from([Previous(), LastStable()]))
@example(
    # Version 1 has the contents of 2 and is passed over, and it served before v2.0 as well.
    told=[
        *(Command("register", label) for label in ("1", "2", "v2.0")),
        *(Command("deploy", label) for label in ("1", "v2.0", "1", "2")),
    ],
    strategy=Previous(),
)
def test_repeated_rollbacks_go_strictly_back_and_end(
    told: list[Command], strategy: RollbackStrategy
) -> None:
    """Rolling back again and again goes down the lineage, meets nothing twice, and ends.

    What lies before the target was there before. A version nearer than the target lies there only
    by an older deployment of its own.
    """
    registry = history(told)[-1]
    if registry.current is None:
        return
    left = {registry.current}
    for _ in range(len(registry)):
        path = lineage(registry)
        try:
            plan = strategy.plan(registry)
        except NoRollbackTarget:
            break
        registry = registry.roll_back(plan)
        place = path.index(plan.target)
        assert registry.current == plan.target
        assert plan.target not in left
        nearer = {*path[:place], *left}
        again = {label for label in nearer if registry[label].times_deployed > 1}
        assert set(lineage(registry)) <= {*path[place + 1 :], *again}
        left.add(plan.target)
    else:
        raise AssertionError("it does not end")


@given(told=commands)
def test_observing_settles(told: list[Command]) -> None:
    """What was observed is current, and observing it again is no news."""
    registry = history(told)[-1]
    for label in registry:
        seen = registry.observe(label)
        assert seen.current == label
        assert seen[label].status is registry[label].status
        assert seen.observe(label) is seen


@given(told=commands)
def test_the_clock_is_the_latest_time_told(told: list[Command]) -> None:
    """The clock of every registry is the latest time that its events tell."""
    for registry in history(told):
        times = [event.at for event in registry.events if event.at is not None]
        assert registry.clock == max(times, default=None)


@given(told=commands, hours=st.integers(-1, 9))
def test_setting_the_clock_changes_nothing_else(told: list[Command], hours: int) -> None:
    """With another clock a registry gives all other answers as before."""
    registry = history(told)[-1]
    other = registry.with_clock(hour(hours))
    same = answers(registry) | {"clock": hour(hours), "hash": hash(other)}
    assert answers(other) == same
    assert other.to_dict() == registry.to_dict()
