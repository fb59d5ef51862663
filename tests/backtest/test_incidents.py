"""What an incident is, and what strategies are asked about it."""

from collections.abc import Callable, Iterator
from datetime import datetime

import attrs
import pytest
from typing_extensions import override

from lastgood import (
    Candidate,
    LastStable,
    Pinned,
    Previous,
    RollbackStrategy,
    Status,
    VersionRegistry,
)
from lastgood.backtest import Incident, backtest
from lastgood.rules import ServedWithin
from tests.backtest.stories import auc, back_by_hand, month
from tests.registry.making import deployed, hour, untyped
from tests.strategies.custom import Fails


def only(registry: VersionRegistry, *strategies: RollbackStrategy) -> Incident:
    """Return the one incident of the registry."""
    (incident,) = backtest(registry, *strategies or (Previous(),))
    return incident


def versions(registry: VersionRegistry) -> list[str]:
    """Return the versions that were left in incidents."""
    return [incident.version for incident in backtest(registry, Previous())]


def test_a_rollback_ends_an_incident() -> None:
    """A version that was rolled back was an incident, without any verdict on it."""
    incident = only(back_by_hand("1", "2", to="1"))
    assert (incident.version, incident.verdict, incident.status) == ("2", None, Status.UNPROVEN)
    assert incident.action is not None
    assert (incident.action.kind, incident.action.version) == ("rolled_back", "1")


def test_a_rollback_out_of_the_lineage_is_one() -> None:
    """It is an incident wherever the rollback went."""
    registry = deployed("1", "2").register("spare")
    registry = registry.roll_back(Pinned("spare").plan(registry, leaving="2"))
    assert versions(registry) == ["2"]


def test_an_observation_that_rewinds_is_one() -> None:
    """Somebody else went back: that was an incident. One that goes on was none."""
    assert versions(deployed("1", "2").observe("1")) == ["2"]
    assert versions(deployed("1", "2").register("3").observe("3")) == []


@pytest.mark.parametrize("verdict", [VersionRegistry.mark_failed, VersionRegistry.retire])
def test_a_verdict_makes_one(verdict: Callable[..., VersionRegistry]) -> None:
    """A version that became failed or retired while it was current was one, however it was left."""
    registry = verdict(deployed("1", "2"), "2", reason="why")
    incident = only(registry)
    assert (incident.revision, incident.action) == (registry.revision, None)
    fixed = only(registry.register("3").deploy("3"))
    assert fixed.action is not None
    assert (fixed.action.kind, fixed.action.version) == ("deployed", "3")
    assert fixed.verdict == registry.events[-1]


def test_a_verdict_on_another_version_makes_none() -> None:
    """A canary that failed, or a version that was replaced before, was no incident of its own."""
    registry = deployed("1", "2").register("canary").mark_failed("canary").mark_failed("1")
    assert versions(registry) == []


def test_a_failed_version_that_was_put_back_became_nothing() -> None:
    """A version that failed before it served again did not become failed; how it ends counts."""
    registry = back_by_hand("1", "2", to="1").mark_failed("2").observe("2")
    again = registry.mark_failed("2", reason="as before")
    assert versions(again.register("3").deploy("3")) == ["2"]
    assert versions(again.observe("1")) == ["2", "2"]


def test_an_undeploy_ends_no_stay() -> None:
    """What served last is asked about in the registry in which it serves again."""
    registry = deployed("1", "2").mark_stable("1").undeploy("2").mark_failed("2")
    incident = only(registry, LastStable())
    assert incident.is_undeployed
    assert incident.choices[0].target == "1"
    registry = registry.reinstate("2").deploy("2").undeploy("2").mark_failed("2").observe("1")
    incident = only(registry, LastStable())
    assert incident.is_undeployed
    assert incident.verdict == registry.events[-2]
    assert incident.choices[0].kind == "as_recorded"


def test_a_version_can_have_many() -> None:
    """Each stay is an incident of its own."""
    registry = back_by_hand("1", "2", to="1").reinstate("2").deploy("2").mark_failed("2")
    assert versions(registry) == ["2", "2"]


def test_a_reinstated_version_had_one() -> None:
    """The verdict is on record though it was taken back; strategies see that it was."""
    registry = deployed("1", "2").mark_failed("2", reason="slow").reinstate("2")
    incident = only(registry.register("3").deploy("3"))
    assert incident.status is Status.UNPROVEN
    assert incident.verdict is not None
    assert incident.verdict.reason == "slow"


