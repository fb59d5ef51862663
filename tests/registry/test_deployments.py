"""Section 2.4: what served, from when to when, why and by whom, and for how long."""

from datetime import timedelta

import pytest

from lastgood import Event, UnknownVersion, VersionRegistry
from tests.registry.making import back, deployed, hour, timed, untyped
from tests.rows import each_row


def test_deployments_are_in_order() -> None:
    """There is one for each deployment, rollback and observation, the oldest first."""
    registry = back(deployed("1", "2").register("3"), "1", source="2")
    registry = registry.observe("3").undeploy("3").deploy("3")
    assert [(deployment.version, deployment.kind) for deployment in registry.deployments] == [
        ("1", "deployed"),
        ("2", "deployed"),
        ("1", "rolled_back"),
        ("3", "observed"),
        ("3", "deployed"),
    ]


def test_deployments_have_a_begin_and_an_end() -> None:
    """A deployment ends when the next one begins or at an undeploy; the last one goes on."""
    registry = VersionRegistry().register("1").register("2")
    registry = registry.deploy("1", at=hour(1)).deploy("2", at=hour(2)).deploy("1")
    registry = registry.undeploy("1", at=hour(4)).deploy("1", at=hour(5))
    assert [(deployment.at, deployment.ended_at) for deployment in registry.deployments] == [
        (hour(1), hour(2)),
        (hour(2), None),
        (None, hour(4)),
        (hour(5), None),
    ]


def test_only_deployments_and_undeploys_end_deployments() -> None:
    """A verdict or a registration ends no deployment, at whatever time."""
    registry = deployed("1").mark_failed("1", at=hour(2)).register("2", at=hour(3))
    assert [deployment.ended_at for deployment in registry.deployments] == [None]


def test_an_old_registry_does_not_see_the_end() -> None:
    """In the registry before the next deployment, the last one still goes on."""
    before = deployed("1").register("2")
    after = before.deploy("2", at=hour(2))
    assert before.deployments[0].ended_at is None
    assert after.deployments[0].ended_at == hour(2)


def test_deployments_say_whether_they_rewound() -> None:
    """A deployment that went back to one of the lineage rewound; no other did."""
    registry = back(deployed("1", "2", "3").register("other"), "2", source="3")
    registry = back(registry, "other", source="2").observe("1")
    registry = registry.reinstate("2").deploy("2").undeploy("2").deploy("2")
    registry = registry.reinstate("3").observe("3")
    assert [(each.version, each.kind, each.rewound) for each in registry.deployments[3:]] == [
        ("2", "rolled_back", True),
        ("other", "rolled_back", False),
        ("1", "observed", True),
        ("2", "deployed", False),
        ("2", "deployed", False),
        ("3", "observed", False),
    ]


def test_deployments_say_why_and_who() -> None:
    """The reason and the name are those of the event, whatever its kind."""
    registry = deployed("1").register("2").deploy("2", reason="nightly", by="pipeline 7")
    registry = registry.mark_failed("2", by="monitor")
    registry = back(registry, "1", source="2", reason="slow", by="ana").register("3")
    registry = registry.observe("3", reason="by hand", by="probe")
    assert [(each.reason, each.by) for each in registry.deployments] == [
        ("", ""),
        ("nightly", "pipeline 7"),
        ("slow", "ana"),
        ("by hand", "probe"),
    ]


def test_a_deployment_has_the_revision_that_began_it() -> None:
    """At the revision of a deployment its version is current, and one before it was not yet."""
    registry = back(deployed("1", "2", "3").mark_failed("3"), "1", source="3")
    registry = registry.undeploy("1").register("4").observe("4").mark_stable("4")
    assert [each.revision for each in registry.deployments] == [2, 4, 6, 8, 11]
    for deployment in registry.deployments:
        assert registry.at_revision(deployment.revision).current == deployment.version
        before = registry.at_revision(deployment.revision - 1)
        assert before.current != deployment.version
        assert registry.events[deployment.revision - 1].version == deployment.version


def test_events_that_changed_nothing_are_no_deployments() -> None:
    """In data a deployment of the current version adds none, and moves no revision."""
    registry = deployed("1").extend([Event("deployed", "1"), Event("observed", "1", at=hour(3))])
    (deployment,) = registry.deployments
    assert (deployment.revision, deployment.at, deployment.ended_at) == (2, None, None)
    assert registry["1"].times_deployed == 1
    assert registry["1"].deployed_at is None


def test_no_deployments() -> None:
    """If nothing was deployed the sequence is empty."""
    registry = VersionRegistry().register("1")
    assert len(registry.deployments) == 0
    assert not list(registry.deployments)
    with pytest.raises(IndexError):
        _ = registry.deployments[-1]


# deployments_of


