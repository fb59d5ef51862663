"""What one can still tell afterwards: who went where, when, why, and why not elsewhere."""

from lastgood import LastStable, Previous, Status
from tests.scenarios.story import back, bad, deploy, good, hour, reasons, story


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
    assert (event.event, event.source, event.version) == ("rolled_back", "4", "2")
    assert event.strategy == "LastStable()"
    assert event.reason == "paged at three"
    assert reasons(plan)["3"] == "failed: crash loop"
    assert "failed: crash loop" in plan.explain()
    assert registry["3"].status is Status.FAILED
    assert registry["4"].status is Status.FAILED
    assert registry["4"].reason == "p99 latency 900 ms"


def test_which_version_served_at_the_time_of_the_complaint() -> None:
    """For every time one can tell what served then, through a rollback too.

    Restates mlflow/mlflow#2169.
    """
    registry = story(
        deploy("1", at=hour(1)),
        deploy("2", at=hour(2)),
        back(Previous(), at=hour(3)),
    )

    assert registry.current_at(hour(0)) is None
    assert registry.current_at(hour(1)) == "1"
    assert registry.current_at(hour(2)) == "2"
    assert registry.current_at(hour(3)) == "1"
    assert registry.current_at(hour(4)) == "1"
