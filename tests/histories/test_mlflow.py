"""The versions of an MLflow model become a registry."""

import re
from typing import Any

import pytest

from docs.examples.histories import mlflow
from lastgood import InvalidData, LastStable, VersionRegistry
from lastgood.backtest import backtest
from tests.histories.printed import known, printed, served
from tests.rows import each_row


def read(webhooks: object = (), **more: Any) -> VersionRegistry:
    """Return the registry of the example, with these webhooks."""
    return mlflow.read(printed("mlflow"), printed("mlflow_model"), webhooks, **more)


def webhook(entity: str, action: str, **data: str) -> dict[str, Any]:
    """Return the payload of a webhook, after all others."""
    at = "2026-04-01T00:00:00+00:00"
    data = {"name": "churn"} | data
    return {"entity": entity, "action": action, "timestamp": at, "data": data}


def test_without_a_log_nothing_is_known_of_the_past() -> None:
    """The alias says what serves now; tags say what proved good or bad."""
    registry = read()
    assert served(registry) == [("2", "deployed")]
    assert known(registry) == {
        "1": "stable",
        "2": "unproven",
        "3": "failed: p99 latency 900 ms",
    }
    assert not backtest(registry, LastStable())


def test_with_a_log_of_webhooks() -> None:
    """The log has what the alias forgets: where it pointed, and when a verdict was written."""
    registry = read(printed("mlflow_webhooks"))
    assert served(registry) == [
        ("1", "deployed"),
        ("2", "deployed"),
        ("3", "deployed"),
        ("2", "observed"),
    ]
    (incident,) = backtest(registry, LastStable())
    assert (incident.version, incident.choices[0].target) == ("3", "1")


def test_a_verdict_in_a_tag_alone_is_not_seen_by_an_earlier_incident() -> None:
    """Nobody knows when a tag was written, so it comes at the end."""
    log = [each for each in printed("mlflow_webhooks") if each["entity"] == "model_version_alias"]
    (incident,) = backtest(read(log), LastStable())
    assert incident.choices[0].kind == "no_target"
    assert incident.verdict is None


def test_the_log_in_any_order() -> None:
    """Payloads are sorted by their time."""
    log = printed("mlflow_webhooks")
    assert read(log[::-1]) == read(log)


def test_nothing_is_known_before_it_was_there() -> None:
    """A version is registered when it was created, or first of all if that is not known."""
    log = printed("mlflow_webhooks")
    assert [event.version for event in read(log).events][:4] == ["1", "1", "1", "2"]
    untimed: Any = {"model_versions": [{"version": "1"}, {"version": "2"}]}
    registry = mlflow.read(untimed, printed("mlflow_model"), log[:1])
    assert [event.version for event in registry.events] == ["1", "2", "1", "2"]
    assert registry["1"].registered_at is None


def test_a_webhook_before_its_version_was_created() -> None:
    """It is an error: one of the two clocks is wrong."""
    early = webhook("model_version_alias", "created", alias="champion", version="3")
    early["timestamp"] = "2026-03-01T00:00:00+00:00"
    with pytest.raises(InvalidData, match=re.escape("model_versions[0]: ")):
        _ = read([early])


def test_another_alias() -> None:
    """You say which alias serves; where there is none, nothing does."""
    assert read(alias="challenger").current == "3"
    assert read(alias="shadow").current is None


def test_an_alias_that_was_deleted_or_moved_since() -> None:
    """Nothing served then; what the alias points to now is observed at the end."""
    log = [
        *printed("mlflow_webhooks"),
        webhook("model_version_alias", "deleted", alias="champion"),
    ]
    kinds = [each.kind for each in read(log).events]
    assert kinds.index("undeployed") < len(kinds) - 1
    assert read(log).current == "2"
    nothing = [webhook("model_version_alias", "deleted", alias="champion")]
    assert "undeployed" not in [each.kind for each in read(nothing).events]


def test_an_alias_that_is_not_there_any_more() -> None:
    """The last webhook set it, and MLflow does not have it: nothing serves at the end."""
    model = printed("mlflow_model")
    model["registered_model"]["aliases"] = []
    registry = mlflow.read(printed("mlflow"), model, printed("mlflow_webhooks"))
    assert registry.current is None
    undeployed = [each for each in registry.events if each.kind == "undeployed"]
    assert [(each.version, each.reason) for each in undeployed] == [("2", "no alias in MLflow")]