def test_nothing_deployed_is_no_incident() -> None:
    """There is nothing to ask about where nothing was ever left, failed or retired."""
    assert versions(VersionRegistry()) == []
    assert versions(VersionRegistry().register("1").mark_failed("1")) == []
    assert versions(deployed("1", "2", "3")) == []


# What strategies see


@attrs.frozen
class Sees(RollbackStrategy):
    """Proposes the version before, and says what it sees."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for version in registry.lineage():
            yield Candidate.accept(version, f"{registry.revision} {registry.clock} {[*registry]}")


def seen(registry: VersionRegistry) -> list[str]:
    """Return what strategies saw of each incident."""
    return [incident.choices[0].reason for incident in backtest(registry, Sees())]


def test_nothing_later_is_seen() -> None:
    """A strategy is asked at the last revision before the version was left, with its clock."""
    registry = deployed("1", "2").mark_failed("2", at=hour(1)).register("3", at=hour(2))
    before = registry
    registry = registry.observe("1", at=hour(3)).register("4", at=hour(4))
    assert seen(registry) == [f"6 {hour(2)} ['1', '2', '3']"]
    assert only(registry).revision == before.revision
    assert only(registry).clock == hour(2)


def test_the_clock_of_the_registry_counts_now() -> None:
    """A version that has not been left is asked about with the registry's own clock."""
    registry = deployed("1").undeploy("1", at=hour(1)).register("2").deploy("2", at=hour(1))
    registry = registry.mark_failed("2")
    recent = Previous().where(ServedWithin("1h"))
    assert only(registry, recent).choices[0].target == "1"
    assert only(registry.with_clock(hour(3)), recent).choices[0].target is None
    assert only(registry.with_clock(hour(3)), recent).at == hour(3)


def test_it_chooses_as_a_plan_would() -> None:
    """A choice is the target of the plan at that revision, with the same reason."""
    registry = month()
    for incident in backtest(registry, LastStable()):
        then = registry.at_revision(incident.revision)
        plan = LastStable().plan(then, leaving=incident.version)
        (choice,) = incident.choices
        assert (choice.target, choice.reason) == (plan.target, plan.reason)
        assert choice.looked_at == len(plan.considered)
        assert choice.rejected == plan.considered[:-1]


# What becomes of it


def test_no_target_says_why() -> None:
    """A choice of nothing says why the first candidate was rejected, and counts the others."""
    registry = deployed("1", "2", "3", "4", "5", "6").mark_failed("6")
    choice = only(registry, LastStable()).choices[0]
    assert (choice.kind, choice.reason) == ("no_target", "5: unproven; and 4 more rejected")
    assert [each.version for each in choice.rejected] == ["5", "4", "3"]
    assert choice.looked_at == 5
    choice = only(deployed("1").mark_failed("1"), LastStable()).choices[0]
    assert (choice.kind, choice.reason) == ("no_target", "it proposed no version")
    assert only(registry, Pinned("9")).choices[0].reason == "9: not registered"


def test_no_target_names_the_most_telling_rejection() -> None:
    """Everybody expects that a failed version is rejected: the first other one is named."""
    registry = deployed("1", "2", "3", "4").mark_failed("3", reason="slow").mark_failed("4")
    strategy = Pinned("9") | LastStable()
    assert only(registry, strategy).choices[0].reason == "2: unproven; and 3 more rejected"
    registry = registry.mark_failed("2").mark_failed("1")
    assert only(registry, strategy).choices[0].reason == "9: not registered; and 3 more rejected"
    assert only(registry, LastStable()).choices[0].reason == "3: failed: slow; and 2 more rejected"


def test_an_exception_is_an_answer() -> None:
    """A strategy that raises would have raised then; the others are asked all the same."""
    registry = deployed("1", "2").mark_failed("2")
    raises = Fails(ValueError("no\nway"), (Candidate.reject("1", "why"),))
    incident = only(registry, Previous().where(auc), raises, Previous())
    assert [each.kind for each in incident.choices] == ["raised", "raised", "otherwise"]
    assert [each.reason for each in incident.choices[:2]] == [
        "KeyError: 'auc'",
        "ValueError: no way",
    ]
    assert (incident.choices[1].looked_at, incident.choices[1].rejected) == (0, ())