def test_the_deployments_of_a_version() -> None:
    """They are those of the registry that are of this version, in the same order."""
    registry = back(deployed("1", "2", "1", "3").register("4"), "1", source="3")
    for label in registry:
        right = [each for each in registry.deployments if each.version == label]
        assert list(registry.deployments_of(label)) == right
        assert len(registry.deployments_of(label)) == registry[label].times_deployed
    assert [each.kind for each in registry.deployments_of("1")] == [
        "deployed",
        "deployed",
        "rolled_back",
    ]


def test_an_old_registry_does_not_see_later_deployments_of_a_version() -> None:
    """The answer is that of the revision, its end too."""
    before = deployed("1").register("2")
    after = before.deploy("2", at=hour(1)).deploy("1", at=hour(2))
    assert len(before.deployments_of("1")) == 1
    assert before.deployments_of("1")[0].ended_at is None
    assert [each.ended_at for each in after.deployments_of("1")] == [hour(1), None]
    other = before.deploy("2", at=hour(5))
    assert [each.ended_at for each in other.deployments_of("1")] == [hour(5)]


def test_many_deployments_of_a_version() -> None:
    """A version that served again and again has all its deployments, in two histories too."""
    registry = deployed("1", "2")
    early = registry
    for number in range(40):
        early = registry if number == 20 else early
        registry = registry.deploy("1", at=hour(2 * number)).deploy("2", at=hour(2 * number + 1))
    assert len(registry.deployments_of("1")) == 41
    fork = early.deploy("1", by="fork", at=hour(99))
    assert len(fork.deployments_of("1")) == 22
    assert fork.deployments_of("1")[-1].by == "fork"
    assert early.deployments_of("2")[-1].ended_at is None
    assert fork.deployments_of("2")[-1].ended_at == hour(99)


# served_for


def hours(registry: VersionRegistry, label: str) -> float | None:
    """Return for how many hours the version served, as far as that is known."""
    total = registry.served_for(label)
    return None if total is None else total / timedelta(hours=1)


def test_how_long_a_version_served() -> None:
    """The spans of a version are added up; the clock ends the one that goes on."""
    registry = timed(("a", 1), ("b", 3), ("a", 4), ("c", 9))
    assert hours(registry, "a") == 7
    assert hours(registry, "b") == 1
    assert hours(registry, "c") == 0
    assert hours(registry.with_clock(hour(15)), "c") == 6
    assert type(registry.served_for("a")) is timedelta


def test_the_clock_ends_only_what_serves() -> None:
    """A later clock does not make a version serve longer that was left or undeployed."""
    registry = timed(("a", 1), ("b", 3), ("-b", 5)).with_clock(hour(50))
    assert hours(registry, "a") == 2
    assert hours(registry, "b") == 2
    again = registry.deploy("b", at=hour(40))
    assert hours(again.with_clock(hour(41)), "b") == 3


def test_it_is_not_known_without_a_span() -> None:
    """Without a span whose two ends are known the answer is `None`."""
    for registry in (
        timed(("a", None)),
        timed(("a", None), ("b", 3)),
        timed(("a", 1), ("b", None), ("c", 5)),
        VersionRegistry().register("a"),
        timed(("b", 1)).register("a"),
        timed(("a", 1)).with_clock(hour(0)),
    ):
        assert registry.served_for("a") is None


def test_spans_that_are_not_known_count_nothing() -> None:
    """A version with one span that is known served for at least that time."""
    registry = timed(("a", None), ("b", 2), ("a", 3), ("b", 5), ("a", None), ("b", 9))
    assert hours(registry, "a") == 2
    assert hours(registry, "b") == 1


@each_row(
    ("steps", "answer"),
    [
        ((("a", 5), ("b", 3), ("c", 9)), None),
        ((("a", 1), ("b", 2036), ("c", 3)), None),
        ((("a", 1), ("b", 2), ("c", 2036), ("d", 3)), 1),
        ((("a", 1), ("b", 4), ("c", 2)), None),
        ((("a", 3), ("b", 3)), 0),
        ((("a", 3), ("b", None), ("c", 3)), 0),
    ],
)
def test_ends_that_cross_are_not_known(
    steps: tuple[tuple[str, float | None], ...], answer: float | None
) -> None:
    """A span counts if both ends are known: no event before is later, no event after earlier."""
    assert hours(timed(*steps), "a") == answer


def test_a_verdict_does_not_bound() -> None:
    """The time of an alarm, however late it is recorded, makes no end unknown."""
    registry = timed(("a", 1), ("b", 5)).mark_failed("a", at=hour(2)).retire("b", at=hour(99))
    assert hours(registry, "a") == 4
    crossed = registry.annotate("a", {"note": "late"}, at=hour(2))
    assert crossed.served_for("a") is None


def test_an_unknown_version_never_served() -> None:
    """A label that is not registered is `UnknownVersion`."""
    for label in ("7", "", "x" * 300, 7, None):
        with pytest.raises(UnknownVersion):
            _ = deployed("1").deployments_of(untyped(label))
        with pytest.raises(UnknownVersion):
            _ = deployed("1").served_for(untyped(label))