def test_what_is_left_out() -> None:
    """Other models, other aliases, other tags and other events say nothing."""
    others = [
        webhook("model_version_alias", "created", name="fraud", alias="champion", version="9"),
        webhook("model_version_alias", "created", alias="challenger", version="9"),
        webhook("model_version_tag", "set", version="1", key="team", value="risk"),
        webhook("model_version_tag", "set", version="9", key="status", value="failed"),
        webhook("registered_model", "created"),
        webhook("registered_model", "created", name=""),
        {"entity": "prompt", "action": "created"},
    ]
    assert read(others).events == read().events


def test_a_version_that_was_deleted() -> None:
    """The log names a version that is not there any more: it is registered without metadata."""
    log = [webhook("model_version_alias", "created", alias="champion", version="9")]
    registry = read(log)
    assert served(registry) == [("9", "deployed"), ("2", "deployed")]
    assert dict(registry["9"].metadata) == {}


def tagged(value: str | None, version: str = "2") -> dict[str, Any]:
    """Return the payload about the tag of a version, after all others; `None` if deleted."""
    data = {"version": version, "key": "status"}
    if value is None:
        return webhook("model_version_tag", "deleted", **data)
    return webhook("model_version_tag", "set", **data, value=value)


def recorded(*webhooks: object) -> list[str]:
    """Return the kinds of the events about version 2."""
    return [event.kind for event in read(webhooks).events if event.version == "2"]


def test_a_verdict_that_was_taken_back() -> None:
    """A good one, no tag any more, or an empty one gives what failed another chance."""
    assert read([tagged("failed"), tagged("stable")])["2"].status.value == "stable"
    assert recorded(tagged("failed"), tagged(None))[1:3] == ["marked_failed", "reinstated"]
    assert recorded(tagged("failed"), tagged(""))[1:3] == ["marked_failed", "reinstated"]
    assert recorded(tagged("failed"), tagged("odd"))[1:3] == ["marked_failed", "observed"]


def test_a_verdict_that_is_not_there_any_more() -> None:
    """What MLflow says now counts at the end: no tag takes back a bad verdict, and not a good one.

    Another value of the tag says nothing.
    """
    assert known(read([tagged("failed")]))["2"] == "unproven: its verdict was taken back"
    assert known(read([tagged("stable")]))["2"] == "stable"
    assert known(read([tagged("stable"), tagged(None)]))["2"] == "stable"
    versions = printed("mlflow")
    versions["model_versions"][1]["tags"] = [{"key": "status", "value": "odd"}]
    registry = mlflow.read(versions, printed("mlflow_model"), [tagged("failed")])
    assert known(registry)["2"] == "failed"


def test_a_good_verdict_about_what_was_left() -> None:
    """It does not put back what was rolled back."""
    log = [each for each in printed("mlflow_webhooks") if each["entity"] == "model_version_alias"]
    assert known(read([*log, tagged("stable", "3")]))["3"] == "failed: p99 latency 900 ms"
    kinds = [event.kind for event in read([*log, tagged("stable", "3")]).events]
    assert kinds.count("marked_stable") == 1


def test_metadata_and_times() -> None:
    """The run is metadata; a version was registered when it was created, in milliseconds."""
    version = read()["1"]
    assert dict(version.metadata) == {"run_id": "a1b2"}
    assert version.registered_at is not None
    assert version.registered_at.isoformat() == "2026-03-02T09:00:00+00:00"


def versions(*numbers: str) -> Any:
    """Return versions with these numbers."""
    return {"model_versions": [{"version": number} for number in numbers]}


MODEL: Any = {"registered_model": {"name": "churn"}}
UNTIMED: Any = {"data": {"name": "churn"}}
NAMELESS: Any = {"registered_model": {}}
EMPTY: Any = {}


@each_row(
    ("found", "model", "webhooks", "message"),
    [
        (versions("1", "01"), MODEL, (), "model_versions[1].version: 01 stands in"),
        (versions("one"), MODEL, (), "model_versions[0].version: must be a whole number in quotes"),
        (versions("9" * 5000), MODEL, (), "model_versions[0].version: must be a whole number"),
        (versions(), (), (), "data: must be an object, not tuple"),
        (MODEL, versions("1"), (), "registered_model.name: must be a text"),
        (versions(), NAMELESS, [EMPTY], "registered_model.name: must be a text"),
        (versions(), MODEL, [UNTIMED], "webhooks[0].timestamp: is missing"),
    ],
)
def test_what_cannot_be_read(found: object, model: object, webhooks: object, message: str) -> None:
    """It is an error that begins with the place."""
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = mlflow.read(found, model, webhooks)
