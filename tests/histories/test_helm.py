"""A Helm release becomes a registry."""

import re
from datetime import timedelta
from typing import Any

import pytest

from docs.examples.histories import helm
from docs.examples.histories.one_back import OneBack
from lastgood import InvalidData, LastStable, Previous, VersionRegistry
from lastgood.backtest import backtest
from tests.histories.printed import known, printed, served
from tests.rows import each_row

SOAK = timedelta(days=3)


def row(revision: int, status: str = "superseded", **more: Any) -> dict[str, Any]:
    """Return one row as Helm prints it."""
    return {
        "revision": revision,
        "updated": f"2026-03-{revision:02}T09:00:00Z",
        "status": status,
        "chart": f"churn-1.{revision}.0",
        "app_version": "1.0",
        "description": "Upgrade complete",
    } | more


def back(revision: int, to: int, **more: Any) -> dict[str, Any]:
    """Return the row of a rollback, as Helm 3 prints it."""
    return row(revision, description=f"Rollback to {to}", **more)


def test_a_history() -> None:
    """Revisions that went back are no versions: they copied one, and the label is that one's."""
    assert served(helm.read(printed("helm"))) == [
        ("4", "deployed"),
        ("5", "deployed"),
        ("6", "deployed"),
        ("7", "deployed"),
        ("6", "observed"),
        ("5", "rolled_back"),
        ("10", "deployed"),
    ]


def test_a_copy_of_a_copy() -> None:
    """A rollback to a revision that went back itself goes to the version that one copied."""
    registry = helm.read([row(1), row(2), back(3, 1), row(4), back(5, 3)])
    assert served(registry)[-1] == ("1", "rolled_back")


def test_a_second_rollback() -> None:
    """Rolling back twice by mistake goes forward again: that is observed, and lifts the hold."""
    registry = helm.read([row(1), row(2), back(3, 1), back(4, 2)])
    assert served(registry)[-1] == ("2", "observed")
    assert known(registry) == {"1": "unproven", "2": "unproven"}


def test_helm_3_says_it_in_words() -> None:
    """Without `rollback_revision` the description says where a rollback went."""
    rows = printed("helm")
    with_number = helm.read(rows)
    for each in rows:
        _ = each.pop("rollback_revision", None)
    assert helm.read(rows) == with_number


def test_nothing_is_proved() -> None:
    """`deployed` and `superseded` prove nothing, and a failure is what Helm calls one."""
    failed = 'failed: Upgrade "churn" failed: context deadline exceeded'
    assert known(helm.read(printed("helm"))) == {
        "4": "unproven",
        "5": "unproven",
        "6": failed,
        "7": failed,
        "10": "unproven",
    }


def test_serving_long_enough_may_prove_it() -> None:
    """If you say how long is enough, what served that long is stable from then on."""
    registry = helm.read(printed("helm"), soak=SOAK)
    first, second = (event for event in registry.events if event.kind == "marked_stable")
    assert (first.version, second.version, first.reason) == ("4", "5", "served 3 days")
    assert first.at is not None
    assert first.at.isoformat() == "2026-03-05T09:12:44.512701+00:00"


def test_where_one_back_goes_wrong() -> None:
    """After two failures in a row, what served right before is the first of them."""
    result = backtest(helm.read(printed("helm"), soak=SOAK), LastStable(), OneBack())
    assert [incident.version for incident in result] == ["6", "7", "6"]
    assert [[choice.target for choice in each.choices] for each in result] == [
        ["5", "5"],
        ["5", None],
        ["5", None],
    ]


def test_one_back_without_anything_before() -> None:
    """It proposes nothing where nothing else ever served."""
    registry = helm.read([row(1, "failed")])
    assert [*OneBack().candidates(registry)] == []


def test_metadata() -> None:
    """Chart and version of the application are metadata."""
    registry = helm.read([row(1)])
    assert dict(registry["1"].metadata) == {"chart": "churn-1.1.0", "app_version": "1.0"}


