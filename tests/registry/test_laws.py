"""Laws that hold after every history, whatever was recorded and in whatever order."""

import json
import pickle
from datetime import timedelta
from itertools import pairwise, zip_longest

from hypothesis import example, given
from hypothesis import strategies as st

from lastgood import (
    Event,
    InvalidTime,
    LastgoodError,
    LastStable,
    NoRollbackTarget,
    Previous,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
)
from tests.commands import Command, history, tell
from tests.registry.histories import command, commands, registered
from tests.registry.making import answers, hour, lineage
from tests.registry.status_table import TABLE, WHAT_IT_WAS

#: The rows of the table for the version of an event, and for the one that served last before.
ROWS: dict[str, tuple[list[str], list[str]]] = {
    "registered": ([], []),
    "annotated": ([], []),
    "undeployed": ([], []),
    "deployed": (["deploy"], []),
    "marked_stable": (["mark_stable"], []),
    "marked_failed": (["mark_failed"], []),
    "retired": (["retire"], []),
    "reinstated": (["reinstate"], []),
    "rolled_back": (["target of roll_back"], ["left by roll_back"]),
    "observed": (["observed"], ["left by an observe that rewinds"]),
}


def explained(event: Event, before: Version, after: Version, *, served: str | None) -> bool:
    """Whether the table says that the event makes the status before the status after.

    Args:
        event: The event.
        before: A version before it.
        after: The same version after it.
        served: The label of the version that served last before the event.
    """
    own, left = ROWS[event.kind]
    rows = own if before.label == event.version else left if before.label == served else []
    allowed = {TABLE[row][before.status.value] for row in rows} or {before.status.value}
    if rows == ["left by an observe that rewinds"]:
        allowed.add(before.status.value)  # It may also not rewind.
    if WHAT_IT_WAS in allowed:
        allowed |= {"unproven", "stable"}
    return after.status.value in allowed


def served_last(registry: VersionRegistry) -> str | None:
    """Return the label of the version that serves or served last."""
    return registry.deployments[-1].version if len(registry.deployments) else None


@given(drawn=commands)
def test_statuses_change_by_the_table_only(drawn: list[Command]) -> None:
    """From one revision to the next a status changes as a cell of the table says, or not at all."""
    for before, after in pairwise(history(drawn)):
        event = after.events[-1]
        for label, version in before.items():
            assert explained(event, version, after[label], served=served_last(before))


@given(drawn=commands)
def test_a_rewinding_deployment_leaves_what_served_last(drawn: list[Command]) -> None:
    """A version that was left by a rollback or a rewinding observation is held, or still bad."""
    for before, after in pairwise(history(drawn)):
        last = after.deployments[-1] if len(after.deployments) > len(before.deployments) else None
        served = served_last(before)
        if last is None or served is None:
            continue
        left = before[served].status
        if last.kind == "rolled_back" or last.rewound:
            assert after[served].status == TABLE["left by roll_back"][left.value]
        else:
            assert after[served].status is left


@given(drawn=commands)
def test_no_current_version_is_held(drawn: list[Command]) -> None:
    """A version that serves is never rolled back, and a hold keeps what it was."""
    was: dict[str, str] = {}
    for registry in history(drawn):
        for label, version in registry.items():
            if version.status is not Status.ROLLED_BACK:
                was[label] = version.status_text
            else:
                assert registry.current != label
                assert served_last(registry) != label
                assert registry.reinstate(label)[label].status_text == was[label]
                assert registry.observe(label)[label].status_text == was[label]


@given(drawn=commands)
def test_failed_contents_are_never_put_in_service(drawn: list[Command]) -> None:
    """Only an observation may put contents in service that failed under another label."""
    for before, after in pairwise(history(drawn)):
        event = after.events[-1]
        bad = {version.digest for version in before.values() if version.status is Status.FAILED}
        if (
            event.kind in {"deployed", "rolled_back", "marked_stable"}
            and before.current != event.version
        ):
            assert before[event.version].digest not in bad - {None}
        assert after.needs_rollback is (
            after.current is not None
            and after[after.current].status in {Status.FAILED, Status.RETIRED}
        )


@given(drawn=commands, tried=command)
def test_a_refused_command_changes_nothing(drawn: list[Command], tried: Command) -> None:
    """After a refusal the registry answers as before, and goes on as before."""
    registry = history(drawn)[-1]
    before = answers(registry)
    if isinstance(tell(registry, tried), LastgoodError):
        assert answers(registry) == before
    after = registry.register("new")
    assert after == VersionRegistry.replay(after.events)
    assert answers(registry) == before


