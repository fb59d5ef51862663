"""All small registries: distinct, reachable, the smallest first, and with all that finds bugs."""

from collections import Counter
from functools import cache
from itertools import combinations, pairwise, product
from typing import Any

import attrs
import pytest

from lastgood import (
    Deployment,
    Event,
    IllegalTransition,
    SemVer,
    Status,
    Version,
    VersionRegistry,
)
from lastgood.testing import small_registries
from tests.rows import each_row

FEW = ("1.10.0", "1.9.0", "main")


@cache
def found() -> list[VersionRegistry]:
    """Return all of them, made once."""
    return [*small_registries()]


def askable(registry: VersionRegistry) -> object:
    """Return what a strategy can ask, with the recorded times, as plainly as can be."""
    held = [one.label for one in registry.values() if one.status is Status.ROLLED_BACK]
    return (
        [*registry.values()],
        [*registry.deployments],
        [*registry.lineage()],
        [event for event in registry.events if event.kind == "undeployed"],
        repeated(registry),
        [registry.reinstate(label)[label].status for label in held],
        [failed_contents(registry, version) for version in registry.values()],
        registry.clock,
    )


def lineage(registry: VersionRegistry) -> list[str]:
    """Return the labels of the lineage."""
    return [version.label for version in registry.lineage()]


def kinds(registry: VersionRegistry) -> set[str]:
    """Return the kinds of the events."""
    return {event.kind for event in registry.events}


def repeated(registry: VersionRegistry) -> list[Event]:
    """Return the events that say what the event before says, whenever they do."""
    timeless = [attrs.evolve(event, at=None) for event in registry.events]
    return [event for before, event in pairwise(timeless) if before == event]


def failed_contents(registry: VersionRegistry, version: Version) -> bool:
    """Whether the contents of a version are failed, by the one thing that they forbid."""
    if version.digest is None:
        return False
    other = registry.register("another label", digest=version.digest)
    try:
        return other.deploy("another label") == other
    except IllegalTransition:
        return True


def test_there_are_enough_and_not_too_many() -> None:
    """There are some two thousand: enough to find bugs, few enough for a run of a second."""
    assert 1_500 < len(found()) < 3_000


def test_the_smallest_come_first() -> None:
    """No registry comes after one with more events, and the first one is empty."""
    assert found()[0] == VersionRegistry()
    assert all(one.revision <= other.revision for one, other in pairwise(found()))


def test_all_are_distinct() -> None:
    """No registry comes twice."""
    assert len(set(found())) == len(found())


def test_a_strategy_can_tell_them_apart() -> None:
    """No two registries are the same in all that a strategy can ask."""
    answers = [repr(askable(registry)) for registry in found()]
    assert len(set(answers)) == len(answers)


def test_all_can_be_reached() -> None:
    """Every registry is what its events make, command by command."""
    assert all(VersionRegistry.replay(registry.events) == registry for registry in found())


def test_they_come_one_by_one() -> None:
    """The registries are an iterator, of which as much can be taken as is needed."""
    first = small_registries()
    assert next(first).revision == 0
    assert next(first).revision == 1


@each_row("length", [0, 1, 2, 3, 4])
def test_lineages_of_up_to_four(length: int) -> None:
    """There are lineages of up to four versions behind the current one."""
    assert any(len(lineage(registry)) == length for registry in found())


@each_row(
    "kind",
    [
        *("registered", "annotated", "deployed", "undeployed", "rolled_back", "observed"),
        *("marked_stable", "marked_failed", "retired", "reinstated"),
    ],
)
def test_all_events_occur(kind: str) -> None:
    """Every kind of event occurs, in many registries."""
    assert sum(kind in kinds(registry) for registry in found()) > 50


@pytest.mark.parametrize("kind", ["rolled_back", "observed", "reinstated", "undeployed"])
def test_long_histories_with_what_is_rare(kind: str) -> None:
    """What is rare happens to long lineages as well."""
    long = (registry for registry in found() if len(registry.deployments) > 4)
    assert any(kind in kinds(registry) and len(registry) > 3 for registry in long)


