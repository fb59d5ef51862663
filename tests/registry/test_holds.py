"""Section 2.2: a version that was left is held; a lifted hold gives back what it was."""

from collections.abc import Callable

import pytest

from lastgood import Event, IllegalTransition, LastStable, Pinned, Status, VersionRegistry
from tests.registry.making import back, deployed, idle
from tests.rows import each_row

#: How a current version can be left so that it is held, from "it" to "base".
LEAVE: dict[str, Callable[[VersionRegistry], VersionRegistry]] = {
    "roll_back": lambda registry: back(registry, "base", source="it", reason="rehearsal"),
    "observe": lambda registry: registry.observe("base", reason="rehearsal"),
    "undeploy, then roll_back": lambda registry: back(
        registry.undeploy("it"), "base", source="it", reason="rehearsal"
    ),
    "undeploy, then observe": lambda registry: registry.undeploy("it").observe(
        "base", reason="rehearsal"
    ),
}
#: How a hold on "it" is lifted.
LIFT: dict[str, Callable[[VersionRegistry], VersionRegistry]] = {
    "reinstate": lambda registry: registry.reinstate("it", reason="false alarm"),
    "observe": lambda registry: registry.observe("it", reason="put back by hand"),
}
each_way_out = each_row("leave", LEAVE)
each_way_in = each_row("lift", LIFT)


def before(status: str) -> VersionRegistry:
    """Return a registry where "it" serves, unproven or stable, with a reason."""
    registry = deployed("base").register("it").deploy("it")
    if status == "stable":
        return registry.mark_stable("it", reason="24 h")
    if status == "unproven":
        return registry
    return registry.mark_failed("it").reinstate("it", reason="second chance")


@each_row("status", ["unproven", "stable", "unproven with a reason"])
@each_way_out
@each_way_in
def test_a_hold_keeps_what_the_version_was(status: str, leave: str, lift: str) -> None:
    """The status from before the hold comes back, with its reason."""
    registry = before(status)
    held = LEAVE[leave](registry)
    assert held["it"].status is Status.ROLLED_BACK
    assert held["it"].status_text == "rolled back: rehearsal"
    lifted = LIFT[lift](held)
    assert lifted["it"].status is registry["it"].status
    assert lifted["it"].reason == registry["it"].reason
    assert lifted["it"].status_text == registry["it"].status_text


@each_way_in
def test_a_second_hold_is_like_the_first(lift: str) -> None:
    """A version may be held and put back again and again, and costs nothing."""
    registry = before("stable")
    for _ in range(3):
        registry = LIFT[lift](back(registry, "base", source="it"))
        if registry.current != "it":
            registry = registry.deploy("it")
        assert registry["it"].status_text == "stable: 24 h"


@pytest.mark.parametrize(("name", "status"), [("mark_failed", "failed"), ("retire", "retired")])
def test_a_verdict_on_a_held_version_counts(name: str, status: str) -> None:
    """Bad news takes the place of the hold; reinstated, the version is unproven."""
    registry = back(before("stable"), "base", source="it")
    judge = registry.mark_failed if name == "mark_failed" else registry.retire
    judged = judge("it", reason="N+1 queries in the cart")
    assert judged["it"].status_text == f"{status}: N+1 queries in the cart"
    assert judged.observe("it")["it"].status == status
    assert judged.reinstate("it")["it"].status_text == "unproven"


def test_a_hold_is_not_lifted_by_other_commands() -> None:
    """`deploy` and `mark_stable` are refused, an annotation changes nothing."""
    registry = back(before("stable"), "base", source="it", reason="image cannot be pulled")
    for command in (registry.deploy, registry.mark_stable):
        with pytest.raises(IllegalTransition, match="image cannot be pulled"):
            _ = command("it")
    with pytest.raises(IllegalTransition):
        _ = back(registry, "it", source="base")
    assert registry.annotate("it", {"warm": True})["it"].status is Status.ROLLED_BACK
    assert registry.register("other").deploy("other")["it"].status is Status.ROLLED_BACK


def test_facts_learned_during_a_hold_stay() -> None:
    """A lifted hold gives back the status and its reason, not old metadata or counts."""
    held = back(before("stable"), "base", source="it").annotate("it", {"warm": True})
    for lifted in (held.reinstate("it"), held.observe("it")):
        assert lifted["it"].status_text == "stable: 24 h"
        assert dict(lifted["it"].metadata) == {"warm": True}
    assert held.observe("it")["it"].times_deployed == 2


def test_a_failed_or_retired_version_is_not_held() -> None:
    """Being left adds no hold to a verdict: it stays, with its reason."""
    for status in (Status.FAILED, Status.RETIRED):
        registry = idle(status).observe("it")
        left = back(registry, "base", source="it", reason="paged at three")
        assert left["it"] == registry["it"]
        assert registry.observe("base")["it"] == registry["it"]


def test_no_current_version_is_rolled_back() -> None:
    """Whatever puts a version in service lifts its hold."""
    held = back(before("unproven"), "base", source="it")
    assert held.observe("it")["it"].status is Status.UNPROVEN
    lifted = held.reinstate("it").deploy("it")
    assert lifted["it"].status is Status.UNPROVEN
    plan = Pinned("it").plan(held.reinstate("it"), leaving="base")
    assert held.reinstate("it").roll_back(plan)["it"].status is Status.UNPROVEN


def test_a_rehearsal_costs_nothing() -> None:
    """Rolled back on purpose, reinstated and deployed again, a stable version is stable."""
    registry = deployed("1", "2").mark_stable("1").mark_stable("2", reason="48 h")
    rehearsed = registry.roll_back(LastStable().plan(registry, leaving="2"), reason="rehearsal")
    registry = rehearsed.reinstate("2").deploy("2")
    assert registry["2"].status_text == "stable: 48 h"


def test_a_hold_in_data() -> None:
    """A registry that is read from its events knows what a held version was."""
    held = back(before("stable"), "base", source="it")
    restored = VersionRegistry.from_dict(held.to_dict())
    assert restored.reinstate("it")["it"].status_text == "stable: 24 h"
    replayed = VersionRegistry.replay([*held.events, Event("observed", "it")])
    assert replayed["it"].status_text == "stable: 24 h"
    assert held.at_revision(held.revision - 1)["it"].status_text == "stable: 24 h"


def test_a_reinstatement_of_a_hold_keeps_its_reason_in_the_event() -> None:
    """The old reason comes back to the version; why the hold was lifted stays on record."""
    registry = back(before("stable"), "base", source="it").reinstate("it", reason="false alarm")
    assert registry["it"].reason == "24 h"
    assert registry.events[-1].reason == "false alarm"
