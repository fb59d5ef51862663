"""The history of an Argo CD application becomes a registry."""

import re
from datetime import timedelta
from typing import Any

import pytest

from docs.examples.histories import argo_cd
from lastgood import InvalidData, LastStable, VersionRegistry
from lastgood.backtest import backtest
from tests.histories.printed import known, printed, served
from tests.rows import each_row


def application(*entries: dict[str, Any]) -> Any:
    """Return an application with these entries in its history."""
    return {"status": {"history": [*entries]}}


def entry(number: int, revision: str, **more: Any) -> dict[str, Any]:
    """Return an entry of the history."""
    return {"id": number, "revision": revision, "deployedAt": "2026-03-02T09:12:44Z"} | more


def test_a_history() -> None:
    """A revision that comes again is observed: somebody went back."""
    registry = argo_cd.read(printed("argo_cd"))
    assert [(label[:4], kind) for label, kind in served(registry)] == [
        ("9f1c", "deployed"),
        ("1b2c", "deployed"),
        ("c0ff", "deployed"),
        ("1b2c", "observed"),
    ]
    assert [each.by for each in registry.deployments][-2:] == ["automated sync", "ana"]


def test_nothing_fails_and_nothing_is_proved() -> None:
    """The history has only syncs that succeeded, which proves nothing."""
    statuses = {each.status.value for each in argo_cd.read(printed("argo_cd")).values()}
    assert statuses == {"unproven", "rolled_back"}


def test_serving_long_enough_may_prove_it() -> None:
    """If you say how long is enough, the version before is what to go back to."""
    registry = argo_cd.read(printed("argo_cd"), soak=timedelta(days=3))
    (incident,) = backtest(registry, LastStable())
    assert incident.choices[0].kind == "as_recorded"


def test_the_same_revision_again_is_no_news() -> None:
    """A sync of what is there already changes nothing."""
    assert served(argo_cd.read(application(entry(1, "a"), entry(2, "a")))) == [("a", "deployed")]


def test_other_parameters_are_another_version() -> None:
    """The contents are the revision with its source; the branch it came from does not count."""
    plain = {"path": "deploy", "targetRevision": "main"}
    tuned = plain | {"helm": {"parameters": [{"name": "replicas", "value": "3"}]}}
    tagged = plain | {"targetRevision": "v1"}
    registry = argo_cd.read(
        application(
            entry(1, "a", source=plain),
            entry(2, "a", source=tuned),
            entry(3, "a", source=tagged),
        )
    )
    assert served(registry) == [("a", "deployed"), ("a (2)", "deployed"), ("a", "observed")]


def test_several_sources() -> None:
    """Their revisions are joined."""
    registry = argo_cd.read(application(entry(1, "", revisions=["a", "b"], sources=[{}, {}])))
    assert registry.current == "a+b"


def test_entries_in_any_order_with_gaps() -> None:
    """Numbers give the order; what was pruned is missing."""
    assert argo_cd.read(application(entry(9, "b"), entry(3, "a"))).current == "b"


def test_nothing() -> None:
    """An application that was never synced is an empty registry."""
    assert argo_cd.read({"status": {}}) == VersionRegistry()
    assert known(argo_cd.read(application())) == {}


@each_row(
    ("data", "message"),
    [
        (application(entry(1, "a"), entry(1, "b")), "status.history[1].id: 1 stands in"),
        (application(entry(1, "")), "status.history[0].revision: must be a text"),
        (application(entry(1, "a" * 300)), "status.history[0]: "),
        (application(entry(1, "a", revisions=[1])), "status.history[0].revisions: "),
        ([], "data: must be an object, not list"),
        ({}, "status: is missing"),
        ({"kind": "List", "items": []}, "status: is missing"),
        ({"status": {"history": {}}}, "status.history: must be a list, not dict"),
    ],
)
def test_what_cannot_be_read(data: object, message: str) -> None:
    """It is an error that begins with the place."""
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = argo_cd.read(data)