@each_row("status", Status)
def test_all_statuses_occur(status: Status) -> None:
    """Every status occurs, of current versions and of others; no current version is held."""
    current = {registry.current_version.status for registry in found() if registry.current}
    others = {
        version.status
        for registry in found()
        for version in registry.values()
        if version.label != registry.current
    }
    assert (status in current) == (status is not Status.ROLLED_BACK)
    assert status in others


def test_all_verdicts_on_three_versions() -> None:
    """Three versions that served one after the other have all verdicts that are possible."""
    verdicts = {
        tuple(version.status for version in registry.values())
        for registry in found()
        if [one.version for one in registry.deployments] == ["1.10.0", "1.9.0", "1.10.1-rc.1"]
    }
    possible = (Status.UNPROVEN, Status.STABLE, Status.FAILED)
    assert verdicts >= {*product(possible, repeat=3)}


def undeployed(registry: VersionRegistry) -> bool:
    """Whether nothing serves any more, and there are versions to go back to."""
    return registry.current is None and len(lineage(registry)) > 1


def deployed_again(registry: VersionRegistry) -> bool:
    """Whether what was undeployed was deployed again, which adds no step."""
    return any(one.version == two.version for one, two in pairwise(registry.deployments))


def deployed_later(registry: VersionRegistry) -> bool:
    """Whether an older version was deployed over a newer one."""
    return [one.version for one in registry.deployments][:3] == ["1.10.0", "1.9.0", "1.10.0"]


def rolled_back_twice(registry: VersionRegistry) -> bool:
    """Whether two rollbacks came in a row."""
    return [one.kind for one in registry.deployments][-2:] == ["rolled_back"] * 2


def rolled_back_elsewhere(registry: VersionRegistry) -> bool:
    """Whether a rollback went to what never was in the lineage."""
    return any(one.kind == "rolled_back" and not one.rewound for one in registry.deployments)


def observed_back(registry: VersionRegistry) -> bool:
    """Whether an observation rewound the lineage."""
    return any(one.kind == "observed" and one.rewound for one in registry.deployments)


def observed_bad(registry: VersionRegistry) -> bool:
    """Whether a version that is bad was found to serve."""
    last: Deployment | None = registry.deployments[-1] if registry.deployments else None
    return last is not None and last.kind == "observed" and registry.needs_rollback


def lifted_by_observation(registry: VersionRegistry) -> bool:
    """Whether a version that had been held serves again, as stable as it was."""
    last = registry.events[-1] if registry.events else None
    before = registry.at_revision(max(0, registry.revision - 1))
    return (
        last is not None
        and last.kind == "observed"
        and before[last.version].status is Status.ROLLED_BACK
        and registry.current_version.status is Status.STABLE
    )


def lifted_by_reinstating(registry: VersionRegistry) -> bool:
    """Whether a version that had been held is again as stable as it was."""
    last = registry.events[-1] if registry.events else None
    return (
        last is not None
        and last.kind == "reinstated"
        and registry[last.version].status is Status.STABLE
    )


def held_and_stable(registry: VersionRegistry) -> bool:
    """Whether a version is held that was stable."""
    held = [one.label for one in registry.values() if one.status is Status.ROLLED_BACK]
    return any(registry.reinstate(one)[one].status is Status.STABLE for one in held)


def annotated_after_it_served(registry: VersionRegistry) -> bool:
    """Whether something was learned about a version that had been left."""
    kinds = [(event.kind, event.version) for event in registry.events]
    return any(kind == "annotated" and label in lineage(registry) for kind, label in kinds)


def on_record_twice(registry: VersionRegistry) -> bool:
    """Whether an event is on record twice, and something serves."""
    return registry.current is not None and repeated(registry) != []


def failed_and_retired(registry: VersionRegistry) -> bool:
    """Whether the contents of a retired version are failed."""
    retired = [one for one in registry.values() if one.status is Status.RETIRED]
    return any(failed_contents(registry, version) for version in retired)


def by_somebody(registry: VersionRegistry) -> bool:
    """Whether it is on record who said something."""
    return any(event.by for event in registry.events)


