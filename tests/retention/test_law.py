"""The law of `prunable`: deleting what it names closes no way back.

1. `LastStable` chooses the same in a registry and in the same one in which all that is named was
   retired, now and after each of the next ``keep`` failures: of the version that serves, or of a
   new one that was deployed in between.
2. A strategy that is passed chooses the same now, unless it counts what it passes over (``steps``).
"""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lastgood import (
    BestBy,
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
    prunable,
)
from lastgood.rules import Served
from tests.retention.every import ALL_CONTENTS, Contents, every_registry
from tests.strategies.custom import AcceptsAll
from tests.strategies.histories import histories

#: What can fail next: the version that serves, or a new one that is deployed first.
FAILURES = ("current", "new")


def choices(registry: VersionRegistry, failures: tuple[str, ...]) -> Iterator[str | None]:
    """Yield what `LastStable` chooses now, and after each of the failures."""
    review = LastStable().review(registry)
    yield review.target
    for number, failure in enumerate(failures):
        label = review.source
        if failure == "new":
            label = f"new {number}"
            registry = registry.register(label).deploy(label)
        registry = registry.mark_failed(label)
        review = LastStable().review(registry)
        yield review.target
        if review.target is not None:
            registry = registry.roll_back(LastStable().plan(registry, leaving=label))
            review = LastStable().review(registry)


def retired(registry: VersionRegistry, versions: tuple[Version, ...]) -> VersionRegistry:
    """Return the registry after the artifacts of these versions were deleted."""
    for version in versions:
        registry = registry.retire(version.label, reason="artifact deleted")
    return registry


def same_ways_back(
    one: VersionRegistry, other: VersionRegistry, keep: int, kinds: tuple[str, ...] = FAILURES
) -> bool:
    """Whether `LastStable` chooses the same, now and after the next ``keep`` failures."""
    return all(
        [*choices(one, failures)] == [*choices(other, failures)]
        for failures in product(kinds, repeat=keep)
    )


def holds(registry: VersionRegistry, keep: int, kinds: tuple[str, ...] = FAILURES) -> bool:
    """Check the first law on one registry; return whether there was anything to delete."""
    named = prunable(registry, keep=keep)
    if named:  # else nothing would be retired, and the registries are the same
        pruned = retired(registry, named)
        assert same_ways_back(registry, pruned, keep, kinds), explained(registry, keep)
    return bool(named)


def explained(registry: VersionRegistry, keep: int) -> str:
    """Return what was named in which history."""
    named = [version.label for version in prunable(registry, keep=keep)]
    return f"{named} of {[event.to_dict() for event in registry.events]} with {keep=}"


@pytest.mark.parametrize(
    "contents",
    [ALL_CONTENTS[-1], *(pytest.param(one, marks=pytest.mark.deep) for one in ALL_CONTENTS[:-1])],
    ids=str,
)
def test_the_law_holds_for_every_small_registry(contents: Contents) -> None:
    """Whatever happened to four versions, and whatever contents they share."""
    checked = sum(
        holds(known.registry, keep, ("current",))
        for known in every_registry(contents, commands=1)
        for keep in (1, 2)
    )
    assert checked > 300


@given(registry=histories(serving=False), keep=st.integers(1, 4))
def test_the_law_holds_for_random_histories(registry: VersionRegistry, keep: int) -> None:
    """Whatever happened in longer histories, with contents and precedence that are shared."""
    _ = holds(registry, keep)


STRATEGIES: tuple[RollbackStrategy, ...] = (
    Previous(),
    Pinned("1.0.0"),
    PreviousBySemver(prereleases=True, unproven=True),
    BestBy("score"),
    AcceptsAll(),
    LastStable() | Previous(),
    AcceptsAll().where(Served()),
)


@given(registry=histories(serving=False), keep=st.integers(1, 4))
def test_a_strategy_that_is_passed_chooses_the_same(registry: VersionRegistry, keep: int) -> None:
    """The versions that it would accept now stay, the first ``keep`` of them."""
    for strategy in STRATEGIES:
        named = prunable(registry, keep=keep, strategy=strategy)
        accepted = [each.version for each in strategy.review(registry) if each.accepted]
        assert not {version.label for version in named} & {*accepted[:keep]}, strategy
        pruned = strategy.review(retired(registry, named))
        assert pruned.target == strategy.review(registry).target, strategy
        assert {*named} <= {*prunable(registry, keep=keep)}, strategy


@given(registry=histories(serving=False), keep=st.integers(1, 4))
@example(
    registry=VersionRegistry.from_statuses(dict.fromkeys("12345", "stable"), current="5"), keep=2
)
def test_no_stable_version_is_kept_for_nothing(registry: VersionRegistry, keep: int) -> None:
    """Every stable version that is kept as a way back is one: without it the choice is another."""
    kept = {*registry} - {version.label for version in prunable(registry, keep=keep)}
    labels = [*registry]
    newest = labels[labels.index(registry.deployments[-1].version) :]
    digests = {registry[label].digest for label in newest} - {None}
    for label in kept - {*newest}:
        version = registry[label]
        twins = [
            one for one in registry.values() if version.digest and one.digest == version.digest
        ]
        if version.status is Status.STABLE and version.digest not in digests and len(twins) < 2:
            without = retired(registry, (version,))
            assert not same_ways_back(registry, without, keep), explained(registry, keep)


@given(registry=histories(serving=False), keep=st.integers(1, 4))
def test_unproven_versions_are_kept_by_a_strategy_only(
    registry: VersionRegistry, keep: int
) -> None:
    """An unproven version that is kept is the one that serves, newer, or shares contents."""
    kept = {*registry} - {version.label for version in prunable(registry, keep=keep)}
    labels = [*registry]
    newest = {*labels[labels.index(registry.deployments[-1].version) :]}
    for label in kept - newest:
        version = registry[label]
        twins = {one.label for one in registry.values() if one.digest == version.digest} - {label}
        assert version.status is Status.STABLE or (version.digest is not None and twins & kept)


@given(registry=histories())
def test_an_undeploy_makes_no_difference(registry: VersionRegistry) -> None:
    """What served last stands for the version that serves."""
    last = registry.deployments[-1].version
    assert prunable(registry.undeploy(last), keep=2) == prunable(registry, keep=2)
