"""What one can still tell afterwards: who went where, when, why, and why not elsewhere."""

from lastgood import LastStable, Status
from tests.scenarios.story import back, bad, deploy, good, reasons, story


def test_nobody_can_tell_what_the_rollback_did() -> None:
    """The event of a rollback says from where, to where, by which strategy and why.

    The plan says why not the version in between, which stays failed.

    Restates helm/helm#1661.
    """
    failing = story(
        good("2"),
        deploy("3"),
        bad("3", "crash loop"),
        deploy("4"),
        bad("4", "p99 latency 900 ms"),
    )
    plan = LastStable().plan(failing)

    registry = story(back(LastStable(), "paged at three"), since=failing)

    event = registry.events[-1]
    assert (event.kind, event.source, event.version) == ("rolled_back", "4", "2")
    assert event.strategy == "LastStable()"
    assert event.reason == "paged at three"
    assert reasons(plan)["3"] == "failed: crash loop"
    assert "failed: crash loop" in plan.explain()
    assert registry["3"].status is Status.FAILED
    assert registry["4"].status is Status.FAILED
    assert registry["4"].reason == "p99 latency 900 ms"


def test_who_triggered_the_deployment() -> None:
    """Deployments and events say who or what they come from, and why; so does a rollback.

    Restates umbraco/Umbraco.Cloud.Issues#849 and generalbots/generalbots#772.
    """
    registry = story(
        good("1"),
        deploy("2", "nightly", by="pipeline 7"),
        bad("2", "p99 latency 900 ms", by="monitor/p99"),
        back(LastStable(), "paged at three", by="ana"),
    )

    assert [(each.version, each.by, each.reason) for each in registry.deployments] == [
        ("1", "", ""),
        ("2", "pipeline 7", "nightly"),
        ("1", "ana", "paged at three"),
    ]
    assert [event.by for event in registry.events[-3:]] == ["pipeline 7", "monitor/p99", "ana"]
