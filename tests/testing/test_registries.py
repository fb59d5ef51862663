"""Larger registries at random, for Hypothesis."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import pytest
from hypothesis import Phase, find, given, settings

from lastgood import Status, VersionRegistry
from lastgood.testing import registries
from tests.rows import each_row

Condition: TypeAlias = Callable[[VersionRegistry], bool]

WITHOUT_HYPOTHESIS = """
import sys
sys.modules["hypothesis"] = None  # so that importing it fails, as if it were not installed
from lastgood import LastStable
from lastgood.testing import check_strategy, registries
print(check_strategy(LastStable(), labels=["1", "2"]).laws[0])
try:
    registries()
except ModuleNotFoundError as error:
    print(error)
    print(error.name)
"""

NOT_YET = (
    "import sys, lastgood.testing as t; t.small_registries(); print('hypothesis' in sys.modules)"
)


def run(program: str) -> list[str]:
    """Return what a program prints, line by line."""
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return ran.stdout.splitlines()


@cache
def drawn() -> list[VersionRegistry]:
    """Return two hundred registries as they are drawn, the same ones every time."""
    some: list[VersionRegistry] = []

    @settings(max_examples=200, phases=[Phase.generate], database=None, derandomize=True)
    @given(registries())
    def draw(registry: VersionRegistry) -> None:
        some.append(registry)

    draw()
    return some


def occurs(condition: Condition) -> bool:
    """Whether the condition holds for one of them, or else for one of two thousand."""
    always = settings(max_examples=2_000, phases=[Phase.generate], database=None, derandomize=True)
    return any(map(condition, drawn())) or condition(find(registries(), condition, settings=always))


def smallest(condition: Condition) -> VersionRegistry:
    """Return the registry to which Hypothesis shrinks one that the condition holds for."""
    few = registries(labels=["1", "2"], max_commands=8)
    phases = [Phase.generate, Phase.shrink]
    always = settings(max_examples=2_000, phases=phases, database=None, derandomize=True)
    return find(few, condition, settings=always)


def has(kind: str) -> Condition:
    """Return the condition that such an event was recorded."""

    def recorded(registry: VersionRegistry) -> bool:
        return any(event.kind == kind for event in registry.events)

    return recorded


@given(registries())
def test_all_can_be_reached(registry: VersionRegistry) -> None:
    """Every registry is what its events make, command by command."""
    again = VersionRegistry.replay(registry.events)
    assert again.events == registry.events
    assert registry.clock is None or again.with_clock(registry.clock) == registry


@pytest.mark.parametrize(
    ("kind", "events"),
    [
        ("registered", 1),
        pytest.param("annotated", 2, marks=pytest.mark.deep),
        ("deployed", 2),
        pytest.param("undeployed", 3, marks=pytest.mark.deep),
        ("marked_stable", 2),
        ("marked_failed", 2),
        pytest.param("retired", 2, marks=pytest.mark.deep),
        pytest.param("observed", 2, marks=pytest.mark.deep),
        pytest.param("reinstated", 3, marks=pytest.mark.deep),
        pytest.param("rolled_back", 4, marks=pytest.mark.deep),
    ],
)
def test_every_event_occurs_and_shrinks(kind: str, events: int) -> None:
    """Every kind of event occurs, and what is found shrinks to few events, or one more."""
    registry = smallest(has(kind))
    assert events <= registry.revision <= events + 1
    assert registry.clock is None
    assert all(not event.reason for event in registry.events)


@each_row("kind", ["annotated", "undeployed", "retired", "observed", "reinstated", "rolled_back"])
def test_rare_events_occur(kind: str) -> None:
    """What takes long to shrink is found as well."""
    assert occurs(has(kind))


def held(registry: VersionRegistry) -> bool:
    """Whether a version is held."""
    return any(version.status is Status.ROLLED_BACK for version in registry.values())


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.ROLLED_BACK])
def test_every_status_occurs(status: Status) -> None:
    """The current version can have every status that a current version has."""

    def serves(registry: VersionRegistry) -> bool:
        return registry.current is not None and registry.current_version.status is status

    assert occurs(serves)


def long_lineage(registry: VersionRegistry) -> bool:
    """Whether there are five versions to go back to."""
    return len([*registry.lineage()]) >= 5


def some_times(registry: VersionRegistry) -> bool:
    """Whether the times of some deployments are known, and of others not."""
    return len({one.at is None for one in registry.deployments}) == 2


def three_times(registry: VersionRegistry) -> bool:
    """Whether the times of three deployments are known."""
    return len([one for one in registry.deployments if one.at is not None]) > 2


def only_a_clock(registry: VersionRegistry) -> bool:
    """Whether there is nothing but a clock."""
    return registry.clock is not None and registry.revision == 0


def a_reason(registry: VersionRegistry) -> bool:
    """Whether a reason was recorded, and by whom."""
    return any(event.reason and event.by for event in registry.events)


def lifted(registry: VersionRegistry) -> bool:
    """Whether a version serves again that had been left, as stable as it was."""
    left = {event.source for event in registry.events} - {None}
    current = registry.current
    return current is not None and current in left and registry[current].status is Status.STABLE


def on_record_twice(registry: VersionRegistry) -> bool:
    """Whether an event is on record twice."""
    return any(one == two for one, two in pairwise(registry.events))


def wrong_clock(registry: VersionRegistry) -> bool:
    """Whether an earlier time was recorded after a later one."""
    times = [one.at for one in registry.deployments if one.at is not None]
    return times != sorted(times)


def two_digests(registry: VersionRegistry) -> bool:
    """Whether two versions have a digest."""
    return len([one for one in registry.values() if one.digest]) > 1


def seven_versions(registry: VersionRegistry) -> bool:
    """Whether there are as many versions as that."""
    return len(registry) > 6


@each_row(
    "condition",
    [
        held,
        long_lineage,
        some_times,
        three_times,
        only_a_clock,
        a_reason,
        on_record_twice,
        wrong_clock,
        two_digests,
        seven_versions,
    ],
)
def test_larger_things_occur(condition: Condition) -> None:
    """There are holds, long lineages, times, reasons, repeated events, many versions."""
    assert occurs(condition)


@pytest.mark.deep
def test_lifted_holds_occur() -> None:
    """Among two versions, one that was left serves again as stable as it was."""
    always = settings(max_examples=2_000, phases=[Phase.generate], database=None, derandomize=True)
    assert lifted(find(registries(labels=["1", "2"]), lifted, settings=always))


@given(registries(labels=["1", "2"], metadata=[{"auc": 1}], digests=["a"], max_commands=5))
def test_what_was_given_is_used(registry: VersionRegistry) -> None:
    """Labels, metadata, digests and the number of commands are those that were given."""
    assert set(registry) <= {"1", "2"}
    assert all(version.metadata == {"auc": 1} for version in registry.values())
    assert all(version.digest == "a" for version in registry.values())
    assert registry.revision - len(registry) <= 5


def test_the_kit_works_without_hypothesis() -> None:
    """Without Hypothesis all else works, and `registries` says what to install."""
    assert run(WITHOUT_HYPOTHESIS) == [
        "yields_candidates",
        "registries() needs Hypothesis: install lastgood[hypothesis]",
        "hypothesis",
    ]


def test_hypothesis_is_imported_when_it_is_needed() -> None:
    """Importing and using the rest of the kit does not import Hypothesis."""
    assert run(NOT_YET) == ["False"]