def test_rows_in_any_order_with_gaps() -> None:
    """Numbers give the order; what was pruned is missing."""
    assert served(helm.read([row(9), row(3), row(4)])) == [
        ("3", "deployed"),
        ("4", "deployed"),
        ("9", "deployed"),
    ]


def test_a_rollback_to_a_pruned_revision() -> None:
    """Its number is registered, though nothing else is known of it."""
    registry = helm.read([row(8), back(9, 2)])
    assert served(registry) == [("8", "deployed"), ("2", "rolled_back")]
    assert dict(registry["2"].metadata) == {}


def test_two_are_deployed() -> None:
    """The one with the highest number serves."""
    assert helm.read([row(1, "deployed"), row(2, "deployed")]).current == "2"


@pytest.mark.parametrize("status", sorted(helm.UNSETTLED))
def test_what_is_under_way_is_registered_only(status: str) -> None:
    """A release that never settled did not serve."""
    registry = helm.read([row(1), row(2, status)])
    assert (registry.current, "2" in registry) == ("1", True)
    assert helm.read([row(1), row(2), back(3, 1, status=status)]).current == "2"


def test_uninstalled() -> None:
    """An uninstalled release serves no more, and may serve again later."""
    registry = helm.read([row(1), row(2, "uninstalled")])
    assert (registry.current, registry.deployments[-1].version) == (None, "2")
    assert helm.read([row(1), row(2, "uninstalled"), back(3, 2)]).current == "2"


def test_a_rollback_to_a_failed_release() -> None:
    """Helm goes back to whatever it is told to; that is observed, and the release stays failed."""
    registry = helm.read([row(1), row(2, "failed"), row(3), back(4, 2)])
    assert served(registry)[-1] == ("2", "observed")
    assert registry.needs_rollback


def test_a_rollback_that_failed() -> None:
    """With Helm 4 the move is known, and the target is not judged; with Helm 3 it is not known."""
    failed = row(3, "failed", description='Rollback "churn" failed: timeout')
    registry = helm.read([row(1), row(2), failed | {"rollback_revision": 1}])
    assert served(registry)[-1] == ("1", "rolled_back")
    assert registry["1"].status_text == "unproven"
    registry = helm.read([row(1), row(2), failed])
    assert registry["3"].status_text == 'failed: Rollback "churn" failed: timeout'


def test_a_time_that_is_missing_or_goes_back() -> None:
    """The order is that of the numbers; what the times leave in doubt is not known."""
    rows = [row(5), row(6, updated=""), row(7, updated="2026-03-01T00:00:00Z")]
    registry = helm.read(rows, soak=timedelta(days=0))
    assert [label for label, _ in served(registry)] == ["5", "6", "7"]
    assert [each.at is None for each in registry.deployments] == [False, True, False]


@each_row(
    ("rows", "message"),
    [
        ([row(1), row(1)], "[1].revision: 1 stands in [0] already"),
        ([row(1, "DEPLOYED")], "[0].status: unknown status 'DEPLOYED'"),
        ([back(3, 3)], "[0].description: revision 3 cannot go back to 3"),
        ([row(1), "deployed"], "[1]: must be an object, not str"),
        ([row(1, updated="yesterday")], "[0].updated: "),
        ([row(1, updated="2026-03-01T09:00:00")], "[0].updated: must have an offset"),
        ([row(1, description="\ud800")], "[0]: "),
        ({"revision": 1}, "data: must be a list, not dict"),
        ([row(-1)], "[0].revision: must be a whole number, not -1"),
    ],
)
def test_what_cannot_be_read(rows: object, message: str) -> None:
    """It is an error that begins with the place."""
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = helm.read(rows)


def test_nothing() -> None:
    """A release without a history is an empty registry."""
    assert helm.read([]) == VersionRegistry()
    assert backtest(helm.read([]), Previous()).incidents == ()