def test_what_ends_a_program_passes() -> None:
    """An interrupt is not an answer."""
    with pytest.raises(KeyboardInterrupt):
        _ = backtest(deployed("1", "2").mark_failed("2"), Fails(untyped(KeyboardInterrupt())))


def test_what_the_record_says_later() -> None:
    """The status of the target as the whole record knows it, and whether it stands as failed."""
    registry = deployed("1", "2").mark_failed("2").register("3").deploy("3")
    assert _later(registry) == ("unproven", False)
    assert _later(registry.mark_stable("1")) == ("stable", False)
    failed = registry.mark_failed("1", reason="slow")
    assert _later(failed) == ("failed: slow", True)
    assert _later(failed.reinstate("1")) == ("unproven", False)
    assert _later(failed.retire("1", reason="old")) == ("retired: old; failed: slow", True)
    assert _later(registry.retire("1", reason="old")) == ("retired: old", False)


def test_failed_contents_count() -> None:
    """A target whose contents failed later under another label failed later."""
    registry = VersionRegistry().register("1", digest="sha256:a").deploy("1")
    registry = registry.register("2").deploy("2").mark_failed("2").register("3").deploy("3")
    later = registry.register("4", digest="sha256:a").mark_failed("4", reason="slow")
    contents = "it has the contents of '4' (failed: slow), digest sha256:a"
    assert _later(later) == (f"unproven; {contents}", True)
    assert _later(later.reinstate("4")) == ("unproven", False)


def _later(registry: VersionRegistry) -> tuple[str, bool]:
    choice = only(registry, Previous()).choices[0]
    return choice.later, choice.failed_later


def test_what_was_done_is_followed_too() -> None:
    """What took the place of the version may have failed later as well."""
    first, second, last = backtest(month(), LastStable())
    assert (first.later, first.failed_later) == ("failed: tokenizer mismatch", True)
    assert (second.later, second.failed_later) == ("stable", False)
    assert (last.later, last.failed_later) == ("", False)


def test_what_had_failed_before() -> None:
    """A version that took the place though it stood as failed did not fail later."""

    def failed(registry: VersionRegistry) -> tuple[bool, bool]:
        incident = only(registry)
        return incident.failed_before, incident.failed_later

    left = deployed("1", "2").mark_failed("2")
    bad = left.mark_failed("1").observe("1")
    assert failed(left) == (False, False)
    fixed = left.register("3").deploy("3").register("4").deploy("4")
    assert failed(fixed) == (False, False)
    assert failed(fixed.mark_failed("3")) == (False, True)
    assert failed(bad) == failed(bad.reinstate("1")) == (True, False)
    assert failed(left.mark_failed("1").reinstate("1").observe("1")) == (False, False)


def test_contents_that_had_failed_before() -> None:
    """It is the same if its contents stood as failed under another label."""
    registry = VersionRegistry().register("1", digest="sha256:a").deploy("1")
    registry = registry.register("2").deploy("2").mark_failed("2")
    registry = registry.register("0", digest="sha256:a").mark_failed("0").observe("1")
    incident = only(registry)
    assert (incident.failed_before, incident.failed_later) == (True, False)


def test_when_it_was() -> None:
    """An incident was when the version was left, or else when rules would think that it is."""

    def when(registry: VersionRegistry) -> datetime | None:
        return only(registry).at

    registry = deployed("1", "2").mark_failed("2", at=hour(1))
    assert when(registry.observe("1", at=hour(2))) == hour(2)
    assert when(registry.observe("1")) == hour(1)
    assert when(registry) == hour(1)
    assert when(deployed("1", "2").mark_failed("2")) is None


def test_wrong_arguments() -> None:
    """What cannot be asked is refused with the line to write."""
    registry = month()
    with pytest.raises(TypeError, match=r"write backtest\(registry, LastStable\(\)\)"):
        _ = backtest(registry)
    with pytest.raises(TypeError, match=r"write LastStable\(\.\.\.\)"):
        _ = backtest(registry, untyped(LastStable))
    with pytest.raises(TypeError, match="registry must be a VersionRegistry"):
        _ = backtest(untyped(LastStable()), LastStable())
