"""The kit catches a strategy that raises, however special the registry is."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from lastgood import Status, VersionRegistry
from lastgood.testing import StrategyLawViolation, check_strategy
from tests.rows import each_row
from tests.testing.wrong import never_raises


def nothing_before(registry: VersionRegistry) -> bool:
    """Whether there is nothing to go back to."""
    return not [*registry.lineage()]


def no_semver(registry: VersionRegistry) -> bool:
    """Whether a label is not SemVer."""
    return any(version.semver is None for version in registry.values())


def a_prerelease(registry: VersionRegistry) -> bool:
    """Whether a pre-release serves."""
    semver = registry.current_version.semver
    return semver is not None and semver.prerelease != ()


def without_metadata(registry: VersionRegistry) -> bool:
    """Whether nothing is known about a version."""
    return any(not version.metadata for version in registry.values())


def with_metadata(registry: VersionRegistry) -> bool:
    """Whether something is known about a version."""
    return any(version.metadata for version in registry.values())


def a_reason_to_go_back(registry: VersionRegistry) -> bool:
    """Whether a reason was recorded for a rollback."""
    return any(one.kind == "rolled_back" and one.reason for one in registry.deployments)


def without_digest(registry: VersionRegistry) -> bool:
    """Whether a version has no digest, and another one has."""
    return len({version.digest for version in registry.values()}) > 1


def shared_contents(registry: VersionRegistry) -> bool:
    """Whether two versions have the same contents."""
    digests = [version.digest for version in registry.values() if version.digest]
    return len(digests) > len(set(digests))


def equal_precedence(registry: VersionRegistry) -> bool:
    """Whether two versions are equal to SemVer."""
    known = [version.semver for version in registry.values() if version.semver]
    return len(known) > len(set(known))


def no_clock(registry: VersionRegistry) -> bool:
    """Whether no time was recorded."""
    return registry.clock is None


def a_clock(registry: VersionRegistry) -> bool:
    """Whether a time was recorded."""
    return registry.clock is not None


def some_times(registry: VersionRegistry) -> bool:
    """Whether the times of some deployments are known, and of others not."""
    return len({deployment.at is None for deployment in registry.deployments}) > 1


def a_reason(registry: VersionRegistry) -> bool:
    """Whether a reason was recorded for a stable version."""
    return any(one.reason and one.status is Status.STABLE for one in registry.values())


def deployed_twice(registry: VersionRegistry) -> bool:
    """Whether a version served twice."""
    return any(version.times_deployed > 1 for version in registry.values())


def never_deployed(registry: VersionRegistry) -> bool:
    """Whether a version never served."""
    return any(not version.times_deployed for version in registry.values())


def rolled_back(registry: VersionRegistry) -> bool:
    """Whether there was a rollback."""
    return any(deployment.kind == "rolled_back" for deployment in registry.deployments)


def rolled_back_twice(registry: VersionRegistry) -> bool:
    """Whether there were two rollbacks in a row."""
    return [one.kind for one in registry.deployments][-2:] == ["rolled_back", "rolled_back"]


def observed(registry: VersionRegistry) -> bool:
    """Whether a version was observed that was never deployed."""
    first = {one.version: one.kind for one in reversed(registry.deployments)}
    return "observed" in first.values()


def undeployed(registry: VersionRegistry) -> bool:
    """Whether nothing serves any more."""
    return registry.events[-1].kind == "undeployed"


def annotated(registry: VersionRegistry) -> bool:
    """Whether something was learned later."""
    return any(event.kind == "annotated" for event in registry.events)


def on_record_twice(registry: VersionRegistry) -> bool:
    """Whether an event is on record twice."""
    return any(one == two for one, two in pairwise(registry.events))


def said_by_somebody(registry: VersionRegistry) -> bool:
    """Whether it is on record who found a version bad."""
    return any(event.kind == "marked_failed" and event.by for event in registry.events)


def wrong_clock(registry: VersionRegistry) -> bool:
    """Whether an earlier time was recorded after a later one."""
    times = [one.at for one in registry.deployments if one.at is not None]
    return times != sorted(times)


def held(registry: VersionRegistry) -> bool:
    """Whether a version is held."""
    return any(version.status is Status.ROLLED_BACK for version in registry.values())


def served_by_hand_again(registry: VersionRegistry) -> bool:
    """Whether a version that had been left was found to serve again."""
    left = {event.source for event in registry.events} - {None}
    return any(one.kind == "observed" and one.version in left for one in registry.deployments)


def reinstated(registry: VersionRegistry) -> bool:
    """Whether a version got another chance."""
    return any(event.kind == "reinstated" for event in registry.events)


def retired(registry: VersionRegistry) -> bool:
    """Whether the current version is retired."""
    return registry.current_version.status is Status.RETIRED


def healthy(registry: VersionRegistry) -> bool:
    """Whether nothing has to be done."""
    return not registry.needs_rollback


def long_lineage(registry: VersionRegistry) -> bool:
    """Whether there are four versions to go back to."""
    return len([*registry.lineage()]) == 4


def all_failed(registry: VersionRegistry) -> bool:
    """Whether all of three versions have failed."""
    statuses = [version.status for version in registry.values()]
    return statuses == [Status.FAILED] * 3


def all_stable(registry: VersionRegistry) -> bool:
    """Whether all of four versions are stable."""
    statuses = [version.status for version in registry.values()]
    return statuses == [Status.STABLE] * 4


def out_of_order(registry: VersionRegistry) -> bool:
    """Whether versions were deployed in another order than they were registered."""
    first = dict.fromkeys(one.version for one in registry.deployments)
    return [*first] != [label for label in registry if label in first]


@each_row(
    "condition",
    [
        nothing_before,
        no_semver,
        a_prerelease,
        without_metadata,
        with_metadata,
        a_reason_to_go_back,
        without_digest,
        shared_contents,
        equal_precedence,
        no_clock,
        a_clock,
        some_times,
        a_reason,
        deployed_twice,
        never_deployed,
        rolled_back,
        rolled_back_twice,
        observed,
        undeployed,
        annotated,
        on_record_twice,
        said_by_somebody,
        wrong_clock,
        held,
        served_by_hand_again,
        reinstated,
        retired,
        healthy,
        long_lineage,
        all_failed,
        all_stable,
        out_of_order,
    ],
)
def test_what_raises_somewhere(condition: Callable[[VersionRegistry], bool]) -> None:
    """Raising breaks the law, however special the registry is."""
    with pytest.raises(StrategyLawViolation, match="breaks never_raises"):
        _ = check_strategy(never_raises.RaisesWhere(condition), laws=["never_raises"])