def wrong_clock(registry: VersionRegistry) -> bool:
    """Whether an earlier time was recorded after a later one."""
    times = [one.at for one in registry.deployments if one.at is not None]
    return times != sorted(times)


def reinstated_and_served(registry: VersionRegistry) -> bool:
    """Whether a version was deployed after it got another chance."""
    events = [event.kind for event in registry.events]
    return "reinstated" in events and "deployed" in events[events.index("reinstated") :]


def canary(registry: VersionRegistry) -> bool:
    """Whether a version is known that never served, beside one that serves."""
    return registry.current is not None and any(
        not version.times_deployed for version in registry.values()
    )


def failed_canary(registry: VersionRegistry) -> bool:
    """Whether such a version failed."""
    bad = [version for version in registry.values() if version.status is Status.FAILED]
    return any(not version.times_deployed for version in bad)


def nothing_deployed(registry: VersionRegistry) -> bool:
    """Whether versions are known, and none of them serves."""
    return len(registry) > 1 and registry.current is None


def equal_precedence(registry: VersionRegistry) -> bool:
    """Whether two stable versions of equal precedence served before a higher one."""
    stable = [one for one in registry.lineage() if one.status is Status.STABLE and one.semver]
    return any(one.semver == two.semver for one, two in combinations(stable, 2))


def two_below(registry: VersionRegistry) -> bool:
    """Whether two stable versions are below the current one, of which the higher came first."""
    if registry.current is None:
        return False
    below = [
        one.label
        for one in registry.below_in_semver(registry.current)
        if one.status is Status.STABLE
    ]
    places = [[*registry].index(label) for label in below]
    return len(places) > 1 and places[0] < places[1]


def prerelease_below(registry: VersionRegistry) -> bool:
    """Whether a pre-release that is stable lies right below the current release."""
    current = registry.current_version if registry.current else None
    if current is None or current.semver is None or current.semver.prerelease:
        return False
    below = registry.below_in_semver(current.label)
    highest = next((one for one in below if one.status is Status.STABLE), None)
    return highest is not None and highest.semver is not None and highest.semver.prerelease != ()


def no_semver(registry: VersionRegistry) -> bool:
    """Whether the label of what serves is not SemVer."""
    return registry.current is not None and SemVer.from_label(registry.current) is None


def shared_with_the_current(registry: VersionRegistry) -> bool:
    """Whether a version that served has the contents of the current one."""
    digest = registry.current_version.digest if registry.current else None
    return digest is not None and any(one.digest == digest for one in registry.lineage())


def shared_with_a_bad_one(registry: VersionRegistry) -> bool:
    """Whether a stable version has the contents of one that failed."""
    bad = {one.digest for one in registry.values() if one.status.is_bad} - {None}
    good = {one.digest for one in registry.lineage() if one.status is Status.STABLE}
    return bool(bad & good)


def all_times(registry: VersionRegistry) -> bool:
    """Whether the times of three deployments are known."""
    return len([one for one in registry.deployments if one.at is not None]) >= 3


def some_times(registry: VersionRegistry) -> bool:
    """Whether one version of the lineage has a time, and another one does not."""
    return len({version.deployed_at is None for version in registry.lineage()}) == 2


def reasons(registry: VersionRegistry) -> bool:
    """Whether the verdicts on two versions have reasons."""
    return len([one for one in registry.values() if one.reason]) > 1


@each_row(
    "special",
    [
        *(undeployed, deployed_again, lifted_by_observation, lifted_by_reinstating),
        *(held_and_stable, annotated_after_it_served, on_record_twice, failed_and_retired),
        *(by_somebody, wrong_clock),
        *(deployed_later, rolled_back_twice, rolled_back_elsewhere, observed_back),
        *(observed_bad, reinstated_and_served, canary, failed_canary, nothing_deployed),
        *(equal_precedence, two_below, prerelease_below, no_semver, shared_with_the_current),
        *(shared_with_a_bad_one, all_times, some_times, reasons),
    ],
)
def test_special_registries_occur(special: Any) -> None:
    """What finds bugs occurs among them."""
    assert any(special(registry) for registry in found())


