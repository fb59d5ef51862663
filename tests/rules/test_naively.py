"""Rules that read the history agree with a plain reading of all events, whatever the clocks said.

When something happened lies between the latest time recorded up to it and the earliest one
recorded by it or after it. Where nothing was recorded, or a clock was wrong, it is not known.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from lastgood import (
    AsOf,
    Event,
    LastgoodError,
    NotCurrent,
    Pinned,
    Rule,
    VersionRegistry,
)
from lastgood.rules import Budget, NotAcross, Served, ServedAtLeast, ServedWithin
from tests.rules.asked import DAY, day

LABELS: Final[tuple[str, ...]] = ("1", "2", "3")
VERDICTS: Final = {"marked_stable", "marked_failed", "retired", "reinstated"}
ZERO: Final = timedelta()

#: A command, a label, and when; `None` is a time that nobody recorded.
Step = tuple[str, str, float | None]


def tell(registry: VersionRegistry, step: Step) -> VersionRegistry:
    """Return the registry after the step; a step that is refused changes nothing."""
    command, label, number = step
    at = None if number is None else day(number)
    if command == "annotate":
        return registry.annotate(label, {"wall": registry.revision % 3 > 0}, at=at)
    if command == "clock":
        return registry if at is None else registry.with_clock(at)
    if command == "roll_back":
        for source in LABELS:
            with suppress(NotCurrent):
                plan = Pinned(label).plan(registry, leaving=source)
                return registry.roll_back(plan, at=at)
    commands = {
        "deploy": registry.deploy,
        "undeploy": registry.undeploy,
        "observe": registry.observe,
        "mark_failed": registry.mark_failed,
        "reinstate": registry.reinstate,
    }
    return commands[command](label, at=at) if command in commands else registry


def recorded(steps: Sequence[Step]) -> VersionRegistry:
    """Return the registry after these steps."""
    registry = VersionRegistry()
    for label in LABELS:
        registry = registry.register(label)
    for step in steps:
        with suppress(LastgoodError):
            registry = tell(registry, step)
    return registry


COMMANDS: Final[tuple[str, ...]] = (
    "deploy",
    "deploy",
    "undeploy",
    "observe",
    "observe",
    "roll_back",
    "roll_back",
    "mark_failed",
    "reinstate",
    "annotate",
    "clock",
)
histories = st.lists(
    st.tuples(
        st.sampled_from(COMMANDS),
        st.sampled_from(LABELS),
        st.none() | st.integers(0, 6).map(float),
    ),
    max_size=20,
).map(recorded)


def bounds(events: list[Event], place: int) -> tuple[datetime | None, datetime | None]:
    """Return the earliest and the latest time at which the event may have happened."""
    times = [(n, each.at) for n, each in enumerate(events) if each.kind not in VERDICTS]
    before = [at for n, at in times if n <= place and at is not None]
    after = [at for n, at in times if n >= place and at is not None]
    latest = max(before, default=None)
    earliest = min(after, default=None)
    if latest is None or earliest is None:
        return latest, earliest
    return min(latest, earliest), max(latest, earliest)


def ends(registry: VersionRegistry) -> Iterator[tuple[str, int, int | None]]:
    """Yield of each deployment the version, and the places of the events that began and ended it.

    The one that is still open has no end.
    """
    serving: tuple[str, int] | None = None
    for place, event in enumerate(registry.events):
        if event.kind in {"deployed", "observed", "rolled_back", "undeployed"}:
            if serving is not None:
                yield (*serving, place)
            serving = None if event.kind == "undeployed" else (event.version, place)
    if serving is not None:
        yield (*serving, None)


def exactly(events: list[Event], place: int) -> datetime | None:
    """Return when the event happened, or None if that is not known."""
    earliest, latest = bounds(events, place)
    return earliest if earliest == latest else None


def lets_pass(rule: Rule, registry: VersionRegistry, label: str) -> bool:
    """Whether the rule lets the version pass."""
    return rule(registry[label], registry) is None


@given(registry=histories, rollbacks=st.integers(1, 3), days=st.integers(0, 6))
def test_a_budget_within_a_time_counts_what_is_not_known_to_be_older(
    registry: VersionRegistry, rollbacks: int, days: int
) -> None:
    """A rollback counts unless it is known to have happened longer ago than that."""
    within, clock, events = days * DAY, registry.clock, [*registry.events]
    rule = Budget(rollbacks, within=within)
    if clock is None:
        assert not lets_pass(rule, registry, "1")
        return
    counted = 0
    for deployment in registry.deployments:
        if deployment.kind == "rolled_back" or deployment.rewound:
            _, latest = bounds(events, deployment.revision - 1)
            counted += latest is None or latest >= clock - within
    assert lets_pass(rule, registry, "1") == (counted < rollbacks)


@given(registry=histories, rollbacks=st.integers(1, 3))
def test_a_budget_in_a_row_counts_since_the_last_new_deployment(
    registry: VersionRegistry, rollbacks: int
) -> None:
    """Another version than served last, and a version that is new in the world, begin a new row."""
    counted = 0
    served: list[str] = []
    for deployment in registry.deployments:
        is_other = not served or served[-1] != deployment.version
        if deployment.kind == "rolled_back" or deployment.rewound:
            counted += 1
        elif (deployment.kind == "deployed" and is_other) or deployment.version not in served:
            counted = 0
        served.append(deployment.version)
    assert lets_pass(Budget(rollbacks), registry, "1") == (counted < rollbacks)


@given(registry=histories, days=st.integers(0, 6))
def test_what_served_within_a_time_is_known_to_have(registry: VersionRegistry, days: int) -> None:
    """What serves passes, and what is known to have served no longer ago than that."""
    events = [*registry.events]
    last = {label: end for label, _, end in ends(registry)}
    for label in LABELS:
        end = last.get(label, 0)
        earliest = None if end is None else bounds(events, end)[0]
        is_recent = (
            label in last
            and registry.clock is not None
            and earliest is not None
            and registry.clock - earliest <= days * DAY
        )
        serves = label in last and end is None
        assert lets_pass(ServedWithin(days * DAY), registry, label) == (serves or is_recent)
        assert lets_pass(Served(), registry, label) == (label in last)


@given(registry=histories)
def test_what_served_at_least_a_time_is_known_to_have(registry: VersionRegistry) -> None:
    """The spans whose two ends are known and in order are added up."""
    events = [*registry.events]
    for label in LABELS:
        spans: list[timedelta] = []
        for version, begin, end in ends(registry):
            if version == label:
                began = exactly(events, begin)
                ended = registry.clock if end is None else exactly(events, end)
                if began is not None and ended is not None and began <= ended:
                    spans.append(ended - began)
        assert registry.served_for(label) == (sum(spans, ZERO) if spans else None)
        for duration in (ZERO, DAY, 2 * DAY, 4 * DAY):
            passes = bool(spans) and sum(spans, ZERO) >= duration
            assert lets_pass(ServedAtLeast(duration), registry, label) == passes


@given(registry=histories)
def test_not_across_looks_at_all_deployments_ever(registry: VersionRegistry) -> None:
    """What last served before the latest barrier, and what never served, is rejected."""
    served = [deployment.version for deployment in registry.deployments]
    firsts = [served.index(label) for label in {*served} if registry[label].metadata.get("wall")]
    for label in LABELS:
        last = max((place for place, each in enumerate(served) if each == label), default=-1)
        passes = last >= max(firsts, default=-1)
        assert lets_pass(NotAcross("wall"), registry, label) == passes


@given(registry=histories, number=st.integers(0, 13).map(lambda half: half / 2))
def test_as_of_names_what_is_known_to_have_served(registry: VersionRegistry, number: float) -> None:
    """A version is named only if it is known that it had come to serve and had not been left."""
    if not registry.deployments:
        return
    when, events = day(number), [*registry.events]
    known: set[str] = set()
    for label, begin, end in ends(registry):
        _, begun = bounds(events, begin)
        left = None if end is None else bounds(events, end)[0]
        has_begun = begun is not None and begun <= when
        is_left = end is not None and (left is None or left <= when)
        if has_begun and not is_left:
            known.add(label)
    assert len(known) <= 1
    [candidate] = AsOf(when).candidates(registry.observe(registry.deployments[-1].version))
    last = registry.deployments[-1].version
    if candidate.accepted:
        assert {candidate.version} == known
    else:
        assert known <= {last, candidate.version}