@given(drawn=commands, other=st.lists(command, max_size=5))
def test_old_registries_stay(drawn: list[Command], other: list[Command]) -> None:
    """Whatever comes from a registry, in whatever ways, it answers as it did."""
    registries = history(drawn)
    before = [answers(registry) for registry in registries]
    for registry in reversed(registries):
        for each in other:
            _ = tell(registry, each)
    assert [answers(registry) for registry in registries] == before


@given(drawn=commands, one=st.lists(command, max_size=6), other=st.lists(command, max_size=6))
def test_forks_do_not_see_each_other(
    drawn: list[Command], one: list[Command], other: list[Command]
) -> None:
    """Two ways on from one registry, taken in turns, are each as without the other."""
    left = right = history(drawn)[-1]
    for turn in zip_longest(one, other):
        left, right = (
            end if each is None or isinstance(answer := tell(end, each), LastgoodError) else answer
            for end, each in zip((left, right), turn, strict=True)
        )
    for end in (left, right):
        assert answers(end) == answers(VersionRegistry.replay(end.events))


@given(drawn=commands)
def test_a_replay_equals_the_original(drawn: list[Command]) -> None:
    """The events, the data and the pickle of a registry make an equal one with equal answers."""
    registry = history(drawn)[-1]
    twins = [
        VersionRegistry.replay(registry.events),
        VersionRegistry.from_dict(json.loads(json.dumps(registry.to_dict()))),
        pickle.loads(pickle.dumps(registry)),
    ]
    for twin in twins:
        assert twin == registry
        assert hash(twin) == hash(registry)
        assert answers(twin) == answers(registry)


@given(drawn=commands)
def test_a_revision_is_the_past(drawn: list[Command]) -> None:
    """At every revision the last registry is what it was then."""
    registries = history(drawn)
    for revision, past in enumerate(registries):
        assert registries[-1].at_revision(revision) == past
        assert answers(registries[-1].at_revision(revision)) == answers(past)


@given(drawn=commands, tried=command)
def test_the_same_command_does_the_same(drawn: list[Command], tried: Command) -> None:
    """A command on an old registry, on its replay and on a later one's past does the same."""
    registries = history(drawn)
    middle = len(registries) // 2
    old = registries[middle]
    found = [
        tell(old, tried),
        tell(VersionRegistry.replay(old.events), tried),
        tell(registries[-1].at_revision(middle), tried),
    ]
    assert len({repr(answer) for answer in found}) == 1
    known = [answers(answer) for answer in found if isinstance(answer, VersionRegistry)]
    assert all(answer == known[0] for answer in known)


@given(drawn=commands)
def test_deployments_agree_with_versions_and_revisions(drawn: list[Command]) -> None:
    """The version deployed last serves unless it was undeployed; versions count deployments."""
    for registry in history(drawn):
        deployments = registry.deployments
        assert registry.current in {None, served_last(registry)}
        for deployment in deployments:
            assert registry.at_revision(deployment.revision).current == deployment.version
        for label, version in registry.items():
            own = registry.deployments_of(label)
            assert list(own) == [each for each in deployments if each.version == label]
            assert version.times_deployed == len(own)
            assert version.deployed_at == (own[-1].at if own else None)
            served = registry.served_for(label)
            assert served is None or served >= timedelta(0)


@given(drawn=commands)
def test_the_lineage_is_of_what_was_deployed(drawn: list[Command]) -> None:
    """The lineage has each version once, never what served last, and only deployed versions."""
    for registry in history(drawn):
        labels = lineage(registry)
        assert len(set(labels)) == len(labels)
        assert served_last(registry) not in labels
        assert set(labels) <= {deployment.version for deployment in registry.deployments}


@given(drawn=commands)
def test_deploying_adds_what_served_last_to_the_lineage(drawn: list[Command]) -> None:
    """A deployment of another version adds one step; nothing else makes the lineage longer."""
    for before, after in pairwise(history(drawn)):
        event, served = after.events[-1], served_last(before)
        if event.kind == "deployed" and served not in {None, event.version}:
            path = [served, *lineage(before)]
            assert lineage(after) == [label for label in path if label != event.version]
        elif event.kind in {"rolled_back", "observed"} and served != event.version:
            assert set(lineage(after)) <= {served, *lineage(before)}
        else:
            assert lineage(after) == lineage(before)


