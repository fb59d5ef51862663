"""The versions of an MLflow model become a registry."""

import re
from typing import Any

import pytest

from docs.examples.histories import mlflow
from lastgood import InvalidData, LastStable, VersionRegistry
from lastgood.backtest import backtest
from tests.histories.printed import known, printed, served


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


def test_what_is_left_out() -> None:
    """Other models, other aliases, other tags and other events say nothing."""
    others = [
        webhook("model_version_alias", "created", name="fraud", alias="champion", version="9"),
        webhook("model_version_alias", "created", alias="challenger", version="9"),
        webhook("model_version_tag", "set", version="1", key="team", value="risk"),
        webhook("model_version_tag", "set", version="9", key="status", value="failed"),
        webhook("registered_model", "created"),
    ]
    assert read(others).events == read().events


def test_a_version_that_was_deleted() -> None:
    """The log names a version that is not there any more: it is registered without metadata."""
    log = [webhook("model_version_alias", "created", alias="champion", version="9")]
    registry = read(log)
    assert served(registry) == [("9", "deployed"), ("2", "deployed")]
    assert dict(registry["9"].metadata) == {}


def test_a_good_word_about_a_bad_version() -> None:
    """A tag does not clear what failed."""
    log = [
        webhook("model_version_tag", "set", version="2", key="status", value="failed"),
        webhook("model_version_tag", "set", version="2", key="status", value="stable"),
    ]
    assert read(log)["2"].status.value == "failed"


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


@pytest.mark.parametrize(
    ("found", "model", "webhooks", "message"),
    [
        (versions("1", "01"), EMPTY, (), "model_versions[1].version: 01 stands in"),
        (versions("one"), EMPTY, (), "model_versions[0].version: must be a whole number in quotes"),
        (versions(), (), (), "data: must be an object, not tuple"),
        (versions(), NAMELESS, [EMPTY], "webhooks[0].data.name: must be a text"),
        (versions(), MODEL, [UNTIMED], "webhooks[0].timestamp: is missing"),
    ],
)
def test_what_cannot_be_read(found: object, model: object, webhooks: object, message: str) -> None:
    """It is an error that begins with the place."""
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = mlflow.read(found, model, webhooks)
