"""The law of `prunable`: deleting what it names closes no way back that `LastStable` would take.

Of a registry and of the same one in which all that is named was retired, `LastStable` chooses the
same, now and after each of the next ``keep - 1`` failures: of the current version, or of a new one
that was deployed in between.
"""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lastgood import LastStable, NoRollbackTarget, Status, Version, VersionRegistry, prunable
from tests.retention.every import ALL_CONTENTS, Contents, every_registry
from tests.strategies.histories import histories

KEEPS = (1, 2, 3)

#: What can fail next: the current version, or a new one that is deployed first.
FAILURES = ("current", "new")


def choices(registry: VersionRegistry, failures: tuple[str, ...]) -> Iterator[str | None]:
    """Yield what `LastStable` chooses now, and after each of the failures."""
    yield choice(registry)
    for number, failure in enumerate(failures):
        if failure == "new":
            label = f"new {number}"
            registry = registry.register(label).deploy(label)
        registry = registry.mark_failed(str(registry.current))
        chosen = choice(registry)
        if chosen is not None:
            registry = registry.roll_back(LastStable().plan(registry))
        yield chosen
        yield choice(registry)


def choice(registry: VersionRegistry) -> str | None:
    """Return what `LastStable` chooses, or `None`."""
    try:
        return LastStable().plan(registry).target
    except NoRollbackTarget:
        return None


def retired(registry: VersionRegistry, versions: tuple[Version, ...]) -> VersionRegistry:
    """Return the registry after the artifacts of these versions were deleted."""
    for version in versions:
        registry = registry.retire(version.label, reason="artifact deleted")
    return registry


def same_ways_back(
    one: VersionRegistry, other: VersionRegistry, keep: int, kinds: tuple[str, ...] = FAILURES
) -> bool:
    """Whether `LastStable` chooses the same, now and after the next ``keep - 1`` failures."""
    return all(
        [*choices(one, failures)] == [*choices(other, failures)]
        for failures in product(kinds, repeat=keep - 1)
    )


def holds(registry: VersionRegistry, keep: int, kinds: tuple[str, ...] = FAILURES) -> bool:
    """Hold the law against one registry; return whether there was anything to hold it against."""
    named = prunable(registry, keep=keep)
    if named:  # else nothing would be retired, and the registries are the same
        pruned = retired(registry, named)
        assert same_ways_back(registry, pruned, keep, kinds), explained(registry, keep)
    return bool(named)


def explained(registry: VersionRegistry, keep: int) -> str:
    """Return what was pruned of what."""
    named = [version.label for version in prunable(registry, keep=keep)]
    return f"{named} of {[event.to_dict() for event in registry.events]} with {keep=}"


@pytest.mark.parametrize("contents", ALL_CONTENTS, ids=str)
def test_the_law_holds_for_every_small_registry(contents: Contents) -> None:
    """Whatever happened to four versions, and whatever contents they share."""
    held = sum(
        holds(registry, keep, ("current",))
        for registry in every_registry(contents, commands=1)
        for keep in KEEPS
    )
    assert held > 500


@given(registry=histories(), keep=st.integers(1, 4))
def test_the_law_holds_for_random_histories(registry: VersionRegistry, keep: int) -> None:
    """Whatever happened in longer histories, with contents and precedence that are shared."""
    _ = holds(registry, keep)


@given(registry=histories(), keep=st.integers(1, 4))
def test_late_verdicts_find_what_they_are_about(registry: VersionRegistry, keep: int) -> None:
    """The law holds too where everything unproven proves good after the deletion."""
    pruned = retired(registry, prunable(registry, keep=keep))
    for version in registry.values():
        if version.status is Status.UNPROVEN:
            registry = registry.mark_stable(version.label)
            if pruned[version.label].status is Status.UNPROVEN:
                pruned = pruned.mark_stable(version.label)
    assert same_ways_back(registry, pruned, keep), explained(registry, keep)


@given(registry=histories(), keep=st.integers(1, 4))
@example(
    registry=VersionRegistry.from_statuses(dict.fromkeys("12345", "stable"), current="5"), keep=2
)
def test_no_stable_version_is_kept_for_nothing(registry: VersionRegistry, keep: int) -> None:
    """Every stable version that is kept as a way back is one: without it the choice is another."""
    kept = {*registry} - {version.label for version in prunable(registry, keep=keep)}
    labels = [*registry]
    newest = labels[labels.index(str(registry.current)) :]
    digests = {registry[label].digest for label in newest} - {None}
    for label in kept - {*newest}:
        version = registry[label]
        twins = [
            one for one in registry.values() if version.digest and one.digest == version.digest
        ]
        if version.status is Status.STABLE and version.digest not in digests and len(twins) < 2:
            without = retired(registry, (version,))
            assert not same_ways_back(registry, without, keep), explained(registry, keep)