@given(drawn=commands, strategy=st.sampled_from([Previous(), LastStable()]))
@example(
    # Version 1 has the contents of 2 and is passed over, and it served before v2.0 as well.
    drawn=[
        *registered("1", "2", "v2.0"),
        *(Command("deploy", label) for label in ("1", "v2.0", "1", "2")),
    ],
    strategy=Previous(),
)
def test_repeated_rollbacks_go_strictly_back_and_end(
    drawn: list[Command], strategy: RollbackStrategy
) -> None:
    """Rolling back again and again goes down the lineage, meets no version twice, and ends.

    The versions before the target were there before. A version nearer than the target is among
    them only by an older deployment of its own.
    """
    registry = history(drawn)[-1]
    if len(registry.deployments) == 0:
        return
    source = registry.deployments[-1].version
    left = {source}
    for _ in range(len(registry)):
        path = lineage(registry)
        try:
            plan = strategy.plan(registry, leaving=source)
        except NoRollbackTarget:
            break
        registry = registry.roll_back(plan)
        assert registry.roll_back(plan) is registry
        place = path.index(plan.target)
        assert registry.current == plan.target
        assert plan.target not in left
        nearer = {*path[:place], *left}
        again = {label for label in nearer if registry[label].times_deployed > 1}
        assert set(lineage(registry)) <= {*path[place + 1 :], *again}
        left.add(plan.target)
        source = plan.target
    else:
        raise AssertionError("it does not end")


@given(drawn=commands)
def test_observing_settles(drawn: list[Command]) -> None:
    """An observed version is current, and observing it again records nothing."""
    registry = history(drawn)[-1]
    for label in registry:
        seen = registry.observe(label)
        assert seen.current == label
        if registry[label].status is not Status.ROLLED_BACK:
            assert seen[label].status is registry[label].status
        assert seen.observe(label) is seen


@given(drawn=commands, cut=st.integers(0, 25))
def test_extending_is_replaying(drawn: list[Command], cut: int) -> None:
    """The events after any revision, taken in by an earlier registry, make the later one."""
    registry = history(drawn)[-1]
    early = registry.at_revision(min(cut, registry.revision))
    later = early.extend(registry.events[early.revision :])
    assert later == registry
    assert answers(later) == answers(registry)


@given(drawn=commands, times=st.integers(1, 3))
def test_events_twice_mean_the_same(drawn: list[Command], times: int) -> None:
    """Data that has each event several times in a row has the same versions and deployments.

    A rollback that stands there twice is refused, because its source is not current any more.
    """
    registry = history(drawn)[-1]
    events = [
        event
        for event in registry.events
        for _ in range(1 if event.kind == "rolled_back" else times)
    ]
    again = VersionRegistry.replay(events)
    assert list(again.values()) == list(registry.values())
    assert lineage(again) == lineage(registry)
    found = [(each.version, each.kind, each.rewound) for each in again.deployments]
    assert found == [(each.version, each.kind, each.rewound) for each in registry.deployments]


@given(drawn=commands, other=commands)
def test_fingerprints_tell_registries_apart(drawn: list[Command], other: list[Command]) -> None:
    """Registries have the same fingerprint if their events are equal, and only then."""
    for one, two in zip(history(drawn), history(other), strict=False):
        same = tuple(one.events) == tuple(two.events)
        assert (one.fingerprint == two.fingerprint) is same


@given(drawn=commands, when=st.integers(-1, 7))
def test_what_was_current_is_what_a_revision_says(drawn: list[Command], when: int) -> None:
    """A known answer of `current_at` is the current version of some revision."""
    registry = history(drawn)[-1]
    try:
        current = registry.current_at(hour(when))
    except InvalidTime:
        return
    assert current in {past.current for past in history(drawn)}


@given(drawn=commands)
def test_the_clock_is_the_latest_recorded_time(drawn: list[Command]) -> None:
    """The clock of every registry is the latest time of its events."""
    for registry in history(drawn):
        times = [event.at for event in registry.events if event.at is not None]
        assert registry.clock == max(times, default=None)


@given(drawn=commands, hours=st.integers(-1, 9))
def test_setting_the_clock_changes_nothing_else(drawn: list[Command], hours: int) -> None:
    """With another clock a registry gives all other answers as before."""
    registry = history(drawn)[-1]
    other = registry.with_clock(hour(hours))
    own = {key: answers(other)[key] for key in ("clock", "hash", "served_for")}
    assert own["clock"] == hour(hours)
    assert answers(other) == answers(registry) | own
    assert other.to_dict() == registry.to_dict()