@pytest.mark.parametrize("labels", [["v1"], ["3", "2", "1"], [str(n) for n in range(7)]])
def test_labels_are_those_that_were_given(labels: list[str]) -> None:
    """Versions are called by the labels that were given, and are registered in their order."""
    registries = [*small_registries(labels=labels)]
    assert {label for registry in registries for label in registry} == set(labels)
    for registry in registries:
        places = [labels.index(label) for label in registry]
        assert places == sorted(places)


@each_row("label", ["1.10.0", "1.9.0", "1.10.1-rc.1", "v1.10.0", "1.10.1", "main"])
@each_row("metadata", [{"auc": 1}, {"auc": 2}])
def test_every_label_can_be_gone_back_to(label: str, metadata: dict[str, int]) -> None:
    """Every label, with all metadata that it may have, is that of a version that is not current."""
    options: Any = {"metadata": [{"auc": 1}, {"auc": 2}]}
    assert any(
        label in registry and registry[label].metadata == metadata
        for registry in small_registries(**options)
        if registry.current not in {None, label}
    )


@each_row("label", ["1.10.0", "1.9.0", "1.10.1-rc.1", "v1.10.0", "1.10.1", "main"])
def test_every_label_served_for_a_time(label: str) -> None:
    """Every label is that of a version that served, was left, is not bad, and has known times."""

    def soaked(registry: VersionRegistry) -> bool:
        version = registry.get(label)
        spans = [one for one in registry.deployments if one.version == label]
        return (
            version is not None
            and not version.status.is_bad
            and registry.current != label
            and any(one.at is not None and one.ended_at is not None for one in spans)
        )

    assert any(map(soaked, found()))


def test_metadata_is_tried() -> None:
    """All combinations of the metadata that was given are tried for two versions that served."""
    alternatives: Any = [{"auc": 1}, {"auc": 2}, {}]
    tried = {
        tuple(tuple(version.metadata.items()) for version in registry.values())
        for registry in small_registries(labels=FEW[:2], metadata=alternatives)
        if len(registry) == 2
    }
    values = [tuple(one.items()) for one in alternatives]
    assert tried == {(one, two) for one in values for two in values}


def test_digests_are_tried() -> None:
    """All combinations of the digests that were given are tried for two versions that served."""
    alternatives = ["sha256:a", "sha256:b", None]
    tried = {
        tuple(version.digest for version in registry.values())
        for registry in small_registries(labels=FEW[:2], digests=alternatives)
        if len(registry) == 2
    }
    assert tried == {(one, two) for one in alternatives for two in alternatives}


def test_without_digests_some_share_one() -> None:
    """Without digests a version has no digest, or one that it shares."""
    digests = Counter(version.digest for registry in found() for version in registry.values())
    assert len(digests) == 2
    assert None in digests


def test_digests_that_all_have() -> None:
    """Where every version has a digest there still are lineages and times with ways back."""
    for registry in small_registries(labels=FEW, digests=["sha256:a", "sha256:b"]):
        digests = [version.digest for version in registry.values()]
        if registry.clock is not None and len(set(digests)) > 1 and lineage(registry):
            return
    raise AssertionError


def test_many_alternatives_do_not_explode() -> None:
    """With many alternatives there are more registries, but not many times as many."""
    options: Any = {
        "metadata": [{"auc": number} for number in range(6)],
        "digests": [None, "a", "b"],
        "labels": FEW[:2],
    }
    few = len([*small_registries(labels=FEW[:2])])
    assert few < len([*small_registries(**options)]) < 3 * few


def test_no_labels() -> None:
    """Without labels there is one registry, the empty one."""
    assert [*small_registries(labels=[])] == [VersionRegistry()]


def test_they_are_the_same_every_time() -> None:
    """A second walk yields the same registries in the same order."""
    first = [*small_registries(labels=FEW)]
    for other in range(8):  # What was found is kept for a few arguments only.
        _ = next(small_registries(labels=[str(other)]))
    assert [*small_registries(labels=FEW)] == first
